"""Plans for several items whose transport is shared.

Each arrival is planned in its turn, with what was given before as a lower bound. What was fixed by
hand comes first, then floors, then the method:

- ``maxmin``: all facilities and items rise together in their fill rate (see ``levels``). The lowest
  fill rate is as high as it can be, and as few as possible stay there.
- ``proportional`` and ``population``: everybody has a share by the method as if there were no
  limits; all rise together in the part of that share which they get.
- ``utility``: the least sum, over all items, of priority * need * (share of the need left open)^2,
  each item divided by its whole need, so that gloves do not outweigh ventilators (see ``worth``).

If no limit is reached, all of them give the plans of ``planning.allocate``.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from medixchange.relief.allocation.coupled.levels import Levels
from medixchange.relief.allocation.coupled.limits import Cells, Limit, cells_of, covered
from medixchange.relief.allocation.coupled.worth import best
from medixchange.relief.allocation.planning import (
    Plan,
    Stage,
    allocate,
    left_over,
    method_of,
)
from medixchange.relief.allocation.problem import NOT_GIVEN, Ints, Item, Refused


@dataclass(frozen=True, eq=False)
class Together:
    """Plans of all items, and how good they are known to be."""

    plans: tuple[Plan, ...]
    #: Largest gap of an arrival, as a share of the utility gained: 0 is a proven optimum. Always 0
    #: for the methods that fill by levels.
    gap: float
    #: How often HiGHS was asked.
    asked: int
    seconds: float


def allocate_together(
    items: Sequence[Item], method: str, limits: Sequence[Limit], *, seconds: float = 60.0
) -> Together:
    """Share several items out under limits that they share.

    Args:
        items: Items with names of their own.
        method: ``proportional``, ``maxmin``, ``population`` or ``utility``.
        limits: What they share.
        seconds: For ``utility``: how long HiGHS may look at all arrivals together. What it has by
            then is the plan, and ``gap`` says how far from the optimum it may be.

    Raises:
        Refused: a limit or an item cannot be meant, or what was fixed by hand does not fit.
        Unsolved: HiGHS found nothing in that time.
    """
    began = time.monotonic()
    names = {item.name for item in items}
    for limit in limits:
        limit.check()
        if unknown := sorted(set(limit.loads) - names):
            raise Refused(
                _("%(limit)s: there is no item %(item)s.")
                % {"limit": limit.name, "item": unknown[0]}
            )
    if len(names) < len(items):
        raise Refused(_("Two items have the same name."))
    for item in items:
        method_of(method, item)
    days = sorted({one.available_on or date.min for item in items for one in item.arrivals})
    routes = covered(items, limits)
    alone = [allocate(item, method) for item in items]
    have = [item.demand.shipped.copy() for item in items]
    stages: list[list[Stage]] = [[] for _item in items]
    gap, asked, floors_met = 0.0, 0, True
    for turn, day in enumerate(days):
        cells = cells_of(items, day, have, limits, routes)
        share = seconds * (turn + 1) / len(days) - (time.monotonic() - began)
        packs, one_gap, questions, floors_met = _one(cells, method, alone, day, max(share, 0.1))
        gap, asked = max(gap, one_gap), asked + questions
        for number, item in enumerate(items):
            have[number] = have[number] + item.pack * packs[cells.of_item(number)]
            there = [one for one in item.arrivals if (one.available_on or date.min) <= day]
            if there and (there[-1].available_on or date.min) == day:
                supplied = sum(one.quantity for one in there)
                stages[number].append(Stage(there[-1].available_on, supplied, have[number]))
            elif stages[number]:
                last = stages[number][-1]
                stages[number][-1] = Stage(last.available_on, last.supplied, have[number])
    _check_fixed(items, have)
    plans = tuple(
        Plan(
            item,
            method,
            units,
            tuple(reached),
            left_over(item, units, by_population=method == "population", by_transport=True),
            floors_met,
        )
        for item, units, reached in zip(items, have, stages, strict=True)
    )
    return Together(plans, gap, asked, time.monotonic() - began)


def _one(
    cells: Cells, method: str, alone: Sequence[Plan], day: date, seconds: float
) -> tuple[Ints, float, int, bool]:
    """Packs of each cell at one arrival, the gap, the questions to HiGHS, and whether floors are
    met."""
    nothing = np.zeros(len(cells.item), np.int64)
    wanted = cells.base + cells.pack * cells.fixed
    fixed, asked = _rise(cells, nothing, cells.fixed, wanted)
    least, more = _rise(cells, fixed, fixed + cells.least, cells.floor)
    met = bool((least >= cells.least).all())
    asked += more
    most = fixed + cells.most
    if method == "utility":
        found = best(cells, least, np.maximum(most, least), seconds=seconds)
        return found.packs, found.gap, asked + found.asked, met
    measure = cells.need
    if method in ("proportional", "population"):
        measure = np.concatenate([_standing(plan, day) for plan in alone])
        most = np.minimum(most, np.maximum(measure - cells.base, 0) // cells.pack)
    packs, more = _rise(cells, least, np.maximum(most, least), measure)
    return packs, 0.0, asked + more, met


def _rise(cells: Cells, now: Ints, most: Ints, measure: Ints) -> tuple[Ints, int]:
    """Let all cells rise together, and how often HiGHS was asked."""
    if not (most > now).any():
        return now, 0
    levels = Levels(
        cells.base, cells.pack, measure, most, cells.priority, cells.rows(now), now.copy()
    )
    return levels.run(), levels.solved


def _standing(plan: Plan, day: date) -> Ints:
    """What each has by the plan of the item alone on this day."""
    units = plan.item.demand.shipped
    for stage in plan.stages:
        if (stage.available_on or date.min) <= day:
            units = stage.allocated
    return units


def _check_fixed(items: Sequence[Item], have: Sequence[Ints]) -> None:
    """What was fixed by hand must have found room."""
    for item, units in zip(items, have, strict=True):
        fixed = item.demand.fixed
        short = np.flatnonzero((fixed != NOT_GIVEN) & (units != fixed))
        if len(short):
            raise Refused(
                _(
                    "%(item)s for %(facility)s: %(fixed)s were fixed by hand, but supply and "
                    "transport allow only %(units)s. Fix less, or raise the limit."
                )
                % {
                    "item": item.name,
                    "facility": item.demand.facilities[short[0]],
                    "fixed": fixed[short[0]],
                    "units": units[short[0]],
                }
            )
