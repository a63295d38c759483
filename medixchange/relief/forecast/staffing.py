"""Who is in care, and who cares: patients by severity, and the staff they take."""

from dataclasses import dataclass, fields
from fractions import Fraction

from medixchange.relief.forecast.rates import Driver, Group, Rates

#: WHO's split of cases by severity, as the tool presets it: mild, moderate, severe, critical.
SPLIT = (Fraction(40, 100), Fraction(40, 100), Fraction(15, 100), Fraction(5, 100))
SPLIT_SOURCE = "WHO ESFT 2022.1: 40% mild, 40% moderate, 15% severe, 5% critical"
#: Hours of a shift.
SHIFT = 8
#: One ambulance with two workers in three shifts for 100 beds; two engineers for 100 beds.
AMBULANCE_PER_BED, BIOMEDICAL_PER_BED = Fraction(6, 100), Fraction(2, 100)
#: One relative for each isolated patient; none is presumed beside those in hospital.
CAREGIVERS_PER_ISOLATED = Fraction(1)
STAFF_SOURCE = (
    "WHO ESFT 2022.1: hours a patient takes by group of staff (hwfe.csv), shifts of 8 hours; "
    "0.06 ambulance workers and 0.02 biomedical engineers a bed; 1 relative an isolated patient"
)


@dataclass(frozen=True, slots=True)
class Caseload:
    """Patients in care on an average day, by severity. Severe and critical ones are inpatients,
    one to a bed; mild and moderate ones are in isolation."""

    mild: Fraction = Fraction(0)
    moderate: Fraction = Fraction(0)
    severe: Fraction = Fraction(0)
    critical: Fraction = Fraction(0)
    #: Where the split by severity is from; empty where the facility gave the patients itself.
    source: str = ""

    @classmethod
    def of_total(cls, patients: int) -> "Caseload":
        """So many patients in all, divided by WHO's split."""
        mild, moderate, severe, critical = (patients * share for share in SPLIT)
        return cls(mild, moderate, severe, critical, SPLIT_SOURCE)

    @property
    def beds(self) -> Fraction:
        """Beds in use."""
        return self.severe + self.critical

    @property
    def isolated(self) -> Fraction:
        """Patients in isolation."""
        return self.mild + self.moderate


@dataclass(frozen=True, slots=True)
class Staff:
    """People at work on a day; ``None`` where they are to be computed from the caseload."""

    hcw: Fraction | None = None
    cleaners: Fraction | None = None
    caregivers: Fraction | None = None
    ambulance: Fraction | None = None
    biomedical: Fraction | None = None
    isolation_caregivers: Fraction | None = None
    screening_hcw: Fraction | None = None
    lab_technicians: Fraction | None = None
    lab_cleaners: Fraction | None = None

    def drivers(self) -> dict[Driver, Fraction]:
        """How many there are for each driver of rates."""
        return {
            driver: value or Fraction(0)
            for driver, value in zip(
                _DRIVERS, (getattr(self, column.name) for column in fields(self)), strict=True
            )
        }


_DRIVERS = (
    Driver.HCW,
    Driver.CLEANER,
    Driver.CAREGIVER,
    Driver.AMBULANCE,
    Driver.BIOMEDICAL,
    Driver.ISOLATION_CAREGIVER,
    Driver.SCREENING_HCW,
    Driver.LAB_TECHNICIAN,
    Driver.LAB_CLEANER,
)


def staff_for(caseload: Caseload, rates: Rates, *, screened: int, given: Staff) -> Staff:
    """The staff of a day: as given, and else what the caseload takes.

    Health workers and cleaners are the hours that the patients of each severity take, by eight.
    They are full-time shifts and so may be fractions. Laboratories have none unless given.

    Args:
        screened: people screened a day.
        given: what the facility knows of its own staff.
    """

    def shifts(group: Group) -> Fraction:
        hours = rates.hours.get(group)
        if hours is None:
            return Fraction(0)
        return (caseload.severe * hours.severe + caseload.critical * hours.critical) / SHIFT

    hcw_hours = rates.hours.get(Group.HCW)
    computed = Staff(
        hcw=shifts(Group.HCW),
        cleaners=shifts(Group.CLEANER),
        caregivers=Fraction(0),
        ambulance=caseload.beds * AMBULANCE_PER_BED,
        biomedical=caseload.beds * BIOMEDICAL_PER_BED,
        isolation_caregivers=caseload.isolated * CAREGIVERS_PER_ISOLATED,
        screening_hcw=screened * hcw_hours.screening / SHIFT if hcw_hours else Fraction(0),
        lab_technicians=Fraction(0),
        lab_cleaners=Fraction(0),
    )
    return Staff(
        *(
            getattr(computed, column.name)
            if getattr(given, column.name) is None
            else getattr(given, column.name)
            for column in fields(Staff)
        )
    )
