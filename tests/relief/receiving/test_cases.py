"""Discrepancy cases: both ends speak, and what ends one is in the ledger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief import rules
from medixchange.relief.actions import cases, lots, settling
from medixchange.relief.models import Case, Document, Remedy
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.refusals import Refused
from medixchange.relief.states import CASES, CaseState, TransitionRefused
from tests.relief.receiving.conftest import held


@pytest.fixture(autouse=True)
def _sums_hold(db):
    yield
    assert list(stock_of.faults()) == []


@pytest.fixture
def case_of(relief, lot_of, send, count):
    """A consignment of 100 of which 10 are as named, and the case: ``case_of("missing")``."""

    def make(kind, item=None, **more):
        lot = lot_of(item or relief.mask, "M1")
        consignment = send([(lot, 100)], **more)
        if kind == "excess":
            count(consignment, accepted=(lot, 110))
        else:
            count(consignment, **{"accepted": (lot, 90), kind: (lot, 10)})
        return consignment.cases.get()

    return make


def settle(case, remedy, by, *, key="settle", text="Because", **more):
    return settling.settle(
        case=case, remedy=remedy, key=key, text=text, language="en", by=by, **more
    )


def refused(call, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        call(*arguments, **named)
    return refusal.value.problems[0]


@pytest.mark.parametrize(
    ("kind", "remedy", "after", "state"),
    [
        ("missing", Remedy.FOUND, {"store": 100}, "received"),
        ("missing", Remedy.WRITTEN_OFF, {"store": 90, "lost": 10}, "received"),
        ("damaged", Remedy.NOTED, {"store": 90, "damaged": 10}, "received"),
        ("quarantined", Remedy.TAKEN_OVER, {"store": 100}, "received"),
        ("quarantined", Remedy.DESTROYED, {"store": 90, "damaged": 10}, "received"),
        ("quarantined", Remedy.RETURNED, {"store": 90, "donor": -90}, "received"),
        ("excess", Remedy.TAKEN_OVER, {"store": 110, "donor": -110}, "received"),
        ("excess", Remedy.DESTROYED, {"store": 100, "damaged": 10, "donor": -110}, "received"),
        ("excess", Remedy.RETURNED, {"store": 100}, "received"),
    ],
)
def test_each_remedy_moves_its_goods(relief, case_of, kind, remedy, after, state):
    case = case_of(kind)
    settled = settle(case, remedy, relief.agent)
    assert held(case.lot) == {"donor": -100, **after}
    assert (settled.state, settled.remedy) == ("resolved", remedy)
    assert case.consignment.__class__.objects.get().state == state
    if remedy == Remedy.NOTED:
        assert settled.settled_by is None
    elif remedy == Remedy.FOUND:
        assert settled.settled_by.kind == "receipt"
        assert [(row.outcome, row.quantity) for row in settled.settled_by.counts.all()] == [
            ("accepted", 10)
        ]
    else:
        assert settled.settled_by.number.startswith("ST-")
    assert AuditEntry.objects.filter(action="case.resolved").count() == 1


def test_what_a_store_never_counted_goes_back_to_where_it_came_from(
    relief, lot_of, stock, send, count
):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    consignment = send([(lot, 60)], origin=relief.store, destination=relief.ward)
    count(consignment, accepted=(lot, 65))
    settle(consignment.cases.get(), Remedy.RETURNED, relief.storekeeper)
    # The store's books never said that more than 60 had left.
    assert held(lot) == {"donor": -100, "store": 40, "facility": 60}


@pytest.mark.parametrize("kind", ["missing", "damaged", "quarantined", "excess"])
def test_a_remedy_that_does_not_fit_is_refused(relief, case_of, kind):
    case = case_of(kind)
    before = held(case.lot)
    for remedy in set(Remedy) - set(cases.REMEDIES[case.kind]):
        assert refused(settle, case, remedy, relief.agent).where == "remedy"
    assert held(case.lot) == before


def test_a_part_can_be_settled_and_the_rest_stays_open(relief, case_of):
    case = case_of("missing")
    settle(case, Remedy.FOUND, relief.agent, quantity=4)
    assert held(case.lot) == {"donor": -100, "store": 94, "customs": 6}
    rest = Case.objects.get(state="open")
    assert (rest.quantity, rest.kind, rest.consignment.state) == (6, "missing", "part_received")
    settle(rest, Remedy.WRITTEN_OFF, relief.agent, key="second")
    rest.consignment.refresh_from_db()
    assert rest.consignment.state == "received"


@pytest.mark.parametrize("quantity", [0, -1, 11])
def test_more_or_less_than_the_case_is_about_cannot_be_settled(relief, case_of, quantity):
    case = case_of("missing")
    problem = refused(settle, case, Remedy.FOUND, relief.agent, quantity=quantity)
    assert problem.where == "quantity"


def test_pressed_twice_a_case_is_settled_once(relief, case_of):
    case = case_of("missing")
    settle(case, Remedy.FOUND, relief.agent)
    settle(case, Remedy.FOUND, relief.agent)
    assert held(case.lot) == {"donor": -100, "store": 100}
    with pytest.raises(TransitionRefused):
        settle(case, Remedy.FOUND, relief.agent, key="another")


def test_no_case_ends_without_a_reason(relief, case_of):
    case = case_of("missing")
    assert refused(settle, case, Remedy.FOUND, relief.agent, text=" ").where == "text"


def test_recalled_or_expired_goods_are_not_taken_into_stock(relief, case_of):
    case = case_of("quarantined", relief.kit)
    lots.recall(number="M1", item=relief.kit, reason="Failing", by=relief.agent)
    assert refused(settle, case, Remedy.TAKEN_OVER, relief.agent).code == "recalled"
    lots.lift_recall(lots=[case.lot], reason="Fine", by=relief.agent)
    case.lot.expires_on = timezone.now().date() - timedelta(days=1)
    case.lot.save()
    assert refused(settle, case, Remedy.TAKEN_OVER, relief.agent).code == "expired"
    settle(case, Remedy.DESTROYED, relief.agent)


def test_both_ends_speak_in_turn(relief, case_of):
    case = case_of("missing")
    for who, state in [("giver", "answered"), ("giver", "answered"), ("agent", "open")]:
        event = cases.answer(case=case, text="Well", language="en", by=getattr(relief, who))
        case.refresh_from_db()
        assert case.state == event.state == state


@pytest.mark.parametrize("who", ["carrier", "nurse", "outsider", "visitor", "staff", "storekeeper"])
def test_nobody_else_speaks_or_decides(relief, case_of, who):
    case, by = case_of("missing"), getattr(relief, who)
    said = {"case": case, "text": "Well", "language": "en", "by": by}
    for action in (cases.answer, cases.withdraw):
        with pytest.raises(rules.NotAllowed):
            action(**said)
    with pytest.raises(rules.NotAllowed):
        settle(case, Remedy.FOUND, by)
    with pytest.raises(rules.NotAllowed):
        settling.reopen(key="r", **said)


def test_only_the_receiving_end_decides(relief, case_of):
    case = case_of("missing")
    with pytest.raises(rules.NotAllowed):
        settle(case, Remedy.FOUND, relief.giver)


def test_a_case_opened_by_mistake_leaves_its_goods_to_be_counted(relief, case_of, count):
    case = case_of("missing")
    cases.withdraw(case=case, text="Behind the door", language="en", by=relief.agent)
    consignment = case.consignment
    posted = count(consignment, accepted=(case.lot, 10))
    assert not posted.document.details["told"]
    consignment.refresh_from_db()
    assert consignment.state == "received"
    case.refresh_from_db()
    assert case.state == "withdrawn"


def test_goods_in_quarantine_are_not_forgotten_by_withdrawing(relief, case_of):
    case = case_of("excess")
    refused(cases.withdraw, case=case, text="Never mind", language="en", by=relief.agent)
    case.refresh_from_db()
    assert case.state == "open"


def test_a_settled_case_is_opened_again_and_its_document_reversed(relief, case_of):
    case = case_of("missing")
    settle(case, Remedy.WRITTEN_OFF, relief.agent)
    settling.reopen(case=case, key="r", text="Seen again", language="en", by=relief.agent)
    case.refresh_from_db()
    assert (case.state, case.remedy, case.settled_by) == ("open", "", None)
    assert held(case.lot) == {"donor": -100, "store": 90, "customs": 10}
    case.consignment.refresh_from_db()
    assert case.consignment.state == "part_received"
    settle(case, Remedy.FOUND, relief.agent, key="again")
    assert held(case.lot) == {"donor": -100, "store": 100}


def test_a_case_that_a_receipt_ended_is_not_opened_alone(relief, case_of, count):
    case = case_of("missing")
    count(case.consignment, accepted=(case.lot, 10))
    again = {"case": case, "key": "r", "text": "No", "language": "en", "by": relief.agent}
    assert "GRN-" in refused(settling.reopen, **again).what
    case.refresh_from_db()
    assert case.state == "resolved"


def test_the_table_of_steps_holds(relief, case_of):
    case = case_of("damaged")
    with pytest.raises(TransitionRefused):
        settling.reopen(case=case, key="r", text="No", language="en", by=relief.agent)
    assert CaseState.RESOLVED not in CASES[CaseState.WITHDRAWN]
    cases.withdraw(case=case, text="Mistake", language="en", by=relief.agent)
    with pytest.raises(TransitionRefused):
        settle(case, Remedy.NOTED, relief.agent)
    refused(cases.answer, case=case, text="Well", language="en", by=relief.agent)


def take_back(document, by, *, key="back", note="Counted wrong"):
    return settling.take_back(document=document, key=key, note=note, note_language="en", by=by)


def test_a_receipt_counted_wrong_is_taken_back_and_counted_anew(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    first = count(consignment, accepted=(lot, 105), damaged=(lot, 5)).document
    assert take_back(first, relief.agent).new
    assert not take_back(first, relief.agent).new
    assert held(lot) == {"donor": -100, "customs": 100}
    assert set(consignment.cases.values_list("state", flat=True)) == {"withdrawn"}
    consignment.refresh_from_db()
    assert consignment.state == "part_received"
    count(consignment, accepted=(lot, 100))
    assert held(lot) == {"donor": -100, "store": 100}


def test_what_a_receipt_found_is_missing_again_when_it_is_taken_back(relief, case_of, count):
    case = case_of("missing")
    document = count(case.consignment, accepted=(case.lot, 10)).document
    take_back(document, relief.agent)
    case.refresh_from_db()
    assert (case.state, case.remedy) == ("open", "")
    assert held(case.lot) == {"donor": -100, "store": 90, "customs": 10}


def test_a_receipt_stays_where_a_case_of_it_was_settled(relief, case_of):
    case = case_of("damaged")
    settle(case, Remedy.NOTED, relief.agent)
    assert case.reference in refused(take_back, case.document, relief.agent).what
    with pytest.raises(rules.NotAllowed):
        take_back(case.document, relief.giver)
    dispatch = Document.objects.get(kind="dispatch")
    refused(take_back, dispatch, relief.agent)


def test_the_other_end_reads_what_is_said_in_its_own_language(
    relief, case_of, mailoutbox, django_capture_on_commit_callbacks
):
    case = case_of("missing")
    with django_capture_on_commit_callbacks(execute=True):
        cases.answer(case=case, text="We sent all of it.", language="en", by=relief.giver)
    assert {mail.to[0] for mail in mailoutbox} == {relief.agent.email, relief.agency_head.email}
    assert "We sent all of it." in mailoutbox[0].body
    assert case.reference in mailoutbox[0].subject
