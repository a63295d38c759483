"""Limits of transport that items share, as CSV files: what a route carries, what a unit weighs and
which facility is on which route."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from re import ASCII, compile

from medixchange.relief.allocation.coupled.limits import Limit
from medixchange.relief.allocation.files import BadFiles
from medixchange.relief.allocation.files import _Table as Table
from medixchange.relief.allocation.problem import LARGEST, Item

LIMITS = ("route", "capacity"), ("measure", "available_on")
LOADS = ("item",), ("weight", "volume")
ROUTES = ("facility", "route"), ()
MEASURES = ("weight", "volume")
_NUMBER = compile(r"\d{1,13}(\.\d{1,6})?", ASCII)


@dataclass(frozen=True)
class _Capacity:
    route: str
    capacity: Decimal
    measure: str
    on: date | None

    @property
    def name(self) -> str:
        """What it is called in explanations."""
        parts = [self.route or "all facilities"]
        if self.measure != "weight":
            parts.append(f"by {self.measure}")
        if self.on is not None:
            parts.append(f"on {self.on.isoformat()}")
        return " ".join(parts)


def read_limits(
    limits: Path, loads: Path, routes: Path | None, items: Sequence[Item]
) -> list[Limit]:
    """The limits for these items.

    Args:
        limits: Columns ``route,capacity`` and optionally ``measure`` (weight, which it is where
            nothing is said, or volume) and ``available_on``, the arrival after which it holds. An
            empty route stands for all facilities.
        loads: Columns ``item`` and ``weight``, ``volume`` or both: what one unit takes, in the
            units of the capacities. Other items may stand in it.
        routes: Columns ``facility,route``; a facility may be on several, an empty route is none.
        items: What is shared out.

    Raises:
        BadFiles: anything in them cannot be meant; it tells all of it.
    """
    problems: list[str] = []
    capacities = _capacities(Table(limits, problems))
    used = {one.measure for one in capacities}
    weighed = _loads(Table(loads, problems), used, items)
    on_route: dict[str, set[str]] = {}
    wanted = {one.route for one in capacities if one.route}
    if routes is not None:
        on_route = _routes(Table(routes, problems), items, every=bool(wanted))
    for route in sorted(wanted - on_route.keys()):
        how = "Give --routes" if routes is None else f"Add it to {routes.name}"
        problems.append(f"{limits.name}: no facility is on the route {route}. {how}.")
    if problems:
        raise BadFiles(problems)
    made = []
    for one in capacities:
        mine = {item.name: weighed[item.name, one.measure] for item in items}
        # Whole numbers: as many decimal places as the longest has.
        scale = 10 ** max(_places(number) for number in (one.capacity, *mine.values()))
        if max(one.capacity, *mine.values()) * scale > LARGEST:
            raise BadFiles(
                [f"{limits.name}: {one.name}: the numbers have too many digits. Round them."]
            )
        made.append(
            Limit(
                one.name,
                int(one.capacity * scale),
                {name: int(load * scale) for name, load in mine.items()},
                frozenset(on_route[one.route]) if one.route else None,
                one.on,
            )
        )
    return made


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-int(exponent), 0)


def _number(table: Table, row: int, column: str, text: str) -> Decimal:
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    table.wrong(
        row,
        f"{column} is “{text[:40]}”. Give a number from 0, with a point and at most six decimals, "
        "without separators.",
    )
    return Decimal(0)


def _capacities(table: Table) -> list[_Capacity]:
    found: dict[tuple[str, str, date | None], _Capacity] = {}
    for number, row in table.rows(*LIMITS):
        measure = row["measure"].lower() or "weight"
        if measure not in MEASURES:
            table.wrong(number, f"measure is “{row['measure'][:40]}”. Write weight or volume.")
            continue
        on = None
        if row["available_on"]:
            try:
                on = date.fromisoformat(row["available_on"])
            except ValueError:
                table.wrong(
                    number,
                    f"available_on is “{row['available_on'][:40]}”. Write the day as 2020-03-27.",
                )
        route = table.name(number, "route", row["route"]) if row["route"] else ""
        capacity = _number(table, number, "capacity", row["capacity"])
        one = _Capacity(route, capacity, measure, on)
        if (route, measure, on) in found:
            table.wrong(number, f"{one.name} has a capacity in a row above. Keep one of them.")
        found[route, measure, on] = one
    return list(found.values())


def _loads(table: Table, used: set[str], items: Sequence[Item]) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    named: set[str] = set()
    for number, row in table.rows(*LOADS):
        item = table.name(number, "item", row["item"])
        if item in named:
            table.wrong(number, f"{item} stands in a row above. Keep one of them.")
        named.add(item)
        for measure in sorted(used):
            found[item, measure] = _number(table, number, measure, row[measure])
    for item_ in items:
        if item_.name not in named:
            table.problems.append(
                f"{table.path.name}: {item_.name} is missing. Say what one unit takes; write 0 if "
                "it takes nothing."
            )
    return found


def _routes(table: Table, items: Sequence[Item], *, every: bool) -> dict[str, set[str]]:
    """The facilities on each route. With ``every``, each facility must be told of."""
    found: dict[str, set[str]] = {}
    told: set[str] = set()
    for number, row in table.rows(*ROUTES):
        facility = table.name(number, "facility", row["facility"])
        told.add(facility)
        if row["route"]:
            found.setdefault(table.name(number, "route", row["route"]), set()).add(facility)
    missing = sorted({name for item in items for name in item.demand.facilities} - told)
    if every and missing:
        more = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
        table.problems.append(
            f"{table.path.name}: {missing[0]}{more} is on no route. Add a row; leave its route "
            "empty if no limit holds for it."
        )
    return found
