"""Stating a need, and what covers it."""

from datetime import timedelta

import pytest

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import consignments
from medixchange.relief.actions import needs as actions
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import Need, Outcome
from medixchange.relief.queries import needs as queries
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import NeedState, TransitionRefused


@pytest.fixture
def state(relief, in_days):
    def make(**fields):
        asked = {
            "facility": relief.ward,
            "item": relief.mask,
            "quantity": 100,
            "by_when": in_days(7),
            "by": relief.nurse,
        }
        return actions.state_need(**(asked | fields))

    return make


def standing(need):
    (row,) = queries.standing(Need.objects.filter(pk=need.pk))
    return row


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_a_need_is_stated_with_all_that_is_known(relief, state, in_days):
    need = state(daily_use=12, note="Perlu segera.", note_language="id")
    need.refresh_from_db()
    assert (need.facility, need.item, need.quantity) == (relief.ward, relief.mask, 100)
    assert (need.by_when, need.daily_use, need.state) == (in_days(7), 12, NeedState.OPEN)
    assert (need.note, need.note_language, need.stated_by) == ("Perlu segera.", "id", relief.nurse)
    entry = AuditEntry.objects.get(action="need.stated")
    assert entry.details["quantity"] == 100


def test_a_new_statement_takes_the_place_of_the_open_one(relief, state):
    first = state()
    second = state(quantity=150)
    first.refresh_from_db()
    assert (first.state, first.quantity, first.replaced_by) == (NeedState.REPLACED, 100, second)
    assert second.state == NeedState.OPEN
    other = state(item=relief.kit)
    second.refresh_from_db()
    assert (second.state, other.state) == (NeedState.OPEN, NeedState.OPEN)


def test_the_same_statement_again_is_the_one_that_is_there(state):
    assert state() == state()
    assert Need.objects.count() == 1


def test_the_same_statement_after_goods_came_is_a_new_one(relief, state, lot_of, stock, sent, came):
    lot = lot_of(relief.mask, "M")
    stock(relief.store, lot, 100)
    first = state()
    came(sent(relief.store, relief.ward, lot, 30), lot, 30)
    second = state()
    assert second != first
    assert (standing(second).came, standing(second).open) == (0, 100)


@pytest.mark.parametrize(
    ("fields", "code", "where"),
    [
        ({"quantity": 0}, "not_positive", "quantity"),
        ({"quantity": -1}, "not_positive", "quantity"),
        ({"quantity": 10**11}, "too_large", "quantity"),
        ({"daily_use": -1}, "not_positive", "daily_use"),
    ],
)
def test_what_cannot_be_meant_is_refused(state, fields, code, where):
    with pytest.raises(Refused) as refused:
        state(**fields)
    assert codes(refused) == [code]
    assert refused.value.problems[0].where == where
    assert not Need.objects.exists()


def test_days_past_and_far_ahead_are_refused(state, in_days):
    # A day more than the difference of time zones.
    for by_when, code in ((in_days(-2), "past"), (in_days(4 * 365), "far")):
        with pytest.raises(Refused) as refused:
            state(by_when=by_when)
        assert codes(refused) == [code]


def test_a_store_has_no_needs(relief, state):
    with pytest.raises(Refused) as refused:
        state(facility=relief.store, by=None)
    assert codes(refused) == ["place"]


def test_only_people_of_the_facility_speak_for_it(relief, state):
    for who in (relief.agent, relief.outsider, relief.visitor, relief.staff):
        with pytest.raises(NotAllowed):
            state(by=who)
    need = state()
    for who in (relief.agent, relief.outsider, relief.visitor, relief.staff):
        with pytest.raises(NotAllowed):
            actions.withdraw(need=need, reason="?", by=who)


def test_a_need_is_withdrawn_with_a_reason_once(relief, state):
    need = state()
    with pytest.raises(Refused) as refused:
        actions.withdraw(need=need, reason=" ", by=relief.nurse)
    assert codes(refused) == ["reason_missing"]
    actions.withdraw(need=need, reason="Bangsal ditutup.", by=relief.storekeeper)
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert AuditEntry.objects.get(action="need.withdrawn").details == {"reason": "Bangsal ditutup."}
    with pytest.raises(TransitionRefused):
        actions.withdraw(need=need, reason="?", by=relief.nurse)
    assert state().state == NeedState.OPEN


def test_what_came_what_is_on_the_way_and_what_is_packed_covers_a_need(
    relief, state, lot_of, stock, sent, came
):
    lot, other = lot_of(relief.mask, "M"), lot_of(relief.mask, "N")
    stock(relief.store, lot, 500)
    stock(relief.store, other, 500)
    stock(relief.ward, other, 77)  # opening stock: nothing came
    need = state(quantity=200)
    row = sent(relief.store, relief.ward, lot, 60)
    came(row, lot, 25)
    sent(relief.store, relief.ward, other, 10)
    draft = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    consignments.pack(consignment=draft, boxes=[Contents(1, [(lot, 5)])], by=relief.agent)
    seen = standing(need)
    assert (seen.came, seen.on_the_way, seen.packed) == (25, 45, 5)
    assert (seen.shipped, seen.open, seen.share) == (75, 125, 0.375)
    consignments.cancel(consignment=draft, reason="?", by=relief.agent)
    assert standing(need).packed == 0


def test_missing_goods_of_an_open_case_are_not_on_the_way(relief, state, lot_of, stock, sent, came):
    lot = lot_of(relief.mask, "M")
    stock(relief.store, lot, 500)
    need = state()
    row = sent(relief.store, relief.ward, lot, 60)
    came(row, lot, 20, Outcome.MISSING)
    assert standing(need).on_the_way == 40


def test_damaged_goods_do_not_cover_a_need(relief, state, lot_of, stock, sent, came):
    lot = lot_of(relief.mask, "M")
    stock(relief.store, lot, 500)
    need = state()
    came(sent(relief.store, relief.ward, lot, 60), lot, 60, Outcome.DAMAGED)
    assert (standing(need).came, standing(need).open) == (0, 100)


def test_what_came_before_the_statement_does_not_count(relief, state, lot_of, stock, sent, came):
    lot = lot_of(relief.mask, "M")
    stock(relief.store, lot, 500)
    came(sent(relief.store, relief.ward, lot, 60), lot, 60)
    need = state()
    Need.objects.filter(pk=need.pk).update(stated_at=need.stated_at + timedelta(seconds=1))
    assert standing(need).came == 0


def test_each_sees_the_needs_they_serve_or_have(relief, state, in_days):
    own = state()
    abroad = actions.state_need(
        facility=relief.other_ward,
        item=relief.mask,
        quantity=5,
        by_when=in_days(3),
        by=relief.outsider,
    )
    seen = {
        name: set(queries.visible_to(getattr(relief, name)))
        for name in ("nurse", "agent", "agency_head", "outsider", "visitor", "giver", "staff")
    }
    assert seen == {
        "nurse": {own},
        "agent": {own},
        "agency_head": {own},
        "outsider": {abroad},
        "visitor": set(),
        "giver": set(),
        "staff": {own, abroad},
    }


def test_standing_asks_the_same_few_times_for_one_need_and_for_many(
    relief, state, django_assert_num_queries
):
    state()
    with django_assert_num_queries(4):
        queries.standing(Need.objects.select_related("item"))
    state(item=relief.kit)
    with django_assert_num_queries(4):
        assert len(queries.standing(Need.objects.select_related("item"))) == 2
