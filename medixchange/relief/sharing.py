"""What an allocation run computes, from the inputs and parameters it keeps: no database.

Inputs and parameters are JSON, as they stand in ``AllocationRun``, so that a run can be computed
again and checked for ever. All quantities are in base units.

``inputs``::

    {"on": "2026-11-24", "items": [{
        "item": code, "unit": unit, "pack": units of the smallest pack,
        "usable": in the store, neither expired nor recalled,
        "promised": of that on packing lists which have not left,
        "arrivals": [{"consignment": reference, "expected_on": day, "quantity": units}],
        "rows": [{"facility": code, "need": id, "asked": units, "came": …, "on_the_way": …,
                  "packed": …, "population": people or None, "by_when": day}]}]}
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from medixchange.relief.allocation.fairness import fairness_of as measured
from medixchange.relief.allocation.planning import Plan, allocate
from medixchange.relief.allocation.problem import NOT_GIVEN, Arrival, Demand, Ints, Item
from medixchange.relief.allocation.problem import Refused as Unsound
from medixchange.relief.refusals import Problem, Refused

#: Priorities that a form takes: from half to five times as urgent as usual.
LEAST_PRIORITY, MOST_PRIORITY = Decimal("0.1"), Decimal(100)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked beside needs and stock.

    Attributes:
        reserve_percent: of what is free in the store and of each arrival, kept back.
        floor_percent: of each need; everybody gets this before anybody gets more.
        cap_percent: of each need; nobody gets more.
        round_up: whether the last pack may go past a need.
        count_arrivals: whether goods on their way to the store are projected.
        priorities: by the code of a facility; 1 where nothing is said.
        packs: units of the pack handed out, by the code of an item; the smallest where not said.
    """

    reserve_percent: int = 0
    floor_percent: int = 0
    cap_percent: int = 100
    round_up: bool = False
    count_arrivals: bool = True
    priorities: Mapping[str, str] = field(default_factory=dict)
    packs: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Parameters":
        """As a run keeps them."""
        return cls(**{name: kept[name] for name in cls.__slots__ if name in kept})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def check(self) -> None:
        """Refuse what cannot be meant, each at the name of its field."""
        problems = []
        if not 0 <= self.reserve_percent <= 100:
            problems.append(Problem(_("A reserve is 0 to 100 percent."), "reserve_percent"))
        if not 0 <= self.floor_percent <= 100:
            problems.append(Problem(_("A floor is 0 to 100 percent of a need."), "floor_percent"))
        if not 1 <= self.cap_percent <= 100:
            problems.append(Problem(_("A cap is 1 to 100 percent of a need."), "cap_percent"))
        elif self.floor_percent > self.cap_percent:
            problems.append(
                Problem(
                    _("The floor is above the cap. Lower the floor or lift the cap."),
                    "floor_percent",
                )
            )
        for facility, text in self.priorities.items():
            try:
                sound = LEAST_PRIORITY <= Decimal(text) <= MOST_PRIORITY
            except InvalidOperation:
                sound = False
            if not sound:
                problems.append(
                    Problem(
                        _("A priority is a number from %(least)s to %(most)s.")
                        % {"least": LEAST_PRIORITY, "most": MOST_PRIORITY},
                        f"priority-{facility}",
                    )
                )
        Refused.if_any(problems)


@dataclass(frozen=True, eq=False)
class Shared:
    """One item of a run, shared out by one method.

    Attributes:
        kept: the item as it stands in the run's inputs.
        now: units each facility gets of what is there now; rows as in ``plan.item.demand``.
        total: units each has in the end, with what was shipped and what is expected.
        plan: the plan over all arrivals.
        free: units in the store that are not promised.
        reserve: units of them kept back.
    """

    kept: Mapping[str, Any]
    method: str
    now: Ints
    total: Ints
    plan: Plan
    free: int
    reserve: int

    @property
    def demand(self) -> Demand:
        return self.plan.item.demand

    def by_facility(self) -> dict[str, int]:
        """Units of each facility now."""
        return dict(zip(self.demand.facilities, self.now.tolist(), strict=True))

    @property
    def left(self) -> int:
        """Units of what is free now that nobody gets now."""
        return self.free - int(self.now.sum())


@dataclass(frozen=True, slots=True)
class Fairness:
    """How even a share-out is, by what each has of its need: with what was shipped before.

    Attributes:
        minimum_fill: the lowest fill rate, from 0 to 1 and above.
        gini: Gini coefficient of the fill rates, from 0 (all alike) to 1.
        shortfall: units of all needs that stay open.
        given: units given out now.
    """

    minimum_fill: float
    gini: float
    shortfall: int
    given: int

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def fairness(shared: Shared) -> Fairness:
    """The figures of what is there now."""
    return fairness_of(shared.kept["rows"], shared.by_facility())


def fairness_of(rows: Sequence[Mapping[str, Any]], now: Mapping[str, int]) -> Fairness:
    """The figures of any share-out, such as one with changes by hand.

    Args:
        rows: of an item of a run's inputs.
        now: units given out now, by facility.
    """
    asked = np.array([row["asked"] for row in rows], np.int64)
    held = np.array([shipped_of(row) + now.get(row["facility"], 0) for row in rows], np.int64)
    figures = measured(asked, held)
    return Fairness(
        minimum_fill=figures.minimum_fill or 0.0,
        gini=figures.gini or 0.0,
        shortfall=figures.shortfall,
        given=sum(now.values()),
    )


