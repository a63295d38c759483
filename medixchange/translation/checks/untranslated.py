"""Untranslated text: the target repeats the source, or a long run of it."""

import re

from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.checks.text import base, views

# Shorter words are mostly units: mg, mL.
_WORD = re.compile(r"[^\W\d_]{3,}")
# A few equal words are names, drugs or a list of codes; four or more with small letters are a
# sentence nobody translated.
_SENTENCE = 4


def check(pair: Pair) -> list[Finding]:
    """Block a repeated sentence; warn of a repeated word or two (it may be a name)."""
    if base(pair.source_language) == base(pair.target_language):
        return []
    source, target = views(pair)
    if source.text.strip() != target.text.strip():
        return []
    words = _WORD.findall(source.text[:20_000])
    ordinary = [word for word in words if not word.isupper() and word[1:].lower() == word[1:]]
    small = [word for word in ordinary if not word[0].isupper()]
    if not small:
        return []
    return [
        Finding(
            check="untranslated",
            severity=Severity.BLOCK if len(ordinary) >= _SENTENCE else Severity.WARN,
            source_span=(0, len(pair.source)),
            target_span=(0, len(pair.target)),
            template=_("The translation is the same as the source."),
        )
    ]
