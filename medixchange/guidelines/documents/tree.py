"""Words with inline markup as a small tree, and to and from the numbered tags of ``model.Text``.

Readers build trees and tidy them; writers walk them. The numbered form lies between, where
segments, memory and translators live.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from medixchange.guidelines.documents.model import Inline, InlineKind, Text
from medixchange.guidelines.documents.words import wide
from medixchange.translation.inline import TAG, pieces, plain, well_formed

#: Tags have at most three digits.
MOST_TAGS = 999


@dataclass(frozen=True, slots=True)
class Pair:
    """Markup around words: bold, a link and the like."""

    kind: InlineKind
    children: tuple["Node", ...]
    target: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """Markup that stands for itself: a footnote mark, a line break, a picture."""

    kind: InlineKind
    target: str = ""


Node = str | Pair | Point

POINTS = frozenset({InlineKind.FOOTNOTE_MARK, InlineKind.LINE_BREAK, InlineKind.PICTURE})
_BREAK = Point(InlineKind.LINE_BREAK)
#: The only mark that composes with ">" (to "≯"), which would eat the end of a tag before it.
_OVERLAY = "\u0338"
#: In a tree that is not tidy yet: the end of a line in the source, which is a space in scripts that
#: have them.
SOFT = "\v"


def from_text(text: Text) -> tuple[Node, ...]:
    """The tree of a text. Tags that do not nest, or mean nothing, leave their words only."""
    if not well_formed(text.text):
        words = plain(text.text)
        return (words,) if words else ()
    meaning = {inline.number: inline for inline in text.inline}
    levels: list[list[Node]] = [[]]
    for piece in pieces(text.text):
        known = meaning.get(piece.number)
        if piece.kind == "text":
            levels[-1].append(piece.text)
        elif piece.kind == "point":
            if known is not None and known.kind in POINTS:
                levels[-1].append(Point(known.kind, known.target))
        elif piece.kind == "open":
            levels.append([])
        else:
            inside = levels.pop()
            if known is None or known.kind in POINTS:
                levels[-1] += inside
            else:
                levels[-1].append(Pair(known.kind, tuple(inside), known.target))
    return tuple(levels[0])


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text made from a tree, and what had to give way.

    ``escaped``: words that looked like tags had their brackets changed. ``unmarked``: there was
    more markup than tags can number, and the rest was left out.
    """

    text: Text
    escaped: bool = False
    unmarked: bool = False


def to_text(nodes: Iterable[Node]) -> Numbered:
    """Number a tree in the order of its tags. The text is in NFC as a whole."""
    out: list[str] = []
    inline: list[Inline] = []
    escaped = unmarked = False

    def walk(nodes: Iterable[Node]) -> None:
        nonlocal escaped, unmarked
        for node in nodes:
            if isinstance(node, str):
                words, changed = _words(node, after_tag=bool(out) and out[-1].endswith(">"))
                escaped |= changed
                out.append(words)
                continue
            number = len(inline) + 1
            if number > MOST_TAGS:
                unmarked = True
                if isinstance(node, Pair):
                    walk(node.children)
                continue
            inline.append(Inline(number, node.kind, node.target))
            if isinstance(node, Point):
                out.append(f"<x{number}/>")
            else:
                out.append(f"<g{number}>")
                walk(node.children)
                out.append(f"</g{number}>")

    walk(merged(nodes))
    return Numbered(Text("".join(out), tuple(inline)), escaped, unmarked)


def _words(text: str, *, after_tag: bool) -> tuple[str, bool]:
    """Words in NFC that cannot be taken for a tag, nor reach into the tag before them."""
    text = unicodedata.normalize("NFC", text)
    if after_tag:
        text = text.lstrip(_OVERLAY)
    safe = TAG.sub(lambda tag: f"‹{tag[0][1:-1]}›", text)
    return safe, safe != text


def merged(nodes: Iterable[Node]) -> list[Node]:
    """Neighbouring words as one run; empty runs gone."""
    out: list[Node] = []
    for node in nodes:
        if isinstance(node, str) and out and isinstance(out[-1], str):
            out[-1] += node
        elif node != "":
            out.append(node)
    return out


def tidy(nodes: Iterable[Node]) -> list[Node]:
    """Markup as a careful author would have set it.

    White space is single, at neither end, not beside line breaks, and outside markup that it would
    begin or end; pairs without content are gone, as are pairs within their own kind and markup
    within code; neighbouring pairs of one kind and target are one. So the same sentence is the
    same segment however it was typed. Tidying twice changes nothing more.
    """
    return _grown(_spaced(list(_leaves(nodes, ()))))


_Path = tuple[tuple[InlineKind, str], ...]
#: A run of words, a space or a point, and the markup it stands in from the outside in.
_Leaf = tuple[str | Point, _Path]


def _leaves(nodes: Iterable[Node], path: _Path) -> Iterator[_Leaf]:
    """The words, spaces and points of a tree, each with the markup it stands in."""
    code = any(kind is InlineKind.CODE for kind, _target in path)
    for node in nodes:
        if isinstance(node, str):
            for run in _RUNS.findall(node):
                if run[0] in _SPACE:
                    yield (SOFT if SOFT in run else " "), path
                elif run := run.lstrip(_OVERLAY):
                    # As in ``to_text``: here, so that no markup is left around nothing.
                    yield run, path
        elif isinstance(node, Point):
            yield node, tuple(step for step in path if step[0] is not InlineKind.CODE)
        elif code or any(kind is node.kind for kind, _target in path):
            yield from _leaves(node.children, path)
        else:
            yield from _leaves(node.children, (*path, (node.kind, node.target)))


#: What HTML collapses. No-break spaces are words: they were set on purpose.
_SPACE = " \t\n\r\f\v"
_RUNS = re.compile(rf"[{_SPACE}]+|[^{_SPACE}]+")


def _spaced(leaves: list[_Leaf]) -> list[_Leaf]:
    """One space or one line break between words, in the markup that both sides share."""
    out: list[_Leaf] = []
    gap: str | Point = ""
    for what, path in leaves:
        if what == _BREAK or (what in (" ", SOFT) and gap != _BREAK):
            gap = what
        elif what not in (" ", SOFT):
            if out and gap != "" and not (gap == SOFT and _unspaced(out[-1][0], what)):
                out.append((" " if gap == SOFT else gap, _around(gap, out[-1][1], path)))
            out.append((what, path))
            gap = ""
    return out


def _unspaced(before: str | Point, after: str | Point) -> bool:
    """Whether a line end between these is no space: both sides are Chinese, say."""
    return (
        isinstance(before, str) and isinstance(after, str) and wide(before[-1]) and wide(after[0])
    )


def _around(gap: str | Point, one: _Path, other: _Path) -> _Path:
    shared = _shared(one, other)
    if isinstance(gap, Point):
        return tuple(step for step in shared if step[0] is not InlineKind.CODE)
    return shared


def _shared(one: _Path, other: _Path) -> _Path:
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return one[:count]


def _grown(leaves: list[_Leaf]) -> list[Node]:
    """The tree of leaves, neighbours with the same markup together."""
    out: list[Node] = []
    at = 0
    while at < len(leaves):
        what, path = leaves[at]
        if not path:
            out.append(what)
            at += 1
            continue
        end = at
        inside: list[_Leaf] = []
        while end < len(leaves) and leaves[end][1][:1] == path[:1]:
            inside.append((leaves[end][0], leaves[end][1][1:]))
            end += 1
        out.append(Pair(path[0][0], tuple(_grown(inside)), path[0][1]))
        at = end
    return merged(out)
