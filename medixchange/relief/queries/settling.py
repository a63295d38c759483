"""Rows of published lists that wait for a person."""

from django.db.models import QuerySet

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import ToSettle


def visible_to(member: Member | None) -> QuerySet[ToSettle]:
    """The rows a member may settle: those of the donors they handle goods for; all, for staff."""
    rows = ToSettle.objects.select_related("donor__organisation", "donor__parent", "pledge")
    if member is None:
        return rows.none()
    if rules.is_staff(member):
        return rows
    organisations = {
        held.organisation_id
        for held in member.current_memberships
        if held.role in rules.HANDLING and held.organisation.is_verified
    }
    return rows.filter(donor__organisation__in=organisations)


def waiting(member: Member | None) -> int:
    """How many rows wait for a member."""
    return visible_to(member).filter(settled_at=None).count()
