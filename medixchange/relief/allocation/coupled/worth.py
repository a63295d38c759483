"""The most utility under limits that items share, by HiGHS.

Facilities on the same routes are alike to every limit, so among them an item is shared out best by
giving each pack where it gains most, and what their first X packs gain together is a concave
function of X. That leaves one whole number for each item and set of routes, a *group*, however
many facilities there are.

1. Where packs may be divided, prices of the constraints are found (see ``prices``). From there the
   optimum of each group's whole counts, mixed, is a linear program of chords of these functions,
   which get new corners where the prices of its answer ask for them (G. B. Dantzig, P. Wolfe:
   *Decomposition principle for linear programs*, 1960). Any prices give an upper bound
   (H. Everett: *Generalized Lagrange multiplier method*, 1963).
2. Rounded down and filled up again, that is a first plan in whole packs.
3. A group's count that loses more against the prices than the bound stands above that plan cannot
   be in an optimum. Among the counts that are left, HiGHS looks for the optimum in whole packs,
   with no gap allowed.
"""

import time
from dataclasses import dataclass, field

import numpy as np

from medixchange.relief.allocation.coupled.limits import Cells
from medixchange.relief.allocation.coupled.prices import Market
from medixchange.relief.allocation.coupled.solver import Block, maximise, maximise_whole
from medixchange.relief.allocation.filling import fill
from medixchange.relief.allocation.methods import UnmetShare
from medixchange.relief.allocation.problem import PRIORITY_SCALE, Floats, Ints, Round

#: When the linear program is close enough to its bound, as a share of all that can be gained.
CLOSE = 1e-10
#: Questions to the linear program at most; the bound holds whenever it ends.
MOST_ROUNDS = 40
#: With more groups the searches by HiGHS come to nothing in any useful time; they are left out, and
#: the gap is told.
MOST_GROUPS = 500
#: Packs of a group whose gains are kept in memory; above, they are computed when asked for.
MOST_KEPT = 20_000


@dataclass(frozen=True, eq=False)
class Best:
    """Packs of each cell, and how good they are known to be."""

    packs: Ints
    worth: float
    bound: float
    asked: int

    @property
    def gap(self) -> float:
        """(bound - worth) / worth; 0 where nothing can be gained."""
        return max(self.bound - self.worth, 0.0) / self.worth if self.worth else 0.0


@dataclass(eq=False)
class Group:
    """One item and the facilities that are alike to all limits."""

    cells: Ints
    question: Round
    order: UnmetShare
    #: What one unit of the item's need counts: every item counts the same as a whole.
    weight: float
    lowest: int
    highest: int
    _worths: dict[int, float] = field(default_factory=dict, init=False)
    #: What each pack gains, and what the first ones gain together, where they are few enough.
    _gains: Floats | None = field(default=None, init=False)
    _together: Floats | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        if self.highest - self.lowest <= MOST_KEPT:
            first = self._computed(self.lowest)
            self._gains = self._sorted(self.lowest, self.highest)
            self._together = first + np.concatenate([[0.0], np.cumsum(self._gains)])

    def packs(self, count: int) -> Ints:
        """The packs of each facility when there are ``count`` in all."""
        return fill(self.order, self.question.least, self.question.most, count)

    def worth(self, count: int) -> float:
        """What ``count`` packs gain."""
        if self._together is not None:
            return float(self._together[count - self.lowest])
        if count not in self._worths:
            self._worths[count] = self._computed(count)
        return self._worths[count]

    def _computed(self, count: int) -> float:
        q = self.question
        open_ = np.maximum(q.need - q.base, 0)
        left = np.maximum(open_ - self.packs(count) * q.pack, 0)
        # open^2 - left^2, without losing the small difference of two large squares.
        gained = (open_ - left).astype(float) * (open_ + left) / np.maximum(q.need, 1)
        return float(gained @ q.priority) * self.weight

    def answer(self, price: float) -> int:
        """How many packs gain more than this price."""
        if self._gains is not None:
            return self.lowest + int(np.searchsorted(-self._gains, -price))
        level = -price / (self.question.pack * self.weight)
        q = self.question
        return int(np.clip(self.order.reached(level), q.least, q.most).sum())

    def gains(self, low: int, high: int) -> Floats:
        """What each pack after the first ``low`` up to ``high`` gains; they never rise."""
        if self._gains is not None:
            return self._gains[low - self.lowest : high - self.lowest]
        return self._sorted(low, high)

    def _sorted(self, low: int, high: int) -> Floats:
        under, over = self.packs(low), self.packs(high)
        gaps = over - under
        rows = np.repeat(np.arange(len(gaps)), gaps)
        after = under[rows] + np.arange(len(rows)) - (np.cumsum(gaps) - gaps)[rows]
        levels = np.sort(self.order.levels(rows, after))
        return -levels * (self.question.pack * self.weight)


