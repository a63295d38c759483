"""pandoc's tables as rows of our cells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medixchange.guidelines.documents.model import Cell, Text
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.safety import limits


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as pandoc has it: rows of ``(is header, how many header columns, cells)``."""

    caption: list[Json]
    rows: list[tuple[bool, int, list[Json]]]

    @property
    def only_cell(self) -> list[Json] | None:
        """The blocks of its one cell where it has no more: a frame around text, not a table."""
        cells = [cell for _header, _columns, row in self.rows for cell in row]
        filled = [cell for cell in cells if cell[4]]
        if len(filled) == 1 and len(cells) == 1:
            blocks: list[Json] = filled[0][4]
            return blocks
        return None


def grid(content: Json) -> Grid:
    """The rows of a pandoc table: head, bodies with heads of their own, foot. Empty heads go."""
    _attributes, caption, _columns, head, bodies, foot = content
    rows: list[tuple[bool, int, list[Json]]] = []
    for _a, cells in head[1]:
        if any(cell[4] for cell in cells):
            rows.append((True, 0, cells))
    for _a, columns, heads, body in bodies:
        rows += [(True, 0, cells) for _b, cells in heads]
        rows += [(False, columns, cells) for _b, cells in body]
    rows += [(False, 0, cells) for _a, cells in foot[1]]
    return Grid(caption[1], [row for row in rows if row[2]])


def cells(table: Grid, text: Callable[[list[Json]], Text]) -> tuple[tuple[Cell, ...], ...]:
    """Its cells. ``text`` makes the words of a cell's blocks."""
    out: list[tuple[Cell, ...]] = []
    #: Columns that a cell from above reaches into, and for how many more rows.
    below: dict[int, int] = {}
    for number, (header, columns, row) in enumerate(table.rows):
        left = len(table.rows) - number
        made: list[Cell] = []
        at = 0
        for _attributes, _alignment, rowspan, colspan, blocks in row:
            while below.get(at, 0) > 0:
                at += 1
            rowspan = max(1, min(rowspan, left, limits.SPAN))
            colspan = max(1, min(colspan, limits.SPAN))
            made.append(Cell(text(blocks), header or at < columns, rowspan, colspan))
            for column in range(at, at + colspan):
                below[column] = max(below.get(column, 0), rowspan)
            at += colspan
        below = {column: rows - 1 for column, rows in below.items() if rows > 1}
        out.append(tuple(made))
    return tuple(out)


def empty(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether no cell has words."""
    return not any(cell.text.text for row in rows for cell in row)
