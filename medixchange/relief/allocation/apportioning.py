"""Largest remainders (Hamilton, Hare) between lower and upper bounds.

Everybody's quota is one factor times their weight, held between their bounds. Each gets the quota
rounded down to a whole pack, and the packs that remain go to the largest remainders. So nobody is
ever a whole pack away from the quota. No divisor method promises that (M. L. Balinski, H. P. Young:
*Fair Representation*, 1982); what this one gives up for it, that a larger total never takes from
anybody, is kept by planning the arrivals from the last one backwards (see ``planning``).

The factor is found by fixing whoever is pushed out of their bounds, the wrong side first
(G. R. Bitran, A. C. Hax: *Disaggregation and resource allocation using convex knapsack problems
with bounded variables*, Management Science 27, 1981), in whole numbers throughout.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medixchange.relief.allocation.exact import first_of
from medixchange.relief.allocation.problem import Floats, Ints, Round

Bools = NDArray[np.bool_]
SAFE = 2**62


@dataclass(frozen=True, eq=False)
class Quotas:
    """Exact quotas in units: ``top * weight / bottom`` where ``free``, elsewhere ``held``."""

    weight: Ints
    free: Ints
    held: Ints
    top: int
    bottom: int

    def units(self) -> Floats:
        """The quotas as numbers to show."""
        values = self.held.astype(float)
        values[self.free] = self.top * (self.weight[self.free] / max(self.bottom, 1))
        return values


def quotas(question: Round, weight: Ints) -> Quotas:
    """Everybody's quota, in proportion to ``weight`` between their bounds.

    Who has no weight is held at its lower bound. If not even the upper bounds use up all, all are
    held there.
    """
    lower = question.base + question.pack * question.least
    upper = np.where(weight > 0, question.base + question.pack * question.most, lower)
    total = int(question.base.sum()) + question.pack * question.packs
    if int(upper.sum()) <= total:
        return Quotas(weight, np.zeros(0, np.int64), upper, 0, 0)
    held = lower.copy()
    free = np.flatnonzero(lower < upper)
    top = total - int(lower.sum()) + int(lower[free].sum())
    bottom = int(weight[free].sum())
    while len(free):
        w, low, high = weight[free], lower[free], upper[free]
        widest = max(top * int(w.max()), bottom * int(high.max()))
        number = np.int64 if widest < SAFE else object
        share = w.astype(number) * top
        below = share <= low.astype(number) * bottom
        above = share >= high.astype(number) * bottom
        # By how much the bounds push the sum of all quotas up, and how much down.
        up = int(low[below].sum()) * bottom - top * int(w[below].sum())
        down = top * int(w[above].sum()) - int(high[above].sum()) * bottom
        out = np.zeros(len(free), bool)
        if up >= down:
            out |= below
        if down >= up:
            out |= above
        if not out.any():
            break
        bound = np.where(below, low, high)[out]
        held[free[out]] = bound
        top -= int(bound.sum())
        bottom -= int(w[out].sum())
        free = free[~out]
    return Quotas(weight, free, held, top, bottom)


def apportion(question: Round, weight: Ints) -> Ints:
    """Packs of each facility: its quota in proportion to ``weight``, by largest remainders.

    Who has no weight gets no more than its lower bound.
    """
    quota = quotas(question, weight)
    packs = (quota.held - question.base) // question.pack
    free, w, base = quota.free, weight[quota.free], question.base[quota.free]
    if not len(free):
        return packs
    whole = quota.bottom * question.pack
    widest = max(quota.top * int(w.max()), quota.bottom * int(base.max()), whole)
    number = np.int64 if widest < SAFE else object
    share = w.astype(number) * quota.top - base.astype(number) * quota.bottom
    down = share // whole
    packs[free] = down.astype(np.int64)
    missing = question.packs - int(packs.sum())
    remainder = share - down * whole
    packs[free[first_of(missing, [-remainder, -question.priority[free]])]] += 1
    return packs
