"""What guidelines have to say to search: the blocks of published editions, which anybody may read.

A unit is one edition, ``<guideline's id>:<language>``. A place is ``<slug>#<anchor>`` of a block;
without an anchor it is the title.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages, searchable
from medixchange.core.searchable import Card, Said, Viewer
from medixchange.guidelines import queries
from medixchange.guidelines.documents.model import BlockKind
from medixchange.guidelines.models import Block, Edition, Passage
from medixchange.guidelines.queries import ReadBlock
from medixchange.translation import queries as translations
from medixchange.translation.inline import plain
from medixchange.translation.models import Translation
from medixchange.translation.queries import Shown

KIND = "guideline"


class Guidelines:
    """Published guidelines, block by block."""

    kind = KIND
    label = _("Guidelines")

    def units(self) -> Iterator[str]:
        rows = Edition.objects.filter(withdrawn_at=None).order_by("pk")
        for guideline, language in rows.values_list("guideline", "language").iterator():
            yield unit(guideline, language)

    def holding(self, segments: Collection[int], language: str) -> Collection[str]:
        # Two plain look-ups by index: joined by OR the planner would walk all editions' passages.
        now = Edition.objects.filter(withdrawn_at=None, language=language)
        found = {
            *now.filter(revision__title__in=segments).values_list("guideline", flat=True),
            *now.filter(
                revision__in=Block.objects.filter(passages__segment__in=segments).values("revision")
            ).values_list("guideline", flat=True),
        }
        return [unit(guideline, language) for guideline in sorted(found)]

    def said(self, unit: str) -> Iterable[Said]:
        guideline, language = unit.split(":")
        edition = (
            Edition.objects.filter(guideline=int(guideline), language=language, withdrawn_at=None)
            .select_related("guideline__owner", "revision__title")
            .first()
        )
        return [] if edition is None else _said(edition)

    def audiences(self, viewer: Viewer) -> Collection[str]:
        return ()

    def cards(self, places: Sequence[str], language: str, viewer: Viewer) -> Mapping[str, Card]:
        return _cards(places, language)


def unit(guideline: int, language: str) -> str:
    """The unit of an edition, by the guideline's id."""
    return f"{guideline}:{language}"


def touched(guideline: int) -> None:
    """Note that what is published of a guideline, by id, has changed. All its editions: whether
    one is that of an older source depends on the others."""
    tags = Edition.objects.filter(guideline=guideline).values_list("language", flat=True)
    searchable.touched(KIND, *(unit(guideline, tag) for tag in sorted(set(tags))))


def _said(edition: Edition) -> Iterator[Said]:
    guideline, revision = edition.guideline, edition.revision
    revision.guideline = guideline
    reading = queries.reading(revision, edition.language)
    older = _older([edition]).get(edition.pk, set())
    title = plain(reading.title.text)

    def said(place: str, text: str, state: str, **more: bool | str) -> Said:
        return Said(
            place=f"{guideline.slug}#{place}",
            language=edition.language,
            text=text,
            state=state,
            said_at=edition.published_at,
            country=guideline.owner.country,
            said_in=guideline.language,
            **more,  # type: ignore[arg-type]
        )

    if reading.title.language == reading.language:
        yield said("", title, reading.title.provenance.state)
    headings: dict[int, str] = {}
    for read in reading.blocks:
        if read.kind is BlockKind.HEADING:
            # A heading answers nothing by itself; it is found with what stands beneath it.
            headings = {at: text for at, text in headings.items() if at < read.block.level}
            headings[read.block.level] = _text(read)
            continue
        text = _text(read, reading.language.tag)
        if text:
            yield said(
                read.anchor,
                text,
                _state(read, reading.language.tag),
                heading=" · ".join([title, *headings.values()]),
                is_evidence=True,
                source_changed=read.block.identity in older,
            )


