"""Days as people write them: taken where they can mean one day only."""

import datetime
import re
from functools import cache

from babel import Locale

from medixchange.core import languages

_EARLIEST, _LATEST = 1900, 2200


@cache
def _months() -> dict[str, int]:
    """Months by name, in full and short, in every language we carry; those that two months bear
    in different languages are left out."""
    found: dict[str, set[int]] = {}
    for language in languages.every():
        names = Locale.parse(language.tag.replace("-", "_")).months
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in names[context][width].items():
                    found.setdefault(str(name).casefold().strip("."), set()).add(int(number))
    return {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}


def read(text: str) -> datetime.date | None:
    """The day a text names, or ``None`` where it names none, or may name two.

    Takes ISO 8601 (also with a time, which is dropped at midnight only), a month written as a word,
    and numbers with a year of four digits where day and month cannot be exchanged.
    """
    text = text.strip()
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]00:00(?::00)?)?", text):
        return _day(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text):
        first, second, in_year = map(int, found.groups())
        if first == second or second > 12:
            return _day(in_year, first, second)
        return _day(in_year, second, first) if first > 12 else None
    for pattern, order in (
        (r"(\d{1,2})\.?\s+(?:de\s+)?([^\W\d]+)\.?,?\s+(?:de\s+)?(\d{4})", (2, 1, 0)),
        (r"([^\W\d]+)\.?\s+(\d{1,2}),?\s+(\d{4})", (2, 0, 1)),
    ):
        if found := re.fullmatch(pattern, text):
            year, month, day = (found.group(place + 1) for place in order)
            number = _months().get(month.casefold())
            return _day(int(year), number, int(day)) if number else None
    return None


def _day(year: int, month: int, day: int) -> datetime.date | None:
    try:
        found = datetime.date(year, month, day)
    except ValueError:
        return None
    return found if _EARLIEST <= year <= _LATEST else None
