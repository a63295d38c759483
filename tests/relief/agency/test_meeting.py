"""Needs are met by what comes, and open again when that is taken back, in the same transaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import ledger, needs, settling
from medixchange.relief.models import Document, DocumentKind, Lot, Need, Outcome, Remedy
from medixchange.relief.states import NeedState


@pytest.fixture
def lot(relief, lot_of, stock) -> Lot:
    """Masks of which the store has enough."""
    lot = lot_of(relief.mask, "M")
    stock(relief.store, lot, 500)
    return lot


@pytest.fixture
def need(relief, in_days, lot) -> Need:
    return stated(relief, in_days)


def stated(relief, in_days, quantity=60, days=7):
    return needs.state_need(
        facility=relief.ward,
        item=relief.mask,
        quantity=quantity,
        by_when=in_days(days),
        by=relief.nurse,
    )


def now(need):
    need.refresh_from_db()
    return need.state


def take_back(relief, document, key="back"):
    return settling.take_back(
        document=document, key=key, note="Salah hitung.", note_language="id", by=relief.storekeeper
    )


def delivery():
    return Document.objects.filter(kind=DocumentKind.DELIVERY).order_by("-pk").first()


def test_a_part_leaves_it_open_the_rest_meets_it_and_a_reversal_opens_it_again(
    relief, in_days, lot, need, sent, came
):
    kits = needs.state_need(
        facility=relief.ward, item=relief.kit, quantity=1, by_when=in_days(7), by=relief.nurse
    )
    row = sent(relief.store, relief.ward, lot, 60)
    came(row, lot, 59)
    assert now(need) == NeedState.OPEN
    came(row, lot, 1)
    assert (now(need), now(kits)) == (NeedState.MET, NeedState.OPEN)
    take_back(relief, delivery())
    assert now(need) == NeedState.OPEN
    # Sent again by a phone that did not hear the answer, it takes nothing back twice.
    take_back(relief, delivery())
    told = AuditEntry.objects.filter(action__in=["need.met", "need.reopened"]).order_by("sequence")
    assert [(entry.action, entry.actor) for entry in told] == [
        ("need.met", None),
        ("need.reopened", relief.storekeeper),
    ]


def test_damaged_and_missing_goods_do_not_meet_it_until_they_are_taken_over_or_found(
    relief, lot, need, sent, came
):
    row = sent(relief.store, relief.ward, lot, 80)
    came(row, lot, 40)
    came(row, lot, 20, Outcome.DAMAGED)
    came(row, lot, 20, Outcome.MISSING, complete=True)
    assert now(need) == NeedState.OPEN
    missing = row.cases.get(kind="missing")

    def settle(remedy, key):
        return settling.settle(
            case=missing,
            remedy=remedy,
            key=key,
            text="Ada di truk.",
            language="id",
            by=relief.storekeeper,
        )

    settle(Remedy.WRITTEN_OFF, "lost")
    assert now(need) == NeedState.OPEN
    settling.reopen(case=missing, key="r1", text="Cari lagi.", language="id", by=relief.storekeeper)
    assert now(need) == NeedState.OPEN
    settle(Remedy.FOUND, "found")
    assert now(need) == NeedState.MET
    settling.reopen(case=missing, key="r2", text="Keliru.", language="id", by=relief.storekeeper)
    assert now(need) == NeedState.OPEN


def test_goods_set_aside_when_they_came_count_once_the_ward_takes_them_over(
    relief, lot, need, sent, came
):
    row = sent(relief.store, relief.ward, lot, 60)
    came(row, lot, 60, Outcome.QUARANTINED)
    assert now(need) == NeedState.OPEN
    settling.settle(
        case=row.cases.get(),
        remedy=Remedy.TAKEN_OVER,
        key="ours",
        text="Sudah diperiksa.",
        language="id",
        by=relief.storekeeper,
    )
    assert now(need) == NeedState.MET


def test_of_two_statements_of_one_item_the_newer_is_the_one_that_goods_meet(
    relief, in_days, lot, need, sent, came
):
    """There is never more than one open: the one before was replaced, whichever day it named."""
    newer = stated(relief, in_days, quantity=50, days=3)
    came(sent(relief.store, relief.ward, lot, 60), lot, 60)
    assert (now(need), now(newer)) == (NeedState.REPLACED, NeedState.MET)


def test_a_met_need_stays_met_where_the_facility_has_said_something_newer(
    relief, in_days, lot, need, sent, came
):
    came(sent(relief.store, relief.ward, lot, 60), lot, 60)
    newer = stated(relief, in_days, quantity=10)
    take_back(relief, delivery())
    assert (now(need), now(newer)) == (NeedState.MET, NeedState.OPEN)


def test_a_withdrawn_need_stays_withdrawn(relief, lot, need, sent, came):
    needs.withdraw(need=need, reason="Bangsal ditutup.", by=relief.nurse)
    came(sent(relief.store, relief.ward, lot, 60), lot, 60)
    assert now(need) == NeedState.WITHDRAWN


def test_opening_stock_and_what_came_before_the_statement_do_not_meet_it(
    relief, lot, need, stock, sent, came
):
    stock(relief.ward, lot, 60)
    assert now(need) == NeedState.OPEN
    Need.objects.filter(pk=need.pk).update(stated_at=timezone.now() + timedelta(minutes=1))
    came(sent(relief.store, relief.ward, lot, 60), lot, 60)
    assert now(need) == NeedState.OPEN


@pytest.mark.parametrize(
    "statement",
    ['UPDATE "relief_need"', 'INSERT INTO "relief_count"', 'INSERT INTO "relief_stage"'],
)
def test_a_fault_keeps_neither_the_delivery_nor_the_need_that_it_met(
    relief, lot, need, sent, came, statement
):
    row = sent(relief.store, relief.ward, lot, 60)
    before = AuditEntry.objects.count()
    reached = []

    def break_down(execute, sql, *rest):
        reached.append(sql.startswith('UPDATE "relief_need"'))
        if sql.startswith(statement):
            raise RuntimeError("The power went.")
        return execute(sql, *rest)

    with connection.execute_wrapper(break_down), pytest.raises(RuntimeError):
        came(row, lot, 60)
    assert any(reached)
    assert now(need) == NeedState.OPEN
    assert delivery() is None
    assert AuditEntry.objects.count() == before
    came(row, lot, 60)
    assert now(need) == NeedState.MET


def test_a_posting_that_brings_nothing_to_a_facility_asks_nothing_of_needs(relief, lot, need):
    """Use, and goods that go from store to store, cost what they did."""
    asked = []

    def watch(execute, sql, *rest):
        asked.append("relief_need" in sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        ledger.post(
            kind=DocumentKind.DISPATCH,
            key="away",
            happened_at=timezone.now(),
            lines=[ledger.Line(lot, 1, relief.store, relief.donor)],
            by=None,
            organisation=None,
        )
    assert asked
    assert not any(asked)
