"""Every facility is told in one sentence why it gets what it gets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation import changes
from medixchange.relief.allocation.explaining import reasons, sentence
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import allocate, replan
from medixchange.relief.allocation.problem import NOT_GIVEN, Change
from tests.relief.allocation.cases import items, made


def told(plan):
    """The reason and the sentence of each facility."""
    return [(reason.code, sentence(reason, method=plan.method)) for reason in reasons(plan)]


def test_who_needs_nothing_and_who_gets_all():
    assert told(allocate(made([0, 40], 50), "maxmin")) == [
        ("nothing_needed", "A needs nothing and gets 0."),
        ("met", "B gets all of its 40."),
    ]


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("proportional", "A gets 50 of 100 (50 %), its share by need in whole packs of 10."),
        (
            "maxmin",
            "A gets 50 of 100 (50 %): the lowest fill rates were raised first, in packs of 10.",
        ),
        (
            "population",
            "A gets 50 of 100 (50 %), its share by the people it serves, in packs of 10.",
        ),
        (
            "utility",
            "A gets 50 of 100 (50 %): each pack went where it closes most of what is open, by "
            "priority.",
        ),
    ],
)
def test_a_share_is_explained_by_its_method(method, said):
    plan = allocate(made([100, 100], 100, pack=10, population=[1, 1]), method)
    assert told(plan)[0] == ("shared", said)


def test_a_cap_a_pack_and_a_floor_are_named():
    item = made(
        [100, 70, 300, 90],
        215,
        pack=20,
        cap=[50, NOT_GIVEN, NOT_GIVEN, NOT_GIVEN],
        floor=[0, 55, 0, 80],
        priority=[9, 1, 0, 0],
    )
    plan = allocate(item, "utility")
    assert plan.allocated.tolist() == [40, 60, 20, 80]
    assert told(plan) == [
        ("cap", "A gets 40 of 100, up to its cap of 50."),
        ("pack", "B gets 60 of 70: what is left of its need does not fill a pack of 20."),
        (
            "shared",
            "C gets 20 of 300 (7 %): each pack went where it closes most of what is open, by "
            "priority.",
        ),
        ("pack", "D gets 80 of 90: what is left of its need does not fill a pack of 20."),
    ]


def test_a_floor_is_named_where_no_more_came():
    plan = allocate(made([100, 100], 90, floor=[80, 0]), "proportional")
    assert told(plan)[0] == ("floor", "A gets 80 of 100, its floor of 80 first.")


def test_what_was_shipped_is_named():
    plan = replan(allocate(made([100, 100, 10], 100), "maxmin"), shipped=np.array([70, 0, 20]))
    assert told(plan) == [
        ("shipped", "A gets the 70 that were shipped already, of 100; nothing is taken back."),
        (
            "shared",
            "B gets 10 of 100 (10 %): the lowest fill rates were raised first, in packs of 1.",
        ),
        ("shipped", "C gets the 20 that were shipped already, of 10; nothing is taken back."),
    ]


def test_a_change_by_hand_is_told_with_its_reason():
    change = Change("A", "mask", 30, "the ward opens in May (100 % sure)")
    plan = allocate(changes.apply(made([100, 100], 100), [change]), "maxmin")
    assert told(plan)[0] == (
        "changed",
        "A gets 30 of 100, changed by hand: the ward opens in May (100 % sure)",
    )


def test_names_with_marks_of_formatting_come_through():
    plan = allocate(made([4], 2), "maxmin")
    (reason,) = reasons(plan)
    odd = type(reason)("100%(x)s {y}", reason.code, 2, 4, 1)
    assert sentence(odd, method="maxmin").startswith("100%(x)s {y} gets 2 of 4 (50 %)")


@given(items(), st.sampled_from(sorted(METHODS)))
def test_every_facility_has_one_sentence_with_its_numbers(item, method):
    plan = allocate(item, method)
    found = reasons(plan)
    assert [reason.facility for reason in found] == list(item.demand.facilities)
    assert [reason.given for reason in found] == plan.allocated.tolist()
    for reason in found:
        said = sentence(reason, method=method)
        assert said.startswith(f"{reason.facility} ")
        assert said.endswith(".")
        assert str(reason.given) in said
