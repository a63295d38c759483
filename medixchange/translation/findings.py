"""Findings of the checks, kept with a translation and shown again in the reader's language."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext

from medixchange.translation import checks
from medixchange.translation.checks.base import Finding, Pair, Severity, Term
from medixchange.translation.models import Segment


def of(segment: Segment, text: str, language: str, terms: Sequence[Term] = ()) -> list[Finding]:
    """Check a wording of a segment in a language."""
    return checks.run(Pair(segment.text, text, segment.language, language, terms))


def store(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The form in which findings are kept: the template in English, so that it can be shown in
    whatever language a later reader has."""
    from django.utils import translation

    with translation.override(None):
        return [
            {
                "check": finding.check,
                "severity": finding.severity.value,
                "source": list(finding.source_span) if finding.source_span else None,
                "target": list(finding.target_span) if finding.target_span else None,
                "template": str(finding.template),
                "params": {name: str(value) for name, value in finding.params.items()},
            }
            for finding in findings
        ]


def load(kept: Sequence[dict[str, Any]]) -> list[Finding]:
    """Findings as kept by ``store``; their messages come out in the language active now."""
    return [
        Finding(
            check=row["check"],
            severity=Severity(row["severity"]),
            source_span=tuple(row["source"]) if row["source"] else None,
            target_span=tuple(row["target"]) if row["target"] else None,
            template=gettext(row["template"]),
            params=row["params"],
        )
        for row in kept
    ]


def blocks(findings: Sequence[Finding]) -> bool:
    """Whether any of them stops an approval."""
    return any(finding.severity is Severity.BLOCK for finding in findings)
