"""What a count means for the ledger, given what is still open: pure reckoning, no database.

A phone says what somebody saw in front of them. Whether that is accepted, more than was listed, or
may not be used at all follows from the packing list, from what other receipts took, and from the
lots themselves; so it is decided here and never on the phone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from medixchange.relief.models import Box, Lot, Outcome
from medixchange.relief.refusals import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """So much of a lot, found so.

    Attributes:
        where: the line of the form it came from, for refusals.
        why: why the outcome is another than was said, or that it was nobody's word: ``expired``,
            ``recalled``, ``too_warm``, ``more_than_listed``, ``not_listed``, ``listed``,
            ``uncounted``; empty where it is what was said.
    """

    lot: Lot
    quantity: int
    outcome: Outcome
    box: Box | None = None
    remark: str = ""
    where: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Of one lot: what is still in the consignment's accounts, and how much of that an open case
    has down as missing already."""

    quantity: int
    missing: int = 0


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One line of a packing list: what of it is not counted yet, and what a case has down as
    missing, which may still come."""

    box: Box
    lot: Lot
    listed: int
    open: int
    missing: int = 0


# Damaged goods that are too many are still damaged, so what is listed is filled with them first;
# what is then left over waits in quarantine for somebody's word.
_ORDER = {
    Outcome.DAMAGED: 0,
    Outcome.QUARANTINED: 1,
    Outcome.ACCEPTED: 2,
    Outcome.EXCESS: 3,
    Outcome.WRONG: 3,
}


def sort_out(
    counts: Sequence[Finding],
    *,
    left: Mapping[int, Left],
    unfit: Callable[[Lot], str],
    lines: Iterable[OpenLine] = (),
    complete: bool,
) -> tuple[list[Finding], list[Problem]]:
    """What the ledger shall be told of these counts, and what is wrong with them.

    Args:
        counts: as somebody said, each with a lot.
        left: by lot, for every lot of the packing list, also where nothing is left.
        unfit: why a lot may not be accepted, or nothing.
        lines: of the packing list, to say in which box something is missing.
        complete: nothing more will come; what is not counted is missing.
    """
    by_lot: dict[int, list[Finding]] = {}
    for count in counts:
        by_lot.setdefault(count.lot.pk, []).append(count)
    in_boxes: dict[int, list[OpenLine]] = {}
    for line in lines:
        in_boxes.setdefault(line.lot.pk, []).append(line)
    found: list[Finding] = []
    problems: list[Problem] = []
    for pk, said in by_lot.items():
        if pk not in left:
            found += _not_listed(said, problems)
        else:
            found += _listed(said, left[pk], unfit, problems)
    if complete:
        for pk, lot_left in left.items():
            found += _uncounted(lot_left, by_lot.get(pk, []), in_boxes.get(pk, []))
    return found, problems


def _not_listed(said: list[Finding], problems: list[Problem]) -> list[Finding]:
    out = []
    for count in said:
        if count.outcome == Outcome.MISSING:
            problems.append(
                Problem(
                    _("%(lot)s is not on the packing list, so it cannot be missing.")
                    % {"lot": count.lot},
                    count.where,
                    "not_listed",
                )
            )
        else:
            why = "" if count.outcome == Outcome.WRONG else "not_listed"
            out.append(replace(count, outcome=Outcome.WRONG, why=why))
    return out


def _listed(
    said: list[Finding], lot_left: Left, unfit: Callable[[Lot], str], problems: list[Problem]
) -> list[Finding]:
    out = []
    room = lot_left.quantity
    present = [count for count in said if count.outcome != Outcome.MISSING]
    for count in sorted(present, key=lambda count: _ORDER[count.outcome]):
        part = min(room, count.quantity)
        room -= part
        if part:
            out.append(_taken(replace(count, quantity=part), unfit))
        if count.quantity > part:
            why = "" if count.outcome == Outcome.EXCESS else "more_than_listed"
            out.append(
                replace(count, quantity=count.quantity - part, outcome=Outcome.EXCESS, why=why)
            )
    # What is taken comes out of what no case speaks of first.
    may_miss = max(0, room - lot_left.missing)
    for count in said:
        if count.outcome != Outcome.MISSING:
            continue
        if count.quantity > may_miss:
            problems.append(
                Problem(
                    _(
                        "%(quantity)d of %(lot)s are said to be missing, but only %(left)d are "
                        "still open beside what was counted. Count again."
                    )
                    % {"quantity": count.quantity, "lot": count.lot, "left": may_miss},
                    count.where,
                    "missing_too_many",
                )
            )
        else:
            may_miss -= count.quantity
            out.append(count)
    return out


def _taken(count: Finding, unfit: Callable[[Lot], str]) -> Finding:
    """Goods that are listed: as said, but never accepted where the lot may not be used."""
    if count.outcome in (Outcome.DAMAGED, Outcome.QUARANTINED):
        return count
    why = unfit(count.lot)
    if why:
        return replace(count, outcome=Outcome.QUARANTINED, why=why)
    if count.outcome != Outcome.ACCEPTED:
        return replace(count, outcome=Outcome.ACCEPTED, why="listed")
    return count


def _uncounted(lot_left: Left, said: list[Finding], lines: list[OpenLine]) -> list[Finding]:
    """What nobody has counted of a lot although this is all that came, box by box."""
    counted = sum(count.quantity for count in said if count.outcome != Outcome.MISSING)
    stated = sum(count.quantity for count in said if count.outcome == Outcome.MISSING)
    missing = max(0, lot_left.quantity - counted) - lot_left.missing - stated
    out = []
    for line in lines:
        seen = sum(
            count.quantity for count in said if count.box is not None and count.box == line.box
        )
        part = min(missing, line.open - seen)
        if part > 0:
            missing -= part
            out.append(Finding(line.lot, part, Outcome.MISSING, line.box, why="uncounted"))
    if missing > 0 and lines:
        out.append(Finding(lines[0].lot, missing, Outcome.MISSING, why="uncounted"))
    return out
