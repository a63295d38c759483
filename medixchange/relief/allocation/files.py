"""Needs, supply, what was shipped and changes by hand as CSV files, and the plan as one."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TextIO

from medixchange.relief.allocation import columns
from medixchange.relief.allocation.columns import DIGITS, NOBODY, Rows
from medixchange.relief.allocation.fairness import fill_rates
from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import LARGEST, NOT_GIVEN, Arrival, Change, Demand, Item
from medixchange.relief.interchange.cells import safe_cell

#: So many mistakes are told; a file with more has another fault than a slip.
TOLD = 20
#: What may part the cells. The heading shows which: it has to name the columns.
MARKS = ",;\t|"
_NEEDS = ("facility", "item", "need"), ("floor", "cap", "priority", "population")
_WHOLE = re.compile(rf"\d{{1,{DIGITS}}}", re.ASCII)


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

    @cached_property
    def content(self) -> bytes:
        """All of it, read once: a pipe gives it only once."""
        return self.path.read_bytes()

    def opened(self, required: tuple[str, ...]) -> tuple[Any, list[str], str]:
        """A CSV reader that stands below the heading, the names of the columns, and the mark that
        parts the cells: of ``MARKS`` the first that cuts the heading into the most of the columns
        that it must name."""
        headings: dict[str, list[str]] = {}
        for mark in MARKS:
            # With the wrong mark, quotation marks may end where no cell does.
            with suppress(csv.Error):
                headings[mark] = [name.strip().lower() for name in next(self._reader(mark), [])]
        # The first of equals; with none, the reader of commas says why.
        best = max(
            headings, key=lambda mark: sum(name in headings[mark] for name in required), default=","
        )
        reader = self._reader(best)
        next(reader, None)
        return reader, headings[best], best

    def _reader(self, mark: str) -> Any:
        text = io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8-sig", newline="")
        return csv.reader(text, delimiter=mark, strict=True)

    def rows(
        self, required: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Iterator[tuple[int, dict[str, str]]]:
        """Rows that are not blank, with their numbers in the file, the heading being row 1."""
        try:
            reader, names, mark = self.opened(required)
            if not self.content.strip(b"\xef\xbb\xbf\r\n"):
                self.problems.append(
                    f"{self.path.name}: the file is empty. Its first row names the columns: "
                    f"{', '.join(required)}."
                )
                return
            if what := _heading_faults(names, required, optional, mark):
                self.wrong(1, what)
                return
            for cells in reader:
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) > len(names):
                    self.wrong(reader.line_num, _too_many(len(cells), len(names), mark))
                    continue
                row = dict(zip(names, cells, strict=False))
                yield (
                    reader.line_num,
                    {name: row.get(name, "").strip() for name in (*required, *optional)},
                )
        except UnicodeDecodeError:
            raise BadFiles(
                [f"{self.path.name}: the text is not UTF-8{self._bad_byte()}. Save it as UTF-8."]
            ) from None
        except csv.Error as error:
            self.problems.append(f"{self.path.name}: it cannot be read as CSV: {error}.")

    def _bad_byte(self) -> str:
        try:
            self.content.decode()
        except UnicodeDecodeError as error:
            return f" (byte {error.start})"
        return ""

    def columns(
        self, required: tuple[str, ...], optional: tuple[str, ...]
    ) -> dict[str, Rows] | None:
        """The needs by item, read by columns; None where anything in the table is wrong."""
        try:
            reader, names, mark = self.opened(required)
            if _heading_faults(names, required, optional, mark):
                return None
            return columns.needs(self.content, names, mark, reader)
        except (UnicodeDecodeError, csv.Error):
            return None

    def name(self, row: int, column: str, text: str) -> str:
        name = columns.readable(text)
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


def _heading_faults(
    names: list[str], required: tuple[str, ...], optional: tuple[str, ...], mark: str
) -> str:
    """What is wrong with the names of the columns, else nothing."""
    missing = [name for name in required if name not in names]
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if missing:
        parted = "" if mark == "," else f" The cells of this file are parted by {_called(mark)}."
        return (
            f"there is no column {', '.join(missing)}. "
            f"The columns are {', '.join((*required, *optional))}.{parted}"
        )
    return f"the column {', '.join(twice)} occurs twice. Keep one." if twice else ""


def _too_many(cells: int, columns: int, mark: str) -> str:
    told = f"it has {cells} cells for {columns} columns. "
    if mark == ",":
        return (
            f"{told}A number with a thousands separator needs quotes, and none is taken: "
            "write 1000."
        )
    return (
        f"{told}The cells of this file are parted by {_called(mark)}; a text with one needs quotes."
    )


def _called(mark: str) -> str:
    return "tabs" if mark == "\t" else f"“{mark}”"


def read(
    needs: Path,
    supply: Path,
    *,
    shipped: Path | None,
    changes: Path | None,
    round_up: bool = False,
) -> "Files":
    """Everything that a plan is made of.

    Args:
        round_up: the last pack of a facility may go past its need, never past its cap.

    Raises:
        BadFiles: anything in them cannot be meant; up to 20 mistakes are told at once.
    """
    problems: list[str] = []
    table = _Table(needs, problems)
    wanted = table.columns(*_NEEDS) or _needs(table)
    arrivals, packs = _supply(_Table(supply, problems))
    if any(item not in arrivals and not rows.at for item, rows in wanted.items()):
        wanted = _needs(table)  # To tell where they stand.
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
        rows = wanted.get(name, NOBODY)
        demand = Demand.of(
            rows.facilities,
            rows.need,
            floor=rows.floor,
            cap=rows.cap,
            priority=rows.priority,
            population=rows.population,
            shipped=[sent.get((facility, name), 0) for facility in rows.facilities]
            if sent
            else None,
        )
        items.append(Item.of(name, demand, each, pack=packs[name], round_up=round_up))
    return Files(items, changed)


@dataclass(frozen=True, eq=False)
class Files:
    """What was read."""

    items: list[Item]
    changes: list[Change]


def _needs(table: _Table) -> dict[str, Rows]:
    """The needs read row by row, which is slower and tells what is wrong."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    seen: dict[tuple[str, str], int] = {}
    for number, row in table.rows(*_NEEDS):
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
        priority = _priority(table, number, row["priority"])
        found.setdefault(item, []).append(
            (facility, need, floor, cap, priority, population, number)
        )
    return {
        item: Rows(*([*column] for column in zip(*rows, strict=True)))
        for item, rows in found.items()
    }


def _priority(table: _Table, row: int, text: str) -> Decimal:
    value = columns.priority_of(text)
    if value is None:
        table.wrong(
            row,
            f"priority is “{text[:40]}”. Give a number from 0 to 1000 with a point and at most "
            "three decimals.",
        )
        return Decimal(1)
    return value


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


def _shipped(table: _Table, wanted: Mapping[str, Rows]) -> dict[tuple[str, str], int]:
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


def _changes(table: _Table, wanted: Mapping[str, Rows]) -> list[Change]:
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
    safe = cache(safe_cell)  # A facility needs many items.
    writer.writerow(("facility", "item", "allocated", "fill_rate"))
    for plan in plans:
        demand = plan.item.demand
        rates = fill_rates(demand.need, plan.allocated)
        item = safe(plan.item.name)
        writer.writerows(
            (safe(facility), item, given, "" if rate != rate else f"{rate:.6f}")
            for facility, given, rate in zip(
                demand.facilities, plan.allocated.tolist(), rates.tolist(), strict=True
            )
        )
