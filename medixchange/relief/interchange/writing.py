"""Writing tables: headings, HXL hashtags, then the rows; equal tables are equal files.

Text is made harmless for spreadsheet programs (``safe_cell``); numbers stay numbers.
"""

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font

from medixchange.relief.interchange.cells import safe_cell

Cell = str | int | float | Decimal | datetime.date | None
#: The time that our workbooks say they were made at, and that of the parts of their archive.
_WHEN = datetime.datetime(2020, 1, 1)


def csv_bytes(
    headers: Sequence[str],
    tags: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    mark: bool = True,
) -> bytes:
    """A CSV file in UTF-8; lines end as RFC 4180 says.

    Args:
        tags: HXL hashtags; none, where the file is for a program that takes headings only.
        mark: begin with the mark that tells Excel it is UTF-8.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([safe_cell(header) for header in headers])
    if tags:
        writer.writerow(tags)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig" if mark else "utf-8")


def xlsx_bytes(
    headers: Sequence[str],
    tags: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    title: str = "data",
) -> bytes:
    """An XLSX workbook of one sheet, with the headings in view when it is scrolled."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.title = title[:31]
    sheet.append([safe_cell(header) for header in headers])
    if tags:
        sheet.append(list(tags))
    for row in rows:
        sheet.append([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A3" if tags else "A2"
    stream = io.BytesIO()
    book.save(stream)
    return _timeless(stream.getvalue())


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return safe_cell(cell)
        case datetime.date():
            return cell.isoformat()
        case float():
            return format(Decimal(repr(cell)), "f")
        case Decimal():
            return format(cell, "f")
        case _:
            return str(cell)


def _timeless(content: bytes) -> bytes:
    """A workbook without the times it was written at, so that equal tables are equal files."""
    when = _WHEN.isoformat() + "Z"
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for part in given.infolist():
            data = given.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z(?=<)", when.encode(), data)
            entry = zipfile.ZipInfo(part.filename, _WHEN.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, data)
    return stream.getvalue()
