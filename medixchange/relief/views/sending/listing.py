"""Consignments of a member's organisations, and beginning one."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.core import languages
from medixchange.relief import access, rules
from medixchange.relief.actions import consignments
from medixchange.relief.forms import add_problems
from medixchange.relief.models import Consignment, PlaceKind
from medixchange.relief.queries import sending
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import ConsignmentState
from medixchange.relief.views.sending.forms import NewConsignment

PAGE = 50
#: What the list can be narrowed to.
_SHOWN = {
    "way": sending.UNDER_WAY,
    "packing": (ConsignmentState.DRAFT,),
    "received": (ConsignmentState.RECEIVED,),
    "all": tuple(ConsignmentState),
}


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Consignments to and from the member's places, those under way first."""
    who = access.signed_in(request)
    shown = request.GET.get("show", "way")
    if shown not in _SHOWN:
        shown = "way"
    rows = sending.visible_to(who).filter(state__in=_SHOWN[shown])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "relief/sending/index.html",
        {
            "page": page,
            "listed": [(row, sending.is_late(row)) for row in page],
            "shown": shown,
            "may_add": bool(_origins(request)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Begin a consignment from one of the member's places."""
    who, origins = access.signed_in(request), _origins(request)
    if not origins:
        raise NotAllowed
    form = NewConsignment(request.POST or None, origins=origins, initial={"origin": origins[0].pk})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            made: Consignment = consignments.add_consignment(
                origin=data["origin"],
                destination=data["place"],
                pledge=data.get("pledge"),
                carrier=data.get("carrier"),
                transport_reference=data["transport_reference"],
                expected_on=data["expected_on"],
                note=data["note"],
                note_language=languages.get(get_language() or "en").tag,
                by=who,
            )
        except Refused as refused:
            add_problems(form, refused)
        else:
            return redirect("relief_packing", made.reference)
    return render(
        request, "relief/sending/add.html", {"form": form}, status=422 if form.is_bound else 200
    )


def _origins(request: HttpRequest) -> list:
    who = access.signed_in(request)
    places = access.places_of(who, PlaceKind.DONOR, PlaceKind.STORE, PlaceKind.FACILITY)
    return [place for place in places if rules.may_handle(who, place)]
