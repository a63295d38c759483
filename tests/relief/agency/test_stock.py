"""Use, write-off, quarantine, count, opening stock and return: what moves, and what is refused."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import stock as actions
from medixchange.relief.actions.stock import Counted, Opening
from medixchange.relief.models import (
    Balance,
    Case,
    Consignment,
    Document,
    DocumentKind,
    Outcome,
    Packed,
    Place,
    PlaceKind,
)
from medixchange.relief.queries.stock import faults
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed


@pytest.fixture(autouse=True)
def _sums_are_right(db):
    yield
    assert list(faults()) == []


def held(place, lot):
    found = Balance.objects.filter(place=place, lot=lot).first()
    return found.quantity if found else 0


def account(place, kind):
    return Place.objects.get(parent=place, kind=kind)


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_use_takes_what_expires_first(relief, lot_of, stock, in_days):
    late = lot_of(relief.kit, "LATE", expires_on=in_days(300))
    soon = lot_of(relief.kit, "SOON", expires_on=in_days(30))
    stock(relief.ward, late, 100)
    stock(relief.ward, soon, 40)
    posted = actions.use(place=relief.ward, item=relief.kit, quantity=60, key="u1", by=relief.nurse)
    assert posted.new
    assert posted.document.kind == DocumentKind.USE
    assert posted.document.posted_by == relief.nurse
    assert posted.document.organisation == relief.hospital
    assert (held(relief.ward, soon), held(relief.ward, late)) == (0, 80)
    used = account(relief.ward, PlaceKind.USED)
    assert (held(used, soon), held(used, late)) == (40, 20)
    assert used.organisation == relief.hospital


def test_the_same_form_sent_twice_is_one_document(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    asked = {"place": relief.ward, "item": relief.mask, "quantity": 60, "key": "u1"}
    first = actions.use(**asked, by=relief.nurse)
    # The second would not even find so much.
    second = actions.use(**asked, by=relief.nurse)
    assert (first.new, second.new) == (True, False)
    assert second.document == first.document
    assert held(relief.ward, lot) == 40


def test_a_key_is_not_used_for_something_else(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    actions.use(place=relief.ward, item=relief.mask, quantity=60, key="u1", by=relief.nurse)
    with pytest.raises(Refused) as refused:
        actions.use(place=relief.ward, item=relief.mask, quantity=6, key="u1", by=relief.nurse)
    assert codes(refused) == ["key_used"]
    assert held(relief.ward, lot) == 40


def test_more_than_there_is_cannot_be_used(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    with pytest.raises(Refused) as refused:
        actions.use(place=relief.ward, item=relief.mask, quantity=101, key="u", by=relief.nurse)
    assert codes(refused) == ["below_zero"]
    assert refused.value.problems[0].where == "quantity"
    assert "holds 100 piece of mask that may be used, and this takes 101" in str(refused.value)
    assert held(relief.ward, lot) == 100
    assert Document.objects.filter(kind=DocumentKind.USE).count() == 0


def test_expired_and_recalled_lots_are_not_used_and_the_person_is_told_what_to_do(
    relief, lot_of, stock, in_days
):
    expired = lot_of(relief.kit, "OLD", expires_on=in_days(-1))
    recalled = lot_of(relief.kit, "BAD", expires_on=in_days(100))
    good = lot_of(relief.kit, "GOOD", expires_on=in_days(200))
    for lot in (expired, recalled, good):
        stock(relief.ward, lot, 10)
    recalled.recalled_at = timezone.now()
    recalled.save()
    with pytest.raises(Refused) as refused:
        actions.use(place=relief.ward, item=relief.kit, quantity=11, key="u", by=relief.nurse)
    assert codes(refused) == ["below_zero", "expired", "recalled"]
    assert "OLD expired on" in str(refused.value)
    assert "Write it off." in str(refused.value)
    assert "BAD is recalled" in str(refused.value)
    assert "quarantine" in str(refused.value)
    with pytest.raises(Refused) as refused:
        actions.use(
            place=relief.ward, item=relief.kit, quantity=1, key="u", by=relief.nurse, lot=expired
        )
    assert codes(refused) == ["expired"]
    actions.use(place=relief.ward, item=relief.kit, quantity=10, key="u", by=relief.nurse)
    assert held(relief.ward, good) == 0


def test_a_lot_may_be_used_on_its_last_day_as_the_place_knows_it(relief, lot_of, stock):
    relief.ward.time_zone = "Pacific/Kiritimati"  # 14 hours ahead of UTC
    relief.ward.save()
    now = timezone.now()
    there = actions.day_at(relief.ward, now)
    last = lot_of(relief.kit, "LAST", expires_on=there)
    past = lot_of(relief.kit, "PAST", expires_on=there - timedelta(days=1))
    stock(relief.ward, last, 5)
    stock(relief.ward, past, 5)
    actions.use(
        place=relief.ward, item=relief.kit, quantity=5, key="u", by=relief.nurse, happened_at=now
    )
    assert (held(relief.ward, last), held(relief.ward, past)) == (0, 5)


def test_one_lot_can_be_named(relief, lot_of, stock, in_days):
    first = lot_of(relief.kit, "A", expires_on=in_days(10))
    second = lot_of(relief.kit, "B", expires_on=in_days(20))
    stock(relief.ward, first, 5)
    stock(relief.ward, second, 5)
    actions.use(
        place=relief.ward, item=relief.kit, quantity=3, key="u", by=relief.nurse, lot=second
    )
    assert (held(relief.ward, first), held(relief.ward, second)) == (5, 2)
    with pytest.raises(Refused) as refused:
        actions.use(
            place=relief.ward, item=relief.kit, quantity=3, key="v", by=relief.nurse, lot=second
        )
    assert codes(refused) == ["below_zero"]


@pytest.mark.parametrize("quantity", [0, -5])
def test_nothing_and_less_is_refused(relief, lot_of, stock, quantity):
    stock(relief.ward, lot_of(relief.mask, "M1"), 100)
    with pytest.raises(Refused) as refused:
        actions.use(
            place=relief.ward, item=relief.mask, quantity=quantity, key="u", by=relief.nurse
        )
    assert codes(refused) == ["not_positive"]


def test_the_future_is_refused(relief, lot_of, stock):
    stock(relief.ward, lot_of(relief.mask, "M1"), 100)
    with pytest.raises(Refused) as refused:
        actions.use(
            place=relief.ward,
            item=relief.mask,
            quantity=1,
            key="u",
            by=relief.nurse,
            happened_at=timezone.now() + timedelta(hours=2),
        )
    assert codes(refused) == ["clock"]


def test_only_people_of_the_place_record_its_use(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 100)
    for who in (relief.outsider, relief.visitor, relief.agent, relief.staff, relief.giver):
        with pytest.raises(NotAllowed):
            actions.use(place=relief.ward, item=relief.mask, quantity=1, key="u", by=who)
    assert held(relief.ward, lot) == 100


def test_a_write_off_says_why_and_what_became_of_it(relief, lot_of, stock, in_days):
    lot = lot_of(relief.kit, "OLD", expires_on=in_days(-3))
    stock(relief.ward, lot, 30)
    asked = {
        "place": relief.ward,
        "lot": lot,
        "reason_language": "id",
        "by": relief.storekeeper,
    }
    with pytest.raises(Refused) as refused:
        actions.write_off(**asked, quantity=10, fate=PlaceKind.DAMAGED, reason=" ", key="w")
    assert codes(refused) == ["reason_missing"]
    with pytest.raises(Refused):
        actions.write_off(**asked, quantity=10, fate=PlaceKind.USED, reason="X", key="w")
    with pytest.raises(Refused) as refused:
        actions.write_off(**asked, quantity=31, fate=PlaceKind.LOST, reason="Hilang.", key="w")
    assert codes(refused) == ["below_zero"]
    done = actions.write_off(
        **asked, quantity=10, fate=PlaceKind.DAMAGED, reason="Kedaluwarsa.", key="w"
    )
    again = actions.write_off(
        **asked, quantity=10, fate=PlaceKind.DAMAGED, reason="Kedaluwarsa.", key="w"
    )
    actions.write_off(**asked, quantity=5, fate=PlaceKind.LOST, reason="Hilang.", key="w2")
    assert again.document == done.document
    assert (done.document.note, done.document.note_language) == ("Kedaluwarsa.", "id")
    assert held(relief.ward, lot) == 15
    assert held(account(relief.ward, PlaceKind.DAMAGED), lot) == 10
    assert held(account(relief.ward, PlaceKind.LOST), lot) == 5


def test_a_nurse_sets_aside_and_a_storekeeper_decides(relief, lot_of, stock):
    lot = lot_of(relief.mask, "M1")
    stock(relief.ward, lot, 30)
    asked = {"place": relief.ward, "lot": lot, "reason": "Basah.", "reason_language": "id"}
    actions.quarantine(**asked, quantity=12, key="q", by=relief.nurse)
    quarantine = account(relief.ward, PlaceKind.QUARANTINE)
    assert (held(relief.ward, lot), held(quarantine, lot)) == (18, 12)
    with pytest.raises(NotAllowed):
        actions.release(**asked, quantity=2, key="r", by=relief.nurse)
    actions.release(**asked, quantity=2, key="r", by=relief.storekeeper)
    actions.write_off(
        **asked,
        quantity=10,
        fate=PlaceKind.DAMAGED,
        key="w",
        by=relief.storekeeper,
        from_quarantine=True,
    )
    assert (held(relief.ward, lot), held(quarantine, lot)) == (20, 0)
    with pytest.raises(Refused) as refused:
        actions.release(**asked, quantity=1, key="r2", by=relief.storekeeper)
    assert codes(refused) == ["below_zero"]


def test_recalled_and_expired_goods_do_not_come_back_from_quarantine(
    relief, lot_of, stock, in_days
):
    lot = lot_of(relief.kit, "K", expires_on=in_days(50))
    stock(relief.ward, lot, 30)
    asked = {"place": relief.ward, "lot": lot, "reason": "?", "reason_language": "en"}
    actions.quarantine(**asked, quantity=30, key="q", by=relief.storekeeper)
    lot.recalled_at = timezone.now()
    lot.save()
    with pytest.raises(Refused) as refused:
        actions.release(**asked, quantity=1, key="r", by=relief.storekeeper)
    assert codes(refused) == ["recalled"]
    lot.recalled_at, lot.expires_on = None, in_days(-1)
    lot.save()
    with pytest.raises(Refused) as refused:
        actions.release(**asked, quantity=1, key="r", by=relief.storekeeper)
    assert codes(refused) == ["expired"]


def test_goods_of_an_open_case_stay_in_quarantine(relief, lot_of, stock, sent, came):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    stock(relief.ward, lot, 10)
    row = sent(relief.store, relief.ward, lot, 50)
    came(row, lot, 55)
    quarantine = account(relief.ward, PlaceKind.QUARANTINE)
    assert held(quarantine, lot) == 5
    assert Case.objects.get().quantity == 5
    asked = {"place": relief.ward, "lot": lot, "reason": "?", "reason_language": "en"}
    actions.quarantine(**asked, quantity=10, key="q", by=relief.storekeeper)
    with pytest.raises(Refused) as refused:
        actions.release(**asked, quantity=11, key="r", by=relief.storekeeper)
    assert codes(refused) == ["case_open"]
    actions.release(**asked, quantity=10, key="r", by=relief.storekeeper)
    assert held(quarantine, lot) == 5


def test_a_count_puts_right_what_differs_and_says_why(relief, lot_of, stock):
    more, less, same = (lot_of(relief.mask, number) for number in ("A", "B", "C"))
    for lot in (more, less, same):
        stock(relief.ward, lot, 50)
    rows = [Counted(more, 50, 53), Counted(less, 50, 40), Counted(same, 50, 50)]
    asked = {
        "place": relief.ward,
        "rows": rows,
        "reason_language": "id",
        "key": "c",
        "by": relief.storekeeper,
    }
    with pytest.raises(Refused) as refused:
        actions.count(**asked, reason="")
    assert codes(refused) == ["reason_missing"]
    posted = actions.count(**asked, reason="Dihitung ulang.")
    again = actions.count(**asked, reason="Dihitung ulang.")
    assert (posted.new, again.new) == (True, False)
    correction = account(relief.ward, PlaceKind.CORRECTION)
    assert [held(relief.ward, lot) for lot in (more, less, same)] == [53, 40, 50]
    assert [held(correction, lot) for lot in (more, less, same)] == [-3, 10, 0]
    assert posted.document.movements.count() == 2


def test_a_count_that_agrees_posts_nothing_but_stays_on_record(relief, lot_of, stock):
    lot = lot_of(relief.mask, "A")
    stock(relief.ward, lot, 50)
    done = actions.count(
        place=relief.ward,
        rows=[Counted(lot, 50, 50)],
        reason="",
        reason_language="id",
        key="c",
        by=relief.storekeeper,
    )
    assert done is None
    assert not Document.objects.filter(kind=DocumentKind.COUNT).exists()
    assert AuditEntry.objects.get(action="stock.counted").actor_id == relief.storekeeper.pk


def test_goods_that_moved_while_they_were_counted_are_counted_again(relief, lot_of, stock):
    lot = lot_of(relief.mask, "A")
    stock(relief.ward, lot, 50)
    actions.use(place=relief.ward, item=relief.mask, quantity=10, key="u", by=relief.nurse)
    with pytest.raises(Refused) as refused:
        actions.count(
            place=relief.ward,
            rows=[Counted(lot, 50, 50, "lot-1"), Counted(lot, 40, -1, "lot-2")],
            reason="?",
            reason_language="id",
            key="c",
            by=relief.storekeeper,
        )
    assert codes(refused) == ["moved_meanwhile", "not_positive"]
    assert held(relief.ward, lot) == 40


def test_opening_stock_counts_under_the_place_own_organisation(relief, in_days):
    asked = {
        "place": relief.ward,
        "rows": [
            Opening(relief.mask, 400),
            Opening(relief.kit, 20, "k7", in_days(100)),
        ],
        "key": "o",
        "by": relief.storekeeper,
    }
    first = actions.opening(**asked)
    second = actions.opening(**asked)
    assert (first.new, second.new) == (True, False)
    own = Place.objects.get(kind=PlaceKind.DONOR, organisation=relief.hospital)
    rows = Balance.objects.filter(place=relief.ward).order_by("quantity")
    assert [(row.lot.item.code, row.lot.number, row.quantity) for row in rows] == [
        ("test-kit", "K7", 20),
        ("mask", "", 400),
    ]
    assert {row.lot.source for row in rows} == {own}
    with pytest.raises(NotAllowed):
        actions.opening(**(asked | {"key": "p"}), source=relief.donor)
    with pytest.raises(Refused) as refused:
        actions.opening(**(asked | {"key": "p", "rows": [Opening(relief.kit, 20, "k8")]}))
    assert codes(refused) == ["expiry_missing"]
    with pytest.raises(Refused):
        actions.opening(**(asked | {"key": "p", "rows": []}))
    with pytest.raises(Refused) as refused:
        actions.opening(**(asked | {"key": "p", "rows": [Opening(relief.mask, 0)]}))
    assert codes(refused) == ["not_positive"]


def test_a_place_of_nobody_takes_no_opening_stock_from_a_stranger(relief):
    relief.ward.organisation = None
    relief.ward.save()
    with pytest.raises(Refused, match="No organisation answers for Ward"):
        actions.opening(place=relief.ward, rows=[Opening(relief.mask, 1)], key="o", by=None)


def test_a_return_is_packed_once_and_moves_nothing_yet(relief, lot_of, stock):
    lot = lot_of(relief.mask, "A")
    stock(relief.ward, lot, 50)
    asked = {
        "place": relief.ward,
        "destination": relief.store,
        "lots": [(lot, 20)],
        "by": relief.storekeeper,
        "note": "Terlalu banyak.",
        "note_language": "id",
    }
    made = actions.return_goods(**asked)
    assert actions.return_goods(**asked) == made
    other = actions.return_goods(**(asked | {"lots": [(lot, 21)]}))
    assert other != made
    assert Consignment.objects.count() == 2
    assert (made.origin, made.destination, made.state) == (relief.ward, relief.store, "draft")
    assert [(row.lot, row.quantity) for row in Packed.objects.filter(box__consignment=made)] == [
        (lot, 20)
    ]
    assert held(relief.ward, lot) == 50
    with pytest.raises(Refused) as refused:
        actions.return_goods(**(asked | {"lots": [(lot, 51)]}))
    assert codes(refused) == ["below_zero"]
    with pytest.raises(Refused):
        actions.return_goods(**(asked | {"destination": relief.other_ward}))
    with pytest.raises(NotAllowed):
        actions.return_goods(**(asked | {"by": relief.nurse}))


def test_a_donor_account_keeps_no_goods(relief, lot_of):
    with pytest.raises(Refused, match="neither a store nor a facility"):
        actions.use(place=relief.donor, item=relief.mask, quantity=1, key="u", by=None)


def test_every_change_is_on_the_audit_trail(relief, lot_of, stock):
    lot = lot_of(relief.mask, "A")
    stock(relief.ward, lot, 50)
    before = AuditEntry.objects.count()
    actions.use(place=relief.ward, item=relief.mask, quantity=1, key="u", by=relief.nurse)
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert AuditEntry.objects.count() == before + 1
    assert (entry.action, entry.actor_id) == ("use.posted", relief.nurse.pk)


def test_missing_goods_are_found_by_outcome(relief, lot_of, stock, sent, came):
    """The fixture posts what it says: the tests of needs rest on it."""
    lot = lot_of(relief.mask, "A")
    stock(relief.store, lot, 50)
    row = sent(relief.store, relief.ward, lot, 50)
    came(row, lot, 10, Outcome.MISSING)
    assert held(relief.ward, lot) == 0
