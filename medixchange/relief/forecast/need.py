"""The need of a facility, item by item, with the calculation shown.

How a rate counts follows the tool's own calculation (package ``esft``, ``commodities_forecast.R``),
not the word “per day” in the table's headings, which does not hold for all of them:

- *each day*: what people use up: protection and hygiene. Rate x people x days.
- *each patient*: what a patient is treated with, such as a cannula for two thirds of them. Rate x
  patients through the period, which are those in the beds, anew with each average stay.
- *each bed*: equipment that stays at the bed. Rate x beds; days do not count.
- *each person*: protection that is used again, such as goggles. One for each person whose group has
  a rate, and a new one when it is worn out: the rate is one by the days it lasts. (The tool gives
  one a week to each person, whatever the rate; over a month that is four scrubs instead of one.)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from medixchange.relief.forecast.rates import Driver, ItemRate, Rates
from medixchange.relief.forecast.staffing import STAFF_SOURCE, Caseload, Staff, staff_for

#: Average stay in days, as the tool presets it: one week severe, two weeks critical.
STAY = MappingProxyType({"severe": 7, "critical": 14})
STAY_SOURCE = "WHO ESFT 2022.1: a stay of 7 days severe, 14 days critical"
RATES_SOURCE = "WHO COVID-19 Essential Supplies Forecasting Tool 2022.1"
LONGEST_DAYS = 366
_SWABS = "Swab and Viral transport medium"
_BEDS = (Driver.SEVERE_BED, Driver.CRITICAL_BED, Driver.SEVERE_CRITICAL_BED)
_PATIENTS = (Driver.SEVERE, Driver.CRITICAL, Driver.SEVERE_CRITICAL)


class Refused(ValueError):
    """A forecast that cannot be made; ``str()`` tells why and what to do."""


class Rule(StrEnum):
    """How a rate counts."""

    DAILY = "each_day"
    PER_PATIENT = "each_patient"
    PER_BED = "each_bed"
    PER_PERSON = "each_person"
    #: One for each test made.
    PER_TEST = "each_test"


@dataclass(frozen=True, slots=True)
class Options:
    """What a forecast is asked.

    ``screened`` are people screened a day; ``tests`` the tests made in the period; ``buffer`` a
    safety margin in percent; ``packs`` units in a pack by item code. With ``daily_rates`` the rates
    of treatment count each day, as the headings of the table say.
    """

    days: int
    screened: int = 0
    tests: int = 0
    buffer: Fraction = Fraction(0)
    packs: Mapping[str, int] = field(default_factory=dict)
    daily_rates: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One rate of an item, and what it comes to."""

    driver: str
    column: str
    rate: Fraction
    value: Fraction
    rule: Rule
    words: str
    amount: Fraction

    def as_json(self) -> dict[str, Any]:
        """For a page that shows how the need was computed."""
        return {
            "driver": self.driver,
            "column": self.column,
            "rate": shown(self.rate),
            "value": shown(self.value),
            "rule": str(self.rule),
            "words": self.words,
            "amount": rounded(self.amount),
        }


@dataclass(frozen=True, slots=True)
class NeedLine:
    """The need of one item. ``quantity`` is in whole units, and in whole packs where asked."""

    item: str
    name: str
    unit: str
    reusable: bool
    quantity: int
    parts: tuple[Part, ...]
    buffer: Fraction
    pack: int

    @property
    def total(self) -> Fraction:
        """What the parts add up to, before buffer and rounding."""
        return sum((part.amount for part in self.parts), Fraction(0))

    def basis(self) -> dict[str, Any]:
        """How it was computed, step by step."""
        return {
            "parts": [part.as_json() for part in self.parts],
            "total": rounded(self.total),
            "buffer_percent": rounded(self.buffer),
            "with_buffer": rounded(self.total * (1 + self.buffer / 100)),
            "pack": self.pack,
            "packs": self.quantity // self.pack,
            "quantity": self.quantity,
            "source": RATES_SOURCE,
        }

    def as_json(self) -> dict[str, Any]:
        """For the command's report."""
        return {
            "item": self.item,
            "name": self.name,
            "unit": self.unit,
            "reusable": self.reusable,
            "need": self.quantity,
            "basis": self.basis(),
        }


