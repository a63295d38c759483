"""Inline markup inside a segment: numbered tags, and nothing else.

A segment is plain text. Where the document had bold, a link, a footnote mark or a picture, the
text carries ``<g1>…</g1>`` (a pair) or ``<x2/>`` (a point), numbered from 1 within the segment in
order of appearance. What each number stands for is kept beside the segment by whoever owns the
document, so the same sentence has the same hash in whatever formatting, and no markup of an author
or translator ever reaches a page. The names are those of XLIFF 1.2's ``g`` and ``x`` elements,
which translators know.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TAG = re.compile(r"<(?P<close>/)?(?P<letter>[gx])(?P<number>[1-9]\d{0,2})(?P<point>/)?>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, or one tag, with its place in the segment."""

    kind: Literal["text", "open", "close", "point"]
    text: str
    number: int
    start: int
    end: int


def pieces(text: str) -> Iterator[Piece]:
    """Cut a segment into runs of text and tags. A malformed tag counts as text."""
    at = 0
    for match in TAG.finditer(text):
        kind = _kind(match)
        if kind is None:
            continue
        if match.start() > at:
            yield Piece("text", text[at : match.start()], 0, at, match.start())
        yield Piece(kind, match[0], int(match["number"]), match.start(), match.end())
        at = match.end()
    if at < len(text):
        yield Piece("text", text[at:], 0, at, len(text))


def _kind(match: re.Match[str]) -> Literal["open", "close", "point"] | None:
    letter, close, point = match["letter"], match["close"], match["point"]
    if letter == "g" and not point:
        return "close" if close else "open"
    if letter == "x" and point and not close:
        return "point"
    return None


def plain(text: str) -> str:
    """The segment without its tags, as memory, engines and search see it."""
    return "".join(piece.text for piece in pieces(text) if piece.kind == "text")


def tags(text: str) -> list[str]:
    """The tags of a segment in order, as written."""
    return [piece.text for piece in pieces(text) if piece.kind != "text"]


def well_formed(text: str) -> bool:
    """Whether every pair opens once, closes once and nests."""
    open_now: list[int] = []
    seen: set[tuple[str, int]] = set()
    for piece in pieces(text):
        if piece.kind == "open":
            if ("g", piece.number) in seen:
                return False
            seen.add(("g", piece.number))
            open_now.append(piece.number)
        elif piece.kind == "close" and (not open_now or open_now.pop() != piece.number):
            return False
    return not open_now
