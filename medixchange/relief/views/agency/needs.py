"""Needs: what facilities ask for, and saying so."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.relief import access, rules, texts
from medixchange.relief.actions import needs as actions
from medixchange.relief.actions.stock import day_at
from medixchange.relief.forms import add_problems
from medixchange.relief.models import Item, Need, Place, PlaceKind
from medixchange.relief.queries import names, needs, places
from medixchange.relief.queries import stock as stock_queries
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import NeedState, TransitionRefused
from medixchange.relief.views.agency.forms_of_needs import NeedForm, WithdrawForm

#: Needs on a page of the list.
PAGE = 50
#: Width of a bar in the units of its picture.
BAR = 1000


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Open needs: of the member's facilities, and of a whole country for who shares goods out.

    ``?item=`` and ``?facility=`` (codes) narrow it; ``?state=all`` shows those that are past too.
    """
    who = access.signed_in(request)
    visible = needs.visible_to(who)
    rows = visible
    shown = "all" if request.GET.get("state") == "all" else "open"
    if shown == "open":
        rows = rows.filter(state=NeedState.OPEN)
    item, facility = request.GET.get("item", ""), request.GET.get("facility", "")
    if item:
        rows = rows.filter(item__code=item)
    if facility:
        rows = rows.filter(facility__code=facility)
    page = Paginator(rows.distinct().order_by("by_when", "pk"), PAGE).get_page(
        request.GET.get("page")
    )
    ids = [need.pk for need in page]
    standing = needs.standing(
        Need.objects.filter(pk__in=ids)
        .select_related("facility__organisation", "item__name")
        .order_by("by_when", "pk")
    )
    asked = Item.objects.filter(pk__in=visible.order_by().values("item")).select_related("name")
    reading = access.reading(request)
    named = names.of([*asked, *(row.need.item for row in standing)], reading)
    notes = texts.for_reader([(row.need.note, row.need.note_language) for row in standing], reading)
    own = access.places_of(who, PlaceKind.FACILITY)
    today = timezone.now().date()
    return render(
        request,
        "relief/agency/needs.html",
        {
            "page": page,
            "listed": [
                {
                    "row": row,
                    "need": row.need,
                    "name": named[row.need.item_id],
                    "note": note,
                    "late": row.need.state == NeedState.OPEN and row.need.by_when < today,
                    "own": rules.may_state_need(who, row.need.facility),
                    "width_came": min(BAR * row.came // row.need.quantity, BAR),
                    "width_shipped": min(BAR * row.shipped // row.need.quantity, BAR),
                }
                for row, note in zip(standing, notes, strict=True)
            ],
            "items": sorted(((one, named[one.pk]) for one in asked), key=lambda pair: pair[1].text),
            "item": item,
            "facility": facility,
            "shown": shown,
            "own": own,
            "keep": urlencode({"item": item, "facility": facility, "state": shown}),
            "serves": bool(needs.countries_of(who)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Say what a facility needs of an item. ``?item=`` (code) chooses it beforehand."""
    who, facility = access.signed_in(request), own_facility(request, code)
    items = list(Item.objects.filter(is_current=True).select_related("name"))
    named = names.of(items, access.reading(request))
    today = day_at(facility, timezone.now())
    chosen = next((item for item in items if item.code == request.GET.get("item")), None)
    before = _open_need(facility, chosen)
    form = NeedForm(
        request.POST or None,
        items=items,
        names=named,
        initial=_initial(chosen, before.need if before else None),
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            actions.state_need(
                facility=facility,
                item=data["item"],
                quantity=data["quantity"],
                by_when=data["by_when"],
                daily_use=data["daily_use"],
                note=data["note"],
                note_language=access.reading(request),
                by=who,
            )
        except Refused as refused:
            add_problems(form, refused)
        else:
            messages.success(request, _("The need is stated. Who shares out goods sees it now."))
            return redirect("relief_needs")
    return render(
        request,
        "relief/agency/need.html",
        {
            "place": facility,
            "form": form,
            "item": chosen,
            "name": named[chosen.pk] if chosen else None,
            "before": before,
            "here": stock_queries.quantity(facility, chosen) if chosen else None,
            "coming": places.coming([facility]).get(facility.pk, []),
            "today": today,
        },
        status=422 if form.is_bound else 200,
    )


def _open_need(facility: Place, item: Item | None) -> needs.Standing | None:
    if item is None:
        return None
    found = needs.standing(
        Need.objects.filter(facility=facility, item=item, state=NeedState.OPEN).select_related(
            "item"
        )
    )
    return found[0] if found else None


def _initial(item: Item | None, before: Need | None) -> dict[str, Any]:
    if item is None:
        return {}
    if before is None:
        return {"item": item.pk}
    return {
        "item": item.pk,
        "quantity": before.quantity,
        "by_when": before.by_when,
        "daily_use": before.daily_use,
        "note": before.note,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The facility needs it no more."""
    who = access.signed_in(request)
    need = get_object_or_404(needs.visible_to(who).distinct(), pk=pk)
    if not rules.may_state_need(who, need.facility):
        raise NotAllowed
    form = WithdrawForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            actions.withdraw(need=need, reason=form.cleaned_data["reason"], by=who)
        except Refused as refused:
            add_problems(form, refused)
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The need is withdrawn."))
            return redirect("relief_needs")
    return render(
        request,
        "relief/agency/withdraw.html",
        {
            "need": need,
            "name": names.of([need.item], access.reading(request))[need.item_id],
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@require_safe
@login_required
def working(request: HttpRequest, pk: int) -> HttpResponse:
    """How a need was computed from the caseload."""
    who = access.signed_in(request)
    need = get_object_or_404(needs.visible_to(who).distinct(), pk=pk)
    if not need.working:
        raise Http404
    return render(
        request,
        "relief/agency/working.html",
        {"need": need, "name": names.of([need.item], access.reading(request))[need.item_id]},
    )


def own_facility(request: HttpRequest, code: str) -> Place:
    """A facility for its own people; 403 for who may only look at it, 404 for anybody else."""
    facility = access.place(request, code)
    if facility.kind != PlaceKind.FACILITY:
        raise Http404
    if not rules.may_state_need(access.signed_in(request), facility):
        raise NotAllowed
    return facility
