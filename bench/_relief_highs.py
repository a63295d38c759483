"""The lowest fill rate as a linear program for HiGHS, which ``relief.py`` is measured beside.

The site does not need highspy; without it this part of the bench is left out.
"""

import time
from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from medixchange.relief.allocation.problem import Item


class Quiet(highspy.Highs):  # type: ignore[misc, unused-ignore]
    """HiGHS without the banner it prints as it starts: standard output is for the result."""

    def enableCallbacks(self) -> Any:
        """Called first of all by its own start."""
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call, unused-ignore]


def program(items: Sequence[Item]) -> highspy.HighsLp:
    """The lowest fill rate of each item as high as it can be: one linear program.

    Variables: what each facility gets of each arrival, then the lowest fill rate of each item.
    Rows: each arrival's supply with what was left before it; then fill rate, floor and need of each
    facility. It says nothing about the second lowest rate and those after it.
    """
    inf = highspy.kHighsInf
    starts, index, values = [0], [], []
    cost: list[float] = []
    upper: list[float] = []
    row_lower: list[float] = []
    row_upper: list[float] = []
    rates = []
    for item in items:
        first, rows = len(row_lower), len(item.demand)
        there = np.cumsum([one.quantity - one.reserve for one in item.arrivals])
        row_lower += [-inf] * len(there) + [0.0] * rows + item.demand.floor.astype(float).tolist()
        row_upper += there.astype(float).tolist() + [inf] * rows
        row_upper += item.demand.need.astype(float).tolist()
        for facility in range(rows):
            for stage in range(len(there)):
                mine = first + len(there) + facility
                index += [*range(first + stage, first + len(there)), mine, mine + rows]
                values += [1.0] * (len(there) - stage + 2)
                starts.append(len(index))
                cost.append(0.0)
                upper.append(inf)
        rates.append((first + len(there), item.demand.need))
    for first, need in rates:
        index += range(first, first + len(need))
        values += (-need.astype(float)).tolist()
        starts.append(len(index))
        cost.append(1.0)
        upper.append(1.0)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(row_lower)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array(cost)
    lp.col_lower_, lp.col_upper_ = np.zeros(len(cost)), np.array(upper)
    lp.row_lower_, lp.row_upper_ = np.array(row_lower), np.array(row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array(starts, np.int32)
    lp.a_matrix_.index_ = np.array(index, np.int32)
    lp.a_matrix_.value_ = np.array(values)
    return lp


def solve(items: Sequence[Item], *, seconds: float) -> tuple[dict[str, float], list[float] | None]:
    """Seconds of the simplex method and of the interior point method, of those that ended in time,
    and the lowest fill rate of each item. One thread, as ours; the model is made before."""
    model, rates = program(items), None
    took: dict[str, float] = {}
    for how in ("simplex", "ipm"):
        solver = Quiet()  # type: ignore[no-untyped-call, unused-ignore]
        for option, value in (
            ("threads", 1),
            ("solver", how),
            ("run_crossover", "off"),
            ("time_limit", seconds),
        ):
            solver.setOptionValue(option, value)
        solver.passModel(model)
        start = time.perf_counter()
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            took[how] = time.perf_counter() - start
            rates = list(solver.getSolution().col_value[-len(items) :])
    return took, rates
