"""The translation memory: what has been translated before, exactly or nearly, and what it says.

Every translation is memory: those made here, and those imported. Exact matches need no search,
since translations hang on the segment itself. For near matches each process keeps an index of the
source texts per language pair, brought up to date on every look-up from what has changed since; the
database stays the truth and every match is read from it.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from medixchange.core.components import Provenance
from medixchange.translation import findings, queries
from medixchange.translation.actions import translate_by_engine
from medixchange.translation.checks.base import Finding, Term
from medixchange.translation.engines.base import EngineUnavailable
from medixchange.translation.engines.registry import engine_for
from medixchange.translation.inline import plain
from medixchange.translation.matching import Difference, MemoryIndex, difference
from medixchange.translation.models import Segment, Translation
from medixchange.translation.states import Origin, Status

#: Below this score a near match misleads more than it helps.
AT_LEAST = 70
LIMIT = 9
#: Rows of a transaction that ends after us may carry an earlier time than what we have seen.
_OVERLAP = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A wording from memory or an engine for a text.

    ``score`` is 0 to 100, 100 only for the same text; ``difference`` marks what the remembered
    source has otherwise.
    """

    translation: Translation
    score: float
    provenance: Provenance
    findings: Sequence[Finding] = ()
    difference: Sequence[Difference] = ()


def usable(source: str | None, target: str | None) -> QuerySet[Translation]:
    """What counts as memory: not an engine's, not somebody's draft, not what was returned or
    superseded. From or into any language where that is None."""
    rows = Translation.objects.all()
    if source is not None:
        rows = rows.filter(segment__language=source)
    if target is not None:
        rows = rows.filter(language=target)
    return rows.exclude(status__in=[Status.DRAFT, Status.RETURNED, Status.SUPERSEDED]).exclude(
        origin=Origin.ENGINE
    )


@dataclass(slots=True)
class _Index:
    index: MemoryIndex = field(default_factory=MemoryIndex)
    known: set[int] = field(default_factory=set)
    seen_until: datetime | None = None
    #: When it was brought up to date, by ``time.monotonic``.
    at: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def bring_up_to_date(self, source: str, target: str | None) -> None:
        self.at = time.monotonic()
        rows = usable(source, target)
        if self.seen_until is not None:
            rows = rows.filter(changed_at__gte=self.seen_until - _OVERLAP)
        for pk, text, changed in rows.values_list(
            "segment_id", "segment__text", "changed_at"
        ).iterator(chunk_size=5000):
            if self.seen_until is None or changed > self.seen_until:
                self.seen_until = changed
            if pk not in self.known:
                self.known.add(pk)
                self.index.add(pk, plain(text))


_indexes: dict[tuple[str, str | None], _Index] = {}
_indexes_lock = threading.Lock()


def forget() -> None:
    """Drop every index; the next look-up reads the database anew."""
    with _indexes_lock:
        _indexes.clear()


def near(
    text: str,
    source: str,
    target: str | None,
    *,
    at_least: int = AT_LEAST,
    limit: int = LIMIT,
    behind: float = 0,
) -> list[tuple[int, float]]:
    """Segments whose text is near, as ``(id, score)``, the nearest first.

    Args:
        target: the language they have a wording in; None for any.
        behind: seconds for which what was added to the memory since may be missing.
    """
    with _indexes_lock:
        held = _indexes.setdefault((source, target), _Index())
    with held.lock:
        if held.at is None or time.monotonic() - held.at >= behind:
            held.bring_up_to_date(source, target)
        return [
            (m.id, m.score) for m in held.index.search(plain(text), at_least=at_least, limit=limit)
        ]


def lookup(
    text: str, source: str, target: str, *, at_least: int = AT_LEAST, limit: int = LIMIT
) -> list[Suggestion]:
    """What the memory knows for a text: the best wording of each near segment, nearest first."""
    scores = dict(near(text, source, target, at_least=at_least, limit=limit))
    rows = queries.first_of_each(
        usable(source, target)
        .filter(segment__in=scores)
        .select_related("segment", "author", "signed_by", "signed_for", "reviewed_by")
    )
    result = [
        Suggestion(
            translation=row,
            score=scores[pk],
            provenance=queries.provenance(row),
            difference=difference(plain(row.segment.text), plain(text), source)
            if scores[pk] < 100
            else (),
        )
        for pk, row in rows.items()
    ]
    result.sort(key=lambda s: (-s.score, queries.order(s.translation)))
    return result[:limit]


def suggestions(segment: Segment, language: str, terms: Sequence[Term] = ()) -> list[Suggestion]:
    """What to offer a translator for a segment: memory, nearest first, then engines' wordings.

    Each is checked, with the glossary's ``terms`` of the segment.
    """
    from_memory = lookup(segment.text, segment.language, language)
    by_engine = [
        Suggestion(row, 0, queries.provenance(row))
        for row in Translation.objects.filter(
            Q(segment=segment), language=language, status=Status.MACHINE, origin=Origin.ENGINE
        ).select_related("segment")
    ]
    return [
        Suggestion(
            s.translation,
            s.score,
            s.provenance,
            findings.of(segment, s.translation.text, language, terms),
            s.difference,
        )
        for s in (from_memory + by_engine)[:LIMIT]
    ]


def ask_engine(segment: Segment, language: str) -> str:
    """Have the pair's engine translate a segment unless one has; gives the problem, if any."""
    engine = engine_for(segment.language, language)
    if engine is None:
        return ""
    has = Translation.objects.filter(
        segment=segment, language=language, status=Status.MACHINE, origin=Origin.ENGINE
    ).exists()
    if has:
        return ""
    try:
        translate_by_engine([segment], language=language, engine=engine)
    except EngineUnavailable as problem:
        return str(problem)
    return ""
