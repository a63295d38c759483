"""The rates of WHO's Essential Supplies Forecasting Tool: what one person or bed needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medixchange.core.countries import normalise
from medixchange.relief.interchange import tables
from medixchange.relief.interchange.base import Unreadable, at

#: The files of a folder of rates.
ITEMS_FILE, STAFFING_FILE = "equipment.csv", "hwfe.csv"
#: Published decimals such as 0.03333333333333333 stand for a fraction this near to them.
_SAME = Fraction(1, 10**9)
_LONGEST_CODE = 60
_ABOUT = ("category", "group", "item", "unit", "reusable")


class Driver(StrEnum):
    """What a rate is per: a person or a bed, in a setting of care. Named as in the table."""

    HCW = "inpatient_hcw"
    CLEANER = "inpatient_cleaner"
    CAREGIVER = "inpatient_inf_caregiver"
    AMBULANCE = "inpatient_ambworker"
    BIOMEDICAL = "inpatient_biomed_eng"
    SEVERE = "inpatient_sev_patient"
    CRITICAL = "inpatient_crit_patient"
    SEVERE_CRITICAL = "inpatient_sev_crit_patient"
    SEVERE_BED = "inpatient_sev_bed"
    CRITICAL_BED = "inpatient_crit_bed"
    SEVERE_CRITICAL_BED = "inpatient_sev_crit_bed"
    ISOLATION_CAREGIVER = "isolation_inf_caregiver"
    ISOLATED = "isolation_patient"
    SCREENING_HCW = "screening_hcw"
    SCREENED = "screening_patient"
    LAB_TECHNICIAN = "lab_tech"
    LAB_CLEANER = "lab_cleaner"

    @property
    def column(self) -> str:
        """Its column in the table."""
        return f"amount_per_{self.value}_per_day"

    @property
    def words(self) -> Promise:
        """What it is, for people, in the plural."""
        return _WORDS[self]


_WORDS = {
    Driver.HCW: gettext_lazy("health workers with inpatients"),
    Driver.CLEANER: gettext_lazy("cleaners with inpatients"),
    Driver.CAREGIVER: gettext_lazy("relatives who care for inpatients"),
    Driver.AMBULANCE: gettext_lazy("ambulance workers"),
    Driver.BIOMEDICAL: gettext_lazy("biomedical engineers"),
    Driver.SEVERE: gettext_lazy("severe patients"),
    Driver.CRITICAL: gettext_lazy("critical patients"),
    Driver.SEVERE_CRITICAL: gettext_lazy("severe and critical patients"),
    Driver.SEVERE_BED: gettext_lazy("beds with severe patients"),
    Driver.CRITICAL_BED: gettext_lazy("beds with critical patients"),
    Driver.SEVERE_CRITICAL_BED: gettext_lazy("beds with severe or critical patients"),
    Driver.ISOLATION_CAREGIVER: gettext_lazy("relatives who care for isolated patients"),
    Driver.ISOLATED: gettext_lazy("mild and moderate patients in isolation"),
    Driver.SCREENING_HCW: gettext_lazy("health workers who screen"),
    Driver.SCREENED: gettext_lazy("people screened a day"),
    Driver.LAB_TECHNICIAN: gettext_lazy("laboratory technicians"),
    Driver.LAB_CLEANER: gettext_lazy("laboratory cleaners"),
}


class Group(StrEnum):
    """The groups of staff in the table of working hours, as far as rates use them."""

    HCW = "HCW"
    CLEANER = "Cleaner"


@dataclass(frozen=True, slots=True)
class ItemRate:
    """One item and its rates. ``code`` is made of its name, for files and addresses."""

    code: str
    name: str
    category: str
    group: str
    unit: str
    reusable: bool
    rates: Mapping[Driver, Fraction]

    @property
    def is_case_management(self) -> bool:
        """Whether it is for treatment, not for protection or testing."""
        return self.category.startswith("Case management")


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours that a patient takes in 24 hours, by severity, and that a screening takes."""

    severe: Fraction
    critical: Fraction
    screening: Fraction


@dataclass(frozen=True, slots=True)
class Rates:
    """All rates, and the hours of each group of staff; no hours where that file was not given."""

    items: tuple[ItemRate, ...]
    hours: Mapping[Group, Hours]


def read_rates(path: Path) -> Rates:
    """The rates of a folder with ``equipment.csv`` and ``hwfe.csv``, or of the first file alone.

    Raises:
        Unreadable: a file is not there, is no such table, or holds a rate that is no number.
    """
    if path.is_dir():
        return Rates(_items(path / ITEMS_FILE), _hours(path / STAFFING_FILE))
    return Rates(_items(path), {})


def _items(path: Path) -> tuple[ItemRate, ...]:
    columns = [driver.column for driver in Driver]
    items, codes = [], set()
    for number, cells in tables.records(path, [*_ABOUT, *columns]):
        rates = {
            driver: rate
            for driver in Driver
            if (rate := fraction(cells[driver.column], path, number, driver.column))
        }
        code = _code(cells["item"])
        if not code or code in codes:
            raise Unreadable(
                path,
                at(number, "item"),
                _("the item has no name of its own."),
                _("Give each item a name, once."),
            )
        codes.add(code)
        if cells["reusable"].lower() not in {"true", "false"}:
            raise Unreadable(
                path,
                at(number, "reusable"),
                _("“%(text)s” is neither true nor false.") % {"text": cells["reusable"]},
                _("Write True or False."),
            )
        items.append(
            ItemRate(
                code,
                cells["item"],
                cells["category"],
                cells["group"],
                cells["unit"],
                cells["reusable"].lower() == "true",
                rates,
            )
        )
    return tuple(items)


def _code(name: str) -> str:
    """Words of a name joined by hyphens, whole words only."""
    code = ""
    for word in normalise(name).split():
        longer = f"{code}-{word}" if code else word
        if len(longer) > _LONGEST_CODE:
            break
        code = longer
    return code


def _hours(path: Path) -> dict[Group, Hours]:
    names = ["patient_t24_sev", "patient_t24_crit", "patient_t24_screen"]
    sums = {group: [Fraction(0)] * len(names) for group in Group}
    for number, cells in tables.records(path, ["occupational_title", "esft_group", *names]):
        for group in Group:
            if cells["esft_group"] == group:
                sums[group] = [
                    total + fraction(cells[name], path, number, name)
                    for total, name in zip(sums[group], names, strict=True)
                ]
    return {group: Hours(*values) for group, values in sums.items()}


def fraction(text: str, path: Path, row: int, column: str) -> Fraction:
    """A published decimal as the fraction it stands for: 0.03333333333333333 is 1/30. 0 for blank.

    Raises:
        Unreadable: the text is no number, or below zero.
    """
    if not text:
        return Fraction(0)
    try:
        exact = Fraction(text)
    except (ValueError, ZeroDivisionError):
        exact = Fraction(-1)
    if exact < 0:
        raise Unreadable(
            path,
            at(row, column),
            _("“%(text)s” is no rate.") % {"text": text},
            _("Write a decimal number, not below zero."),
        )
    simple = exact.limit_denominator(1_000)
    return simple if abs(simple - exact) <= _SAME else exact
