"""What a facility needs by the rates of WHO's forecasting tool, in items of our catalogue.

A rate counts for the item of the same code, if it counts in the same unit: nothing is guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from django.conf import settings

from medixchange.relief.forecast import Caseload, Forecast, NeedLine, Options, Rates, Staff
from medixchange.relief.forecast import forecast as compute
from medixchange.relief.forecast.need import Rule
from medixchange.relief.forecast.rates import ITEMS_FILE, read_rates
from medixchange.relief.models import Item, Pack, Unit

#: The units of the rates, and those of ours that count the same.
_SAME: Mapping[str, tuple[Unit, ...]] = {
    "each": (Unit.PIECE, Unit.SET, Unit.KIT),
    "unit": (Unit.PIECE, Unit.SET, Unit.KIT),
    "pair": (Unit.PAIR,),
    "kg": (Unit.KILOGRAM,),
    "lt": (Unit.LITRE,),
    "1t/kit": (Unit.TEST,),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """The computed need of one item of the catalogue."""

    item: Item
    line: NeedLine
    #: Units a day, where all of it is used up day by day.
    daily_use: int | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a caseload needs.

    Attributes:
        others: lines of items that are not in the catalogue, or count in another unit there.
    """

    forecast: Forecast
    needs: tuple[Proposed, ...]
    others: tuple[NeedLine, ...]

    def working(self, proposed: Proposed) -> dict[str, Any]:
        """How one need was computed, to be kept with it."""
        told = self.forecast.as_json()
        del told["lines"], told["not_computed"]
        return told | {"basis": proposed.line.basis(), "name": proposed.line.name}


def folder() -> Path:
    """Where the rates are kept, once ``actions.rates.bring_in`` has brought them."""
    return Path(settings.MEDIA_ROOT) / "rates"


def rates() -> Rates | None:
    """The rates that an operator has brought in; None where nobody has."""
    try:
        changed = (folder() / ITEMS_FILE).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(folder(), changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> Rates:
    return read_rates(path)


def propose(
    known: Rates, caseload: Caseload, options: Options, *, staff: Staff | None = None
) -> Proposal:
    """What a caseload needs, each item in whole packs of its smallest pack. Two queries.

    Raises:
        forecast.need.Refused: there are no days, or too many.
    """
    codes = {rate.code: rate.unit.casefold() for rate in known.items}
    items = {
        item.code: item
        for item in Item.objects.filter(code__in=codes, is_current=True).select_related("name")
        if item.unit in _SAME.get(codes[item.code], ())
    }
    packs: dict[str, int] = {}
    for pack in Pack.objects.filter(item__in=items.values()).select_related("item"):
        packs[pack.item.code] = min(pack.units, packs.get(pack.item.code, pack.units))
    made = compute(
        known,
        caseload,
        Options(
            days=options.days,
            screened=options.screened,
            tests=options.tests,
            buffer=options.buffer,
            packs=packs,
        ),
        staff=staff,
    )
    return Proposal(
        made,
        tuple(
            Proposed(items[line.item], line, _daily(line, options.days))
            for line in made.lines
            if line.item in items
        ),
        tuple(line for line in made.lines if line.item not in items),
    )


def _daily(line: NeedLine, days: int) -> int | None:
    if any(part.rule != Rule.DAILY for part in line.parts):
        return None
    return ceil(line.total / days)
