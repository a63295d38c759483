"""Getting at rows of relief only as far as somebody may: the row, or 403, or 404."""

from typing import cast

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.models import Case, Consignment, Place, PlaceKind


def member(request: HttpRequest) -> Member | None:
    """Who is signed in, if anybody."""
    return request.user if isinstance(request.user, Member) else None


def signed_in(request: HttpRequest) -> Member:
    """As ``member`` in a view that requires sign-in."""
    return cast(Member, request.user)


def reading(request: HttpRequest) -> str:
    """The BCP 47 tag of the language a page's content is shown in: that of the interface."""
    return languages.get(get_language() or "en").tag


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
