"""Reads of the translation app. The one most asked: this text, for this reader."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from medixchange.core import languages
from medixchange.core.components import Provenance
from medixchange.network.models import Member
from medixchange.translation.checks.base import Term
from medixchange.translation.models import GlossaryTerm, Segment, Translation
from medixchange.translation.states import READABLE, WAITING, Origin, Status

_RANK = {status: rank for rank, status in enumerate(READABLE)}
#: SQLite binds at most 250,000 values to a statement, PostgreSQL 65,535.
BATCH = 10_000


#: Few people and organisations stand behind many wordings: each is read once, not joined to all.
_PEOPLE = ("author", "signed_by", "signed_for", "reviewed_by")


def best(segments: Collection[int], language: str) -> dict[int, Translation]:
    """For each segment, by id, the best wording a reader of the language may be shown.

    Approved before reviewed before proposed before machine; memory before engine; then the newest.
    A wording with a hard finding that nobody has overridden is never shown.
    """
    rows: dict[int, Translation] = {}
    for batch in batches(segments):
        rows |= first_of_each(readable(batch, [language]))
    return rows


def readable(segments: Collection[int], tags: Collection[str]) -> QuerySet[Translation]:
    """All wordings in these languages that a reader may be shown, with the people behind them."""
    return readable_in_any(segments).filter(language__in=tags).prefetch_related(*_PEOPLE)


def readable_in_any(segments: Collection[int]) -> QuerySet[Translation]:
    """All wordings, in whatever language, that a reader may be shown."""
    return Translation.objects.filter(segment__in=segments, status__in=READABLE, blocked=False)


def first_of_each(found: Iterable[Translation]) -> dict[int, Translation]:
    """Of wordings of many segments the one of each that comes first by ``order``."""
    rows: dict[int, Translation] = {}
    for row in found:
        held = rows.get(row.segment_id)
        if held is None or order(row) < order(held):
            rows[row.segment_id] = row
    return rows


def order(row: Translation) -> tuple[int, bool, int]:
    """A sort key for wordings of one segment: the best a reader could have comes first."""
    return _RANK[Status(row.status)], row.origin == Origin.ENGINE, -row.pk


def batches(ids: Iterable[int]) -> Iterable[list[int]]:
    """The ids, without repeats, in lists that one statement can carry."""
    unique = sorted(set(ids))
    return (unique[at : at + BATCH] for at in range(0, len(unique), BATCH))


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as one reader gets it: the words, their language, and where they come from."""

    text: str
    language: languages.Language
    provenance: Provenance
    translation: Translation | None = None


def shown(segment: Segment, language: str, row: Translation | None) -> Shown:
    """What a reader of ``language`` is shown of a segment, given its best wording, if any."""
    own = languages.get(segment.language)
    if segment.language == language:
        return Shown(segment.text, own, Provenance("original", own))
    if row is None:
        return Shown(segment.text, own, Provenance("missing", own))
    return Shown(row.text, languages.get(language), provenance(row), row)


def provenance(row: Translation) -> Provenance:
    """The provenance mark of a translation."""
    source = languages.get(row.segment.language)
    match Status(row.status):
        case Status.APPROVED | Status.SUPERSEDED:
            return Provenance(
                "approved", source, str(row.signed_by), str(row.signed_for), row.signed_at
            )
        case Status.REVIEWED:
            return Provenance("reviewed", source, str(row.reviewed_by), at=row.reviewed_at)
        case Status.MACHINE:
            return Provenance("machine", source, engine=row.origin_name, at=row.created_at)
        case _:
            return Provenance("proposed", source, str(row.author), at=row.changed_at)


def for_reader(segments: Sequence[Segment], language: str) -> list[Shown]:
    """These texts, for a reader of this language, in the same order."""
    rows = best([s.pk for s in segments if s.language != language], language)
    result = []
    for segment in segments:
        row = rows.get(segment.pk)
        if row is not None:
            row.segment = segment
        result.append(shown(segment, language, row))
    return result


def working(
    segments: Collection[int], language: str, member: Member | None
) -> dict[int, Translation]:
    """For each segment, the row a translator goes on from: their own draft, else the newest row a
    person has made or signed. Others' drafts are theirs."""
    rows: dict[int, Translation] = {}
    for batch in batches(segments):
        found = (
            Translation.objects.filter(segment__in=batch, language=language)
            .exclude(status__in=[Status.MACHINE, Status.SUPERSEDED])
            .filter(~Q(status=Status.DRAFT) | Q(author=member))
            .select_related("author", "signed_by", "signed_for", "returned_by", "reviewed_by")
            .order_by("pk")
        )
        for row in found:
            held = rows.get(row.segment_id)
            if held is None or held.status != Status.DRAFT:
                rows[row.segment_id] = row
    return rows


