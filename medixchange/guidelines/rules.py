"""Who may do what to a guideline."""

from medixchange.guidelines.models import Guideline
from medixchange.network.models import Member, Role
from medixchange.translation.rules import may_sign, may_translate


def may_import(member: Member) -> bool:
    """Who holds a coordinator's, clinician's or staff role in a verified organisation."""
    return bool({Role.COORDINATOR, Role.CLINICIAN, Role.STAFF} & member.roles())


def may_publish(member: Member, guideline: Guideline) -> bool:
    """A coordinator of the organisation that owns it, or platform staff."""
    return member.holds(Role.COORDINATOR, guideline.owner) or Role.STAFF in member.roles()


def may_see_unpublished(member: Member | None, guideline: Guideline, language: str) -> bool:
    """Who works on it: the owning organisation, staff, and those who translate or sign the pair."""
    if member is None:
        return False
    owning = any(
        held.organisation_id == guideline.owner_id and held.organisation.is_verified
        for held in member.current_memberships
    )
    return (
        owning
        or Role.STAFF in member.roles()
        or may_translate(member, source=guideline.language, target=language)
        or may_sign(member, source=guideline.language, target=language)
    )
