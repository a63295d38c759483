"""Cut the text of a block into segments, and put it together again.

The text of a block carries numbered tags (``medixchange.translation.inline``). A segment takes its
tags with it, numbered from 1 again. A pair that begins in one sentence and ends in another is
closed and opened again in each. Between two sentences only white space is left out: it becomes the
joiner. A closing tag or a mark right behind a sentence stays with it ("Wash.<x1/> Dry."), an
opening tag goes with what follows.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from medixchange.core import languages
from medixchange.translation import inline
from medixchange.translation.segmentation.boundaries import ends


@dataclass(frozen=True, slots=True)
class Cut:
    """One segment of a block, and the white space between it and the next.

    ``numbers[n - 1]`` is the block's number of the segment's tag ``n``. ``carried`` names,
    outermost first, the pairs that were closed at the end of this segment to be opened again at
    the start of the next, in the block's numbers.
    """

    text: str
    numbers: tuple[int, ...] = ()
    joiner: str = ""
    carried: tuple[int, ...] = ()

    @property
    def renumbered(self) -> dict[int, int]:
        """From the number of a tag in the segment to its number in the block."""
        return dict(enumerate(self.numbers, start=1))


def split(text: str, language: str) -> list[Cut]:
    """Cut a block's text into segments, in order.

    Every segment is NFC, has at least one character that is neither space nor tag, and neither
    begins nor ends with white space. A text without any such character gives no segments.

    ``join(split(text, language))`` is the NFC form of ``text`` without the white space around it.
    One thing may differ: where white space stands on the inner side of a tag at the end of a
    sentence (``<g1>Wash. </g1>Dry.``), it moves to the outer side, so that the segment is the
    same as where it was written well.

    Args:
        text: one block, with numbered tags.
        language: its BCP 47 tag. Raises ``UnknownLanguage`` if it is not one of ours.
    """
    base = languages.get(language).base
    pieces = list(inline.pieces(unicodedata.normalize("NFC", text)))
    plain = "".join(piece.text for piece in pieces if piece.kind == "text")
    if not plain.strip():
        return []
    runs, joiners = _runs(pieces, plain, ends(plain, base))
    return _close_and_number(runs, joiners)


def join(cuts: Sequence[Cut], texts: Sequence[str] | None = None) -> str:
    """The block again. With ``texts``, one for each cut, their translation instead.

    Without ``texts`` the result is what was split. With them, a pair that runs over several
    segments is left closed and opened again in each, so that it nests whatever the translators
    moved; the same number may then open more than once. Tags of a translation that its segment
    did not have are left out, for they stand for nothing. Raises ``ValueError`` when there are
    not as many texts as cuts.
    """
    if texts is not None:
        return "".join(
            _renumber(text, cut.numbers) + cut.joiner for cut, text in zip(cuts, texts, strict=True)
        )
    out: list[str] = []
    before: tuple[int, ...] = ()
    for cut in cuts:
        text = _renumber(cut.text, cut.numbers)
        opened = sum(len(f"<g{number}>") for number in before)
        closed = sum(len(f"</g{number}>") for number in cut.carried)
        out += [text[opened : len(text) - closed], cut.joiner]
        before = cut.carried
    return "".join(out)


# A run is what will be one segment: its tags, and its text character runs, in order.
_Token = tuple[str, int, str]  # kind, number, text


def _runs(
    pieces: Sequence[inline.Piece], plain: str, boundaries: Sequence[int]
) -> tuple[list[list[_Token]], list[str]]:
    """Share the pieces out over the segments, and white space between them over the joiners."""
    regions = _regions(plain, boundaries)
    runs: list[list[_Token]] = [[] for _ in regions]
    spaces = ["" for _ in regions]
    gaps: list[list[_Token]] = [[] for _ in range(len(regions) + 1)]
    at, index = 0, 0  # the place in the plain text, and the region it is in or before
    for piece in pieces:
        if piece.kind != "text":
            inside = index < len(regions) and regions[index][0] < at < regions[index][1]
            home = runs[index] if inside else gaps[index]
            home.append((piece.kind, piece.number, piece.text))
            continue
        stop = at + len(piece.text)
        while at < stop:
            region = regions[index] if index < len(regions) else (len(plain), len(plain))
            if at < region[0]:
                end = min(stop, region[0])
                gaps[index].append(("space", 0, plain[at:end]))
            else:
                end = min(stop, region[1])
                runs[index].append(("text", 0, plain[at:end]))
            at = end
            if index < len(regions) and at == regions[index][1]:
                index += 1
    for number, gap in enumerate(gaps):
        before, between, after = _share(gap, number == 0, number == len(regions))
        if number > 0:
            runs[number - 1].extend(before)
            spaces[number - 1] = between
        if number < len(regions):
            runs[number] = after + runs[number]
    spaces[-1] = ""
    return runs, spaces


def _share(
    gap: Sequence[_Token], first: bool, last: bool
) -> tuple[list[_Token], str, list[_Token]]:
    """Tags of a gap that stay with the sentence before, its white space, and the other tags."""
    tags = [token for token in gap if token[0] != "space"]
    space = "".join(token[2] for token in gap if token[0] == "space")
    if first:
        return [], "", tags
    if last:
        return tags, space, []
    # A pair that opens here and closes here again holds nothing; it stays whole, at the left.
    here = {token[1] for token in tags if token[0] == "open"}
    border = 0
    seen, spaced = 0, False
    for kind, _number, _text in gap:
        if kind == "space":
            spaced = True
            continue
        seen += 1
        if kind == "close" or (kind == "point" and not spaced):
            border = seen
    if any(token[0] == "close" and token[1] in here for token in tags[border:]):
        border = len(tags)
    return tags[:border], space, tags[border:]


def _regions(plain: str, boundaries: Sequence[int]) -> list[tuple[int, int]]:
    """First and past-last offset of each segment in the plain text, without outer white space."""
    regions = []
    start = 0
    for end in [*boundaries, len(plain)]:
        piece = plain[start:end]
        stripped = piece.strip()
        if stripped:
            first = start + len(piece) - len(piece.lstrip())
            regions.append((first, first + len(stripped)))
        start = end
    return regions


def _close_and_number(runs: Sequence[Sequence[_Token]], joiners: Sequence[str]) -> list[Cut]:
    closes = _closers(runs)
    cuts: list[Cut] = []
    open_now: list[tuple[int, int]] = []  # number of the pair, and the run where it closes
    for index, (run, joiner) in enumerate(zip(runs, joiners, strict=True)):
        before = [number for number, _where in open_now]
        for order, (kind, number, _text) in enumerate(run):
            where = closes.get((index, order))
            if kind == "open" and where is not None:
                open_now.append((number, where))
        open_now = [pair for pair in open_now if pair[1] > index]
        carried = tuple(number for number, _where in open_now)
        tokens = [
            *(("open", number, "") for number in before),
            *run,
            *(("close", number, "") for number in reversed(carried)),
        ]
        text, numbers = _number(tokens)
        cuts.append(Cut(text=text, numbers=numbers, joiner=joiner, carried=carried))
    return cuts


def _closers(runs: Sequence[Sequence[_Token]]) -> dict[tuple[int, int], int]:
    """For each opening tag, by run and place, the run where its pair closes."""
    found: dict[tuple[int, int], int] = {}
    waiting: dict[int, tuple[int, int]] = {}
    for index, run in enumerate(runs):
        for order, (kind, number, _text) in enumerate(run):
            if kind == "open":
                waiting.setdefault(number, (index, order))
            elif kind == "close" and number in waiting:
                found[waiting.pop(number)] = index
    return found


def _number(tokens: Sequence[_Token]) -> tuple[str, tuple[int, ...]]:
    """The text with tags numbered from 1 in order of appearance, and the numbers they had."""
    given: dict[tuple[bool, int], int] = {}
    numbers: list[int] = []
    out = []
    for kind, number, text in tokens:
        if kind == "text":
            out.append(text)
            continue
        key = (kind == "point", number)
        if key not in given:
            numbers.append(number)
            given[key] = len(numbers)
        out.append(_tag(kind, given[key]))
    return "".join(out), tuple(numbers)


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
