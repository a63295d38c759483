"""Recall of a lot: everywhere it went, and everybody told."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.relief import access, rules
from medixchange.relief.actions import recalling
from medixchange.relief.forms import add_problems
from medixchange.relief.interchange.writing import csv_bytes
from medixchange.relief.models import Item, Lot
from medixchange.relief.queries import names
from medixchange.relief.queries.stock import whereabouts
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.views.agency.forms_of_runs import BecauseForm

#: Lots under recall that the page lists while nothing is looked for.
LISTED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def recall(request: HttpRequest) -> HttpResponse:
    """Find a lot by ``?number=`` and ``?item=`` (code); name it as recalled, or lift that."""
    who = access.signed_in(request)
    if not rules.may_recall(who):
        raise NotAllowed
    number = " ".join(request.GET.get("number", "").split()).upper()
    lots = _lots(number, request.GET.get("item", ""))
    items = {lot.item_id: lot.item for lot in lots}
    one = next(iter(items.values())) if len(items) == 1 else None
    form = BecauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if one is None:
            raise Http404
        if form.is_valid():
            try:
                _change(request, number, one, lots, form.cleaned_data["reason"])
            except Refused as refused:
                add_problems(form, refused)
            else:
                query = urlencode({"number": number, "item": one.code})
                return redirect(f"{reverse('relief_recall')}?{query}")
    under = [] if number else _under_recall()
    named = names.of([*items.values(), *(lot.item for lot in under)], access.reading(request))
    rows = whereabouts(lots) if one is not None else []
    return render(
        request,
        "relief/agency/recall.html",
        {
            "number": number,
            "lots": lots,
            "item": one,
            "name": named[one.pk] if one else None,
            "choices": [(item, named[item.pk]) for item in items.values()] if not one else [],
            "rows": rows,
            "sums": {
                "now": sum(row.now for row in rows),
                "used": sum(row.used for row in rows),
                "places": len({row.place.owner.pk for row in rows}),
            },
            "is_recalled": bool(lots) and all(lot.recalled_at for lot in lots),
            "form": form,
            "under": [(lot, named[lot.item_id]) for lot in under],
        },
        status=422 if form.is_bound else 200,
    )


def _lots(number: str, item: str) -> list[Lot]:
    if not number:
        return []
    rows = Lot.objects.filter(number=number).select_related("item__name", "source")
    return list(rows.filter(item__code=item) if item else rows)


def _under_recall() -> list[Lot]:
    return list(
        Lot.objects.filter(recalled_at__isnull=False)
        .select_related("item__name", "source")
        .order_by("-recalled_at")[:LISTED]
    )


def _change(request: HttpRequest, number: str, item: Item, lots: list[Lot], reason: str) -> None:
    said: dict[str, Any] = {
        "reason": reason,
        "reason_language": access.reading(request),
        "by": access.signed_in(request),
    }
    if request.POST.get("what") == "lift":
        recalling.lift(lots=lots, **said)
        messages.success(request, _("The recall is lifted. Who had some of it is told by mail."))
    else:
        recalling.recall(number=number, item=item, **said)
        messages.success(request, _("The lot is recalled. Who has or had some is told by mail."))


@require_safe
@login_required
def table(request: HttpRequest) -> HttpResponse:
    """Everywhere a lot went, as CSV with HXL hashtags."""
    if not rules.may_recall(access.signed_in(request)):
        raise NotAllowed
    number = " ".join(request.GET.get("number", "").split()).upper()
    lots = _lots(number, request.GET.get("item", ""))
    if not lots:
        raise Http404
    content = csv_bytes(
        ["organisation", "place", "kind", "consignment", "country", "now", "came", "used"],
        [
            "#org+name",
            "#loc+name",
            "#loc+type",
            "#item+consignment",
            "#country+code",
            "#item+num+now",
            "#item+num+came",
            "#item+num+used",
        ],
        (
            [
                row.place.owner.organisation.name if row.place.owner.organisation else "",
                row.place.owner.name,
                row.place.kind,
                row.place.consignment.reference if row.place.consignment else "",
                row.place.country,
                row.now,
                row.came,
                row.used,
            ]
            for row in whereabouts(lots)
        ),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recall.csv"'
    return response
