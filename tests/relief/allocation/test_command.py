"""``medixchange relief allocate``: files in, files out, mistakes told with file, row and remedy."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from medixchange.relief.allocation.fairness import fairness
from medixchange.relief.allocation.planning import allocate as plan_for
from medixchange.relief.allocation.problem import Arrival, Demand, Item
from medixchange.relief.cli.allocate import allocate

ROOT = Path(__file__).resolve().parents[3]
NEEDS = "facility,item,need,population\nA,mask,900,10\nB,mask,300,20\nC,mask,0,5\n"
SUPPLY = "item,quantity,pack\nmask,610,50\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command on files of these contents."""
    monkeypatch.chdir(tmp_path)

    def go(*more, needs=NEEDS, supply=SUPPLY, **files):
        for name, text in {"needs": needs, "supply": supply, **files}.items():
            content = text if isinstance(text, bytes) else text.encode()
            (tmp_path / f"{name}.csv").write_bytes(content)
        return CliRunner().invoke(
            allocate, ["--needs", "needs.csv", "--supply", "supply.csv", *more]
        )

    return go


def test_the_plan_and_its_figures(run, tmp_path):
    done = run("--method", "maxmin", "-o", "plan.csv", "--json")
    assert done.exit_code == 0, done.output
    assert (tmp_path / "plan.csv").read_text() == (
        "facility,item,allocated,fill_rate\nA,mask,450,0.500000\nB,mask,150,0.500000\nC,mask,0,\n"
    )
    result = json.loads(done.stdout)
    assert result["method"] == "maxmin"
    assert result["seconds"] >= 0
    (row,) = result["items"]
    assert row.items() >= {
        "item": "mask", "supplied": 610, "allocated": 600, "left_over": 10, "minimum_fill": 0.5,
        "gini": 0.0, "shortfall": 600, "need": 1200, "facilities": 3,
        "left_over_reasons": [{"reason": "less_than_a_pack", "quantity": 10}],
    }.items()  # fmt: skip


def test_without_an_output_the_plan_goes_down_the_pipe(run):
    done = run("--method", "population")
    assert done.stdout.splitlines()[:3] == [
        "facility,item,allocated,fill_rate",
        "A,mask,300,0.333333",
        "B,mask,300,1.000000",
    ]
    assert "lowest fill 33.3 %" in done.stderr


def test_methods_are_compared_and_every_share_is_explained(run):
    row = json.loads(run("--json", "--compare", "--explain").stdout)["items"][0]
    assert {each["method"] for each in row["compared"]} == {"population", "proportional", "utility"}
    by_people = next(each for each in row["compared"] if each["method"] == "population")
    assert by_people["lose"] == [{"facility": "A", "quantity": -150}]
    assert by_people["gain"] == [{"facility": "B", "quantity": 150}]
    assert [each["reason"] for each in row["explained"]] == ["shared", "shared", "nothing_needed"]
    assert row["explained"][0]["sentence"].startswith("A gets 450 of 900 (50 %)")


def test_shipped_stays_and_changes_are_kept(run):
    done = run(
        "--shipped", "shipped.csv", "--changes", "changes.csv",
        shipped="facility,item,quantity\nA,mask,50\n",
        changes='facility,item,quantity,reason\nB,mask,300,"Outbreak, today"\n',
    )  # fmt: skip
    assert "A,mask,300,0.333333" in done.stdout
    assert "B,mask,300,1.000000" in done.stdout


