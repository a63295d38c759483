"""``medixchange relief allocate``: its fields, its names, and the mistakes in its other files."""

import csv
import json
import os
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from medixchange.relief.allocation.planning import REASONS
from medixchange.relief.cli.allocate import allocate

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "allocation.md"
NEEDS = "facility,item,need\nA,mask,100\nB,mask,100\n"
SUPPLY = "item,quantity\nmask,100\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command on files of these contents, each given by its option."""
    monkeypatch.chdir(tmp_path)

    def go(*more, **files):
        given = []
        for name, text in {"needs": NEEDS, "supply": SUPPLY, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8", newline="")
            given += [f"--{name}", f"{name}.csv"]
        return CliRunner().invoke(allocate, [*given, *more])

    return go


def test_the_json_has_these_fields_for_each_item_and_no_others(run):
    done = run(
        "--json",
        supply="item,quantity,pack,available_on,reserve\n"
        "mask,75,10,2020-03-27,5\nmask,63,10,2020-04-10,\ngown,7,,,\n",
    )
    result = json.loads(done.stdout)
    assert done.stderr == ""
    assert result.keys() == {"method", "items", "seconds"}
    mask, gown = result["items"]
    assert 0 <= mask.pop("seconds") <= result["seconds"]
    assert mask == {
        "item": "mask",
        "facilities": 2,
        "need": 200,
        "supplied": 138,
        "allocated": 130,
        "left_over": 8,
        "left_over_reasons": [
            {"reason": "reserve", "quantity": 5},
            {"reason": "less_than_a_pack", "quantity": 3},
        ],
        "minimum_fill": 0.6,
        "gini": 0.038462,
        "gini_weighted": 0.038462,
        "gini_weighted_by": "need",
        "shortfall": 70,
        "floors_met": True,
        "stages": [
            {"available_on": "2020-03-27", "supplied": 75, "allocated": 70},
            {"available_on": "2020-04-10", "supplied": 138, "allocated": 130},
        ],
    }
    assert (gown["facilities"], gown["minimum_fill"], gown["gini"]) == (0, None, None)
    assert gown["left_over_reasons"] == [{"reason": "needs_met", "quantity": 7}]


def test_the_plan_goes_to_a_file_or_to_standard_output_and_is_the_same(run, tmp_path):
    piped = run()
    assert piped.stdout == (
        "facility,item,allocated,fill_rate\nA,mask,50,0.500000\nB,mask,50,0.500000\n"
    )
    assert run("-o", "-").stdout == piped.stdout
    assert run("-o", "plan.csv").stdout == ""
    assert (tmp_path / "plan.csv").read_text() == piped.stdout


def test_plan_and_json_are_not_mixed_in_one_stream(run):
    done = run("-o", "-", "--json")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "Give -o a file, or leave --json out." in done.stderr


def test_a_plan_that_cannot_be_written_is_told_in_a_line(run):
    done = run("-o", "nowhere/plan.csv")
    assert done.exit_code == 1
    assert "nowhere/plan.csv: the plan cannot be written (No such file" in done.stderr


def test_in_words_what_is_left_over_floors_and_the_other_methods(run):
    done = run(
        "--compare",
        "--explain",
        needs="facility,item,need,floor\nA,mask,100,80\nB,mask,100,40\n",
        supply="item,quantity,reserve\nmask,65,5\n",
    )
    assert done.stderr.splitlines() == [
        "population is not compared. mask: the population of A is not given. The method population "
        "needs it of every facility with a need; write 0 to give no more than the floor.",
        "mask: 60 of 65 to 2 facilities that need 200; lowest fill 20.0 %, Gini 0.167 (0.167 by "
        "need), shortfall 140",
        "  left over: 5, reserve",
        "  the supply does not fill all floors; they were filled lowest first",
        "  proportional: lowest fill 20.0 %, Gini 0.167, shortfall 140; 0 would gain, 0 lose",
        "  utility: lowest fill 20.0 %, Gini 0.167, shortfall 140; 0 would gain, 0 lose",
        "  A gets 40 of 100, its floor of 80 first.",
        "  B gets 20 of 100, its floor of 40 first.",
    ]


@pytest.mark.parametrize(
    "name",
    ["=1+1", "+62 clinic", "-Ward", "@home", "'quoted'", "''=x", "'=x", "＝x", "A, B", 'A"B'],
)
def test_a_name_comes_back_from_the_plan_as_the_same_name_and_no_formula(run, tmp_path, name):
    def table(facility):
        path = tmp_path / "made.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["facility", "item", "need"], [facility, "mask", 9]])
        return path.read_text(encoding="utf-8")

    def written(needs):
        done = run(needs=needs)
        assert done.exit_code == 0, done.output
        return next(csv.DictReader(done.stdout.splitlines()))["facility"]

    once = written(table(name))
    assert once[0] not in "=+-@＝"
    assert written(table(once)) == once


def test_an_accent_is_the_same_however_it_is_written(run):
    composed, apart = "H\u00f4pital", "Ho\u0302pital"
    twice = run(needs=f"facility,item,need\n{composed},mask,1\n{apart},mask,2\n")
    assert "row 3: Hôpital needs mask in row 2 already." in twice.stderr
    done = run(
        needs=f"facility,item,need\n{apart},mask,90\nB,mask,90\n",
        shipped=f"facility,item,quantity\n{composed},mask,70\n",
    )
    assert "Hôpital,mask,70,0.777778" in done.stdout


def test_files_of_spreadsheet_programs_are_read(run):
    done = run(
        needs="\ufeffFacility, Item ,NEED,note\r\nA,mask,100,x\r\n,,,\r\nB,mask,100\r\n",
        supply='"item","quantity"\r\n"mask","100"\r\n',
    )
    assert "A,mask,50,0.500000\nB,mask,50,0.500000\n" in done.stdout


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_heading_shows_what_parts_the_cells(run, mark):
    parted = {
        name: text.replace(",", mark)
        for name, text in {"needs": f'{NEEDS}"C, or D",mask,0\n', "supply": SUPPLY}.items()
    }
    parted["needs"] = parted["needs"].replace(f'"C{mark} or D"', "C, or D")
    assert run(**parted).stdout.endswith('B,mask,50,0.500000\n"C, or D",mask,0,\n')


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("facility;item;wanted\nA;mask;1\n",
         "row 1: there is no column need. The columns are facility, item, need, floor, cap, "
         "priority, population. The cells of this file are parted by “;”."),
        ("facility\titem\nA\tmask\n", "The cells of this file are parted by tabs."),
        ("facility;item;need\nA;mask;1;5\n",
         "row 2: it has 4 cells for 3 columns. The cells of this file are parted by “;”; a text "
         "with one needs quotes."),
        ("facility;item;need\nA,mask,1\n", "row 2: item is empty. Give one."),
        ("facility;item;need;priority\nA;mask;1;1,5\n", "row 2: priority is “1,5”."),
        ('"facility,item,need\nA,mask,1\n', "needs.csv: it cannot be read as CSV:"),
        ("\ufeff\r\n", "needs.csv: the file is empty."),
    ],
)  # fmt: skip
def test_what_parts_the_cells_is_named_where_it_matters(run, needs, said):
    done = run(needs=needs)
    assert done.exit_code == 1
    assert said in done.stderr


