"""The need of a facility: exact, and with its calculation."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.forecast import (
    Caseload,
    Driver,
    Forecast,
    NeedLine,
    Options,
    Rates,
    Staff,
    forecast,
    read_rates,
)
from medixchange.relief.forecast.need import Refused, Rule, shown
from tests.relief.forecast.conftest import table

PEOPLE = {"category": "IPC", "group": "PPE", "unit": "Each", "reusable": "False"}
TREATMENT = {"category": "Case management - accessories", "group": "X", "unit": "Each"}


def rates(folder: Path, *items: dict[str, str]) -> Rates:
    path = folder / "equipment.csv"
    path.write_text(table(*items), "utf-8")
    return read_rates(path)


def only(made: Forecast) -> NeedLine:
    (line,) = made.lines
    return line


def patients(severe: int = 0, critical: int = 0, mild: int = 0, moderate: int = 0) -> Caseload:
    return Caseload(Fraction(mild), Fraction(moderate), Fraction(severe), Fraction(critical))


def by_name(made: Forecast, name: str) -> NeedLine:
    return next(line for line in made.lines if line.name == name)


# -- How a rate counts ----------------------------------------------------------------------------


def test_what_people_use_up_counts_each_day(tmp_path: Path) -> None:
    made = forecast(
        rates(tmp_path, PEOPLE | {"item": "Mask", "inpatient_hcw": "4.0"}),
        Caseload(),
        Options(days=30),
        staff=Staff(hcw=Fraction(10)),
    )
    line = only(made)
    assert line.quantity == 4 * 10 * 30
    assert [(part.rule, part.words) for part in line.parts] == [
        (Rule.DAILY, "4 x 10 health workers with inpatients x 30 days")
    ]


def test_equipment_at_a_bed_does_not_count_days(tmp_path: Path) -> None:
    item = TREATMENT | {"item": "Monitor", "reusable": "True", "inpatient_sev_bed": "0.25"}
    for days in (1, 30, 90):
        line = only(forecast(rates(tmp_path, item), patients(severe=21), Options(days)))
        assert line.quantity == 6
        assert line.parts[0].words == "0.25 x 21 beds with severe patients, whatever the days"


@pytest.mark.parametrize(
    ("days", "each"), [(1, 1), (7, 1), (10, 1), (11, Fraction(11, 10)), (30, 3), (90, 9)]
)
def test_what_is_used_again_is_one_each_and_anew_when_worn(
    tmp_path: Path, days: int, each: Fraction
) -> None:
    item = PEOPLE | {"item": "Goggles", "reusable": "True", "inpatient_hcw": "0.1"}
    made = forecast(rates(tmp_path, item), Caseload(), Options(days), staff=Staff(hcw=Fraction(10)))
    assert only(made).quantity == each * 10
    assert only(made).parts[0].rule is Rule.PER_PERSON


def test_treatment_counts_each_patient_through_the_beds(tmp_path: Path) -> None:
    item = TREATMENT | {
        "item": "Cannula",
        "reusable": "False",
        "inpatient_sev_patient": "0.6666666666666666",
    }
    # 14 beds, a stay of 7 days: 14 patients in a week, 60 in 30 days.
    for days, expected in ((1, 10), (7, 10), (14, 19), (30, 40)):
        line = only(forecast(rates(tmp_path, item), patients(severe=14), Options(days)))
        assert line.quantity == expected
    assert line.parts[0].words == "2/3 x 60 severe patients in the period"
    daily = only(
        forecast(rates(tmp_path, item), patients(severe=14), Options(30, daily_rates=True))
    )
    assert daily.quantity == 280
    assert daily.parts[0].words == "2/3 x 14 severe patients x 30 days"


def test_critical_patients_stay_twice_as_long(tmp_path: Path) -> None:
    item = TREATMENT | {"item": "Tube", "reusable": "False", "inpatient_sev_crit_patient": "1.0"}
    line = only(forecast(rates(tmp_path, item), patients(severe=7, critical=7), Options(28)))
    assert line.quantity == 7 * 4 + 7 * 2


# -- Rounding, packs, buffer ----------------------------------------------------------------------


def test_quantities_are_rounded_up_to_whole_packs_after_the_buffer(tmp_path: Path) -> None:
    table_of = rates(tmp_path, PEOPLE | {"item": "Mask", "inpatient_hcw": "0.3"})
    options = Options(days=7, buffer=Fraction(10), packs={"mask": 50})
    line = only(forecast(table_of, Caseload(), options, staff=Staff(hcw=Fraction(21))))
    assert line.total == Fraction(441, 10)
    assert line.quantity == 50
    assert line.basis() == {
        "parts": [
            {
                "driver": "inpatient_hcw",
                "column": "amount_per_inpatient_hcw_per_day",
                "rate": "0.3",
                "value": "21",
                "rule": "each_day",
                "words": "0.3 x 21 health workers with inpatients x 7 days",
                "amount": 44.1,
            }
        ],
        "total": 44.1,
        "buffer_percent": 10,
        "with_buffer": 48.51,
        "pack": 50,
        "packs": 1,
        "quantity": 50,
        "source": "WHO COVID-19 Essential Supplies Forecasting Tool 2022.1",
    }


def test_no_unit_is_added_by_the_way_decimals_are_kept(tmp_path: Path) -> None:
    item = PEOPLE | {"item": "Rub", "inpatient_hcw": "0.03333333333333333"}
    made = forecast(rates(tmp_path, item), Caseload(), Options(30), staff=Staff(hcw=Fraction(7)))
    assert only(made).quantity == 7


@pytest.mark.parametrize(
    ("caseload", "options", "staff", "why"),
    [
        (patients(1), Options(0), Staff(), "A forecast is for 1 to 366 days, not 0."),
        (patients(1), Options(367), Staff(), "A forecast is for 1 to 366 days, not 367."),
        (patients(-1), Options(1), Staff(), "cannot be below zero"),
        (patients(1), Options(1), Staff(hcw=Fraction(-1)), "cannot be below zero"),
        (patients(1), Options(1, buffer=Fraction(-5)), Staff(), "cannot be below zero"),
        (patients(1), Options(1, packs={"x": 5}), Staff(), "There is no item “x” in the rates."),
        (patients(1), Options(1, packs={"mask": 0}), Staff(), "holds at least one unit"),
    ],
)
def test_what_cannot_be_asked(
    tmp_path: Path, caseload: Caseload, options: Options, staff: Staff, why: str
) -> None:
    table_of = rates(tmp_path, PEOPLE | {"item": "Mask", "inpatient_hcw": "1.0"})
    with pytest.raises(Refused, match=why):
        forecast(table_of, caseload, options, staff=staff)


# -- Staff and severity ---------------------------------------------------------------------------


def test_cases_are_split_by_severity_as_who_does() -> None:
    split = Caseload.of_total(200)
    assert (split.mild, split.moderate, split.severe, split.critical) == (80, 80, 30, 10)
    assert split.source == ("WHO ESFT 2022.1: 40% mild, 40% moderate, 15% severe, 5% critical")


def test_staff_follows_from_the_patients(who: Rates) -> None:
    made = forecast(who, patients(severe=16, critical=8, mild=5), Options(30, screened=25))
    drivers = made.staff.drivers()
    assert drivers[Driver.CLEANER] == Fraction(16, 2) / 8 + Fraction(3, 4)
    assert drivers[Driver.AMBULANCE] == Fraction(24 * 6, 100)
    assert drivers[Driver.BIOMEDICAL] == Fraction(24 * 2, 100)
    assert drivers[Driver.ISOLATION_CAREGIVER] == 5
    assert drivers[Driver.CAREGIVER] == 0
    # 48 minutes a screening: ten a shift.
    assert drivers[Driver.SCREENING_HCW] == Fraction(25, 10)
    assert drivers[Driver.LAB_TECHNICIAN] == 0
    hcw = float(drivers[Driver.HCW])
    assert hcw == pytest.approx((16 * 18.224181819 + 8 * 32.689375) / 8, abs=1e-5)


def test_staff_that_a_facility_knows_is_taken_as_it_is(who: Rates) -> None:
    made = forecast(
        who, patients(severe=16), Options(30), staff=Staff(hcw=Fraction(12), cleaners=Fraction(0))
    )
    drivers = made.staff.drivers()
    assert (drivers[Driver.HCW], drivers[Driver.CLEANER]) == (12, 0)
    assert by_name(made, "Apron, disposable").quantity == 12 * 30


# -- WHO's own table ------------------------------------------------------------------------------


def test_a_ward_of_twenty_severe_and_five_critical_patients(who: Rates) -> None:
    made = forecast(who, patients(severe=20, critical=5), Options(30))
    needs = {line.name: line.quantity for line in made.lines}
    # 65.9913 health workers, 1.71875 cleaners, 1.5 ambulance workers, half an engineer.
    assert needs["Gown, protective"] == 2092  # 69.7100 x 30 = 2091.3
    assert needs["Gloves, surgical"] == 1980  # 65.9913 x 30 = 1979.7
    assert needs["Respirator"] == 1980
    assert needs["Mask, medical / surgical for patient"] == 2 * 25 * 30
    assert needs["Goggles, protective"] == 208  # 3 x 69.2100 = 207.6
    assert needs["Pulse oximeter"] == 25
    assert needs["Suction pump"] == 20 // 2 + 5
    assert needs["Syringe driver (pump)"] == 15
    assert needs["Nasal oxygen cannula, with prongs"] == 58  # 2/3 x 20 x 30/7 = 57.1
    assert needs["Tube, endotracheal"] == 15  # 4/3 x 5 x 30/14 = 14.3
    assert len(made.lines) == 44


def test_items_without_a_rate_are_told_and_not_invented(who: Rates) -> None:
    made = forecast(who, patients(severe=20, critical=5), Options(30))
    assert len(made.not_computed) == 9
    assert len(made.lines) + len(made.not_computed) == len(who.items)
    assert made.not_computed["thermocyclers-for-rt-pcr"] == (
        "The rates say nothing of it; it follows from laboratories, not from patients."
    )
    assert made.not_computed["swab-and-viral-transport-medium"] == (
        "One is needed for each test; say how many tests are made."
    )


def test_swabs_are_one_a_test(who: Rates) -> None:
    made = forecast(who, patients(severe=1), Options(30, tests=500))
    assert by_name(made, "Swab and Viral transport medium").quantity == 500


def test_nobody_needs_nothing(who: Rates) -> None:
    made = forecast(who, Caseload(), Options(30))
    assert made.lines == ()
    assert len(made.not_computed) == 53


COUNTS = st.integers(min_value=0, max_value=500)


@given(COUNTS, COUNTS, COUNTS, st.integers(0, 200), st.integers(1, 120), st.integers(0, 50))
def test_more_patients_days_or_margin_never_need_less(
    shared_rates: Rates, severe: int, critical: int, mild: int, more: int, days: int, margin: int
) -> None:
    def needs(caseload: Caseload, options: Options) -> dict[str, int]:
        return {
            line.item: line.quantity for line in forecast(shared_rates, caseload, options).lines
        }

    plain = needs(patients(severe, critical, mild), Options(days))
    for other in (
        needs(patients(severe + more, critical, mild), Options(days)),
        needs(patients(severe, critical + more, mild), Options(days)),
        needs(patients(severe, critical, mild), Options(days + more)),
        needs(patients(severe, critical, mild), Options(days, buffer=Fraction(margin))),
    ):
        assert all(other[item] >= quantity for item, quantity in plain.items())


@pytest.fixture(scope="module")
def shared_rates(tmp_path_factory: pytest.TempPathFactory) -> Rates:
    """One item for each way to count."""
    return rates(
        tmp_path_factory.mktemp("rates"),
        PEOPLE | {"item": "Mask", "isolation_patient": "1.0", "inpatient_sev_crit_patient": "2.0"},
        PEOPLE | {"item": "Goggles", "reusable": "True", "isolation_inf_caregiver": "0.1"},
        TREATMENT | {"item": "Tube", "reusable": "False", "inpatient_crit_patient": "1.3333333333"},
        TREATMENT | {"item": "Monitor", "reusable": "True", "inpatient_sev_bed": "0.25"},
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(4), "4"),
        (Fraction(1, 30), "1/30"),
        (Fraction(2, 3), "2/3"),
        (Fraction(3, 100), "0.03"),
        (Fraction(4, 3), "1.3333"),
        (Fraction(137, 32), "4.2812"),
        (Fraction(123456789, 10**9), "0.1235"),
    ],
)
def test_numbers_for_people(value: Fraction, text: str) -> None:
    assert shown(value) == text
