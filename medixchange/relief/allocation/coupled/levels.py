"""Fill all items together, level by level, under limits that they share.

All cells (a facility and an item) rise together: at a level, each has the packs that bring it at
least there. When a constraint has no room for all the packs of the next level, as many of them as
possible are given; the cells that did not get theirs, and all that take too much for the room that
remains, stay where they are, and the others go on. So the lowest level is as high as it can be in
whole packs, as few cells as possible stay at it, and so on upwards. (Progressive filling: D.
Bertsekas, R. Gallager: *Data Networks*, 1992, section 6.5.2, here in whole packs.)

Where one constraint stops, giving the lightest packs first is what gives most of them. Where
several stop at the same level, HiGHS finds the largest number, with no gap: it is a whole number.
"""

import heapq
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from medixchange.relief.allocation.coupled.limits import Row
from medixchange.relief.allocation.coupled.solver import most_packs
from medixchange.relief.allocation.exact import fraction_keys, wide_enough
from medixchange.relief.allocation.filling import UNSURE
from medixchange.relief.allocation.problem import Floats, Ints


@dataclass(eq=False)
class Levels:
    """Cells that rise together. The level of a pack is (base + pack * packs before) / measure."""

    base: Ints
    pack: Ints
    measure: Ints
    most: Ints
    priority: Ints
    rows: list[Row]
    #: Packs each cell has at least; in the end, what it gets.
    now: Ints
    active: np.ndarray = field(init=False)
    solved: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.measure = np.maximum(self.measure, 1)
        self.active = self.most > self.now
        self._base, self._measure = self.base / self.pack, self.measure / self.pack
        # What a cell holds from the start stands in ``left`` already.
        self._held = self.now.copy()
        self._rows_of: list[list[int]] = [[] for _ in range(len(self.base))]

    def run(self) -> Ints:
        """The packs of each cell."""
        dirty = np.ones(len(self.rows), bool)
        heap: list[tuple[Fraction, int]] = []
        for number in range(len(self.rows)):
            self._push(heap, number)
        dirty[:] = False
        while heap:
            level = heap[0][0]
            stopped = []
            while heap and heap[0][0] == level:
                _level, number = heapq.heappop(heap)
                if dirty[number]:
                    dirty[number] = False
                    self._push(heap, number)
                    continue
                stopped.append(number)
            if not stopped:
                continue
            frozen = self._stop(level, stopped)
            touched = np.zeros(len(self.base), bool)
            touched[frozen] = True
            for number, row in enumerate(self.rows):
                if not dirty[number] and touched[row.cells].any():
                    dirty[number] = True
            for number in stopped:
                dirty[number] = False
                self._push(heap, number)
        return np.where(self.active, self.most, self.now)

    def _push(self, heap: list[tuple[Fraction, int]], number: int) -> None:
        level = self._stopping(self.rows[number])
        if level is not None:
            heapq.heappush(heap, (level, number))

    def _reached(self, cells: Ints, level: float) -> Ints:
        count = np.ceil(level * self._measure[cells] - self._base[cells])
        return np.clip(count, self.now[cells], self.most[cells]).astype(np.int64)

    def _stopping(self, row: Row) -> Fraction | None:
        """The first level of which this constraint cannot hold all packs; None if there is none."""
        still = self.active[row.cells]
        if not still.all():
            gone, costs = row.cells[~still], row.costs[~still]
            row.left -= _total(costs, self.now[gone] - self._held[gone])
            row.cells, row.costs = row.cells[still], row.costs[still]
        cells, costs, held = row.cells, row.costs, self._held[row.cells]
        if _total(costs, self.most[cells] - held) <= row.left:
            return None
        under, over = self.now[cells], self.most[cells]
        low, high = -UNSURE, 1.0 + UNSURE
        last = (self.base[cells] + self.pack[cells] * (over - 1)) / self.measure[cells]
        high = max(high, float(last.max()) + UNSURE)
        unsure = UNSURE * max(1.0, high)
        while int((over - under).sum()) > 32 and high - low > unsure:
            middle = (low + high) / 2
            there = self._reached(cells, middle)
            if _total(costs, there - held) <= row.left:
                low, under = middle, there
            else:
                high, over = middle, there
        under = self._reached(cells, low - unsure)
        over = self._reached(cells, high + unsure)
        return self._first_too_much(row, under, over)

    def _first_too_much(self, row: Row, under: Ints, over: Ints) -> Fraction:
        """The level of the first pack between the two with which the row does not hold."""
        gaps = over - under
        places = np.repeat(np.arange(len(gaps)), gaps)
        after = under[places] + np.arange(len(places)) - (np.cumsum(gaps) - gaps)[places]
        cells = row.cells[places]
        top = self.base[cells] + after * self.pack[cells]
        bottom = self.measure[cells]
        number = wide_enough(int(top.max()), int(bottom.max()))
        order = np.lexsort(fraction_keys(top.astype(number), bottom.astype(number))[::-1])
        room = row.left - _total(row.costs, under - self._held[row.cells])
        at = int(np.searchsorted(np.cumsum(row.costs[places][order]), room, side="right"))
        stop = order[at]
        return Fraction(int(top[stop]), int(bottom[stop]))

    def _below(self, cells: Ints, level: Fraction) -> tuple[Ints, np.ndarray]:
        """Exactly: the packs of lower level of each cell, and whose next pack is of this level."""
        a, b = level.numerator, level.denominator
        widest = max(
            a * int(self.measure[cells].max(initial=1)),
            b * int((self.base[cells] + self.pack[cells] * self.most[cells]).max(initial=1)),
        )
        number = np.int64 if widest < 2**61 else object
        measure, base = self.measure[cells].astype(number), self.base[cells].astype(number)
        step = self.pack[cells].astype(number) * b
        packs = -((base * b - measure * a) // step)
        packs = np.clip(packs, self.now[cells], self.most[cells]).astype(np.int64)
        next_ = base * b + packs.astype(number) * step == measure * a
        return packs, next_.astype(bool) & (packs < self.most[cells])

    def _stop(self, level: Fraction, stopped: list[int]) -> Ints:
        """Give what fits of this level, and hold who can go no further. Returns who that is."""
        cells = np.unique(np.concatenate([self.rows[number].cells for number in stopped]))
        packs, tied = self._below(cells, level)
        place = np.full(len(self.base), -1, np.int64)
        place[cells] = np.arange(len(cells))
        costs = np.zeros((len(stopped), len(cells)), np.int64)
        rooms = []
        for at, number in enumerate(stopped):
            row = self.rows[number]
            where = place[row.cells]
            costs[at, where] = row.costs
            rooms.append(row.left - _total(row.costs, packs[where] - self._held[row.cells]))
        waiting = np.flatnonzero(tied)
        lifted = waiting[self._fitting(cells[waiting], costs[:, waiting], rooms)]
        packs[lifted] += 1
        held = np.zeros(len(cells), bool)
        held[waiting] = True
        held[lifted] = False
        for at in range(len(stopped)):
            room = rooms[at] - int(costs[at, lifted].sum())
            held |= costs[at] > room
        held |= packs >= self.most[cells]
        self.now[cells[held]] = packs[held]
        self.now[cells[lifted]] = packs[lifted]
        self.active[cells[held]] = False
        return cells[held]

    def _fitting(self, cells: Ints, costs: Ints, rooms: list[int]) -> Ints:
        """Places of as many of these as fit together; the smallest measure first, then the highest
        priority, then the first."""
        order = np.lexsort((cells, -self.priority[cells], self.measure[cells]))
        if len(rooms) == 1:
            order = order[np.argsort(costs[0][order], kind="stable")]
            count = int(np.searchsorted(np.cumsum(costs[0][order]), rooms[0], side="right"))
            return order[:count]
        kinds, kind = np.unique(costs[:, order], axis=1, return_inverse=True)
        kind = kind.ravel()
        counts = np.bincount(kind, minlength=kinds.shape[1])
        self.solved += 1
        taken = most_packs(kinds, counts, rooms)
        chosen = [order[kind == at][:count] for at, count in enumerate(taken.tolist()) if count]
        return np.concatenate(chosen) if chosen else np.zeros(0, np.int64)


def _total(costs: Ints, packs: Ints) -> int:
    """The sum of products, without overflow."""
    if not len(costs):
        return 0
    if int(costs.max()) * int(packs.max(initial=0)) * len(costs) < 2**62:
        return int(costs @ packs)
    return int((costs.astype(object) * packs).sum())