def test_files_come_through_pipes_too(run, tmp_path):
    read_end, write_end = os.pipe()
    os.write(write_end, NEEDS.encode().replace(b"A,", b"\xc3\x84,"))
    os.close(write_end)
    (tmp_path / "supply.csv").write_text(SUPPLY)
    done = CliRunner().invoke(
        allocate, ["--needs", f"/dev/fd/{read_end}", "--supply", str(tmp_path / "supply.csv")]
    )
    os.close(read_end)
    assert "Ä,mask,50,0.500000\n" in done.stdout


def test_a_need_smaller_than_a_pack_gets_one_only_where_asked(run):
    files = {
        "needs": "facility,item,need,cap\nA,mask,120,\nB,mask,30,\nC,mask,30,40\n",
        "supply": "item,quantity,pack\nmask,500,50\n",
    }
    given = "A,mask,{},{}\nB,mask,{},{}\nC,mask,0,0.000000\n"
    assert given.format(100, "0.833333", 0, "0.000000") in run(**files).stdout
    assert given.format(150, "1.250000", 50, "1.666667") in run("--round-up", **files).stdout


def test_the_second_gini_counts_facilities_by_people_where_all_are_given(run):
    def ginis(people):
        row = json.loads(
            run(
                "--json",
                "--changes",
                "changes.csv",
                "--compare",
                needs=f"facility,item,need,population\nA,mask,100,{people}\nB,mask,300,10\n",
                supply="item,quantity\nmask,250\n",
                changes="facility,item,quantity,reason\nA,mask,100,x\n",
            ).stdout
        )["items"][0]
        other = row["compared"][-1]
        assert (other["gini"], other["gini_weighted"]) == (row["gini"], row["gini_weighted"])
        return row["gini"], row["gini_weighted"], row["gini_weighted_by"]

    # All of A's need and half of B's: 30 people stand against 10, or 100 needed against 300.
    assert ginis(30) == (0.166667, 0.107143, "population")
    assert ginis("") == (0.166667, 0.15, "need")


