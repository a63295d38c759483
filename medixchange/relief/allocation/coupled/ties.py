"""What a level leaves open: packs of which as many as possible go on, but not which of them.

When a constraint stops at a level, often several choices give equally many packs. Which of them is
best is told by the levels above, so the choice is kept open: as whole numbers, with the constraints
that hold them and with what was found best so far. Each further level that they touch asks HiGHS
for the most cells that can go on, and keeps only the choices that reach it. In the end that is the
lexicographic maximum (W. Ogryczak, T. Śliwiński: *On direct methods for lexicographic min-max
optimization*, 2006, here for whole packs).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import highspy
import numpy as np

from medixchange.relief.allocation.coupled.solver import Unsolved, new_solver
from medixchange.relief.allocation.problem import Ints

#: Choices kept open at the same time. With more, what was found best so far is taken.
MOST_OPEN = 100


@dataclass(eq=False)
class Choice:
    """How many of some cells, alike in all but priority and name, take their next pack."""

    #: In the order in which they get it.
    cells: Ints
    #: Where the pack begins and ends.
    level: Fraction
    end: Fraction
    #: For each constraint that it touches, what the pack takes of it.
    costs: dict[int, int]
    #: On all choices that are equally good so far: the fewest, and the most.
    upper: int
    lower: int = 0
    #: In the best that was found.
    chosen: int = 0
    #: The choice of the same cells' pack before.
    before: "Choice | None" = None
    after: "Choice | None" = None

    @property
    def fixed(self) -> bool:
        """Whether it is no choice any more."""
        return self.lower == self.upper


Sum = list[tuple[Choice, int]]


class Open:
    """All choices that are open, and what they must reach."""

    def __init__(self) -> None:
        self.choices: list[Choice] = []
        #: Sums of choices, and what each of them comes to at least.
        self._reached: list[tuple[Sum, int]] = []
        self.asked = 0

    def next_end(self, above: Fraction | None) -> Fraction | None:
        """The next level at which a pack ends that may have been taken."""
        ends = [one.end for one in self.choices if one.after is None and one.upper]
        return min((end for end in ends if above is None or end > above), default=None)

    def ending(self, level: Fraction) -> list[Choice]:
        """The choices whose pack ends at this level."""
        return [one for one in self.choices if one.end == level and one.after is None and one.upper]

    def used(self, row: int) -> int:
        """What the best choice takes of a constraint."""
        return sum(one.costs.get(row, 0) * one.chosen for one in self.choices)

    def settle(
        self,
        new: Sequence[Choice],
        ending: Sequence[Choice],
        rooms: dict[int, int],
        stopped: Sequence[int],
    ) -> dict[int, int]:
        """Let as many as possible go on from a level.

        Args:
            new: Choices that begin there.
            ending: Choices whose pack ends there.
            rooms: What each touched constraint has for all choices.
            stopped: The constraints that stop there.

        Returns:
            The most that each constraint that stops can have left.

        Raises:
            Unsolved: there are too many choices, or HiGHS could not prove one best. Then the
                choices are as before.
        """
        choices = [*self.choices, *new]
        if sum(not one.fixed for one in choices) > MOST_OPEN:
            raise Unsolved("too many choices")
        going_on = [(one, 1) for one in new] + [(one, -1) for one in ending]
        model = _Model(choices, self._reached, rooms)
        best, counts = model.most(going_on)
        model.reach(going_on, best)
        ranges = []
        for one, count in zip(choices, counts, strict=True):
            upper = model.most([(one, 1)])[0] if count < one.upper else count
            lower = -model.most([(one, -1)])[0] if count > one.lower else count
            ranges.append((lower, upper))
        spare = {
            row: rooms[row] + model.most([(one, -one.costs.get(row, 0)) for one in choices])[0]
            for row in stopped
        }
        for one, count, (lower, upper) in zip(choices, counts, ranges, strict=True):
            one.chosen, one.lower, one.upper = count, lower, upper
            if one.before is not None:
                one.before.after = one
        self.choices = choices
        self._reached.append((going_on, best))
        self.asked += model.asked
        return spare

    def prefer(self, order: Sequence[Choice], rooms: dict[int, int]) -> None:
        """Of all choices that are equally good in the end, take the most of the first in order,
        then of the second, and so on.

        Raises:
            Unsolved: HiGHS could not prove one best.
        """
        model = _Model(self.choices, self._reached, rooms)
        for one in order:
            best, counts = model.most([(one, 1)])
            model.reach([(one, 1)], best)
        for one, count in zip(self.choices, counts, strict=True):
            one.chosen = count
        self.asked += model.asked

    def take_fixed(self, *, all_of_them: bool = False) -> list[Choice]:
        """Take the choices out whose cells have nothing open any more; first packs first.

        Args:
            all_of_them: Also the open ones, as they were found best.
        """
        if all_of_them:
            taken, self.choices, self._reached = self.choices, [], []
            return taken
        taken = []
        for first in [one for one in self.choices if one.before is None]:
            line = [first]
            while line[-1].after is not None:
                line.append(line[-1].after)
            if all(one.fixed for one in line):
                taken += line
        gone = set(map(id, taken))
        self.choices = [one for one in self.choices if id(one) not in gone]
        reached = []
        for total, least in self._reached:
            stay = [(one, by) for one, by in total if id(one) not in gone]
            least -= sum(by * one.chosen for one, by in total if id(one) in gone)
            if stay:
                reached.append((stay, least))
        self._reached = reached
        return taken


class _Model:
    """The choices as a program for HiGHS, asked several questions."""

    def __init__(
        self,
        choices: Sequence[Choice],
        reached: Sequence[tuple[Sum, int]],
        rooms: dict[int, int],
    ) -> None:
        self._places = {id(one): at for at, one in enumerate(choices)}
        self._size = len(choices)
        self._rows: list[tuple[Ints, Ints, int]] = []
        self.asked = 0
        self._solver = new_solver()
        for one in choices:
            self._solver.addVar(float(one.lower), float(one.upper))
        at = np.arange(self._size, dtype=np.int32)
        self._solver.changeColsIntegrality(self._size, at, np.ones(self._size, np.uint8))
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        for one in choices:
            if one.before is not None:
                self._add([(one, 1), (one.before, -1)], 0)
        for row, room in rooms.items():
            self._add([(one, one.costs.get(row, 0)) for one in choices], room)
        for total, least in reached:
            self.reach(total, least)

    def reach(self, total: Sum, least: int) -> None:
        """The sum must come to so much."""
        self._add([(one, -by) for one, by in total], -least)

    def _add(self, total: Sum, room: int) -> None:
        places, values = self._summed(total)
        if not len(places):
            return
        divisor = gcd(*values.tolist())
        values, room = values // divisor, room // divisor
        self._rows.append((places, values, room))
        self._solver.addRow(
            -highspy.kHighsInf, float(room), len(places), places, values.astype(float)
        )

    def _summed(self, total: Sum) -> tuple[Ints, Ints]:
        values = np.zeros(self._size, np.int64)
        for one, by in total:
            values[self._places[id(one)]] += by
        places = np.flatnonzero(values)
        return places.astype(np.int32), values[places]

    def most(self, total: Sum) -> tuple[int, list[int]]:
        """The greatest value of a sum, and the counts that have it."""
        places, values = self._summed(total)
        divisor = gcd(*values.tolist()) or 1
        costs = np.zeros(self._size)
        costs[places] = values // divisor
        self._solver.changeColsCost(self._size, np.arange(self._size, dtype=np.int32), costs)
        self._solver.run()
        self.asked += 1
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise Unsolved(self._solver.modelStatusToString(self._solver.getModelStatus()))
        counts = np.rint(np.array(self._solver.getSolution().col_value)).astype(np.int64)
        for row, by, room in self._rows:
            if int((counts[row].astype(object) * by).sum()) > room:
                raise Unsolved("rounded past a constraint")
        return int((counts[places].astype(object) * values).sum()), counts.tolist()
