"""What several items share: transport that holds only so much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from medixchange.relief.allocation.planning import question
from medixchange.relief.allocation.problem import LARGEST, NOT_GIVEN, Ints, Item, Refused


@dataclass(frozen=True)
class Limit:
    """Room for goods that go to some facilities after an arrival, in whole numbers of any unit of
    weight or volume (grams, cubic centimetres)."""

    name: str
    capacity: int
    #: What one base unit of each item takes of it. An item that is not named takes nothing.
    loads: Mapping[str, int]
    #: The facilities on this route; None: all.
    facilities: frozenset[str] | None = None
    #: The arrival after which it holds; None: after each arrival, anew each time.
    on: date | None = None

    def check(self) -> None:
        """Refuse what cannot be meant."""
        loads = self.loads.values()
        if not 0 <= self.capacity <= LARGEST or not all(0 <= load <= LARGEST for load in loads):
            raise Refused(
                _("%(limit)s: capacity and loads are whole numbers from 0 to 10^12.")
                % {"limit": self.name}
            )


@dataclass(eq=False)
class Row:
    """One constraint: a pack of each of these cells takes so much of what is ``left``."""

    cells: Ints
    costs: Ints
    left: int


@dataclass(frozen=True, eq=False)
class Cells:
    """All pairs of item and facility at one arrival, items one after the other."""

    items: tuple[Item, ...]
    #: Number of each cell's item.
    item: Ints
    #: Units of a pack; 1 where the quantity was fixed by hand, which need not be whole packs.
    pack: Ints
    #: Units each has now.
    base: Ints
    #: Packs up to the floor, and packs that each can take.
    least: Ints
    most: Ints
    #: Packs up to what was fixed by hand.
    fixed: Ints
    need: Ints
    floor: Ints
    priority: Ints
    #: Units of each item that are there to give.
    there: tuple[int, ...]
    #: For each limit in turn: its capacity now, and what a pack of each cell takes of it.
    loads: tuple[tuple[int, Ints], ...]
    #: Where each item's cells begin, and where the last one's end.
    starts: tuple[int, ...]

    def rows(self, given: Ints) -> list[Row]:
        """The constraints that are left once so many packs were given."""
        made = []
        for number, units in enumerate(self.there):
            cells = np.arange(self.starts[number], self.starts[number + 1])
            used = int((self.pack[cells] * given[cells]).sum())
            made.append(Row(cells, self.pack[cells], units - used))
        for capacity, load in self.loads:
            cells = np.flatnonzero(load)
            used = int((load[cells].astype(object) * given[cells]).sum()) if len(cells) else 0
            made.append(Row(cells, load[cells], capacity - used))
        return made

    def of_item(self, number: int) -> slice:
        """The cells of one item."""
        return slice(self.starts[number], self.starts[number + 1])


def cells_of(
    items: Sequence[Item],
    at: date,
    have: Sequence[Ints],
    limits: Sequence[Limit],
    routes: Sequence[Ints],
) -> Cells:
    """All cells once the arrivals up to this day are there.

    Args:
        items: The items.
        at: The day; ``date.min`` for goods without a date.
        have: Units that each facility has of each item.
        limits: The limits; those of other days are left out.
        routes: For each limit, the cells that it covers; see ``covered``.
    """
    parts = []
    for item, units in zip(items, have, strict=True):
        last = sum((one.available_on or date.min) <= at for one in item.arrivals) - 1
        moving = item.shipping(units) if int(units.sum()) <= item.supplied else item
        whole = question(moving, last)
        there = sum(one.quantity - one.reserve for one in item.arrivals[: last + 1])
        fixed = item.demand.fixed
        to_fix = np.where(fixed == NOT_GIVEN, 0, np.maximum(fixed - units, 0))
        parts.append((item, units, whole, max(there - int(units.sum()), 0), to_fix))
    sizes = [len(item.demand) for item in items]
    number = np.repeat(np.arange(len(items)), sizes)

    def joined(arrays: list[Ints]) -> Ints:
        return np.concatenate([np.zeros(0, np.int64), *arrays])

    fixed = joined([item.demand.fixed for item in items]) != NOT_GIVEN
    pack = np.where(fixed, 1, np.array([item.pack for item in items], np.int64)[number])

    loads = []
    for limit, cells in zip(limits, routes, strict=True):
        if limit.on is not None and limit.on != at:
            continue
        per_unit = np.array([_load(limit, item) for item in items], np.int64)
        load = np.zeros(len(number), np.int64)
        load[cells] = per_unit[number[cells]] * pack[cells]
        loads.append((limit.capacity, load))
    return Cells(
        tuple(items),
        number,
        pack,
        joined([units for _item, units, *_rest in parts]),
        joined([whole.least for _item, _units, whole, *_rest in parts]),
        joined([whole.most for _item, _units, whole, *_rest in parts]),
        joined([to_fix for *_rest, to_fix in parts]),
        joined([item.demand.need for item in items]),
        joined([item.demand.floor for item in items]),
        joined([item.demand.priority for item in items]),
        tuple(units for *_rest, units, _fix in parts),
        tuple(loads),
        tuple(np.concatenate([[0], np.cumsum(sizes)]).astype(int).tolist()),
    )


def covered(items: Sequence[Item], limits: Sequence[Limit]) -> list[Ints]:
    """For each limit, the cells of the facilities on its route."""
    starts = np.cumsum([0, *(len(item.demand) for item in items)])
    places: dict[str, list[int]] = {}
    for start, item in zip(starts.tolist(), items, strict=False):
        for place, name in enumerate(item.demand.facilities, start=start):
            places.setdefault(name, []).append(place)
    made = []
    for limit in limits:
        if limit.facilities is None:
            made.append(np.arange(starts[-1]))
            continue
        of_route = [places.get(name, []) for name in sorted(limit.facilities)]
        made.append(np.sort(np.array([cell for cells in of_route for cell in cells], np.int64)))
    return made


def _load(limit: Limit, item: Item) -> int:
    """What one unit takes, if a pack of it is no more than can be counted with."""
    load = limit.loads.get(item.name, 0)
    if load * item.pack > LARGEST:
        raise Refused(
            _("%(limit)s: a pack of %(item)s takes more than 10^12. Choose a larger unit.")
            % {"limit": limit.name, "item": item.name}
        )
    return load
