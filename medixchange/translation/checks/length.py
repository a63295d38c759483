"""Length: a translation far shorter or longer than usual has lost or gained something."""

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.checks.text import base, views

# Characters a language needs for what English says in one; medians over the parallel sentences of
# the TICO-19 benchmark (https://tico-19.github.io), rounded.
_RATIO = {
    "am": 0.65, "ar": 0.85, "bn": 0.97, "es": 1.12, "fa": 0.92, "fr": 1.17, "ha": 1.06, "hi": 0.98,
    "id": 1.1, "km": 1.1, "lg": 1.05, "ln": 1.04, "ms": 1.11, "my": 1.2, "om": 1.2, "pt": 1.09,
    "ru": 1.08, "rw": 1.13, "so": 1.15, "sw": 1.08, "ta": 1.19, "th": 0.9, "ti": 0.68, "tl": 1.2,
    "ur": 0.98, "vi": 1.0, "zh": 0.32, "zu": 1.1,
}  # fmt: skip
# Short texts vary more: "No" against "Nahi kabisa" is no error.
_SHORTEST = 45
_ALLOWED = 2.5


def check(pair: Pair) -> list[Finding]:
    """Warn where the target is over 2.5 times as long or as short as expected of the language."""
    source, target = (len(view.text.strip()) for view in views(pair))
    if not source or not target:
        return []
    ratio = _RATIO.get(base(pair.target_language), 1.0) / _RATIO.get(
        base(pair.source_language), 1.0
    )
    # Counted in English characters, so that eight Chinese ones are not "short".
    expected = source * ratio
    english = max(source / _RATIO.get(base(pair.source_language), 1.0),
                  target / _RATIO.get(base(pair.target_language), 1.0))  # fmt: skip
    if english < _SHORTEST or expected / _ALLOWED <= target <= expected * _ALLOWED:
        return []
    return [
        Finding(
            check="length",
            severity=Severity.WARN,
            source_span=(0, len(pair.source)),
            target_span=(0, len(pair.target)),
            template=(
                _("The translation is much shorter than usual; is something missing?")
                if target < expected
                else _("The translation is much longer than usual; is something added?")
            ),
        )
    ]
