"""XLSX workbooks, read without trusting them: no formula is evaluated, no macro accepted."""

import datetime
import io
import warnings
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from medixchange.relief.interchange.base import Finding, Unreadable

#: A workbook may unpack to this many bytes, and to this many times its own size.
LARGEST_UNPACKED = 300_000_000
LARGEST_RATIO = 200
MOST_PARTS = 2_000
#: A document type is declared at the beginning of a part, before its first element.
_HEAD = 4_096


class Formula(str):
    """The text of a cell that held a formula or an error: not to be used. Says why as ``why``."""

    __slots__ = ("why",)
    why: Finding


def check_package(content: bytes, path: Path) -> None:
    """Refuse a workbook with macros, one that unpacks to too much, and one with entities.

    Raises:
        Unreadable: it is broken, carries macros, or is built to fill the disk.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _broken(path) from error
    unpacked = sum(part.file_size for part in parts)
    if (
        len(parts) > MOST_PARTS
        or unpacked > LARGEST_UNPACKED
        or unpacked > max(len(content) * LARGEST_RATIO, 5_000_000)
    ):
        raise Unreadable(
            path,
            "",
            _("the workbook unpacks to far more than a table needs."),
            _("Copy the table into a new workbook, or save it as CSV."),
        )
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name or "macrosheets" in name for name in names):
        raise Unreadable(
            path,
            "",
            _("the workbook carries macros."),
            _("Save it as XLSX without macros, or CSV."),
        )
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise _broken(path)
    if any(_declares(archive, part) for part in parts if part.filename.endswith((".xml", ".rels"))):
        raise _broken(path)


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether an XML part declares a document type, as none of a spreadsheet program does: it is
    where entities are defined that grow when they are read."""
    try:
        with archive.open(part) as stream:
            head = stream.read(_HEAD).replace(b"\x00", b"")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
        return True
    return b"<!DOCTYPE" in head.upper()


def rows(content: bytes, path: Path, sheet: str | None = None) -> Iterator[list[str]]:
    """The rows of a sheet (the first, where none is named) as text, in its order.

    Numbers are written plainly, dates as ISO 8601. A cell with a formula is a ``Formula``.

    Raises:
        Unreadable: as ``check_package``; or there is no such sheet.
    """
    check_package(content, path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except (
        InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError,
        SyntaxError, AttributeError,
    ) as error:  # fmt: skip
        raise _broken(path) from error
    try:
        page = _page(book, path, sheet)
        # What a file says of its own size is not to be relied on.
        page.reset_dimensions()
        yield from _read(page, path)
    finally:
        book.close()


def _page(book: Any, path: Path, sheet: str | None) -> Any:
    names = [page.title for page in book.worksheets]
    if sheet is not None and sheet not in names:
        raise Unreadable(
            path,
            "",
            _("there is no sheet “%(sheet)s”.") % {"sheet": sheet},
            _("It has: %(names)s.") % {"names": ", ".join(names)},
        )
    if not names:
        raise Unreadable(path, "", _("the workbook has no sheet."), _("Add the table and save it."))
    return book[sheet] if sheet is not None else book.worksheets[0]


def _read(page: Any, path: Path) -> Iterator[list[str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for number, row in enumerate(page.iter_rows(), 1):
                yield [_text(cell, number, column) for column, cell in enumerate(row, 1)]
    except (
        KeyError, ValueError, TypeError, IndexError, AttributeError, SyntaxError, zipfile.BadZipFile
    ) as error:  # fmt: skip
        if isinstance(error, Unreadable):
            raise
        raise _broken(path) from error


def _text(cell: Any, row: int, column: int) -> str:
    value = cell.value
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return _not_a_value(
            row, column, _("a formula stands here; formulas are not evaluated."), "formula"
        )
    if kind == "e":
        return _not_a_value(
            row, column, _("an error value stands here (%(value)s).") % {"value": value}, str(value)
        )
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else _plain(value)
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def _plain(value: float) -> str:
    return format(Decimal(repr(value)), "f")


def _not_a_value(row: int, column: int, what: str, shown: str) -> Formula:
    cell = Formula(shown)
    cell.why = Finding(
        what,
        _("cell %(address)s") % {"address": f"{get_column_letter(column)}{row}"},
        _("Put the value itself there: copy it, and paste it as a value."),
    )
    return cell


def _broken(path: Path) -> Unreadable:
    return Unreadable(
        path,
        "",
        _("this is not a workbook that can be read."),
        _("Open it in a spreadsheet program, and save it as XLSX or CSV."),
    )
