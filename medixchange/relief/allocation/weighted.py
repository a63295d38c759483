"""How even a plan is where a facility counts by its size, and not once as every other."""

from typing import Literal

import numpy as np

from medixchange.relief.allocation.fairness import fill_rates
from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import NOT_GIVEN, Floats, Ints

Basis = Literal["population", "need"]


def weighted_gini(plan: Plan) -> tuple[float | None, Basis]:
    """The Gini coefficient of the fill rates, each weighted by the people served, or by the need
    where the population of any facility with a need is not given; and which of the two it is.

    None where nobody needs anything, or those who do serve nobody.
    """
    demand = plan.item.demand
    needing = demand.need > 0
    known = bool((demand.population[needing] != NOT_GIVEN).all())
    basis: Basis = "population" if known else "need"
    weights = (demand.population if known else demand.need)[needing]
    if not weights.sum():
        return None, basis
    return gini_of(fill_rates(demand.need, plan.allocated)[needing], weights), basis


def gini_of(values: Floats, weights: Ints) -> float:
    """The Gini coefficient of weighted values that are not negative: half their mean absolute
    difference by their mean, both over pairs of all whom the weights count; 0 where all are 0.

    As by R. I. Lerman and S. Yitzhaki, Journal of Econometrics 42 (1989), 43-47.
    """
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    parts = share * values[order]
    mean = float(parts.sum())
    if not mean:
        return 0.0
    before = np.cumsum(share) - share
    return max(float((parts * (2 * before + share - 1)).sum()) / mean, 0.0)
