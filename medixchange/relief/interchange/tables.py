"""Tables from CSV, TSV and XLSX files, with or without a row of HXL hashtags.

Each row keeps its number in the file, as a spreadsheet program shows it, so that whoever sent the
file finds the row again. What is left out is told.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from medixchange.core.countries import normalise
from medixchange.relief.interchange import hashtags, sheets, text
from medixchange.relief.interchange.base import Finding, Unreadable, at
from medixchange.relief.interchange.cells import clean, formula_found, is_formula, unguarded
from medixchange.relief.interchange.hashtags import Hashtag

T = TypeVar("T")

LARGEST_FILE = 50_000_000
MOST_ROWS = 500_000
MOST_COLUMNS = 1_000
#: The headings and hashtags are looked for in so many rows, as libhxl does.
_HEAD = 25
#: A row of headings fills at least this share of the columns; a title above them does not.
_FILLED = 2 / 3


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file from 1, its cells, and why it should not be used, if so."""

    number: int
    cells: tuple[str, ...]
    problems: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as read. ``headers`` and ``hashtags`` are as long as its widest row."""

    path: Path
    #: ``csv``, ``tsv`` or ``xlsx``.
    format: str
    encoding: str
    headers: tuple[str, ...]
    hashtags: tuple[Hashtag | None, ...]
    rows: tuple[Row, ...]
    #: Blank rows among those of data.
    blank: int = 0
    notes: tuple[Finding, ...] = ()

    @property
    def tagged(self) -> bool:
        """Whether it has a row of hashtags."""
        return any(tag is not None for tag in self.hashtags)


@dataclass(slots=True)
class _Raw:
    format: str
    encoding: str
    rows: Iterator[list[str]]
    notes: list[Finding] = field(default_factory=list)


def read(
    path: Path,
    *,
    known: Collection[str] = (),
    encoding: str | None = None,
    sheet: str | None = None,
) -> Table:
    """A file's table.

    Args:
        known: normalised headings that the caller looks for; the row with most of them is the row
            of headings. Without them, and without hashtags, it is the first row that fills two
            thirds of the columns.
        encoding: of a text file, where the sender has named it.
        sheet: of a workbook; else its first.

    Raises:
        Unreadable: the file is empty, is no table, or is not safe to read.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Unreadable(
                path,
                "",
                _("the file is larger than %(limit)d MB.") % {"limit": LARGEST_FILE // 1_000_000},
                _("Cut it into several files."),
            )
        content = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            path,
            "",
            _("the file cannot be read (%(why)s).") % {"why": error.strerror},
            _("Check its name and permissions."),
        ) from error
    raw = _open(content, path, encoding, sheet)
    rows = list(_limited(raw.rows, path))
    if not any(any(cell.strip() for cell in row) for row in rows):
        raise Unreadable(path, "", _("the file is empty."), _("Send the file with its rows."))
    return _table(rows, raw, path, known)