@dataclass(frozen=True, slots=True)
class Forecast:
    """The needs of a facility. ``not_computed`` are items without a rate that applies, and why."""

    caseload: Caseload
    staff: Staff
    options: Options
    lines: tuple[NeedLine, ...]
    not_computed: Mapping[str, str]

    def sources(self) -> list[str]:
        """Where rates, staff, stays and, if presumed, severities are from."""
        split = [self.caseload.source] if self.caseload.source else []
        return [RATES_SOURCE, *split, STAFF_SOURCE, STAY_SOURCE]

    def as_json(self) -> dict[str, Any]:
        """For the command's report and for a page."""
        drivers = self.staff.drivers()
        return {
            "days": self.options.days,
            "caseload": {
                name: rounded(getattr(self.caseload, name))
                for name in ("mild", "moderate", "severe", "critical")
            },
            "staff": {driver.value: rounded(value) for driver, value in drivers.items()},
            "screened": self.options.screened,
            "tests": self.options.tests,
            "buffer_percent": rounded(self.options.buffer),
            "sources": self.sources(),
            "lines": [line.as_json() for line in self.lines],
            "not_computed": dict(self.not_computed),
        }


def forecast(
    rates: Rates, caseload: Caseload, options: Options, *, staff: Staff | None = None
) -> Forecast:
    """What a facility needs over a number of days.

    Args:
        caseload: patients in care on an average day.
        staff: what the facility knows of its own; the rest follows from the caseload.

    Raises:
        Refused: a number is below zero, there are no days, or a pack is of an unknown item.
    """
    _check(rates, caseload, options, staff or Staff())
    people = staff_for(caseload, rates, screened=options.screened, given=staff or Staff())
    drivers = people.drivers() | {
        Driver.SEVERE: caseload.severe,
        Driver.CRITICAL: caseload.critical,
        Driver.SEVERE_CRITICAL: caseload.beds,
        Driver.SEVERE_BED: caseload.severe,
        Driver.CRITICAL_BED: caseload.critical,
        Driver.SEVERE_CRITICAL_BED: caseload.beds,
        Driver.ISOLATED: caseload.isolated,
        Driver.SCREENED: Fraction(options.screened),
    }
    lines, left_out = [], {}
    for item in rates.items:
        parts = tuple(_parts(item, drivers, caseload, options))
        total = sum((part.amount for part in parts), Fraction(0))
        if not total:
            left_out[item.code] = _why_not(item)
            continue
        pack = options.packs.get(item.code, 1)
        units = ceil(total * (1 + options.buffer / 100))
        lines.append(
            NeedLine(
                item.code,
                item.name,
                item.unit,
                item.reusable,
                ceil(Fraction(units, pack)) * pack,
                parts,
                options.buffer,
                pack,
            )
        )
    return Forecast(caseload, people, options, tuple(lines), left_out)


def _check(rates: Rates, caseload: Caseload, options: Options, staff: Staff) -> None:
    if not 1 <= options.days <= LONGEST_DAYS:
        raise Refused(
            _("A forecast is for 1 to %(most)d days, not %(days)d.")
            % {"most": LONGEST_DAYS, "days": options.days}
        )
    patients = (caseload.mild, caseload.moderate, caseload.severe, caseload.critical)
    asked = (Fraction(options.screened), Fraction(options.tests), options.buffer)
    if any(number < 0 for number in (*patients, *asked, *staff.drivers().values())):
        raise Refused(_("Patients, people and the buffer cannot be below zero. Correct them."))
    codes = {item.code for item in rates.items}
    for code, units in options.packs.items():
        if code not in codes:
            raise Refused(
                _("There is no item “%(code)s” in the rates. Items: %(codes)s.")
                % {"code": code, "codes": ", ".join(sorted(codes))}
            )
        if units < 1:
            raise Refused(
                _("A pack of %(code)s holds at least one unit. Correct it.") % {"code": code}
            )