def test_several_shipments_to_one_facility_add_up(run):
    done = run(shipped="facility,item,quantity\nA,mask,30\nA,mask,40\n")
    assert "A,mask,70,0.700000\nB,mask,30,0.300000\n" in done.stdout


@pytest.mark.parametrize(
    ("more", "files", "said"),
    [
        ([], {"supply": "item,quantity\nmask,-1\n"},
         "supply.csv, row 2: quantity is “-1”. It cannot be below 0."),
        ([], {"supply": "item,quantity\nmask,1000000000001\n"},
         "supply.csv, row 2: quantity is “1000000000001”. Give at most 1000000000000"),
        ([], {"supply": "item,quantity,item\nmask,1,mask\n"},
         "supply.csv, row 1: the column item occurs twice. Keep one."),
        ([], {"supply": "item,quantity\nmask,\n"},
         "supply.csv, row 2: quantity is “”. Write 0 where nothing is meant."),
        ([], {"supply": "item,quantity,available_on\nmask,1,2020-02-30\n"},
         "supply.csv, row 2: available_on is “2020-02-30”. Write the day as 2020-03-27."),
        ([], {"supply": "item,quantity,pack\nmask,1,2.5\n"},
         "supply.csv, row 2: pack is “2.5”. Give a whole number of units."),
        ([], {"needs": "facility,item,need\nA,mask,\u0661\n"},
         "needs.csv, row 2: need is “\u0661”. Give at most 1000000000000, in the digits 0 to 9."),
        ([], {"needs": "facility,item,need\nA,mask,1e3\n"},
         "needs.csv, row 2: need is “1e3”. Give a whole number in the digits 0 to 9."),
        ([], {"needs": 'facility,item,need\n"A,mask,1\n'}, "needs.csv: it cannot be read as CSV:"),
        ([], {"needs": "facility,item,need,priority\nA,mask,1,1.0001\n"},
         "needs.csv, row 2: priority is “1.0001”. Give a number from 0 to 1000"),
        ([], {"shipped": "facility,item,quantity\nC,mask,1\n"},
         "shipped.csv, row 2: C has no need of mask in the needs. Add it there."),
        ([], {"shipped": "facility,item,quantity\nA,mask,101\n"},
         "mask: 101 were shipped, but the supply is only 100."),
        ([], {"changes": "facility,item,quantity\nA,mask,1\n"},
         "changes.csv, row 1: there is no column reason."),
        ([], {"changes": "facility,item,quantity,reason\nA,mask,1,\n"},
         "changes.csv, row 2: reason is empty. Say why it is changed by hand."),
        ([], {"changes": "facility,item,quantity,reason\nA,mask,1,x\nA,mask,2,y\n"},
         "A, mask is changed twice. Keep one of them."),
        ([], {"changes": "facility,item,quantity,reason\nA,mask,101,x\n"},
         "mask: the changes and what was shipped take 101, and there are 100."),
        (["--method", "population"], {},
         "mask: the population of A is not given."),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_file_row_and_remedy(run, tmp_path, more, files, said):
    done = run("-o", "plan.csv", *more, **files)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Nothing was planned." in done.stderr
    assert not (tmp_path / "plan.csv").exists()


def test_the_mistakes_of_several_files_are_told_together(run):
    done = run(
        needs="facility,item,need\nA,mask,x\n",
        supply="item,quantity\nmask,y\n",
        changes="facility,item,quantity,reason\nA,mask,z,\n",
    )
    assert re.findall(r"^(?:medixchange: )?(\w+\.csv, row \d)", done.stderr, re.M) == [
        "needs.csv, row 2",
        "supply.csv, row 2",
        "changes.csv, row 2",
        "changes.csv, row 2",
    ]


def test_the_document_names_all_reasons_for_what_is_left_over_in_their_order():
    told = re.findall(r"^\| `(\w+)` \| [^|]+ \|$", DOCUMENT.read_text(encoding="utf-8"), re.M)
    assert tuple(told) == REASONS
