"""Allocation: seconds of each method, beside HiGHS, and exact or not.

All demand is made up from a seed: needs as hospitals' needs are, a few large and many small.
"""

import itertools
import json
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import numpy as np

from medixchange.relief.allocation import planning
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.problem import Arrival, Demand, Item

STAGES, PATIENCE = 4, 60.0
FIRST = date(2026, 1, 5)


def made_up(
    facilities: int,
    items: int,
    *,
    capped: bool = True,
    floors: bool = True,
    stages: int = STAGES,
) -> list[Item]:
    """Items of which 60 % of the need arrives, in equal stages a week apart."""
    chance = np.random.default_rng(facilities * 1000 + items)
    names = [f"F{n:06}" for n in range(facilities)]
    population = chance.integers(500, 500_000, facilities)
    priority = chance.integers(1, 5, facilities)
    out = []
    for number in range(items):
        need = np.maximum(1, chance.lognormal(6.5, 1.2, facilities).astype(np.int64))
        cap = np.where(chance.random(facilities) < 0.2, need * 7 // 10 + 1, -1) if capped else None
        demand = Demand.of(
            names, need, floor=need // 10 if floors else None, cap=cap, priority=priority,
            population=population,
        )  # fmt: skip
        each = int(need.sum()) * 6 // 10 // stages
        arrivals = [Arrival(each, FIRST + timedelta(weeks=n)) for n in range(stages)]
        out.append(Item.of(f"I{number:03}", demand, arrivals, pack=1))
    return out


def methods(*, facilities: int, items: int, runs: int) -> list[dict[str, Any]]:
    """Seconds of each method for all items."""
    asked = made_up(facilities, items)
    rows = []
    for method in METHODS:
        took = []
        for _ in range(runs):
            start = time.perf_counter()
            for item in asked:
                planning.allocate(item, method)
            took.append(time.perf_counter() - start)
        rows.append(
            {
                "what": method,
                "size": f"{facilities} x {items} x {STAGES}",
                "seconds": round(statistics.median(took), 3),
            }
        )
    return rows


def beside_highs(sizes: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """Ours and HiGHS on the same items, larger and larger while HiGHS ends in time."""
    try:
        from _relief_highs import solve
    except ImportError:
        return [{"what": "maxmin beside HiGHS (LP)", "not measured": "highspy is not installed"}]
    rows = []
    for facilities, items in sizes:
        asked = made_up(facilities, items, capped=False)
        start = time.perf_counter()
        plans = [planning.allocate(item, "maxmin") for item in asked]
        ours = time.perf_counter() - start
        seconds, best = solve(asked, seconds=PATIENCE)
        theirs = min(seconds.values(), default=None)
        row: dict[str, Any] = {
            "what": "maxmin beside HiGHS (LP)",
            "size": f"{facilities} x {items} x {STAGES}",
            "seconds": round(ours, 3),
            "highs_seconds": {
                how: round(seconds[how], 2) if how in seconds else f"not in {PATIENCE:.0f}"
                for how in ("simplex", "ipm")
            },
        }
        if theirs is not None and best is not None:
            row["ratio"] = round(theirs / ours, 1)
            lowest = [float((plan.allocated / plan.item.demand.need).min()) for plan in plans]
            # In whole units the lowest rate can only be lower, by less than one unit of a need.
            row["lowest_rate_below_lp"] = max(
                round(b - a, 6) for a, b in zip(lowest, best, strict=True)
            )
        rows.append(row)
        if theirs is None or theirs > PATIENCE / 3:
            break
    return rows


def shared(
    sizes: Sequence[tuple[int, int]], *, routes: int = 34, seconds: float = 30.0
) -> list[dict[str, Any]]:
    """Items that share transport on so many routes, beside HiGHS on the whole model."""
    try:
        from _relief_highs import solve_shared
    except ImportError:
        return [{"what": "shared transport", "not measured": "highspy is not installed"}]
    from medixchange.relief.allocation.coupled import Limit, allocate_together

    rows = []
    for facilities, items in sizes:
        asked = made_up(facilities, items, capped=False, floors=False)
        chance = np.random.default_rng(facilities + items)
        route = chance.integers(0, routes, facilities)
        loads = {item.name: int(load) for item, load in zip(
            asked, chance.integers(3, 400, items), strict=True)}  # fmt: skip
        limits = []
        for number in range(routes):
            mine = np.flatnonzero(route == number)
            whole = sum(int(item.demand.need[mine].sum()) * loads[item.name] for item in asked)
            # After each arrival a route carries 9 to 16 % of what its facilities need.
            room = int(whole * 0.15 * chance.uniform(0.6, 1.1))
            names = frozenset(asked[0].demand.facilities[at] for at in mine.tolist())
            limits.append(Limit(f"R{number}", room, loads, names))
        size = f"{facilities} x {items} x {STAGES}, {routes} routes"
        for method in METHODS:
            start, work = time.perf_counter(), time.process_time()
            found = allocate_together(asked, method, limits, seconds=seconds)
            row: dict[str, Any] = {
                "what": f"{method}, shared transport",
                "size": size,
                "seconds": round(time.perf_counter() - start, 2),
                "processor_seconds": round(time.process_time() - work, 2),
                "optimal": found.optimal,
            }
            if method == "utility":
                row["gap"] = found.gap
            elif found.proved_below is not None:
                row["proved_below"] = round(float(found.proved_below), 4)
            rows.append(row)
        rows.append({
            "what": "HiGHS, the lowest fill rate alone, packs divided",
            "size": size,
            "highs_seconds": {
                how: f"not in {PATIENCE:.0f}" if took is None else round(took, 2)
                for how, took in solve_shared(
                    asked, route, [limit.capacity for limit in limits],
                    list(loads.values()), seconds=PATIENCE,
                ).items()
            },
        })  # fmt: skip
    return rows


def exhaustive(item: Item) -> list[Fraction] | None:
    """The best sorted fill rates of all ways to share out; None where floors cannot be met."""
    demand, pack = item.demand, item.pack
    goal = [n if c < 0 else min(n, c) for n, c in zip(demand.need, demand.cap, strict=True)]
    most = [int(g) // pack for g in goal]
    least = [min(-(-int(f) // pack), m) for f, m in zip(demand.floor, most, strict=True)]
    packs = min(item.supplied // pack, sum(most))
    if sum(least) > packs:
        return None
    return max(
        rates(item, [pack * n for n in given])
        for given in itertools.product(*(range(a, b + 1) for a, b in zip(least, most, strict=True)))
        if sum(given) == packs
    )


def rates(item: Item, units: Sequence[int]) -> list[Fraction]:
    """Fill rates, lowest first."""
    return sorted(
        Fraction(int(given), int(need))
        for given, need in zip(units, item.demand.need, strict=True)
        if need
    )


def exactness(cases: int) -> list[dict[str, Any]]:
    """How many small cases of ``maxmin`` are the best of all ways to share out."""
    chance = np.random.default_rng(7)
    agreed = looked = 0
    while looked < cases:
        count = int(chance.integers(2, 6))
        need = chance.integers(0, 13, count)
        floor = np.minimum(chance.integers(0, 3, count), need)
        cap = np.where(chance.random(count) < 0.3, floor + chance.integers(0, 8, count), -1)
        demand = Demand.of([f"F{n}" for n in range(count)], need, floor=floor, cap=cap)
        arrival = Arrival(int(chance.integers(0, max(int(need.sum()), 1) + 1)))
        item = Item.of("I", demand, [arrival], pack=int(chance.integers(1, 4)))
        best = exhaustive(item)
        if best is None:
            continue
        looked += 1
        agreed += rates(item, planning.allocate(item, "maxmin").allocated.tolist()) == best
    return [{"what": "maxmin beside all ways to share out", "cases": looked, "same": agreed}]


def measure(*, quick: bool) -> list[dict[str, Any]]:
    """All of it; ``quick`` is small enough for a look at whether it runs."""
    if quick:
        return [
            *methods(facilities=500, items=5, runs=1),
            *beside_highs([(100, 2), (200, 2)]),
            *shared([(200, 3)], routes=4, seconds=2.0),
            *exactness(50),
        ]
    return [
        *methods(facilities=10_000, items=50, runs=3),
        *beside_highs(
            [(1_000, 5), (2_000, 5), (5_000, 5), (10_000, 5), (10_000, 10), (10_000, 50)]
        ),
        *shared([(100, 5), (1_000, 10), (10_000, 50)]),
        *exactness(500),
    ]


if __name__ == "__main__":
    print(json.dumps(measure(quick="--quick" in sys.argv)))