def _parts(
    item: ItemRate, drivers: Mapping[Driver, Fraction], caseload: Caseload, options: Options
) -> list[Part]:
    """What each rate of an item comes to; those without anybody are left out."""
    if item.name == _SWABS and options.tests:
        tests = Fraction(options.tests)
        words = _("1 x %(tests)d tests") % {"tests": options.tests}
        return [Part("tests", "", Fraction(1), tests, Rule.PER_TEST, words, tests)]
    return [
        _part(item, driver, rate, drivers[driver], caseload, options)
        for driver, rate in item.rates.items()
        if drivers[driver]
    ]


def rule(item: ItemRate, driver: Driver, *, daily_rates: bool = False) -> Rule:
    """How a rate of an item counts."""
    if item.reusable:
        return Rule.PER_BED if driver in _BEDS or driver in _PATIENTS else Rule.PER_PERSON
    if item.is_case_management and not daily_rates:
        return Rule.PER_PATIENT
    return Rule.DAILY


def _part(
    item: ItemRate,
    driver: Driver,
    rate: Fraction,
    value: Fraction,
    caseload: Caseload,
    options: Options,
) -> Part:
    said = {
        "rate": shown(rate),
        "value": shown(value),
        "who": driver.words,
        "days": options.days,
    }
    found = rule(item, driver, daily_rates=options.daily_rates)
    match found:
        case Rule.DAILY:
            amount = rate * value * options.days
            words = _("%(rate)s x %(value)s %(who)s x %(days)d days") % said
        case Rule.PER_BED:
            amount = rate * value
            words = _("%(rate)s x %(value)s %(who)s, whatever the days") % said
        case Rule.PER_PERSON:
            each = max(Fraction(1), rate * options.days)
            amount = each * value
            words = _(
                "%(each)s each (one at least; it lasts %(lasts)s days) x %(value)s %(who)s"
            ) % {**said, "each": shown(each), "lasts": shown(1 / rate)}
        case _:
            patients = _through(driver, caseload, options.days)
            amount = rate * patients
            words = _("%(rate)s x %(patients)s %(who)s in the period") % {
                **said,
                "patients": shown(patients),
            }
    return Part(str(driver.value), driver.column, rate, value, found, words, amount)


def _through(driver: Driver, caseload: Caseload, days: int) -> Fraction:
    """Patients of a driver in the period: those in the beds, anew with each average stay."""

    def turned(beds: Fraction, stay: int) -> Fraction:
        return beds * max(Fraction(1), Fraction(days, stay))

    severe = turned(caseload.severe, STAY["severe"])
    critical = turned(caseload.critical, STAY["critical"])
    if driver in (Driver.SEVERE, Driver.SEVERE_BED):
        return severe
    if driver in (Driver.CRITICAL, Driver.CRITICAL_BED):
        return critical
    return severe + critical


def _why_not(item: ItemRate) -> str:
    if item.name == _SWABS:
        return _("One is needed for each test; say how many tests are made.")
    if not item.rates:
        return _("The rates say nothing of it; it follows from laboratories, not from patients.")
    return _("Nobody in this forecast uses it.")


def shown(value: Fraction) -> str:
    """A number for people: as a decimal where it ends, else as a simple fraction, else rounded."""
    if value.denominator == 1:
        return str(value.numerator)
    decimal = Fraction(round(value * 10_000), 10_000)
    if decimal == value or value.denominator > 1_000 or value > 1:
        return f"{float(decimal):.4f}".rstrip("0").rstrip(".")
    return f"{value.numerator}/{value.denominator}"


def rounded(value: Fraction) -> int | float:
    """A number for JSON, to six digits after the point."""
    return value.numerator if value.denominator == 1 else round(float(value), 6)
