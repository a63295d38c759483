"""Where a reviewer's eye must go in any text: its numbers with their units, and its denials."""

from medixchange.translation.checks.base import Span
from medixchange.translation.checks.negation.scan import denials
from medixchange.translation.checks.numbers.scan import read
from medixchange.translation.checks.text import base, view
from medixchange.translation.checks.units.scan import quantities


def landmarks(text: str, language: str) -> list[Span]:
    """Half-open ranges of ``text``, in order of their kind; they may overlap.

    Args:
        text: a segment, with its tags.
        language: its BCP 47 tag.
    """
    folded, tag = view(text), base(language)
    numerals = read(folded, tag).numerals
    found = [folded.span(n.start, n.end) for n in numerals]
    found += [folded.span(q.start, q.end) for q in quantities(folded, numerals, tag)]
    denied = denials(folded, tag)
    found += [folded.span(*at) for at in denied.strong] if denied else []
    return found
