"""``medixchange relief forecast`` as a person or a pipe runs it."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medixchange.relief.cli.forecast import forecast


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(forecast, [str(argument) for argument in arguments])


@pytest.fixture
def esft(shared_data: Path) -> Path:
    return shared_data / "relief" / "esft"


def test_a_need_as_json(esft: Path) -> None:
    result = run("--rates", esft, "--severe", "20", "--critical", "5", "--days", "30", "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["caseload"] == {"mild": 0, "moderate": 0, "severe": 20, "critical": 5}
    assert report["facility"] is None
    line = next(one for one in report["lines"] if one["item"] == "pulse-oximeter")
    assert line["need"] == 25
    assert line["basis"]["parts"] == [
        {
            "driver": "inpatient_sev_crit_bed",
            "column": "amount_per_inpatient_sev_crit_bed_per_day",
            "rate": "1",
            "value": "25",
            "rule": "each_bed",
            "words": "1 x 25 beds with severe or critical patients, whatever the days",
            "amount": 25,
        }
    ]


def test_cases_in_all_are_split(esft: Path) -> None:
    result = run("--rates", esft, "--cases", "100", "--days", "7", "--json")
    report = json.loads(result.stdout)
    assert report["caseload"] == {"mild": 40, "moderate": 40, "severe": 15, "critical": 5}
    assert report["sources"][1].startswith("WHO ESFT 2022.1: 40% mild")


def test_a_file_of_needs_is_written(esft: Path, tmp_path: Path) -> None:
    path = tmp_path / "needs.csv"
    result = run(
        "--rates", esft, "--hcw", "10", "--days", "30", "--buffer", "20",
        "--pack", "gloves-examination=1000", "--facility", "=Ward", "-o", path,
    )  # fmt: skip
    assert result.exit_code == 0
    assert path.read_bytes().startswith(b"facility,item,need\r\n")
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["item"]: row for row in csv.DictReader(file)}
    assert rows["gloves-examination"]["need"] == "9000"  # 24 x 10 x 30 x 1.2 = 8640
    assert rows["apron-disposable"] == {
        "facility": "'=Ward",
        "item": "apron-disposable",
        "need": "360",
    }


def test_the_calculation_in_words(esft: Path) -> None:
    result = run("--rates", esft, "--hcw", "10", "--days", "30")
    lines = result.stdout.splitlines()
    at = lines.index("300 Each  Apron, disposable  (apron-disposable)")
    assert lines[at + 1] == "    1 x 10 health workers with inpatients x 30 days"
    assert lines[-3:] == [
        "WHO COVID-19 Essential Supplies Forecasting Tool 2022.1",
        "WHO ESFT 2022.1: hours a patient takes by group of staff (hwfe.csv), shifts of 8 hours; "
        "0.06 ambulance workers and 0.02 biomedical engineers a bed; 1 relative an isolated "
        "patient",
        "WHO ESFT 2022.1: a stay of 7 days severe, 14 days critical",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (["--days", "30"], 1, "Nobody is in care."),
        (["--days", "30", "--cases", "5", "--severe", "1"], 1, "not both"),
        (["--days", "30", "--severe", "1", "-o", "needs.csv"], 1, "--facility NAME"),
        (["--days", "30", "--severe", "1", "--pack", "nothing=5"], 1, "There is no item “nothing”"),
        (["--days", "30", "--severe", "1", "--pack", "mask"], 2, "is not ITEM=UNITS"),
        (["--days", "0", "--severe", "1"], 2, "--days"),
        (["--days", "30", "--severe", "-1"], 2, "--severe"),
        (["--severe", "1"], 2, "--days"),
    ],
)
def test_what_is_refused(esft: Path, arguments: list[str], code: int, what: str) -> None:
    result = run("--rates", esft, *arguments)
    assert result.exit_code == code
    assert what in result.stderr
    assert result.stdout == ""


def test_a_folder_without_rates_is_refused(tmp_path: Path) -> None:
    result = run("--rates", tmp_path, "--severe", "1", "--days", "30")
    assert result.exit_code == 1
    assert "equipment.csv" in result.stderr
