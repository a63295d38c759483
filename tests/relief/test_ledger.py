"""The ledger: what goes in stays, adds up, and never goes below zero."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import ledger, places
from medixchange.relief.models import (
    Balance,
    Document,
    DocumentKind,
    Flow,
    Movement,
    Place,
    PlaceKind,
)
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.refusals import Refused


def use(place, lot, quantity, *, key="use", at=None, **more):
    with transaction.atomic():
        used = places.account_of(place, PlaceKind.USED)
    return ledger.post(
        kind=DocumentKind.USE,
        key=key,
        happened_at=at or timezone.now(),
        lines=[ledger.Line(lot, quantity, place, used, "lines.1")],
        by=None,
        organisation=None,
        **more,
    )


def test_a_document_moves_its_goods_and_the_sums_follow(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    posted = use(relief.ward, lot, 30)
    assert posted.new
    assert posted.document.number == f"USE-{timezone.now().year}-00001"
    assert stock_of.quantity(relief.ward, relief.mask) == 70
    assert Balance.objects.get(place=relief.donor).quantity == -100
    flow = Flow.objects.get(from_kind="facility", to_kind="used")
    assert (flow.quantity, flow.country, flow.source) == (30, "ID", relief.donor)
    assert flow.week.weekday() == 0
    assert AuditEntry.objects.filter(action="use.posted").count() == 1
    assert list(stock_of.faults()) == []


def test_the_same_key_with_the_same_content_posts_once(relief, lot_of, stock):
    lot, at = lot_of(relief.mask, "M1"), timezone.now()
    stock(relief.ward, lot, 100)
    first, second = use(relief.ward, lot, 30, at=at), use(relief.ward, lot, 30, at=at)
    assert (first.new, second.new) == (True, False)
    assert first.document == second.document
    assert stock_of.quantity(relief.ward, relief.mask) == 70


def test_the_same_key_with_other_content_is_refused(relief, lot_of, stock):
    lot, at = lot_of(relief.mask, "M1"), timezone.now()
    stock(relief.ward, lot, 100)
    use(relief.ward, lot, 30, at=at)
    with pytest.raises(Refused) as refusal:
        use(relief.ward, lot, 31, at=at)
    assert refusal.value.problems[0].code == "key_used"
    assert "USE-" in str(refusal.value)
    assert stock_of.quantity(relief.ward, relief.mask) == 70


def test_more_than_there_is_is_refused_and_nothing_is_kept(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 10)
    before = Document.objects.count()
    with pytest.raises(Refused) as refusal:
        use(relief.ward, lot, 11)
    problem = refusal.value.problems[0]
    assert (problem.code, problem.where) == ("below_zero", "lines.1")
    assert problem.what == (
        "Ward holds 10 of mask M1, and this takes 11. Count again, or correct the stock first."
    )
    assert Document.objects.count() == before
    assert stock_of.quantity(relief.ward, relief.mask) == 10


def test_the_database_itself_refuses_to_go_below_zero(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 10)
    document = Document.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.create(
            document=document, lot=lot, quantity=11, from_place=relief.ward, to_place=relief.store
        )
    assert list(stock_of.faults()) == []


@pytest.mark.parametrize("quantity", [0, -1, ledger.LARGEST + 1])
def test_impossible_quantities_are_refused(relief, lot_of, stock, quantity):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 10)
    with pytest.raises(Refused) as refusal:
        use(relief.ward, lot, quantity)
    assert refusal.value.problems[0].where == "lines.1"


@pytest.mark.parametrize(
    "change",
    [
        lambda: Movement.objects.update(quantity=1),
        lambda: Movement.objects.all().delete(),
        lambda: Document.objects.update(note="x"),
        lambda: Document.objects.all()._raw_delete("default"),
        lambda: Place.objects.filter(kind="facility").update(kind="donor"),
    ],
)
def test_what_is_posted_is_never_changed(relief, lot_of, stock, change):
    stock(relief.ward, lot_of(relief.mask, "M1"), 10)
    with pytest.raises(DatabaseError), transaction.atomic():
        change()


def test_a_reversal_takes_back_and_is_posted_once(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    document = use(relief.ward, lot, 30).document

    def reverse(key):
        return ledger.reverse(
            document=document, key=key, note="Wrong ward", note_language="en", by=None,
            organisation=None,
        )  # fmt: skip

    assert reverse("r").new
    assert not reverse("r").new
    assert stock_of.quantity(relief.ward, relief.mask) == 100
    with pytest.raises(Refused):
        reverse("another")
    assert list(stock_of.faults()) == []


def test_a_reversal_without_a_reason_is_refused(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    document = use(relief.ward, lot, 30).document
    with pytest.raises(Refused) as refusal:
        ledger.reverse(
            document=document, key="r", note=" ", note_language="en", by=None, organisation=None
        )
    assert refusal.value.problems[0].code == "reason_missing"


def test_goods_that_moved_on_cannot_be_taken_back(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    opening = Document.objects.get()
    use(relief.ward, lot, 30)
    with pytest.raises(Refused) as refusal:
        ledger.reverse(
            document=opening, key="r", note="Wrong", note_language="en", by=None, organisation=None
        )
    assert refusal.value.problems[0].code == "below_zero"


@pytest.mark.parametrize("days", [1, -20 * 365])
def test_a_clock_that_is_far_off_is_refused(relief, lot_of, stock, days):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    with pytest.raises(Refused) as refusal:
        use(relief.ward, lot, 1, at=timezone.now() + timezone.timedelta(days=days))
    assert refusal.value.problems[0].code == "clock"
