"""The country cell: one country, several, a region, or a name that is neither."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from medixchange.core import countries

_MARKS = re.compile(r"\s*[;/|、，؛،\n]\s*|\s*,\s*")
_AND = re.compile(r"\s+(?:and|&|\+|et|dan|y|e|و)\s+", re.IGNORECASE)
#: Country names have at most so many parts between commas: “Iran, Islamic Republic of”.
_MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Places:
    """What a cell names: countries as ISO codes, regions by name, and names we do not know."""

    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read(lines: Sequence[str]) -> Places:
    """The places that the lines of a cell name, in their order, each once."""
    found, regions, unknown = [], [], []
    for name in _names("\n".join(lines)):
        if country := countries.find(name):
            found.append(country.alpha2)
        elif region := countries.region(name):
            regions.append(region.name)
        else:
            unknown.append(name)
    return Places(_once(found), _once(regions), _once(unknown))


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


def _is_place(name: str) -> bool:
    return countries.find(name) is not None or countries.region(name) is not None


def _names(text: str) -> list[str]:
    """The names in a text. A comma or an “and” that belongs to a name does not part it."""
    text = text.strip()
    if not text:
        return []
    if _is_place(text):
        return [text]
    parts = [part.strip() for part in _MARKS.split(text) if part.strip()]
    names: list[str] = []
    at = 0
    while at < len(parts):
        for length in range(min(_MOST_PARTS, len(parts) - at), 0, -1):
            name = ", ".join(parts[at : at + length])
            if length == 1 or _is_place(name):
                break
        names += [name] if length > 1 or _is_place(name) else _parted_by_and(name)
        at += length
    return names


def _parted_by_and(text: str) -> list[str]:
    """The names that an “and” joins, where each side is one; else the text as one name."""
    text = re.sub(r"^(?:and|&|et|dan)\s+", "", text, flags=re.IGNORECASE)
    if _is_place(text):
        return [text]
    for joint in _AND.finditer(text):
        left, right = text[: joint.start()], text[joint.end() :]
        if _is_place(left):
            return [left, *_parted_by_and(right)]
    return [text]
