"""Writing a table piece by piece, so that a large one is never whole in memory."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from medixchange.relief.exports.base import Asker, Table
from medixchange.relief.exports.goods import chunks
from medixchange.relief.interchange.writing import Cell, csv_bytes, xlsx_bytes

#: Media types by format.
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
#: What ``csv_bytes`` writes before the rows, where there are no headings: mark and an empty line.
_BEFORE = len(csv_bytes([], (), []))


def stream(table: Table, kind: str, asker: Asker) -> Iterator[bytes]:
    """A table in a format, in pieces. A workbook comes in one, since it is compressed as one."""
    match kind:
        case "csv":
            yield csv_bytes(table.headings, table.hashtags, [])
            for batch in chunks(iter(table.rows(asker))):
                yield csv_bytes([], (), batch)[_BEFORE:]
        case "xlsx":
            yield xlsx_bytes(
                table.headings, table.hashtags, table.rows(asker), title=str(table.title)
            )
        case "json":
            yield from _json(table, asker)
        case _:
            raise ValueError(kind)


def _json(table: Table, asker: Asker) -> Iterator[bytes]:
    yield f'{{"table": "{table.name}", "rows": ['.encode()
    first = True
    for batch in chunks(iter(table.rows(asker))):
        told = [
            json.dumps(dict(zip(table.headings, map(_plain, row), strict=True)), ensure_ascii=False)
            for row in batch
        ]
        yield (("\n" if first else ",\n") + ",\n".join(told)).encode()
        first = False
    yield b"\n]}\n"


def _plain(cell: Cell) -> str | int | float | None:
    match cell:
        case date():
            return cell.isoformat()
        case Decimal():
            return float(cell)
        case _:
            return cell
