"""Quantities as people write them: read exactly, or not at all.

``1.500`` may be fifteen hundred or one and a half; ``2,000 boxes`` says nothing of pieces. Where a
text has two readings, it has none here, and a person is asked.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

#: The largest quantity of one line; more is a mistake of the keyboard.
LARGEST = 10**12


class Trouble(StrEnum):
    """Why a text is no quantity."""

    BLANK = "blank"
    #: It has two readings.
    AMBIGUOUS = "ambiguous"
    #: About so many, up to so many, from so many to so many.
    INEXACT = "inexact"
    #: Counted in boxes, pallets, tonnes.
    OTHER_UNIT = "other_unit"
    NOT_POSITIVE = "not_positive"
    NOT_WHOLE = "not_whole"
    TOO_LARGE = "too_large"
    NOT_A_NUMBER = "not_a_number"


#: What cannot be meant, however a person looks at it.
IMPOSSIBLE = frozenset({Trouble.NOT_POSITIVE, Trouble.NOT_WHOLE, Trouble.TOO_LARGE})


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity read: its value, or the trouble with it.

    ``unit`` is what the text counts in, where it says so. ``rewritten`` tells that the value was
    not written in plain digits.
    """

    value: int | None
    trouble: Trouble | None = None
    unit: str = ""
    rewritten: bool = False


