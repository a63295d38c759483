"""The audit trail: who did what to what, when and from where.

A line is written inside the transaction of the change it describes, so neither exists without the
other. Each line's hash covers the line and the hash before it; the head row holds the last, so an
altered, inserted or removed line shows in ``verify``, at the end of the trail too. The database
itself refuses to update or delete lines (see the migrations); the chain is for those who can get
round the database.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone

from medixchange.core.models import AuditEntry, AuditHead
from medixchange.core.origin import current
from medixchange.core.origin import origin as origin


def record(
    action: str, subject: models.Model | str, *, by: AbstractBaseUser | None, **details: Any
) -> AuditEntry:
    """Write one line.

    Args:
        action: what was done, as ``noun.verb`` in the past: ``translation.approved``.
        subject: the row it was done to, saved; or a name for what is no row.
        by: the member who did it, or None for the operator at the command line.
        details: what else a reader of the trail needs; JSON values. No personal data of patients.

    Raises:
        TransactionManagementError: outside a transaction, where the line could outlive the change.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit line needs a transaction.")
    # The head row is the lock: two writers cannot both follow the same line.
    head = AuditHead.objects.select_for_update().get(pk=AuditHead.ONLY)
    entry = AuditEntry(
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor_id=by.pk if by else None,
        origin=current()[:100],
        action=action,
        subject=subject
        if isinstance(subject, str)
        else f"{subject._meta.label_lower}:{subject.pk}",
        details=details,
        previous=head.hash,
    )
    entry.hash = digest(entry)
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256, in hex, over the line's canonical JSON and the hash before it."""
    body = [
        entry.sequence,
        _moment(entry.at),
        entry.actor_id,
        entry.origin,
        entry.action,
        entry.subject,
        entry.details,
        entry.previous,
    ]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the trail does not hold: the sequence number and what is wrong there."""

    sequence: int
    what: str

    def as_json(self) -> Mapping[str, Any]:
        return {"sequence": self.sequence, "what": self.what}


def verify() -> Iterator[Fault]:
    """Walk the whole trail and yield every break in it. Yields nothing for a sound trail."""
    expected, previous = 1, ""
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            yield Fault(expected, f"lines {expected} to {entry.sequence - 1} are missing")
        if entry.previous != previous:
            yield Fault(entry.sequence, "does not follow the line before it")
        if entry.hash != digest(entry):
            yield Fault(entry.sequence, "was altered after it was written")
        expected, previous = entry.sequence + 1, entry.hash
    head = AuditHead.objects.get(pk=AuditHead.ONLY)
    if (head.sequence, head.hash) != (expected - 1, previous):
        yield Fault(expected, f"the trail ends at {expected - 1}, its head says {head.sequence}")
