"""Reads of guidelines: lists, and a revision assembled in any language with its provenance."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Max

from medixchange.core import languages
from medixchange.core.components import Provenance
from medixchange.core.languages import Language
from medixchange.guidelines.documents.model import BlockKind, InlineKind
from medixchange.guidelines.models import Block, Edition, Guideline, Passage, Picture, Revision
from medixchange.translation import queries as translations
from medixchange.translation.models import Segment, Translation
from medixchange.translation.queries import Progress, Shown
from medixchange.translation.segmentation import Cut, join
from medixchange.translation.states import WAITING, Status


def newest(guideline: Guideline) -> Revision:
    """The newest revision; every guideline has one."""
    return guideline.revisions.select_related("title").latest("number")


def editions(guideline: Guideline) -> list[Edition]:
    """What is published of it now, by language."""
    return list(guideline.editions.filter(withdrawn_at=None).order_by("language"))


def edition(slug: str, language: str) -> Edition | None:
    """The published edition of a guideline in a language, if there is one."""
    found = (
        Edition.objects.filter(guideline__slug=slug, language=language, withdrawn_at=None)
        .select_related("guideline__owner", "revision__title")
        .first()
    )
    if found is not None:
        found.revision.guideline = found.guideline
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """A line in a list of guidelines: its title as the reader is shown it, and its languages."""

    guideline: Guideline
    title: Shown
    languages: list[Language]
    read_in: Language


def published(wanted: Sequence[str]) -> list[Listed]:
    """All published guidelines, each in the first of the wanted languages it is published in, else
    in its own; the newest edition first. Four queries, however many there are."""
    rows: dict[int, list[Edition]] = {}
    found = Edition.objects.filter(withdrawn_at=None).select_related(
        "guideline__owner", "revision__title"
    )
    for row in found.order_by("-published_at"):
        rows.setdefault(row.guideline_id, []).append(row)
    chosen: list[tuple[Edition, list[Language]]] = []
    for group in rows.values():
        by_tag = {row.language: row for row in group}
        tag = next((tag for tag in wanted if tag in by_tag), None)
        pick = by_tag.get(tag or group[0].guideline.language, group[0])
        chosen.append((pick, sorted((languages.get(t) for t in by_tag), key=lambda la: la.tag)))
    titles: dict[int, Shown] = {}
    for tag in {pick.language for pick, _known in chosen}:
        picks = [pick for pick, _known in chosen if pick.language == tag]
        shown = translations.for_reader([pick.revision.title for pick in picks], tag)
        titles |= {pick.pk: words for pick, words in zip(picks, shown, strict=True)}
    return [
        Listed(pick.guideline, titles[pick.pk], known, languages.get(pick.language))
        for pick, known in chosen
    ]


def passages(revision: Revision) -> list[Passage]:
    """All passages of a revision in reading order, each with its segment."""
    return list(
        Passage.objects.filter(block__revision=revision)
        .select_related("segment")
        .order_by("block__position", "cell", "position")
    )


def segments(revision: Revision) -> list[Segment]:
    """The segments of a revision, title first, in reading order, each once."""
    seen = {revision.title_id: revision.title}
    for passage in passages(revision):
        seen.setdefault(passage.segment_id, passage.segment)
    return list(seen.values())


def segment_ids(revision: Revision) -> set[int]:
    """The ids of its segments, the title's with them."""
    found = Passage.objects.filter(block__revision=revision).values_list("segment_id", flat=True)
    return {revision.title_id, *found}


def has_segment(revision: Revision, segment: int) -> bool:
    """Whether a segment, by id, is one of a revision's."""
    return (
        segment == revision.title_id
        or Passage.objects.filter(block__revision=revision, segment=segment).exists()
    )


def progress(revision: Revision, tags: Collection[str]) -> dict[str, Progress]:
    """How far the revision is in each of these languages."""
    return translations.progress_by_language(segment_ids(revision), tags)


@dataclass(frozen=True, slots=True)
class Words:
    """A segment in its place, as one reader is shown it.

    ``text`` is the wording with the block's numbers in its tags; ``joiner`` is the white space
    after it, as the language of the wording wants it.
    """

    segment: Segment
    shown: Shown
    text: str
    joiner: str = ""


@dataclass(frozen=True, slots=True)
class CellText:
    """All the words of a cell, and what the numbers of its tags stand for."""

    words: list[Words]
    inline: dict[int, tuple[InlineKind, str]]
    #: Tags alone, such as one picture.
    bare: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.bare)


