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
    here, there = len(source.strong), len(target.strong)
    trust = min(source.trust, target.trust)
    if here and not there:
        # "Not known" may have become "unknown", or "do not touch" "avoid touching": for such words
        # the reviewer decides.
        sure = trust >= 3 and not target.soft and not target.excuses
        return [_finding(lost=source_view.span(*source.strong[0]), sure=sure)]
    if here > there + target.excuses:
        return [_finding(lost=source_view.span(*source.strong[-1]), sure=False)]
    if not there:
        return []
    # Words like "unknown" on this side explain as many denials on that one.
    spare_here = max(0, source.excuses - target.excuses)
    added = target_view.span(*target.strong[-1])
    vague = bool(source.soft or source.excuses)
    if not here and there > spare_here and (trust >= 3 or (trust == 2 and not vague)):
        return [_finding(added=added, sure=trust == 4 and not vague)]
    if here and trust >= 3 and there > here + source.excuses + source.soft + 1:
        return [_finding(added=added, sure=False)]
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
