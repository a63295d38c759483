"""A consignment's way: what each step does to the ledger, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import consignments, lots
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import Balance, Flow, StageKind
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import ConsignmentState, TransitionRefused


def leave(consignment, by, key="d", at=None):
    return consignments.dispatch(
        consignment=consignment, key=key, happened_at=at or timezone.now(), by=by
    )


def land(consignment, by, key="a"):
    return consignments.arrive(
        consignment=consignment, key=key, happened_at=timezone.now(), by=by, location="An airport"
    )


def on_the_way(consignment):
    return {
        (row.place.kind, row.lot.number): row.quantity
        for row in consignments.on_the_way(consignment)
    }


def test_a_dispatch_takes_what_is_packed_out_of_the_donors_account(relief, packed):
    posted = leave(packed, relief.giver)
    packed.refresh_from_db()
    assert packed.state == ConsignmentState.DEPARTED
    assert on_the_way(packed) == {("transit", "M1"): 1000, ("transit", "K1"): 96}
    assert sorted(
        Balance.objects.filter(place=relief.donor).values_list("quantity", flat=True)
    ) == [
        -1000,
        -96,
    ]
    assert posted.document.consignment == packed
    assert packed.stages.get().kind == StageKind.DEPARTED
    assert set(Flow.objects.values_list("from_kind", "to_kind", "country")) == {
        ("donor", "transit", "ID")
    }


def test_a_dispatch_pressed_twice_is_posted_once(relief, packed):
    at = timezone.now()
    assert leave(packed, relief.giver, at=at).new
    assert not leave(packed, relief.giver, at=at).new
    assert packed.stages.count() == 1


def test_what_has_left_cannot_leave_again_or_be_packed_anew(relief, packed):
    leave(packed, relief.giver)
    with pytest.raises(TransitionRefused):
        leave(packed, relief.giver, key="another")
    with pytest.raises(Refused):
        consignments.pack(consignment=packed, boxes=[], by=relief.giver)
    assert on_the_way(packed) == {("transit", "M1"): 1000, ("transit", "K1"): 96}


def test_a_dispatch_taken_back_leaves_both_documents_and_no_goods_on_the_way(relief, packed):
    leave(packed, relief.giver)
    consignments.undo_dispatch(
        consignment=packed, key="u", note="Wrong plane", note_language="en", by=relief.giver
    )
    packed.refresh_from_db()
    assert packed.state == ConsignmentState.DRAFT
    assert on_the_way(packed) == {}
    assert packed.documents.count() == 2
    assert leave(packed, relief.giver, key="d2").new
    assert list(stock_of.faults()) == []


def test_landing_moves_all_of_it_to_customs(relief, packed):
    leave(packed, relief.giver)
    assert land(packed, relief.agent).new
    assert not land(packed, relief.agent).new
    assert on_the_way(packed) == {("customs", "M1"): 1000, ("customs", "K1"): 96}
    packed.refresh_from_db()
    assert packed.state == ConsignmentState.ARRIVED


def test_nothing_happens_to_it_before_it_left(relief, packed):
    leave(packed, relief.giver)
    for act in (
        lambda at: consignments.arrive(
            consignment=packed, key="a", happened_at=at, by=relief.agent
        ),
        lambda at: consignments.record_stage(
            consignment=packed, kind=StageKind.IN_TRANSPORT, happened_at=at, by=relief.agent
        ),
    ):
        with pytest.raises(Refused) as refusal:
            act(timezone.now() - timedelta(days=365))
        assert refusal.value.problems[0].where == "happened_at"
    assert on_the_way(packed) == {("transit", "M1"): 1000, ("transit", "K1"): 96}


def test_customs_hold_and_release_are_stages_and_move_nothing(relief, packed):
    leave(packed, relief.giver)
    land(packed, relief.agent)
    for kind, state in (
        (StageKind.HELD, ConsignmentState.HELD),
        (StageKind.RELEASED, ConsignmentState.RELEASED),
    ):
        consignments.record_stage(
            consignment=packed,
            kind=kind,
            happened_at=timezone.now(),
            note="Papers",
            note_language="en",
            by=relief.carrier if packed.carrier else relief.agent,
        )
        packed.refresh_from_db()
        assert packed.state == state
    assert on_the_way(packed) == {("customs", "M1"): 1000, ("customs", "K1"): 96}
    assert AuditEntry.objects.filter(action="consignment.stage").count() == 2


def test_customs_cannot_hold_what_has_not_landed(relief, packed):
    leave(packed, relief.giver)
    with pytest.raises(TransitionRefused) as refusal:
        consignments.record_stage(
            consignment=packed, kind=StageKind.HELD, happened_at=timezone.now(), by=relief.agent
        )
    assert "on the way" in str(refusal.value)


def test_within_a_country_goods_go_by_the_transport_account(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    made = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    consignments.pack(consignment=made, boxes=[Contents(1, [(lot, 60)])], by=relief.agent)
    leave(made, relief.agent)
    assert on_the_way(made) == {("transport", "M1"): 60}
    assert stock_of.quantity(relief.store, relief.mask) == 40
    with pytest.raises(Refused):
        land(made, relief.agent)


def test_a_store_cannot_send_what_it_has_not(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 50)
    made = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    consignments.pack(consignment=made, boxes=[Contents(1, [(lot, 60)])], by=relief.agent)
    with pytest.raises(Refused) as refusal:
        leave(made, relief.agent)
    assert refusal.value.problems[0].code == "below_zero"
    made.refresh_from_db()
    assert made.state == ConsignmentState.DRAFT


def test_recalled_and_expired_lots_do_not_leave(relief, lot_of, stock):
    old = lot_of(relief.kit, "OLD", expires_on=timezone.now().date() - timedelta(days=1))
    bad = lot_of(relief.mask, "BAD")
    stock(relief.store, old, 10)
    stock(relief.store, bad, 10)
    lots.recall(number="bad", item=relief.mask, reason="Torn straps", by=relief.agent)
    made = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    bad.refresh_from_db()
    consignments.pack(
        consignment=made, boxes=[Contents(1, [(old, 10), (bad, 10)])], by=relief.agent
    )
    with pytest.raises(Refused) as refusal:
        leave(made, relief.agent)
    assert {problem.code for problem in refusal.value.problems} == {"expired", "recalled"}


@pytest.mark.parametrize("who", ["agent", "nurse", "carrier", "outsider", "visitor", "staff"])
def test_only_the_senders_people_send(relief, packed, who):
    with pytest.raises(NotAllowed):
        leave(packed, getattr(relief, who))
    with pytest.raises(NotAllowed):
        consignments.pack(consignment=packed, boxes=[], by=getattr(relief, who))
    assert on_the_way(packed) == {}


@pytest.mark.parametrize("who", ["nurse", "outsider", "visitor", "staff"])
def test_only_the_ends_and_the_carrier_record_the_way(relief, packed, who):
    leave(packed, relief.giver)
    with pytest.raises(NotAllowed):
        land(packed, getattr(relief, who))


def test_a_packing_list_with_faults_is_refused_whole(relief, packed, lot_of):
    lot = lot_of(relief.mask, "M2")
    with pytest.raises(Refused) as refusal:
        consignments.pack(
            consignment=packed,
            boxes=[Contents(1, [(lot, 5)]), Contents(1, []), Contents(2, [(lot, 0)])],
            by=relief.giver,
        )
    assert [problem.code for problem in refusal.value.problems] == [
        "twice",
        "twice",
        "empty",
        "not_positive",
    ]
    assert packed.boxes.count() == 3
