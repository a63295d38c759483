"""Numbers in words on both sides: two tablets must not become three."""

from collections.abc import Sequence

from medixchange.translation.checks.base import Span
from medixchange.translation.checks.numbers import chinese
from medixchange.translation.checks.numbers.scan import Reading, whole
from medixchange.translation.checks.numbers.words import Word, lexicon, spelled
from medixchange.translation.checks.text import View

#: Languages whose number words are told from other words well enough to stop a translation.
SURE = frozenset({"en", "id", "ms", "fr", "es", "pt", "ru", "zh", "hi", "ur", "tl", "vi"})
# One is an article in half of the languages, and larger numbers are mostly written in digits.
_SMALLEST, _LARGEST = 2, 12


def exchanged(
    source: Reading,
    target: Reading,
    source_view: View,
    target_view: View,
    languages: tuple[str, str],
) -> tuple[Span, Span] | None:
    """The places of two small numbers in words of which each side says one and not the other.

    Args:
        source, target: the readings of both sides.
        source_view, target_view: their folded texts.
        languages: primary subtags of source and target.

    Returns:
        Ranges in the folded texts, or None.
    """
    if not SURE.issuperset(languages):
        return None
    here = _words(source, source_view, languages[0])
    there = _words(target, target_view, languages[1])
    if not here or not there:
        return None
    left = [span for value, span in here.items() if not _has(target, value)]
    right = [span for value, span in there.items() if not _has(source, value)]
    return (left[0], right[0]) if left and right else None


def _words(reading: Reading, view: View, language: str) -> dict[int, Span]:
    """The first place of each small number said by a whole word (not by a prefix like tri-)."""
    found: Sequence[Word | chinese.ChineseNumber] = (
        chinese.find(view.text) if language == "zh" else reading.words
    )
    exact = lexicon(language).exact
    return {
        word.value: (word.start, word.end)
        for word in reversed(found)
        if _SMALLEST <= word.value <= _LARGEST
        and (language == "zh" or view.lower[word.start : word.end] in exact)
    }


def _has(reading: Reading, value: int) -> bool:
    if spelled(value, reading.atoms) or value in reading.months:
        return True
    return any(
        whole(candidate) == value
        for numeral in reading.numerals
        for each in (numeral, *numeral.parts)
        for candidate in (*each.values, *each.bare)
    )
