"""Floors, caps, reserve, packs, ties, arrivals in stages, planning again, and what is left over."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation.fairness import compared, fairness
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import REASONS, Plan, allocate, replan
from medixchange.relief.allocation.problem import NOT_GIVEN, Arrival, Demand, Item, Refused
from tests.relief.allocation.cases import FIRST, SECOND, ceilings, items, made

ALL = sorted(METHODS)
each_method = pytest.mark.parametrize("method", ALL)


def shares(item: Item, method: str) -> list[int]:
    return allocate(item, method).allocated.tolist()


def left(plan: Plan) -> dict[str, int]:
    return {one.reason: one.quantity for one in plan.left_over}


# -- Small cases, worked by hand -----------------------------------------------------------------


def test_population_is_held_between_floor_and_need():
    # 400 by 1 : 3 : 6 is 40, 120, 240. C needs 100; the 300 that remain by 1 : 3 are 75 and 225.
    people = [1000, 3000, 6000]
    assert shares(made([100, 500, 100], 400, population=people), "population") == [75, 225, 100]
    # With a floor of 90 for A, B has what remains.
    floor = made([100, 500, 100], 400, population=people, floor=[90, 0, 0])
    assert shares(floor, "population") == [90, 210, 100]
    # With a cap of 200 for B besides, ten are left and A, C are not given more than theirs.
    capped = made(
        [100, 500, 100], 400, population=people, floor=[90, 0, 0], cap=[90, 200, NOT_GIVEN]
    )
    plan = allocate(capped, "population")
    assert plan.allocated.tolist() == [90, 200, 100]
    assert left(plan) == {"cap_reached": 10}


def test_population_zero_gives_the_floor_and_says_so():
    plan = allocate(made([50, 50], 80, population=[0, 10], floor=[20, 0]), "population")
    assert plan.allocated.tolist() == [20, 50]
    assert left(plan) == {"population_unknown": 10}


def test_maxmin_gives_the_single_pack_where_it_lifts_most():
    # Two packs for three at zero: A and B rise to a half and a third, C could only rise to a fifth.
    assert shares(made([20, 30, 50], 20, pack=10), "maxmin") == [10, 10, 0]
    # By quota the same goods are 0.4, 0.6 and 1 packs.
    assert shares(made([20, 30, 50], 20, pack=10), "proportional") == [0, 10, 10]


def test_utility_weighs_what_is_open_by_priority():
    # Gains of the next unit: A 1.9, 1.7, 1.5 …; B 5.7, 5.1, 4.5, 3.9, 3.3, 2.7, 2.1, 1.5. At 1.5
    # they tie and B has the higher priority.
    assert shares(made([10, 10], 10, priority=[1, 3]), "utility") == [2, 8]


def test_priorities_count_to_the_thousandth():
    priority = [Decimal("1.000"), Decimal("1.001")]
    assert shares(made([10, 10], 1, priority=priority), "utility") == [0, 1]


@each_method
def test_an_exact_tie_goes_to_the_higher_priority_then_to_the_first_name(method):
    people = [7, 7, 7]
    assert shares(made([10, 10, 10], 1, population=people), method) == [1, 0, 0]
    urgent = made([10, 10, 10], 1, population=people, priority=[1, 1, 2])
    assert shares(urgent, method) == [0, 0, 1]


@each_method
def test_packs_are_not_opened(method):
    plan = allocate(made([95, 95], 199, pack=50, population=[1, 1]), method)
    assert plan.allocated.tolist() == [50, 50]
    # 99 are left: 90 of them are asked for, 45 by each, which does not fill a pack.
    assert left(plan) == {"need_less_than_a_pack": 90, "needs_met": 9}


@each_method
def test_the_last_pack_may_go_past_the_need_where_asked_but_never_past_the_cap(method):
    people = [1, 1]
    past = made([95, 95], 300, pack=50, population=people, round_up=True)
    assert shares(past, method) == [100, 100]
    capped = made([95, 95], 300, pack=50, population=people, round_up=True, cap=[99, 100])
    assert shares(capped, method) == [50, 100]


@each_method
def test_a_floor_above_the_need_counts_up_to_the_need(method):
    plan = allocate(made([10, 100], 60, floor=[40, 20], population=[1, 1]), method)
    assert plan.by_facility()["A"] == 10
    assert plan.floors_met


@each_method
def test_a_floor_is_filled_up_to_the_pack_that_covers_it(method):
    plan = allocate(made([100, 1000], 200, pack=50, floor=[60, 0], population=[1, 1000]), method)
    assert plan.allocated.tolist() == [100, 100]


@each_method
def test_floors_that_cannot_all_be_met_rise_together_and_nobody_gets_more(method):
    item = made([90, 90, 90], 30, pack=5, floor=[10, 20, 30], population=[1, 1, 1])
    plan = allocate(item, method)
    assert not plan.floors_met
    assert plan.allocated.tolist() == [5, 10, 15]
    assert left(plan) == {}


@each_method
def test_who_needs_nothing_gets_nothing(method):
    plan = allocate(made([0, 30], 50, floor=[10, 0], population=[9, 1]), method)
    assert plan.allocated.tolist() == [0, 30]
    assert left(plan) == {"needs_met": 20}


@each_method
def test_no_facility_and_no_arrival_are_plans_too(method):
    nobody = allocate(made([], 40), method)
    assert nobody.allocated.tolist() == []
    assert left(nobody) == {"needs_met": 40}
    nothing = allocate(made([40], population=[1]), method)
    assert nothing.allocated.tolist() == [0]
    assert [stage.allocated.tolist() for stage in nothing.stages] == [[0]]


@each_method
def test_the_reserve_is_kept_back_of_each_arrival(method):
    item = made([100], Arrival(40, FIRST, 10), Arrival(20, SECOND, 20), population=[1])
    plan = allocate(item, method)
    assert [stage.allocated.tolist() for stage in plan.stages] == [[30], [30]]
    assert left(plan) == {"reserve": 30}


def test_unknown_methods_are_refused_with_those_there_are():
    with pytest.raises(Refused, match=r"no method lottery\. There are: proportional, maxmin"):
        allocate(made([1], 1), "lottery")


# -- Arrivals and planning again -------------------------------------------------------------------


def test_arrivals_are_planned_in_the_order_of_their_days_the_undated_first():
    plan = allocate(made([100], Arrival(5, SECOND), Arrival(3, FIRST), Arrival(1)), "maxmin")
    assert [(stage.available_on, stage.supplied) for stage in plan.stages] == [
        (None, 1),
        (FIRST, 4),
        (SECOND, 9),
    ]
    assert [stage.allocated.tolist() for stage in plan.stages] == [[1], [4], [9]]


def test_largest_remainders_do_not_take_back_from_one_arrival_to_the_next():
    # The Alabama paradox: alone, ten packs by 6 : 6 : 2 are 4, 4, 2, and eleven are 5, 5, 1.
    needs = [60, 60, 20]
    assert shares(made(needs, 10), "proportional") == [4, 4, 2]
    assert shares(made(needs, 11), "proportional") == [5, 5, 1]
    plan = allocate(made(needs, Arrival(10, FIRST), Arrival(1, SECOND)), "proportional")
    assert [stage.allocated.tolist() for stage in plan.stages] == [[5, 4, 1], [5, 5, 1]]


def test_what_was_shipped_may_be_above_a_share_a_need_and_a_cap():
    plan = allocate(made([10, 50], 60, shipped=[30, 0], cap=[5, NOT_GIVEN]), "proportional")
    assert plan.allocated.tolist() == [30, 30]


def test_more_cannot_have_been_shipped_than_has_arrived():
    plan = allocate(made([100], 10), "maxmin")
    with pytest.raises(Refused, match=r"11 were shipped, but the supply is only 10\."):
        replan(plan, shipped=np.array([11]))
    with pytest.raises(Refused, match=r"quantity shipped is -1"):
        replan(plan, shipped=np.array([-1]))


def test_shipments_out_of_the_reserve_leave_that_much_less_of_it():
    plan = allocate(made([100], Arrival(50, None, 20), shipped=[40]), "maxmin")
    assert plan.allocated.tolist() == [40]
    assert left(plan) == {"reserve": 10}


@given(items(), st.sampled_from(ALL))
def test_no_stage_takes_back_and_none_gives_what_is_not_there(item, method):
    plan = allocate(item, method)
    shipped, there = item.demand.shipped, 0
    before = shipped
    for stage, arrival in zip(plan.stages, item.arrivals, strict=True):
        there += arrival.quantity - arrival.reserve
        assert (stage.allocated >= before).all()
        assert int(stage.allocated.sum()) <= max(there, int(shipped.sum()))
        before = stage.allocated
    assert plan.stages[-1].allocated.tolist() == plan.allocated.tolist()


@given(items(shipping=False), st.sampled_from(["maxmin", "utility"]))
def test_planning_again_after_the_first_arrival_went_out_as_planned_changes_nothing(item, method):
    plan = allocate(item, method)
    if plan.floors_met:
        again = replan(plan, shipped=plan.stages[0].allocated)
        assert again.allocated.tolist() == plan.allocated.tolist()


@given(items(), st.sampled_from(ALL))
def test_the_whole_supply_is_shared_as_if_it_came_at_once(item, method):
    at_once = Item.of(
        "mask", item.demand, [Arrival(item.supplied, None, item.reserve)], pack=item.pack
    )
    assert allocate(item, method).allocated.tolist() == allocate(at_once, method).allocated.tolist()


# -- What holds for any case -----------------------------------------------------------------------


@given(items(), st.sampled_from(ALL))
def test_whole_packs_within_need_and_cap_nothing_taken_back_nothing_lost(item, method):
    plan = allocate(item, method)
    demand, given_out = item.demand, plan.allocated
    assert (given_out >= demand.shipped).all()
    assert ((given_out - demand.shipped) % item.pack == 0).all()
    assert (given_out <= np.array(ceilings(item))).all()
    quantities = [one.quantity for one in plan.left_over]
    assert all(quantity > 0 for quantity in quantities)
    assert int(given_out.sum()) + sum(quantities) == item.supplied
    reasons = [one.reason for one in plan.left_over]
    assert reasons == sorted(reasons, key=REASONS.index)


@given(items(), st.sampled_from(ALL))
def test_floors_come_before_anything_else(item, method):
    plan = allocate(item, method)
    demand, most = item.demand, ceilings(item)
    for at, units in enumerate(plan.allocated.tolist()):
        floor = int(demand.floor[at])
        if plan.floors_met:
            assert units >= floor or units + item.pack > most[at]
        else:
            assert units - item.pack < max(floor, int(demand.shipped[at]))


@given(items(), st.sampled_from(ALL))
def test_nothing_is_left_that_could_be_given(item, method):
    plan = allocate(item, method)
    free = item.supplied - item.reserve - int(plan.allocated.sum())
    if free < item.pack or method == "population":
        return
    for units, most in zip(plan.allocated.tolist(), ceilings(item), strict=True):
        assert units + item.pack > most


@given(items(arrivals=1), st.integers(0, 60), st.sampled_from(["maxmin", "utility"]))
def test_more_supply_takes_from_nobody(item, more, method):
    (arrival,) = item.arrivals
    richer = Item.of(
        "mask", item.demand, [Arrival(arrival.quantity + more, None, arrival.reserve)],
        pack=item.pack,
    )  # fmt: skip
    before, after = allocate(item, method), allocate(richer, method)
    assert (after.allocated >= before.allocated).all()
    if method == "maxmin" and item.demand.need.any():
        assert fairness(after).minimum_fill >= fairness(before).minimum_fill


@given(items(), st.sampled_from(ALL), st.randoms(use_true_random=False))
def test_neither_the_order_of_facilities_nor_that_of_arrivals_matters(item, method, chance):
    demand = item.demand
    order = list(range(len(demand)))
    chance.shuffle(order)
    columns = {
        name: getattr(demand, name)[order] for name in ("floor", "cap", "population", "shipped")
    }
    turned = Demand.of(
        [demand.facilities[at] for at in order],
        demand.need[order],
        priority=(demand.priority[order] // 1000),
        **columns,
    )
    arrivals = list(item.arrivals)
    chance.shuffle(arrivals)
    other = Item.of("mask", turned, arrivals, pack=item.pack)
    assert allocate(other, method).by_facility() == allocate(item, method).by_facility()


# -- How even, and who gains -----------------------------------------------------------------------


def test_the_figures_of_a_plan():
    figures = fairness(allocate(made([0, 100, 100], 100, shipped=[0, 75, 0]), "maxmin"))
    # Rates 0.75 and 0.25: half of the mean difference 0.25 (over all four pairs) by 0.5.
    assert (figures.minimum_fill, figures.gini, figures.shortfall) == (0.25, 0.25, 100)


def test_there_is_no_lowest_fill_where_nobody_needs_anything():
    figures = fairness(allocate(made([0, 0], 10), "maxmin"))
    assert (figures.minimum_fill, figures.gini, figures.shortfall) == (None, None, 0)


def test_who_loses_comes_first_in_a_comparison_and_who_stays_is_left_out():
    item = made([100, 100, 100], 150, priority=[1, 1, 4], population=[5, 1, 2])
    even, by_people = allocate(item, "maxmin"), allocate(item, "population")
    assert even.allocated.tolist() == [50, 50, 50]
    assert by_people.allocated.tolist() == [94, 19, 37]
    moved = [(row.facility, row.quantity) for row in compared(even, by_people)]
    assert moved == [("B", -31), ("C", -13), ("A", 44)]
    assert compared(even, even) == []


# -- What cannot be meant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Demand.of(["A", "A"], [1, 2]), "A occurs twice. Add its rows up."),
        (lambda: Demand.of(["A"], [-1]), "A: the need is -1. Give a number from 0"),
        (lambda: Demand.of(["A"], [10**12 + 1]), "A: the need is 1000000000001."),
        (lambda: Demand.of(["A"], [10**30]), "Quantities are whole numbers up to 10^12"),
        (lambda: Demand.of(["A"], [1.5]), "Quantities are whole numbers"),
        (lambda: Demand.of(["A"], [1, 2]), "one for each facility"),
        (lambda: Demand.of(["A"], [9], floor=[5], cap=[4]), "the cap 4 is below the floor 5"),
        (lambda: Demand.of(["A"], [9], population=[-2]), "A: the population is -2."),
        (lambda: Demand.of(["A"], [9], priority=[-1]), "A priority is a number from 0 to 1000"),
        (lambda: Demand.of(["A"], [9], priority=[Decimal("0.0001")]), "at most three decimals"),
        (lambda: Demand.of(["A"], [9], priority=[Decimal("NaN")]), "from 0 to 1000"),
        (lambda: made([1], 1, pack=0), "mask: a pack holds at least one unit."),
        (lambda: made([1], -1), "mask: a supply is a number from 0"),
        (lambda: made([1], Arrival(5, date(2020, 3, 27), 6)), "the reserve is not between"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(make, said):
    with pytest.raises(Refused) as refusal:
        make()
    assert said in str(refusal.value)
