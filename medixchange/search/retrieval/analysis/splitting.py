"""Where the words of a text are.

Scripts with spaces: a word is a run of letters, marks and digits, with apostrophes inside it.
Scripts without: ICU's dictionaries cut runs of Han, Kana, Thai, Lao, Khmer and Burmese
(https://unicode-org.github.io/icu/userguide/boundaryanalysis/). Ranges are of the text as given.
"""

import re
import unicodedata
from collections.abc import Iterator

from icu4py.breakers import WordBreaker

Span = tuple[int, int]


def _ranges(first: int, last: int, starts: tuple[str, ...]) -> str:
    """A regex class of the characters whose category starts with one of these."""
    out: list[str] = []
    begin = None
    for code in range(first, last + 2):
        inside = code <= last and unicodedata.category(chr(code)).startswith(starts)
        if inside and begin is None:
            begin = code
        elif not inside and begin is not None:
            out.append(f"{chr(begin)}-{chr(code - 1)}")
            begin = None
    return "".join(out)


_MARKS = _ranges(0x300, 0x1EFFF, ("M",)) + "\U000e0100-\U000e01ef"
_JOINERS = "\u00ad\u200b-\u200d\u2060"
_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02bb\uff07"
# By language to break with; Han first, since Japanese is written with both.
_UNSPACED = {
    "zh": "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff",
    "ja": "\u3041-\u309f\u30a0-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "th": "\u0e01-\u0e3a\u0e40-\u0e4e",
    "lo": "\u0e81-\u0ebd\u0ec0-\u0ecd\u0edc-\u0edf",
    "km": "\u1780-\u17d3\u17d7\u17dc\u17dd",
    "my": "\u1000-\u103f\u1050-\u108f\u109a-\u109f\uaa60-\uaa7f\ua9e0-\ua9fe",
}
_RUN = "|".join(
    f"(?P<{language}>[{chars}][{chars}{_JOINERS}]*)"
    for language, chars in (
        ("ja", _UNSPACED["zh"] + _UNSPACED["ja"]),
        *((language, _UNSPACED[language]) for language in ("th", "lo", "km", "my")),
    )
)
_NOT = "".join(_UNSPACED.values())
_LETTER = rf"(?:(?![{_NOT}])[^\W_]|[{_MARKS}])"
_WORD = re.compile(
    rf"{_RUN}"
    rf"|(?P<number>\d+(?:[.,\u066b\u066c]\d+)*)(?![{_MARKS}])"
    rf"|(?P<word>{_LETTER}(?:{_LETTER}|[{_JOINERS}{_APOSTROPHES}](?={_LETTER}))*)"
)
_DIGITS_AFTER = re.compile(r"^([^\W\d_]{3,})(\d+)$")
_KANA = re.compile(f"[{_UNSPACED['ja']}]")
_HAN = re.compile(f"[{_UNSPACED['zh']}]")
# ICU counts UTF-16 units; one character of the basic plane stands in for a rare Han character.
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
#: A run without spaces is cut in pieces of this many characters.
_PIECE = 2_000


def split(text: str) -> Iterator[tuple[Span, str]]:
    """The words of a text in order: where each is, and the language of its script if that is one
    without spaces (``zh`` for Han, ``ja`` where Kana is beside it), else an empty string."""
    for found in _WORD.finditer(text):
        kind = found.lastgroup or ""
        start, end = found.span()
        if kind == "word":
            tail = _DIGITS_AFTER.match(found.group())
            if tail:
                yield (start, start + tail.end(1)), ""
                yield (start + tail.start(2), end), ""
            else:
                yield (start, end), ""
        elif kind == "number":
            yield (start, end), ""
        else:
            if kind == "ja" and not _KANA.search(text, start, end):
                kind = "zh"
            yield from ((span, kind) for span in _unspaced(text, start, end, kind))


def _unspaced(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    for at in range(start, end, _PIECE):
        run = _ASTRAL.sub("\u4e00", text[at : min(end, at + _PIECE)])
        for first, last in WordBreaker(run, language).segments():
            if last > first:
                yield at + first, at + last