def best(cells: Cells, least: Ints, most: Ints, *, seconds: float) -> Best:
    """The packs between ``least`` and ``most`` of the greatest utility.

    Args:
        cells: All cells; their constraints hold.
        least: Packs that each cell has in any case; together they fit.
        most: Packs that each can take.
        seconds: After about that long, the best found so far is returned, with its gap.
    """
    until = time.monotonic() + seconds
    groups = _groups(cells, least, most)
    given = least.copy()
    if not groups:
        return Best(given, 0.0, 0.0, 0)
    question = _Question(groups, cells, least)
    smooth, prices, bound, asked = question.smooth(until)
    counts = question.filled_up(np.floor(smooth + 1e-9).astype(np.int64), prices)
    counts, bound, more = question.whole(counts, prices, bound, until)
    for group, count in zip(groups, counts.tolist(), strict=True):
        given[group.cells] = group.packs(count)
    worth = question.worth(counts)
    return Best(given, worth, max(bound, worth), asked + more)


def _groups(cells: Cells, least: Ints, most: Ints) -> list[Group]:
    """Each item's facilities by the limits they stand under; those that can take nothing more are
    left out."""
    signature = np.zeros(len(cells.item), np.int64)
    for number, (_capacity, load) in enumerate(cells.loads, start=1):
        signature = 2 * signature + (load > 0)
        if number % 40 == 0:
            # Short numbers again, before the bits run out.
            signature = np.unique(signature, return_inverse=True)[1]
    made = []
    for number, item in enumerate(cells.items):
        mine = cells.of_item(number)
        scale = max(int(cells.need[mine].sum()), 1) * PRIORITY_SCALE
        for kind in np.unique(signature[mine]):
            at = np.flatnonzero((signature[mine] == kind) & (most[mine] > least[mine]))
            at = at + mine.start
            if not len(at):
                continue
            question = Round(
                item.pack, 0, cells.base[at], least[at], most[at],
                cells.need[at], cells.priority[at], cells.need[at],
            )  # fmt: skip
            low, high = int(least[at].sum()), int(most[at].sum())
            made.append(Group(at, question, UnmetShare(question), 1 / scale, low, high))
    return made


