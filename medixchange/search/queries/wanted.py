"""What a search asks, and what it is answered."""

from dataclasses import dataclass
from datetime import date

from medixchange.core import searchable

#: Characters of a search that are read; the rest is cut off, and the page says so.
LONGEST = 300
#: Hits on a page of results.
PAGE = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked.

    Attributes:
        text: as typed, cut to ``LONGEST`` characters.
        language: the reader's language tag; results are shown in it.
        kinds, countries, said_in, topics: any of these; empty for all. ``said_in`` are tags of the
            languages that passages were said in first.
        since: only what was said on this day or later.
        approved_only: only what is original or approved in the reader's language, by a clinician.
        page: from 1.
    """

    text: str
    language: str
    kinds: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    said_in: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    since: date | None = None
    approved_only: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One place that answers, in the reader's language.

    Attributes:
        spans: what to mark in ``card.text``, as (start, end).
        found_by: ``words``, ``meaning`` or ``both``.
        found_in: language tag of the passage that was found.
    """

    kind: str
    place: str
    card: searchable.Card
    spans: tuple[tuple[int, int], ...]
    found_by: str
    found_in: str
    score: float


@dataclass(frozen=True, slots=True)
class Facet:
    """One value to narrow by, and how many places of the answer have it."""

    name: str
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a search.

    Attributes:
        hits: those of the wanted page.
        total: places that answer, after rights and filters.
        facets: by ``kinds``, ``countries``, ``said_in``, ``topics``; each counts the answer as it
            would be without its own filter.
        suggestion: what may have been meant, of words that this viewer may find.
        meaning_behind: passages whose meaning is still being worked out.
        is_good: whether anything answers well.
    """

    wanted: Wanted
    hits: list[Hit]
    total: int
    facets: dict[str, list[Facet]]
    is_good: bool
    suggestion: str = ""
    meaning_behind: int = 0
    seconds: float = 0
    #: Hits on a page.
    at_once: int = PAGE

    @property
    def pages(self) -> int:
        """How many pages of results there are, at least one."""
        return max(1, -(-self.total // self.at_once))
