"""One allocation run: methods side by side, who gets what and why, and the steps to its issue."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medixchange.relief import access, rules, sharing, texts
from medixchange.relief.actions import allocating as actions
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.forms import add_problems
from medixchange.relief.interchange.writing import csv_bytes
from medixchange.relief.models import AllocationLine, AllocationRun, Pack
from medixchange.relief.queries import allocating, names
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.sharing import Parameters, Shared, Unsound
from medixchange.relief.states import RunState, TransitionRefused
from medixchange.relief.views.agency import shares
from medixchange.relief.views.agency.forms_of_runs import (
    BecauseForm,
    ChangeForm,
    PlanAgainForm,
    PriorityForm,
)


def get_run(request: HttpRequest, reference: str) -> AllocationRun:
    """A run for the people of its store and platform staff; 404 for anybody else."""
    rows = allocating.visible_to(access.signed_in(request))
    return get_object_or_404(rows.select_related("store__organisation"), reference=reference)


@require_safe
@login_required
def run(request: HttpRequest, reference: str) -> HttpResponse:
    """The run. ``?method=`` looks at another method, ``?item=`` (code) at another item."""
    return page(request, get_run(request, reference))


def page(
    request: HttpRequest,
    row: AllocationRun,
    *,
    again: PlanAgainForm | None = None,
    because: BecauseForm | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    """The page of a run, with a form that was refused if there is one."""
    who = access.signed_in(request)
    listed = row.inputs["items"]
    codes = [kept["item"] for kept in listed]
    chosen = request.GET.get("item", "")
    kept = listed[codes.index(chosen) if chosen in codes else 0]
    parameters = Parameters.of(row.parameters)
    lines = list(
        AllocationLine.objects.filter(run=row).select_related(
            "facility", "item__name", "changed_by"
        )
    )
    items = {line.item.code: line.item for line in lines}
    named = names.of(items.values(), access.reading(request))
    own = [line for line in lines if line.item.code == kept["item"]]
    method = request.GET.get("method", row.method)
    shared, unsound = _shared(row, kept, parameters, method, own)
    against = "maxmin" if shared.method == "proportional" else "proportional"
    other = _quantities(kept, parameters, against)
    rows = shares.shares(own, shared, parameters, other)
    reasons = texts.for_reader(
        [(share.line.reason, share.line.reason_language) for share in rows], access.reading(request)
    )
    figures = sharing.fairness_of(
        kept["rows"], {share.line.facility.code: share.now for share in rows}
    )
    may = rules.may_allocate(who, row.store)
    is_draft = row.state == RunState.DRAFT
    return render(
        request,
        "relief/agency/run.html",
        {
            "run": row,
            "kept": kept,
            "item": items[kept["item"]],
            "name": named[items[kept["item"]].pk],
            "items": [(items[code], named[items[code].pk]) for code in codes],
            "cards": shares.cards(kept, parameters),
            "shown": shared.method,
            "shown_name": shares.NAMES[shared.method],
            "is_own": shared.method == row.method,
            "unsound": unsound,
            "shares": list(zip(rows, reasons, strict=True)),
            "figures": figures,
            "lowest": shares.percent(figures.minimum_fill),
            "has_changes": any(line.changed_by_id for line in own),
            "compared": shares.compared(rows, against) if other else None,
            "shared": shared,
            "parameters": parameters,
            "pack": sharing.pack_of(kept, parameters),
            "again": again or _again(row, parameters, None),
            "because": because or BecauseForm(),
            "refused": refused,
            "may_plan": may and is_draft,
            "may_approve": is_draft and rules.may_approve(who, row),
            "waits_for_other": may and is_draft and row.made_by_id == who.pk,
            "may_issue": may and row.state == RunState.APPROVED,
            "may_discard": may and row.state in (RunState.DRAFT, RunState.APPROVED),
            "consignments": row.consignments.select_related("destination").order_by("pk"),
        },
        status=422 if refused or (again and again.errors) or (because and because.errors) else 200,
    )


def _shared(
    row: AllocationRun,
    kept: Mapping[str, Any],
    parameters: Parameters,
    method: str,
    lines: list[AllocationLine],
) -> tuple[Shared, str]:
    """What is shown: the run's own plan with its changes by hand, or another method without; and
    why another one cannot be."""
    if method in METHODS and method != row.method:
        try:
            return sharing.share_out(kept, parameters, method), ""
        except Unsound as unsound:
            said = str(unsound)
    else:
        said = ""
    fixed = {line.facility.code: line.quantity for line in lines if line.changed_by_id}
    return sharing.share_out(kept, parameters, row.method, fixed), said


def _quantities(
    kept: Mapping[str, Any], parameters: Parameters, method: str
) -> dict[str, int] | None:
    try:
        return sharing.share_out(kept, parameters, method).by_facility()
    except Unsound:
        return None


def _again(row: AllocationRun, parameters: Parameters, sent: Any) -> PlanAgainForm:
    codes = [kept["item"] for kept in row.inputs["items"]]
    packs: dict[str, list[Pack]] = {}
    for pack in Pack.objects.filter(item__code__in=codes).select_related("item"):
        packs.setdefault(pack.item.code, []).append(pack)
    initial = parameters.as_json() | {
        f"pack-{code}": parameters.packs.get(code, listed[0].units)
        for code, listed in packs.items()
    }
    return PlanAgainForm(sent, packs=packs, initial=initial)


@require_POST
@login_required
def step(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Take one step: again, method, approve, issue or discard."""
    row = get_run(request, reference)
    if kind not in _STEPS:
        raise Http404
    if not rules.may_allocate(access.signed_in(request), row.store):
        raise NotAllowed
    try:
        answer = _STEPS[kind](request, row)
    except TransitionRefused as refused:
        messages.error(request, str(refused))
    except Refused as refused:
        return page(request, row, refused=refused)
    else:
        if answer is not None:
            return answer
    return redirect(_address(request, row))


