"""Who may do what in relief. All of it rests on roles in verified organisations."""

from medixchange.network.models import Member, Organisation, Role
from medixchange.relief.models import AllocationRun, Case, Consignment, Lot, Place
from medixchange.translation.rules import NotAllowed

__all__ = ["NotAllowed"]

#: Roles that move goods, and those that may also speak for what they need.
HANDLING = (Role.LOGISTICS, Role.COORDINATOR)
NEEDING = (*HANDLING, Role.CLINICIAN)


def holds_any(member: Member | None, organisation: Organisation | None, roles: tuple) -> bool:
    """Whether the member holds one of the roles in the organisation, which must be verified."""
    if member is None or organisation is None:
        return False
    return any(member.holds(role, organisation) for role in roles)


def belongs(member: Member | None, organisation: Organisation | None) -> bool:
    """Whether the member holds any role in the organisation, which must be verified."""
    return holds_any(member, organisation, tuple(Role))


def is_staff(member: Member | None) -> bool:
    return member is not None and Role.STAFF in member.roles()


def handles_goods(member: Member | None) -> bool:
    """Whether goods are anything to them: they move, receive or need some for an organisation."""
    return member is not None and bool({*NEEDING} & member.roles())


def may_handle(member: Member | None, place: Place) -> bool:
    """Move goods out of or into a place: its organisation's logistics officers and coordinators."""
    return holds_any(member, place.owner.organisation, HANDLING)


def may_pledge(member: Member | None, donor: Place) -> bool:
    """Promise goods from a donor account."""
    return may_handle(member, donor)


def may_state_need(member: Member | None, facility: Place) -> bool:
    """Say what a facility needs: its own people."""
    return holds_any(member, facility.organisation, NEEDING)


def may_allocate(member: Member | None, store: Place) -> bool:
    """Share out a store's goods."""
    return may_handle(member, store)


def may_approve(member: Member | None, run: AllocationRun) -> bool:
    """Stand for how a store's goods are shared out: who may share them out, but for its maker."""
    return may_allocate(member, run.store) and member is not None and run.made_by_id != member.pk


def may_see_stock(member: Member | None, place: Place) -> bool:
    """See what lies at a place: its organisation, and platform staff."""
    return belongs(member, place.owner.organisation) or is_staff(member)


def may_see_consignment(member: Member | None, consignment: Consignment) -> bool:
    """See packing list, papers and signatures: both ends, the carrier, platform staff."""
    return is_staff(member) or any(
        belongs(member, organisation) for organisation in parties(consignment)
    )


def may_send(member: Member | None, consignment: Consignment) -> bool:
    """Pack it and post its dispatch: the sending side."""
    return may_handle(member, consignment.origin)


def may_track(member: Member | None, consignment: Consignment) -> bool:
    """Record stages of its way: both ends and the carrier."""
    return any(holds_any(member, organisation, HANDLING) for organisation in parties(consignment))


def may_receive(member: Member | None, consignment: Consignment) -> bool:
    """Count it and sign for it: the receiving side; at a facility its clinicians too."""
    return holds_any(member, consignment.destination.organisation, NEEDING)


def may_answer_case(member: Member | None, case: Case) -> bool:
    """Speak in a discrepancy case: both ends."""
    return may_send(member, case.consignment) or may_settle_case(member, case)


def may_settle_case(member: Member | None, case: Case) -> bool:
    """End a discrepancy case: the side that received, where the goods are."""
    return may_handle(member, case.consignment.destination)


def may_keep_catalogue(member: Member | None) -> bool:
    """Add items and places: platform staff, and those who move goods for an agency, foundation or
    task force."""
    if member is None:
        return False
    return is_staff(member) or any(
        held.role in HANDLING
        and held.organisation.is_verified
        and held.organisation.kind in ("agency", "foundation", "task_force")
        for held in member.current_memberships
    )


def may_correct_expiry(member: Member | None, lot: Lot) -> bool:
    """Put a lot's expiry date right: who keeps the catalogue, or handles its giver's goods."""
    return may_keep_catalogue(member) or may_handle(member, lot.source)


def may_recall(member: Member | None) -> bool:
    """Name a lot as recalled, and see everywhere it went."""
    return may_keep_catalogue(member)


def parties(consignment: Consignment) -> list[Organisation]:
    """The organisations a consignment concerns."""
    found = [
        consignment.origin.organisation,
        consignment.destination.organisation,
        consignment.carrier,
    ]
    return [organisation for organisation in found if organisation is not None]
