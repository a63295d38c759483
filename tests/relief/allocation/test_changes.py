"""Changes by hand: what a person fixed stays as it is, with its reason, and nothing else breaks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation import changes
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import allocate, replan
from medixchange.relief.allocation.problem import NOT_GIVEN, Arrival, Change, Refused
from tests.relief.allocation.cases import FIRST, SECOND, ceilings, items, made


def fix(facility: str, quantity: int, reason: str = "Agreed by telephone", item: str = "mask"):
    return Change(facility, item, quantity, reason)


def test_without_changes_the_item_is_the_same():
    item = made([10, 20], 15)
    assert changes.apply(item, []) is item
    assert changes.apply(item, [fix("A", 5, item="gown")]) is item


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_facility_fixed_at_nothing_gets_nothing_and_the_rest_goes_on(method):
    item = changes.apply(made([100, 100], 120, population=[1, 1]), [fix("A", 0)])
    plan = allocate(item, method)
    assert plan.allocated.tolist() == [0, 100]
    assert [(one.reason, one.quantity) for one in plan.left_over] == [("changed_by_hand", 20)]


def test_what_is_fixed_need_not_be_whole_packs_and_may_pass_the_need():
    item = changes.apply(made([100, 200], 200, pack=50), [fix("A", 130)])
    plan = allocate(item, "maxmin")
    assert plan.allocated.tolist() == [130, 50]
    assert [(one.reason, one.quantity) for one in plan.left_over] == [("less_than_a_pack", 20)]


def test_a_floor_does_not_move_what_is_fixed():
    item = changes.apply(made([100, 100], 100, floor=[60, 60]), [fix("A", 10)])
    plan = allocate(item, "proportional")
    assert plan.allocated.tolist() == [10, 90]
    assert plan.floors_met


def test_all_may_be_fixed():
    item = changes.apply(made([100, 100], 100), [fix("A", 10), fix("B", 20)])
    plan = allocate(item, "utility")
    assert plan.allocated.tolist() == [10, 20]
    assert [(one.reason, one.quantity) for one in plan.left_over] == [("changed_by_hand", 70)]


def test_the_reasons_stay_with_the_item_and_through_planning_again():
    change = fix("A", 40, "Ward closed until May")
    plan = allocate(changes.apply(made([100, 100], 100), [change]), "maxmin")
    again = replan(plan, shipped=np.array([30, 10]))
    assert again.item.changes == (change,)
    assert again.allocated.tolist() == [40, 60]


def test_what_is_fixed_comes_with_the_arrivals_that_there_are():
    item = made([100, 100], Arrival(20, FIRST), Arrival(80, SECOND))
    plan = allocate(changes.apply(item, [fix("A", 90)]), "maxmin")
    first, last = (stage.allocated for stage in plan.stages)
    assert last.tolist() == [90, 10]
    assert (first <= last).all()
    assert int(first.sum()) == 20


def test_two_changes_of_one_facility_are_refused():
    with pytest.raises(Refused, match=r"A, mask is changed twice\. Keep one of them\."):
        changes.apply(made([100], 100), [fix("A", 10), fix("A", 10)])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (fix("A", 10, ""), "A, mask: say why it is changed."),
        (fix("A", 10, " \t"), "A, mask: say why it is changed."),
        (fix("Z", 10), "Z has no need of mask on the list."),
        (fix("A", -1), "A: give a number from 0 to 10^12."),
        (fix("A", 10**12 + 1), "A: give a number from 0 to 10^12."),
        (fix("B", 9), "B: 10 were shipped already and are not taken back."),
        (fix("C", 61), "C: 61 is above its cap of 60."),
        # 150 less the reserve of 20, and B's 10 are bound.
        (fix("A", 121), "mask: the changes and what was shipped take 131, and there are 130."),
    ],
)
def test_a_change_that_cannot_be_is_refused_with_the_reason(change, said):
    item = made(
        [200, 100, 100],
        Arrival(150, None, 20),
        shipped=[0, 10, 0],
        cap=[NOT_GIVEN, NOT_GIVEN, 60],
    )
    with pytest.raises(Refused) as refusal:
        changes.apply(item, [change])
    assert str(refusal.value) == said


def test_the_most_there_is_may_be_fixed():
    item = made([200, 100], Arrival(150, None, 20), shipped=[0, 10])
    plan = allocate(changes.apply(item, [fix("A", 120)]), "maxmin")
    assert plan.allocated.tolist() == [120, 10]


@given(items(), st.sampled_from(sorted(METHODS)), st.data())
def test_the_fixed_stay_fixed_and_all_else_holds(item, method, data):
    demand = item.demand
    free = item.supplied - item.reserve - int(demand.shipped.sum())
    wanted = []
    for at, facility in enumerate(demand.facilities):
        if free < 0 or not data.draw(st.booleans()):
            continue
        shipped, cap = int(demand.shipped[at]), int(demand.cap[at])
        if shipped > cap != NOT_GIVEN:
            continue
        most = shipped + free if cap == NOT_GIVEN else min(shipped + free, cap)
        quantity = data.draw(st.integers(shipped, most))
        free -= quantity - shipped
        wanted.append(fix(facility, quantity))
    plan = allocate(changes.apply(item, wanted), method)
    by_hand = {change.facility: change.quantity for change in wanted}
    most = ceilings(item)
    for at, (facility, units) in enumerate(plan.by_facility().items()):
        shipped = int(demand.shipped[at])
        assert units >= shipped
        if facility in by_hand:
            assert units == by_hand[facility]
        else:
            assert (units - shipped) % item.pack == 0
            assert units <= most[at]
    given_out = int(plan.allocated.sum())
    assert given_out + sum(one.quantity for one in plan.left_over) == item.supplied
    before = demand.shipped
    for stage in plan.stages:
        assert (stage.allocated >= before).all()
        before = stage.allocated
