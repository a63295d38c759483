"""HiGHS, asked for an exact integer optimum: no gap is allowed, and what it leaves is told.

J. A. J. Hall and others, https://highs.dev; one thread, a fixed seed: the same question has the
same answer.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np

from medixchange.relief.allocation.problem import Floats, Ints

#: How HiGHS says that it has a solution.
FEASIBLE = 2


class Unsolved(RuntimeError):
    """HiGHS found no plan at all."""


class Quiet(highspy.Highs):
    """HiGHS that says nothing from the very start: standard output belongs to the plan.

    Enabling callbacks is the first thing its own start does, and what prints its banner.
    """

    def enableCallbacks(self) -> Any:
        """Be silent, then go on."""
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()  # type: ignore[no-untyped-call]


def new_solver() -> Any:
    """A quiet solver that goes on until the gap is zero."""
    solver: Any = Quiet()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.0),
        ("mip_feasibility_tolerance", 1e-9),
    ):
        solver.setOptionValue(option, value)
    return solver


@dataclass(frozen=True, eq=False)
class Block:
    """The steps of one count: what a unit of each is worth, never rising, and how long it is."""

    number: int
    gains: Floats
    lengths: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """What HiGHS found: a count for each block, its worth, a bound, the prices of the rows."""

    counts: Floats
    worth: float
    bound: float
    prices: Floats
    #: Whether the bound is reached.
    proven: bool


def maximise(
    blocks: Sequence[Block],
    costs: Ints,
    rooms: Ints,
    *,
    whole: bool = False,
) -> Solved:
    """The counts of the greatest worth that fit.

    Args:
        blocks: The steps of each count, one block for each column of ``costs``.
        costs: What one of each count (column) takes of each constraint (row).
        rooms: What each constraint has.
        whole: Whether counts are whole.

    Raises:
        Unsolved: nothing was found.
    """
    sizes = [len(block.gains) for block in blocks]
    which = np.repeat([block.number for block in blocks], sizes)
    gains = np.concatenate([block.gains for block in blocks])
    # Numbers near one: the solver's tolerances are absolute.
    scale = float(gains.max(initial=0.0)) or 1.0
    lengths = np.concatenate([block.lengths for block in blocks])
    steps = [np.flatnonzero(costs[:, block.number]) for block in blocks]
    widths = np.array([len(step) for step in steps], np.int64)[which]
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(which), len(rooms)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = gains / scale
    lp.col_lower_, lp.col_upper_ = np.zeros(len(which)), lengths
    lp.row_lower_ = np.full(len(rooms), -highspy.kHighsInf)
    lp.row_upper_ = rooms.astype(float)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(widths)]).astype(np.int32)
    index = [np.tile(step, size) for step, size in zip(steps, sizes, strict=True)]
    lp.a_matrix_.index_ = np.concatenate(index).astype(np.int32)
    value = [
        np.tile(costs[step, block.number], size)
        for step, block, size in zip(steps, blocks, sizes, strict=True)
    ]
    lp.a_matrix_.value_ = np.concatenate(value).astype(float)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(which)
    solver = new_solver()
    solver.passModel(lp)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    proven = status == highspy.HighsModelStatus.kOptimal
    if not proven and info.primal_solution_status != FEASIBLE:
        raise Unsolved(solver.modelStatusToString(status))
    solution = solver.getSolution()
    counts: Floats = np.zeros(costs.shape[1])
    np.add.at(counts, which, np.array(solution.col_value))
    worth = float(info.objective_function_value) * scale
    return Solved(
        counts,
        worth,
        float(info.mip_dual_bound) * scale if whole else worth,
        np.zeros(0) if whole else np.array(solution.row_dual) * scale,
        proven,
    )


@dataclass(frozen=True, eq=False)
class Whole:
    """Whole counts, and what no others can be worth more than."""

    counts: Ints
    bound: float
    asked: int


def maximise_whole(
    concave: Sequence[Floats], costs: Ints, rooms: Ints, *, start: Ints, until: float
) -> Whole:
    """The whole counts of the greatest worth that fit.

    HiGHS has a worth for each count, held below straight lines that touch its function from above.
    Where its answer lies above a function, the line that touches there is added and it is asked
    again (J. E. Kelley: *The cutting-plane method for solving convex programs*, 1960).

    Args:
        concave: What each count is worth, from 0 up to its highest; concave.
        costs: What one of each count (column) takes of each constraint (row).
        rooms: What each constraint has.
        start: Counts that fit, to begin with.
        until: When to stop, on the monotonic clock. At least one second is taken.
    """
    size = len(concave)
    solver = new_solver()
    # Numbers near one: the solver's tolerances are absolute.
    scale = max(float(np.diff(worth).max(initial=0.0)) for worth in concave) or 1.0
    shown = [worth / scale for worth in concave]
    for worth in shown:
        solver.addVar(0.0, float(len(worth) - 1))
    for worth in shown:
        solver.addVar(0.0, float(worth[-1]))
    places = np.arange(size, dtype=np.int32)
    solver.changeColsCost(size, places + size, np.ones(size))
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    solver.changeColsIntegrality(size, places, np.ones(size, np.uint8))
    for cost, room in zip(costs, rooms.tolist(), strict=True):
        used = np.flatnonzero(cost).astype(np.int32)
        solver.addRow(-highspy.kHighsInf, float(room), len(used), used, cost[used].astype(float))

    def touch(number: int, count: int) -> None:
        worth = shown[number]
        if count >= len(worth) - 1:
            return
        slope = worth[count + 1] - worth[count]
        pair = np.array([number, number + size], np.int32)
        line = np.array([-slope, 1.0])
        solver.addRow(-highspy.kHighsInf, float(worth[count] - slope * count), 2, pair, line)

    touched = [
        {min(max(at, 0), len(worth) - 1) for at in (0, first - 4, first - 1, first, first + 3)}
        for worth, first in zip(shown, start.tolist(), strict=True)
    ]
    for number, at in enumerate(touched):
        for count in at:
            touch(number, count)
    best, best_worth, bound, asked = start, _worth(shown, start), float("inf"), 0
    while True:
        begin = highspy.HighsSolution()
        worths = [worth[at] for worth, at in zip(shown, best.tolist(), strict=True)]
        begin.col_value = [*best.astype(float).tolist(), *worths]
        solver.setSolution(begin)
        solver.setOptionValue(
            "time_limit", solver.getRunTime() + max(until - time.monotonic(), 1.0)
        )
        solver.run()
        asked += 1
        info = solver.getInfo()
        proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        bound = min(bound, float(info.mip_dual_bound))
        if not proven and info.primal_solution_status != FEASIBLE:
            break
        answer = np.array(solver.getSolution().col_value)
        counts = np.rint(answer[:size]).astype(np.int64)
        fits = bool((costs @ counts <= rooms).all())
        if fits and (value := _worth(shown, counts)) > best_worth:
            best, best_worth = counts, value
        above = [
            (number, count)
            for number, count in enumerate(counts.tolist())
            if answer[size + number] > shown[number][count] + 1e-9
        ]
        new = [
            (number, at)
            for number, count in above
            for at in (count - 1, count)
            if at >= 0 and at not in touched[number]
        ]
        if not new or bound <= best_worth or time.monotonic() > until:
            # Every function is met where the answer stands: its own worth is the optimum.
            if proven and not above and fits:
                bound = best_worth
            break
        for number, at in new:
            touched[number].add(at)
            touch(number, at)
    return Whole(best, bound * scale, asked)


def _worth(concave: Sequence[Floats], counts: Ints) -> float:
    return float(sum(worth[at] for worth, at in zip(concave, counts.tolist(), strict=True)))


def most_packs(costs: Ints, counts: Ints, rooms: list[int]) -> Ints:
    """How many of each kind to give, so that they are as many as possible.

    Args:
        costs: What one of each kind (column) takes of each constraint (row).
        counts: How many there are of each kind.
        rooms: What each constraint has left.
    """
    blocks = [
        Block(number, np.ones(1), np.array([float(count)]))
        for number, count in enumerate(counts.tolist())
    ]
    solved = maximise(blocks, costs, np.array(rooms, np.int64), whole=True)
    if not solved.proven:
        raise Unsolved("no proof")
    taken: Ints = np.rint(solved.counts).astype(np.int64)
    return taken
