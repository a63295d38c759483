"""An allocation run as its page shows it: methods side by side, and a row for each facility."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from medixchange.core.templatetags.parts import grouped
from medixchange.relief import sharing
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.models import AllocationLine
from medixchange.relief.sharing import Fairness, Parameters, Shared, Unsound

#: Width of a bar in the units of its picture.
BAR = 1000
#: Methods by their names, in the order they are shown.
NAMES = {
    "proportional": gettext_lazy("In proportion to need"),
    "maxmin": gettext_lazy("The lowest share as high as can be"),
    "population": gettext_lazy("By people served"),
    "utility": gettext_lazy("Most use from each pack"),
}
#: What each method does, in a sentence.
SAYINGS = {
    "proportional": gettext_lazy("Everybody gets the same part of their need."),
    "maxmin": gettext_lazy("Whoever has the least is lifted first, again and again."),
    "population": gettext_lazy("Shares follow the people a facility serves, up to its need."),
    "utility": gettext_lazy("Each pack goes where it lowers most of what is urgent and unmet."),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One method beside the others."""

    method: str
    name: str
    saying: str
    figures: Fairness | None
    refused: str
    #: Names of the figures in which no other method is better.
    best: frozenset[str]

    @property
    def lowest(self) -> str:
        """The lowest fill rate in words."""
        return percent(self.figures.minimum_fill) if self.figures else ""


@dataclass(frozen=True, slots=True)
class Share:
    """One facility's row. Widths are out of ``BAR``, which is its need, or what it gets where that
    is more."""

    line: AllocationLine
    row: Mapping[str, Any]
    shipped: int
    now: int
    expected: int
    #: Of its need, with what was shipped before, in words.
    fill: str
    width_shipped: int
    width_now: int
    width_expected: int
    width_need: int
    sentence: str
    #: Against the method it is compared with.
    difference: int

    @property
    def less(self) -> int:
        return -self.difference


@dataclass(frozen=True, slots=True)
class Compared:
    """Who gains and who loses against another method."""

    name: str
    words: str


def cards(kept: Mapping[str, Any], parameters: Parameters) -> list[Card]:
    """The methods on the same inputs, without changes by hand."""
    found: dict[str, Fairness | str] = {}
    for method in METHODS:
        try:
            found[method] = sharing.fairness(sharing.share_out(kept, parameters, method))
        except Unsound as unsound:
            found[method] = str(unsound)
    sound = {name: one for name, one in found.items() if isinstance(one, Fairness)}
    return [
        Card(
            method,
            str(NAMES[method]),
            str(SAYINGS[method]),
            sound.get(method),
            "" if method in sound else str(found[method]),
            _best(method, sound),
        )
        for method in METHODS
    ]


def _best(method: str, sound: Mapping[str, Fairness]) -> frozenset[str]:
    own = sound.get(method)
    if own is None or len(sound) < 2:
        return frozenset()
    others = sound.values()
    found = set()
    if (
        own.minimum_fill
        >= max(one.minimum_fill for one in others)
        > min(one.minimum_fill for one in others)
    ):
        found.add("minimum_fill")
    if own.gini <= min(one.gini for one in others) < max(one.gini for one in others):
        found.add("gini")
    if own.shortfall <= min(one.shortfall for one in others) < max(one.shortfall for one in others):
        found.add("shortfall")
    return frozenset(found)


def shares(
    lines: Sequence[AllocationLine],
    shared: Shared,
    parameters: Parameters,
    against: Mapping[str, int] | None,
) -> list[Share]:
    """A row for each facility, by name; what it gets is the shared-out plan's."""
    rows = {row["facility"]: row for row in shared.kept["rows"]}
    now = shared.by_facility()
    totals = dict(zip(shared.demand.facilities, shared.total.tolist(), strict=True))
    floors = dict(zip(shared.demand.facilities, shared.demand.floor.tolist(), strict=True))
    found = []
    for line in sorted(lines, key=lambda line: line.facility.name):
        code = line.facility.code
        row, gets = rows[code], now[code]
        shipped = sharing.shipped_of(row)
        later = max(totals[code] - shipped - gets, 0)
        widest = max(row["asked"], shipped + gets + later)
        found.append(
            Share(
                line=line,
                row=row,
                shipped=shipped,
                now=gets,
                expected=later,
                fill=percent((shipped + gets) / row["asked"]),
                width_shipped=BAR * shipped // widest,
                width_now=BAR * (shipped + gets) // widest,
                width_expected=BAR * (shipped + gets + later) // widest,
                width_need=BAR * row["asked"] // widest,
                sentence=_sentence(line, row, gets, floors[code], shared, parameters),
                difference=gets - against[code] if against else 0,
            )
        )
    return found