def records(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a published table by its own headings, each with its number in the file.

    Raises:
        Unreadable: it is no table, lacks one of the columns needed, or holds a formula.
    """
    table = read(path, known={normalise(name) for name in needed})
    missing = [name for name in needed if name not in table.headers]
    if missing:
        raise Unreadable(
            path,
            "",
            _("there is no column %(names)s.") % {"names": ", ".join(missing)},
            _("Give the table as it is published."),
        )
    for row in table.rows:
        for problem in row.problems:
            raise Unreadable(path, problem.where, problem.what, problem.remedy)
    return [(row.number, dict(zip(table.headers, row.cells, strict=True))) for row in table.rows]


def _open(content: bytes, path: Path, encoding: str | None, sheet: str | None) -> _Raw:
    """The rows of a file, by what its bytes are; its name only tells tabs from commas."""
    if content.startswith(b"PK\x03\x04"):
        if path.suffix.lower() in {".xlsm", ".xltm", ".xlsb"}:
            raise Unreadable(
                path,
                "",
                _("this kind of workbook may carry macros."),
                _("Save it as XLSX without macros, or as CSV."),
            )
        return _Raw("xlsx", "", sheets.rows(content, path, sheet))
    _refuse_other_kinds(content, path)
    notes = []
    if encoding is not None:
        try:
            decoded = text.Decoded(content.decode(encoding), encoding, True)
        except (UnicodeDecodeError, LookupError) as error:
            raise Unreadable(
                path,
                "",
                _("the file is not in the encoding %(encoding)s.") % {"encoding": encoding},
                _("Leave the encoding out, or name the right one."),
            ) from error
    else:
        decoded = text.decode(content, path)
    if not decoded.certain:
        notes.append(
            Finding(
                _("the file is not UTF-8; it was read as Western European (Windows-1252)."),
                path.name,
                _("Check the accented letters, or save it as UTF-8."),
            )
        )
    tabs = path.suffix.lower() in {".tsv", ".tab"} and "\t" in decoded.text
    mark = "\t" if tabs else text.delimiter(decoded.text)
    kind = "tsv" if mark == "\t" else "csv"
    return _Raw(kind, decoded.encoding, text.rows(decoded.text, mark, path), notes)


def _refuse_other_kinds(content: bytes, path: Path) -> None:
    start = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    kind = ""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        kind = _("an old or a locked Excel file")
    elif start.startswith(b"%pdf"):
        kind = "PDF"
    elif start.startswith((b"<!doctype", b"<html", b"<?xml")):
        kind = _("a web page")
    elif path.suffix.lower() == ".json" or start.startswith((b"{", b"[{", b"[[")):
        kind = "JSON"
    if kind:
        raise Unreadable(
            path,
            "",
            _("this is no table, but %(kind)s.") % {"kind": kind},
            _("Save the table as CSV or XLSX."),
        )


def _limited(rows: Iterable[list[str]], path: Path) -> Iterator[list[str]]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            raise Unreadable(
                path,
                at(number),
                _("the file has more than %(limit)d rows.") % {"limit": MOST_ROWS},
                _("Cut it into several files."),
            )
        if len(row) > MOST_COLUMNS and any(cell.strip() for cell in row[MOST_COLUMNS:]):
            raise Unreadable(
                path,
                at(number),
                _("the row has more than %(limit)d columns.") % {"limit": MOST_COLUMNS},
                _("Send the table alone."),
            )
        yield row[:MOST_COLUMNS]


def _table(raw_rows: list[list[str]], raw: _Raw, path: Path, known: Collection[str]) -> Table:
    rows = [[_cell(cell) for cell in row] for row in raw_rows]
    notes = raw.notes
    tags_at, tags = _hashtag_row(rows)
    if tags is not None:
        headers_at, headers = _headers_above(rows, tags_at)
        first = tags_at + 1
        notes += _untagged(rows[tags_at], tags, tags_at)
    else:
        headers_at = _headings(rows, known)
        headers = rows[headers_at]
        first = headers_at + 1
        tags_at = headers_at
        tags = []
        if first < len(rows) and hashtags.forgot_the_mark(rows[first]):
            notes.append(
                Finding(
                    _("this looks like a row of HXL hashtags without their “#”; it is not used."),
                    at(first + 1),
                    _("Write “#” before each hashtag."),
                )
            )
            first += 1
    notes += _left_out(rows, {headers_at, tags_at}, first)
    _no_formula(raw_rows[: tags_at + 1], path)
    width = max(len(headers), len(tags))
    while width and not (
        (width <= len(headers) and headers[width - 1]) or (width <= len(tags) and tags[width - 1])
    ):
        width -= 1
    data = list(_data(rows, raw_rows, first, width, headers))
    widest = max([width, *(len(row.cells) for row in data)])
    return Table(
        path,
        raw.format,
        raw.encoding,
        tuple(_padded(headers, widest, "")),
        tuple(_padded(tags, widest, None)),
        tuple(data),
        sum(1 for row in rows[first:] if not any(row)) - _trailing_blank(rows),
        tuple(notes),
    )


def _cell(cell: str) -> str:
    return unguarded(clean(cell))


def _padded(cells: Sequence[T], width: int, filler: T) -> list[T]:
    return [*cells, *[filler] * (width - len(cells))][:width]


def _trailing_blank(rows: list[list[str]]) -> int:
    count = 0
    for row in reversed(rows):
        if any(row):
            break
        count += 1
    return count


def _hashtag_row(rows: list[list[str]]) -> tuple[int, list[Hashtag | None] | None]:
    for number, row in enumerate(rows[:_HEAD]):
        tags = hashtags.row(row)
        if tags is not None:
            return number, tags
    return 0, None


def _headers_above(rows: list[list[str]], tags_at: int) -> tuple[int, list[str]]:
    """The headings right above the hashtags. A heading that spans rows stands in the upper one."""
    above = [(number, row) for number, row in enumerate(rows[:tags_at]) if any(row)]
    if not above:
        return tags_at, []
    number, last = above[-1]
    headers = list(last)
    for _number, row in reversed(above[:-1]):
        for column, cell in enumerate(row[: len(headers)]):
            headers[column] = headers[column] or cell
    return number, headers


def _headings(rows: list[list[str]], known: Collection[str]) -> int:
    """Which row holds the headings, in a table without hashtags."""
    head = [(number, row) for number, row in enumerate(rows[:_HEAD]) if any(row)]
    if not head:
        return next(number for number, row in enumerate(rows) if any(row))

    def matches(row: list[str]) -> int:
        return len({normalise(cell) for cell in row if cell} & set(known))

    best = max(head, key=lambda numbered: matches(numbered[1]))
    if matches(best[1]):
        return best[0]
    width = max(sum(1 for cell in row if cell) for _number, row in head)
    for number, row in head:
        if sum(1 for cell in row if cell) >= width * _FILLED:
            return number
    return head[0][0]


def _untagged(cells: list[str], tags: list[Hashtag | None], number: int) -> list[Finding]:
    """Cells of the row of hashtags that are none."""
    return [
        Finding(
            _("“%(text)s” is not an HXL hashtag.") % {"text": cell},
            at(number + 1),
            _("Write it with “#”, such as #country."),
        )
        for cell, tag in zip(cells, tags, strict=True)
        if cell and tag is None
    ]


def _left_out(rows: list[list[str]], used: set[int], first: int) -> list[Finding]:
    """Rows above the data that are neither headings nor hashtags."""
    return [
        Finding(
            _("this row stands above the headings; it was not read as data."),
            at(number + 1),
            _("Nothing to do, if it is a title."),
        )
        for number, row in enumerate(rows[:first])
        if any(row) and number not in used
        and not hashtags.forgot_the_mark(row)
    ]  # fmt: skip


def _no_formula(head: list[list[str]], path: Path) -> None:
    for cell in (cell for row in head for cell in row):
        if isinstance(cell, sheets.Formula):
            raise Unreadable(path, cell.why.where, cell.why.what, cell.why.remedy)


def _data(
    rows: list[list[str]], raw_rows: list[list[str]], first: int, width: int, headers: list[str]
) -> Iterator[Row]:
    for number, (row, raw_row) in enumerate(
        zip(rows[first:], raw_rows[first:], strict=True), first + 1
    ):
        if not any(row):
            continue
        problems = list(_formulas(raw_row, number, headers))
        if any(row[width:]):
            problems.append(
                Finding(
                    _("the row has %(cells)d cells, the table %(columns)d columns.")
                    % {"cells": len(row), "columns": width},
                    at(number),
                    _("Put a value that holds a comma, such as 300,000, in quotation marks."),
                )
            )
        if hashtags.row(row) is not None:
            problems.append(
                Finding(
                    _("this is a second row of hashtags."),
                    at(number),
                    _("Send each table as a file of its own."),
                )
            )
        cells = row if any(row[width:]) else _padded(row, width, "")
        yield Row(number, tuple(cells), tuple(problems))


def _formulas(row: list[str], number: int, headers: list[str]) -> Iterator[Finding]:
    for column, cell in enumerate(row):
        if isinstance(cell, sheets.Formula):
            yield cell.why
        elif is_formula(clean(cell)):
            what, remedy = formula_found()
            heading = headers[column] if column < len(headers) else ""
            yield Finding(what, at(number, heading or str(column + 1)), remedy)