def _address(request: HttpRequest, row: AllocationRun) -> str:
    item = request.GET.get("item", "")
    known = [kept["item"] for kept in row.inputs["items"]]
    address = reverse("relief_run", args=[row.reference])
    return f"{address}?item={item}" if item in known else address


def _plan_again(request: HttpRequest, row: AllocationRun) -> HttpResponse | None:
    before = Parameters.of(row.parameters)
    form = _again(row, before, request.POST)
    if form.is_valid():
        try:
            actions.plan_again(
                run=row,
                parameters=form.parameters(before),
                refresh=form.cleaned_data["refresh"],
                by=access.signed_in(request),
            )
        except Refused as refused:
            add_problems(form, refused)
        else:
            messages.success(request, _("Planned again."))
            return None
    return page(request, row, again=form)


def _take_method(request: HttpRequest, row: AllocationRun) -> None:
    actions.plan_again(run=row, method=request.POST.get("method", ""), by=access.signed_in(request))
    messages.success(request, _("The plan follows this method now."))


def _approve(request: HttpRequest, row: AllocationRun) -> None:
    actions.approve(run=row, by=access.signed_in(request))
    messages.success(request, _("Approved. Its documents can be issued now."))


def _issue(request: HttpRequest, row: AllocationRun) -> None:
    made = actions.issue(run=row, by=access.signed_in(request))
    said = ngettext(
        "%(n)d consignment is packed and ready to leave.",
        "%(n)d consignments are packed and ready to leave.",
        len(made),
    )
    messages.success(request, said % {"n": len(made)})


def _discard(request: HttpRequest, row: AllocationRun) -> HttpResponse | None:
    form = BecauseForm(request.POST)
    if not form.is_valid():
        return page(request, row, because=form)
    actions.discard(run=row, reason=form.cleaned_data["reason"], by=access.signed_in(request))
    messages.success(request, _("The plan is discarded."))
    return None


