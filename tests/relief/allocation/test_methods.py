"""The four methods: small cases by hand, properties, and exactness beside every possibility."""

from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation import changes
from medixchange.relief.allocation.fairness import fairness, gini
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import allocate, replan
from medixchange.relief.allocation.problem import Arrival, Change, Demand, Item, Refused


def item(need, supply, *, pack=1, arrivals=None, **columns):
    """An item named mask; facilities are A, B, C … in the order of the needs."""
    names = [chr(ord("A") + at) for at in range(len(need))]
    there = arrivals or [Arrival(supply)]
    return Item.of("mask", Demand.of(names, need, **columns), there, pack=pack)


def shares(made, method):
    return allocate(made, method).allocated.tolist()


def test_proportional_shares_are_rounded_by_largest_remainders():
    # 10 packs by 500, 300, 200: 5, 3, 2. By 503, 299, 198: 5.03, 2.99, 1.98, so 5, 3, 2 again.
    assert shares(item([500, 300, 200], 500, pack=50), "proportional") == [250, 150, 100]
    assert shares(item([503, 299, 198], 500, pack=50), "proportional") == [250, 150, 100]


def test_maxmin_lifts_the_lowest_fill_rate_first():
    # Seven packs of 10: A and B reach 30 of 100 and 40 of 120 before C (10 of 20) gets more.
    made = allocate(item([100, 20], 60, pack=10), "maxmin")
    assert made.allocated.tolist() == [50, 10]
    assert fairness(made).minimum_fill == 0.5


def test_population_shares_follow_the_people_served_up_to_the_need():
    # 300 by 1 : 2 would be 100 and 200; B needs only 150, so A gets the rest.
    assert shares(item([500, 150], 300, population=[1000, 2000]), "population") == [150, 150]


def test_population_is_asked_for_by_its_method():
    with pytest.raises(Refused) as refusal:
        allocate(item([5, 5], 3), "population")
    assert "population of A is not given" in str(refusal.value)


def test_utility_follows_priorities():
    # Of equal needs the one of twice the priority keeps half as much open.
    assert shares(item([90, 90], 90, priority=[1, 2]), "utility") == [30, 60]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_enough_for_all_is_given_to_all(method):
    made = allocate(item([30, 20], 90, pack=10, population=[1, 1]), method)
    assert made.allocated.tolist() == [30, 20]
    assert [(left.reason, left.quantity) for left in made.left_over] == [("needs_met", 40)]


@pytest.mark.parametrize("method", sorted(METHODS))
def test_nothing_is_nothing(method):
    assert shares(item([30, 0], 0, population=[1, 1]), method) == [0, 0]


def test_floors_come_first_and_caps_are_kept():
    assert shares(item([100, 100], 100, floor=[0, 60]), "proportional") == [40, 60]
    assert shares(item([100, 100], 120, cap=[30, 100]), "maxmin") == [30, 90]


def test_floors_that_cannot_all_be_met_are_filled_lowest_first():
    made = allocate(item([100, 100], 60, floor=[80, 40]), "proportional")
    assert made.allocated.tolist() == [40, 20]
    assert not made.floors_met


def test_what_is_left_over_has_its_reasons():
    made = allocate(item([100, 100], 0, pack=50, arrivals=[Arrival(130, None, 20)]), "maxmin")
    assert made.allocated.tolist() == [50, 50]
    assert {left.reason: left.quantity for left in made.left_over} == {
        "reserve": 20,
        "less_than_a_pack": 10,
    }


def test_a_later_arrival_only_adds():
    arrivals = [Arrival(40, date(2020, 3, 27)), Arrival(60, date(2020, 4, 10))]
    made = allocate(item([100, 50], 0, arrivals=arrivals), "maxmin")
    first, last = made.stages
    assert (first.available_on, int(first.allocated.sum())) == (date(2020, 3, 27), 40)
    assert (last.allocated >= first.allocated).all()
    assert last.allocated.tolist() == made.allocated.tolist() == [66, 34]


def test_what_was_shipped_is_never_taken_back():
    made = allocate(item([100, 100], 100), "maxmin")
    again = replan(made, shipped=np.array([80, 0]))
    assert again.allocated.tolist() == [80, 20]


def test_a_change_by_hand_stays_and_the_rest_is_shared_around_it():
    fixed = changes.apply(
        item([100, 100, 100], 150), [Change("A", "mask", 90, "An outbreak in the ward")]
    )
    assert shares(fixed, "maxmin") == [90, 30, 30]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("A", "mask", 10, " "), "say why"),
        (Change("X", "mask", 10, "Why"), "no need of mask"),
        (Change("A", "mask", 151, "Why"), "there are 150"),
        (Change("B", "mask", 5, "Why"), "10 were shipped already"),
        (Change("C", "mask", 61, "Why"), "above its cap of 60"),
        (Change("A", "mask", -1, "Why"), "from 0"),
    ],
)
def test_a_change_that_cannot_be_is_refused(change, said):
    made = item([100, 100, 100], 150, shipped=[0, 10, 0], cap=[200, 200, 60])
    with pytest.raises(Refused) as refusal:
        changes.apply(made, [change])
    assert said in str(refusal.value)


