"""Units: the same amounts must stand in the same units, per the same weight and time."""

from collections import Counter, defaultdict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity, Span
from medixchange.translation.checks.numbers.scan import Numeral, Value, read_cached
from medixchange.translation.checks.text import base, views
from medixchange.translation.checks.units.scan import Quantity, mentions, quantities, rates

#: Units whose loss alone changes a dose or a limit. Time and length are often left to the context.
_CRITICAL = frozenset(
    {"mg", "µg", "ng", "g", "kg", "mL", "L", "dL", "µL", "°C", "°F", "%", "mmHg", "IU", "mmol", "cmH2O", "mEq"}
)  # fmt: skip
_DOSES = _CRITICAL - {"%", "°C", "°F"}


def check(pair: Pair) -> list[Finding]:
    """Block exchanged, lost and added units and rates; see docs/checks.md."""
    source_view, target_view = views(pair)
    source_language, target_language = base(pair.source_language), base(pair.target_language)
    source_read = read_cached(pair.source, source_language).numerals
    target_read = read_cached(pair.target, target_language).numerals
    if not source_read or not target_read:
        return []
    source = quantities(source_view, source_read, source_language)
    target = quantities(target_view, target_read, target_language)
    if not source and not target:
        return []
    findings: list[Finding] = []
    by_source, by_target = _by_value(source), _by_value(target)
    plain_source, plain_target = _plain(source_read, source), _plain(target_read, target)
    said_source = mentions(source_view, source_language)
    said_target = mentions(target_view, target_language)
    for value in dict.fromkeys([*by_source, *by_target]):
        left, right = _rest(by_source.get(value, []), by_target.get(value, []))
        while left and right:
            here, there = left.pop(0), right.pop(0)
            findings.append(
                _finding(
                    _("The unit %(source)s reads %(target)s in the translation."),
                    source_view.span(here.start, here.end),
                    target_view.span(there.start, there.end),
                    source=here.unit,
                    target=there.unit,
                )
            )
        for here in left:
            if _lost(here, said_target, plain_target):
                numeral = plain_target.get(value)
                findings.append(
                    _finding(
                        _("The unit %(source)s is missing in the translation."),
                        source_view.span(here.start, here.end),
                        target_view.span(numeral.start, numeral.end) if numeral else None,
                        source=here.unit,
                    )
                )
        for there in right:
            if _lost(there, said_source, plain_source):
                numeral = plain_source.get(value)
                findings.append(
                    _finding(
                        _(
                            "The translation has the unit %(target)s, which the source does not have."
                        ),
                        source_view.span(numeral.start, numeral.end) if numeral else None,
                        target_view.span(there.start, there.end),
                        target=there.unit,
                    )
                )
    left_rates = rates(source_view, source, source_language)
    right_rates = rates(target_view, target, target_language)
    has_left, has_right = ({rate.unit for rate in side} for side in (left_rates, right_rates))
    lost = [
        r
        for r in left_rates
        if r.unit not in has_right and (r.unit == "kg" or r.unit not in said_target)
    ]
    added = [
        r
        for r in right_rates
        if r.unit not in has_left and (r.unit == "kg" or r.unit not in said_source)
    ]
    for unit in dict.fromkeys(rate.unit for rate in lost):
        rate = next(r for r in lost if r.unit == unit)
        findings.append(
            _finding(
                _("“Per %(source)s” has no counterpart in the translation."),
                source_view.span(rate.start, rate.end),
                target_view.span(added[0].start, added[0].end) if added else None,
                source=unit,
            )
        )
    for unit in dict.fromkeys(rate.unit for rate in added):
        rate = next(r for r in added if r.unit == unit)
        findings.append(
            _finding(
                _("The translation says “per %(target)s”, which the source does not."),
                source_view.span(lost[0].start, lost[0].end) if lost else None,
                target_view.span(rate.start, rate.end),
                target=unit,
            )
        )
    return findings


def _lost(quantity: Quantity, said: set[str], plain: dict[Value, Numeral]) -> bool:
    """Whether a unit is nowhere on the other side. A share may be said in other words: one in ten."""
    if quantity.unit not in _CRITICAL or quantity.unit in said:
        return False
    return quantity.unit in _DOSES or quantity.value in plain


def _by_value(found: list[Quantity]) -> dict[Value, list[Quantity]]:
    grouped: dict[Value, list[Quantity]] = defaultdict(list)
    for quantity in found:
        grouped[quantity.value].append(quantity)
    return grouped


def _plain(numerals: list[Numeral], found: list[Quantity]) -> dict[Value, Numeral]:
    """Numerals without a unit, by value."""
    having = {id(quantity.numeral) for quantity in found}
    return {n.values[0]: n for n in reversed(numerals) if id(n) not in having}


def _rest(left: list[Quantity], right: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Quantities of one number whose units the other side does not have as often."""
    here = Counter(q.unit for q in left)
    there = Counter(q.unit for q in right)
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
    template: Promise | str, here: Span | None, there: Span | None, **params: str
) -> Finding:
    return Finding(
        check="units",
        severity=Severity.BLOCK,
        source_span=here,
        target_span=there,
        template=template,
        params=params,
    )
