"""Putting down a packing list, and the labels of its boxes."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.relief import access, rules
from medixchange.relief.actions import consignments, lots
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.numbering import next_in
from medixchange.relief.forms import add_problems
from medixchange.relief.labels.codes import sscc
from medixchange.relief.models import Consignment, Lot, Packed, PlaceKind
from medixchange.relief.queries import sending
from medixchange.relief.queries.sending import PackingList
from medixchange.relief.queries.stock import first_expiry_first
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.states import ConsignmentState
from medixchange.relief.views.sending.forms import AddBoxes, RemoveBoxes
from medixchange.relief.views.sending.labelling import sheet
from medixchange.relief.views.sending.listed import listed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def packing(request: HttpRequest, reference: str) -> HttpResponse:
    """The packing list of a consignment that has not left: add and remove runs of boxes."""
    row = access.consignment(request, reference)
    if not rules.may_send(access.member(request), row):
        raise NotAllowed
    if row.state != ConsignmentState.DRAFT:
        messages.info(request, _("It has left; its packing list cannot be changed any more."))
        return redirect("relief_consignment", reference)
    tag = access.reading(request)
    packed = sending.packing_list(row)
    found = packed.runs
    following = found[-1].last + 1 if found else 1
    removing = request.POST.get("what") == "remove"
    adding = request.method == "POST" and not removing
    add = AddBoxes(
        request.POST if adding else None,
        language=tag,
        origin=row.origin,
        initial={"first": following, "codes": bool(row.origin.gs1_prefix)},
    )
    remove = RemoveBoxes(request.POST if removing else None, prefix="remove")
    form: Any = remove if removing else add
    if request.method == "POST" and form.is_valid():
        try:
            told = (_remove if removing else _add)(request, row, form.cleaned_data, packed)
        except Refused as refused:
            add_problems(form, refused)
        else:
            messages.success(request, told)
            return redirect("relief_packing", reference)
    return render(
        request,
        "relief/sending/packing.html",
        {
            "row": row,
            "list": listed(request, packed, tag),
            "add": add,
            "remove": remove,
        },
        status=422 if form.is_bound else 200,
    )


def _add(request: HttpRequest, row: Consignment, data: dict[str, Any], packed: PackingList) -> str:
    numbers = range(data["first"], data["first"] + data["boxes"])
    taken = next(
        (run for run in packed.runs if run.first < numbers.stop and run.last >= numbers.start), None
    )
    if taken is not None:
        raise Refused(
            Problem(
                _("Boxes %(first)d to %(last)d are on the list already. Choose other numbers.")
                % {"first": taken.first, "last": taken.last},
                "first",
                "twice",
            )
        )
    weight = data["weight_kg"]
    new = [
        Contents(
            number=number,
            lots=contents,
            gross_weight_g=int(weight * 1000) if weight is not None else None,
            sscc=_code(row) if data.get("codes") else "",
        )
        for number, contents in zip(numbers, _contents(row, data, packed), strict=True)
    ]
    consignments.pack(
        consignment=row,
        boxes=sorted([*_present(row), *new], key=lambda box: box.number),
        by=access.signed_in(request),
    )
    return ngettext("%(count)d box is added.", "%(count)d boxes are added.", len(new)) % {
        "count": len(new)
    }


def _contents(
    row: Consignment, data: dict[str, Any], packed: PackingList
) -> list[list[tuple[Lot, int]]]:
    """What goes into each of the boxes: of a donor the lot that was named, of a store the lots that
    lie there, the named one or first expiry first."""
    each, boxes = data["quantity"], data["boxes"]
    if row.origin.kind == PlaceKind.DONOR:
        lot = lots.lot_of(
            item=data["item"],
            source=row.origin,
            number=data["lot"],
            expires_on=data["expires_on"],
            where="expires_on",
        )
        return [[(lot, each)] for _box in range(boxes)]
    already = {held.lot: held.quantity for held in packed.lots}
    wanted = each * boxes
    there = first_expiry_first(
        row.origin, data["item"], wanted + sum(already.values()), on=timezone.now().date()
    )
    left = [
        (taken.lot, taken.quantity - already.get(taken.lot.pk, 0))
        for taken in there
        if not data["lot"] or taken.lot.number == data["lot"].strip().upper()
    ]
    left = [(lot, quantity) for lot, quantity in left if quantity > 0]
    if sum(quantity for _lot, quantity in left) < wanted:
        raise Refused(
            Problem(
                _("%(place)s has %(held)d of it to give, and this packs %(wanted)d.")
                % {
                    "place": row.origin,
                    "held": sum(quantity for _lot, quantity in left),
                    "wanted": wanted,
                },
                "quantity",
                "below_zero",
            )
        )
    made: list[list[tuple[Lot, int]]] = []
    for _box in range(boxes):
        need, contents = each, []
        while need:
            lot, held = left[0]
            part = min(need, held)
            contents.append((lot, part))
            need -= part
            left[0] = (lot, held - part)
            if left[0][1] == 0:
                left.pop(0)
        made.append(contents)
    return made


def _code(row: Consignment) -> str:
    prefix = row.origin.gs1_prefix
    return sscc(prefix, next_in(f"SSCC-{prefix}"))


def _remove(
    request: HttpRequest, row: Consignment, data: dict[str, Any], packed: PackingList
) -> str:
    kept = [box for box in _present(row) if not data["first"] <= box.number <= data["last"]]
    gone = sum(run.boxes for run in packed.runs) - len(kept)
    if not gone:
        raise Refused(Problem(_("There are no boxes of these numbers."), "first", "unknown"))
    consignments.pack(consignment=row, boxes=kept, by=access.signed_in(request))
    return ngettext("%(count)d box is removed.", "%(count)d boxes are removed.", gone) % {
        "count": gone
    }


def _present(row: Consignment) -> list[Contents]:
    # Not prefetch_related("contents__lot"): with more than a thousand lots Django 5.2 makes a
    # condition of it that is too deep for SQLite.
    contents = Packed.objects.select_related("lot__item")
    return [
        Contents(
            box.number,
            [(held.lot, held.quantity) for held in box.contents.all()],
            box.sscc,
            box.gross_weight_g,
        )
        for box in row.boxes.prefetch_related(Prefetch("contents", contents))
    ]


@require_safe
@login_required
def labels(request: HttpRequest, reference: str) -> HttpResponse:
    """Labels of all boxes as PDF: ``?layout=thermal`` for a label printer, else four to a sheet."""
    row = access.consignment(request, reference)
    try:
        pdf = sheet(request, row)
    except Refused as refused:
        for problem in refused.problems:
            messages.error(request, problem.what)
        return redirect("relief_consignment", reference)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{row.reference}-labels.pdf"'},
    )
