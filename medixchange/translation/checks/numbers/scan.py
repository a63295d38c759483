"""Reading the numerals of a text.

A numeral is a run of digits of any script with the signs inside it. What it says depends on who
wrote it: ``1.200`` is a thousand two hundred in Jakarta and one and a fifth in London. So each
numeral carries every value it may have, best guess first, and the comparison asks whether both
sides can mean the same. Values are kept as ``(significant digits, power of ten)``, which is exact
for any length and needs no arithmetic.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from medixchange.translation.checks.numbers import chinese
from medixchange.translation.checks.numbers.words import Word, find, lexicon, months
from medixchange.translation.checks.text import View, fold, view

#: A number as its digits without zeros at either end, and the power of ten they stand at.
Value = tuple[str, int]

_TOKEN = re.compile(
    # 122 653, then any run of digits and inner signs; a time or date keeps its colons apart.
    r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+(?![\d]))?(?![.,]\d)"
    r"|\d+(?:[.,'·]\d+)*"
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_POWER = re.compile(r"[⁻-]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|(?:\^|\*\*)[-⁻]?\d{1,3}(?!\d)")
# Each with its fraction, and its decimal where that is exact.
_VULGAR = {
    "½": "1/2 0.5", "¼": "1/4 0.25", "¾": "3/4 0.75", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5 0.2",
    "⅖": "2/5 0.4", "⅗": "3/5 0.6", "⅘": "4/5 0.8", "⅙": "1/6", "⅛": "1/8 0.125", "⅒": "1/10 0.1",
}  # fmt: skip
_OTHER = re.compile(f"[{''.join(_VULGAR)}]|[፩-፼]+")
_ROMAN = re.compile(r"\b[IVXL]{1,6}\b|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹ]")
_ROMAN_DIGITS = {"I": 1, "V": 5, "X": 10, "L": 50}
_LABEL_END = re.compile(r"[.)、）]")
_COVID_NAMES = (
    "covid kovid covit ковид 新冠 کووید کوویڈ كوفيد कोविड কোভিড কোভিদ கோவிட் கொவிட் ኮቪድ កូវីដ ကိုဗစ် โควิด"
)
_COVID = re.compile(
    f"(?:{'|'.join(map(fold, _COVID_NAMES.split()))})[- ']*$",
    re.IGNORECASE,
)
#: Languages in which "million" stands before its number: milioni 4.
_SCALE_FIRST = frozenset({"sw", "lg", "rw", "ln", "zu", "ha", "so", "om", "ny"})
_CLOCK = re.compile(r"(?:[:.]\d\d)? ?([ap])\.? ?m\b", re.IGNORECASE)
_BETWEEN = re.compile(r" ?(?:[-~到至]|[^\W\d_]{1,6}) ?$")
_SMALLEST_SCALE = 1000
# English alone is strict about the comma; elsewhere writers mix both habits.
_STRICT = frozenset({"en", "zh"})


@dataclass(slots=True)
class Numeral:
    """A numeral of a text.

    ``values``: what it may mean, best first. ``bare``: without the scale word beside it, where it
    has one. ``parts``: the numerals it falls into if its inner sign only lists them. ``optional``:
    it may be left out (the minutes of 20:00). ``first`` and ``last``: the range with
    the word of size.
    """

    start: int
    end: int
    values: tuple[Value, ...]
    bare: tuple[Value, ...] = ()
    parts: tuple["Numeral", ...] = ()
    optional: bool = False
    first: int = -1
    last: int = -1
    #: A name that says the same without its number: COVID-19.
    known_name: bool = False
    #: How many levels a list label has: 3 for "1.1.2" at the start of a text; 0 if it is none.
    level: int = 0

    @property
    def extent(self) -> tuple[int, int]:
        """The range to show a reader: the numeral with its word of size."""
        return (self.start, self.end) if self.first < 0 else (self.first, self.last)


@dataclass(slots=True)
class Reading:
    """Everything numeric in a text: numerals, and the small numbers its words name."""

    numerals: list[Numeral] = field(default_factory=list)
    atoms: set[int] = field(default_factory=set)
    months: set[int] = field(default_factory=set)
    words: list[Word] = field(default_factory=list)


def value(digits: str, power: int = 0) -> Value:
    """The canonical form of digits times ten to a power."""
    significant = digits.lstrip("0")
    trimmed = significant.rstrip("0")
    return (trimmed, power + len(significant) - len(trimmed)) if trimmed else ("", 0)


def whole(of: Value) -> int | None:
    """A value as an integer of at most 13 digits, else None."""
    digits, power = of
    if not digits:
        return 0
    if power < 0 or len(digits) + power > 13 or digits.startswith("?"):
        return None
    return int(digits + "0" * power)


def read(view: View, language: str) -> Reading:
    """Read a folded text in a language (its primary subtag)."""
    text = view.text
    reading = Reading()
    reading.words = find(lexicon(language), view.lower)
    reading.atoms = {word.value for word in reading.words}
    reading.months = {word.value for word in find(months(language), view.lower)}
    if language in {"zh", "ja"}:
        reading.atoms |= {number.value for number in chinese.find(text)}
    reading.atoms |= _romans(text)
    scales = [word for word in reading.words if word.value >= _SMALLEST_SCALE]
    after = {word.start: word for word in sorted(scales, key=lambda word: word.end)}
    before = {word.end: word for word in scales} if language in _SCALE_FIRST else {}
    passed = 0
    for match in _TOKEN.finditer(text):
        if match.start() < passed:
            # The exponent of 10^9.
            continue
        if match[0] == "10" and (power := _POWER.match(text, match.end())):
            passed = power.end()
        reading.numerals.append(
            _numeral(text, match[0], match.start(), match.end(), language, after, before)
        )
    _join_clock(text, reading.numerals)
    _join_ranges(text, reading.numerals)
    for numeral in reading.numerals:
        decade = text[numeral.start : numeral.end] if len(numeral.values) > 1 else ""
        if len(decade) == 4 and decade.endswith("0") and numeral.values[1][0] == decade[2]:
            # The 1930s are elsewhere the thirties of the 20th century.
            reading.atoms.add(int(decade[:2]) + 1)
    for match in _OTHER.finditer(text):
        reading.numerals.append(_other(match[0], match.start(), match.end(), reading))
    reading.numerals.sort(key=lambda numeral: numeral.start)
    return reading


@lru_cache(maxsize=8)
def read_cached(text: str, language: str) -> Reading:
    """``read`` of a text as given; the checks of one pair share it, so it must not be changed."""
    return read(view(text), language)


def _numeral(
    text: str, written: str, start: int, end: int, language: str,
    after: dict[int, Word], before: dict[int, Word],
) -> Numeral:  # fmt: skip
    values = _values(written, language)
    parts: tuple[Numeral, ...] = ()
    if not written.isdigit():
        parts = tuple(
            Numeral(start + m.start(), start + m.end(), (value(m[0]),))
            for m in re.finditer(r"\d+", written)
        )
    made = Numeral(start, end, values or (("?" + written, 0),), parts=parts)
    made.known_name = _is_known(text, written, start, end)
    if start < 3 and not text[:start].strip(" (（") and not written.strip("0123456789."):
        depth = written.count(".") + 1
        if _LABEL_END.match(text, end) or (depth > 1 and text[end : end + 1] == " "):
            made.level = depth
    power = _POWER.match(text, end) if end < len(text) else None
    if power:
        _raise(made, written, power[0])
    else:
        _scale(text, made, language, after, before)
    _context(text, made, written)
    return made


def _values(written: str, language: str) -> tuple[Value, ...]:
    """Every number a written may be, best guess first; none if it can only be a list or a date."""
    if written.isdigit():
        return (value(written),)
    groups = re.split(r"[.,' ·]", written)
    signs = re.findall(r"[.,' ·]", written)
    last = signs[-1]
    thousands = _grouped(groups) and len(set(signs)) == 1 and groups[0] != "0" and last != "·"
    if len(signs) == 1:
        decimal = value(groups[0] + groups[1], -len(groups[1]))
        if last in " '":
            return (value("".join(groups)),) if thousands else ()
        if not thousands or last == "·":
            return (decimal,)
        grouped = value("".join(groups))
        if language in _STRICT:
            return (
                (grouped,)
                if last == ","
                else (decimal, grouped)
                if language == "zh"
                else (decimal,)
            )
        return (grouped, decimal)
    if thousands:
        return (value("".join(groups)),)
    if len(set(signs[:-1])) == 1 and last != signs[0] and last in ".,·" and _grouped(groups[:-1]):
        return (value("".join(groups), -len(groups[-1])),)
    return ()


def _grouped(groups: list[str]) -> bool:
    """Whether groups are thousands, by threes or as in India by twos before the last three."""
    first, *middle, final = groups
    if not 1 <= len(first) <= 3 or len(final) != 3:
        return False
    return all(len(group) == 3 for group in middle) or (
        len(first) <= 2 and all(len(group) == 2 for group in middle)
    )


def _is_known(text: str, written: str, start: int, end: int) -> bool:
    if written == "19":
        return bool(_COVID.search(text[max(0, start - 14) : start]))
    if written == "2019":
        return text[end : end + 5].lower().lstrip("- ").startswith("ncov")
    return written == "2" and text[max(0, start - 5) : start].lower().rstrip("- ").endswith("cov")


def _raise(made: Numeral, written: str, power: str) -> None:
    digits = power.lstrip("^*⁻-").translate(_SUPERSCRIPT)
    if written == "10" and len(digits) < 4:
        sign = -1 if power.lstrip("^*")[0] in "⁻-" else 1
        made.parts = (
            Numeral(made.start, made.end, (value("10"),)),
            Numeral(made.start, made.end, (value(digits),), optional=True),
        )
        made.values = (value("1", sign * int(digits)), value("10"), value("10" + digits))


def _scale(
    text: str, made: Numeral, language: str, after: dict[int, Word], before: dict[int, Word]
) -> None:
    """Multiply by the words of size beside a numeral: 4 million, 400万, milioni 4."""
    power = 0
    first, last = made.start, made.end
    if language in {"zh", "ja"}:
        unit = chinese.SCALE.match(text, made.end + (text[made.end : made.end + 1] == " "))
        if unit:
            run = unit[0]
            if run.endswith("千") and text[unit.end() : unit.end() + 1] in set("克米瓦卡帕伏升"):
                # 千克 is the kilogram, not a thousand of anything.
                run = run[:-1]
            power = len(str(chinese.scale(run))) - 1
            last = unit.start() + len(run)
    else:
        at = made.end
        for _ in range(3):
            gap = at
            while gap < at + 2 and text[gap : gap + 1] in {" ", "-"}:
                gap += 1
            word = after.get(gap)
            if word is None:
                break
            power += len(str(word.value)) - 1
            last = at = word.end
        if not power and before:
            gap = made.start
            while gap > made.start - 2 and text[gap - 1 : gap] in {" ", "-"}:
                gap -= 1
            if gap in before:
                power = len(str(before[gap].value)) - 1
                first = before[gap].start
    if power:
        made.bare = made.values
        made.values = tuple(
            (digits, at + power) if digits else (digits, at) for digits, at in made.values
        )
        made.first, made.last = first, last


def _context(text: str, made: Numeral, written: str) -> None:
    """Other readings that the surroundings of plain digits suggest."""
    if not written.isdigit():
        return
    if len(written) == 4 and written.endswith("0") and written[0] in "12":
        behind = text[made.end : made.end + 2].lower()
        if behind[:1] == "s" or behind.startswith("'s"):
            # "1930s" is 30年代 of the 20th century elsewhere.
            made.values += (value(written[2:]),)
    if len(written) == 2 and text[made.start - 1 : made.start] in {"-", "/"}:
        year = text[made.start - 5 : made.start - 1] if made.start >= 5 else ""
        if (
            len(year) == 4
            and year.isdigit()
            and not text[made.start - 6 : made.start - 5].isdigit()
        ):
            # "2018-19" is 2018-2019.
            made.values += (value(year[:2] + written),)
    clock = _CLOCK.match(text, made.end)
    if clock and len(written) <= 2:
        hour = int(written)
        if 1 <= hour <= 12:
            made.values += (value(str(hour % 12 + (12 if clock[1] == "p" else 0))),)


def _join_clock(text: str, numerals: list[Numeral]) -> None:
    """In 20:00 the minutes may be left out elsewhere."""
    for hour, minute in pairwise(numerals):
        if text[hour.end : minute.start] in {":", "h"} and text[minute.start : minute.end] == "00":
            minute.optional = True


def _join_ranges(text: str, numerals: list[Numeral]) -> None:
    """In "2.6 to 3.2 million" the word of size belongs to both."""
    for first, last in pairwise(numerals):
        gap = last.start - first.end
        if (
            last.bare
            and not first.bare
            and gap <= 6
            and _BETWEEN.match(text, first.end, last.start)
        ):
            power = last.values[0][1] - last.bare[0][1]
            first.bare = first.values
            first.values = (*((digits, at + power) for digits, at in first.values), *first.values)


def _other(written: str, start: int, end: int, reading: Reading) -> Numeral:
    """Vulgar fractions, and the numerals of Ethiopic."""
    if written in _VULGAR:
        fraction, _, decimal = _VULGAR[written].partition(" ")
        top, _, bottom = fraction.partition("/")
        values = (value(decimal[2:], -len(decimal[2:])),) if decimal else ()
        parts = (Numeral(start, end, (value(top),)), Numeral(start, end, (value(bottom),)))
        reading.atoms |= {int(top), int(bottom)}
        return Numeral(start, end, values or (("?" + written, 0),), parts=parts)
    return Numeral(start, end, (value(str(ethiopic(written))),))


def ethiopic(run: str) -> int:
    """The value of Ethiopic numerals: ፳፻፲፪ is 2012. Runs past 16 signs read as 0."""
    if len(run) > 16:
        return 0
    total = group = 0
    for char in run:
        index = ord(char) - 0x1369
        if index < 9:
            group += index + 1
        elif index < 18:
            group += (index - 8) * 10
        elif index == 18:
            group = (group or 1) * 100
            total += group
            group = 0
        else:
            total = (total + group or 1) * 10_000
            group = 0
    return total + group


def _romans(text: str) -> set[int]:
    found: set[int] = set()
    for match in _ROMAN.finditer(text):
        written = match[0]
        if not written.isascii():
            code = ord(written)
            found.add(code - (0x2160 if code < 0x2170 else 0x2170) + 1)
            continue
        digits = [_ROMAN_DIGITS[char] for char in written]
        total = 0
        for here, ahead in zip(digits, [*digits[1:], 0], strict=True):
            total += -here if here < ahead else here
        found.add(total)
    return found
