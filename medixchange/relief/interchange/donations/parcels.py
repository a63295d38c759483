"""The goods cell: one good, or several with their quantities (“Face Mask * 3,500,000”)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medixchange.relief.interchange import goods

_DIGIT = r"[\d٠-٩۰-۹]"
_AFTER = re.compile(
    rf"(?P<name>.*\w.*?)\s*(?:[*×✕]\s*|\s[xX]\s*|[:：]\s*|[(（]\s*)(?P<quantity>{_DIGIT}.*?)[)）]?\s*"
)
_BEFORE = re.compile(
    rf"(?P<quantity>{_DIGIT}[\d.,'’ \u00a0\u202f]*)\s*(?:[*×xX]\s+)?(?P<name>\D.*)"
)
_MARKS = re.compile(r"\s*[;；]\s*|,\s+(?=\D)|，|、")
_AND = re.compile(r"\s+(?:and|&|\+|et|dan)\s+|\s*[/+]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One good as the cell names it; ``quantity_text`` where it says how many."""

    item: str | None
    text: str
    quantity_text: str = ""


def read(lines: Sequence[str], known: Mapping[str, str]) -> list[Parcel]:
    """The goods that the lines of a cell name, in their order."""
    found: list[Parcel] = []
    for line in lines:
        found += _line(line, known)
    return found


def _line(line: str, known: Mapping[str, str]) -> list[Parcel]:
    """The goods of one line. It is parted at commas and “and” only where every part is a good we
    know; else it stays one text that we do not know."""
    whole = _parcel(line, known)
    if whole.item is not None:
        return [whole]
    for mark in (_MARKS, _AND):
        parts = [part for part in mark.split(line) if part and part.strip()]
        if len(parts) > 1:
            parcels = [found for part in parts for found in _line(part.strip(), known)]
            if all(parcel.item is not None for parcel in parcels):
                return parcels
    parts = [part for part in re.split(r"\s*[;；]\s*", line) if part]
    if len(parts) > 1:
        return [found for part in parts for found in _line(part, known)]
    return [whole]


def _parcel(text: str, known: Mapping[str, str]) -> Parcel:
    if (item := goods.find(text, known)) is not None:
        return Parcel(item, text)
    if found := _AFTER.fullmatch(text):
        return Parcel(
            goods.find(found["name"], known), found["name"].strip(), found["quantity"].strip()
        )
    if (found := _BEFORE.fullmatch(text)) and (item := goods.find(found["name"], known)):
        return Parcel(item, found["name"].strip(), found["quantity"].strip())
    return Parcel(None, text)


def counts(unit: str, parcel: Parcel, known: Mapping[str, str]) -> bool:
    """Whether a unit is the good itself: “300,000 Detection Kits”, “300,000 kits” of them."""
    if not unit:
        return True
    if (item := goods.find(unit, known)) is not None:
        return item == parcel.item
    last = parcel.text.split()[-1] if parcel.text.split() else ""
    return bool(last) and goods.same_word(unit, last)
