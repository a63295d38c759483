"""``medixchange relief import donations`` as a person or a pipe runs it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medixchange.relief.cli.donations import donations
from tests.relief.interchange.conftest import Filed

ONE = "country,goods,qty,progress,recipient\nJapan,Face Mask,500,Arrived,Red Cross\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(donations, [str(argument) for argument in arguments])


def test_the_published_list_as_json(shared_data: Path) -> None:
    path = shared_data / "relief" / "donations_published_2020.csv"
    result = run(path, "--dry-run", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    assert report["totals"] == {
        "rows": 20,
        "taken": 9,
        "settle": 11,
        "refused": 0,
        "blank": 0,
        "lines": 22,
        "importable": 15,
    }
    assert [row["row"] for row in report["rows"]] == list(range(2, 22))
    assert report["rows"][6] == {
        "row": 8,
        "outcome": "settle",
        "reasons": [
            {
                "what": "for 4 countries together (MY, ID, PH, TH); their split is not said.",
                "where": "row 8, column country",
                "remedy": "Ask the donor for the part of each. Until then the split stays open.",
            },
            {
                "what": "the recipient is still to be determined.",
                "where": "row 8, column recipient",
                "remedy": "Ask the donor who takes the goods over.",
            },
        ],
        "notes": [],
        "lines": [
            {
                "countries": ["MY", "ID", "PH", "TH"],
                "country": None,
                "region": None,
                "split": "open",
                "item": "mask",
                "item_text": "Face Mask",
                "quantity": 2000000,
                "quantity_text": "2,000,000",
                "state": "in_preparation",
                "state_text": "In Preparation",
                "recipients": [],
                "importable": True,
            }
        ],
    }


def test_the_report_in_words(filed: Filed) -> None:
    path = filed(ONE + "Africa,NAT,5,Arrived,Red Cross\nJapan,Mask,-5,Arrived,X\n")
    result = run(path, "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "row 2: taken",
        "  JP: 500 mask, arrived",
        "row 3: to settle",
        "  Africa: 5 “NAT”, arrived",
        "  row 3, column country: Africa is a region; which countries get how much is not said. "
        "Ask the donor for the countries. A region is never filled in by itself.",
        "  row 3, column goods: “NAT” is no item we know. "
        "Ask what it stands for, and add the item or this name of it.",
        "row 4: refused",
        "  row 4, column qty: the quantity “-5” is not above zero. "
        "Correct it; record goods that go back as a return.",
        "3 rows: 1 taken, 1 to settle, 1 refused.",
    ]


@pytest.mark.parametrize("content", ["", "facility,item,need\nA,mask,5\n", "{}"])
def test_a_file_that_is_no_list_is_refused(filed: Filed, content: str) -> None:
    result = run(filed(content), "--dry-run", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("medixchange: table.csv: ")
    assert result.stderr.endswith(" Nothing was read.\n")


def test_refused_rows_do_not_refuse_the_file(filed: Filed) -> None:
    result = run(filed("country,goods,qty\nJapan,Mask,-5\n"), "--dry-run", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["totals"]["refused"] == 1


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path / "none.csv", "--dry-run").exit_code == 2


def test_an_encoding_can_be_named(filed: Filed) -> None:
    path = filed("country,goods,qty\nЯпония,Mask,5\n".encode("cp1251"))
    assert run(path, "--dry-run").exit_code == 1
    assert run(path, "--dry-run", "--encoding", "cp1251").exit_code == 0


def test_without_a_dry_run_nothing_is_said_to_be_kept(filed: Filed) -> None:
    result = run(filed(ONE), "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Add --dry-run" in result.stderr