def test_the_gini_coefficient_of_known_values():
    assert gini(np.array([1.0, 1.0, 1.0])) == 0
    assert gini(np.array([0.0, 0.0, 1.0])) == pytest.approx(2 / 3)
    assert gini(np.array([0.0, 0.0])) == 0


# -- What holds for any case -------------------------------------------------------------------

NEEDS = st.lists(st.integers(0, 60), min_size=1, max_size=6)


@st.composite
def cases(draw):
    need = draw(NEEDS)
    size = len(need)
    numbers = st.lists(st.integers(0, 30), min_size=size, max_size=size)
    floor = draw(numbers)
    cap = [least + more for least, more in zip(floor, draw(numbers), strict=True)]
    people = draw(st.lists(st.integers(1, 9), min_size=size, max_size=size))
    urgent = draw(st.lists(st.integers(0, 5), min_size=size, max_size=size))
    return item(
        need,
        draw(st.integers(0, 150)),
        pack=draw(st.integers(1, 7)),
        floor=floor,
        cap=cap,
        population=people,
        priority=urgent,
    )


@given(cases(), st.sampled_from(sorted(METHODS)))
def test_whole_packs_within_bounds_and_nothing_is_lost(made, method):
    plan = allocate(made, method)
    given_out = plan.allocated
    assert (given_out % made.pack == 0).all()
    assert (given_out >= 0).all()
    assert (given_out <= np.minimum(made.demand.need, made.demand.cap)).all()
    assert int(given_out.sum()) + sum(left.quantity for left in plan.left_over) == made.supplied


@given(cases(), st.sampled_from(sorted(METHODS)))
def test_the_order_of_rows_does_not_matter(made, method):
    demand = made.demand
    order = list(range(len(demand)))[::-1]
    turned = Demand.of(
        [demand.facilities[at] for at in order],
        demand.need[order],
        floor=demand.floor[order],
        cap=demand.cap[order],
        priority=demand.priority[order] // 1000,
        population=demand.population[order],
    )
    other = Item.of("mask", turned, made.arrivals, pack=made.pack)
    assert allocate(other, method).by_facility() == allocate(made, method).by_facility()


@given(NEEDS, st.integers(0, 120), st.integers(1, 5))
def test_proportional_shares_keep_quota(need, supply, pack):
    plan = allocate(item(need, supply, pack=pack), "proportional")
    packs, total = supply // pack, sum(need)
    if not total or packs * pack >= total:
        return
    for asked, share in zip(need, plan.allocated.tolist(), strict=True):
        exact = packs * asked / total
        if share + pack <= asked:  # what its need cuts short goes to the others
            assert share / pack > exact - 1
    at_need = [share + pack > asked for asked, share in zip(need, plan.allocated, strict=True)]
    if not any(at_need):
        for asked, share in zip(need, plan.allocated.tolist(), strict=True):
            assert share / pack < packs * asked / total + 1


@given(NEEDS, st.integers(0, 100), st.integers(0, 40), st.integers(1, 5))
def test_more_supply_never_lowers_the_lowest_fill_rate(need, supply, more, pack):
    before = fairness(allocate(item(need, supply, pack=pack), "maxmin")).minimum_fill
    after = fairness(allocate(item(need, supply + more, pack=pack), "maxmin")).minimum_fill
    assert before is None or after >= before


@given(cases(), st.sampled_from(sorted(METHODS)), st.data())
def test_replanning_never_takes_back(made, method, data):
    plan = allocate(made, method)
    shipped = np.array([data.draw(st.integers(0, int(units))) for units in plan.allocated])
    again = replan(plan, shipped=shipped)
    assert (again.allocated >= shipped).all()


# -- Exactness beside every possibility ----------------------------------------------------------

SMALL = st.lists(st.integers(1, 9), min_size=1, max_size=4)


def possible(need, packs, pack):
    """Every way of giving out all packs that fit into the needs."""
    rooms = [asked // pack for asked in need]
    all_packs = min(packs, sum(rooms))
    for way in product(*(range(room + 1) for room in rooms)):
        if sum(way) == all_packs:
            yield [count * pack for count in way]


@given(SMALL, st.integers(0, 25), st.integers(1, 3))
def test_maxmin_is_the_best_of_all_possibilities(need, supply, pack):
    rates = [
        sorted(units / asked for units, asked in zip(way, need, strict=True))
        for way in possible(need, supply // pack, pack)
    ]
    ours = shares(item(need, supply, pack=pack), "maxmin")
    assert sorted(units / asked for units, asked in zip(ours, need, strict=True)) == max(rates)


@given(SMALL, st.integers(0, 25), st.integers(1, 3), st.lists(st.integers(1, 4), min_size=4))
def test_utility_is_the_least_of_all_possibilities(need, supply, pack, urgent):
    urgent = urgent[: len(need)]

    def open_share(way):
        return sum(
            weight * (asked - units) ** 2 / asked
            for weight, asked, units in zip(urgent, need, way, strict=True)
        )

    ours = shares(item(need, supply, pack=pack, priority=urgent), "utility")
    least = min(open_share(way) for way in possible(need, supply // pack, pack))
    assert open_share(ours) == pytest.approx(least)