def _sentence(
    line: AllocationLine,
    row: Mapping[str, Any],
    gets: int,
    floor: int,
    shared: Shared,
    parameters: Parameters,
) -> str:
    """Why a facility gets what it gets, in one sentence."""
    shipped = sharing.shipped_of(row)
    still_open = max(row["asked"] - shipped, 0)
    pack = shared.plan.item.pack
    fill = percent((shipped + gets) / row["asked"])
    if line.changed_by_id is not None:
        return _("Changed by hand from %(computed)s; the others share what is left.") % {
            "computed": grouped(line.computed)
        }
    if not still_open:
        return _("Its need is covered by what came, is on the way or is packed.")
    if shared.method == "population" and row["population"] == 0:
        return _("Serves nobody, as far as is known, so it gets no more than its floor.")
    if gets >= still_open:
        return _("All that it still needs.")
    if still_open < pack and not parameters.round_up:
        return _("Less than a whole pack of %(pack)s is open.") % {"pack": grouped(pack)}
    cap = row["asked"] * parameters.cap_percent // 100
    if parameters.cap_percent < 100 and shipped + gets > cap - pack:
        return _("Up to the cap of %(cap)s of its need.") % {
            "cap": percent(parameters.cap_percent / 100)
        }
    if not gets:
        if shared.free - shared.reserve < pack:
            return _("The store has nothing to give out now.")
        return _NOTHING[shared.method]() % {"fill": fill}
    if floor and shipped + gets - pack < floor <= shipped + gets:
        return _("Its floor, %(floor)s of its need, in whole packs.") % {
            "floor": percent(parameters.floor_percent / 100)
        }
    return _REASONS[shared.method]() % {
        "fill": fill,
        "open": percent(gets / still_open),
        "people": grouped(row["population"]),
        "priority": parameters.priorities.get(row["facility"], "1"),
    }


_REASONS = {
    "proportional": lambda: _("%(open)s of what it still needs, as everybody, in whole packs."),
    "maxmin": lambda: _("Lifted to %(fill)s of its need, with those who had less before it."),
    "population": lambda: _("Its share by the %(people)s people it serves, in whole packs."),
    "utility": lambda: _("Has %(fill)s then; another pack does more elsewhere."),
}
_NOTHING = {
    "proportional": lambda: _("Its share is less than half a pack, so none falls to it."),
    "maxmin": lambda: _("Has %(fill)s already; what there is lifts those who have less."),
    "population": lambda: _("Its share by people served is less than half a pack."),
    "utility": lambda: _("Has %(fill)s already; each pack does more elsewhere."),
}


def compared(found: Sequence[Share], method: str) -> Compared:
    """Who gains and who loses against a method, in words."""
    name = str(NAMES[method])
    gaining = [one for one in found if one.difference > 0]
    losing = [one for one in found if one.difference < 0]
    if not gaining and not losing:
        return Compared(name, _("Nobody gets more or less than there."))
    most = max(found, key=lambda one: one.difference)
    least = min(found, key=lambda one: one.difference)
    words = [
        ngettext("%(n)s facility gains", "%(n)s facilities gain", len(gaining))
        % {"n": grouped(len(gaining))},
        ngettext("%(n)s loses", "%(n)s lose", len(losing)) % {"n": grouped(len(losing))},
    ]
    said = _("%(gain)s and %(lose)s.") % {"gain": words[0], "lose": words[1]}
    if gaining:
        said += " " + _("%(name)s gains most: %(n)s.") % {
            "name": isolated(str(most.line.facility)),
            "n": grouped(most.difference),
        }
    if losing:
        said += " " + _("%(name)s loses most: %(n)s.") % {
            "name": isolated(str(least.line.facility)),
            "n": grouped(-least.difference),
        }
    return Compared(name, said)


def isolated(name: str) -> str:
    """A name between Unicode's isolates, so that it keeps its order in a sentence that is written
    the other way."""
    return f"\u2068{name}\u2069"


def percent(share: float) -> str:
    """A share as a whole percentage, rounded down, so that 99.9% is not told as all of it."""
    return _("%(number)s%%") % {"number": number_format(int(share * 100 + 1e-9))}
