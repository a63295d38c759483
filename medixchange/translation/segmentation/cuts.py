"""Cut the text of a block into segments, and put it together again.

The text of a block carries numbered tags (``medixchange.translation.inline``). Tags that stand
between sentences, or wrap whole ones, stay with the block: they are part of what joins the
segments, so that a sentence has the same text, hash and translations in bold or not, with a
footnote mark behind it or not. Tags inside a sentence go with it, numbered from 1 again. A pair
that begins inside one sentence and ends inside another is closed and opened again in each.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from medixchange.core import languages
from medixchange.translation import inline
from medixchange.translation.segmentation.boundaries import ends


@dataclass(frozen=True, slots=True)
class Cut:
    """One segment of a block, and what stands between it and the next.

    ``numbers[n - 1]`` is the block's number of the segment's tag ``n``. ``lead`` (of the first cut
    only) and ``joiner`` are text in the block's numbering that is never translated: white space,
    and tags that stand outside of sentences. ``carried`` names, outermost first, the pairs that
    were closed at the end of this segment to be opened again at the start of the next.
    """

    text: str
    numbers: tuple[int, ...] = ()
    lead: str = ""
    joiner: str = ""
    carried: tuple[int, ...] = ()


def split(text: str, language: str) -> list[Cut]:
    """Cut a block's text into segments, in order.

    Arguments: ``text`` of one block, with numbered tags; ``language``, its BCP 47 tag. Every
    segment is NFC and has at least one character that is neither space nor tag; a text without any
    gives no segments, and the caller keeps it as it is. ``join(split(text, language))`` is the NFC
    form of ``text``. Raises ``UnknownLanguage``.
    """
    base = languages.get(language).base
    text = unicodedata.normalize("NFC", text)
    pieces = list(inline.pieces(text))
    plain = "".join(piece.text for piece in pieces if piece.kind == "text")
    regions = _regions(plain, ends(plain, base))
    if not regions:
        return []
    return _assemble(text, pieces, regions)


def join(cuts: Sequence[Cut], texts: Sequence[str] | None = None) -> str:
    """The block again. With ``texts``, one for each cut, their translation instead.

    Without ``texts`` the result is exactly what was split. With them, a pair that runs over
    several segments is left closed and opened again in each, so that it nests whatever the
    translators moved; the same number may then open more than once. Tags of a translation that
    its segment did not have are left out, for they stand for nothing. Raises ``ValueError`` when
    the numbers of cuts and texts differ.
    """
    if texts is not None:
        return "".join(
            cut.lead + _renumber(text, cut.numbers) + cut.joiner
            for cut, text in zip(cuts, texts, strict=True)
        )
    out: list[str] = []
    before: tuple[int, ...] = ()
    for cut in cuts:
        text = _renumber(cut.text, cut.numbers)
        opened = "".join(f"<g{number}>" for number in before)
        closed = "".join(f"</g{number}>" for number in reversed(cut.carried))
        out += [cut.lead, text[len(opened) : len(text) - len(closed)], cut.joiner]
        before = cut.carried
    return "".join(out)


def _renumber(text: str, numbers: Sequence[int]) -> str:
    """A segment's text with the block's numbers in its tags."""
    out = []
    for piece in inline.pieces(text):
        if piece.kind == "text":
            out.append(piece.text)
        elif piece.number <= len(numbers):
            out.append(_tag(piece.kind, numbers[piece.number - 1]))
    return "".join(out)


def _tag(kind: str, number: int) -> str:
    return {"open": f"<g{number}>", "close": f"</g{number}>"}.get(kind, f"<x{number}/>")


def _regions(plain: str, boundaries: Sequence[int]) -> list[tuple[int, int]]:
    """First and past-last offset of each segment in the plain text, without outer white space."""
    regions = []
    for start, end in pairwise([0, *boundaries, len(plain)]):
        piece = plain[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            regions.append((first, first + len(stripped)))
    return regions


@dataclass(slots=True)
class _Event:
    """One tag: where it stands in the plain text, and the region it stands strictly inside of."""

    piece: inline.Piece
    at: int
    order: int
    region: int | None = None
    partner: "_Event | None" = None
    in_gap: bool = True


def _events(pieces: Sequence[inline.Piece], regions: Sequence[tuple[int, int]]) -> list[_Event]:
    events: list[_Event] = []
    open_now: dict[int, _Event] = {}
    at = 0
    for order, piece in enumerate(pieces):
        if piece.kind == "text":
            at += len(piece.text)
            continue
        event = _Event(piece, at, order)
        for index, (start, end) in enumerate(regions):
            if start < at < end:
                event.region, event.in_gap = index, False
        if piece.kind == "open":
            open_now.setdefault(piece.number, event)
        elif piece.kind == "close" and (opener := open_now.pop(piece.number, None)):
            event.partner, opener.partner = opener, event
        events.append(event)
    return events


def _assemble(
    text: str, pieces: Sequence[inline.Piece], regions: Sequence[tuple[int, int]]
) -> list[Cut]:
    events = _events(pieces, regions)
    # Where each region begins and ends in the tagged text: at its first and last plain character,
    # widened to a tag at its edge when the other end of that tag's pair stands inside a region.
    offset = _offsets(pieces)
    bounds = [[offset[start], offset[end - 1] + 1] for start, end in regions]
    for event in events:
        partner = event.partner
        if not event.in_gap or partner is None or partner.in_gap:
            continue
        if event.piece.kind == "open":
            index = next(i for i, (start, _) in enumerate(regions) if event.at <= start)
            bounds[index][0] = min(bounds[index][0], event.piece.start)
        else:
            index = max(i for i, (_, end) in enumerate(regions) if event.at >= end)
            bounds[index][1] = max(bounds[index][1], event.piece.end)
    carried = [_spanning(events, bounds, index) for index in range(len(bounds) - 1)]
    carried.append(())
    cuts: list[Cut] = []
    before: tuple[int, ...] = ()
    for index, (start, end) in enumerate(bounds):
        after = carried[index]
        raw = (
            "".join(f"<g{number}>" for number in before)
            + text[start:end]
            + "".join(f"</g{number}>" for number in reversed(after))
        )
        segment, numbers = _number(raw)
        following = bounds[index + 1][0] if index + 1 < len(bounds) else len(text)
        cuts.append(
            Cut(
                text=segment,
                numbers=numbers,
                lead=text[:start] if index == 0 else "",
                joiner=text[end:following],
                carried=after,
            )
        )
        before = after
    return cuts


def _spanning(events: Sequence[_Event], bounds: Sequence[list[int]], index: int) -> tuple[int, ...]:
    """Numbers of pairs that run from segment ``index`` into the next, outermost first."""
    border = bounds[index][1]
    found = []
    for event in events:
        partner = event.partner
        if event.piece.kind != "open" or partner is None:
            continue
        whole = event.in_gap and partner.in_gap
        if not whole and event.piece.start < border <= partner.piece.start:
            found.append(event.piece.number)
    return tuple(found)


def _offsets(pieces: Sequence[inline.Piece]) -> list[int]:
    """For each plain character, its offset in the tagged text."""
    return [
        piece.start + index
        for piece in pieces
        if piece.kind == "text"
        for index in range(len(piece.text))
    ]


def _number(raw: str) -> tuple[str, tuple[int, ...]]:
    """The text with tags numbered from 1 in order of appearance, and the numbers they had."""
    given: dict[tuple[bool, int], int] = {}
    numbers: list[int] = []
    out = []
    for piece in inline.pieces(raw):
        if piece.kind == "text":
            out.append(piece.text)
            continue
        key = (piece.kind == "point", piece.number)
        if key not in given:
            numbers.append(piece.number)
            given[key] = len(numbers)
        out.append(_tag(piece.kind, given[key]))
    return "".join(out), tuple(numbers)
