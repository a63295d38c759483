"""What every check gives: findings, each with a severity and the two places it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django.utils.functional import Promise

Span = tuple[int, int]


class Severity(StrEnum):
    """``BLOCK`` stops an approval unless a clinician overrides it on record; ``WARN`` shows."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Term:
    """One agreed term: its source wording and the target wordings that are accepted for it."""

    source: str
    targets: Sequence[str]


@dataclass(frozen=True, slots=True)
class Pair:
    """A segment and its translation, with their BCP 47 tags and the terms that apply."""

    source: str
    target: str
    source_language: str
    target_language: str
    terms: Sequence[Term] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check saw.

    ``source_span`` and ``target_span`` are half-open ranges of characters (code points) in the
    texts as given, or ``None`` where the thing is missing on that side.
    """

    check: str
    severity: Severity
    source_span: Span | None
    target_span: Span | None
    #: A lazy gettext template with named %-places, so that it is shown in the reader's language.
    template: Promise | str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The finding in words, in the language active now."""
        return str(self.template) % dict(self.params)

    def as_json(self) -> dict[str, Any]:
        """The public form, as ``medixchange check`` prints it."""
        return {
            "check": self.check,
            "severity": self.severity.value,
            "source_span": list(self.source_span) if self.source_span else None,
            "target_span": list(self.target_span) if self.target_span else None,
            "message": self.message,
        }


class Check(Protocol):
    """A check is a function of a pair."""

    def __call__(self, pair: Pair) -> list[Finding]: ...
