"""The four methods. Each answers one ``Round``: how many packs every facility gets.

All of them keep floors first, caps, and whole packs. Where two facilities have exactly the same
claim to the last pack, the one of higher priority gets it, then the one whose name comes first.
"""

from collections.abc import Callable

import numpy as np

from medixchange.relief.allocation.apportioning import apportion
from medixchange.relief.allocation.exact import wide_enough
from medixchange.relief.allocation.filling import fill
from medixchange.relief.allocation.problem import Floats, Ints, Round

Method = Callable[[Round], Ints]


class FillRate:
    """The lowest fill rate first: (what it has + the packs before) / ``measure``.

    Among equal rates the smallest measure comes first, since its pack lifts its rate furthest:
    that makes the sorted vector of rates the lexicographic maximum in whole packs.
    """

    def __init__(self, question: Round, measure: Ints) -> None:
        self.base, self.pack, self.priority = question.base, question.pack, question.priority
        # A facility that measures nothing takes nothing; the one only avoids dividing by zero.
        self.measure = np.maximum(measure, 1)
        self._base, self._measure = self.base / self.pack, self.measure / self.pack
        last = self.base + self.pack * (question.most - 1)
        self.lowest = 0.0
        self.highest = float((last / self.measure)[question.most > 0].max(initial=0.0))

    def reached(self, level: float) -> Floats:
        """Packs below this level."""
        return np.ceil(level * self._measure - self._base)

    def levels(self, rows: Ints, packs: Ints) -> Floats:
        """The rate before this pack."""
        return (self.base[rows] + packs * self.pack) / self.measure[rows]

    def fractions(self, rows: Ints, packs: Ints) -> tuple[Ints, Ints]:
        """The same, exactly."""
        top, bottom = self.base[rows] + packs * self.pack, self.measure[rows]
        number = wide_enough(int(top.max()), int(bottom.max()))
        return top.astype(number), bottom.astype(number)

    def ties(self, rows: Ints) -> list[Ints]:
        """Smallest measure, highest priority, first name."""
        return [self.measure[rows], -self.priority[rows], rows]


class UnmetShare:
    """The pack that takes most off ``sum(priority * (need - given)^2 / need)`` first.

    The level of a pack is minus its gain divided by the pack: priority * (2 * open - pack) / need
    with ``open`` the units still open before it; a last pack that goes past the need gains
    priority * open^2 / (pack * need).
    """

    def __init__(self, question: Round) -> None:
        self.pack, self.priority = question.pack, question.priority
        self.need = np.maximum(question.need, 1)
        self.open = np.maximum(question.need - question.base, 0)
        #: Packs that fit into the need; whatever comes after them goes past it.
        self.whole = self.open // self.pack
        self.past = bool((question.most > self.whole).any())
        self._weight = self.priority / self.need
        with np.errstate(divide="ignore"):
            self._per_level = np.where(self.priority > 0, 1 / (2 * self.pack * self._weight), 0.0)
        self._at_zero = self.open / self.pack - 0.5
        rest = (self.open - self.whole * self.pack).astype(float)
        self._last = -self._weight * rest * rest / self.pack
        self.lowest = -2.0 * float((self._weight * self.open).max(initial=0.0))
        self.highest = 0.0

    def reached(self, level: float) -> Floats:
        """Packs below this level."""
        # priority * (2 * (open - packs * pack) - pack) / need > -level, solved for packs.
        count = np.ceil(self._at_zero + level * self._per_level)
        # Of priority zero nothing gains anything: its packs all have the level 0.
        count = np.where(self.priority > 0, count, np.where(level > 0, np.inf, 0.0))
        if self.past:
            beyond = np.where(self._last < level, np.inf, self.whole)
            count = np.where(count >= self.whole, beyond, count)
        return count

    def _open(self, rows: Ints, packs: Ints) -> Ints:
        left: Ints = np.maximum(self.open[rows] - packs * self.pack, 0)
        return left

    def levels(self, rows: Ints, packs: Ints) -> Floats:
        """Minus the gain of a unit of this pack."""
        left = self._open(rows, packs).astype(float)
        past = left * left / self.pack
        return -self._weight[rows] * np.where(left < self.pack, past, 2 * left - self.pack)

    def fractions(self, rows: Ints, packs: Ints) -> tuple[Ints, Ints]:
        """The same, exactly."""
        left, weight, need = self._open(rows, packs), self.priority[rows], self.need[rows]
        past = left < self.pack
        widest = int(weight.max()) * max(2 * int(left.max()), self.pack) * self.pack
        number = wide_enough(widest, int(need.max()) * (self.pack if past.any() else 1))
        left, weight, need = left.astype(number), weight.astype(number), need.astype(number)
        if not past.any():
            return -weight * (2 * left - self.pack), need
        gain = np.where(past, left * left, (2 * left - self.pack) * self.pack)
        return -weight * gain, need * self.pack

    def ties(self, rows: Ints) -> list[Ints]:
        """Highest priority, first name."""
        return [-self.priority[rows], rows]


def proportional(question: Round) -> Ints:
    """Shares in proportion to need, rounded by largest remainders."""
    return apportion(question, question.need)


def population(question: Round) -> Ints:
    """Shares in proportion to the people served, up to the need, rounded by largest remainders."""
    return apportion(question, np.maximum(question.population, 0))


def maxmin(question: Round) -> Ints:
    """The lowest fill rate as high as it can be, then the second lowest, and so on."""
    order = FillRate(question, question.need)
    return fill(order, question.least, question.most, question.packs)


def utility(question: Round) -> Ints:
    """The least sum of priority * need * (share of the need left open)^2."""
    return fill(UnmetShare(question), question.least, question.most, question.packs)


def floors(question: Round, floor: Ints) -> Ints:
    """Fill floors that cannot all be met: the lowest share of its floor first, as in ``maxmin``.

    ``question.most`` has the packs that each floor takes.
    """
    return fill(FillRate(question, floor), question.least, question.most, question.packs)


METHODS: dict[str, Method] = {
    "proportional": proportional,
    "maxmin": maxmin,
    "population": population,
    "utility": utility,
}
