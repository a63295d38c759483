"""What an allocation is asked: one item, who needs it, and what arrives when.

All quantities are whole numbers of the item's base unit (a mask, a vial). Items do not depend on
each other here; what ties them together, such as shared transport, is in ``coupled``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: The largest quantity of one row. Sums of a million such rows still fit into 64 bits.
LARGEST = 10**12
#: A cap, a population or a hand change that was not given.
NOT_GIVEN = -1
#: Priorities are kept in thousandths, so that they are whole numbers as well.
PRIORITY_SCALE = 1_000
LARGEST_PRIORITY = 1_000


class Refused(ValueError):
    """A plan that cannot be made; ``str()`` tells the person why and what to do."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Who needs the item, one row a facility, in ascending order of the facilities' names.

    That order decides exact ties, so a plan does not depend on the order of the rows of a file.
    Make it with ``Demand.of``, which sorts, fills in and checks.
    """

    facilities: tuple[str, ...]
    #: Units asked for.
    need: Ints
    #: Units that the facility gets before anybody gets more than its floor; counts up to the need.
    floor: Ints
    #: The most that it may get in all, or NOT_GIVEN.
    cap: Ints
    #: Thousandths; the more, the more urgent. 1000 where nothing was said.
    priority: Ints
    #: People served, or NOT_GIVEN.
    population: Ints
    #: Units on their way or there already. They are never taken back.
    shipped: Ints
    #: Units that a person has fixed, or NOT_GIVEN.
    fixed: Ints

    @classmethod
    def of(
        cls,
        facilities: Sequence[str],
        need: Iterable[int],
        *,
        floor: Iterable[int] | None = None,
        cap: Iterable[int] | None = None,
        priority: Iterable[int | Decimal] | None = None,
        population: Iterable[int] | None = None,
        shipped: Iterable[int] | None = None,
    ) -> "Demand":
        """The rows of one item, in any order. Leave out what is not known; for single rows give
        NOT_GIVEN as cap or population.

        Raises:
            Refused: a facility occurs twice, a number is negative or too large, or a cap is below
                its floor.
        """
        names = tuple(facilities)
        demand = cls(
            names,
            _column(need, len(names), 0),
            _column(floor, len(names), 0),
            _column(cap, len(names), NOT_GIVEN),
            _priorities(priority, len(names)),
            _column(population, len(names), NOT_GIVEN),
            _column(shipped, len(names), 0),
            np.full(len(names), NOT_GIVEN, np.int64),
        )
        if not all(a < b for a, b in pairwise(names)):
            order = sorted(range(len(names)), key=names.__getitem__)
            demand = demand.rows(np.array(order, np.int64))
        demand.check()
        return demand

    def __len__(self) -> int:
        return len(self.facilities)

    def rows(self, at: Ints) -> "Demand":
        """Only these rows, in this order."""
        return Demand(
            tuple(map(self.facilities.__getitem__, at.tolist())),
            *(
                column[at]
                for column in (
                    self.need, self.floor, self.cap, self.priority, self.population,
                    self.shipped, self.fixed,
                )
            ),
        )  # fmt: skip

    def check(self) -> None:
        """Refuse what cannot be meant."""
        for a, b in pairwise(self.facilities):
            if a == b:
                raise Refused(_("%(facility)s occurs twice. Add its rows up.") % {"facility": a})
        for name, column, least in (
            (gettext_noop("need"), self.need, 0),
            (gettext_noop("floor"), self.floor, 0),
            (gettext_noop("cap"), self.cap, NOT_GIVEN),
            (gettext_noop("population"), self.population, NOT_GIVEN),
            (gettext_noop("quantity shipped"), self.shipped, 0),
        ):
            wrong = np.flatnonzero((column < least) | (column > LARGEST))
            if len(wrong):
                raise Refused(
                    _("%(facility)s: the %(column)s is %(value)s. Give a number from 0 to 10^12.")
                    % {
                        "facility": self.facilities[wrong[0]],
                        "column": _(name),
                        "value": column[wrong[0]],
                    }
                )
        wrong = np.flatnonzero((self.cap != NOT_GIVEN) & (self.cap < self.floor))
        if len(wrong):
            raise Refused(
                _(
                    "%(facility)s: the cap %(cap)s is below the floor %(floor)s. "
                    "Correct one of them."
                )
                % {
                    "facility": self.facilities[wrong[0]],
                    "cap": self.cap[wrong[0]],
                    "floor": self.floor[wrong[0]],
                }
            )

    def place(self, facility: str) -> int | None:
        """The row of a facility."""
        at = int(np.searchsorted(np.array(self.facilities, object), facility))
        return at if at < len(self) and self.facilities[at] == facility else None


def _column(values: Iterable[int] | None, rows: int, default: int) -> Ints:
    if values is None:
        return np.full(rows, default, np.int64)
    given = values if isinstance(values, np.ndarray) else list(values)
    try:
        column = np.asarray(given, np.int64) if len(given) else np.zeros(0, np.int64)
        exact = len(given) == 0 or np.asarray(given).dtype.kind in "iu"
    except OverflowError:
        exact = False
    if not exact or column.shape != (rows,):
        raise Refused(_("Quantities are whole numbers up to 10^12, one for each facility."))
    return column


def _priorities(values: Iterable[int | Decimal] | None, rows: int) -> Ints:
    if values is None:
        return np.full(rows, PRIORITY_SCALE, np.int64)
    if isinstance(values, np.ndarray):
        scaled = values.astype(np.int64) * PRIORITY_SCALE
    else:
        scaled = np.array([scaled_priority(value) for value in values], np.int64)
    if scaled.shape != (rows,) or ((scaled < 0) | (scaled > 1000 * PRIORITY_SCALE)).any():
        raise Refused(_("A priority is a number from 0 to 1000, one for each facility."))
    return scaled


def scaled_priority(value: int | Decimal) -> int:
    """A priority in thousandths.

    Raises:
        Refused: it is not from 0 to 1000, or has more than three decimals.
    """
    number = Decimal(value)
    if not number.is_finite() or not 0 <= number <= LARGEST_PRIORITY:
        raise Refused(_("A priority is a number from 0 to 1000, one for each facility."))
    if number * PRIORITY_SCALE % 1:
        raise Refused(_("A priority has at most three decimals."))
    return int(number * PRIORITY_SCALE)


@dataclass(frozen=True)
class Arrival:
    """Goods that become available together."""

    quantity: int
    #: None: they are there now, before every dated arrival.
    available_on: date | None = None
    #: Units of this arrival that are kept back.
    reserve: int = 0


@dataclass(frozen=True)
class Change:
    """What a person fixed, and why."""

    facility: str
    item: str
    quantity: int
    reason: str


@dataclass(frozen=True, eq=False)
class Item:
    """One item: its arrivals in time and the demand for it.

    ``arrivals`` count all that the plan shares out, also what was shipped out of it already.
    """

    name: str
    demand: Demand
    arrivals: tuple[Arrival, ...]
    #: Base units in the smallest pack that is handed out.
    pack: int = 1
    #: Whether the last pack of a facility may go past its need (never past its cap). Else a need
    #: is filled in whole packs up to, not past it.
    round_up: bool = False
    #: What was fixed by hand, in ``demand.fixed`` too; set with ``changes.apply``.
    changes: tuple[Change, ...] = ()

    @classmethod
    def of(
        cls,
        name: str,
        demand: Demand,
        arrivals: Iterable[Arrival],
        *,
        pack: int = 1,
        round_up: bool = False,
    ) -> "Item":
        """An item with its arrivals in order of time.

        Raises:
            Refused: a quantity, a reserve or the pack cannot be meant, or more was shipped than
                has arrived.
        """
        ordered = sorted(arrivals, key=lambda one: one.available_on or date.min)
        item = cls(name, demand, tuple(ordered), pack, round_up)
        item.check()
        return item

    def check(self) -> None:
        """Refuse what cannot be meant."""
        what = {"item": self.name}
        if not 1 <= self.pack <= LARGEST:
            raise Refused(_("%(item)s: a pack holds at least one unit.") % what)
        for arrival in self.arrivals:
            if not 0 <= arrival.quantity <= LARGEST:
                raise Refused(_("%(item)s: a supply is a number from 0 to 10^12.") % what)
            if not 0 <= arrival.reserve <= arrival.quantity:
                raise Refused(_("%(item)s: the reserve is not between 0 and what arrives.") % what)
        shipped = int(self.demand.shipped.sum())
        if shipped > self.supplied:
            raise Refused(
                _(
                    "%(item)s: %(shipped)s were shipped, but the supply is only %(supplied)s. "
                    "The supply counts all arrivals, also what was shipped out of them."
                )
                % {**what, "shipped": shipped, "supplied": self.supplied}
            )

    @property
    def supplied(self) -> int:
        """Units of all arrivals."""
        return sum(arrival.quantity for arrival in self.arrivals)

    @property
    def reserve(self) -> int:
        """Units kept back of all arrivals."""
        return sum(arrival.reserve for arrival in self.arrivals)

    def shipping(self, shipped: Ints) -> "Item":
        """The same with these units shipped.

        Raises:
            Refused: it is more than has arrived, or not a number of units.
        """
        column = _column(shipped, len(self.demand), 0)
        item = replace(self, demand=replace(self.demand, shipped=column))
        item.demand.check()
        item.check()
        return item


@dataclass(frozen=True, eq=False)
class Round:
    """One question to a method: share ``packs`` packs out, on top of what each has.

    Every array has a row for each facility. ``least`` and ``most`` are in packs; the caller sees
    to it that ``sum(least) <= packs <= sum(most)``.
    """

    pack: int
    packs: int
    #: Units each facility has already.
    base: Ints
    least: Ints
    most: Ints
    need: Ints
    priority: Ints
    population: Ints

    def having(self, **changes: Any) -> "Round":
        """The same with some of it changed."""
        return replace(self, **changes)
