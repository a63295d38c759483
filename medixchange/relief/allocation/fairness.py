"""How even a plan is, and who gains and who loses from one plan to another.

Fill rate: what a facility gets by what it needs. Gini coefficient of the fill rates: half their
mean absolute difference by their mean (C. Gini, Variabilità e mutabilità, 1912), 0 where all are
alike; every facility counts once. Facilities that need nothing count in neither.
"""

from dataclasses import dataclass

import numpy as np

from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import Floats, Ints


@dataclass(frozen=True, slots=True)
class Fairness:
    """``minimum_fill`` and ``gini`` are None where nobody needs anything; the rest is in units."""

    minimum_fill: float | None
    gini: float | None
    shortfall: int


def fairness(plan: Plan) -> Fairness:
    """The figures of a plan in the end, with what was shipped."""
    return fairness_of(plan.item.demand.need, plan.allocated)


def fairness_of(need: Ints, given: Ints) -> Fairness:
    """The same of any quantities, a row for each facility."""
    rates = fill_rates(need, given)
    rates = rates[need > 0]
    short = int(np.maximum(need - given, 0).sum())
    if not len(rates):
        return Fairness(None, None, short)
    return Fairness(float(rates.min()), gini(rates), short)


def fill_rates(need: Ints, given: Ints) -> Floats:
    """What each gets by what it needs; not a number where it needs nothing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rates: Floats = np.where(need > 0, given / need, np.nan)
    return rates


def gini(values: Floats) -> float:
    """The Gini coefficient of values that are not negative; 0 where all are 0."""
    ordered, count = np.sort(values), len(values)
    total = float(ordered.sum())
    if not total:
        return 0.0
    weights = 2 * np.arange(1, count + 1) - count - 1
    return max(float((weights * ordered).sum()) / (count * total), 0.0)


@dataclass(frozen=True, slots=True)
class Moved:
    """How much more (or, below zero, less) a facility gets in another plan; in units."""

    facility: str
    quantity: int


def compared(before: Plan, after: Plan) -> list[Moved]:
    """Who gains and who loses from one plan of an item to another: the greatest loss first."""
    difference = after.allocated - before.allocated
    rows = [
        Moved(before.item.demand.facilities[at], int(difference[at]))
        for at in np.flatnonzero(difference)
    ]
    return sorted(rows, key=lambda row: (row.quantity, row.facility))
