"""A text as the checks read it: folded to one way of writing, with the way back to the original.

People type the same thing in many ways: full-width or Arabic-Indic digits, a micro sign or a Greek
mu, composed or decomposed letters, soft hyphens and zero-width joiners inside words, inline tags in
the middle of a number. A check must not be misled by any of that, and yet its marks must fall on
the text as given. ``view`` folds once; ``View.span`` translates a range back.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from medixchange.translation.checks.base import Pair, Span
from medixchange.translation.inline import pieces

# Soft hyphen, joiners, marks of direction, variation selectors, the byte order mark.
_DROPPED = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\u2066-\u2069\ufe00-\ufe0f\ufeff"
    # Arabic vowel signs and the lengthening stroke: written or left out as one likes.
    "\u0640\u064b-\u0652\u0670"
)
_DROP = re.compile(f"[{_DROPPED}]")
_TAG_START = re.compile(r"<[gx/]")
# More marks than this on one letter are no writing; canonical ordering of such a run is quadratic.
_MARKS_PER_LETTER = 16
# Above this length the quick test for NFC is skipped, for the same reason.
_LONG = 4_096


def _fold_table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(0x660, 0x1FBFA):
        char = chr(code)
        if unicodedata.category(char) == "Nd":
            table[code] = str(unicodedata.decimal(char))
    # Indices of formulas: CO₂ is CO2. Exponents stay: 10⁹ is not 109.
    for code in range(0x2080, 0x208A):
        table[code] = str(code - 0x2080)
    # Full-width letters and signs, except the comma and stops: in Chinese they part clauses and are
    # never part of a number.
    for code in range(0xFF01, 0xFF5F):
        if chr(code) not in "\uff0c\uff1b\uff01\uff1f":
            table.setdefault(code, chr(code - 0xFEE0))
    for chars, one in (
        ("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc\u2e3a\u2043", "-"),
        (
            "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
            "\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\n\r\x0b\x0c\x85\u2028\u2029",
            " ",
        ),
        ("\u2018\u2019\u201b\u02bc\u02bb\u02b9\uff07\u00b4`", "'"),
        ("\u066a\ufe6a\uff05", "%"),
        ("\u066b\uff0e", "."),
        ("\u066c\ufe50", ","),
        ("\u03bc\u00b5", "\u00b5"),
        ("\u02da\u00ba", "\u00b0"),
        ("\u2215\u2044\uff0f", "/"),
        ("\u223c\u301c\uff5e", "~"),
        # Arabic yeh and kaf as Persian and Urdu type them, and the tatweel-free alef forms stay.
        ("\u064a\u0649", "\u06cc"),
        ("\u0643", "\u06a9"),
    ):
        for char in chars:
            table[ord(char)] = one
    return table


_FOLD = _fold_table()


@dataclass(frozen=True, slots=True)
class View:
    """A folded text. ``lower`` has the same length as ``text``."""

    text: str
    lower: str
    #: For each character of ``text``, where it starts and ends in the original.
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """The range of the original that ``text[start:end]`` was read from."""
        if not self.starts:
            return (0, 0)
        first = min(start, len(self.starts) - 1)
        last = max(min(end, len(self.ends)) - 1, first)
        return (self.starts[first], self.ends[last])


def fold(text: str) -> str:
    """A word of a table written as ``View.lower`` would show it."""
    return _lower(_DROP.sub("", unicodedata.normalize("NFC", text)).translate(_FOLD))


@lru_cache(maxsize=16)
def view(text: str) -> View:
    """Fold a segment: digits to ASCII, compatible forms to one, tags and invisible marks away."""
    plain = not _TAG_START.search(text) and not _DROP.search(text)
    if plain and len(text) <= _LONG and unicodedata.is_normalized("NFC", text):
        folded = text.translate(_FOLD)
        return View(folded, _lower(folded), range(len(text)), range(1, len(text) + 1))
    return _slow(text)


def views(pair: Pair) -> tuple[View, View]:
    """Both sides of a pair, folded."""
    return view(pair.source), view(pair.target)


def _slow(text: str) -> View:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(chars: str, start: int, end: int) -> None:
        for char in chars:
            out.append(char)
            starts.append(start)
            ends.append(end)

    for piece in pieces(text):
        if piece.kind == "point":
            # A picture or note stands between words; a bold or linked part may begin inside one.
            put(" ", piece.start, piece.end)
        elif piece.kind == "text":
            for start, end in _letters(text, piece.start, piece.end):
                letter = _DROP.sub("", text[start:end])
                if letter:
                    put(unicodedata.normalize("NFC", letter).translate(_FOLD), start, end)
    folded = "".join(out)
    return View(folded, _lower(folded), starts, ends)


def _letters(text: str, at: int, stop: int) -> list[Span]:
    """Ranges of one letter each with its combining marks."""
    found: list[Span] = []
    start = at
    for index in range(at + 1, stop + 1):
        if (
            index == stop
            or index - start > _MARKS_PER_LETTER
            or not (
                unicodedata.combining(text[index]) or unicodedata.category(text[index])[0] == "M"
            )
        ):
            found.append((start, index))
            start = index
    return found


def _lower(text: str) -> str:
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # A few letters grow when lowered (Turkish dotted I); they stay as they are.
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def base(tag: str) -> str:
    """The primary subtag in lower case: ``zh`` of ``zh-Hans``; older codes as of today."""
    primary = tag.replace("_", "-").split("-")[0].lower()
    return {"in": "id", "fil": "tl", "iw": "he"}.get(primary, primary)
