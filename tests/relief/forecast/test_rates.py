"""WHO's rates, read from the published tables."""

from fractions import Fraction
from pathlib import Path

import pytest

from medixchange.relief.forecast import Driver, Rates, read_rates
from medixchange.relief.forecast.rates import Group, Hours, fraction
from medixchange.relief.interchange.base import Unreadable
from tests.relief.forecast.conftest import table


def test_the_published_table(who: Rates) -> None:
    assert len(who.items) == 53
    assert len({item.code for item in who.items}) == 53
    assert all(0 < len(item.code) <= 60 for item in who.items)
    assert sum(item.reusable for item in who.items) == 26
    assert sum(bool(item.rates) for item in who.items) == 44
    assert sum(item.is_case_management for item in who.items) == 29
    gown = next(item for item in who.items if item.name == "Gown, protective")
    assert (gown.code, gown.unit, gown.reusable) == ("gown-protective", "Each", False)
    assert gown.rates == {
        Driver.HCW: 1,
        Driver.CLEANER: 1,
        Driver.CAREGIVER: 1,
        Driver.AMBULANCE: 1,
        Driver.BIOMEDICAL: 1,
        Driver.SCREENING_HCW: 2,
        Driver.LAB_TECHNICIAN: 2,
        Driver.LAB_CLEANER: 1,
    }


def test_every_rate_of_the_table_belongs_to_a_driver(shared_data: Path) -> None:
    header = (shared_data / "relief" / "esft" / "equipment.csv").read_text("utf-8").split("\n")[0]
    published = {name for name in header.split(",") if name.startswith("amount_per_")}
    assert published == {driver.column for driver in Driver}


def test_endless_decimals_stand_for_their_fractions(who: Rates) -> None:
    rub = next(item for item in who.items if item.name == "Alcohol-based hand rub")
    assert rub.rates[Driver.HCW] == Fraction(1, 30)
    assert rub.rates[Driver.SCREENING_HCW] == Fraction(3, 100)


def test_the_hours_that_a_patient_takes(who: Rates) -> None:
    severe = (1.338636364, 8.635545455, 0.5, 0.25, 2, 0.5, 1, 0.5, 3.5)
    critical = (4.28125, 0.18, 0.2125, 15.528125, 4.05, 0.625, 0.5, 2, 0.5, 0.5, 1, 3.3125)
    hcw = who.hours[Group.HCW]
    assert float(hcw.severe) == pytest.approx(sum(severe), abs=1e-6)
    assert float(hcw.critical) == pytest.approx(sum(critical), abs=1e-9)
    assert hcw.screening == Fraction(8, 10)
    assert who.hours[Group.CLEANER] == Hours(Fraction(1, 2), Fraction(3, 4), Fraction(0))


def test_items_alone_are_read_without_hours(shared_data: Path) -> None:
    rates = read_rates(shared_data / "relief" / "esft" / "equipment.csv")
    assert (len(rates.items), rates.hours) == (53, {})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.03333333333333333", Fraction(1, 30)),
        ("0.6666666666666666", Fraction(2, 3)),
        ("0.1", Fraction(1, 10)),
        ("24.0", Fraction(24)),
        ("4.28125", Fraction(137, 32)),
        ("0.123456789", Fraction(123456789, 10**9)),
        ("", Fraction(0)),
    ],
)
def test_fractions(text: str, value: Fraction) -> None:
    assert fraction(text, Path("t"), 1, "c") == value


@pytest.mark.parametrize(
    ("items", "what"),
    [
        ([{"item": "Mask", "reusable": "False", "inpatient_hcw": "x"}], "“x” is no rate."),
        ([{"item": "Mask", "reusable": "False", "inpatient_hcw": "-1.0"}], "“-1.0” is no rate."),
        ([{"item": "Mask", "reusable": "no"}], "“no” is neither true nor false."),
        ([{"item": "", "reusable": "False"}], "the item has no name of its own."),
        ([{"item": "Mask", "reusable": "False"}] * 2, "the item has no name of its own."),
    ],
)
def test_tables_that_are_wrong(tmp_path: Path, items: list[dict[str, str]], what: str) -> None:
    path = tmp_path / "equipment.csv"
    path.write_text(table(*({"category": "IPC"} | item for item in items)), "utf-8")
    with pytest.raises(Unreadable) as refused:
        read_rates(path)
    assert refused.value.what == what
    assert refused.value.where.startswith("row ")


def test_other_tables_are_no_rates(shared_data: Path) -> None:
    with pytest.raises(Unreadable, match="there is no column category"):
        read_rates(shared_data / "relief" / "esft" / "who.csv")


def test_a_folder_without_rates_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"equipment\.csv: the file cannot be read"):
        read_rates(tmp_path)
