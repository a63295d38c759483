"""Limits as CSV files: what is read, what is refused, and what is told of the proof."""

from datetime import date
from fractions import Fraction

import pytest

from medixchange.core.commands import Refused
from medixchange.relief.allocation.coupled import Together
from medixchange.relief.allocation.coupled.files import read_limits
from medixchange.relief.allocation.files import BadFiles
from medixchange.relief.allocation.problem import Arrival, Demand, Item
from medixchange.relief.cli.limits import in_words, limits_of, proof

FILES = {
    "limits": "route,capacity,measure,available_on\nNorth,1.5,,\n,20,volume,2026-01-05\n",
    "loads": "item,weight,volume\nmask,0.005,2\nsuit,1,30\nglove,1,1\n",
    "routes": "facility,route\nA,North\nB,\nC,South\n",
}


@pytest.fixture
def items():
    return [
        Item.of(name, Demand.of("AB", [10, 10]), [Arrival(10)], pack=1) for name in ("mask", "suit")
    ]


@pytest.fixture
def paths(tmp_path):
    """Writes the files, some of them changed, and gives their paths."""

    def write(**changed):
        made = {}
        for name, text in {**FILES, **changed}.items():
            made[name] = tmp_path / f"{name}.csv"
            made[name].write_text(text, encoding="utf-8")
        return made

    return write


def test_limits_become_whole_numbers_of_the_smallest_part_that_is_written(items, paths):
    weight, volume = read_limits(**paths(), items=items)
    assert (weight.name, weight.capacity, weight.loads) == (
        "North", 1500, {"mask": 5, "suit": 1000},
    )  # fmt: skip
    assert (weight.facilities, weight.on) == (frozenset("A"), None)
    assert (volume.name, volume.capacity, volume.loads) == (
        "all facilities by volume on 2026-01-05", 20, {"mask": 2, "suit": 30},
    )  # fmt: skip
    assert (volume.facilities, volume.on) == (None, date(2026, 1, 5))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"limits": "route,capacity\nNorth,-1\n"}, "limits.csv, row 2: capacity is “-1”"),
        ({"limits": "route,capacity,measure\nNorth,1,length\n"}, "Write weight or volume"),
        ({"limits": "route,capacity\nNorth,1\nNorth,2\n"}, "row 3: North has a capacity"),
        ({"limits": "route,capacity\nWest,1\n"}, "no facility is on the route West"),
        ({"limits": "route,capacity,available_on\nNorth,1,5.1.\n"}, "Write the day as"),
        ({"loads": "item,weight,volume\nmask,1,1\n"}, "loads.csv: suit is missing"),
        ({"loads": "item,weight\nmask,1\nsuit,1\n"}, "row 2: volume is “”"),
        ({"loads": FILES["loads"] + "mask,1,1\n"}, "row 5: mask stands in a row above"),
        ({"routes": "facility,route\nA,North\n"}, "routes.csv: B is on no route"),
    ],
)
def test_what_cannot_be_meant_is_told_with_file_and_row(items, paths, changed, told):
    with pytest.raises(BadFiles) as refused:
        read_limits(**paths(**changed), items=items)
    assert told in str(refused.value)


def test_limits_need_loads_and_loads_need_limits(items, paths):
    found = paths()
    with pytest.raises(Refused, match="Give --loads"):
        limits_of(found["limits"], None, None, items)
    with pytest.raises(Refused, match="Give --limits"):
        limits_of(None, found["loads"], None, items)
    assert limits_of(None, None, None, items) is None


@pytest.mark.parametrize(
    ("method", "gap", "proved_below", "known", "words"),
    [
        ("utility", 0.0, None, {"optimal": True, "gap": 0.0}, "no plan is better"),
        ("utility", 4e-6, None, {"optimal": False, "gap": 4e-6}, "within 0.00040 % of the best"),
        ("maxmin", 0.0, None, {"optimal": True}, "no plan is better"),
        ("maxmin", 0.0, Fraction(1, 8), {"optimal": False, "proved_below": 0.125}, "12.5 %"),
    ],
)
def test_what_was_not_proved_is_not_called_the_best(method, gap, proved_below, known, words):
    found = proof(Together(method, (), gap, proved_below, 3, 0.1))
    assert found == {**known, "solver_runs": 3}
    assert words in in_words(found)
