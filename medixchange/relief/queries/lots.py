"""One lot: whom it concerns, and how its expiry date was put right."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from medixchange.core.models import AuditEntry
from medixchange.network.models import Member
from medixchange.relief.models import Balance, Consignment, Lot


def concerns(lot: Lot, member: Member | None) -> bool:
    """Whether an organisation of the member has or had some of it, is at an end of its way, or is
    sent something by a place that has: a box may hold what is not on its list. Two queries."""
    if member is None:
        return False
    own = [
        held.organisation_id for held in member.current_memberships if held.organisation.is_verified
    ]
    ends = (
        Q(origin__organisation__in=own) | Q(destination__organisation__in=own) | Q(carrier__in=own)
    )
    return (
        Balance.objects.filter(lot=lot, place__organisation__in=own).exists()
        or Consignment.objects.filter(
            ends,
            Q(origin__balances__lot=lot)
            | Q(boxes__contents__lot=lot)
            | Q(places__balances__lot=lot),
        ).exists()
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """A change of a lot's expiry date. ``by`` is None where the member's account is gone."""

    at: datetime
    by: Member | None
    before: date | None
    after: date | None
    reason: str


def corrections(lot: Lot) -> list[Correction]:
    """How the expiry date was put right, the last first, from the audit trail. One query."""
    rows = (
        AuditEntry.objects.filter(subject=f"relief.lot:{lot.pk}", action="lot.expiry_corrected")
        .select_related("actor")
        .order_by("-sequence")
    )
    return [
        Correction(
            row.at,
            row.actor,
            _day(row.details["before"]),
            _day(row.details["after"]),
            row.details["reason"],
        )
        for row in rows
    ]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
