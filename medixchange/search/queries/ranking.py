"""From what the index found to places in the order in which a reader should see them.

The fused score says how well a passage answers. What else a reader must know weighs as factors, so
small that they choose between answers that are about as good, never against a better one.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from medixchange.search.models import Passage
from medixchange.search.retrieval.finding import Found

_STATES = {
    "original": 1.0, "approved": 1.0, "reviewed": 0.97, "mixed": 0.95, "proposed": 0.94,
    "machine": 0.9, "missing": 0.85,
}  # fmt: skip
_SOURCE_CHANGED = 0.9
_EVIDENCE = 1.08
_OWN_LANGUAGE = 1.05
_OWN_COUNTRY = 1.04
#: What is brand new weighs so much more; half of it after a year and a half.
_NEW = 0.03
_YEARS = 1.5

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place with its best passage."""

    passage: Passage
    found: Found
    score: float

    @property
    def key(self) -> Key:
        return self.passage.kind, self.passage.place


@dataclass(frozen=True, slots=True)
class Reader:
    """Of whom it asks: the language results are shown in, and the countries they are at home in."""

    language: str
    countries: frozenset[str]


def rank(
    found: Iterable[Found],
    passages: Mapping[int, Passage],
    reader: Reader,
    now: datetime,
) -> list[Ranked]:
    """Each place once, with the passage that answers best, best place first."""
    best: dict[Key, Ranked] = {}
    for one in found:
        row = passages.get(one.id)
        if row is None:
            continue
        ranked = Ranked(row, one, one.score * weight(row, reader, now))
        held = best.get(ranked.key)
        if held is None or ranked.score > held.score:
            best[ranked.key] = ranked
    return sorted(best.values(), key=lambda one: (-one.score, one.key))


def weight(row: Passage, reader: Reader, now: datetime) -> float:
    """The factor by which a passage counts for a reader."""
    years = max(0.0, (now - row.said_at).total_seconds() / (365.25 * 86400))
    factor = _STATES.get(row.state, 1.0) * (1 + _NEW * math.exp2(-years / _YEARS))
    if row.source_changed:
        factor *= _SOURCE_CHANGED
    if row.is_evidence:
        factor *= _EVIDENCE
    if row.language == reader.language:
        factor *= _OWN_LANGUAGE
    if row.country and row.country in reader.countries:
        factor *= _OWN_COUNTRY
    return factor


def without(ranked: Iterable[Ranked], keys: Collection[Key]) -> list[Ranked]:
    """All but these places."""
    return [one for one in ranked if one.key not in keys]
