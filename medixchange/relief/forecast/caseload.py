"""New cases of a country in a window of time, from published counts since the beginning.

Such counts are corrected now and then, and go down. A correction is never taken for a negative
number of cases: it is left out of the new ones, and told.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext as _

from medixchange.core import countries
from medixchange.core.countries import Country, normalise
from medixchange.relief.interchange import tables
from medixchange.relief.interchange.base import Unreadable, at

SOURCE = "JHU CSSE COVID-19 Data Repository, CC BY 4.0"


class Refused(ValueError):
    """A question the counts cannot answer; ``str()`` tells why and what to do."""


@dataclass(frozen=True, slots=True)
class Count:
    """Counts since the beginning, on a day."""

    day: date
    confirmed: int
    deaths: int


@dataclass(frozen=True, slots=True)
class Correction:
    """A count that went down: by how much, and on which published day."""

    day: date
    what: str
    by: int


@dataclass(frozen=True, slots=True)
class NewCases:
    """What is new after one published day, up to and with another."""

    country: Country
    after: date
    until: date
    confirmed: int
    deaths: int
    corrections: tuple[Correction, ...]
    population: int | None

    def words(self) -> str:
        """What the figures are, for people."""
        said = _(
            "%(country)s: %(confirmed)d new cases and %(deaths)d deaths after %(after)s and up to "
            "%(until)s (%(source)s)."
        ) % {
            "country": self.country.name(),
            "confirmed": self.confirmed,
            "deaths": self.deaths,
            "after": self.after.isoformat(),
            "until": self.until.isoformat(),
            "source": SOURCE,
        }
        told = [
            _("On %(day)s the count of %(what)s was corrected down by %(by)d; this is left out.")
            % {"day": one.day.isoformat(), "what": one.what, "by": one.by}
            for one in self.corrections
        ]
        return " ".join([said, *told])


@dataclass(frozen=True, slots=True)
class Cases:
    """Counts by country (ISO alpha-2), in the order of days; and populations where known."""

    counts: Mapping[str, tuple[Count, ...]]
    populations: Mapping[str, int]
    #: Rows that stand for no country, such as ships.
    without_country: tuple[str, ...]

    def new(self, country: str, start: date, end: date) -> NewCases:
        """New cases between two days: from the last published day on or before ``start`` to the
        last one on or before ``end``.

        Raises:
            Refused: the country has no counts, or the window lies outside of them.
        """
        found = countries.get(country)
        counts = self.counts.get(found.alpha2, ())
        if not counts:
            raise Refused(_("There are no counts of %(name)s.") % {"name": found.name()})
        days = [count.day for count in counts]
        first, last = bisect_right(days, start) - 1, bisect_right(days, end) - 1
        if first < 0 or last <= first:
            raise Refused(
                _(
                    "Counts of %(name)s are published from %(first)s to %(last)s, and none falls "
                    "between %(start)s and %(end)s. Choose a wider window."
                )
                % {
                    "name": found.name(),
                    "first": days[0].isoformat(),
                    "last": days[-1].isoformat(),
                    "start": start.isoformat(),
                    "end": end.isoformat(),
                }
            )
        confirmed = deaths = 0
        corrections = []
        for before, after in pairwise(counts[first : last + 1]):
            for what, step in (
                ("cases", after.confirmed - before.confirmed),
                ("deaths", after.deaths - before.deaths),
            ):
                if step < 0:
                    corrections.append(Correction(after.day, what, -step))
                elif what == "cases":
                    confirmed += step
                else:
                    deaths += step
        return NewCases(
            found,
            days[first],
            days[last],
            confirmed,
            deaths,
            tuple(corrections),
            self.populations.get(found.alpha2),
        )


def read_cases(cases: Path, lookup: Path | None = None) -> Cases:
    """Counts from ``country, date, confirmed, deaths``; the lookup gives codes and populations.

    Countries are found by the lookup's codes, and else by their names; none is guessed.

    Raises:
        Unreadable: a file is no such table, or a count is no number.
    """
    codes, populations = _lookup(lookup) if lookup else ({}, {})
    counts: dict[str, list[Count]] = {}
    without: dict[str, None] = {}
    for number, cells in tables.records(cases, ["country", "date", "confirmed", "deaths"]):
        name = cells["country"]
        code = codes.get(normalise(name)) or _code(name)
        if code is None:
            without[name] = None
            continue
        try:
            count = Count(
                date.fromisoformat(cells["date"]), int(cells["confirmed"]), int(cells["deaths"])
            )
        except ValueError as error:
            raise Unreadable(
                cases,
                at(number),
                _("a day or a count is not what it should be."),
                _("Write days as 2020-03-15, and whole numbers."),
            ) from error
        counts.setdefault(code, []).append(count)
    ordered = {
        code: tuple(sorted(found, key=lambda count: count.day)) for code, found in counts.items()
    }
    return Cases(ordered, populations, tuple(without))


def _code(name: str) -> str | None:
    found = countries.find(name)
    return found.alpha2 if found else None


def _lookup(path: Path) -> tuple[dict[str, str], dict[str, int]]:
    codes, populations = {}, {}
    for _number, cells in tables.records(path, ["iso2", "iso3", "Country_Region", "Population"]):
        try:
            code = countries.get(cells["iso2"] or cells["iso3"]).alpha2
        except countries.UnknownCountry:
            continue
        codes[normalise(cells["Country_Region"])] = code
        if cells["Population"]:
            populations[code] = round(float(cells["Population"]))
    return codes, populations
