"""Negation: a "not" must not be lost on the way, nor come from nowhere."""

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity, Span
from medixchange.translation.checks.negation.scan import Denials, denials
from medixchange.translation.checks.text import base, views


def check(pair: Pair) -> list[Finding]:
    """Find denials lost or added; see docs/checks.md for when that blocks and when it warns."""
    source_view, target_view = views(pair)
    source = denials(source_view, base(pair.source_language))
    target = denials(target_view, base(pair.target_language))
    if source is None or target is None:
        return []
    if len(source.strong) > len(target.strong) + target.soft:
        at = source.strong[0]
        return [_finding(lost=source_view.span(*at), sure=not target.strong)]
    if len(target.strong) > len(source.strong) + source.soft:
        at = target.strong[-1]
        return [_finding(added=target_view.span(*at), sure=not source.strong)]
    return []


def _finding(*, lost: Span | None = None, added: Span | None = None, sure: bool) -> Finding:
    return Finding(
        check="negation",
        severity=Severity.BLOCK if sure else Severity.WARN,
        source_span=lost,
        target_span=added,
        template=(
            _("The source denies something here; the translation does not.")
            if lost
            else _("The translation denies something here; the source does not.")
        ),
    )


__all__ = ["Denials", "check", "denials"]