def shipped_of(row: Mapping[str, Any]) -> int:
    """Units of a need that came, are on their way or are packed."""
    return int(row["came"] + row["on_the_way"] + row["packed"])


def free_of(kept: Mapping[str, Any]) -> int:
    """Units in the store that are usable and promised to nobody."""
    return max(int(kept["usable"] - kept["promised"]), 0)


def reserve_of(kept: Mapping[str, Any], parameters: Parameters) -> int:
    """Units of what is free that are kept back."""
    return free_of(kept) * parameters.reserve_percent // 100


def pack_of(kept: Mapping[str, Any], parameters: Parameters) -> int:
    """Units of the pack that is handed out."""
    return int(parameters.packs.get(kept["item"], kept["pack"]))


def problem(kept: Mapping[str, Any], parameters: Parameters) -> Item:
    """An item of a run's inputs as a problem of allocation.

    The first arrival is what is free in the store now, with all that was shipped before: that is
    never taken back, and counts in everybody's fill rate.

    Raises:
        Refused: the numbers cannot be meant.
    """
    rows = sorted(kept["rows"], key=lambda row: str(row["facility"]))
    shipped = [shipped_of(row) for row in rows]
    floor = [-(-row["asked"] * parameters.floor_percent // 100) for row in rows]
    cap = [
        max(row["asked"] * parameters.cap_percent // 100, least)
        if parameters.cap_percent < 100
        else NOT_GIVEN
        for row, least in zip(rows, floor, strict=True)
    ]
    demand = Demand.of(
        [row["facility"] for row in rows],
        [row["asked"] for row in rows],
        floor=floor,
        cap=cap,
        priority=[Decimal(parameters.priorities.get(row["facility"], "1")) for row in rows],
        population=[NOT_GIVEN if row["population"] is None else row["population"] for row in rows],
        shipped=shipped,
    )
    arrivals = [Arrival(free_of(kept) + sum(shipped), None, reserve_of(kept, parameters))]
    if parameters.count_arrivals:
        arrivals += [
            Arrival(
                one["quantity"],
                date.fromisoformat(one["expected_on"]),
                one["quantity"] * parameters.reserve_percent // 100,
            )
            for one in kept["arrivals"]
        ]
    return Item.of(
        kept["item"],
        demand,
        arrivals,
        pack=pack_of(kept, parameters),
        round_up=parameters.round_up,
    )


def share_out(
    kept: Mapping[str, Any],
    parameters: Parameters,
    method: str,
    fixed: Mapping[str, int] | None = None,
) -> Shared:
    """Share an item out by a method, around what was fixed by hand.

    What goods that are still expected would bring is planned first, and what is there now is
    shared out within that, so that nobody gets more now than they would in the end.

    Args:
        fixed: units that facilities get now, by code.

    Raises:
        Refused: what was fixed is no number of whole packs, or more than there is.
        Unsound: the method asks for what is not known, such as a population.
    """
    item = problem(kept, parameters)
    free, reserve = free_of(kept), reserve_of(kept, parameters)
    hand = dict(fixed or {})
    _require_whole_packs(kept, item.pack, hand, free - reserve)
    item = _fixing(item, hand)
    plan = allocate(item, method)
    totals = plan.allocated
    if len(item.arrivals) > 1:
        # Again for what is there now, with what each has in the end as a cap.
        within = replace(
            item,
            demand=replace(item.demand, cap=totals, floor=np.minimum(item.demand.floor, totals)),
            arrivals=item.arrivals[:1],
        )
        at_once = allocate(within, method).allocated
    else:
        at_once = totals
    now = at_once - item.demand.shipped
    return Shared(kept, method, now, totals, plan, free, reserve)


def _fixing(item: Item, hand: Mapping[str, int]) -> Item:
    fixed = item.demand.fixed.copy()
    for facility, quantity in hand.items():
        at = item.demand.place(facility)
        if at is not None:
            fixed[at] = item.demand.shipped[at] + quantity
    return replace(item, demand=replace(item.demand, fixed=fixed))


def _require_whole_packs(
    kept: Mapping[str, Any], pack: int, hand: Mapping[str, int], there: int
) -> None:
    for quantity in hand.values():
        if quantity < 0 or quantity % pack:
            below = max(quantity // pack * pack, 0)
            raise Refused(
                Problem(
                    _(
                        "%(quantity)d is no number of whole packs of %(pack)d. "
                        "Choose %(below)d or %(above)d."
                    )
                    % {"quantity": quantity, "pack": pack, "below": below, "above": below + pack},
                    "quantity",
                    "pack",
                )
            )
    if sum(hand.values()) > there:
        raise Refused(
            Problem(
                _(
                    "Changes by hand come to %(wanted)d of %(item)s, and %(there)d can be given "
                    "out. Give less here, or less to another facility that was changed by hand, "
                    "or lower the reserve."
                )
                % {"wanted": sum(hand.values()), "item": kept["item"], "there": there},
                "quantity",
                "supply",
            )
        )


__all__ = [
    "Fairness",
    "Parameters",
    "Shared",
    "Unsound",
    "fairness",
    "fairness_of",
    "free_of",
    "pack_of",
    "problem",
    "reserve_of",
    "share_out",
    "shipped_of",
]
