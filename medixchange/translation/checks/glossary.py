"""Agreed terms: where the source uses one, the translation should use an agreed wording."""

import re

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.checks.numbers.words import SPACELESS
from medixchange.translation.checks.text import View, base, fold, views

# Endings change and prefixes attach in most languages we carry, so a word of the wording counts as
# used where its stem is. Four fifths of a word is its stem.
_STEM = 0.8
_SHORTEST_STEM = 4


def check(pair: Pair) -> list[Finding]:
    """Warn for each term whose source wording occurs and none of whose target wordings does."""
    if not pair.terms:
        return []
    source, target = views(pair)
    findings: list[Finding] = []
    language = base(pair.source_language)
    for term in pair.terms:
        wording = fold(term.source).strip()
        targets = [text for wanted in term.targets if (text := fold(wanted).strip())]
        if not wording or not targets:
            continue
        at = _find(source, wording, language)
        if at < 0 or any(_used(text, target.lower) for text in targets):
            continue
        findings.append(
            Finding(
                check="glossary",
                severity=Severity.WARN,
                source_span=source.span(at, at + len(wording)),
                target_span=None,
                template=_("For “%(source)s” the agreed wording is “%(targets)s”."),
                params={"source": term.source, "targets": " / ".join(term.targets)},
            )
        )
    return findings


def _find(view: View, wording: str, language: str) -> int:
    """Where a wording stands as words of its own (anywhere, if the language has no spaces)."""
    if language in SPACELESS:
        return view.lower.find(wording)
    match = re.search(rf"(?<!\w){re.escape(wording)}(?:s|es)?(?!\w)", view.lower)
    return match.start() if match else -1


def _used(wording: str, lower: str) -> bool:
    if wording in lower:
        return True
    words = wording.split()
    stems = [word[: max(_SHORTEST_STEM, int(len(word) * _STEM))] for word in words]
    return all(stem in lower for stem in stems)
