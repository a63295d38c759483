"""Plans for several items whose transport is shared.

Each arrival is planned in its turn, with what was given before as a lower bound. What was fixed by
hand comes first, then floors, then the method:

- ``maxmin``: all facilities and items rise together in their fill rate (see ``levels``). The sorted
  fill rates are as high as they can be, first the lowest, then the next.
- ``proportional`` and ``population``: everybody has a share by the method as if there were no
  limits; all rise together, in the same way, in the part of that share which they get. What a limit
  cuts from a share is not handed to others.
- ``utility``: the least sum, over all items, of priority * need * (share of the need left open)^2,
  each item divided by its whole need, so that gloves do not outweigh ventilators (see ``worth``).

If no limit is reached, all of them give plans as good as those of ``planning.allocate``.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

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
    question,
)
from medixchange.relief.allocation.problem import NOT_GIVEN, Ints, Item, Refused

#: A gap below this is what is left of floating-point numbers, and counts as none.
ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Together:
    """Plans of all items, and how good they are known to be, after each arrival given the ones
    before."""

    method: str
    plans: tuple[Plan, ...]
    #: ``utility``: the largest gap of an arrival, (bound - gained) / gained; 0 is a proven optimum.
    gap: float
    #: The other methods: up to here no other plan could do better, as a fill rate or, by
    #: shares, as a part of a share; None: anywhere.
    proved_below: Fraction | None
    #: How often HiGHS was asked.
    asked: int
    seconds: float

    @property
    def optimal(self) -> bool:
        """Whether it is proved that no plan is better."""
        return self.gap == 0 and self.proved_below is None


@dataclass(frozen=True, eq=False)
class _Turn:
    """What one arrival came to: packs of each cell and the most that each could take."""

    packs: Ints
    most: Ints
    gap: float
    proved_below: Fraction | None
    asked: int


def allocate_together(
    items: Sequence[Item], method: str, limits: Sequence[Limit], *, seconds: float = 30.0
) -> Together:
    """Share several items out under limits that they share.

    Args:
        items: Items with names of their own.
        method: ``proportional``, ``maxmin``, ``population`` or ``utility``.
        limits: What they share.
        seconds: How long HiGHS may look, at all arrivals together. What it has by then is the
            plan, and ``gap`` or ``proved_below`` says what is known of it.

    Raises:
        Refused: a limit or an item cannot be meant, or what was fixed by hand does not fit.
    """
    began = time.monotonic()
    _check(items, limits, method)
    days = sorted({one.available_on or date.min for item in items for one in item.arrivals})
    routes = covered(items, limits)
    alone = [allocate(item, method) for item in items]
    have = [item.demand.shipped.copy() for item in items]
    stages: list[list[Stage]] = [[] for _item in items]
    turns: list[_Turn] = []
    stopped: list[dict[str, str]] = [{} for _item in items]
    for number, day in enumerate(days, start=1):
        cells = cells_of(items, day, have, limits, routes)
        turn = _one(cells, method, alone, day, began + seconds * number / len(days))
        turns.append(turn)
        for at, item in enumerate(items):
            have[at] = have[at] + (cells.pack * turn.packs)[cells.of_item(at)]
            _reach(stages[at], item, day, have[at])
        if number == len(days):
            stopped = _stopped(cells, turn, [one for one in limits if one.on in (None, day)])
    _check_fixed(items, have)
    plans = tuple(
        Plan(
            item,
            method,
            units,
            tuple(reached) or (Stage(None, 0, units),),
            left_over(item, units, by_population=method == "population", by_transport=True),
            _floors_met(item, units),
            names,
        )
        for item, units, reached, names in zip(items, have, stages, stopped, strict=True)
    )
    gap = max((turn.gap for turn in turns), default=0.0)
    proved = [turn.proved_below for turn in turns if turn.proved_below is not None]
    return Together(
        method,
        plans,
        gap if gap > ROUNDING else 0.0,
        min(proved, default=None),
        sum(turn.asked for turn in turns),
        time.monotonic() - began,
    )


def _check(items: Sequence[Item], limits: Sequence[Limit], method: str) -> None:
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


def _one(cells: Cells, method: str, alone: Sequence[Plan], day: date, until: float) -> _Turn:
    """One arrival: what was fixed, then floors, then the method."""
    nothing = np.zeros(len(cells.item), np.int64)
    wanted = cells.base + cells.pack * cells.fixed
    rises = [_rise(cells, nothing, cells.fixed, wanted, until)]
    fixed = rises[-1].packs
    rises.append(_rise(cells, fixed, fixed + cells.least, cells.floor, until))
    # Floors that cannot all be met have an order of their own, before any other.
    before = Fraction(0) if any(one.proved_below is not None for one in rises) else None
    least = rises[-1].packs
    most = np.maximum(fixed + cells.most, least)
    asked = sum(one.asked for one in rises)
    if method == "utility":
        found = best(cells, least, most, seconds=until - time.monotonic())
        return _Turn(found.packs, most, found.gap, before, asked + found.asked)
    measure = cells.need
    if method in ("proportional", "population"):
        measure = np.concatenate([nothing[:0], *(_standing(plan, day) for plan in alone)])
        shares = np.maximum(measure - cells.base, 0) // cells.pack
        most = np.maximum(np.minimum(fixed + cells.most, shares), least)
    last = _rise(cells, least, most, measure, until)
    proved = before if before is not None else last.proved_below
    return _Turn(last.packs, most, 0.0, proved, asked + last.asked)


def _rise(cells: Cells, now: Ints, most: Ints, measure: Ints, until: float) -> _Turn:
    """Let all cells rise together."""
    if not (most > now).any():
        return _Turn(now, most, 0.0, None, 0)
    rows = cells.rows(now)
    levels = Levels(
        cells.base, cells.pack, measure, most, cells.priority, rows, now.copy(), until=until
    )
    return _Turn(levels.run(), most, 0.0, levels.proved_below, levels.solved)


def _reach(stages: list[Stage], item: Item, day: date, units: Ints) -> None:
    """Note how an item stands after a day; a day without an arrival of it belongs to its last."""
    there = [one for one in item.arrivals if (one.available_on or date.min) <= day]
    if there and (there[-1].available_on or date.min) == day:
        stages.append(Stage(there[-1].available_on, sum(one.quantity for one in there), units))
    elif stages:
        stages[-1] = Stage(stages[-1].available_on, stages[-1].supplied, units)


def _standing(plan: Plan, day: date) -> Ints:
    """What each has by the plan of the item alone on this day."""
    units = plan.item.demand.shipped
    for stage in plan.stages:
        if (stage.available_on or date.min) <= day:
            units = stage.allocated
    return units


def _stopped(cells: Cells, turn: _Turn, limits: Sequence[Limit]) -> list[dict[str, str]]:
    """For each item the facilities that could take another pack, and the first limit that has no
    room for it."""
    found: list[dict[str, str]] = [{} for _item in cells.items]
    rows = cells.rows(turn.packs)[len(cells.items) :]
    for limit, row in zip(limits, rows, strict=True):
        full = row.cells[(row.costs > row.left) & (turn.packs < turn.most)[row.cells]]
        for cell in full.tolist():
            number = int(cells.item[cell])
            facility = cells.items[number].demand.facilities[cell - cells.starts[number]]
            found[number].setdefault(facility, limit.name)
    return found


def _floors_met(item: Item, units: Ints) -> bool:
    """Whether everybody that is not fixed by hand has what its floor takes in whole packs."""
    left = question(item.shipping(units), len(item.arrivals) - 1).least
    return not left.any()


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
