"""Discrepancy cases of a member: which there are, and which wait for them."""

from django.db.models import Q, QuerySet

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import Case
from medixchange.relief.states import CaseState

_ENDED = (CaseState.RESOLVED, CaseState.WITHDRAWN)


def of_member(who: Member, *, ended: bool = False) -> QuerySet[Case]:
    """Cases of consignments to, from or carried by the member's organisations, newest first."""
    organisations = {
        held.organisation_id for held in who.current_memberships if held.organisation.is_verified
    }
    mine = (
        Q(consignment__origin__organisation__in=organisations)
        | Q(consignment__destination__organisation__in=organisations)
        | Q(consignment__carrier__in=organisations)
    )
    cases = Case.objects.filter(mine).select_related(
        "consignment__origin__organisation",
        "consignment__destination__organisation",
        "lot__item__name",
    )
    cases = cases.filter(state__in=_ENDED) if ended else cases.exclude(state__in=_ENDED)
    return cases.order_by("-pk")


def waits_for(who: Member, case: Case) -> bool:
    """Whether the next word is this member's: of the sender in an open case, of the receiver in one
    that was answered."""
    if case.state == CaseState.OPEN:
        return rules.may_send(who, case.consignment)
    return case.state == CaseState.ANSWERED and rules.may_settle_case(who, case)