@dataclass(frozen=True, slots=True)
class ReadCell:
    """A table cell as one reader is shown it; ``scope`` is empty for a data cell."""

    text: CellText
    scope: str
    rowspan: int
    colspan: int

    @property
    def tag(self) -> str:
        return "th" if self.scope else "td"


#: From what a reader must be warned of most to what is safest.
_CONCERN = ("missing", "machine", "proposed", "reviewed", "approved", "original")


@dataclass(slots=True)
class ReadBlock:
    """A block as one reader is shown it: for each cell its words; cell 0 is the block's own."""

    block: Block
    cells: dict[int, list[Words]] = field(default_factory=dict)

    @property
    def kind(self) -> BlockKind:
        return BlockKind(self.block.kind)

    @property
    def anchor(self) -> str:
        """Where a link to this block leads; stays the same over the revisions."""
        return f"b{self.block.identity.hex[:10]}"

    @property
    def text(self) -> CellText:
        return self.cell(0)

    def cell(self, number: int) -> CellText:
        """One cell with all that is needed to show it."""
        key = str(number)
        return CellText(
            self.cells.get(number, []),
            {at: (InlineKind(kind), to) for at, kind, to in self.block.inline.get(key, [])},
            self.block.bare.get(key, ""),
        )

    @property
    def all_words(self) -> list[Words]:
        return [words for number in sorted(self.cells) for words in self.cells[number]]

    @property
    def states(self) -> set[str]:
        """The provenance states of its segments. Empty for a block without words."""
        return {words.shown.provenance.state for words in self.all_words}

    @property
    def state(self) -> str:
        """The state of its least certain segment: a passage is as good as its worst sentence."""
        found = self.states
        return next((state for state in _CONCERN if state in found), "original")

    @property
    def mixed(self) -> bool:
        """Whether its segments stand differently."""
        return len(self.states) > 1

    @property
    def provenance(self) -> Provenance | None:
        """The mark of its least certain segment; of approved ones that of the latest signature."""
        state = self.state
        marks = [w.shown.provenance for w in self.all_words if w.shown.provenance.state == state]
        return max(marks, key=lambda mark: mark.at.timestamp() if mark.at else 0, default=None)

    @property
    def heading_level(self) -> int:
        """Of a heading: its level on a page whose title is the only level 1."""
        return min(6, self.block.level + 1)

    @property
    def alt(self) -> CellText:
        """Of a figure: its text alternative."""
        return self.cell(1)

    @property
    def rows(self) -> list[list[ReadCell]]:
        """Of a table: its rows of cells."""
        number, rows = 0, []
        for at, row in enumerate(self.block.layout):
            cells = []
            for header, rowspan, colspan in row:
                number += 1
                scope = ("col" if at == 0 else "row") if header else ""
                cells.append(ReadCell(self.cell(number), scope, rowspan, colspan))
            rows.append(cells)
        return rows


@dataclass(frozen=True)
class Reading:
    """A whole revision as one reader is shown it."""

    revision: Revision
    language: Language
    title: Shown
    blocks: list[ReadBlock]
    progress: Progress
    #: By the key that a picture has in ``CellText.inline``.
    pictures: dict[str, Picture]

    @property
    def source_language(self) -> Language:
        return languages.get(self.revision.guideline.language)

    @property
    def is_original(self) -> bool:
        return self.language == self.source_language

    @property
    def contents(self) -> list[ReadBlock]:
        """The headings that a table of contents names."""
        return [
            read for read in self.blocks if read.kind is BlockKind.HEADING and read.block.level < 3
        ]


def reading(revision: Revision, language: str) -> Reading:
    """Assemble a revision in a language. The number of queries does not grow with its length."""
    return assemble(revision, language, pieces=passages(revision))


def assemble(revision: Revision, language: str, *, pieces: Sequence[Passage]) -> Reading:
    """As ``reading``, from passages that were read already."""
    rows: dict[int, Translation] = {}
    original = language == revision.guideline.language
    own = [revision.title, *(piece.segment for piece in pieces)]
    if not original:
        rows = translations.best({segment.pk for segment in own}, language)
    blocks = {
        block.pk: ReadBlock(block)
        for block in Block.objects.filter(revision=revision).select_related("picture")
    }
    title = translations.shown(revision.title, language, rows.get(revision.title_id))
    for piece in pieces:
        blocks[piece.block_id].cells.setdefault(piece.cell, []).append(words(piece, language, rows))
    ids = {segment.pk for segment in own}
    return Reading(
        revision=revision,
        language=languages.get(language),
        title=title,
        blocks=list(blocks.values()),
        progress=Progress()
        if original
        else translations.progress_by_language(ids, [language])[language],
        pictures={str(p.pk): p for p in revision.guideline.pictures.all()},
    )