_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "thousands": 1_000,
    "k": 1_000,
    "ribu": 1_000,
    "mille": 1_000,
    "mil": 1_000,
    "elfu": 1_000,
    "ألف": 1_000,
    "الف": 1_000,
    "千": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "lakh": 100_000,
    "million": 1_000_000,
    "millions": 1_000_000,
    "mio": 1_000_000,
    "mn": 1_000_000,
    "mln": 1_000_000,
    "juta": 1_000_000,
    "millón": 1_000_000,
    "millones": 1_000_000,
    "milhão": 1_000_000,
    "milhões": 1_000_000,
    "مليون": 1_000_000,
    "crore": 10_000_000,
    "亿": 100_000_000,
}
#: Words that count single pieces.
PIECES = frozenset(
    {
        "piece", "pieces", "pc", "pcs", "unit", "units", "each", "ea", "item", "items", "no", "nos",
        "buah", "pièce", "pièces", "unité", "unités", "个", "只", "件", "قطعة",
    }
)  # fmt: skip
_INEXACT = re.compile(
    r"^(?:about|approx(?:imately)?\.?|around|circa|ca\.?|some|over|more than|at least|up to|"
    r"nearly|almost|less than|under|~|≈|>|<|≥|≤)|(?:\+|or more|approx\.?)$",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\d\s*(?:-|–|—|to|or|~)\s*\d", re.IGNORECASE)
_SPACES = "\u0020\u00a0\u2007\u2009\u202f"
_NUMBER = re.compile(rf"(?P<digits>\d(?:[\d.,'’{_SPACES}]*\d)?)(?P<rest>.*)", re.DOTALL)


def read(text: str) -> Quantity:
    """The quantity a text says.

    Takes thousands parted by commas, spaces, apostrophes or (twice or more) dots, Indian parting,
    digits of any script, and words such as “million”.
    """
    plain = _western(text.strip())
    if plain is None:
        return Quantity(None, Trouble.NOT_A_NUMBER)
    if not plain or plain in {"-", "–", "—", "?", "n/a", "N/A", "TBD", "tbd"}:
        return Quantity(None, Trouble.BLANK)
    if re.match(r"[-−–]\s*\d|\(\s*\d[\d.,]*\s*\)$", plain):
        return Quantity(None, Trouble.NOT_POSITIVE)
    if _INEXACT.search(plain) or _RANGE.search(plain):
        return Quantity(None, Trouble.INEXACT)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        return Quantity(None, Trouble.NOT_A_NUMBER)
    scale, unit = _words(found["rest"])
    number = _digits(found["digits"], scaled=scale > 1)
    if isinstance(number, Trouble):
        return Quantity(None, number, unit)
    value = number * scale
    if re.match(r"[eE][+-]?\d", found["rest"]):
        return Quantity(None, Trouble.NOT_A_NUMBER)
    counted = not unit or unit.casefold() in PIECES
    if value != value.to_integral_value():
        return Quantity(None, Trouble.NOT_WHOLE if counted else Trouble.OTHER_UNIT, unit)
    if value <= 0:
        return Quantity(None, Trouble.NOT_POSITIVE, unit)
    if value > LARGEST:
        return Quantity(None, Trouble.TOO_LARGE, unit)
    rewritten = text.strip() != str(int(value))
    if not counted:
        return Quantity(int(value), Trouble.OTHER_UNIT, unit, rewritten)
    return Quantity(int(value), None, unit, rewritten)


def _western(text: str) -> str | None:
    """The text with its digits and marks as ASCII; ``None`` where digits of two scripts meet."""
    digits, scripts = [], set()
    for letter in text:
        if letter.isdecimal():
            scripts.add(ord(letter) - unicodedata.decimal(letter))
            letter = str(unicodedata.decimal(letter))
        digits.append(
            {"٬": ",", "٫": ".", "，": ",", "．": ".", "＋": "+", "－": "-"}.get(letter, letter)
        )
    return "".join(digits).strip() if len(scripts) < 2 else None


def _digits(text: str, *, scaled: bool) -> Decimal | Trouble:
    """The number that digits and their marks say. Before a word such as “million” a fraction is
    usual: 1,5 million."""
    marks = [mark for mark in re.split(r"\d+", text)[1:-1] if mark]
    groups = re.findall(r"\d+", text)
    if not marks:
        return Decimal(text)
    kinds = set(marks)
    if len(kinds) == 1:
        mark = marks[0]
        grouped = _grouped(groups)
        if mark == "." and len(marks) == 1:
            # 1.500: three digits after one dot, and at most three before, is either.
            return Trouble.AMBIGUOUS if grouped and groups[0] != "0" else Decimal(text)
        if mark == "," and len(marks) == 1 and (scaled or not grouped):
            fraction = scaled and not grouped
            return Decimal(text.replace(",", ".")) if fraction else Trouble.AMBIGUOUS
        if (grouped or (mark == "," and _indian(groups))) and len(mark) == 1:
            return Decimal("".join(groups))
        return Trouble.NOT_A_NUMBER
    # Two kinds of marks: the last is the decimal mark, and must stand once.
    *thousands, last = marks
    if (
        len(set(thousands)) == 1
        and last not in thousands
        and last in ".,"
        and _grouped(groups[:-1])
    ):
        return Decimal("".join(groups[:-1]) + "." + groups[-1])
    return Trouble.NOT_A_NUMBER


def _grouped(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


def _indian(groups: list[str]) -> bool:
    return (
        len(groups) > 2
        and 1 <= len(groups[0]) <= 2
        and all(len(group) == 2 for group in groups[1:-1])
        and len(groups[-1]) == 3
    )


def _words(rest: str) -> tuple[int, str]:
    """The scale that follows the digits, and the unit that follows it."""
    scale, words = 1, rest.split()
    while words and (found := _SCALES.get(words[0].casefold().strip("."))):
        scale *= found
        words.pop(0)
    # Chinese writes no space between them: 200万只.
    if words and words[0][0] in "千万萬亿":
        scale *= _SCALES[words[0][0]]
        words[0] = words[0][1:]
    return scale, " ".join(words).strip()


def explain(found: Quantity, text: str) -> tuple[str, str]:
    """What is wrong with a quantity, and the remedy, for people."""
    shown = {"text": text.strip()}
    match found.trouble:
        case Trouble.BLANK:
            return _("the quantity is not said."), _("Ask the donor, and fill it in.")
        case Trouble.AMBIGUOUS:
            return (
                _("“%(text)s” has two readings: thousands, or a fraction.") % shown,
                _("Write it without marks, such as 1500."),
            )
        case Trouble.INEXACT:
            return (
                _("“%(text)s” is not one exact quantity.") % shown,
                _("Ask for the exact quantity."),
            )
        case Trouble.OTHER_UNIT:
            return (
                _("“%(text)s” is counted in “%(unit)s”; how many pieces that is, is not said.")
                % {**shown, "unit": found.unit},
                _("Ask how many pieces one holds, and write the number of pieces."),
            )
        case Trouble.NOT_POSITIVE:
            return (
                _("the quantity “%(text)s” is not above zero.") % shown,
                _("Correct it; record goods that go back as a return."),
            )
        case Trouble.NOT_WHOLE:
            return (
                _("the quantity “%(text)s” is not a whole number.") % shown,
                _("Goods are counted in whole units; correct it."),
            )
        case Trouble.TOO_LARGE:
            return (
                _("the quantity “%(text)s” is too large to be meant.") % shown,
                _("Correct it."),
            )
        case _:
            return (
                _("“%(text)s” is not a number.") % shown,
                _("Write the quantity in digits."),
            )