_STEPS: Mapping[str, Callable[[HttpRequest, AllocationRun], HttpResponse | None]] = {
    "again": _plan_again,
    "method": _take_method,
    "approve": _approve,
    "issue": _issue,
    "discard": _discard,
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, reference: str, item: str, facility: str) -> HttpResponse:
    """Change by hand what one facility gets, or how urgent it is."""
    row = get_run(request, reference)
    who = access.signed_in(request)
    if not rules.may_allocate(who, row.store):
        raise NotAllowed
    line = get_object_or_404(
        AllocationLine.objects.select_related("run__store__organisation", "facility", "item__name"),
        run=row,
        item__code=item,
        facility__code=facility,
    )
    parameters = Parameters.of(row.parameters)
    kept = next(kept for kept in row.inputs["items"] if kept["item"] == item)
    pack = sharing.pack_of(kept, parameters)
    back = f"{reverse('relief_run', args=[reference])}?item={item}#{facility}"
    what = request.POST.get("what", "")
    by_hand = ChangeForm(
        request.POST if what == "quantity" else None,
        pack=pack,
        initial={"quantity": line.quantity, "reason": line.reason},
    )
    urgent = PriorityForm(
        request.POST if what == "priority" else None,
        initial={"priority": parameters.priorities.get(facility, "1")},
    )
    sent: forms.Form | None = by_hand if by_hand.is_bound else urgent if urgent.is_bound else None
    if what == "undo" or (sent is not None and sent.is_valid()):
        try:
            _change(request, what, line, parameters, sent)
        except Refused as refused:
            if sent is None:
                messages.error(request, str(refused))
            else:
                add_problems(sent, refused)
        except TransitionRefused as refused:
            messages.error(request, str(refused))
            return redirect(back)
        else:
            return redirect(back)
    shared = sharing.share_out(kept, parameters, row.method)
    return render(
        request,
        "relief/agency/run_change.html",
        {
            "run": row,
            "line": line,
            "name": names.of([line.item], access.reading(request))[line.item_id],
            "row": next(one for one in kept["rows"] if one["facility"] == facility),
            "pack": pack,
            "there": shared.free - shared.reserve,
            "by_hand": by_hand,
            "urgent": urgent,
            "back": back,
            "open": row.state == RunState.DRAFT,
        },
        status=422 if sent is not None and sent.errors else 200,
    )


def _change(
    request: HttpRequest,
    what: str,
    line: AllocationLine,
    parameters: Parameters,
    sent: forms.Form | None,
) -> None:
    who = access.signed_in(request)
    if what == "undo":
        actions.undo_change(line=line, by=who)
        messages.success(request, _("The method decides again."))
    elif what == "quantity" and sent is not None:
        actions.change_line(
            line=line,
            quantity=sent.cleaned_data["quantity"],
            reason=sent.cleaned_data["reason"],
            reason_language=access.reading(request),
            by=who,
        )
        messages.success(request, _("Changed. The others share what is left."))
    elif sent is not None:
        priorities = dict(parameters.priorities)
        priorities[line.facility.code] = format(sent.cleaned_data["priority"].normalize(), "f")
        actions.plan_again(
            run=line.run,
            parameters=Parameters.of(parameters.as_json() | {"priorities": priorities}),
            by=who,
        )
        messages.success(request, _("Planned again with this priority."))


@require_safe
@login_required
def table(request: HttpRequest, reference: str) -> HttpResponse:
    """The plan as CSV, with HXL hashtags."""
    row = get_run(request, reference)
    rows = {
        (kept["item"], one["facility"]): one for kept in row.inputs["items"] for one in kept["rows"]
    }
    lines = AllocationLine.objects.filter(run=row).select_related("facility", "item")
    content = csv_bytes(
        ["facility", "name", "item", "need", "shipped", "allocated", "fill_rate", "reason"],
        [
            "#loc+code",
            "#loc+name",
            "#item+code",
            "#inneed",
            "#reached+shipped",
            "#targeted",
            "#indicator+rate",
            "#description+reason",
        ],
        (
            [
                line.facility.code,
                line.facility.name,
                line.item.code,
                one["asked"],
                sharing.shipped_of(one),
                line.quantity,
                round((sharing.shipped_of(one) + line.quantity) / one["asked"], 4),
                line.reason,
            ]
            for line in lines.order_by("item__code", "facility__code")
            for one in [rows[line.item.code, line.facility.code]]
        ),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.csv"'
    return response
