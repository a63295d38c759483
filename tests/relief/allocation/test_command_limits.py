"""``medixchange relief allocate --limits``: shared transport, from files to the plan."""

import json

import pytest
from click.testing import CliRunner

from medixchange.relief.cli.allocate import allocate

FILES = {
    "needs": "facility,item,need\nA,mask,100\nB,mask,100\nA,suit,50\nB,suit,50\n",
    "supply": "item,quantity,pack\nmask,200,5\nsuit,60,1\n",
    "limits": "route,capacity\nNorth,12.5\n",
    "loads": "item,weight\nmask,0.1\nsuit,0.5\n",
    "routes": "facility,route\nA,North\nB,\n",
}


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs the command on files of these contents."""
    monkeypatch.chdir(tmp_path)

    def go(*more, **files):
        options = []
        for name, text in {**FILES, **files}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            options += [f"--{name}", f"{name}.csv"]
        return CliRunner().invoke(allocate, [*options, *more])

    return go


def test_items_of_one_route_share_its_room(run):
    done = run("--json", "--explain", "-o", "plan.csv")
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    assert result["shared_transport"]["optimal"] is True
    masks, suits = result["items"]
    # 35 masks take 3.5 and 18 suits 9; another pack of either would take 0.5.
    assert [masks["explained"][0]["sentence"], suits["explained"][0]["sentence"]] == [
        "A gets 35 of 100 (35 %): the transport limit North has no room for another pack of 5.",
        "A gets 18 of 50 (36 %): the transport limit North has no room for another pack of 1.",
    ]
    assert masks["left_over_reasons"] == [{"reason": "transport", "quantity": 65}]


def test_other_methods_are_compared_under_the_same_limits(run):
    done = run("--compare")
    assert "shared transport: no plan is better" in done.stderr
    assert "population is not compared. mask: the population of A is not given." in done.stderr
    # A's shares are 100 masks and 30 suits and would take 25: half of each goes.
    assert "  proportional: lowest fill 50.0 %" in done.stderr
    assert "  proportional: lowest fill 30.0 %" in done.stderr


def test_limits_that_cannot_be_meant_plan_nothing(run):
    done = run(limits="route,capacity\nSouth,1\n")
    assert done.exit_code == 1
    assert "no facility is on the route South" in done.stderr
    assert "Nothing was planned." in done.stderr
