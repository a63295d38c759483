"""Tables in HTML, with the scopes that tell a screen reader which header belongs to a cell."""

from collections.abc import Callable, Sequence
from html import escape

from medixchange.guidelines.documents.model import Block, Cell, Text


def table(block: Block, *, inline: Callable[[Text], str], attributes: str, name: str) -> str:
    """A table block.

    Args:
        block: of kind ``table``.
        inline: makes HTML of words.
        attributes: further attributes of the ``table`` element.
        name: what to call it where it has no caption.
    """
    caption = inline(block.text)
    heads = head_rows(block.rows)
    parts = [f"<caption>{caption}</caption>" if caption else ""]
    for element, rows, at in (
        ("thead", block.rows[:heads], 0),
        ("tbody", block.rows[heads:], heads),
    ):
        if rows:
            made = "".join(
                _row(row, at + number < heads, inline) for number, row in enumerate(rows)
            )
            parts.append(f"<{element}>{made}</{element}>")
    said = "" if caption else f' aria-label="{escape(name)}"'
    # A wide table is moved sideways by itself; by keyboard too, so it can have the focus.
    return (
        f'<div class="scroll" tabindex="0" role="group"><table{attributes}{said}>'
        f"{''.join(parts)}</table></div>"
    )


def head_rows(rows: Sequence[Sequence[Cell]]) -> int:
    """How many rows at the top are headers and no cell of theirs reaches below them."""
    count = 0
    while count < len(rows) and rows[count] and all(cell.header for cell in rows[count]):
        count += 1
    reach = max(
        (at + cell.rowspan for at, row in enumerate(rows[:count]) for cell in row), default=0
    )
    return count if reach <= count else 0


def _row(row: Sequence[Cell], head: bool, inline: Callable[[Text], str]) -> str:
    column = head or (len(row) > 1 and all(cell.header for cell in row))
    return f"<tr>{''.join(_cell(cell, column, inline) for cell in row)}</tr>"


def _cell(cell: Cell, column: bool, inline: Callable[[Text], str]) -> str:
    spans = f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else ""
    spans += f' colspan="{cell.colspan}"' if cell.colspan > 1 else ""
    if not cell.header:
        return f"<td{spans}>{inline(cell.text)}</td>"
    if column:
        scope = "colgroup" if cell.colspan > 1 else "col"
    else:
        scope = "rowgroup" if cell.rowspan > 1 else "row"
    return f'<th scope="{scope}"{spans}>{inline(cell.text)}</th>'


def unmerged(rows: Sequence[Sequence[Cell]]) -> list[list[tuple[Cell, bool]]]:
    """The cells of a table in a grid of equal rows, for formats that cannot merge cells.

    A merged cell stands in every place it covers, since what it says holds for each; the flag is
    true in its first place.
    """
    grid: list[dict[int, tuple[Cell, bool]]] = [{} for _row in rows]
    for number, row in enumerate(rows):
        at = 0
        for cell in row:
            while at in grid[number]:
                at += 1
            for down in range(number, min(number + cell.rowspan, len(rows))):
                for across in range(at, at + cell.colspan):
                    grid[down].setdefault(across, (cell, (down, across) == (number, at)))
            at += cell.colspan
    width = max((max(line, default=-1) + 1 for line in grid), default=0)
    nothing = (Cell(Text()), True)
    return [[line.get(column, nothing) for column in range(width)] for line in grid]
