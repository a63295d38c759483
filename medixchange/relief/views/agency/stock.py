"""The forms by which goods at a place are used, set aside, written off, counted, returned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medixchange.core.templatetags.parts import grouped
from medixchange.network.models import Member
from medixchange.relief import access, rules
from medixchange.relief.actions import stock
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.forms import add_problems
from medixchange.relief.models import Balance, DocumentKind, Item, Place, PlaceKind
from medixchange.relief.queries import names, places
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.views.agency.forms import (
    AsideForm,
    CountForm,
    OpeningForm,
    ReturnForm,
    UseForm,
    WriteOffForm,
    lot_words,
)
from medixchange.relief.views.agency.places import keeping
from medixchange.translation.queries import Shown


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change of stock: its form, who may, and what sending the form does.

    ``do`` gives the address to go on to where that is not the place's page.
    """

    form: type[forms.Form]
    may: Callable[[Member, Place], bool]
    do: Callable[[HttpRequest, Place, Any], str | None]
    #: Goods in quarantine are offered, not those in stock.
    of_quarantine: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """One change of stock at a place. ``?lot=`` chooses a lot beforehand, ``?item=`` an item."""
    who, place = access.signed_in(request), keeping(request, code)
    if kind not in CHANGES:
        raise Http404
    step = CHANGES[kind]
    if not step.may(who, place):
        raise NotAllowed
    rows = places.in_quarantine(place) if step.of_quarantine else places.lots_at(place)
    if kind == "use":
        today = stock.day_at(place, timezone.now())
        rows = [row for row in rows if not row.lot.is_unfit(today)]
    wanted = request.GET.get("item", "")
    if wanted and kind == "count":
        rows = [row for row in rows if row.lot.item.code == wanted]
    named = names.of([row.lot.item for row in rows], access.reading(request))
    form = _form(request, step, place, rows, named)
    if form.is_bound and form.is_valid():
        try:
            after = step.do(request, place, form)
        except Refused as refused:
            add_problems(form, refused)
        else:
            return redirect(after) if after else redirect("relief_place", place.code)
    return render(
        request,
        "relief/agency/change.html",
        {
            "place": place,
            "kind": kind,
            "form": form,
            "rows": rows,
            "held": [lot_words(row, named) for row in rows],
        },
        status=422 if form.is_bound else 200,
    )


def _form(
    request: HttpRequest,
    step: Change,
    place: Place,
    rows: list[Balance],
    named: Mapping[int, Shown],
) -> forms.Form:
    sent = request.POST if request.method == "POST" else None
    if step.form is OpeningForm:
        items = list(Item.objects.filter(is_current=True).select_related("name"))
        return OpeningForm(sent, items=items, names=names.of(items, access.reading(request)))
    if step.form is ReturnForm:
        stores = Place.objects.filter(kind=PlaceKind.STORE, country=place.country).exclude(
            pk=place.pk
        )
        return ReturnForm(sent, rows=rows, names=named, stores=list(stores))
    initial: dict[str, Any] = {}
    for row in rows:
        if str(row.lot_id) == request.GET.get("lot") or row.lot.item.code == request.GET.get(
            "item"
        ):
            initial = {"lot": row.lot_id, "item": row.lot.item_id}
            break
    if step.form is UseForm and "lot" not in request.GET:
        initial.pop("lot", None)
    form: Any = step.form
    made: forms.Form = form(sent, place=place, rows=rows, names=named, initial=initial)
    return made


def _use(request: HttpRequest, place: Place, form: UseForm) -> None:
    data = form.cleaned_data
    posted = stock.use(
        place=place,
        item=data["item"],
        quantity=data["quantity"],
        lot=data["lot"],
        key=data["key"],
        by=access.signed_in(request),
        happened_at=data["happened_at"],
        note=data["note"],
        note_language=access.reading(request),
    )
    taken = ", ".join(
        _("%(quantity)s of lot %(lot)s") % {"quantity": grouped(move.quantity), "lot": _lot(move)}
        for move in posted.document.movements.select_related("lot").order_by("pk")
    )
    told = _("Recorded as %(number)s. Taken: %(taken)s.")
    messages.success(request, told % {"number": posted.document.number, "taken": taken})


def _lot(move: Any) -> str:
    number = move.lot.number or "–"
    return f"{number} ({move.lot.expires_on.isoformat()})" if move.lot.expires_on else number


def _told(request: HttpRequest, posted: Posted) -> None:
    said = _("Recorded as %(number)s.") % {"number": posted.document.number}
    messages.success(request, said)


def _write_off(quarantined: bool) -> Callable[[HttpRequest, Place, Any], None]:
    def do(request: HttpRequest, place: Place, form: Any) -> None:
        data = form.cleaned_data
        posted = stock.write_off(
            place=place,
            lot=data["lot"],
            quantity=data["quantity"],
            fate=PlaceKind(data["fate"]),
            reason=data["reason"],
            reason_language=access.reading(request),
            key=data["key"],
            by=access.signed_in(request),
            from_quarantine=quarantined,
            happened_at=data["happened_at"],
        )
        _told(request, posted)

    return do


def _aside(kind: DocumentKind) -> Callable[[HttpRequest, Place, Any], None]:
    action = stock.quarantine if kind == DocumentKind.QUARANTINE else stock.release

    def do(request: HttpRequest, place: Place, form: Any) -> None:
        data = form.cleaned_data
        posted = action(
            place=place,
            lot=data["lot"],
            quantity=data["quantity"],
            reason=data["reason"],
            reason_language=access.reading(request),
            key=data["key"],
            by=access.signed_in(request),
            happened_at=data["happened_at"],
        )
        _told(request, posted)

    return do


def _count(request: HttpRequest, place: Place, form: CountForm) -> None:
    data = form.cleaned_data
    posted = stock.count(
        place=place,
        rows=form.counted(),
        reason=data["reason"],
        reason_language=access.reading(request),
        key=data["key"],
        by=access.signed_in(request),
        happened_at=data["happened_at"],
    )
    if posted is None:
        messages.success(request, _("All as in the ledger. That it was counted is on record."))
    else:
        _told(request, posted)


def _return(request: HttpRequest, place: Place, form: ReturnForm) -> str:
    made = stock.return_goods(
        place=place,
        destination=form.cleaned_data["destination"],
        lots=form.lots(),
        by=access.signed_in(request),
        note=form.cleaned_data["note"],
        note_language=access.reading(request),
    )
    messages.success(
        request,
        _("%(reference)s is packed. Say there when it leaves.") % {"reference": made.reference},
    )
    return reverse("relief_consignment", args=[made.reference])


def _opening(request: HttpRequest, place: Place, form: OpeningForm) -> None:
    data = form.cleaned_data
    posted = stock.opening(
        place=place,
        rows=form.listed(),
        key=data["key"],
        by=access.signed_in(request),
        note=data["note"],
        note_language=access.reading(request),
    )
    _told(request, posted)


CHANGES: Mapping[str, Change] = {
    "use": Change(UseForm, stock.may_use, _use),
    "write-off": Change(WriteOffForm, rules.may_handle, _write_off(False)),
    "destroy": Change(WriteOffForm, rules.may_handle, _write_off(True), of_quarantine=True),
    "quarantine": Change(AsideForm, stock.may_use, _aside(DocumentKind.QUARANTINE)),
    "release": Change(
        AsideForm, rules.may_handle, _aside(DocumentKind.RELEASE), of_quarantine=True
    ),
    "count": Change(CountForm, rules.may_handle, _count),
    "return": Change(ReturnForm, rules.may_handle, _return),
    "opening": Change(OpeningForm, rules.may_handle, _opening),
}
