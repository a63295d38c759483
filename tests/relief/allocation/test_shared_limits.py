"""Items that share transport: beside every way there is, and beside plans without limits."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from medixchange.relief.allocation import changes
from medixchange.relief.allocation.coupled import Limit, allocate_together
from medixchange.relief.allocation.explaining import reasons, sentence
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import Plan, allocate
from medixchange.relief.allocation.problem import Arrival, Change, Demand, Item, Refused
from tests.relief.allocation.cases import FIRST, SECOND

NAMES = "ABC"


def item(name, need, *arrivals, pack=1, **columns) -> Item:
    there = [one if isinstance(one, Arrival) else Arrival(one) for one in arrivals]
    demand = Demand.of(NAMES[: len(need)], need, **columns)
    return Item.of(name, demand, there, pack=pack)


def units(plan: Plan) -> list[int]:
    return plan.allocated.tolist()


def load(limit: Limit, items, given) -> int:
    """What these units take of a limit."""
    return sum(
        limit.loads.get(one.name, 0) * quantity
        for one, quantities in zip(items, given, strict=True)
        for facility, quantity in zip(one.demand.facilities, quantities, strict=True)
        if limit.facilities is None or facility in limit.facilities
    )


def rates(items, given) -> list[Fraction]:
    """All fill rates, lowest first."""
    return sorted(
        Fraction(quantity, need)
        for one, quantities in zip(items, given, strict=True)
        for need, quantity in zip(one.demand.need.tolist(), quantities, strict=True)
        if need
    )


def worth(items, given) -> Fraction:
    """Minus the weighted squares of what stays open, each item by its whole need."""
    return -sum(
        (
            Fraction(priority * (need - quantity) ** 2, need * sum(one.demand.need.tolist()))
            for one, quantities in zip(items, given, strict=True)
            for need, priority, quantity in zip(
                one.demand.need.tolist(), one.demand.priority.tolist(), quantities, strict=True
            )
            if need
        ),
        Fraction(0),
    )


def every_way(items, limits) -> Iterator[list[list[int]]]:
    """All that fits supply, needs and limits, in whole packs."""
    each = [
        [
            [n * one.pack for n in way]
            for way in product(*(range(n // one.pack + 1) for n in one.demand.need.tolist()))
            if sum(way) * one.pack <= one.supplied
        ]
        for one in items
    ]
    for way in product(*each):
        if all(load(limit, items, way) <= limit.capacity for limit in limits):
            yield list(way)


@st.composite
def questions(draw, *, most=6, size=3) -> tuple[list[Item], list[Limit]]:
    """Two small items and one or two limits, of which one may be a route to A alone."""
    count = draw(st.integers(1, size))

    def column(low, high):
        return draw(st.lists(st.integers(low, high), min_size=count, max_size=count))

    items = [
        item(
            name,
            column(0, most),
            draw(st.integers(0, most * count)),
            pack=draw(st.sampled_from((1, 1, 2))),
            priority=column(1, 3),
            population=column(1, 5),
        )
        for name in ("mask", "suit")
    ]

    def loads():
        return {"mask": draw(st.integers(1, 4)), "suit": draw(st.integers(0, 4))}

    limits = [Limit("all", draw(st.integers(0, 40)), loads())]
    if draw(st.booleans()):
        limits.append(Limit("A alone", draw(st.integers(0, 15)), loads(), frozenset("A")))
    return items, limits


@hypothesis_settings(max_examples=60)
@given(questions())
def test_utility_is_the_best_of_every_way_and_says_so(question):
    items, limits = question
    found = allocate_together(items, "utility", limits)
    assert worth(items, map(units, found.plans)) == max(
        worth(items, way) for way in every_way(items, limits)
    )
    assert found.optimal


@hypothesis_settings(max_examples=150)
@given(questions())
def test_maxmin_is_the_best_of_every_way_from_the_lowest_rate_to_the_highest(question):
    items, limits = question
    found = allocate_together(items, "maxmin", limits)
    best = max(rates(items, way) for way in every_way(items, limits))
    assert rates(items, map(units, found.plans)) == best
    assert found.optimal


def test_a_choice_that_only_a_higher_level_tells_apart_is_kept_open_till_then():
    # At level 0 the truck of 3 takes one mask or one suit to A and no more of either. With the
    # suit given, the one suit there is would be missing at B, which nothing else can reach.
    masks, suits = item("mask", [2, 0], 1), item("suit", [2, 3], 1)
    limits = [
        Limit("truck to A", 3, {"mask": 3, "suit": 3}, frozenset("A")),
        Limit("truck to B", 5, {"mask": 9, "suit": 5}, frozenset("B")),
    ]
    found = allocate_together([masks, suits], "maxmin", limits)
    assert [units(plan) for plan in found.plans] == [[1, 0], [0, 1]]


@pytest.mark.parametrize("method", ["maxmin", "proportional", "population"])
def test_without_time_for_a_proof_a_plan_is_given_and_not_called_the_best(method):
    masks = item("mask", [4, 4], 8, population=[1, 1])
    suits = item("suit", [4, 4], 8, population=[1, 1])
    limits = [Limit("all", 30, {"mask": 5, "suit": 6}), Limit("A", 9, {"mask": 4}, frozenset("A"))]
    found = allocate_together([masks, suits], method, limits, seconds=-1.0)
    assert not found.optimal
    assert found.proved_below == Fraction(1, 4)
    proved = allocate_together([masks, suits], method, limits)
    assert proved.optimal
    assert rates([masks, suits], map(units, found.plans))[0] == Fraction(1, 4)
    assert load(limits[0], [masks, suits], map(units, found.plans)) <= 30


def test_of_equally_good_plans_the_higher_priority_gets_the_pack():
    masks, suits = item("mask", [4], 4), item("suit", [4], 4, priority=[2])
    found = allocate_together([masks, suits], "maxmin", [Limit("all", 3, {"mask": 1, "suit": 1})])
    assert [units(plan) for plan in found.plans] == [[1], [2]]


def test_shares_are_cut_alike_and_what_is_cut_goes_to_nobody_else():
    masks = item("mask", [20, 20, 20], 30)
    truck = Limit("mountain road", 10, {"mask": 1}, frozenset("AB"))
    plan = allocate_together([masks], "proportional", [truck]).plans[0]
    assert units(plan) == [5, 5, 10]
    assert [(one.reason, one.quantity) for one in plan.left_over] == [("transport", 10)]


def test_the_sentence_of_a_facility_that_transport_stops_names_the_limit():
    masks = item("mask", [10, 10], 20, pack=2)
    route = Limit("mountain road", 5, {"mask": 1}, frozenset("A"))
    plan = allocate_together([masks], "maxmin", [route]).plans[0]
    assert [sentence(one, method="maxmin") for one in reasons(plan)] == [
        "A gets 4 of 10 (40 %): the transport limit mountain road has no room for another pack "
        "of 2.",
        "B gets all of its 10.",
    ]


def test_with_nothing_to_arrive_the_plan_is_what_was_shipped():
    plan = allocate_together([item("mask", [3])], "maxmin", []).plans[0]
    assert [stage.allocated.tolist() for stage in plan.stages] == [[0]]


@hypothesis_settings(max_examples=60)
@given(questions(most=30), st.sampled_from(sorted(METHODS)))
def test_nothing_passes_supply_need_or_limit_and_what_is_left_adds_up(question, method):
    items, limits = question
    plans = allocate_together(items, method, limits).plans
    given_units = [units(plan) for plan in plans]
    assert all(load(limit, items, given_units) <= limit.capacity for limit in limits)
    for plan in plans:
        assert (plan.allocated <= plan.item.demand.need).all()
        assert not (plan.allocated % plan.item.pack).any()
        left = sum(one.quantity for one in plan.left_over)
        assert left + int(plan.allocated.sum()) == plan.item.supplied


@hypothesis_settings(max_examples=60)
@given(questions(most=30), st.sampled_from(sorted(METHODS)))
def test_limits_that_are_not_reached_change_nothing(question, method):
    items, _limits = question
    wide = Limit("wide", 10**9, {"mask": 3, "suit": 5})
    found = allocate_together(items, method, [wide])
    alone = [allocate(one, method) for one in items]
    if method == "utility":
        # Several plans can be equally good; which one is taken differs.
        assert worth(items, map(units, found.plans)) == worth(items, map(units, alone))
    elif method == "maxmin":
        assert rates(items, map(units, found.plans)) == rates(items, map(units, alone))
    else:
        assert [units(plan) for plan in found.plans] == [units(plan) for plan in alone]


def test_a_truck_for_half_of_everything_takes_half_of_each():
    masks, suits = item("mask", [10, 10], 20), item("suit", [10, 10], 20)
    truck = Limit("truck", 60, {"mask": 1, "suit": 5})
    found = allocate_together([masks, suits], "maxmin", [truck])
    # Half of everything would take 60; so everybody gets half of both.
    assert [units(plan) for plan in found.plans] == [[5, 5], [5, 5]]
    assert [(one.reason, one.quantity) for one in found.plans[0].left_over] == [("transport", 10)]


def test_a_route_stops_only_its_own_facilities():
    masks = item("mask", [10, 10], 20)
    found = allocate_together([masks], "maxmin", [Limit("A", 4, {"mask": 1}, frozenset("A"))])
    assert units(found.plans[0]) == [4, 10]


def test_shares_are_cut_alike_where_the_truck_stops_them():
    masks = item("mask", [40, 20], 30, population=[1, 1])
    truck = Limit("truck", 15, {"mask": 1})
    assert units(allocate_together([masks], "proportional", [truck]).plans[0]) == [10, 5]
    # By population both have a share of 15; the odd pack of the cut goes to the first name.
    assert units(allocate_together([masks], "population", [truck]).plans[0]) == [8, 7]


def test_a_limit_without_a_day_holds_after_each_arrival_anew():
    masks = item("mask", [20, 20], Arrival(10, FIRST), Arrival(30, SECOND))
    truck = Limit("truck", 8, {"mask": 1})
    plan = allocate_together([masks], "maxmin", [truck]).plans[0]
    assert [stage.allocated.tolist() for stage in plan.stages] == [[4, 4], [8, 8]]


def test_a_limit_of_one_day_leaves_the_others_free():
    masks = item("mask", [20, 20], Arrival(10, FIRST), Arrival(30, SECOND))
    truck = Limit("truck", 8, {"mask": 1}, on=FIRST)
    plan = allocate_together([masks], "maxmin", [truck]).plans[0]
    assert [stage.allocated.tolist() for stage in plan.stages] == [[4, 4], [20, 20]]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_what_was_shipped_needs_no_room_and_is_not_taken_back(method):
    masks = item("mask", [10, 10], 20, shipped=[9, 0], population=[1, 1])
    found = allocate_together([masks], method, [Limit("truck", 3, {"mask": 1})])
    assert units(found.plans[0])[0] >= 9
    assert sum(units(found.plans[0])) == 12


def test_floors_come_before_the_rest():
    masks, suits = item("mask", [10, 10], 20), item("suit", [10, 10], 20, floor=[0, 6])
    truck = Limit("truck", 8, {"mask": 1, "suit": 1})
    found = allocate_together([masks, suits], "maxmin", [truck])
    assert [units(plan) for plan in found.plans] == [[1, 1], [0, 6]]
    assert [plan.floors_met for plan in found.plans] == [True, True]
    short = allocate_together([masks, suits], "maxmin", [Limit("truck", 5, truck.loads)])
    assert [units(plan) for plan in short.plans] == [[0, 0], [0, 5]]
    assert [plan.floors_met for plan in short.plans] == [True, False]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_what_was_fixed_by_hand_comes_first_and_need_not_be_whole_packs(method):
    masks = item("mask", [20, 20], 40, pack=5, population=[1, 1])
    fixed = changes.apply(masks, [Change("B", "mask", 7, "a ward burnt down")])
    found = allocate_together([fixed], method, [Limit("truck", 18, {"mask": 1})])
    assert units(found.plans[0]) == [10, 7]


def test_a_change_that_finds_no_room_is_refused():
    fixed = changes.apply(item("mask", [20, 20], 40), [Change("B", "mask", 7, "urgent")])
    with pytest.raises(Refused, match=r"7 were fixed by hand.*only 5"):
        allocate_together([fixed], "maxmin", [Limit("truck", 5, {"mask": 1})])


@pytest.mark.parametrize(
    ("limit", "message"),
    [
        (Limit("truck", -1, {"mask": 1}), "whole numbers from 0"),
        (Limit("truck", 1, {"mask": -1}), "whole numbers from 0"),
        (Limit("truck", 1, {"msak": 1}), "no item msak"),
        (Limit("truck", 1, {"mask": 10**12}), "more than 10"),
    ],
)
def test_limits_that_cannot_be_meant_are_refused(limit, message):
    with pytest.raises(Refused, match=message):
        allocate_together([item("mask", [5], 5, pack=2)], "maxmin", [limit])


def test_two_items_of_one_name_are_refused():
    with pytest.raises(Refused, match="same name"):
        allocate_together([item("mask", [5], 5), item("mask", [5], 5)], "maxmin", [])


def test_the_solver_prints_nothing(capfd):
    masks, suits = item("mask", [9, 7], 20, pack=2), item("suit", [8, 6], 9)
    limits = [Limit("a", 31, {"mask": 3, "suit": 4}), Limit("b", 7, {"mask": 1}, frozenset("A"))]
    for method in ("maxmin", "utility"):
        allocate_together([masks, suits], method, limits)
    assert capfd.readouterr() == ("", "")


def test_when_the_time_is_up_the_best_so_far_is_given_with_its_gap():
    need = [[97, 83, 61], [89, 71, 53], [79, 67, 59]]
    items = [item(name, row, 200, pack=3) for name, row in zip("xyz", need, strict=True)]
    limit = Limit("truck", 1003, {"x": 7, "y": 11, "z": 13})
    found = allocate_together(items, "utility", [limit], seconds=-1.0)
    assert load(limit, items, map(units, found.plans)) <= 1003
    assert 0 < found.gap < 0.02
    assert not found.optimal