def waiting(
    segments: Collection[int], language: str, *, machine: bool = False
) -> list[Translation]:
    """What waits for a second person among these segments, the newest wording of each.

    With ``machine`` also machine wordings of segments that have nothing better.
    """
    rows: list[Translation] = []
    for batch in batches(segments):
        rows += Translation.objects.filter(
            segment__in=batch, language=language, status__in=WAITING
        ).select_related("segment", "author", "based_on", "reviewed_by")
    if machine:
        have = {row.segment_id for row in rows}
        shown = best(set(segments) - have, language)
        unseen = [row for row in shown.values() if row.status == Status.MACHINE]
        # Not by prefetching, which asks for each by an OR of its own: SQLite takes 1,000 of them.
        texts = {
            row.pk: row
            for batch in batches(row.segment_id for row in unseen)
            for row in Segment.objects.filter(pk__in=batch)
        }
        for row in unseen:
            row.segment = texts[row.segment_id]
        rows += unseen
    newest = {row.segment_id: row for row in sorted(rows, key=lambda row: row.pk)}
    return sorted(newest.values(), key=lambda row: row.pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a set of segments stand where, in one language; each is counted once."""

    approved: int = 0
    reviewed: int = 0
    proposed: int = 0
    returned: int = 0
    machine: int = 0
    missing: int = 0

    @property
    def total(self) -> int:
        return (
            self.approved
            + self.reviewed
            + self.proposed
            + self.returned
            + self.machine
            + self.missing
        )

    @property
    def waiting(self) -> int:
        """What a clinician could sign now."""
        return self.reviewed + self.proposed


_COUNTED = (
    (Status.APPROVED, "approved"),
    (Status.REVIEWED, "reviewed"),
    (Status.PROPOSED, "proposed"),
    (Status.RETURNED, "returned"),
    (Status.MACHINE, "machine"),
)


def progress(segments: Collection[int], language: str) -> Progress:
    """Where the segments stand; a segment counts under the best it has."""
    return progress_by_language(segments, [language])[language]


def progress_by_language(segments: Collection[int], tags: Collection[str]) -> dict[str, Progress]:
    """The same for several languages at once, in one query per batch."""
    statuses: dict[str, dict[int, set[str]]] = {tag: {} for tag in tags}
    for batch in batches(segments):
        for segment, tag, status in Translation.objects.filter(
            segment__in=batch, language__in=tags
        ).values_list("segment_id", "language", "status"):
            statuses[tag].setdefault(segment, set()).add(status)
    unique = len(set(segments))
    result = {}
    for tag, by_segment in statuses.items():
        counts = dict.fromkeys((name for _, name in _COUNTED), 0)
        for found in by_segment.values():
            name = next((name for status, name in _COUNTED if status in found), None)
            if name:
                counts[name] += 1
        result[tag] = Progress(**counts, missing=unique - sum(counts.values()))
    return result


def terms(text: str, source: str, target: str) -> list[Term]:
    """The glossary terms that occur in a text, the longest first, as whole words."""
    return terms_in([text], source, target)[0]


def terms_in(texts: Sequence[str], source: str, target: str) -> list[list[Term]]:
    """As ``terms`` for many texts, with one read of the glossary."""
    renderings: dict[str, list[str]] = {}
    wording: dict[str, str] = {}
    rows = GlossaryTerm.objects.filter(source_language=source, target_language=target)
    for folded, term, rendering in rows.values_list("folded", "term", "rendering"):
        renderings.setdefault(folded, []).append(rendering)
        wording.setdefault(folded, term)
    spaced = languages.get(source).script not in languages.UNSPACED
    result = []
    for text in texts:
        folded_text = text.casefold()
        hits = [
            folded
            for folded in renderings
            if folded in folded_text and (not spaced or _whole_word(folded, folded_text))
        ]
        hits.sort(key=lambda folded: (-len(folded), folded))
        result.append([Term(wording[folded], renderings[folded]) for folded in hits])
    return result


def _whole_word(needle: str, text: str) -> bool:
    at = text.find(needle)
    while at >= 0:
        end = at + len(needle)
        before = at == 0 or not text[at - 1].isalnum()
        # A plural s is the same term.
        after = end == len(text) or not text[end].isalnum() or text[end : end + 2].rstrip() == "s"
        if before and after:
            return True
        at = text.find(needle, at + 1)
    return False
