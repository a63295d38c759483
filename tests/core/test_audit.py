"""The audit trail: written with the change or not at all, and every tampering shows."""

import pytest
from django.db import DatabaseError, connection, transaction

from medixchange.core import audit
from medixchange.core.models import AuditEntry, AuditHead
from medixchange.network import actions as network

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(hospital):
    """A trail of some lines."""
    for name in ("one", "two", "three"):
        network.add_member(email=f"{name}@test.example", name=name, password=None, by=None)
    return list(AuditEntry.objects.order_by("sequence"))


def unguarded(sql: str, *values: object) -> None:
    """Write past the database's guard, as somebody with the file in hand could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(sql, values)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute("DROP TRIGGER core_auditentry_no_update")
            cursor.execute("DROP TRIGGER core_auditentry_no_delete")
            cursor.execute(sql, values)


def test_says_who_did_what_to_what_and_from_where(hospital, cast):
    with audit.origin("web 192.0.2.7"), transaction.atomic():
        entry = audit.record("guideline.published", hospital, by=cast.coordinator, language="id")
    entry.refresh_from_db()
    assert entry.actor_id == cast.coordinator.pk
    assert entry.origin == "web 192.0.2.7"
    assert entry.action == "guideline.published"
    assert entry.subject == f"network.organisation:{hospital.pk}"
    assert entry.details == {"language": "id"}


def test_is_sound_as_written(trail):
    assert list(audit.verify()) == []
    assert [entry.sequence for entry in trail] == list(range(1, len(trail) + 1))


def test_a_change_that_fails_leaves_no_line(trail):
    def change() -> None:
        with transaction.atomic():
            network.add_member(email="x@test.example", name="x", password=None, by=None)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change()
    assert AuditEntry.objects.count() == len(trail)
    assert list(audit.verify()) == []


def test_refuses_to_be_written_outside_a_transaction(hospital, monkeypatch):
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError):
        audit.record("x.y", hospital, by=None)


@pytest.mark.parametrize("sql", [
    "UPDATE core_auditentry SET action = 'other' WHERE sequence = 2",
    "DELETE FROM core_auditentry WHERE sequence = 2",
])  # fmt: skip
def test_the_database_refuses_to_change_a_line(trail, sql):
    def change() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    with pytest.raises(DatabaseError, match="append-only"):
        change()


def test_an_altered_line_shows(trail):
    unguarded("UPDATE core_auditentry SET action = %s WHERE sequence = 2", "other")
    assert [(f.sequence, f.what) for f in audit.verify()] == [
        (2, "was altered after it was written")
    ]


def test_a_removed_line_shows(trail):
    unguarded("DELETE FROM core_auditentry WHERE sequence = 2")
    faults = [fault.what for fault in audit.verify()]
    assert "lines 2 to 2 are missing" in faults
    assert "does not follow the line before it" in faults


def test_a_cut_off_end_shows(trail):
    last = len(trail)
    unguarded("DELETE FROM core_auditentry WHERE sequence = %s", last)
    assert [fault.what for fault in audit.verify()] == [
        f"the trail ends at {last - 1}, its head says {last}"
    ]


def test_a_line_rewritten_with_its_hash_shows(trail):
    entry = AuditEntry.objects.get(sequence=2)
    entry.action = "other"
    unguarded(
        "UPDATE core_auditentry SET action = %s, hash = %s WHERE sequence = 2",
        "other",
        audit.digest(entry),
    )
    assert [fault.sequence for fault in audit.verify()] == [3]
    assert AuditHead.objects.get().sequence == len(trail)
