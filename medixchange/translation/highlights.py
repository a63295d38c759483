"""A text with what a check found marked in it, so that a reviewer's eye goes there."""

from collections.abc import Sequence
from typing import Literal

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from medixchange.translation.checks.base import Finding, Severity
from medixchange.translation.checks.landmarks import landmarks
from medixchange.translation.inline import pieces

#: The strongest wins where marks overlap.
_STRENGTH = {"seen": 1, "warn": 2, "block": 3}


def marked(
    text: str, language: str, findings: Sequence[Finding], side: Literal["source", "target"]
) -> SafeString:
    """The text as HTML: numbers, units and negations underlined, findings in their colour, tags
    in small type. All of it is escaped."""
    strength = [""] * len(text)
    spans = [(start, end, "seen") for start, end in landmarks(text, language)]
    for finding in findings:
        span = finding.source_span if side == "source" else finding.target_span
        if span:
            spans.append((*span, "block" if finding.severity is Severity.BLOCK else "warn"))
    for start, end, kind in spans:
        for at in range(max(0, start), min(end, len(text))):
            if _STRENGTH[kind] > _STRENGTH.get(strength[at], 0):
                strength[at] = kind
    tags = [(p.start, p.end) for p in pieces(text) if p.kind != "text"]
    for start, end in tags:
        strength[start:end] = ["tag"] * (end - start)
    out, at = [], 0
    while at < len(text):
        end = at
        while end < len(text) and strength[end] == strength[at]:
            end += 1
        out.append(_element(escape(text[at:end]), strength[at]))
        at = end
    return mark_safe("".join(out))  # noqa: S308


def _element(words: str, kind: str) -> str:
    if not kind:
        return words
    if kind == "tag":
        return f'<span class="tag">{words}</span>'
    return f'<mark class="{kind}">{words}</mark>'
