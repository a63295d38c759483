"""Places a program fills in (%(name)s, {count}), and addresses, must survive translation."""

import re
from collections import Counter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medixchange.translation.checks.base import Finding, Pair, Severity

#: printf of C and Python, and the braces of Python, ICU and JavaScript.
_PLACE = re.compile(
    r"%\([A-Za-z_]\w{0,60}\)[#0\- +]?\d{0,3}(?:\.\d{1,3})?[sdifgexX]"
    r"|(?<![\d%])%(?:\d{1,2}\$)?[sdif](?![A-Za-z])"
    r"|\{\{ ?\w{1,60} ?\}\}|\$?\{[A-Za-z_]?\w{0,60}(?:[.:!][^{}\s]{0,40})?\}"
)
# The domain part of an address is bounded so that no text can make the pattern slow.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[!#-'*-;=?-~]{1,500}"
    r"|(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)


def check(pair: Pair) -> list[Finding]:
    """Block lost or invented placeholders; warn of changed web and mail addresses."""
    findings: list[Finding] = []
    if "%" in pair.source + pair.target or "{" in pair.source + pair.target:
        findings += _compare(
            _PLACE, pair, Severity.BLOCK,
            _("The placeholder %(text)s is missing in the translation."),
            _("The translation has the placeholder %(text)s, which the source does not have."),
        )  # fmt: skip
    findings += _compare(
        _ADDRESS, pair, Severity.WARN,
        _("The address %(text)s is missing or changed in the translation."),
        _("The translation has the address %(text)s, which the source does not have."),
    )  # fmt: skip
    return findings


def _compare(
    pattern: re.Pattern[str], pair: Pair, severity: Severity, lost: Promise, invented: Promise
) -> list[Finding]:
    source = [(m[0].rstrip(".,;:!?"), m.start()) for m in pattern.finditer(pair.source)]
    target = [(m[0].rstrip(".,;:!?"), m.start()) for m in pattern.finditer(pair.target)]
    wanted, given = (Counter(text for text, _at in side) for side in (source, target))
    findings: list[Finding] = []
    for side, surplus, template in (
        (source, wanted - given, lost),
        (target, given - wanted, invented),
    ):
        for text, at in reversed(side):
            if surplus[text] > 0:
                surplus[text] -= 1
                span = (at, at + len(text))
                findings.append(
                    Finding(
                        check="placeholders",
                        severity=severity,
                        source_span=span if side is source else None,
                        target_span=span if side is target else None,
                        template=template,
                        params={"text": text},
                    )
                )
    return findings
