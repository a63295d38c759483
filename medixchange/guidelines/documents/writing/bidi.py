"""Left-to-right words within right-to-left text, kept in order where markup parts them.

The Unicode bidirectional algorithm (UAX 9) orders a paragraph as a whole. WeasyPrint orders each
run between two pieces of markup by itself and sets the runs from right to left, so that in Arabic
text 10<sup>9</sup> would come out as the 9 before the 10. Where such words are within an isolate
of their own direction (``bdi``), it and every browser order them alike.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from medixchange.guidelines.documents.model import InlineKind
from medixchange.guidelines.documents.tree import Node, Pair, Point

_LEFT, _RIGHT, _DIGIT, _SPACE, _OTHER = "L", "R", "N", "S", "O"
_CLASSES = {"L": _LEFT, "R": _RIGHT, "AL": _RIGHT, "EN": _DIGIT, "WS": _SPACE, "S": _SPACE}


@dataclass(frozen=True, slots=True)
class Unit:
    """A character of a run of words, or a whole piece of markup; with the number of its node."""

    node: int
    what: Node
    direction: str


def parts(nodes: Sequence[Node]) -> list[tuple[bool, list[Node]]]:
    """Nodes of right-to-left text in order; true for those that need an isolate."""
    units = list(_units(nodes))
    directions = {unit.direction for unit in units}
    if _LEFT in directions and _RIGHT not in directions:
        # A line of Latin words only, such as "5–10 mg/kg", is read in its own direction.
        return [(True, list(nodes))]
    out: list[tuple[bool, list[Node]]] = []
    at = 0
    for start, end in _crossing(units):
        out += [(False, _joined(units[at:start])), (True, _joined(units[start:end]))]
        at = end
    out.append((False, _joined(units[at:])))
    return [part for part in out if part[1]]


def has_right_to_left(text: str) -> bool:
    """Whether a letter of the text is written from right to left."""
    return any(_CLASSES.get(unicodedata.bidirectional(char)) == _RIGHT for char in text)


def _units(nodes: Sequence[Node]) -> Iterator[Unit]:
    for number, node in enumerate(nodes):
        if isinstance(node, str):
            for char in node:
                yield Unit(number, char, _class(char))
        else:
            yield Unit(number, node, _whole(node))


def _class(char: str) -> str:
    return _CLASSES.get(unicodedata.bidirectional(char), _OTHER)


def _whole(node: Node) -> str:
    """The direction of a piece of markup: right-to-left if any of it is."""
    if isinstance(node, Pair):
        within = {unit.direction for unit in _units(node.children)}
        return next((each for each in (_RIGHT, _LEFT, _DIGIT) if each in within), _OTHER)
    if isinstance(node, Point) and node.kind is InlineKind.FOOTNOTE_MARK:
        return _DIGIT
    # A line break ends what can be ordered together.
    is_break = isinstance(node, Point) and node.kind is InlineKind.LINE_BREAK
    return _RIGHT if is_break else _OTHER


def _crossing(units: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """Where left-to-right words run over more than one node."""
    at = 0
    for is_right, group in groupby(units, key=lambda unit: unit.direction == _RIGHT):
        run = list(group)
        if not is_right:
            for start, end in _within(run):
                if run[start].node != run[end - 1].node:
                    yield at + start, at + end
        at += len(run)


def _within(run: Sequence[Unit]) -> Iterator[tuple[int, int]]:
    """The stretches of a run without right-to-left letters that are one in order.

    From the first Latin letter on, all is one up to the last letter or digit. Before it only what
    stands without a space: a number has the direction of the text around it.
    """
    first = next((at for at, unit in enumerate(run) if unit.direction == _LEFT), len(run))
    while 0 < first < len(run) and run[first - 1].direction != _SPACE:
        first -= 1
    at = 0
    while at < first:
        end = at
        while end < first and run[end].direction != _SPACE:
            end += 1
        yield from _trimmed(run, at, end)
        at = end + 1
    yield from _trimmed(run, first, len(run))


def _trimmed(run: Sequence[Unit], start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch from its first letter or digit to its last."""
    strong = [at for at in range(start, end) if run[at].direction in (_LEFT, _DIGIT)]
    if strong:
        yield strong[0], strong[-1] + 1


def _joined(units: Sequence[Unit]) -> list[Node]:
    out: list[Node] = []
    for unit in units:
        if isinstance(unit.what, str) and out and isinstance(last := out[-1], str):
            out[-1] = last + unit.what
        else:
            out.append(unit.what)
    return out
