"""Getting at rows of relief only as far as somebody may: the row, or 403, or 404."""

from django.http import Http404, HttpRequest

from medixchange.network.access import member as member
from medixchange.network.access import reading as reading
from medixchange.network.access import signed_in as signed_in
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import Case, Consignment, Lot, Place, PlaceKind
from medixchange.relief.queries import lots


def consignment(request: HttpRequest, reference: str) -> Consignment:
    """A consignment for who may see its papers; 404 for anybody else, who is not told of it."""
    found = (
        Consignment.objects.filter(reference=reference)
        .select_related("origin__organisation", "destination__organisation", "carrier", "pledge")
        .first()
    )
    if found is None or not rules.may_see_consignment(member(request), found):
        raise Http404
    return found


def place(request: HttpRequest, code: str) -> Place:
    """A store, facility or donor account for who may see its stock; 404 for anybody else."""
    found = (
        Place.objects.filter(
            code=code, kind__in=(PlaceKind.STORE, PlaceKind.FACILITY, PlaceKind.DONOR)
        )
        .select_related("organisation")
        .first()
    )
    if found is None or not rules.may_see_stock(member(request), found):
        raise Http404
    return found


def case(request: HttpRequest, reference: str) -> Case:
    """A discrepancy case for either end; 404 for anybody else."""
    found = (
        Case.objects.filter(reference=reference)
        .select_related(
            "consignment__origin__organisation",
            "consignment__destination__organisation",
            "consignment__carrier",
            "lot__item__name",
            "document",
        )
        .first()
    )
    if found is None or not rules.may_see_consignment(member(request), found.consignment):
        raise Http404
    return found


def lot(request: HttpRequest, pk: int) -> Lot:
    """A lot for who has, had or may be sent some of it, and who may put it right; 404 for anybody
    else."""
    found = Lot.objects.filter(pk=pk).select_related("item__name", "source__organisation").first()
    who = member(request)
    if found is None or not (
        rules.may_correct_expiry(who, found) or rules.is_staff(who) or lots.concerns(found, who)
    ):
        raise Http404
    return found


def places_of(who: Member, *kinds: PlaceKind) -> list[Place]:
    """Places with a door of the organisations a member handles goods for."""
    organisations = {
        held.organisation_id
        for held in who.current_memberships
        if held.role in rules.NEEDING and held.organisation.is_verified
    }
    return list(
        Place.objects.filter(organisation__in=organisations, kind__in=kinds)
        .select_related("organisation")
        .order_by("name")
    )
