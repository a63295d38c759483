"""How large words can be, so that they fill their place and are read from far."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

_MM_OF_A_POINT: Final = 25.4 / 72
#: Widths in em of the bold faces, by kind of character; on the safe side.
_WIDE, _CAPITAL, _DIGIT, _SMALL, _JOINED, _NARROW = 1.0, 0.72, 0.58, 0.62, 0.52, 0.36
#: What share of a size is little smaller.
_LITTLE: Final = 0.8
_NARROW_CHARACTERS: Final = frozenset(" .,:;'!|()[]/-iIljt\u00a0\u202f")


def size(
    text: str, *, width: float, height: float, sizes: Iterable[float], leading: float = 1.15
) -> float:
    """The largest of these sizes in points at which a text fits, else the smallest.

    Args:
        text: broken into lines where it must be, between words or within a long one.
        width, height: of the place in mm.
        sizes: from large to small.
        leading: height of a line in em.
    """
    return size_of_all([(text, 1.0, leading)], width=width, height=height, sizes=sizes)


def size_of_all(
    texts: Sequence[tuple[str, float, float]],
    *,
    width: float,
    height: float,
    sizes: Iterable[float],
) -> float:
    """As ``size``, for texts one below the other.

    A size that is little smaller and spares a line is taken instead: a last line of one word or
    one sign reads worse than it looks large.

    Args:
        texts: each with its share of the size, and its leading.
    """
    tried = []
    for points in sizes:
        ems = [points * share * _MM_OF_A_POINT for _text, share, _leading in texts]
        lines = [
            _lines(t, width / em) for (t, _share, _leading), em in zip(texts, ems, strict=True)
        ]
        needed = sum(
            count * leading * em
            for count, em, (_text, _share, leading) in zip(lines, ems, texts, strict=True)
        )
        tried.append((points, sum(lines), needed <= height))
    fitting = [(points, lines) for points, lines, fits in tried if fits]
    if not fitting:
        return tried[-1][0]
    largest, most = fitting[0]
    return next(
        (points for points, lines in fitting if lines < most and points >= _LITTLE * largest),
        largest,
    )


def _lines(text: str, width: float) -> int:
    """How many lines of a width in em a text takes."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        needed = sum(_character(char) for char in word)
        if used and used + _NARROW + needed > width:
            lines, used = lines + 1, 0.0
        used += needed + (_NARROW if used else 0)
        while used > width:
            lines, used = lines + 1, used - width
    return lines


def _character(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return _WIDE
    if char in _NARROW_CHARACTERS:
        return _NARROW
    if char.isdigit():
        return _DIGIT
    if unicodedata.bidirectional(char) == "AL":
        return _JOINED
    return _SMALL if char.islower() else _CAPITAL
