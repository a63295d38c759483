"""Chinese numerals: 二十五, 一百二十, 二〇二〇, 12.2万, 百分之五."""

import re
from dataclasses import dataclass

_DIGITS = {
    **{char: value for value, char in enumerate("零一二三四五六七八九")},
    "〇": 0, "○": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6,
    "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_RUN = re.compile(f"[{''.join(_DIGITS)}{''.join(_SMALL)}{''.join(_LARGE)}]+")
SCALE = re.compile(f"[{''.join(_SMALL)}{''.join(_LARGE)}]+")
# Runs longer than this name no number anyone writes.
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class ChineseNumber:
    """A run of numeral characters and its value."""

    start: int
    end: int
    value: int


def find(text: str) -> list[ChineseNumber]:
    """Every run of numeral characters that reads as a number."""
    return [
        ChineseNumber(match.start(), match.end(), value)
        for match in _RUN.finditer(text)
        if (value := parse(match[0])) is not None
    ]


def parse(run: str) -> int | None:
    """The value of a run: positional (二〇二〇) or with units (三千二百万); None if neither."""
    if len(run) > _LONGEST:
        return None
    if all(char in _DIGITS for char in run):
        return int("".join(str(_DIGITS[char]) for char in run))
    total = section = digit = 0
    for char in run:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _SMALL:
            section += (digit or 1) * _SMALL[char]
            digit = 0
        else:
            section += digit
            total = (
                (total + (section or 1)) * _LARGE[char]
                if _LARGE[char] >= 10**8
                else (total + (section or 1) * _LARGE[char])
            )
            section = digit = 0
    return total + section + digit


def scale(run: str) -> int:
    """The factor a run of units gives to the digits before it: 万 is 10,000, 百万 a million."""
    factor = 1
    for char in run[:8]:
        factor *= _SMALL.get(char) or _LARGE.get(char) or 1
    return factor
