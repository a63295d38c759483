"""A packing list as pages show it: some lots, and some lines of its boxes, at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from medixchange.relief.models import Lot
from medixchange.relief.queries import names
from medixchange.relief.queries.sending import PackedLot, PackingList, Run, lots_of
from medixchange.translation.queries import Shown

#: Rows of one page. A list of a thousand lots is rarely read to its end, and is heavy on a phone.
ROWS = 100

#: One line of the list of boxes: the run, and one lot in each of its boxes.
_Line = tuple[Run, int, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the lots and one page of the boxes, with what their rows say."""

    #: Each row is what is packed, its lot, the item's name, and the unit in words.
    lots: Page[PackedLot]
    lot_rows: list[tuple[PackedLot, Lot, Shown, str]]
    boxes: Page[_Line]
    #: Each row is a run with its lines on this page: the lot, units in each box, the item's name.
    box_rows: list[tuple[Run, list[tuple[Lot, int, Shown]]]]
    #: The box somebody looks for, as typed, and what is to be said where there is none.
    box: str
    no_box: str
    #: The number of that box.
    found: int | None
    #: Whether the list of boxes was asked for, and is shown unfolded.
    opened: bool


def listed(request: HttpRequest, packed: PackingList, language: str) -> Listed:
    """The part of a packing list that an address asks for: ``?lots=2`` is the second page of lots,
    ``?boxes=2`` of boxes, ``?box=17`` the page with box 17.

    Two queries at most, of the lots on these pages and of the wordings of their names.
    """
    lines: list[_Line] = [
        (run, lot, quantity) for run in packed.runs for lot, quantity in run.contents
    ]
    box = request.GET.get("box", "").strip()
    at = _line_of(box, lines)
    wanted = request.GET.get("boxes") if at is None else at // ROWS + 1
    boxes: Page[_Line] = Paginator(lines, ROWS).get_page(wanted)
    lots: Page[PackedLot] = Paginator(packed.lots, ROWS).get_page(request.GET.get("lots"))
    known = lots_of({*(row.lot for row in lots), *(lot for _run, lot, _quantity in boxes)})
    named = names.of((lot.item for lot in known.values()), language)
    units = names.units()

    def row(held: PackedLot) -> tuple[PackedLot, Lot, Shown, str]:
        lot = known[held.lot]
        return held, lot, named[lot.item_id], units[lot.item.unit]

    def contents(part: Iterable[_Line]) -> list[tuple[Lot, int, Shown]]:
        return [(known[lot], quantity, named[known[lot].item_id]) for _run, lot, quantity in part]

    return Listed(
        lots,
        [row(held) for held in lots],
        boxes,
        [(run, contents(part)) for run, part in groupby(boxes, key=lambda line: line[0])],
        box,
        _("There is no box %(number)s on this list.") % {"number": box}
        if box and at is None
        else "",
        int(box) if at is not None else None,
        bool(box or "boxes" in request.GET),
    )


def _line_of(box: str, lines: list[_Line]) -> int | None:
    """Where the lines of the box of that number begin."""
    if not box.isdecimal():
        return None
    number = int(box[:20])
    return next(
        (at for at, (run, _lot, _quantity) in enumerate(lines) if run.first <= number <= run.last),
        None,
    )
