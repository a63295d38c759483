"""Numbers: every numeral of one side must have its counterpart on the other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity, Span
from medixchange.translation.checks.numbers.scan import Numeral, Reading, Value, read_cached, whole
from medixchange.translation.checks.numbers.spoken import exchanged
from medixchange.translation.checks.numbers.words import spelled
from medixchange.translation.checks.text import View, base, views

# A text with more unmatched numbers than this is another text; listing them all helps nobody.
_MOST = 100


def check(pair: Pair) -> list[Finding]:
    """Compare the numerals of both sides; see docs/checks.md for what counts as the same."""
    source_view, target_view = views(pair)
    source = read_cached(pair.source, base(pair.source_language))
    target = read_cached(pair.target, base(pair.target_language))
    languages = (base(pair.source_language), base(pair.target_language))
    words = exchanged(source, target, source_view, target_view, languages)
    spoken = [_spoken(source_view, target_view, *words)] if words else []
    if not source.numerals and not target.numerals:
        return spoken
    skip = int(_same_label(source, target))
    left, right = _choose(source, target, skip), _choose(target, source, skip)
    missing, extra = _unmatched(left, right)
    slips = _slips(missing, extra, source_view, target_view)
    missing_hard, missing_again, missing_said = _judge(
        missing, right, target, target.months - source.months, slips
    )
    extra_hard, extra_again, extra_said = _judge(
        extra, left, source, source.months - target.months, slips
    )
    if (missing_again or missing_hard) and (extra_again or extra_hard):
        # 18 to 64 has become 18 to 18: said before, but now once too often.
        missing_hard, extra_hard = missing_hard + missing_again, extra_hard + extra_again
    elif missing_again and extra_said:
        # 1a and 1b has become 3a and 1b; that a "third" stands somewhere does not explain it.
        missing_hard, extra_hard = missing_again, extra_said
    elif extra_again and missing_said:
        missing_hard, extra_hard = missing_said, extra_again
    found = _report(missing_hard[:_MOST], extra_hard[:_MOST], source_view, target_view)
    return found or spoken


def _spoken(source: View, target: View, here: Span, there: Span) -> Finding:
    return Finding(
        check="numbers",
        severity=Severity.BLOCK,
        source_span=source.span(*here),
        target_span=target.span(*there),
        template=_("The number %(source)s reads %(target)s in the translation."),
        params={"source": source.text[slice(*here)], "target": target.text[slice(*there)]},
    )


def _same_label(source: Reading, target: Reading) -> bool:
    """Whether both begin with a list label that agrees in its last part: (2) and 1.1.2."""
    if not source.numerals or not target.numerals:
        return False
    here, there = source.numerals[0], target.numerals[0]
    if not here.level or not there.level or here.level == there.level:
        return False
    return (here.parts or (here,))[-1].values == (there.parts or (there,))[-1].values


def _choose(reading: Reading, other: Reading, skip: int) -> list[Numeral]:
    """Settle whether 1,2 is one number or a list of two, by what the other side has."""
    known: set[Value] = set()
    for numeral in other.numerals[skip:]:
        known.update(numeral.values, numeral.bare)
        if numeral.values[0][0].startswith("?"):
            # A date or a list, which the other side may write with other signs.
            for part in numeral.parts:
                known.update(part.values)
    chosen: list[Numeral] = []
    for numeral in reading.numerals[skip:]:
        if (
            numeral.parts
            and not any(v in known for v in (*numeral.values, *numeral.bare))
            and (
                numeral.values[0][0].startswith("?")
                or all(
                    any(v in known for v in part.values) or _said(part, other, other.months)
                    for part in numeral.parts
                )
            )
        ):
            chosen.extend(numeral.parts)
        else:
            chosen.append(numeral)
    return sorted(chosen, key=lambda numeral: numeral.start)


def _first(numeral: Numeral) -> tuple[Value, ...]:
    return numeral.values[:1]


def _any(numeral: Numeral) -> tuple[Value, ...]:
    return numeral.values


def _bare(numeral: Numeral) -> tuple[Value, ...]:
    return numeral.bare


def _unscaled(numeral: Numeral) -> tuple[Value, ...]:
    return () if numeral.bare else numeral.values


_Reader = Callable[[Numeral], tuple[Value, ...]]
# Surest first. A second reading counts on one side only: two numbers that merely may both be read
# as 30 differ. A word of size we do not know ("4 <million>") leaves the bare number to compare.
_ROUNDS: tuple[tuple[_Reader, _Reader], ...] = (
    (_first, _first),
    (_first, _any),
    (_any, _first),
    (_bare, _unscaled),
    (_unscaled, _bare),
)


def _unmatched(left: list[Numeral], right: list[Numeral]) -> tuple[list[Numeral], list[Numeral]]:
    """What stays on each side when equal numerals are paired off, surest readings first."""
    for of_left, of_right in _ROUNDS:
        if not left or not right:
            break
        waiting: dict[Value, list[Numeral]] = defaultdict(list)
        for numeral in reversed(right):
            for reading in of_right(numeral):
                waiting[reading].append(numeral)
        taken: set[int] = set()
        rest: list[Numeral] = []
        for numeral in left:
            partner = None
            for reading in of_left(numeral):
                queue = waiting.get(reading, [])
                while queue and id(queue[-1]) in taken:
                    queue.pop()
                if queue:
                    partner = queue.pop()
                    break
            if partner is None:
                rest.append(numeral)
            else:
                taken.add(id(partner))
        left = rest
        right = [numeral for numeral in right if id(numeral) not in taken]
    return left, right


def _judge(
    alone: list[Numeral],
    opposite: list[Numeral],
    other: Reading,
    months: set[int],
    slips: set[int],
) -> tuple[list[Numeral], list[Numeral], list[Numeral]]:
    """Of unpaired numerals: those not said on the other side, said less often, said in words."""
    said = {v for numeral in opposite for v in (*numeral.values, *numeral.bare)}
    hard: list[Numeral] = []
    again: list[Numeral] = []
    in_words: list[Numeral] = []
    for numeral in alone:
        if id(numeral) in slips:
            hard.append(numeral)
            continue
        if numeral.optional or numeral.known_name:
            continue
        if _said(numeral, other, months):
            in_words.append(numeral)
            continue
        (again if numeral.values[0] in said else hard).append(numeral)
    return hard, again, in_words


def _slips(missing: list[Numeral], extra: list[Numeral], source: View, target: View) -> set[int]:
    """Unpaired numerals of two digits or more that differ in one: a slip of the hand.

    Words may explain each of the two by chance ("sixty" and "three" stand somewhere), but hardly
    both at once.
    """
    found: set[int] = set()
    waiting: dict[str, Numeral] = {}
    for numeral in missing:
        digits = source.text[numeral.start : numeral.end]
        if 2 <= len(digits) <= 12:
            for at in range(len(digits)):
                waiting.setdefault(f"{digits[:at]}?{digits[at + 1 :]}", numeral)
    for numeral in extra:
        digits = target.text[numeral.start : numeral.end]
        for at in range(min(len(digits), 12)):
            slipped = waiting.get(f"{digits[:at]}?{digits[at + 1 :]}")
            if slipped is not None:
                found |= {id(slipped), id(numeral)}
    return found


def _said(numeral: Numeral, other: Reading, months: set[int]) -> bool:
    """Whether words say a number: three, or March (where only one side names the month)."""
    for candidate in (*numeral.values, *numeral.bare):
        number = whole(candidate)
        if number is None:
            if candidate == ("5", -1) and 50 in other.atoms:
                return True
            continue
        if number in months or spelled(number, other.atoms):
            return True
    return False


def _report(
    missing: list[Numeral], extra: list[Numeral], source: View, target: View
) -> list[Finding]:
    findings: list[Finding] = []
    pairs = _closest(missing, extra, source, target)
    for left, right in pairs:
        here = _shown(source, left)
        there = _shown(target, right)
        if left and right:
            template = _("The number %(source)s reads %(target)s in the translation.")
        elif left:
            template = _("The number %(source)s has no counterpart in the translation.")
        else:
            template = _(
                "The translation has the number %(target)s, which the source does not have."
            )
        findings.append(
            Finding(
                check="numbers",
                severity=Severity.BLOCK,
                source_span=source.span(*left.extent) if left else None,
                target_span=target.span(*right.extent) if right else None,
                template=template,
                params={"source": here, "target": there},
            )
        )
    return findings


def _shown(view: View, numeral: Numeral | None) -> str:
    return view.text[slice(*numeral.extent)] if numeral else ""


def _closest(
    missing: list[Numeral], extra: list[Numeral], source: View, target: View
) -> Iterable[tuple[Numeral | None, Numeral | None]]:
    """Pair a missing numeral with the extra one that shares most digits, in order."""
    rest = list(extra[:50])
    for left in missing:
        best, shared = None, 0
        wanted = Counter(source.text[left.start : left.end])
        for right in rest:
            common = sum((wanted & Counter(target.text[right.start : right.end])).values())
            if best is None or common > shared:
                best, shared = right, common
        if best is not None:
            rest.remove(best)
        yield left, best
    for right in [*rest, *extra[50:]]:
        yield None, right
