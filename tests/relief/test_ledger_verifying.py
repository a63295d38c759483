"""Verifying finds whatever somebody did behind the database's back; rebuilding mends the sums."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from medixchange.core import audit
from medixchange.core.models import AuditEntry
from medixchange.relief import guards
from medixchange.relief.actions import ledger
from medixchange.relief.actions.rebuild import rebuild
from medixchange.relief.cli.ledger import ledger as command
from medixchange.relief.models import (
    Balance,
    Document,
    DocumentKind,
    Flow,
    FlowTotal,
    Numbering,
    Place,
)
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.queries import verifying
from medixchange.relief.refusals import Refused


@pytest.fixture
def books(relief, lot_of, stock) -> None:
    """A lot of 100 in the store and 40 of it at the ward."""
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    ledger.post(
        kind=DocumentKind.SETTLEMENT,
        key="to the ward",
        happened_at=timezone.now(),
        lines=[ledger.Line(lot, 40, relief.store, relief.ward)],
        by=None,
        organisation=None,
    )


def settle() -> None:
    """PostgreSQL alters no table while checks of it wait for the end of the test's transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def behind_the_database() -> Iterator[Callable[[str], None]]:
    """What a person with the database's own password can do: the triggers are out of the way."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            settle()
            tables = (*guards.APPEND_ONLY, *guards.FIXED)
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield cursor.execute
            settle()
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        else:
            for name in guards.names(connection.vendor):
                cursor.execute(f"DROP TRIGGER {name}")
            yield cursor.execute
            guards.put(connection.vendor, cursor.execute)


def test_a_ledger_that_nobody_touched_is_sound(books):
    assert list(verifying.faults()) == []


def test_every_guard_is_there_after_the_last_migration(db):
    assert guards.missing(connection) == []


def test_guards_can_be_put_in_place_again(books):
    settle()
    with connection.cursor() as cursor:
        guards.put(connection.vendor, cursor.execute)
    assert list(verifying.faults()) == []


def test_a_guard_that_is_gone_is_named_and_put_back(books):
    settle()
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE relief_place DISABLE TRIGGER relief_place_fixed"
            if connection.vendor == "postgresql"
            else "DROP TRIGGER relief_place_fixed"
        )
    assert list(verifying.faults()) == ["the database has lost its guard relief_place_fixed"]
    assert rebuild(by=None).guards == ("relief_place_fixed",)
    assert list(verifying.faults()) == []
    with pytest.raises(DatabaseError), transaction.atomic():
        Place.objects.filter(kind="store").update(kind="donor")


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE relief_movement SET quantity = 41 WHERE quantity = 40",
        "UPDATE relief_document SET happened_at = '2020-03-27 09:00:00+00:00'"
        " WHERE key = 'to the ward'",
        "UPDATE relief_document SET note = 'x' WHERE key = 'to the ward'",
        "DELETE FROM relief_movement WHERE quantity = 40",
        "INSERT INTO relief_movement (document_id, lot_id, quantity, from_place_id, to_place_id)"
        " SELECT document_id, lot_id, 1, from_place_id, to_place_id FROM relief_movement"
        " WHERE quantity = 40",
    ],
)
def test_a_document_that_was_altered_is_named(books, deed):
    number = Document.objects.get(key="to the ward").number
    with behind_the_database() as do:
        do(deed)
    assert f"{number}: its movements are not those that were posted" in list(verifying.faults())


def test_a_day_that_was_altered_is_named(books):
    number = Document.objects.get(key="to the ward").number
    with behind_the_database() as do:
        do("UPDATE relief_document SET day = '2020-03-27' WHERE key = 'to the ward'")
    rebuild(by=None)
    assert list(verifying.faults()) == [f"{number}: counts under another day than it happened on"]


def test_a_document_that_is_gone_leaves_a_gap(relief, lot_of, stock):
    for number in ("M1", "M2", "M3"):
        stock(relief.store, lot_of(relief.mask, number), 10)
    gone = Document.objects.get(number__endswith="-00002")
    series = gone.number.rpartition("-")[0]
    with behind_the_database() as do:
        do(f"DELETE FROM relief_movement WHERE document_id = {gone.pk}")  # noqa: S608
        do(f"DELETE FROM relief_document WHERE id = {gone.pk}")  # noqa: S608
    rebuild(by=None)
    assert list(verifying.faults()) == [f"{series}-00003: the number before it should be 2"]


@pytest.mark.parametrize("given", [0, 2])
def test_the_last_document_of_a_series_that_is_gone_shows_too(books, given):
    series = Document.objects.get(key="to the ward").number.rpartition("-")[0]
    Numbering.objects.filter(series=series).update(last=given)
    assert list(verifying.faults()) == [
        f"{series}: gave out {given} numbers, the last document is 1"
    ]


@pytest.mark.parametrize(
    "deed",
    [
        lambda: Balance.objects.filter(quantity=60).update(quantity=61),
        lambda: Balance.objects.filter(quantity=60).delete(),
        lambda: Balance.objects.filter(quantity=60).update(may_go_below=True),
        lambda: Flow.objects.filter(quantity=40).update(quantity=39),
        lambda: Flow.objects.all().delete(),
        lambda: FlowTotal.objects.filter(dimensions="item week").update(quantity=1),
        lambda: FlowTotal.objects.filter(dimensions="source country").delete(),
    ],
)
def test_sums_that_were_altered_are_named_and_made_anew(books, deed):
    deed()
    assert list(verifying.faults()) != []
    rebuild(by=None)
    assert list(verifying.faults()) == []
    assert Balance.objects.get(quantity=60).may_go_below is False


def test_rebuilding_changes_nothing_in_a_sound_ledger_and_is_on_record(books):
    def sums():
        return [
            sorted(model.objects.values_list(*(f.name for f in model._meta.fields[1:])))
            for model in (Balance, Flow, FlowTotal)
        ]

    before = sums()
    done = rebuild(by=None)
    assert (done.balances, done.flows, done.mended) == (3, 2, ())
    assert sums() == before
    entry = AuditEntry.objects.get(action="ledger.rebuilt")
    assert entry.details == {
        "balances": 3, "flows": 2, "guards": [], "mended": 0, "named": []
    }  # fmt: skip
    assert list(audit.verify()) == []


def test_movements_that_cannot_be_are_refused_and_the_sums_stay(relief, books):
    with behind_the_database() as do:
        do("UPDATE relief_movement SET quantity = 101 WHERE quantity = 40")
    with pytest.raises(Refused) as refusal:
        rebuild(by=None)
    assert "below zero" in str(refusal.value)
    assert stock_of.quantity(relief.ward, relief.mask) == 40


def test_the_commands_say_what_is_wrong_and_mend_it(books):
    run = CliRunner().invoke
    assert run(command, ["verify"]).stdout == "2 documents: the ledger holds.\n"
    row = Balance.objects.get(quantity=60)
    Balance.objects.filter(pk=row.pk).update(quantity=61)
    where = f"balance of place {row.place_id}, lot {row.lot_id}"
    found = run(command, ["verify", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.stdout) == {
        "sound": False,
        "documents": 2,
        "faults": [f"{where}: kept 61, the movements say 60"],
    }
    mended = run(command, ["rebuild"])
    assert mended.exit_code == 0
    assert mended.stdout.splitlines() == [
        f"{where}: was 61, is 60",
        "3 balances and 2 flows are made anew from the movements; 1 sums were wrong.",
    ]
    assert run(command, ["verify"]).exit_code == 0


def test_the_commands_refuse_in_words(books):
    with behind_the_database() as do:
        do("UPDATE relief_movement SET quantity = 101 WHERE quantity = 40")
    refused = CliRunner().invoke(command, ["rebuild"])
    assert refused.exit_code == 1
    assert "below zero" in refused.output
