"""The progress cell: one state, or several with their quantities (“300,000 [In Transit], …”)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from medixchange.core.countries import normalise

#: What publishers call the states of a donation.
STATES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "announced": ("announced", "pledged", "planned", "committed", "promised"),
        "in_preparation": ("in preparation", "preparing", "under preparation", "being prepared"),
        "in_transit": (
            "in transit",
            "shipped",
            "dispatched",
            "departed",
            "on the way",
            "en route",
            "in the air",
        ),
        "arrived": ("arrived", "landed"),
        "accepted": ("accepted",),
        "delivered": ("delivered", "received", "handed over"),
    }
)
_BY_WORDS = {normalise(word): state for state, words in STATES.items() for word in words}
_BRACKETED = re.compile(r"\s*[,;，；]?\s*(?P<what>[^\[\]]*?)\s*\[(?P<state>[^\[\]]*)\]\s*")
_ROUND = re.compile(r"\s*[,;，；]?\s*(?P<what>[^()]*?)\s*\((?P<state>[^()]*)\)\s*")
_REST = re.compile(
    r"(?:all )?(?:the )?(?:rest|remainder|remaining|others?|balance)(?: ones| of them| kits)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a donation and its state. ``what`` is its quantity as written, empty for all of
    it; ``rest`` that it is what the other parts leave."""

    state: str | None
    state_text: str
    what: str = ""
    rest: bool = False


def state_of(text: str) -> str | None:
    """The state that words name, or ``None``."""
    return _BY_WORDS.get(normalise(text))


def read(lines: Sequence[str]) -> list[Part]:
    """The parts of a progress cell; none where it is blank. A cell that cannot be parted is one
    part without a state."""
    text = ", ".join(lines).strip()
    if not text:
        return []
    if (state := state_of(text)) is not None:
        return [Part(state, text)]
    for pattern in (_BRACKETED, _ROUND):
        parts = _parts(text, pattern)
        if parts:
            return parts
    return [Part(None, text)]


def _parts(text: str, pattern: re.Pattern[str]) -> list[Part]:
    parts, at = [], 0
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or found.end() == at:
            return []
        what = found["what"].strip()
        rest = _REST.fullmatch(what) is not None
        state_text = found["state"].strip()
        parts.append(Part(state_of(state_text), state_text, "" if rest else what, rest))
        at = found.end()
    return parts
