"""Reads of what nobody has answered, for editors."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from medixchange.search.models import Missed


@dataclass(frozen=True, slots=True)
class Question:
    """Words that were asked in a language without an answer, and how often.

    Attributes:
        told: how many asked that the editors be told.
        weeks: the Monday of each week and the searches of it, the newest first.
        countries: code and searches, most first; an empty code where it is not known.
    """

    words: str
    language: str
    searches: int
    told: int
    weeks: tuple[tuple[date, int], ...]
    countries: tuple[tuple[str, int], ...]


def _open(language: str, country: str) -> QuerySet[Missed]:
    rows = Missed.objects.filter(done_at=None)
    if language:
        rows = rows.filter(language=language)
    if country:
        rows = rows.filter(country=country)
    return rows


def open_questions(*, language: str = "", country: str = "") -> QuerySet[Any, dict[str, Any]]:
    """Words and language with their sums, what most wait for first."""
    return (
        _open(language, country)
        .values("words", "language")
        .annotate(
            all_searches=Coalesce(Sum("searches"), 0),
            all_told=Coalesce(Sum("told"), 0),
        )
        .order_by("-all_told", "-all_searches", "words", "language")
    )


def with_weeks(
    page: Sequence[dict[str, Any]], *, language: str = "", country: str = ""
) -> list[Question]:
    """The questions of a page with their weeks and countries. One query."""
    rows = _open(language, country).filter(words__in={row["words"] for row in page})
    weeks: dict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    places: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        key = row.words, row.language
        weeks[key][row.week] += row.searches
        places[key][row.country] += row.searches
    return [
        Question(
            row["words"],
            row["language"],
            row["all_searches"],
            row["all_told"],
            tuple(sorted(weeks[row["words"], row["language"]].items(), reverse=True)),
            tuple(places[row["words"], row["language"]].most_common()),
        )
        for row in page
    ]


def languages_asked() -> list[str]:
    """The languages of all open rows."""
    found = Missed.objects.filter(done_at=None).order_by("language")
    return list(found.values_list("language", flat=True).distinct())


def countries_asked() -> list[str]:
    """The known countries of all open rows."""
    found = Missed.objects.filter(done_at=None).exclude(country="").order_by("country")
    return list(found.values_list("country", flat=True).distinct())


def done() -> QuerySet[Any, dict[str, Any]]:
    """What editors have marked, the newest first: words, language, when, by whom, why."""
    return (
        Missed.objects.exclude(done_at=None)
        .values("words", "language", "done_at", "done_by__name", "done_reason")
        .annotate(all_searches=Coalesce(Sum("searches"), 0))
        .order_by("-done_at", "words")
    )
