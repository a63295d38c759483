"""Writing the lines of a run: what the method gives around what was changed by hand."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import sharing
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.models import AllocationLine, AllocationRun, Item, Place
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.sharing import Parameters, Unsound

#: By the codes of item and facility: quantity, reason, its language, and who.
Changes = dict[tuple[str, str], tuple[int, str, str, Member | None]]


def by_hand(run: AllocationRun) -> Changes:
    """The changes by hand that a run holds."""
    return {
        (line.item.code, line.facility.code): (
            line.quantity,
            line.reason,
            line.reason_language,
            line.changed_by,
        )
        for line in AllocationLine.objects.filter(run=run, changed_by__isnull=False).select_related(
            "item", "facility", "changed_by"
        )
    }


def compute(run: AllocationRun, changes: Changes) -> None:
    """Write the run's lines anew, and its figures by every method."""
    if run.method not in METHODS:
        raise Refused(Problem(_("Choose one of the methods."), "method"))
    parameters = Parameters.of(run.parameters)
    listed = run.inputs["items"]
    facilities = Place.objects.in_bulk(
        {row["facility"] for kept in listed for row in kept["rows"]}, field_name="code"
    )
    items = Item.objects.in_bulk([kept["item"] for kept in listed], field_name="code")
    lines = []
    for kept in listed:
        code = kept["item"]
        present = {row["facility"] for row in kept["rows"]}
        fixed = {
            facility: change[0]
            for (item, facility), change in changes.items()
            if item == code and facility in present
        }
        try:
            computed = sharing.share_out(kept, parameters, run.method).by_facility()
            now = sharing.share_out(kept, parameters, run.method, fixed).by_facility()
        except Unsound as unsound:
            raise Refused(Problem(str(unsound), "method", "unsound")) from unsound
        for row in kept["rows"]:
            facility = row["facility"]
            _quantity, reason, language, who = changes.get((code, facility), (0, "", "", None))
            lines.append(
                AllocationLine(
                    run=run,
                    facility=facilities[facility],
                    item=items[code],
                    need=max(row["asked"] - sharing.shipped_of(row), 0),
                    computed=computed[facility],
                    quantity=now[facility],
                    reason=reason,
                    reason_language=language,
                    changed_by=who,
                )
            )
    AllocationLine.objects.filter(run=run).delete()
    AllocationLine.objects.bulk_create(lines, batch_size=1000)
    run.figures = {kept["item"]: _figures(kept, parameters) for kept in listed}
    run.save(update_fields=["figures"])


def _figures(kept: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    """Fairness of every method on the same inputs, without changes by hand."""
    found: dict[str, Any] = {}
    for method in METHODS:
        try:
            found[method] = sharing.fairness(sharing.share_out(kept, parameters, method)).as_json()
        except Unsound as unsound:
            found[method] = {"refused": str(unsound)}
    return found
