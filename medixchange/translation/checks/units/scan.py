"""Reading quantities: which unit stands at which numeral, and per what."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from medixchange.translation.checks.numbers.scan import Numeral, Value, whole
from medixchange.translation.checks.numbers.words import SPACELESS, Lexicon, find
from medixchange.translation.checks.text import View, fold
from medixchange.translation.checks.units.words import (
    BELOW_ZERO,
    PER,
    PRESCRIBED,
    RATES,
    SLASHED,
    SYMBOLS,
    UNITS,
    WORDS,
)

_SYMBOLS: Mapping[str, str] = {fold(symbol): unit for symbol, unit in SYMBOLS.items()}
# No letter may follow, save those of scripts without spaces ("5mg每日").
_NO_LETTER = r"(?![a-zа-яßµ\u00c0-\u024f\u0600-\u06ff\u0900-\u097f])"


def _any(forms: Iterable[str]) -> str:
    return "|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))


_SYMBOL = re.compile(f"(?:{_any(_SYMBOLS)}){_NO_LETTER}")
_BEFORE_SYMBOL = re.compile(r"(mg|mcg|µg|kg|ml|%|g|l|iu|ui) ?$")
_SLASHED: Mapping[str, str] = {
    fold(form): unit for unit, forms in SLASHED.items() for form in forms.split()
}
_SLASH = re.compile(f" ?[/·] ?({_any(_SLASHED)}){_NO_LETTER}")
_BELOW_ZERO = re.compile(f"(?:^|[^\\w-])(?:{_any(map(fold, BELOW_ZERO.split()))}) ?$|零下 ?$")
#: What a rate may be per; a change among these changes a dose.
RATED = frozenset({"kg", "day", "hour", "minute", "week", "m²"})
#: What makes of a word for "daily" a certain day: "hari ini" is today.
_CERTAIN: Mapping[str, re.Pattern[str]] = {
    "id": re.compile(r" (?:ini|itu|lalu|pertama|kedua|terakhir|berikutnya|ke-?\d)"),
    "ms": re.compile(r" (?:ini|itu|lalu|pertama|kedua|terakhir|berikutnya|ke-?\d)"),
}
#: A rate is sought this many characters to either side of a numeral.
_NEAR = 48


@dataclass(frozen=True, slots=True)
class Quantity:
    """A numeral with its unit. ``start`` and ``end`` cover the unit."""

    numeral: Numeral
    unit: str
    start: int
    end: int

    @property
    def value(self) -> Value:
        """The likeliest value."""
        return self.numeral.values[0]


@dataclass(frozen=True, slots=True)
class Rate:
    """A "per": its unit and place."""

    unit: str
    start: int
    end: int


@lru_cache(maxsize=128)
def _lexicon(language: str) -> Lexicon:
    return _build(WORDS.get(language, ""), language in SPACELESS)


@lru_cache(maxsize=128)
def _rates(language: str) -> Lexicon:
    # Latin abbreviations of prescriptions stand untranslated in every language.
    table = f"{RATES.get(language, 'day:')} | {PRESCRIBED}"
    return _build(table, language in SPACELESS)


def _build(table: str, inside: bool) -> Lexicon:
    made = Lexicon()
    for row in table.split("|"):
        unit, _, forms = row.strip().partition(":")
        for form in forms.split():
            # Latin words within Chinese stand apart as they do elsewhere.
            free = inside and not form.isascii()
            made.add(f"*{form}*" if free else form, UNITS.index(unit))
    return made.seal()


def quantities(view: View, numerals: list[Numeral], language: str) -> list[Quantity]:
    """Every numeral that has a known unit at it."""
    lower = view.lower
    words = find(_lexicon(language), lower)
    at_start: dict[int, tuple[int, str]] = {}
    at_end: dict[int, tuple[int, str]] = {}
    for word in words:
        unit = UNITS[word.value]
        if word.end > at_start.get(word.start, (0, ""))[0]:
            at_start[word.start] = (word.end, unit)
        at_end[word.end] = (word.start, unit)
    found: list[Quantity] = []
    taken: set[int] = set()
    for index, numeral in enumerate(numerals):
        at = numeral.end
        while at < numeral.end + 2 and lower[at : at + 1] in {" ", "-"}:
            at += 1
        symbol = _SYMBOL.match(lower, at)
        if symbol and _is_unit(symbol[0], view.text[at], language):
            found.append(Quantity(numeral, _SYMBOLS[symbol[0]], numeral.start, symbol.end()))
            taken.add(at)
        elif at in at_start:
            end, unit = at_start[at]
            if unit == "g" and end == at + 1 and _year(numeral):
                # Russian "2020 г." is the year.
                unit = "year"
            found.append(Quantity(numeral, unit, numeral.start, end))
            taken.add(at)
        else:
            before = _before(lower, numeral, numerals[index - 1] if index else None, at_end)
            if before and before[0] not in taken:
                found.append(Quantity(numeral, before[1], before[0], numeral.end))
    return _ranges(lower, numerals, found)


def _is_unit(symbol: str, first: str, language: str) -> bool:
    """5G is a network, and "ng" a word in Tagalog and Luganda."""
    if symbol == "g" and first == "G":
        return False
    return bool(_SYMBOLS[symbol]) and not (symbol == "ng" and language in {"tl", "lg", "zu", "vi"})


def _year(numeral: Numeral) -> bool:
    number = whole(numeral.values[0])
    return number is not None and 1000 <= number <= 9999


def _before(
    lower: str, numeral: Numeral, previous: Numeral | None, at_end: dict[int, tuple[int, str]]
) -> tuple[int, str] | None:
    """A unit in front: asilimia 5, mg 500, %5."""
    at = numeral.start
    while at > numeral.start - 2 and lower[at - 1 : at] == " ":
        at -= 1
    floor = previous.end if previous else 0
    if at in at_end and at_end[at][0] >= floor and at - at_end[at][0] > 1:
        return at_end[at]
    symbol = _BEFORE_SYMBOL.search(lower, max(floor, numeral.start - 5), numeral.start)
    if symbol and not lower[symbol.start() - 1 : symbol.start()].isalnum():
        return symbol.start(), _SYMBOLS[symbol[1]]
    return None


def _ranges(lower: str, numerals: list[Numeral], found: list[Quantity]) -> list[Quantity]:
    """In "36 to 37 °C" the unit belongs to both numbers."""
    having = {id(quantity.numeral): quantity for quantity in found}
    for first, last in zip(reversed(numerals[:-1]), reversed(numerals[1:]), strict=True):
        unit = having.get(id(last))
        gap = lower[first.end : last.start]
        if unit and id(first) not in having and len(gap) <= 7 and not set(gap) & set(",;.()"):
            having[id(first)] = Quantity(first, unit.unit, first.start, unit.end)
    return sorted(having.values(), key=lambda quantity: quantity.start)


def below_zero(view: View, quantity: Quantity) -> bool:
    """Whether a minus, or a word for it, stands before the number (and no range: "2-8 °C")."""
    at = quantity.numeral.start
    return bool(_BELOW_ZERO.search(view.lower, max(0, at - 10), at))


def mentions(view: View, language: str) -> set[str]:
    """Every unit a text names at all, at a number or not."""
    found = {UNITS[word.value] for word in find(_lexicon(language), view.lower)}
    found |= {_SYMBOLS[m[0]] for m in _SYMBOL.finditer(view.lower)}
    return found


def rates(view: View, found: list[Quantity], language: str) -> list[Rate]:
    """Every "per kg", "/h", "daily" near a dose (a number with a unit)."""
    lower = view.lower
    out = [
        Rate(unit, match.start(), match.end())
        for match in _SLASH.finditer(lower)
        if (unit := _SLASHED.get(match[1], "")) in RATED
    ]
    if not found:
        return out
    pers = tuple(word.replace("_", " ") for word in PER.get(language, "").split())
    spaced = language not in SPACELESS
    themselves = {(word.start, word.end) for word in find(_rates(language), lower)}
    attached = {quantity.end for quantity in found} | {quantity.start for quantity in found}
    words = {(w.start, w.end, w.value) for w in find(_lexicon(language), lower)}
    words |= {(w.start, w.end, w.value) for w in find(_rates(language), lower)}
    slashed = {rate.end for rate in out}
    certain = _CERTAIN.get(language)
    position = 0
    for start, end, index in sorted(words):
        unit = UNITS[index]
        if unit not in RATED or end in slashed or (certain and certain.match(lower, end)):
            continue
        while position < len(found) and found[position].end + _NEAR < start:
            position += 1
        if position == len(found) or found[position].start - _NEAR > end:
            continue
        if _per(lower[max(0, start - 12) : start], pers, spaced) or (
            (start, end) in themselves and end not in attached and start not in attached
        ):
            out.append(Rate(unit, start, end))
    return out


def _per(head: str, pers: tuple[str, ...], spaced: bool) -> bool:
    trimmed = head.rstrip()
    if not spaced:
        return trimmed.endswith(pers)
    return any(trimmed == per or trimmed.endswith(" " + per) for per in pers)
