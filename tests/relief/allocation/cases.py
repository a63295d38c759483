"""What the tests of sharing out have in common: short ways to make an item, and drawn ones."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from hypothesis import strategies as st

from medixchange.relief.allocation.problem import Arrival, Demand, Item

FIRST, SECOND, THIRD = date(2020, 3, 27), date(2020, 4, 10), date(2020, 5, 2)


def made(need, *arrivals, pack=1, round_up=False, **columns) -> Item:
    """An item named mask for facilities A, B, C …; a number as an arrival is there now."""
    names = [chr(ord("A") + at) for at in range(len(need))]
    there = [one if isinstance(one, Arrival) else Arrival(one) for one in arrivals]
    return Item.of("mask", Demand.of(names, need, **columns), there, pack=pack, round_up=round_up)


def ceilings(item: Item) -> list[int]:
    """The most each facility may get, by need, cap and what was shipped (never by the supply)."""
    demand = item.demand
    return [
        max(min(need, cap) if cap >= 0 else need, shipped)
        for need, cap, shipped in zip(
            demand.need.tolist(), demand.cap.tolist(), demand.shipped.tolist(), strict=True
        )
    ]


@st.composite
def items(draw, *, most_facilities=6, most_need=60, arrivals=3, shipping=True) -> Item:
    """Any item: floors, caps, reserves, packs, populations, priorities, arrivals, shipped."""
    size = draw(st.integers(1, most_facilities))

    def column(values):
        return draw(st.lists(values, min_size=size, max_size=size))

    need, floor = column(st.integers(0, most_need)), column(st.integers(0, most_need // 2))
    room = column(st.none() | st.integers(0, most_need // 2))
    there = []
    for at in range(draw(st.integers(1, arrivals))):
        quantity = draw(st.integers(0, 2 * most_need))
        reserve = draw(st.just(0) | st.integers(0, quantity))
        there.append(Arrival(quantity, (None, FIRST, SECOND, THIRD)[at], reserve))
    shipped, left = [0] * size, sum(one.quantity - one.reserve for one in there)
    if shipping and draw(st.booleans()):
        for at in range(size):
            shipped[at] = draw(st.integers(0, min(left, most_need)))
            left -= shipped[at]
    return made(
        need,
        *there,
        pack=draw(st.integers(1, 7)),
        floor=floor,
        cap=[-1 if more is None else least + more for least, more in zip(floor, room, strict=True)],
        population=column(st.integers(0, 9)),
        priority=column(st.integers(0, 5)),
        shipped=shipped,
    )


def every_way(item: Item) -> Iterator[list[int]]:
    """Every way of giving out as many whole packs as there are and fit, floors first."""
    demand, pack = item.demand, item.pack
    shipped = demand.shipped.tolist()
    rooms = [(most - had) // pack for most, had in zip(ceilings(item), shipped, strict=True)]
    packs = min((item.supplied - item.reserve - sum(shipped)) // pack, sum(rooms))
    least = [
        next((n for n in range(room + 1) if had + n * pack >= floor), room)
        for floor, had, room in zip(demand.floor.tolist(), shipped, rooms, strict=True)
    ]
    if sum(least) > packs:  # the floors cannot all be met: nobody gets more than the floor takes
        rooms, least = least, [0] * len(least)
    for way in product(*(range(a, b + 1) for a, b in zip(least, rooms, strict=True))):
        if sum(way) == packs:
            yield [had + n * pack for had, n in zip(shipped, way, strict=True)]
