"""Quoting a passage on a page: whole sentences around what was found, with the words marked.

A sentence is never cut. Half of one can say the opposite of the whole: many languages deny at the
beginning, as many at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from medixchange.core import languages
from medixchange.translation.segmentation.boundaries import ends

#: A passage of up to so many characters is quoted whole; of a longer one about so many.
WHOLE = 320

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a quotation, and whether it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """Part of a passage: its runs in order, and whether something stands before and after it."""

    pieces: tuple[Piece, ...]
    before: bool = False
    after: bool = False

    @property
    def text(self) -> str:
        """The words without marks, with … for what is left out."""
        words = "".join(piece.text for piece in self.pieces)
        return f"{'… ' if self.before else ''}{words}{' …' if self.after else ''}"


def quote(
    text: str, language: languages.Language, spans: Sequence[Span] = (), *, whole: int = WHOLE
) -> Quotation:
    """The part of a passage that answers best.

    Args:
        text: the passage.
        language: that of the passage.
        spans: what to mark: begin and end of each, in characters. Overlaps are told once, what lies
            outside of the text is left out.
        whole: a passage up to this length, in characters, is not shortened; of a longer one as many
            sentences are quoted as fit, at least one.
    """
    told = _in_order(spans, len(text))
    begin, end = (0, len(text))
    if len(text) > whole:
        stops = [*ends(text, language.base), len(text)]
        begin, end = _window(list(zip([0, *stops], stops, strict=False)), told, whole)
        quoted = text[begin:end]
        begin += len(quoted) - len(quoted.lstrip())
        end -= len(quoted) - len(quoted.rstrip())
    return Quotation(
        tuple(_pieces(text, told, begin, end)),
        before=bool(text[:begin].strip()),
        after=bool(text[end:].strip()),
    )


def _in_order(spans: Sequence[Span], length: int) -> list[Span]:
    told: list[Span] = []
    for begin, end in sorted(spans):
        begin, end = max(begin, 0), min(end, length)
        if told and begin < told[-1][1]:
            told[-1] = told[-1][0], max(end, told[-1][1])
        elif begin < end:
            told.append((begin, end))
    return told


def _window(parts: Sequence[Span], told: Sequence[Span], whole: int) -> Span:
    """From which sentence to which: the run of sentences within ``whole`` characters that holds
    most of what was looked for; of equals the first."""
    held = [sum(begin < b and a < end for a, b in told) for begin, end in parts]
    best, best_held = (0, 0), -1
    last = 0
    for first in range(len(parts)):
        last = max(first, last)
        while last + 1 < len(parts) and parts[last + 1][1] - parts[first][0] <= whole:
            last += 1
        count = sum(held[first : last + 1])
        if count > best_held:
            best, best_held = (first, last), count
    return parts[best[0]][0], parts[best[1]][1]


def _pieces(text: str, told: Sequence[Span], begin: int, end: int) -> list[Piece]:
    pieces, at = [], begin
    for a, b in told:
        # A mark may reach over the end of a sentence; what is quoted does not.
        a, b = max(a, begin), min(b, end)
        if a >= b:
            continue
        if at < a:
            pieces.append(Piece(text[at:a]))
        pieces.append(Piece(text[a:b], marked=True))
        at = b
    if at < end:
        pieces.append(Piece(text[at:end]))
    return pieces
