"""Allocation runs: the list, and beginning one."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.core.templatetags.parts import grouped
from medixchange.relief import access
from medixchange.relief.actions import allocating as actions
from medixchange.relief.actions.stock import day_at
from medixchange.relief.forms import add_problems
from medixchange.relief.models import Place
from medixchange.relief.queries import allocating, names
from medixchange.relief.queries.needs import Standing
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.sharing import Parameters
from medixchange.relief.views.agency.forms_of_runs import NewRunForm
from medixchange.relief.views.agency.shares import NAMES

#: Runs on a page of the list.
PAGE = 50


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Runs of the member's stores, the newest first."""
    who = access.signed_in(request)
    page = Paginator(allocating.visible_to(who), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "relief/agency/runs.html",
        {
            "page": page,
            "listed": [
                {
                    "run": run,
                    "method": NAMES[run.method],
                    "items": len(run.inputs["items"]),
                    "facilities": len(
                        {row["facility"] for kept in run.inputs["items"] for row in kept["rows"]}
                    ),
                }
                for run in page
            ],
            "may_add": bool(allocating.stores_of(who)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Begin a run: a store, its items that somebody needs, and who takes part."""
    who = access.signed_in(request)
    stores = allocating.stores_of(who)
    if not stores:
        raise NotAllowed
    wanted = request.GET.get("store", "")
    store = next((one for one in stores if one.code == wanted), None)
    if store is None and len(stores) > 1:
        return render(request, "relief/agency/run_store.html", {"stores": stores})
    return _add(request, store or stores[0], stores)


def _add(request: HttpRequest, store: Place, stores: list[Place]) -> HttpResponse:
    supplies = allocating.supplies(store, on=day_at(store, timezone.now()))
    asking = allocating.asking(store, [supply.item for supply in supplies])
    named = names.of([supply.item for supply in supplies], access.reading(request))
    needed: dict[int, list[Standing]] = {}
    for _facility, held in asking:
        for item, row in held.items():
            if row.open:
                needed.setdefault(item, []).append(row)
    words = {
        supply.item.pk: ngettext(
            "%(item)s: %(free)s to give out, %(open)s %(unit)s needed by %(n)s facility",
            "%(item)s: %(free)s to give out, %(open)s %(unit)s needed by %(n)s facilities",
            len(needed[supply.item.pk]),
        )
        % {
            "item": named[supply.item.pk].text,
            "free": grouped(supply.free),
            "open": grouped(sum(row.open for row in needed[supply.item.pk])),
            "unit": supply.item.get_unit_display(),
            "n": grouped(len(needed[supply.item.pk])),
        }
        for supply in supplies
        if supply.free and supply.item.pk in needed
    }
    facilities = [facility for facility, _held in asking]
    form = NewRunForm(
        request.POST or None,
        items=words,
        facilities=facilities,
        initial={"items": list(words)[:1] if len(words) == 1 else []},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        left_out = {place.code for place in data["left_out"]}
        try:
            run = actions.draft(
                store=store,
                items=list(data["items"]),
                facilities=[place.code for place in facilities if place.code not in left_out],
                method=data["method"],
                parameters=Parameters(),
                by=access.signed_in(request),
            )
        except Refused as refused:
            add_problems(form, refused)
        else:
            return redirect("relief_run", run.reference)
    return render(
        request,
        "relief/agency/run_new.html",
        {
            "store": store,
            "stores": stores,
            "form": form,
            "offered": bool(words),
            "facilities": len(facilities),
        },
        status=422 if form.is_bound else 200,
    )
