"""Receiving: each outcome goes where it belongs, and the figures stay right."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief import rules
from medixchange.relief.actions import consignments, lots
from medixchange.relief.actions.counted import Counted, Signed, Unlisted
from medixchange.relief.models import (
    Balance,
    Case,
    Count,
    Document,
    Lot,
    Outcome,
    PlaceKind,
    Signature,
    StageKind,
)
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.refusals import Refused
from tests.relief.receiving.conftest import held


@pytest.fixture(autouse=True)
def _sums_hold(db):
    yield
    assert list(stock_of.faults()) == []


def counts_of(document):
    return {(row.outcome, row.quantity) for row in Count.objects.filter(document=document)}


def cases_of(consignment):
    return {(case.kind, case.quantity, case.state) for case in consignment.cases.all()}


def refused(call, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        call(*arguments, **named)
    return [problem.code for problem in refusal.value.problems]


def test_all_accepted_leaves_customs_and_ends_the_way(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, accepted=(lot, 100), by=relief.agent)
    assert posted.new
    assert posted.document.kind == "receipt"
    assert posted.document.number == f"GRN-{timezone.now().year}-00001"
    assert held(lot) == {"donor": -100, "store": 100}
    consignment.refresh_from_db()
    assert consignment.state == "received"
    assert not Case.objects.exists()
    assert [stage.kind for stage in consignment.stages.all()][-1] == StageKind.RECEIVED
    assert AuditEntry.objects.get(action="consignment.counted").details["state"] == "received"


def test_a_ward_signs_a_proof_of_delivery(relief, lot_of, stock, send, count):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    consignment = send([(lot, 60)], origin=relief.store, destination=relief.ward)
    posted = count(
        consignment,
        accepted=(lot, 60),
        by=relief.nurse,
        signatures=[
            Signed(Signature.Side.GIVER, "Driver", organisation=relief.agency),
            Signed(Signature.Side.RECEIVER, "Nurse", "ward nurse", strokes=[[[1, 2], [30, 40]]]),
        ],
    )
    assert posted.document.number == f"POD-{timezone.now().year}-00001"
    assert held(lot) == {"donor": -100, "store": 40, "facility": 60}
    kinds = [stage.kind for stage in consignment.stages.all()]
    assert kinds[-2:] == [StageKind.HANDED_OVER, StageKind.RECEIVED]
    drawn = posted.document.signatures.get(side="receiver")
    assert (drawn.name, drawn.strokes) == ("Nurse", [[[1, 2], [30, 40]]])
    assert drawn.recorded_by == relief.nurse


def test_damaged_goods_lie_on_the_damaged_account_and_open_a_case(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, accepted=(lot, 90), damaged=(lot, 10))
    assert held(lot) == {"donor": -100, "store": 90, "damaged": 10}
    consignment.refresh_from_db()
    assert consignment.state == "received"
    assert cases_of(consignment) == {("damaged", 10, "open")}


def test_missing_goods_stay_on_the_way_until_a_case_ends_it(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, accepted=(lot, 90), missing=(lot, 10))
    assert held(lot) == {"donor": -100, "store": 90, "customs": 10}
    assert counts_of(posted.document) == {("accepted", 90), ("missing", 10)}
    consignment.refresh_from_db()
    assert consignment.state == "part_received"
    assert cases_of(consignment) == {("missing", 10, "open")}


def test_a_partial_receipt_leaves_the_rest_open_for_a_later_one(relief, lot_of, send, count):
    lot, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    consignment = send([(lot, 100)], [(other, 50)])
    count(consignment, accepted=(lot, 40))
    consignment.refresh_from_db()
    assert consignment.state == "part_received"
    assert not consignment.cases.exists()
    count(consignment, accepted=(lot, 60))
    count(consignment, accepted=(other, 50))
    consignment.refresh_from_db()
    assert consignment.state == "received"
    assert held(lot) == {"donor": -100, "store": 100}
    assert held(other) == {"donor": -50, "store": 50}


def test_what_is_open_when_all_has_come_is_missing_box_by_box(relief, lot_of, send, count):
    lot, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    consignment = send([(lot, 100)], [(lot, 100), (other, 50)], [(lot, 100)])
    first, _second, _third = consignment.boxes.all()
    posted = count(consignment, Counted(lot, 80, Outcome.ACCEPTED, box=first), complete=True)
    missing = Count.objects.filter(document=posted.document, outcome="missing")
    assert {(row.box.number, row.lot, row.quantity) for row in missing} == {
        (1, lot, 20), (2, lot, 100), (2, other, 50), (3, lot, 100)
    }  # fmt: skip
    assert cases_of(consignment) == {("missing", 220, "open"), ("missing", 50, "open")}
    assert held(lot) == {"donor": -300, "store": 80, "customs": 220}


def test_nothing_at_all_may_have_come(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, complete=True)
    assert not posted.document.movements.exists()
    assert cases_of(consignment) == {("missing", 100, "open")}
    consignment.refresh_from_db()
    assert consignment.state == "part_received"


def test_what_a_case_says_is_missing_is_not_missing_twice(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, accepted=(lot, 50), missing=(lot, 10))
    count(consignment, accepted=(lot, 35), complete=True)
    assert sorted(case.quantity for case in consignment.cases.all()) == [5, 10]


def test_missing_goods_that_come_after_all_end_their_case(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, accepted=(lot, 90), complete=True)
    case = consignment.cases.get()
    posted = count(consignment, accepted=(lot, 10))
    case.refresh_from_db()
    assert (case.state, case.remedy, case.settled_by) == ("resolved", "found", posted.document)
    consignment.refresh_from_db()
    assert consignment.state == "received"


def test_a_part_that_comes_after_all_leaves_a_case_for_the_rest(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, accepted=(lot, 90), complete=True)
    count(consignment, accepted=(lot, 7))
    assert cases_of(consignment) == {("missing", 7, "resolved"), ("missing", 3, "open")}
    consignment.refresh_from_db()
    assert consignment.state == "part_received"


def test_more_than_listed_is_split_and_the_rest_waits_in_quarantine(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, accepted=(lot, 110))
    # The donor has given, shipped and landed 110: all of the way adds up.
    assert held(lot) == {"donor": -110, "store": 100, "quarantine": 10}
    assert counts_of(posted.document) == {("accepted", 100), ("excess", 10)}
    assert cases_of(consignment) == {("excess", 10, "open")}
    ways = {
        (move.from_place.kind, move.to_place.kind, move.quantity)
        for move in posted.document.movements.all()
    }
    assert ways == {
        ("customs", "store", 100),
        ("donor", "transit", 10), ("transit", "customs", 10), ("customs", "quarantine", 10),
    }  # fmt: skip


def test_a_store_s_books_are_not_touched_by_what_a_ward_counts(relief, lot_of, stock, send, count):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 1000)
    consignment = send([(lot, 100)], origin=relief.store, destination=relief.ward)
    count(consignment, accepted=(lot, 110))
    assert held(lot) == {
        "donor": -1000, "store": 900, "facility": 100, "quarantine": 10, "correction": -10
    }  # fmt: skip
    assert Balance.objects.get(place__kind="correction").place.parent == relief.store


def test_damaged_goods_beyond_the_list_fill_the_list_first(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, accepted=(lot, 95), damaged=(lot, 10))
    assert counts_of(posted.document) == {("damaged", 10), ("accepted", 90), ("excess", 5)}


def test_excess_that_the_list_still_has_room_for_is_accepted(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, excess=(lot, 30))
    assert counts_of(posted.document) == {("accepted", 30)}
    assert posted.document.details["told"][0]["why"] == "listed"


def test_goods_on_no_list_are_a_new_lot_in_quarantine(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    expires = timezone.now().date() + timedelta(days=30)
    posted = count(
        consignment,
        Counted(Unlisted(relief.kit, " k 9 ", expires), 5, Outcome.WRONG),
        accepted=(lot, 100),
    )
    wrong = Lot.objects.get(item=relief.kit)
    assert (wrong.number, wrong.source, wrong.expires_on) == ("K 9", relief.donor, expires)
    assert held(wrong) == {"donor": -5, "quarantine": 5}
    assert ("wrong", 5) in counts_of(posted.document)
    assert cases_of(consignment) == {("wrong", 5, "open")}


def test_a_lot_typed_by_hand_that_is_listed_after_all_is_taken_as_listed(
    relief, lot_of, send, count
):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    posted = count(consignment, Counted(Unlisted(relief.mask, "m1"), 100, Outcome.WRONG))
    assert counts_of(posted.document) == {("accepted", 100)}
    assert held(lot) == {"donor": -100, "store": 100}


def test_a_wrong_lot_keeps_its_donor_where_the_store_had_it(relief, lot_of, stock, send, count):
    sent, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    stock(relief.store, sent, 100)
    stock(relief.store, other, 100)
    consignment = send([(sent, 100)], origin=relief.store, destination=relief.ward)
    count(consignment, Counted(Unlisted(relief.mask, "M2"), 4, Outcome.WRONG))
    assert held(other) == {"donor": -100, "store": 100, "quarantine": 4, "correction": -4}


def test_wrong_goods_of_an_unknown_donor_are_told_as_the_sender_s_own(
    relief, lot_of, stock, send, count
):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    consignment = send([(lot, 100)], origin=relief.store, destination=relief.ward)
    count(consignment, Counted(Unlisted(relief.mask, "X"), 4, Outcome.WRONG))
    wrong = Lot.objects.get(number="X")
    assert (wrong.source.kind, wrong.source.parent) == (PlaceKind.CORRECTION, relief.store)


def test_goods_on_the_list_and_goods_that_are_not_are_no_longer_confused(
    relief, lot_of, send, count
):
    lot, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    consignment = send([(lot, 100)])
    posted = count(consignment, accepted=(other, 4))
    assert counts_of(posted.document) == {("wrong", 4)}
    assert posted.document.details["told"][0]["why"] == "not_listed"


@pytest.mark.parametrize("why", ["expired", "recalled", "too_warm"])
def test_goods_nobody_may_use_are_quarantined_whatever_the_phone_said(
    relief, lot_of, send, count, why
):
    relief.kit.cold_max_c = 8
    relief.kit.save()
    lot = lot_of(relief.kit, "K1")
    consignment = send([(lot, 100)], warmest=8.1 if why == "too_warm" else 8.0)
    if why == "recalled":
        lots.recall(number="K1", item=relief.kit, reason="Failing", by=relief.agent)
    if why == "expired":
        lot.expires_on = timezone.now().date() - timedelta(days=1)
        lot.save()
    posted = count(consignment, accepted=(lot, 95), damaged=(lot, 5))
    assert held(lot) == {"donor": -100, "quarantine": 95, "damaged": 5}
    assert [(told["why"], told["quantity"]) for told in posted.document.details["told"]] == [
        (why, 95)
    ]
    assert cases_of(consignment) == {("quarantined", 95, "open"), ("damaged", 5, "open")}


def test_the_day_is_that_of_the_place_that_receives(relief, lot_of, send, count):
    relief.store.time_zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC
    relief.store.save()
    lot = lot_of(relief.kit, "K1")
    consignment = send([(lot, 10)])
    at = timezone.now().replace(hour=11, minute=0) - timedelta(days=1)
    lot.expires_on = at.date()
    lot.save()
    count(consignment, accepted=(lot, 10), happened_at=at)
    assert held(lot) == {"donor": -10, "quarantine": 10}


def test_goods_not_landed_yet_are_received_straight_from_transit(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)], landed=False)
    count(consignment, accepted=(lot, 110))
    assert held(lot) == {"donor": -110, "store": 100, "quarantine": 10}


def test_the_same_count_sent_again_gives_the_first_document(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    first = count(consignment, key="k", accepted=(lot, 100))
    again = count(
        consignment,
        key="k",
        accepted=(lot, 100),
        happened_at=timezone.now() + timedelta(milliseconds=20),
    )
    assert (again.new, again.document) == (False, first.document)
    assert held(lot) == {"donor": -100, "store": 100}
    assert consignment.stages.filter(kind=StageKind.RECEIVED).count() == 1


def test_the_same_key_with_other_figures_is_refused(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, key="k", accepted=(lot, 50))
    assert refused(count, consignment, key="k", accepted=(lot, 49)) == ["key_used"]
    other = send([(lot, 100)])
    assert refused(count, other, key="k", accepted=(lot, 50)) == ["key_used"]
    assert Document.objects.filter(kind="receipt").count() == 1


def test_the_error_of_a_clock_is_kept(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    at = timezone.now()
    posted = count(consignment, accepted=(lot, 1), happened_at=at, clock_off_seconds=-3600)
    assert posted.document.happened_at == at
    assert posted.document.details["clock_off_seconds"] == -3600
    assert posted.document.details["claimed_at"] == (at + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({"accepted": 0}, ["not_positive"]),
        ({"accepted": -5}, ["not_positive"]),
        ({"accepted": 10**11}, ["too_large"]),
        ({"missing": 101}, ["missing_too_many"]),
        ({"accepted": 95, "missing": 6}, ["missing_too_many"]),
        ({}, ["nothing"]),
        ({"accepted": 0, "damaged": -1}, ["not_positive", "not_positive"]),
    ],
)
def test_impossible_counts_are_refused_line_by_line(relief, lot_of, send, count, counts, codes):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    before = Document.objects.count()
    said = {outcome: (lot, quantity) for outcome, quantity in counts.items()}
    assert refused(count, consignment, **said) == codes
    assert Document.objects.count() == before
    assert held(lot) == {"donor": -100, "customs": 100}


@pytest.mark.parametrize("days", [1, -20 * 365])
def test_a_clock_that_is_far_off_is_refused(relief, lot_of, send, count, days):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    at = timezone.now() + timedelta(days=days)
    assert refused(count, consignment, accepted=(lot, 1), happened_at=at) == ["clock"]
    assert not consignment.stages.filter(kind=StageKind.RECEIVED).exists()


def test_a_lot_needs_its_expiry_date_and_the_right_one(relief, lot_of, send, count):
    lot = lot_of(relief.kit, "K1")
    consignment = send([(lot, 100)])
    unlisted = Counted(Unlisted(relief.kit, "K2"), 1, Outcome.WRONG, where="more.1")
    assert refused(count, consignment, unlisted) == ["expiry_missing"]
    other_day = Unlisted(relief.kit, "K1", lot.expires_on + timedelta(days=1))
    assert refused(count, consignment, Counted(other_day, 1, Outcome.WRONG)) == ["expiry_differs"]
    assert not Lot.objects.filter(number="K2").exists()


def test_goods_on_no_list_cannot_be_missing(relief, lot_of, send, count):
    consignment = send([(lot_of(relief.mask, "M1"), 100)])
    assert refused(count, consignment, missing=(lot_of(relief.mask, "M2"), 1)) == ["not_listed"]


def test_a_box_of_another_consignment_is_refused(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment, other = send([(lot, 100)]), send([(lot, 100)])
    counted = Counted(lot, 1, Outcome.ACCEPTED, box=other.boxes.get())
    assert refused(count, consignment, counted) == ["other_box"]


def test_only_what_is_on_the_way_can_be_received(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    draft = consignments.add_consignment(origin=relief.donor, destination=relief.store, by=None)
    assert refused(count, draft, accepted=(lot, 1)) == ["state"]
    consignments.cancel(consignment=draft, reason="Mistake", by=None)
    assert refused(count, draft, accepted=(lot, 1)) == ["state"]
    consignment = send([(lot, 100)])
    stage = {"consignment": consignment, "happened_at": timezone.now(), "by": None}
    consignments.record_stage(kind=StageKind.HELD, **stage)
    assert refused(count, consignment, accepted=(lot, 1)) == ["state"]
    consignments.record_stage(kind=StageKind.RELEASED, **stage)
    count(consignment, accepted=(lot, 100))
    assert refused(count, consignment, accepted=(lot, 1)) == ["state"]


def test_a_signature_needs_a_name_and_one_for_each_side(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    giver = Signature.Side.GIVER
    assert refused(
        count, consignment, accepted=(lot, 1), signatures=[Signed(giver, " ")]
    ) == ["name_missing"]  # fmt: skip
    twice = [Signed(giver, "A"), Signed(giver, "B")]
    assert refused(count, consignment, accepted=(lot, 1), signatures=twice) == ["twice", "twice"]


@pytest.mark.parametrize(
    ("who", "may"),
    [("agent", True), ("agency_head", True), ("giver", False), ("carrier", False),
     ("nurse", False), ("outsider", False), ("visitor", False), ("staff", False)],
)  # fmt: skip
def test_the_receiving_side_counts_and_nobody_else(relief, lot_of, send, count, who, may):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    if may:
        assert count(consignment, accepted=(lot, 1), by=getattr(relief, who)).new
    else:
        with pytest.raises(rules.NotAllowed):
            count(consignment, accepted=(lot, 1), by=getattr(relief, who))
        assert held(lot) == {"donor": -100, "customs": 100}


def test_a_thousand_lines_are_received_with_a_fixed_number_of_queries(
    relief, lot_of, send, count, django_assert_max_num_queries
):
    many = [lot_of(relief.mask, f"M{number}") for number in range(60)]
    consignment = send(*([(lot, 10)] for lot in many))
    with django_assert_max_num_queries(75):
        count(consignment, *(Counted(lot, 9, Outcome.ACCEPTED) for lot in many), complete=True)
    assert consignment.cases.count() == 60


def test_the_sender_reads_of_it_in_their_own_language(
    relief, lot_of, send, count, mailoutbox, django_capture_on_commit_callbacks
):
    relief.giver.interface_language = "fr"
    relief.giver.save()
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    with django_capture_on_commit_callbacks(execute=True):
        count(consignment, accepted=(lot, 90), complete=True)
    (mail,) = mailoutbox
    assert mail.to == [relief.giver.email]
    assert consignment.reference in mail.subject
    assert consignment.cases.get().reference in mail.body
    assert "10 " in mail.body


def test_nobody_is_written_to_where_all_is_as_listed(
    relief, lot_of, send, count, mailoutbox, django_capture_on_commit_callbacks
):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    with django_capture_on_commit_callbacks(execute=True):
        count(consignment, accepted=(lot, 100))
    assert mailoutbox == []
