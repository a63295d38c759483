"""Plans: who gets how much of an item after each arrival, and what is left over and why.

Floors come first. Then the method shares the rest out. The last arrival is planned first, and each
earlier one within what the later ones give; so the whole supply is shared exactly as the method
says, nothing that one arrival gave is taken back by the next, and re-planning with what was
shipped only ever adds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from medixchange.relief.allocation import methods
from medixchange.relief.allocation.problem import NOT_GIVEN, Ints, Item, Refused, Round

#: Why goods are left over, in the order in which they are accounted for.
REASONS = (
    "reserve",  # kept back
    "less_than_a_pack",  # what remains of the supply does not fill a pack
    "transport",  # shared transport has no more room
    "cap_reached",  # facilities need more but may not get more
    "changed_by_hand",  # a person fixed less
    "population_unknown",  # by population, who has none given gets no more than its floor
    "need_less_than_a_pack",  # what is open of each need does not fill a pack
    "needs_met",  # nobody needs more
)


@dataclass(frozen=True)
class LeftOver:
    """Units that nobody got, and why: one of ``REASONS``."""

    reason: str
    quantity: int


@dataclass(frozen=True, eq=False)
class Stage:
    """How things stand after one arrival. Quantities are cumulative, in units."""

    available_on: date | None
    supplied: int
    allocated: Ints


@dataclass(frozen=True, eq=False)
class Plan:
    """A plan for one item."""

    item: Item
    method: str
    #: Units of each facility in the end, rows as in ``item.demand``.
    allocated: Ints
    stages: tuple[Stage, ...]
    left_over: tuple[LeftOver, ...]
    #: False where the supply does not even fill the floors.
    floors_met: bool
    #: Facilities that would get more if a limit of shared transport had room for another pack, and
    #: the name of that limit.
    stopped_by: Mapping[str, str] = field(default_factory=dict)

    def by_facility(self) -> dict[str, int]:
        """Units of each facility."""
        return dict(zip(self.item.demand.facilities, self.allocated.tolist(), strict=True))


def allocate(item: Item, method: str) -> Plan:
    """Share an item out over all its arrivals.

    Args:
        item: Supply and demand. What was shipped is a lower bound.
        method: ``proportional``, ``maxmin``, ``population`` or ``utility``.

    Raises:
        Refused: there is no such method, or a population is missing for it.
    """
    run = method_of(method, item)
    last = len(item.arrivals) - 1
    whole = question(item, last)
    packs, floors_met = answer(run, whole, item.demand.floor)
    allocated = whole.base + item.pack * packs
    stages = [Stage(None, 0, allocated)] if last < 0 else []
    later = allocated
    for at in range(last, -1, -1):
        if at < last:
            later = _within(run, item, at, later)
        supplied = sum(arrival.quantity for arrival in item.arrivals[: at + 1])
        stages.insert(0, Stage(item.arrivals[at].available_on, supplied, later))
    left = left_over(item, allocated, by_population=method == "population")
    return Plan(item, method, allocated, tuple(stages), left, floors_met)


def replan(plan: Plan, *, shipped: Ints) -> Plan:
    """Plan again with what has been shipped meanwhile, units in the rows of the plan's demand.

    Nobody ends with less than was shipped to them.

    Raises:
        Refused: more was shipped than has arrived.
    """
    return allocate(plan.item.shipping(shipped), plan.method)


def method_of(name: str, item: Item) -> methods.Method:
    """The method of that name, if the item has what it asks for.

    Raises:
        Refused: there is no such method, or a population is missing for it.
    """
    if name not in methods.METHODS:
        raise Refused(
            _("There is no method %(name)s. There are: %(methods)s.")
            % {"name": name, "methods": ", ".join(methods.METHODS)}
        )
    if name == "population":
        demand = item.demand
        missing = np.flatnonzero((demand.population == NOT_GIVEN) & (demand.need > 0))
        if len(missing):
            raise Refused(
                _(
                    "%(item)s: the population of %(facility)s is not given. The method population "
                    "needs it of every facility with a need; write 0 to give no more than the "
                    "floor."
                )
                % {"item": item.name, "facility": demand.facilities[missing[0]]}
            )
    return methods.METHODS[name]


def question(item: Item, at: int) -> Round:
    """What is to be shared out once the arrivals up to number ``at`` are there.

    What was fixed by hand counts as given already, and nothing is added to it.
    """
    demand, pack = item.demand, item.pack
    fixed = demand.fixed != NOT_GIVEN
    base = np.where(fixed, demand.fixed, demand.shipped)
    capped = demand.cap != NOT_GIVEN
    cap = np.where(capped, demand.cap, np.maximum(demand.need, demand.cap) + pack)
    room = np.maximum(np.minimum(demand.need, cap) - base, 0)
    most = room // pack
    if item.round_up:
        most = np.minimum(-(-room // pack), np.maximum(cap - base, 0) // pack)
    least = np.minimum(-(-np.maximum(demand.floor - base, 0) // pack), most)
    most, least = np.where(fixed, 0, most), np.where(fixed, 0, least)
    return Round(
        pack,
        _packs(item, at, base),
        base,
        least,
        most,
        demand.need,
        demand.priority,
        demand.population,
    )


def answer(run: methods.Method, whole: Round, floor: Ints) -> tuple[Ints, bool]:
    """The packs of each facility, and whether the floors could be met."""
    most = int(whole.most.sum())
    whole = whole.having(packs=min(whole.packs, most))
    if int(whole.least.sum()) > whole.packs:
        short = whole.having(least=np.zeros_like(whole.least), most=whole.least)
        return methods.floors(short, floor), False
    return run(whole), True


def _packs(item: Item, at: int, base: Ints) -> int:
    """Whole packs that are there to give, after what each has."""
    there = sum(arrival.quantity - arrival.reserve for arrival in item.arrivals[: at + 1])
    return max(there - int(base.sum()), 0) // item.pack


def _within(run: methods.Method, item: Item, at: int, later: Ints) -> Ints:
    """What each has after arrival ``at``, given what it has after the next one."""
    shipped = item.demand.shipped
    whole = question(item, at)
    most = np.maximum(later - shipped, 0) // item.pack
    floors = -(-np.maximum(item.demand.floor - shipped, 0) // item.pack)
    packs = _packs(item, at, shipped)
    now = whole.having(base=shipped, most=most, least=np.minimum(floors, most), packs=packs)
    return shipped + item.pack * answer(run, now, item.demand.floor)[0]


def left_over(
    item: Item, allocated: Ints, *, by_population: bool = False, by_transport: bool = False
) -> tuple[LeftOver, ...]:
    """What nobody got, by reason; the quantities add up to what is left.

    Where several reasons stand together, each takes as much as it can explain, in the order of
    ``REASONS``.
    """
    demand, pack = item.demand, item.pack
    left = item.supplied - int(allocated.sum())
    kept = min(item.reserve, left)
    found = {"reserve": kept}
    rest = left - kept
    if rest < pack:
        found["less_than_a_pack"] = rest
        rest = 0
    goal = np.where(demand.cap == NOT_GIVEN, demand.need, np.minimum(demand.need, demand.cap))
    fixed = demand.fixed != NOT_GIVEN
    unknown = ~fixed & (demand.population <= 0) & by_population
    open_ = np.maximum(goal - allocated, 0)
    fits = (open_ >= pack) & ~fixed & ~unknown & by_transport
    explained = {
        "transport": int((open_[fits] // pack * pack).sum()),
        "cap_reached": int(np.maximum(demand.need - np.maximum(goal, allocated), 0).sum()),
        "changed_by_hand": int(open_[fixed].sum()),
        "population_unknown": int(open_[unknown].sum()),
        "need_less_than_a_pack": int(open_[~fixed & ~unknown & ~fits].sum()),
        "needs_met": rest,
    }
    for reason, quantity in explained.items():
        found[reason] = min(quantity, rest)
        rest -= found[reason]
    return tuple(LeftOver(reason, found[reason]) for reason in REASONS if found.get(reason))
