"""An empty translation is no translation."""

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.checks.text import views


def check(pair: Pair) -> list[Finding]:
    """Block a target without any visible character while the source has some."""
    source, target = views(pair)
    if source.text.strip() and not target.text.strip():
        return [
            Finding(
                check="empty",
                severity=Severity.BLOCK,
                source_span=(0, len(pair.source)),
                target_span=None,
                template=_("There is no translation yet."),
            )
        ]
    return []