def words(piece: Passage, language: str, rows: Mapping[int, Translation]) -> Words:
    """A passage as a reader of a language is shown it, given the wordings by segment."""
    row = rows.get(piece.segment_id)
    if row is not None:
        row.segment = piece.segment
    shown = translations.shown(piece.segment, language, row)
    source, joiner = languages.get(piece.segment.language), piece.joiner
    if shown.language.spaced and not source.spaced:
        joiner = f"{joiner} "
    elif source.spaced and not shown.language.spaced:
        joiner = joiner.replace(" ", "")
    cut = Cut(shown.text, tuple(piece.numbers))
    return Words(piece.segment, shown, join([cut], [shown.text]), joiner)


_STATE = """
    SELECT e.id, e.revision_id, COUNT(t.id), MAX(t.id), MAX(t.changed_at),
        (SELECT COUNT(*) FROM guidelines_edition o
            WHERE o.guideline_id = g.id AND o.withdrawn_at IS NULL),
        (SELECT MAX(o.id) FROM guidelines_edition o
            WHERE o.guideline_id = g.id AND o.withdrawn_at IS NULL)
    FROM guidelines_guideline g
    JOIN guidelines_edition e
        ON e.guideline_id = g.id AND e.language = %s AND e.withdrawn_at IS NULL
    JOIN guidelines_revision r ON r.id = e.revision_id
    LEFT JOIN translation_translation t ON t.language = e.language AND t.segment_id IN (
        SELECT p.segment_id FROM guidelines_passage p
            JOIN guidelines_block b ON b.id = p.block_id WHERE b.revision_id = r.id
        UNION SELECT r.title_id)
    WHERE g.slug = %s
    GROUP BY e.id, e.revision_id, g.id
"""


def fingerprint(slug: str, language: str) -> str | None:
    """What a published page shows, in short: changes whenever the page may have changed. None
    where the guideline is not published in the language.

    Written by hand, because it is asked for every page that is read and the ORM takes longer to
    write the statement than the database to answer it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STATE, [language, slug])
        row = cursor.fetchone()
    return None if row is None else "-".join(str(value) for value in row)


@dataclass(frozen=True, slots=True)
class Work:
    """What waits for a member in one guideline and language."""

    revision: Revision
    language: Language
    to_translate: int
    to_review: int


def work(pairs: Collection[tuple[str, str]]) -> list[Work]:
    """What waits in the newest revision of every guideline, for pairs of (source, target) tags.

    Three queries, however many guidelines there are. A segment counts as to translate while nobody
    has proposed a wording for it.
    """
    sources = {source for source, _target in pairs}
    targets = {target for _source, target in pairs}
    newest_ids = (
        Guideline.objects.filter(language__in=sources)
        .annotate(last=Max("revisions__pk"))
        .values_list("last", flat=True)
    )
    revisions = list(
        Revision.objects.filter(pk__in=list(newest_ids))
        .select_related("guideline__owner", "title")
        .annotate(size=Count("blocks__passages__segment", distinct=True))
        .order_by("guideline__slug")
    )
    done = _counted(revisions, targets, (*WAITING, Status.APPROVED))
    waiting = _counted(revisions, targets, WAITING)
    found = []
    for row in revisions:
        for source, target in sorted(pairs):
            if row.guideline.language != source or source == target:
                continue
            key = row.pk, target
            found.append(
                Work(row, languages.get(target), row.size - done.get(key, 0), waiting.get(key, 0))
            )
    return found


def _counted(
    revisions: Sequence[Revision], targets: Collection[str], statuses: Collection[str]
) -> dict[tuple[int, str], int]:
    """By revision and language, how many segments have a wording in one of the statuses."""
    rows = (
        Translation.objects.filter(
            segment__passages__block__revision__in=revisions,
            language__in=targets,
            status__in=statuses,
        )
        .values_list("segment__passages__block__revision", "language")
        .annotate(count=Count("segment", distinct=True))
    )
    return {(revision, tag): count for revision, tag, count in rows}
