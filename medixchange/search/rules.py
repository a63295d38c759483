"""Who may do what in search. Who may find what is said by each source (``core.searchable``)."""

from medixchange.network.models import Member, Role
from medixchange.translation.rules import NotAllowed

__all__ = ["NotAllowed", "country_of", "may_edit"]


def may_edit(member: Member | None) -> bool:
    """Who sees what nobody has answered, and marks it done: coordinators and staff of verified
    organisations."""
    return member is not None and bool({Role.COORDINATOR, Role.STAFF} & member.roles())


def country_of(member: Member | None) -> str:
    """ISO 3166 two-letter code of the country a member works in, by the organisation they have been
    in longest; empty where there is none."""
    held = member.current_memberships if member is not None else []
    return held[0].organisation.country if held else ""
