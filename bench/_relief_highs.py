"""The lowest fill rate as a linear program for HiGHS, which ``relief.py`` is measured beside."""

import time
from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np

from medixchange.relief.allocation.coupled.solver import Quiet
from medixchange.relief.allocation.problem import Ints, Item


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
        solver: Any = Quiet()  # type: ignore[no-untyped-call, unused-ignore]
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


def shared_program(
    items: Sequence[Item], route: Ints, rooms: Sequence[int], loads: Sequence[int]
) -> highspy.HighsLp:
    """One lowest fill rate for all items as high as it can be, with the room of each route after
    each arrival.

    Variables: what each facility gets of each item at each arrival, then the rate. Rows: supply of
    each item by each arrival; fill rate of each facility and item; its need; each route's room.
    """
    inf, many, facilities = highspy.kHighsInf, len(items), len(items[0].demand)
    stages, routes = len(items[0].arrivals), len(rooms)
    item, stage, facility = (
        axis.ravel()
        for axis in np.meshgrid(
            np.arange(many), np.arange(stages), np.arange(facilities), indexing="ij"
        )
    )
    column = np.arange(len(item))
    need = np.concatenate([one.demand.need for one in items]).astype(float)
    rate = many * stages
    whole = rate + len(need)
    road = whole + len(need)
    row, at, value = [], [], []
    for later in range(stages):
        mine = stage <= later
        row.append(item[mine] * stages + later)
        at.append(column[mine])
        value.append(np.ones(int(mine.sum())))
    pair = item * facilities + facility
    for first, one in (
        (rate + pair, np.ones(len(item))),
        (whole + pair, np.ones(len(item))),
        (road + route[facility] * stages + stage, np.asarray(loads, float)[item]),
    ):
        row.append(first)
        at.append(column)
        value.append(one)
    row.append(rate + np.arange(len(need)))
    at.append(np.full(len(need), len(item)))
    value.append(-need)
    rows, columns, values = np.concatenate(row), np.concatenate(at), np.concatenate(value)
    order = np.argsort(columns, kind="stable")
    there = np.concatenate(
        [np.cumsum([one.quantity - one.reserve for one in each.arrivals]) for each in items]
    )
    unbounded = np.full(len(there) + len(need) * 2 + routes * stages, -inf)
    unbounded[rate:whole] = 0.0
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(item) + 1, len(unbounded)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.append(np.zeros(len(item)), 1.0)
    lp.col_lower_ = np.zeros(len(item) + 1)
    lp.col_upper_ = np.append(np.full(len(item), inf), 1.0)
    lp.row_lower_ = unbounded
    lp.row_upper_ = np.concatenate(
        [there, np.full(len(need), inf), need, np.repeat(np.asarray(rooms, float), stages)]
    )
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    sizes = np.bincount(columns, minlength=len(item) + 1)
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    lp.a_matrix_.index_ = rows[order].astype(np.int32)
    lp.a_matrix_.value_ = values[order]
    return lp


def solve_shared(
    items: Sequence[Item],
    route: Ints,
    rooms: Sequence[int],
    loads: Sequence[int],
    *,
    seconds: float,
) -> dict[str, float | None]:
    """Seconds of the simplex and of the interior point method, None where not in time."""
    model = shared_program(items, route, rooms, loads)
    took: dict[str, float | None] = {}
    for how in ("simplex", "ipm"):
        solver: Any = Quiet()  # type: ignore[no-untyped-call, unused-ignore]
        for option, value in (
            ("threads", 1), ("solver", how), ("run_crossover", "off"), ("time_limit", seconds),
        ):  # fmt: skip
            solver.setOptionValue(option, value)
        solver.passModel(model)
        start = time.perf_counter()
        solver.run()
        ended = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        took[how] = time.perf_counter() - start if ended else None
    return took
