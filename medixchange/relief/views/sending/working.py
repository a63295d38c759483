"""One consignment: what is in it, where it is, and the next step."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from medixchange.relief import access, rules, texts
from medixchange.relief.actions import consignments
from medixchange.relief.forms import add_problems
from medixchange.relief.models import Consignment, StageKind
from medixchange.relief.queries import names, sending
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import CONSIGNMENTS, ConsignmentState, TransitionRefused
from medixchange.relief.views.sending.forms import Because, OnTheWay, Step
from medixchange.relief.views.sending.listed import listed


@require_safe
@login_required
def consignment(request: HttpRequest, reference: str) -> HttpResponse:
    """The working page of a consignment, for both ends and the carrier."""
    return _page(request, access.consignment(request, reference))


@require_POST
@login_required
def step(request: HttpRequest, reference: str, kind: str) -> HttpResponse:
    """Take one step: dispatch, undo, arrive, stage or cancel."""
    row = access.consignment(request, reference)
    if kind not in _STEPS:
        raise Http404
    form = _form(kind, row, request.POST)
    if form.is_valid():
        try:
            told = _STEPS[kind](request, row, form.cleaned_data)
        except (Refused, TransitionRefused) as refused:
            if isinstance(refused, Refused):
                add_problems(form, refused)
            else:
                form.add_error(None, str(refused))
        else:
            messages.success(request, told)
            return redirect("relief_consignment", reference)
    return _page(request, row, {kind: form}, status=422)


def _dispatch(request: HttpRequest, row: Consignment, data: dict[str, Any]) -> str:
    posted = consignments.dispatch(
        consignment=row,
        key=data["key"],
        happened_at=data["happened_at"],
        location=data["location"],
        by=access.signed_in(request),
    )
    return _("It has left: %(number)s.") % {"number": posted.document.number}


def _undo(request: HttpRequest, row: Consignment, data: dict[str, Any]) -> str:
    posted = consignments.undo_dispatch(
        consignment=row,
        key=data["key"],
        note=data["note"],
        note_language=access.reading(request),
        by=access.signed_in(request),
    )
    return _("The dispatch is taken back: %(number)s. The packing list can be changed again.") % {
        "number": posted.document.number
    }


def _arrive(request: HttpRequest, row: Consignment, data: dict[str, Any]) -> str:
    posted = consignments.arrive(
        consignment=row,
        key=data["key"],
        happened_at=data["happened_at"],
        location=data["location"],
        temperature_c=data.get("temperature_c"),
        by=access.signed_in(request),
    )
    return _("It has landed: %(number)s.") % {"number": posted.document.number}


def _stage(request: HttpRequest, row: Consignment, data: dict[str, Any]) -> str:
    stage = consignments.record_stage(
        consignment=row,
        kind=StageKind(data["kind"]),
        happened_at=data["happened_at"],
        location=data["location"],
        note=data["note"],
        note_language=access.reading(request),
        temperature_c=data.get("temperature_c"),
        by=access.signed_in(request),
    )
    return _("Recorded: %(stage)s.") % {"stage": StageKind(stage.kind).label}


def _cancel(request: HttpRequest, row: Consignment, data: dict[str, Any]) -> str:
    consignments.cancel(consignment=row, reason=data["note"], by=access.signed_in(request))
    return _("The consignment is cancelled.")


_STEPS: dict[str, Callable[[HttpRequest, Consignment, dict[str, Any]], str]] = {
    "dispatch": _dispatch,
    "undo": _undo,
    "arrive": _arrive,
    "stage": _stage,
    "cancel": _cancel,
}


def _form(kind: str, row: Consignment, data: Any = None) -> Any:
    if kind in ("undo", "cancel"):
        return Because(data, prefix=kind)
    made: type[Step] = OnTheWay if kind == "stage" else Step
    return made(
        data,
        prefix=kind,
        place=row.origin if kind == "dispatch" else row.destination,
        cold=kind != "dispatch",
        initial={"happened_at": timezone.now()},
    )


def _open_steps(request: HttpRequest, row: Consignment) -> list[str]:
    """The steps that this member could take now, the likely one first."""
    who, state = access.member(request), ConsignmentState(row.state)
    after = CONSIGNMENTS[state]
    sends, tracks = rules.may_send(who, row), rules.may_track(who, row)
    steps = []
    if tracks and row.is_international and ConsignmentState.ARRIVED in after:
        steps.append("arrive")
    if sends and ConsignmentState.DEPARTED in after:
        steps.append("dispatch")
    if tracks and state in sending.UNDER_WAY:
        steps.append("stage")
    if sends and ConsignmentState.DRAFT in after:
        steps.append("undo")
    if sends and ConsignmentState.CANCELLED in after:
        steps.append("cancel")
    return steps


def _page(
    request: HttpRequest,
    row: Consignment,
    bound: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    who, tag = access.member(request), access.reading(request)
    if bound and not any(kind in _open_steps(request, row) for kind in bound):
        # The form was for a step that is over; its error is shown over the page instead.
        if not (rules.may_send(who, row) or rules.may_track(who, row)):
            raise NotAllowed
        for form in bound.values():
            for errors in form.errors.values():
                messages.error(request, " ".join(errors))
        bound = None
    stages = list(row.stages.select_related("document"))
    notes = texts.for_reader(
        [(row.note, row.note_language), *((s.note, s.note_language) for s in stages)], tag
    )
    cases = list(row.cases.select_related("lot__item__name"))
    named = names.of((case.lot.item for case in cases), tag)
    return render(
        request,
        "relief/sending/consignment.html",
        {
            "row": row,
            "late": sending.is_late(row),
            "note": notes[0],
            "stages": list(zip(stages, notes[1:], strict=True)),
            "list": listed(request, sending.packing_list(row), tag),
            "documents": list(row.documents.order_by("pk")),
            "cases": [(case, named[case.lot.item_id]) for case in cases],
            "steps": [
                (kind, (bound or {}).get(kind) or _form(kind, row), bool(bound and kind in bound))
                for kind in _open_steps(request, row)
            ],
            "may_receive": rules.may_receive(who, row)
            and row.state in sending.UNDER_WAY
            and row.state != ConsignmentState.HELD,
            "may_pack": rules.may_send(who, row) and row.state == ConsignmentState.DRAFT,
        },
        status=status,
    )
