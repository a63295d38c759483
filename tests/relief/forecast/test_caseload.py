"""New cases of a country in a window, from counts since the beginning."""

from datetime import date
from pathlib import Path

import pytest

from medixchange.relief.forecast.caseload import Cases, Correction, Refused, read_cases
from medixchange.relief.interchange.base import Unreadable

HEADER = "country,date,confirmed,deaths\n"


@pytest.fixture
def jhu(shared_data: Path) -> Cases:
    folder = shared_data / "relief"
    return read_cases(
        folder / "jhu_cases_country_semimonthly.csv", folder / "jhu_country_lookup.csv"
    )


def made(folder: Path, *rows: str) -> Cases:
    path = folder / "cases.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", "utf-8")
    return read_cases(path)


def test_the_published_counts(jhu: Cases) -> None:
    assert len(jhu.counts) == 191
    assert all(len(counts) == 32 for counts in jhu.counts.values())
    assert jhu.without_country == ("Diamond Princess", "MS Zaandam")
    assert jhu.populations["ID"] == 273_523_621


def test_new_cases_between_two_published_days(jhu: Cases) -> None:
    found = jhu.new("ID", date(2020, 3, 15), date(2020, 4, 1))
    assert (found.after, found.until) == (date(2020, 3, 15), date(2020, 4, 1))
    assert (found.confirmed, found.deaths) == (1677 - 117, 157 - 5)
    assert found.corrections == ()
    assert found.words() == (
        "Indonesia: 1560 new cases and 152 deaths after 2020-03-15 and up to 2020-04-01 "
        "(JHU CSSE COVID-19 Data Repository, CC BY 4.0)."
    )


def test_a_window_takes_the_last_days_published_before_its_ends(jhu: Cases) -> None:
    found = jhu.new("IDN", date(2020, 3, 20), date(2020, 4, 10))
    assert (found.after, found.until) == (date(2020, 3, 15), date(2020, 4, 1))


def test_a_correction_is_told_and_never_negative(jhu: Cases) -> None:
    found = jhu.new("BJ", date(2020, 5, 15), date(2020, 6, 15))
    assert found.confirmed == 483 - 243
    assert found.corrections == (Correction(date(2020, 6, 1), "cases", 339 - 243),)
    assert found.words().endswith(
        "On 2020-06-01 the count of cases was corrected down by 96; this is left out."
    )
    assert jhu.new("BJ", date(2020, 5, 15), date(2020, 6, 1)).confirmed == 0


def test_no_window_of_any_country_is_negative(jhu: Cases) -> None:
    corrected = 0
    for country, counts in jhu.counts.items():
        found = jhu.new(country, counts[0].day, counts[-1].day)
        assert found.confirmed >= 0
        assert found.deaths >= 0
        net = counts[-1].confirmed - counts[0].confirmed
        down = sum(one.by for one in found.corrections if one.what == "cases")
        assert found.confirmed - down == net
        corrected += len(found.corrections)
    assert corrected == 10


def test_windows_outside_of_the_counts_are_refused(jhu: Cases) -> None:
    for start, end in (
        (date(2019, 1, 1), date(2020, 3, 1)),
        (date(2020, 3, 1), date(2020, 3, 10)),
        (date(2022, 1, 1), date(2022, 2, 1)),
        (date(2020, 4, 1), date(2020, 3, 1)),
    ):
        with pytest.raises(Refused, match="published from 2020-02-01 to 2021-05-15"):
            jhu.new("ID", start, end)
    with pytest.raises(Refused, match="There are no counts of Palau"):
        jhu.new("PW", date(2020, 3, 1), date(2020, 4, 1))


def test_rows_may_stand_in_any_order(tmp_path: Path) -> None:
    cases = made(tmp_path, "Japan,2020-03-15,30,3", "Japan,2020-03-01,10,1")
    found = cases.new("JP", date(2020, 3, 1), date(2020, 3, 15))
    assert (found.confirmed, found.deaths, found.population) == (20, 2, None)


@pytest.mark.parametrize(
    "row", ["Japan,15/3/2020,1,0", "Japan,2020-03-15,many,0", "Japan,2020-03-15,1.5,0"]
)
def test_counts_that_are_none_are_refused_at_their_row(tmp_path: Path, row: str) -> None:
    with pytest.raises(Unreadable, match="row 2: a day or a count is not what it should be"):
        made(tmp_path, row)
