"""A table of needs read by columns: the quick way for hundreds of thousands of rows.

It takes only what is entirely right. For anything else it gives up, and the reader that goes row by
row (``files``) says what is wrong and where. So both must take the same tables to be right and read
the same from them; a property test holds them together.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import islice

import numpy as np

from medixchange.relief.allocation.problem import LARGEST, NOT_GIVEN, PRIORITY_SCALE, Ints
from medixchange.relief.interchange.cells import clean, unguarded

#: A number of units has at most so many digits.
DIGITS = 13
#: Rows that are turned into columns at a time, so that a large file is not held as text twice.
_BATCH = 20_000
_THOUSANDTH = Decimal("0.001")
_COLUMNS = ("facility", "item", "need", "floor", "cap", "priority", "population")


@dataclass(frozen=True, eq=False)
class Rows:
    """The needs of one item, as columns: lists where they were read row by row, else arrays."""

    facilities: list[str]
    need: list[int] | Ints
    floor: list[int] | Ints
    cap: list[int] | Ints
    priority: list[Decimal] | Ints
    population: list[int] | Ints
    #: Their rows in the file; none where they were read by columns.
    at: Sequence[int] = ()


#: The rows of an item that nobody needs.
NOBODY = Rows([], [], [], [], [], [])


@dataclass(frozen=True, eq=False)
class _Batch:
    facilities: list[str]
    items: list[str]
    need: Ints
    floor: Ints
    cap: Ints
    #: In thousandths.
    priority: Ints
    population: Ints


def readable(text: str) -> str:
    """A name as we keep it. Some programs write an accent as a letter of its own; a name is one
    name in all files."""
    plain = text.isascii() and text.isprintable() and text[:1] != "'"
    return text if plain else unguarded(clean(text))


def priority_of(text: str) -> Decimal | None:
    """A priority from 0 to 1000 with at most three decimals, 1 where nothing is said; None where
    the text is none."""
    if not text:
        return Decimal(1)
    try:
        value = Decimal(text)
        right = value.is_finite() and 0 <= value <= 1000 and value == value.quantize(_THOUSANDTH)
    except InvalidOperation:
        return None
    return value if right else None


def needs(
    content: bytes, heading: Sequence[str], mark: str, reader: Iterator[list[str]]
) -> dict[str, Rows] | None:
    """The needs of each item, or None where any row is not right.

    Args:
        content: the file, its heading in the first line.
        heading: the names of the columns, each at most once, those of needs among them.
        mark: parts the cells.
        reader: gives the same rows, from below the heading, by the rules of CSV.

    Raises:
        csv.Error, UnicodeDecodeError: the file is no CSV in UTF-8.
    """
    places = {name: heading.index(name) for name in _COLUMNS if name in heading}
    cells = _cut(content, mark, len(heading))
    if cells is not None and all(map(str.strip, cells[places["facility"]])):
        batch = _batch(cells, places)
        return None if batch is None else _by_item([batch])
    batches = []
    while rows := list(islice(reader, _BATCH)):
        # Blank lines, and rows whose last cells are left out.
        rows = [row for row in rows if any(map(str.strip, row))]
        if any(len(row) > len(heading) for row in rows):
            return None
        rows = [row + [""] * (len(heading) - len(row)) for row in rows]
        batch = _batch(list(zip(*rows, strict=True)), places) if rows else None
        if batch is None and rows:
            return None
        if batch is not None:
            batches.append(batch)
    return _by_item(batches)


def _cut(content: bytes, mark: str, width: int) -> list[list[str]] | None:
    """The columns of a file without quotation marks whose rows all have as many cells: cut at the
    marks in one go. None for any other file."""
    content = content.replace(b"\r\n", b"\n").rstrip(b"\n")
    if b'"' in content or b"\r" in content:
        return None
    letters = np.frombuffer(content, np.uint8)
    ends = np.append(np.flatnonzero(letters == ord("\n")), len(letters))
    marks = np.searchsorted(np.flatnonzero(letters == ord(mark)), ends)
    longest = int(np.diff(ends, prepend=0).max())
    if (np.diff(marks, prepend=0) != width - 1).any() or longest > csv.field_size_limit():
        return None
    below = content[ends[0] + 1 :].decode("utf-8")
    cells = below.replace("\n", mark).split(mark) if below else []
    return [cells[at::width] for at in range(width)]


def _batch(columns: Sequence[Sequence[str]], places: dict[str, int]) -> _Batch | None:
    def texts(name: str) -> list[str]:
        return list(map(str.strip, columns[places[name]])) if name in places else []

    facilities, items = _names(texts("facility")), _names(texts("item"))
    if "" in facilities or "" in items:
        return None
    count = len(facilities)
    need = _numbers(texts("need"), count, None)
    floor = _numbers(texts("floor"), count, 0)
    cap = _numbers(texts("cap"), count, NOT_GIVEN)
    population = _numbers(texts("population"), count, NOT_GIVEN)
    if need is None or floor is None or cap is None or population is None:
        return None
    if ((cap != NOT_GIVEN) & (cap < floor)).any():
        return None
    said = texts("priority")
    scaled: dict[str, int] = {}
    for text in {"", *said}:
        value = priority_of(text)
        if value is None:
            return None
        scaled[text] = int(value * PRIORITY_SCALE)
    priority = np.array([scaled[text] for text in said or [""] * count], np.int64)
    return _Batch(facilities, items, need, floor, cap, priority, population)


def _names(texts: list[str]) -> list[str]:
    together = "".join(texts)
    if together.isascii() and together.isprintable() and "'" not in together:
        return texts
    known = {text: readable(text) for text in set(texts)}
    return [known[text] for text in texts]


def _numbers(texts: list[str], count: int, default: int | None) -> Ints | None:
    """Whole numbers of units, the default where the cell is empty or there is no such column; None
    where one of them is no number."""
    numbers = np.full(count, default or 0, np.int64)
    if not texts:
        return numbers
    try:
        letters = np.frombuffer("\n".join(texts).encode("ascii"), np.uint8)
    except UnicodeEncodeError:
        return None
    breaks = np.flatnonzero((letters < ord("0")) | (letters > ord("9")))
    if len(breaks) != count - 1 or (letters[breaks] != ord("\n")).any():
        return None
    digits = np.diff(breaks, prepend=-1, append=len(letters)) - 1
    given = digits > 0
    if digits.max() > DIGITS or (default is None and not given.all()):
        return None
    # Of nothing but digits numpy makes numbers many times as fast as ``int``.
    numbers[given] = np.fromstring(letters.tobytes(), np.int64, sep="\n")
    return numbers if numbers.max() <= LARGEST else None


def _by_item(batches: list[_Batch]) -> dict[str, Rows] | None:
    """Each item's rows, in their order; None where a facility needs an item twice."""
    batches = [batch for batch in batches if batch.facilities]
    if not batches:
        return {}
    codes: dict[str, int] = {}
    item = np.array(
        [codes.setdefault(name, len(codes)) for batch in batches for name in batch.items], np.int64
    )
    order = np.argsort(item, kind="stable")
    ends = np.cumsum(np.bincount(item))
    facilities = np.array([name for batch in batches for name in batch.facilities], object)
    need, floor, cap, priority, population = (
        np.concatenate(columns)
        for columns in zip(
            *((one.need, one.floor, one.cap, one.priority, one.population) for one in batches),
            strict=True,
        )
    )
    found = {}
    for name, at in zip(codes, np.split(order, ends[:-1]), strict=True):
        theirs = facilities[at].tolist()
        if len(set(theirs)) < len(theirs):
            return None
        found[name] = Rows(
            theirs, need[at], floor[at], cap[at], _unscaled(priority[at]), population[at]
        )
    return found


def _unscaled(priority: Ints) -> list[Decimal] | Ints:
    """Priorities of thousandths."""
    if (priority % PRIORITY_SCALE).any():
        return [Decimal(value) / PRIORITY_SCALE for value in priority.tolist()]
    return priority // PRIORITY_SCALE
