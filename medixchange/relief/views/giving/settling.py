"""Rows of published lists that wait for a person: decide what they mean, or set them aside."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.relief import access, rules
from medixchange.relief.actions import importing
from medixchange.relief.actions.giving import OPEN, Promised
from medixchange.relief.models import Pledge, ToSettle
from medixchange.relief.queries import settling
from medixchange.relief.refusals import Refused
from medixchange.relief.views.giving import forms
from medixchange.relief.views.giving.pledges import donors_of

PAGE = 50


@require_safe
@login_required
def waiting(request: HttpRequest) -> HttpResponse:
    """Rows of published lists that wait for a person, the oldest first."""
    who = access.signed_in(request)
    if not donors_of(who):
        raise rules.NotAllowed
    rows = settling.visible_to(who).filter(settled_at=None)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "relief/giving/to_settle.html", {"page": page, "keep": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settle(request: HttpRequest, row: int) -> HttpResponse:
    """Decide what a row of a published list means, or set it aside."""
    who = access.signed_in(request)
    found = get_object_or_404(settling.visible_to(who), pk=row)
    what = request.POST.get("what", "")
    offered = forms.Offered(access.reading(request))
    by_code = {item.code: item.pk for item in offered.items.values()}
    lines = forms.LinesRead(
        request.POST if what == "settle" else None,
        prefix="lines",
        initial=[_initial(line, by_code) for line in found.lines],
        form_kwargs={"offered": offered},
    )
    choice = forms.WhichPledge(
        request.POST if what == "settle" else None,
        pledges=Pledge.objects.filter(donor=found.donor, state__in=OPEN).order_by("-pk"),
    )
    reason = forms.Reason(request.POST if what == "aside" else None)
    refused = None
    try:
        if what == "aside" and reason.is_valid():
            importing.set_aside(row=found, reason=reason.cleaned_data["reason"], by=who)
            messages.success(request, _("Set aside. The reason is kept."))
            return redirect("relief_to_settle")
        if what == "settle" and lines.is_valid() and choice.is_valid():
            pledge = importing.settle(
                row=found,
                lines=[_promised(found, place, data) for place, data in forms.filled(lines)],
                pledge=choice.cleaned_data["pledge"],
                by=who,
            )
            messages.success(
                request,
                _("On record as %(reference)s.") % {"reference": pledge.reference},
            )
            return redirect("relief_to_settle")
    except Refused as problem:
        refused = problem
        places = [place for place, _data in forms.filled(lines)] if what == "settle" else []
        forms.add_row_problems(lines, problem, "lines", places)
    return render(
        request,
        "relief/giving/settle.html",
        {
            "row": found,
            "lines": lines,
            "choice": choice,
            "reason": reason,
            "refused": refused,
            "opened": what == "aside",
        },
        status=422 if request.method == "POST" else 200,
    )


def _initial(line: dict[str, Any], by_code: dict[str, int]) -> dict[str, Any]:
    """What a row of the form begins with: all that could be read."""
    return {
        "item": by_code.get(line.get("item") or "", ""),
        "quantity": line.get("quantity"),
        "countries": "\n".join(forms.named(code) for code in line.get("countries", ())),
        "region": (line.get("region") or "")[:100],
    }


def _promised(row: ToSettle, place: int, data: dict[str, Any]) -> Promised:
    """A line as decided, with the claims that its row was published with."""
    read = row.lines[place] if place < len(row.lines) else {}
    return Promised(
        data["item"],
        data["quantity"],
        data["countries"],
        data["region"],
        recipient_as_published="; ".join(read.get("recipients", ()))[:400],
        progress_as_published=(read.get("state_text") or "")[:200],
        imported_from=f"{row.file_sha256}:{row.row}:{place}",
    )
