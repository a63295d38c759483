"""Units: the same amounts must stand in the same units, per the same weight and time."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity, Span
from medixchange.translation.checks.numbers.scan import Numeral, Value, read_cached
from medixchange.translation.checks.text import View, base, view
from medixchange.translation.checks.units.scan import (
    Quantity,
    Rate,
    below_zero,
    mentions,
    quantities,
    rates,
)

#: Units whose loss alone changes a dose. Of time and length the other text often just says less.
_DOSES = frozenset(
    ("mg", "µg", "ng", "g", "kg", "mL", "L", "dL", "µL", "mmHg", "IU", "mmol", "cmH2O", "mEq")
)
_CRITICAL = _DOSES | {"%", "°C", "°F"}
#: As for numbers: a longer list helps nobody.
_MOST = 100


@dataclass(frozen=True, slots=True)
class _Side:
    """One text of a pair and its quantities."""

    view: View
    language: str
    numerals: list[Numeral]
    found: list[Quantity]

    def by_value(self) -> dict[Value, list[Quantity]]:
        """Quantities by their number."""
        grouped: dict[Value, list[Quantity]] = defaultdict(list)
        for quantity in self.found:
            grouped[quantity.value].append(quantity)
        return grouped

    def plain(self) -> dict[Value, Numeral]:
        """Numerals without a unit, by value; of equal ones the first."""
        having = {id(quantity.numeral) for quantity in self.found}
        return {n.values[0]: n for n in reversed(self.numerals) if id(n) not in having}

    def span(self, mark: Quantity | Rate | Numeral | None) -> Span | None:
        """Where a mark stands in the text as given."""
        return self.view.span(mark.start, mark.end) if mark else None


def check(pair: Pair) -> list[Finding]:
    """Block exchanged, lost and added units, rates and minus signs; see docs/checks.md."""
    source = _read(pair.source, pair.source_language)
    target = _read(pair.target, pair.target_language)
    if not source.numerals or not target.numerals or not (source.found or target.found):
        return []
    findings = [*_amounts(source, target), *_rates(source, target)]
    return findings[:_MOST]


def _read(text: str, tag: str) -> _Side:
    folded, language = view(text), base(tag)
    numerals = read_cached(text, language).numerals
    return _Side(folded, language, numerals, quantities(folded, numerals, language))


def _amounts(source: _Side, target: _Side) -> Iterator[Finding]:
    of_source, of_target = source.by_value(), target.by_value()
    plain_source, plain_target = source.plain(), target.plain()
    said_source = mentions(source.view, source.language)
    said_target = mentions(target.view, target.language)
    for value in dict.fromkeys((*of_source, *of_target)):
        left, right = _rest(of_source.get(value, []), of_target.get(value, []))
        for here, there in zip(left, right, strict=False):
            yield _finding(
                _("The unit %(source)s reads %(target)s in the translation."),
                source.span(here),
                target.span(there),
                {"source": here.unit, "target": there.unit},
            )
        for here in left[len(right) :]:
            if _lost(here, said_target, plain_target):
                yield _finding(
                    _("The unit %(source)s is missing in the translation."),
                    source.span(here),
                    target.span(plain_target.get(value)),
                    {"source": here.unit},
                )
        for there in right[len(left) :]:
            if _lost(there, said_source, plain_source):
                yield _finding(
                    _("The translation adds the unit %(target)s."),
                    source.span(plain_source.get(value)),
                    target.span(there),
                    {"target": there.unit},
                )
        yield from _signs(source, target, of_source.get(value, []), of_target.get(value, []))


def _signs(
    source: _Side, target: _Side, left: list[Quantity], right: list[Quantity]
) -> Iterator[Finding]:
    """A freezer at -20 °C is no fridge at 20 °C."""
    warm = ("°C", "°F")
    here = [q for q in left if q.unit in warm]
    there = [q for q in right if q.unit in warm]
    if not here or not there:
        return
    below_here = [q for q in here if below_zero(source.view, q)]
    below_there = [q for q in there if below_zero(target.view, q)]
    if bool(below_here) != bool(below_there):
        yield _finding(
            _("One side says below zero, the other does not."),
            source.span((below_here or here)[0]),
            target.span((below_there or there)[0]),
            {},
        )


def _rates(source: _Side, target: _Side) -> Iterator[Finding]:
    left = rates(source.view, source.found, source.language)
    right = rates(target.view, target.found, target.language)
    lost = _missing(left, right, target)
    added = _missing(right, left, source)
    for rate in lost:
        yield _finding(
            _("“Per %(source)s” has no counterpart in the translation."),
            source.span(rate),
            target.span(added[0] if added else None),
            {"source": rate.unit},
        )
    for rate in added:
        yield _finding(
            _("The translation says “per %(target)s”, which the source does not."),
            source.span(lost[0] if lost else None),
            target.span(rate),
            {"target": rate.unit},
        )


def _missing(rated: list[Rate], other_rated: list[Rate], other: _Side) -> list[Rate]:
    """Rates the other side does not have; of each unit the first.

    "Per day" is often said in ways that only name the day, so a mention of it is enough; "per kg"
    is not, for the weight of the patient may stand there too.
    """
    has = {rate.unit for rate in other_rated}
    first = {rate.unit: rate for rate in reversed(rated) if rate.unit not in has}
    if not first:
        return []
    said = mentions(other.view, other.language)
    return [rate for unit, rate in first.items() if unit == "kg" or unit not in said]


def _lost(quantity: Quantity, said: set[str], plain: dict[Value, Numeral]) -> bool:
    """Whether the other side lacks a unit. A share may be said in other words: one in ten."""
    if quantity.unit not in _CRITICAL or quantity.unit in said:
        return False
    if quantity.unit in {"°C", "°F"} and "°" in said:
        return False
    return quantity.unit in _DOSES or quantity.value in plain


def _rest(left: list[Quantity], right: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Quantities of one number whose units the other side does not have as often."""
    here = Counter(q.unit for q in left)
    there = Counter(q.unit for q in right)
    if here["°"] or there["°"]:
        # Bare degrees may be of either kind.
        degrees = {"°", "°C", "°F"}
        for counts in (here, there):
            counts["°"] = sum(counts.pop(unit, 0) for unit in degrees)
        left = [replace(q, unit="°") if q.unit in degrees else q for q in left]
        right = [replace(q, unit="°") if q.unit in degrees else q for q in right]
    return _surplus(left, here - there), _surplus(right, there - here)


def _surplus(found: list[Quantity], surplus: Counter[str]) -> list[Quantity]:
    rest = Counter(surplus)
    out: list[Quantity] = []
    for quantity in found:
        if rest[quantity.unit] > 0:
            rest[quantity.unit] -= 1
            out.append(quantity)
    return out


def _finding(
    template: Promise | str, here: Span | None, there: Span | None, params: dict[str, str]
) -> Finding:
    return Finding(
        check="units",
        severity=Severity.BLOCK,
        source_span=here,
        target_span=there,
        template=template,
        params=params,
    )
