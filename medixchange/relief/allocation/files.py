"""Needs, supply, what was shipped and changes by hand as CSV files, and the plan as one."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TextIO

from medixchange.relief.allocation.fairness import fill_rates
from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import LARGEST, NOT_GIVEN, Arrival, Change, Demand, Item
from medixchange.relief.interchange.cells import clean, safe_cell, unguarded

#: So many mistakes are told; a file with more has another fault than a slip.
TOLD = 20
_WHOLE = re.compile(r"\d{1,13}", re.ASCII)


class BadFiles(ValueError):
    """All that is wrong with the files, one line each: file, row, what, and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass
class _Table:
    """One file being read: its rows, and what is wrong with them."""

    path: Path
    problems: list[str]

    def wrong(self, row: int, what: str) -> None:
        self.problems.append(f"{self.path.name}, row {row}: {what}")
        if len(self.problems) >= TOLD:
            raise BadFiles([*self.problems, f"{TOLD} mistakes are told; there may be more."])

    def rows(
        self, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows that are not blank, with their numbers in the file, the heading being row 1."""
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.reader(file, strict=True)
                head = next(reader, None)
                if head is None:
                    self.problems.append(
                        f"{self.path.name}: the file is empty. Its first row names the columns: "
                        f"{', '.join(required)}."
                    )
                    return
                names = [name.strip().lower() for name in head]
                missing = [name for name in required if name not in names]
                twice = sorted({name for name in names if name and names.count(name) > 1})
                if missing or twice:
                    self.wrong(
                        1,
                        f"there is no column {', '.join(missing)}. "
                        f"The columns are {', '.join((*required, *optional))}."
                        if missing
                        else f"the column {', '.join(twice)} occurs twice. Keep one.",
                    )
                    return
                for cells in reader:
                    if not any(cell.strip() for cell in cells):
                        continue
                    if len(cells) > len(names):
                        self.wrong(
                            reader.line_num,
                            f"it has {len(cells)} cells for {len(names)} columns. A number with "
                            "a thousands separator needs quotes, and none is taken: write 1000.",
                        )
                        continue
                    row = dict(zip(names, cells, strict=False))
                    yield (
                        reader.line_num,
                        {name: row.get(name, "").strip() for name in (*required, *optional)},
                    )
        except UnicodeDecodeError as error:
            raise BadFiles(
                [f"{self.path.name}: the text is not UTF-8 (byte {error.start}). Save it as UTF-8."]
            ) from error
        except csv.Error as error:
            self.problems.append(f"{self.path.name}: it cannot be read as CSV: {error}.")

    def name(self, row: int, column: str, text: str) -> str:
        plain = text.isascii() and text.isprintable() and text[:1] != "'"
        # Some programs write an accent as a letter of its own; a name is one name in all files.
        name = text if plain else unguarded(clean(text))
        if not name:
            self.wrong(row, f"{column} is empty. Give one.")
        return name

    def whole(self, row: int, column: str, text: str, default: int | None = None) -> int:
        """A number of units."""
        if not text and default is not None:
            return default
        if _WHOLE.fullmatch(text) and int(text) <= LARGEST:
            return int(text)
        self.wrong(row, f"{column} is “{text[:40]}”. {_number_help(text)}")
        return 0


def _number_help(text: str) -> str:
    if not text:
        return "Write 0 where nothing is meant."
    if text.startswith("-"):
        return "It cannot be below 0."
    if re.fullmatch(r"\d{1,3}([,. \u00a0\u202f']\d{3})+", text):
        return "Leave out the thousands separators."
    if re.fullmatch(r"\d+[.,]\d+", text):
        return "Give a whole number of units."
    if text.isdigit():
        return "Give at most 1000000000000, in the digits 0 to 9."
    return "Give a whole number in the digits 0 to 9."


@dataclass
class _Rows:
    """The needs of one item, as columns."""

    facilities: list[str] = field(default_factory=list)
    need: list[int] = field(default_factory=list)
    floor: list[int] = field(default_factory=list)
    cap: list[int] = field(default_factory=list)
    priority: list[Decimal] = field(default_factory=list)
    population: list[int] = field(default_factory=list)
    at: list[int] = field(default_factory=list)


def read(needs: Path, supply: Path, *, shipped: Path | None, changes: Path | None) -> "Files":
    """Everything that a plan is made of.

    Raises:
        BadFiles: anything in them cannot be meant; up to 20 mistakes are told at once.
    """
    problems: list[str] = []
    wanted = _needs(_Table(needs, problems))
    arrivals, packs = _supply(_Table(supply, problems))
    problems += [
        f"{needs.name}, row {rows.at[0]}: there is no supply of {item} in {supply.name}. "
        "Correct the name, or add a row with the quantity 0."
        for item, rows in wanted.items()
        if item not in arrivals
    ]
    sent = _shipped(_Table(shipped, problems), wanted) if shipped else {}
    changed = _changes(_Table(changes, problems), wanted) if changes else []
    if problems:
        raise BadFiles(problems[:TOLD])
    items = []
    for name, each in arrivals.items():
        rows = wanted.get(name, _Rows())
        demand = Demand.of(
            rows.facilities,
            rows.need,
            floor=rows.floor,
            cap=rows.cap,
            priority=rows.priority,
            population=rows.population,
            shipped=[sent.get((facility, name), 0) for facility in rows.facilities],
        )
        items.append(Item.of(name, demand, each, pack=packs[name]))
    return Files(items, changed)


@dataclass(frozen=True, eq=False)
class Files:
    """What was read."""

    items: list[Item]
    changes: list[Change]


def _needs(table: _Table) -> dict[str, _Rows]:
    found: dict[str, _Rows] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, row in table.rows(
        ("facility", "item", "need"), ("floor", "cap", "priority", "population")
    ):
        facility = table.name(number, "facility", row["facility"])
        item = table.name(number, "item", row["item"])
        need = table.whole(number, "need", row["need"])
        floor = table.whole(number, "floor", row["floor"], 0)
        cap = table.whole(number, "cap", row["cap"], NOT_GIVEN)
        population = table.whole(number, "population", row["population"], NOT_GIVEN)
        if cap != NOT_GIVEN and cap < floor:
            table.wrong(number, f"the cap {cap} is below the floor {floor}. Correct one of them.")
        first = seen.setdefault((facility, item), number)
        if first != number:
            table.wrong(
                number, f"{facility} needs {item} in row {first} already. Add the two rows up."
            )
            continue
        rows = found.setdefault(item, _Rows())
        rows.facilities.append(facility)
        rows.need.append(need)
        rows.floor.append(floor)
        rows.cap.append(cap)
        rows.priority.append(_priority(table, number, row["priority"]))
        rows.population.append(population)
        rows.at.append(number)
    return found


def _priority(table: _Table, row: int, text: str) -> Decimal:
    if not text:
        return Decimal(1)
    try:
        value = Decimal(text)
        if value.is_finite() and 0 <= value <= 1000 and not value * 1000 % 1:
            return value
    except InvalidOperation:
        pass
    table.wrong(
        row,
        f"priority is “{text[:40]}”. Give a number from 0 to 1000 with a point and at most "
        "three decimals.",
    )
    return Decimal(1)


def _supply(table: _Table) -> tuple[dict[str, list[Arrival]], dict[str, int]]:
    found: dict[str, list[Arrival]] = {}
    packs: dict[str, int] = {}
    for number, row in table.rows(("item", "quantity"), ("pack", "available_on", "reserve")):
        item = table.name(number, "item", row["item"])
        quantity = table.whole(number, "quantity", row["quantity"])
        pack = table.whole(number, "pack", row["pack"], 1)
        reserve = table.whole(number, "reserve", row["reserve"], 0)
        if pack < 1:
            table.wrong(number, "a pack holds at least 1 unit.")
        if reserve > quantity:
            table.wrong(number, f"the reserve {reserve} is more than the quantity {quantity}.")
            continue
        if packs.setdefault(item, pack) != pack:
            table.wrong(
                number, f"{item} comes in packs of {packs[item]} in a row above. Use one size."
            )
        found.setdefault(item, []).append(
            Arrival(quantity, _day(table, number, row["available_on"]), reserve)
        )
    return found, packs


def _day(table: _Table, row: int, text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        table.wrong(row, f"available_on is “{text[:40]}”. Write the day as 2020-03-27.")
        return None


def _shipped(table: _Table, wanted: Mapping[str, _Rows]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    known = {item: set(rows.facilities) for item, rows in wanted.items()}
    for number, row in table.rows(("facility", "item", "quantity")):
        facility = table.name(number, "facility", row["facility"])
        item = table.name(number, "item", row["item"])
        quantity = table.whole(number, "quantity", row["quantity"])
        if facility not in known.get(item, ()):
            table.wrong(number, f"{facility} has no need of {item} in the needs. Add it there.")
            continue
        found[facility, item] = found.get((facility, item), 0) + quantity
    return found


def _changes(table: _Table, wanted: Mapping[str, _Rows]) -> list[Change]:
    found = []
    known = {item: set(rows.facilities) for item, rows in wanted.items()}
    for number, row in table.rows(("facility", "item", "quantity", "reason")):
        facility = table.name(number, "facility", row["facility"])
        item = table.name(number, "item", row["item"])
        quantity = table.whole(number, "quantity", row["quantity"])
        if not row["reason"]:
            table.wrong(number, "reason is empty. Say why it is changed by hand.")
        if facility not in known.get(item, ()):
            table.wrong(number, f"{facility} has no need of {item} in the needs. Add it there.")
            continue
        found.append(Change(facility, item, quantity, row["reason"]))
    return found


def write(plans: list[Plan], file: TextIO) -> None:
    """The plan: facility, item, allocated in units, and the fill rate to six decimals, empty where
    nothing is needed. Names that spreadsheet programs would take for a formula get an apostrophe,
    which ``read`` takes off again."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("facility", "item", "allocated", "fill_rate"))
    for plan in plans:
        demand = plan.item.demand
        rates = fill_rates(demand.need, plan.allocated)
        item = safe_cell(plan.item.name)
        writer.writerows(
            (safe_cell(facility), item, given, "" if rate != rate else f"{rate:.6f}")
            for facility, given, rate in zip(
                demand.facilities, plan.allocated.tolist(), rates.tolist(), strict=True
            )
        )
