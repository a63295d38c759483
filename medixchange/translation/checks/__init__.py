"""Safety checks on a translation: what a clinician must look at before signing.

``run`` is the one entry. Each check is a module with a function ``check(pair)``; none needs the
database, none raises on any text, and each takes time in proportion to the length of the text.
"""

from medixchange.translation.checks import (
    empty,
    glossary,
    language,
    length,
    negation,
    numbers,
    placeholders,
    tags,
    units,
    untranslated,
)
from medixchange.translation.checks.base import Check, Finding, Pair, Severity, Span, Term

#: In the order a reviewer should read their findings.
CHECKS: tuple[Check, ...] = (
    numbers.check,
    units.check,
    negation.check,
    placeholders.check,
    tags.check,
    untranslated.check,
    language.check,
    length.check,
    glossary.check,
)


def run(pair: Pair) -> list[Finding]:
    """Run every check on a pair; an empty target is the only finding if it is empty.

    Findings come with those that block first, each group in the order of ``CHECKS``.
    """
    nothing = empty.check(pair)
    if nothing:
        return nothing
    found = [finding for check in CHECKS for finding in check(pair)]
    return sorted(found, key=lambda finding: finding.severity is not Severity.BLOCK)


__all__ = ["CHECKS", "Check", "Finding", "Pair", "Severity", "Span", "Term", "run"]