class _Question:
    """Groups under constraints: ``costs[row, group]`` of a pack, and the ``rooms`` of the rows
    beyond what every group has at its lowest count."""

    def __init__(self, groups: list[Group], cells: Cells, least: Ints) -> None:
        self.groups = groups
        self.lowest = np.array([group.lowest for group in groups])
        self.highest = np.array([group.highest for group in groups])
        rows = cells.rows(least)
        first = np.array([group.cells[0] for group in groups])
        self.costs = np.zeros((len(rows), len(groups)), np.int64)
        for number, row in enumerate(rows):
            of_cell = np.zeros(len(least), np.int64)
            of_cell[row.cells] = row.costs
            self.costs[number] = of_cell[first]
        self.rooms = np.array([row.left for row in rows], np.int64)
        self.base = self.worth(self.lowest)
        self.scale = max(self.worth(self.highest) - self.base, 1e-300)

    def worth(self, counts: Ints) -> float:
        """What these counts gain."""
        return sum(
            group.worth(count) for group, count in zip(self.groups, counts.tolist(), strict=True)
        )

    def smooth(self, until: float) -> tuple[Floats, Floats, float, int]:
        """The optimum without whole packs: counts, the rows' prices, a bound, and questions."""
        market = self._market()
        best_prices = market.prices()
        charges = best_prices @ self.costs
        counts = market.by_group(market.taken(charges))
        answers = self._answers(charges)
        bound = self._bound(best_prices, answers)
        if len(self.groups) > MOST_GROUPS:
            return counts, best_prices, bound, 0
        corners = [
            {low, high, answer, *(min(max(int(count) + by, low), high) for by in (-1, 0, 1, 2))}
            for low, high, answer, count in zip(
                self.lowest.tolist(), self.highest.tolist(), answers.tolist(), counts, strict=True
            )
        ]
        asked = 0
        while asked < MOST_ROUNDS:
            asked += 1
            blocks = [self._chords(number, sorted(at)) for number, at in enumerate(corners)]
            solved = maximise(blocks, self.costs, self.rooms)
            counts, prices = self.lowest + solved.counts, np.maximum(solved.prices, 0.0)
            answers = self._answers(prices @ self.costs)
            above = self._bound(prices, answers)
            if above < bound:
                bound, best_prices = above, prices
            close = bound - self.base - solved.worth <= CLOSE * self.scale
            if close or time.monotonic() > until:
                break
            for at, answer, count in zip(corners, answers.tolist(), counts, strict=True):
                at |= {answer, int(np.floor(count + 1e-9)), int(np.ceil(count - 1e-9))}
        return counts, best_prices, bound, asked

    def _market(self) -> Market:
        """The cells of all groups, as if packs could be divided."""
        sizes = [len(group.cells) for group in self.groups]
        parts = [
            (
                2 * group.weight * q.pack * q.priority * np.maximum(q.need - q.base, 0) / need,
                group.weight * q.pack * q.priority * q.pack / need,
                q.least.astype(float),
                q.most.astype(float),
            )
            for group in self.groups
            for q, need in [(group.question, np.maximum(group.question.need, 1))]
        ]
        first, slope, least, most = (np.concatenate(column) for column in zip(*parts, strict=True))
        costs = self.costs.astype(float)
        rooms = self.rooms + costs @ self.lowest
        bend = np.divide(0.5, slope, out=np.zeros(len(slope)), where=slope > 0)
        which = np.repeat(np.arange(len(sizes)), sizes)
        return Market(which, first, slope, bend, least, most, costs, rooms)

    def _answers(self, charges: Floats) -> Ints:
        """How many packs of each group gain more than a pack of it costs."""
        return np.array(
            [
                group.answer(charge)
                for group, charge in zip(self.groups, charges.tolist(), strict=True)
            ],
            np.int64,
        )

    def _chords(self, number: int, corners: list[int]) -> Block:
        worths = np.array([self.groups[number].worth(at) for at in corners])
        lengths = np.diff(corners)
        return Block(number, np.diff(worths) / lengths, lengths.astype(float))

    def _bound(self, prices: Floats, answers: Ints) -> float:
        """No plan gains more: the best answers to these prices, and what the room costs."""
        spent = prices @ (self.costs @ (answers - self.lowest)).astype(float)
        return self.worth(answers) - float(spent) + float(prices @ self.rooms)

    def filled_up(self, counts: Ints, prices: Floats) -> Ints:
        """Add whole packs that still fit, the one that gains most beside its price first."""
        counts = np.clip(counts, self.lowest, self.highest)
        rooms = self.rooms - self.costs @ (counts - self.lowest)
        charges = prices @ self.costs
        gains = np.array(
            [
                group.gains(count, count + 1)[0] if count < group.highest else 0.0
                for group, count in zip(self.groups, counts.tolist(), strict=True)
            ]
        )
        while True:
            fits = (
                (counts < self.highest) & (gains > 0) & (self.costs <= rooms[:, None]).all(axis=0)
            )
            if not fits.any():
                return counts
            at = int(np.argmax(np.where(fits, gains - charges, -np.inf)))
            rooms = rooms - self.costs[:, at]
            counts[at] += 1
            group, count = self.groups[at], int(counts[at])
            gains[at] = group.gains(count, count + 1)[0] if count < group.highest else 0.0

    def whole(
        self, start: Ints, prices: Floats, bound: float, until: float
    ) -> tuple[Ints, float, int]:
        """The optimum in whole packs, a bound of it, and questions."""
        worth = self.worth(start)
        spare = bound - worth
        if spare <= 0:
            return start, worth, 0
        if len(self.groups) > MOST_GROUPS or time.monotonic() > until:
            return start, bound, 0
        windows = [
            self._window(number, charge, spare)
            for number, charge in enumerate((prices @ self.costs).tolist())
        ]
        low = np.minimum([window[0] for window in windows], start)
        high = np.maximum([window[1] for window in windows], start)
        concave = [
            np.concatenate([[0.0], np.cumsum(group.gains(a, b))])
            for group, a, b in zip(self.groups, low.tolist(), high.tolist(), strict=True)
        ]
        rooms = self.rooms - self.costs @ (low - self.lowest)
        solved = maximise_whole(concave, self.costs, rooms, start=start - low, until=until)
        counts = low + solved.counts
        if (self.costs @ (counts - self.lowest) > self.rooms).any() or self.worth(counts) < worth:
            counts = start
        worth = self.worth(counts)
        # The windows leave out only what cannot be better than the plan that they began with.
        bound = min(bound, max(solved.bound + self.worth(low), worth))
        return counts, bound, solved.asked

    def _window(self, number: int, charge: float, spare: float) -> tuple[int, int]:
        """The counts of a group that lose no more than ``spare`` against the prices."""
        group = self.groups[number]
        middle = group.answer(charge)
        top = group.worth(middle) - charge * middle

        def loses_too_much(count: int) -> bool:
            return top - (group.worth(count) - charge * count) > spare

        ends = []
        for end in (group.lowest, group.highest):
            inside, outside = middle, end
            if not loses_too_much(end):
                ends.append(end)
                continue
            while abs(outside - inside) > 1:
                half = (inside + outside) // 2
                inside, outside = (inside, half) if loses_too_much(half) else (half, outside)
            ends.append(inside)
        return ends[0], ends[1]