def _text(read: ReadBlock, language: str = "") -> str:
    """The words of a block, plain; with a language only those that are in it."""
    cells = []
    for number in sorted(read.cells):
        cell = "".join(
            plain(words.text) + words.joiner
            for words in read.cells[number]
            if language in ("", words.shown.language.tag)
        )
        cells.append(" ".join(cell.split()))
    return " · ".join(cell for cell in cells if cell)


def _state(read: ReadBlock, language: str) -> str:
    """The state of the least certain of the words that are in the language."""
    return ReadBlock(
        read.block,
        {0: [words for words in read.all_words if words.shown.language.tag == language]},
    ).state


def _older(editions: Collection[Edition]) -> dict[int, set[uuid.UUID]]:
    """By edition, the blocks whose words have changed since, or are gone, in the newest published
    revision of the same guideline. Two queries."""
    rows = Edition.objects.filter(
        guideline__in={edition.guideline_id for edition in editions}, withdrawn_at=None
    )
    # Of several revisions the one that comes last stays.
    newest: dict[int, int] = dict(
        rows.order_by("revision__number").values_list("guideline", "revision")
    )
    behind = [e for e in editions if e.revision_id != newest.get(e.guideline_id, e.revision_id)]
    if not behind:
        return {}
    revisions = {e.revision_id for e in behind} | {newest[e.guideline_id] for e in behind}
    words: dict[int, dict[uuid.UUID, list[int]]] = defaultdict(lambda: defaultdict(list))
    for revision, identity, segment in (
        Passage.objects.filter(block__revision__in=revisions)
        .order_by("cell", "position")
        .values_list("block__revision", "block__identity", "segment")
    ):
        words[revision][identity].append(segment)
    return {
        edition.pk: {
            identity
            for identity, segments in words[edition.revision_id].items()
            if words[newest[edition.guideline_id]].get(identity) != segments
        }
        for edition in behind
    }


@dataclass(frozen=True, slots=True)
class _Asked:
    """A place that was asked for: the edition to show it from, and the first characters of the
    block's identity, empty for the title."""

    place: str
    edition: Edition
    prefix: str


def _cards(places: Sequence[str], language: str) -> dict[str, Card]:
    asked = _asked(places, language)
    if not asked:
        return {}
    editions = {one.edition.pk: one.edition for one in asked}
    found = _blocks(asked)
    headings = _headings(editions.values(), found.values())
    pieces = list(
        Passage.objects.filter(
            block__in={block.pk for block in (*found.values(), *headings.values())}
        )
        .select_related("segment", "block")
        .order_by("cell", "position")
    )
    rows = _wordings(
        {piece.segment_id for piece in pieces}
        | {edition.revision.title_id for edition in editions.values()},
        {edition.language for edition in editions.values()},
    )
    read = _read(pieces, editions.values(), rows)
    older = _older(editions.values())
    cards: dict[str, Card] = {}
    for one in asked:
        edition = one.edition
        title = translations.shown(
            edition.revision.title,
            edition.language,
            _with_segment(rows[edition.language].get(edition.revision.title_id), edition),
        )
        if not one.prefix:
            cards[one.place] = _card(one, title)
            continue
        block = found.get(one.place)
        here = read.get((edition.pk, block.pk)) if block is not None else None
        if block is None or here is None:
            continue
        heading = headings.get(block.pk)
        above = read.get((edition.pk, heading.pk)) if heading is not None else None
        cards[one.place] = _card(
            one,
            title,
            here,
            section=_text(above) if above is not None else "",
            source_changed=block.identity in older.get(edition.pk, ()),
        )
    return cards


def _asked(places: Sequence[str], language: str) -> list[_Asked]:
    """Each place with the edition to show it from: the reader's, else the one it was written in,
    else any."""
    slugs = {place.partition("#")[0] for place in places}
    editions: dict[str, dict[str, Edition]] = defaultdict(dict)
    for edition in (
        Edition.objects.filter(guideline__slug__in=slugs, withdrawn_at=None)
        .select_related("guideline__owner", "revision__title")
        .order_by("language")
    ):
        editions[edition.guideline.slug][edition.language] = edition
    asked = []
    for place in places:
        slug, _hash, anchor = place.partition("#")
        by_tag = editions.get(slug)
        if by_tag is None:
            continue
        first = next(iter(by_tag.values()))
        edition = by_tag.get(language) or by_tag.get(first.guideline.language) or first
        asked.append(_Asked(place, edition, anchor.removeprefix("b")))
    return asked