def test_names_like_formulas_are_written_safe_and_read_back(run, tmp_path):
    done = run(needs='facility,item,need\n"=cmd()",mask,100\n', supply="item,quantity\nmask,5\n")
    assert "'=cmd(),mask,5" in done.stdout
    again = run(needs="facility,item,need\n'=cmd(),mask,100\n", supply="item,quantity\nmask,5\n")
    assert again.stdout == done.stdout


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"needs": "facility,item,need\nA,mask,-1\n"}, "needs.csv, row 2: need is “-1”. It cannot"),
        ({"needs": "facility,item,need\nA,mask,1.5\n"}, "row 2: need is “1.5”. Give a whole"),
        ({"needs": 'facility,item,need\nA,mask,"1,000"\n'}, "Leave out the thousands separators"),
        ({"needs": "facility,item,need\nA,mask,1,000\n"}, "row 2: it has 4 cells for 3 columns"),
        ({"needs": "facility,item,need\nA,mask,1\nA,mask,2\n"}, "row 3: A needs mask in row 2"),
        ({"needs": "facility,item,need\nA,gown,1\n"}, "row 2: there is no supply of gown"),
        ({"needs": "facility,item\nA,mask\n"}, "row 1: there is no column need"),
        ({"needs": ""}, "needs.csv: the file is empty"),
        ({"needs": "facility,item,need,floor,cap\nA,mask,9,5,4\n"}, "the cap 4 is below the floor"),
        ({"needs": b"facility,item,need\n\xe9,mask,1\n"}, "needs.csv: the text is not UTF-8"),
        ({"needs": f"facility,item,need\nA,mask,{10**15}\n"}, "at most 1000000000000"),
        ({"needs": "facility,item,need\n,mask,1\n"}, "row 2: facility is empty"),
        ({"needs": "facility,item,need,priority\nA,mask,1,urgent\n"}, "priority is “urgent”"),
        ({"supply": "item,quantity,reserve\nmask,5,9\n"}, "the reserve 9 is more than"),
        ({"supply": "item,quantity,pack\nmask,5,1\nmask,5,2\n"}, "row 3: mask comes in packs of 1"),
        ({"supply": "item,quantity,pack\nmask,5,0\n"}, "a pack holds at least 1"),
        ({"supply": "item,quantity,available_on\nmask,5,27.3.2020\n"}, "Write the day as 2020"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_file_row_and_remedy(run, tmp_path, files, said):
    done = run("-o", "plan.csv", **files)
    assert done.exit_code == 1
    assert said in done.stderr
    assert "Nothing was planned." in done.stderr
    assert not (tmp_path / "plan.csv").exists()


def test_all_mistakes_are_told_at_once_up_to_twenty(run):
    rows = "".join(f"F{n},mask,x\n" for n in range(30))
    done = run(needs=f"facility,item,need\n{rows}")
    assert done.stderr.count("need is “x”") == 20


def test_it_needs_no_database(tmp_path):
    (tmp_path / "needs.csv").write_text(NEEDS)
    (tmp_path / "supply.csv").write_text(SUPPLY)
    data = tmp_path / "data"
    done = subprocess.run(
        [sys.executable, "-m", "medixchange", "relief", "allocate", "--needs", "needs.csv",
         "--supply", "supply.csv", "--method", "utility", "-o", "plan.csv", "--json"],
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "MEDIXCHANGE_DATA": str(data), "DATABASE_URL": "",
             "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["items"][0]["allocated"] == 600
    assert not list(data.glob("*.sqlite3"))
    with (tmp_path / "plan.csv").open(newline="") as file:
        assert sum(int(row["allocated"]) for row in csv.DictReader(file)) == 600


def test_the_worked_example_of_the_document_is_what_the_code_gives():
    demand = Demand.of(["A", "B", "C"], [900, 300, 150], priority=[1, 1, 4], population=[10, 10, 4])
    made = Item.of("mask", demand, [Arrival(605)], pack=50)
    told = re.findall(
        r"^\| (\w+) \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$",
        (ROOT / "docs" / "allocation.md").read_text(),
        re.M,
    )
    computed = []
    for method, *_numbers in told:
        plan = plan_for(made, method)
        figures = fairness(plan)
        computed.append(
            (method, *map(str, plan.allocated), f"{figures.minimum_fill:.3f}",
             f"{figures.gini:.3f}")
        )  # fmt: skip
    assert len(told) == 4
    assert told == computed
