"""Give packs one after the other, each to whom it does most for, without doing it one by one.

A method says how urgent each next pack of each facility is, as a *level* that only rises from one
pack of a facility to its next. Giving the packs one at a time, always the one of the lowest level,
ends with the packs of the lowest levels. So it is enough to find the level below which there are as
many packs as there are to give: a search on a falling interval over whole arrays. Floating-point
numbers only narrow the interval; the packs that stand close to its end are put in order exactly.
"""

from typing import Protocol

import numpy as np

from medixchange.relief.allocation.exact import first_of, fraction_keys
from medixchange.relief.allocation.problem import Floats, Ints

#: How far from the searched level floating-point numbers are not trusted, beside the highest one.
UNSURE = 1e-13


class Order(Protocol):
    """How urgent each next pack of each facility is."""

    #: All levels stand between these two.
    lowest: float
    highest: float

    def reached(self, level: float) -> Floats:
        """How many packs of each facility come below this level, bounds left aside."""

    def levels(self, rows: Ints, packs: Ints) -> Floats:
        """The level of the pack that these facilities would get after so many."""

    def fractions(self, rows: Ints, packs: Ints) -> tuple[Ints, Ints]:
        """The same levels as exact numerators and positive denominators."""

    def ties(self, rows: Ints) -> list[Ints]:
        """Keys that order packs of equal level, the major one first."""


def fill(order: Order, least: Ints, most: Ints, packs: int) -> Ints:
    """How many packs each facility gets.

    Args:
        order: How urgent each pack is.
        least: Packs that each facility gets in any case.
        most: Packs that each can take.
        packs: Packs to give in all, from ``sum(least)`` to ``sum(most)``.
    """

    def given(level: float) -> Ints:
        return np.clip(order.reached(level), least, most).astype(np.int64)

    scale = max(abs(order.lowest), abs(order.highest), 1e-300)
    unsure = UNSURE * scale
    low, high = order.lowest - unsure, order.highest + unsure
    under, over = least, most
    few, many = int(under.sum()), int(over.sum())
    if packs <= few:
        return under.copy()
    if packs >= many:
        return over.copy()
    enough = max(64, len(least) // 4)
    halve = False
    while many - few > enough and high - low > unsure:
        share = 0.5 if halve else min(max((packs - few) / (many - few), 0.01), 0.99)
        middle, before = low + share * (high - low), high - low
        there = given(middle)
        total = int(there.sum())
        if total <= packs:
            low, under, few = middle, there, total
        else:
            high, over, many = middle, there, total
        halve = high - low > before / 2
    under, over = given(low - unsure), given(high + unsure)
    return _exactly(order, under, over, packs, unsure)


def _exactly(order: Order, under: Ints, over: Ints, packs: int, unsure: float) -> Ints:
    """Fill what is missing to ``packs`` with the packs of lowest level between the two."""
    missing = packs - int(under.sum())
    gaps = over - under
    if missing <= 0:
        return under
    rows = np.repeat(np.arange(len(gaps)), gaps)
    # Number the packs of each facility from the first that is open.
    starts = np.cumsum(gaps) - gaps
    after = under[rows] + np.arange(len(rows)) - starts[rows]
    if missing >= len(rows):
        return over
    levels = order.levels(rows, after)
    limit = np.partition(levels, missing - 1)[missing - 1]
    sure = levels < limit - unsure
    close = np.flatnonzero(~sure & (levels <= limit + unsure))
    wanted = missing - int(sure.sum())
    if wanted < len(close):
        keys = fraction_keys(*order.fractions(rows[close], after[close]))
        # A tie of two packs of one facility does not matter: its packs are all alike.
        close = close[first_of(wanted, [*keys, *order.ties(rows[close])])]
    chosen = np.concatenate([np.flatnonzero(sure), close])
    return under + np.bincount(rows[chosen], minlength=len(gaps))