def _blocks(asked: Sequence[_Asked]) -> dict[str, Block]:
    """The block at each place that has one."""
    wanted = Q(pk__in=[])
    for one in asked:
        if len(one.prefix) == 10:
            first, last = (uuid.UUID(one.prefix + digit * 22) for digit in "0f")
            wanted |= Q(revision=one.edition.revision_id, identity__range=(first, last))
    by_key = {
        (block.revision_id, block.identity.hex[:10]): block
        for block in Block.objects.filter(wanted)
    }
    return {
        one.place: by_key[one.edition.revision_id, one.prefix]
        for one in asked
        if (one.edition.revision_id, one.prefix) in by_key
    }


def _headings(editions: Iterable[Edition], blocks: Iterable[Block]) -> dict[int, Block]:
    """By block, the heading it stands under."""
    rows: dict[int, list[Block]] = defaultdict(list)
    for row in Block.objects.filter(
        revision__in={edition.revision_id for edition in editions}, kind=BlockKind.HEADING
    ).order_by("position"):
        rows[row.revision_id].append(row)
    above = {}
    for block in blocks:
        before = [row for row in rows[block.revision_id] if row.position < block.position]
        if before:
            above[block.pk] = before[-1]
    return above


def _wordings(
    segments: Collection[int], tags: Collection[str]
) -> dict[str, dict[int, Translation]]:
    """By language, the best wording of each segment; one query for all of them."""
    found = translations.readable(segments, tags)
    by_tag: dict[str, list[Translation]] = {tag: [] for tag in tags}
    for row in found:
        by_tag[row.language].append(row)
    return {tag: translations.first_of_each(rows) for tag, rows in by_tag.items()}


def _read(
    pieces: Sequence[Passage],
    editions: Iterable[Edition],
    rows: Mapping[str, Mapping[int, Translation]],
) -> dict[tuple[int, int], ReadBlock]:
    """Blocks as their edition shows them, by edition and block."""
    by_revision: dict[int, list[Edition]] = defaultdict(list)
    for edition in editions:
        by_revision[edition.revision_id].append(edition)
    read: dict[tuple[int, int], ReadBlock] = {}
    for piece in pieces:
        for edition in by_revision[piece.block.revision_id]:
            block = read.setdefault((edition.pk, piece.block_id), ReadBlock(piece.block))
            block.cells.setdefault(piece.cell, []).append(
                queries.words(piece, edition.language, rows[edition.language])
            )
    return read


def _with_segment(row: Translation | None, edition: Edition) -> Translation | None:
    if row is not None:
        row.segment = edition.revision.title
    return row


def _card(
    one: _Asked,
    title: Shown,
    read: ReadBlock | None = None,
    *,
    section: str = "",
    source_changed: bool = False,
) -> Card:
    edition = one.edition
    owner = edition.guideline.owner
    anchor = one.place.partition("#")[2]
    address = reverse("guideline_read", args=[edition.guideline.slug, edition.language])
    mark = read.provenance if read is not None else None
    text, language = plain(title.text), title.language
    if read is not None:
        # Of words in two languages, some not translated, the direction is that of the edition.
        shown = {words.shown.language for words in read.all_words}
        language = shown.pop() if len(shown) == 1 else languages.get(edition.language)
        text = _text(read)
    return Card(
        text=text,
        language=language,
        provenance=mark or title.provenance,
        address=f"{address}#{anchor}" if anchor else address,
        work=plain(title.text),
        work_language=title.language,
        section=section,
        by=owner.name,
        said_at=edition.published_at,
        source_changed=source_changed,
        made_for=owner.country,
    )
