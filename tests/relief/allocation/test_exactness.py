"""The best of all possibilities, by trying every one, and exactness where numbers are large."""

import heapq
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation.planning import allocate
from tests.relief.allocation.cases import ceilings, every_way, items, made

SMALL = items(most_facilities=4, most_need=20, arrivals=1)
LARGE = st.integers(10**11, 10**12) | st.integers(10**12 - 20, 10**12)


def rates(units, measure):
    """Fill rates of those that measure something, the lowest first."""
    return sorted(
        Fraction(unit, asked) for unit, asked in zip(units, measure, strict=True) if asked
    )


@given(SMALL)
def test_maxmin_has_the_highest_sorted_fill_rates_under_floors_caps_and_shipments(item):
    plan = allocate(item, "maxmin")
    demand = item.demand
    measure = demand.need.tolist() if plan.floors_met else demand.floor.tolist()
    best = max(rates(way, measure) for way in every_way(item))
    assert rates(plan.allocated.tolist(), measure) == best


@given(SMALL)
def test_utility_leaves_the_least_open_under_floors_caps_and_shipments(item):
    plan = allocate(item, "utility")
    if not plan.floors_met:
        return
    demand = item.demand

    def unmet(units):
        return sum(
            Fraction(weight * max(asked - unit, 0) ** 2, asked)
            for weight, asked, unit in zip(
                demand.priority.tolist(), demand.need.tolist(), units, strict=True
            )
            if asked
        )

    assert unmet(plan.allocated.tolist()) == min(map(unmet, every_way(item)))


@given(SMALL)
def test_proportional_gives_out_all_that_fits_floors_first(item):
    assert allocate(item, "proportional").allocated.tolist() in list(every_way(item))


def quotas_between(low, high, weights, total):
    """One factor times each weight, held between the bounds, so that all add up to the total."""
    corners = sorted(
        Fraction(bound, weight)
        for least, most, weight in zip(low, high, weights, strict=True)
        if weight
        for bound in (least, most)
    )

    def at(factor):
        return [
            min(max(factor * weight, least), most)
            for least, most, weight in zip(low, high, weights, strict=True)
        ]

    below = max((corner for corner in corners if sum(at(corner)) <= total), default=Fraction(0))
    free = sum(
        weight
        for least, most, weight in zip(low, high, weights, strict=True)
        if weight and least <= below * weight < most
    )
    return at(below + (total - sum(at(below))) / free) if free else at(below)


@given(items(most_facilities=5, arrivals=1), st.sampled_from(["proportional", "population"]))
def test_every_share_is_within_a_pack_of_its_quota_between_floor_and_cap(item, method):
    plan = allocate(item if method == "proportional" else everybody_counted(item), method)
    if not plan.floors_met:
        return
    demand, pack = plan.item.demand, item.pack
    shipped = demand.shipped.tolist()
    most = ceilings(item)
    high = [had + (top - had) // pack * pack for had, top in zip(shipped, most, strict=True)]
    low = [
        min(had + -(-max(floor - had, 0) // pack) * pack, top)
        for had, floor, top in zip(shipped, demand.floor.tolist(), high, strict=True)
    ]
    weights = (demand.need if method == "proportional" else demand.population).tolist()
    there = (item.supplied - item.reserve - sum(shipped)) // pack * pack + sum(shipped)
    exact = quotas_between(low, high, weights, min(there, sum(high)))
    for share, quota in zip(plan.allocated.tolist(), exact, strict=True):
        assert abs(share - quota) < pack


def everybody_counted(item):
    """The same with at least one person served everywhere."""
    return replace(item, demand=replace(item.demand, population=item.demand.population + 1))


def one_by_one(needs, packs, pack, level):
    """Give pack by pack to the lowest level; the slow way, in fractions."""
    units = [0] * len(needs)
    waiting = [(level(needs[at], 0), needs[at], at) for at in range(len(needs))]
    heapq.heapify(waiting)
    while packs and waiting:
        _level, asked, at = heapq.heappop(waiting)
        if units[at] + pack > asked:
            continue
        units[at] += pack
        packs -= 1
        heapq.heappush(waiting, (level(asked, units[at]), asked, at))
    return units


@given(st.lists(LARGE, min_size=1, max_size=6), st.integers(0, 120), st.integers(1, 12))
def test_maxmin_is_exact_where_floating_point_is_not(needs, packs, slices):
    pack, packs = 10**11 // slices, min(packs, 10 * slices)
    plan = allocate(made(needs, packs * pack, pack=pack), "maxmin")
    slow = one_by_one(needs, packs, pack, lambda asked, units: Fraction(units, asked))
    assert plan.allocated.tolist() == slow


def test_two_needs_that_differ_by_one_in_10_to_the_12th_are_told_apart():
    needs, pack = [10**12 - 1, 10**12], 10**9
    # After a pack each, the larger need has the lower fill rate, by a part in 10^15.
    plan = allocate(made(needs, 3 * pack, pack=pack), "maxmin")
    assert plan.allocated.tolist() == [pack, 2 * pack]
    # Quotas of nearly half a pack: the larger need has the larger remainder.
    plan = allocate(made(needs, pack, pack=pack), "proportional")
    assert plan.allocated.tolist() == [0, pack]
    # The first pack gains 2 - pack / need for each unit: a trace more where the need is larger.
    plan = allocate(made(needs, pack, pack=pack), "utility")
    assert plan.allocated.tolist() == [0, pack]


@given(
    st.lists(st.integers(1, 10**12), min_size=1, max_size=8),
    st.integers(1, 10**10),
    st.integers(0, 10**13),
)
def test_largest_remainders_are_exact_for_large_numbers(multiples, pack, supply):
    needs = [asked // pack * pack for asked in multiples]
    supply = min(supply, 10**12)
    plan = allocate(made(needs, supply, pack=pack), "proportional")
    packs, total = supply // pack, sum(needs)
    if packs * pack >= total:
        assert plan.allocated.tolist() == needs
        return
    quotas = [Fraction(packs * asked, total) for asked in needs]
    whole = [int(quota) for quota in quotas]
    order = sorted(range(len(needs)), key=lambda at: (whole[at] - quotas[at], at))
    for at in order[: packs - sum(whole)]:
        whole[at] += 1
    assert plan.allocated.tolist() == [count * pack for count in whole]
