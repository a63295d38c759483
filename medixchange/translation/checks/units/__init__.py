"""Being written."""

from medixchange.translation.checks.base import Finding, Pair


def check(pair: Pair) -> list[Finding]:
    return []
