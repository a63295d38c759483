"""Which lots go to which facility of an allocation run, and into which boxes.

Lots are taken first expiry first, and given to whoever needs the goods first. Of what a facility
gets of an item, each whole largest pack is a box, and what is left is one more. A box holds one
lot, but where one lot ends and the next begins.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import AllocationLine, AllocationRun, Lot, Pack, Place
from medixchange.relief.queries import allocating as queries
from medixchange.relief.queries.allocating import FreeLot


def boxes_of(
    run: AllocationRun, lines: Sequence[AllocationLine], *, on: date
) -> Iterator[tuple[Place, list[Contents]]]:
    """Each facility of a run that gets something, with its boxes.

    The caller has seen to it that there is enough (``allocating.still_good``).
    """
    items = {line.item_id for line in lines}
    left = queries.free_lots(run.store, items=items, on=on)
    packs: dict[int, list[Pack]] = defaultdict(list)
    for pack in Pack.objects.filter(item__in=items).order_by("-units"):
        packs[pack.item_id].append(pack)
    due = _due(run)
    by_facility: dict[int, list[AllocationLine]] = defaultdict(list)
    for line in sorted(
        lines,
        key=lambda line: (due[line.facility.code], line.facility.code, line.item.code),
    ):
        by_facility[line.facility_id].append(line)
    for own in by_facility.values():
        boxes: list[Contents] = []
        for line in own:
            taken = _take(left[line.item_id], line.quantity)
            for lots, weight in _in_packs(taken, line.quantity, packs[line.item_id]):
                boxes.append(Contents(len(boxes) + 1, lots, gross_weight_g=weight))
        yield own[0].facility, boxes


def _due(run: AllocationRun) -> dict[str, str]:
    """The first day on which each facility needs something, as ISO text."""
    found: dict[str, str] = {}
    for kept in run.inputs["items"]:
        for row in kept["rows"]:
            found[row["facility"]] = min(found.get(row["facility"], "9"), row["by_when"])
    return found


def _take(left: list[FreeLot], wanted: int) -> list[tuple[Lot, int]]:
    """Take so much off the lots that are left, the first ones first."""
    taken = []
    while wanted:
        first = left[0]
        part = min(wanted, first.quantity)
        taken.append((first.lot, part))
        wanted -= part
        if part == first.quantity:
            left.pop(0)
        else:
            left[0] = FreeLot(first.lot, first.quantity - part)
    return taken


def _in_packs(
    taken: list[tuple[Lot, int]], quantity: int, packs: Sequence[Pack]
) -> Iterator[tuple[list[tuple[Lot, int]], int | None]]:
    """What was taken, in boxes: the largest pack that fits, and the rest; with the weight in grams
    where the pack's is known."""
    pack = next((pack for pack in packs if pack.units <= quantity), None)
    size = pack.units if pack else quantity
    stream = list(taken)
    while quantity:
        room = min(size, quantity)
        quantity -= room
        whole = pack is not None and room == pack.units
        box: list[tuple[Lot, int]] = []
        while room:
            lot, there = stream[0]
            part = min(room, there)
            box.append((lot, part))
            room -= part
            if part == there:
                stream.pop(0)
            else:
                stream[0] = (lot, there - part)
        yield box, pack.gross_weight_g if pack and whole else None
