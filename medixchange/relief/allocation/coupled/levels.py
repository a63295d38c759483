"""Fill all items together, level by level, under limits that they share.

All cells (a facility and an item) rise together: at a level, each has the packs that bring it at
least there. When a constraint has no room for all the packs of the next level, as many of them as
possible are given; the cells that did not get theirs, and all that take too much for the room that
remains, stay where they are, and the others go on (progressive filling: D. Bertsekas, R. Gallager:
*Data Networks*, 1992, section 6.5.2, here in whole packs). Where equally many could go on in
several ways, the choice is left to the levels above; see ``ties``. So of all plans in whole packs,
the sorted levels at which the cells end are the lexicographic maximum.

That is proved at each step, by arithmetic or by HiGHS. When HiGHS is out of time or would have too
many choices to keep open, the packs that take least are given instead, and ``proved_below`` says
from which level on.
"""

import contextlib
import heapq
import time
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from medixchange.relief.allocation.apportioning import Bools
from medixchange.relief.allocation.coupled.limits import Row
from medixchange.relief.allocation.coupled.solver import Unsolved, most_packs
from medixchange.relief.allocation.coupled.ties import Choice, Open
from medixchange.relief.allocation.exact import fraction_keys, wide_enough
from medixchange.relief.allocation.filling import UNSURE
from medixchange.relief.allocation.problem import Ints


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
    #: When to stop asking HiGHS, on the monotonic clock.
    until: float = float("inf")
    active: Bools = field(init=False)
    #: Below this level everything is proved; None: everything is.
    proved_below: Fraction | None = field(default=None, init=False)
    solved: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.measure = np.maximum(self.measure, 1)
        self.active = self.most > self.now
        self._base, self._measure = self.base / self.pack, self.measure / self.pack
        # What a cell holds from the start stands in ``left`` already.
        self._held = self.now.copy()
        #: How far each may go now: cells with an open choice wait.
        self._goal = self.most.copy()
        self._open = Open()
        self._touching = [(row.cells, row.costs) for row in self.rows]
        #: Constraints to be looked at again, when their turn comes.
        self._dirty = np.zeros(len(self.rows), bool)
        self._turn = [0] * len(self.rows)
        self._heap: list[tuple[Fraction, int, int]] = []

    def run(self) -> Ints:
        """The packs of each cell."""
        for number in range(len(self.rows)):
            self._push(number)
        level: Fraction | None = None
        while True:
            end = self._open.next_end(level)
            levels = [
                one for one in (self._heap[0][0] if self._heap else None, end) if one is not None
            ]
            if not levels:
                break
            level = min(levels)
            stopped = self._stopped(level)
            if stopped or level == end:
                self._at(level, stopped)
        self._prefer()
        self._decide(all_of_them=True)
        return np.where(self.active, self.most, self.now)

    def _prefer(self) -> None:
        """Of plans that are equally good the one that gives to higher priority, then to who comes
        first."""
        if not self._open.choices:
            return
        order = sorted(
            self._open.choices, key=lambda one: (-self.priority[one.cells[0]], one.cells[0])
        )
        rooms = {}
        for number in {row for one in order for row in one.costs}:
            row = self.rows[number]
            most = np.where(self.active, self._goal, self.now)[row.cells]
            rooms[number] = row.left - _total(row.costs, most - self._held[row.cells])
        # Where it cannot be proved which is preferred, the plan is as good.
        with contextlib.suppress(Unsolved):
            self._open.prefer(order, rooms)

    def _stopped(self, level: Fraction) -> list[int]:
        """The constraints that stop at this level."""
        stopped = []
        while self._heap and self._heap[0][0] == level:
            _level, number, turn = heapq.heappop(self._heap)
            if turn != self._turn[number]:
                continue
            if self._dirty[number]:
                self._push(number)
                continue
            stopped.append(number)
        return stopped

    def _push(self, number: int) -> None:
        self._dirty[number] = False
        self._turn[number] += 1
        level = self._stopping(number)
        if level is not None:
            heapq.heappush(self._heap, (level, number, self._turn[number]))

    def _at(self, level: Fraction, stopped: list[int]) -> None:
        """Let go on from this level as many as can."""
        ends = bool(self._open.ending(level))
        mine = any(row in one.costs for one in self._open.choices for row in stopped)
        frozen = None if ends or mine else self._stop(level, stopped)
        if frozen is None:
            try:
                if time.monotonic() > self.until:
                    raise Unsolved("no time left")
                self._choose(level, stopped)
            except Unsolved:
                self.proved_below = min(level, self.proved_below or level)
                self._decide(all_of_them=True)
                for number in range(len(self.rows)):
                    self._push(number)
            return
        touched = np.zeros(len(self.base), bool)
        touched[frozen] = True
        for number, row in enumerate(self.rows):
            if not self._dirty[number] and touched[row.cells].any():
                # It holds more than was thought, since some of its cells go no further.
                self._dirty[number] = True
        for number in stopped:
            self._push(number)

    def _choose(self, level: Fraction, stopped: list[int]) -> None:
        """Ask HiGHS how many can go on from this level, and keep open which they are."""
        new = self._new_choices(level, stopped)
        ending = self._open.ending(level)
        for one in ending:
            at = one.cells[0]
            packs = int((one.end * int(self.measure[at]) - int(self.base[at])) / int(self.pack[at]))
            if packs < self.most[at]:
                new.append(self._choice(one.cells, packs, one.costs, before=one))
        rows = {row for one in [*self._open.choices, *new] for row in one.costs}
        waiting = np.zeros(len(self.base), bool)
        for one in new:
            waiting[one.cells] = True
        rooms = {}
        for number in sorted(rows):
            row = self.rows[number]
            below, tied = self._below(row.cells, level)
            through = below + (tied & ~waiting[row.cells])
            rooms[number] = row.left - _total(row.costs, through - self._held[row.cells])
        spare = self._open.settle(new, ending, rooms, stopped)
        for one in new:
            if one.before is None:
                self.now[one.cells] = self._below(one.cells, level)[0]
                self._goal[one.cells] = self.now[one.cells]
        for number in stopped:
            row = self.rows[number]
            cells = row.cells[(row.costs > spare[number]) & ~waiting[row.cells]]
            cells = cells[self._goal[cells] == self.most[cells]]
            self._hold(cells, self._below(cells, level)[0])
        self._decide()
        for number in range(len(self.rows)):
            if number in rows:
                self._push(number)
            else:
                self._dirty[number] = True

    def _new_choices(self, level: Fraction, stopped: list[int]) -> list[Choice]:
        """The packs of this level that may not all fit, alike ones together."""
        if not stopped:
            return []
        cells = np.unique(np.concatenate([self.rows[number].cells for number in stopped]))
        packs, tied = self._below(cells, level)
        cells, packs = cells[tied], packs[tied]
        costs = self._costs(cells)
        left = self.most[cells] - packs
        alike = np.vstack([costs, self.measure[cells], self.pack[cells], left])
        _kinds, kind = np.unique(alike, axis=1, return_inverse=True)
        kind = kind.ravel()
        made = []
        for number in range(int(kind.max(initial=-1)) + 1):
            at = np.flatnonzero(kind == number)
            at = at[np.lexsort((cells[at], -self.priority[cells[at]]))]
            column = costs[:, at[0]]
            taken = {int(row): int(column[row]) for row in np.flatnonzero(column)}
            made.append(self._choice(cells[at], int(packs[at[0]]), taken))
        return made

    def _choice(
        self, cells: Ints, packs: int, costs: dict[int, int], before: Choice | None = None
    ) -> Choice:
        base, pack, measure = (
            int(column[cells[0]]) for column in (self.base, self.pack, self.measure)
        )
        return Choice(
            cells,
            Fraction(base + pack * packs, measure),
            Fraction(base + pack * (packs + 1), measure),
            costs,
            len(cells) if before is None else before.upper,
            before=before,
        )

    def _costs(self, cells: Ints) -> Ints:
        """What a pack of each of these cells (columns) takes of each constraint (rows)."""
        costs = np.zeros((len(self.rows), len(cells)), np.int64)
        for number, (touching, cost) in enumerate(self._touching):
            if len(touching):
                place = np.minimum(np.searchsorted(touching, cells), len(touching) - 1)
                costs[number] = np.where(touching[place] == cells, cost[place], 0)
        return costs

    def _decide(self, *, all_of_them: bool = False) -> None:
        """Give the packs of choices that are none any more; who got none stays where it is."""
        for one in self._open.take_fixed(all_of_them=all_of_them):
            lifted, rest = one.cells[: one.chosen], one.cells[one.chosen :]
            self.now[lifted] += 1
            self._goal[lifted] = self.most[lifted]
            self._hold(rest, self.now[rest])
        self.solved += self._open.asked
        self._open.asked = 0

    def _reached(self, cells: Ints, level: float) -> Ints:
        count = np.ceil(level * self._measure[cells] - self._base[cells])
        return np.clip(count, self.now[cells], self._goal[cells]).astype(np.int64)

    def _stopping(self, number: int) -> Fraction | None:
        """The first level of which this constraint cannot hold all packs; None if there is none."""
        row = self.rows[number]
        still = self.active[row.cells]
        if not still.all():
            gone, costs = row.cells[~still], row.costs[~still]
            row.left -= _total(costs, self.now[gone] - self._held[gone])
            row.cells, row.costs = row.cells[still], row.costs[still]
        cells, costs, held = row.cells, row.costs, self._held[row.cells]
        room = row.left - self._open.used(number)
        if _total(costs, self._goal[cells] - held) <= room:
            return None
        under, over = self.now[cells], self._goal[cells]
        low, high = -UNSURE, 1.0 + UNSURE
        last = (self.base[cells] + self.pack[cells] * (over - 1)) / self.measure[cells]
        high = max(high, float(last.max()) + UNSURE)
        unsure = UNSURE * max(1.0, high)
        while int((over - under).sum()) > 32 and high - low > unsure:
            middle = (low + high) / 2
            there = self._reached(cells, middle)
            if _total(costs, there - held) <= room:
                low, under = middle, there
            else:
                high, over = middle, there
        under = self._reached(cells, low - unsure)
        over = self._reached(cells, high + unsure)
        return self._first_too_much(row, under, over, room - _total(costs, under - held))

    def _first_too_much(self, row: Row, under: Ints, over: Ints, room: int) -> Fraction:
        """The level of the first pack between the two with which the row does not hold."""
        gaps = over - under
        places = np.repeat(np.arange(len(gaps)), gaps)
        after = under[places] + np.arange(len(places)) - (np.cumsum(gaps) - gaps)[places]
        cells = row.cells[places]
        top = self.base[cells] + after * self.pack[cells]
        bottom = self.measure[cells]
        number = wide_enough(int(top.max()), int(bottom.max()))
        order = np.lexsort(fraction_keys(top.astype(number), bottom.astype(number))[::-1])
        at = int(np.searchsorted(np.cumsum(row.costs[places][order]), room, side="right"))
        stop = order[at]
        return Fraction(int(top[stop]), int(bottom[stop]))

    def _below(self, cells: Ints, level: Fraction) -> tuple[Ints, Bools]:
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
        packs = np.clip(packs, self.now[cells], self._goal[cells]).astype(np.int64)
        next_ = base * b + packs.astype(number) * step == measure * a
        return packs, next_.astype(bool) & (packs < self._goal[cells])

    def _hold(self, cells: Ints, packs: Ints) -> None:
        """These cells get so many packs and go no further."""
        self.now[cells] = packs
        self._goal[cells] = packs
        self.active[cells] = False

    def _stop(self, level: Fraction, stopped: list[int]) -> Ints | None:
        """Give what fits of this level, and hold who can go no further. Returns who that is; None
        where there is a choice."""
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
        fitting = self._fitting(cells[waiting], costs[:, waiting], np.array(rooms))
        if fitting is None:
            return None
        lifted = waiting[fitting]
        packs[lifted] += 1
        held = np.zeros(len(cells), bool)
        held[waiting] = True
        held[lifted] = False
        for at in range(len(stopped)):
            room = rooms[at] - int(costs[at, lifted].sum())
            held |= costs[at] > room
        held |= packs >= self.most[cells]
        self.now[cells[lifted]] = packs[lifted]
        self._hold(cells[held], packs[held])
        return cells[held]

    def _fitting(self, cells: Ints, costs: Ints, rooms: Ints) -> Ints | None:
        """Places of as many of these as fit together; None where that is not the only way and may
        still be left open. Of cells alike to all constraints the smallest measure comes first,
        which its pack lifts furthest, then the highest priority, then the first."""
        order = np.lexsort((cells, -self.priority[cells], self.measure[cells]))
        kinds, kind = np.unique(self._costs(cells), axis=1, return_inverse=True)
        kind = kind.ravel()
        if kinds.shape[1] == 1:
            return order[: int(min(rooms // costs[:, 0]))]
        if len(rooms) == 1:
            order = order[np.argsort(costs[0][order], kind="stable")]
            sums = np.cumsum(costs[0][order])
            count = int(np.searchsorted(sums, rooms[0], side="right"))
            if self.proved_below is None and count:
                spare = int(rooms[0] - sums[count - 1])
                inside, outside = order[:count], order[count:]
                swapped = costs[0][outside] - costs[0][inside][:, None]
                other = kind[outside] != kind[inside][:, None]
                if (other & (swapped <= spare)).any():
                    return None
            return order[:count]
        if self.proved_below is None:
            return None
        kinds, kind = np.unique(costs[:, order], axis=1, return_inverse=True)
        kind = kind.ravel()
        self.solved += 1
        taken = most_packs(kinds, np.bincount(kind, minlength=kinds.shape[1]), rooms.tolist())
        chosen = [order[kind == at][:count] for at, count in enumerate(taken.tolist()) if count]
        return np.concatenate(chosen) if chosen else np.zeros(0, np.int64)


def _total(costs: Ints, packs: Ints) -> int:
    """The sum of products, without overflow."""
    if not len(costs):
        return 0
    if int(costs.max()) * int(packs.max(initial=0)) * len(costs) < 2**62:
        return int(costs @ packs)
    return int((costs.astype(object) * packs).sum())
