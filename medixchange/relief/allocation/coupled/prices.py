"""Prices of shared constraints when packs may be divided: the start for the search in whole packs.

At given prices every cell takes packs up to where the next gains no more than it costs, which for
squares is one formula for all cells at once. The right prices are where what is taken and what is
there agree: found row by row first, then for all together by Newton's method on the dual function,
prices held at zero or above (D. P. Bertsekas: *Projected Newton methods for optimization problems
with simple constraints*, 1982).
"""

from dataclasses import dataclass

import numpy as np

from medixchange.relief.allocation.problem import Floats, Ints

SWEEPS, HALVINGS, STEPS = 2, 20, 200
#: Newton's method stops when a step betters the dual function by less, as a share of it.
ENOUGH = 1e-14


@dataclass(frozen=True, eq=False)
class Market:
    """Cells that take packs; those of one group pay the same.

    A pack of a cell gains ``first - 2 * slope * packs before`` and a little less within the pack.
    """

    group: Ints
    first: Floats
    slope: Floats
    #: 1 / (2 * slope), 0 where no pack gains anything.
    bend: Floats
    least: Floats
    most: Floats
    #: What a pack of each group (column) takes of each constraint (row).
    costs: Floats
    #: What each constraint has for all packs, with those of ``least``.
    rooms: Floats

    def taken(self, charges: Floats) -> Floats:
        """Packs of each cell when a pack of each group costs so much."""
        packs = (self.first - charges[self.group]) * self.bend
        taken: Floats = np.minimum(np.maximum(packs, self.least), self.most)
        return taken

    def by_group(self, values: Floats) -> Floats:
        """The sums of a value over the cells of each group."""
        sums: Floats = np.bincount(self.group, values, self.costs.shape[1]).astype(float)
        return sums

    def only(self, groups: Ints, row: int) -> "Market":
        """Only these groups and this constraint."""
        place = np.full(self.costs.shape[1], -1)
        place[groups] = np.arange(len(groups))
        mine = place[self.group] >= 0
        return Market(
            place[self.group[mine]], self.first[mine], self.slope[mine], self.bend[mine],
            self.least[mine], self.most[mine], self.costs[[row]][:, groups], self.rooms[[row]],
        )  # fmt: skip

    def prices(self) -> Floats:
        """Prices at which no constraint is passed, nearly, and none with room left has a price."""
        prices = np.zeros(len(self.rooms))
        parts = []
        for row in range(len(self.rooms)):
            groups = np.flatnonzero(self.costs[row])
            parts.append((groups, self.only(groups, row)))
        for _sweep in range(SWEEPS):
            for row, (groups, part) in enumerate(parts):
                if len(groups):
                    others = prices @ self.costs[:, groups] - prices[row] * self.costs[row, groups]
                    prices[row] = part.price(others)
        return self._newton(prices)

    def price(self, others: Floats) -> float:
        """The price of the only constraint, when the others cost so much."""
        cost, room = self.costs[0], float(self.rooms[0])

        def fits(price: float) -> bool:
            return float(self.by_group(self.taken(others + price * cost)) @ cost) <= room

        if fits(0.0):
            return 0.0
        low, high = 0.0, float((self.first / cost[self.group]).max(initial=0.0)) + 1e-300
        for _halving in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if fits(middle) else (middle, high)
        return high

    def _newton(self, prices: Floats) -> Floats:
        value, packs = self._dual(prices)
        damping = 1e-6
        for _step in range(STEPS):
            slack = self.rooms - self.costs @ self.by_group(packs)
            free = (prices > 0) | (slack < 0)
            if not free.any() or damping > 1e12:
                break
            inside = (packs > self.least) & (packs < self.most)
            bends = self.by_group(np.where(inside, self.bend, 0.0))
            rows = self.costs[free]
            curve = (rows * bends) @ rows.T
            heavy = np.diag(curve) + (rows * rows).sum(axis=1) * 1e-9 * bends.max(initial=0.0)
            if not heavy.all():
                break
            step = np.zeros(len(prices))
            step[free] = -np.linalg.solve(curve + np.diag(damping * heavy), slack[free])
            there = np.maximum(prices + step, 0.0)
            worth, taken = self._dual(there)
            if worth < value:
                gained = value - worth
                prices, value, packs = there, worth, taken
                damping = max(damping / 10, 1e-12)
                if gained <= ENOUGH * abs(value):
                    break
            else:
                damping *= 10
        return prices

    def _dual(self, prices: Floats) -> tuple[float, Floats]:
        charges = prices @ self.costs
        packs = self.taken(charges)
        gained = packs * (self.first - self.slope * packs - charges[self.group])
        return float(gained.sum() + prices @ self.rooms), packs
