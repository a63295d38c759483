"""The pictures of the public page, made of what the queries found, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from medixchange.relief.graphics import globe, pairs, river, steps
from medixchange.relief.models import Place
from medixchange.relief.queries.public import visible
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.overview import DRAWN, Close, positions
from medixchange.relief.views.public import words

#: More donors or countries than these are drawn together.
MOST_ENDS = 8


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is drawn: the language's tag, and whether it runs from right to left."""

    language: str
    mirrored: bool


def flow(close: Close, asked: Asked, item: str, reader: Reader) -> SafeString | None:
    """How far the goods came. Not of a part of the time: goods arrive that left before it."""
    if asked.is_part_of_time or not (close.row.pledged or close.row.figures.shipped):
        return None
    unit = close.row.item.unit
    drawn = [*(between.first for between in close.between), "used"]
    if not close.row.pledged:
        # Nothing would flow out of nothing.
        drawn = drawn[1:]
    parts = {between.first: between.parts for between in close.between}
    rows = []
    for name in drawn:
        asides = [
            river.Aside(
                words.part(part.what, part.quantity, alone=close.alone),
                part.quantity,
                words.number(abs(part.quantity)),
                "adds" if part.quantity < 0 else "gone" if part.what in words.GONE else "waits",
            )
            for part in parts.get(name, ())
        ]
        quantity = close.row.value(name) or 0
        rows.append(
            river.Step(str(words.FIGURES[name]), quantity, words.amount(quantity, unit), asides)
        )
    if any(row.quantity < 0 for row in rows):
        return None
    return river.draw(
        rows,
        title=_title(_("Flow of goods from pledge to use: %(item)s") % {"item": item}, asked),
        description=_("%(steps)s. The table beside it says the same.")
        % {"steps": "; ".join(f"{row.name}: {row.text}" for row in rows)},
        mirrored=reader.mirrored,
    )


def who_gave(
    close: Close, asked: Asked, item: str, givers: Mapping[int, Place], reader: Reader
) -> SafeString | None:
    """From which donor to which country; nothing where one gave to one."""
    shipped = [share for share in close.shares if share.figures.shipped > 0]
    if len(shipped) < 2:
        return None
    unit = close.row.item.unit
    names = {
        share.donor: visible.place_name(givers[share.donor], reader.language)
        if share.donor in givers
        else _("other sources")
        for share in shipped
    }
    left, of_left = _ends(
        [(str(share.donor), names[share.donor], share.figures.shipped) for share in shipped], unit
    )
    right, of_right = _ends(
        [
            (
                share.country,
                visible.country_name(share.country, reader.language),
                share.figures.shipped,
            )
            for share in shipped
        ],
        unit,
    )
    bands: dict[tuple[str, str], int] = {}
    for share in shipped:
        at = of_left[str(share.donor)], of_right[share.country]
        bands[at] = bands.get(at, 0) + share.figures.shipped
    return pairs.draw(
        left,
        right,
        bands,
        title=_title(_("Who gave, and for which country: %(item)s") % {"item": item}, asked),
        description=_("What was shipped, from donors to countries. The table says the same."),
        mirrored=reader.mirrored,
    )


def _ends(
    rows: Sequence[tuple[str, str, int]], unit: str
) -> tuple[list[pairs.End], dict[str, str]]:
    """The largest ends, the others as one, and which end each key is drawn at."""
    sums: dict[str, int] = {}
    names = {}
    for key, name, quantity in rows:
        sums[key] = sums.get(key, 0) + quantity
        names[key] = name
    order = sorted(sums, key=lambda key: (-sums[key], names[key]))
    alone = order if len(order) <= MOST_ENDS else order[: MOST_ENDS - 1]
    ends = [pairs.End(key, names[key], words.number(sums[key])) for key in alone]
    drawn_at = {key: key if key in alone else "" for key in order}
    rest = order[len(alone) :]
    if rest:
        total = sum(sums[key] for key in rest)
        ends.append(
            pairs.End("", _("%(count)d others") % {"count": len(rest)}, words.number(total))
        )
    return ends, drawn_at


def time_line(close: Close, asked: Asked, item: str, reader: Reader) -> SafeString | None:
    """Shipped, arrived and received by the end of each week."""
    if not close.weeks:
        return None
    return steps.draw(
        [week for week, _values in close.weeks],
        [
            steps.Line(
                str(words.FIGURES[name]),
                [values[name] for _week, values in close.weeks],
                words.number(close.weeks[-1][1][name]),
                name,
            )
            for name in DRAWN
        ],
        title=_title(_("Week by week: %(item)s") % {"item": item}, asked),
        description=_(
            "Shipped, arrived and received by the end of each week, in %(unit)s. The table "
            "below says the same."
        )
        % {"unit": close.row.item.get_unit_display()},
        mirrored=reader.mirrored,
        number=words.number,
        month=words.month,
    )


def world(
    close: Close, asked: Asked, item: str, givers: Mapping[int, Place], reader: Reader
) -> tuple[SafeString | None, list[str]]:
    """Where it went: the map, and the countries that cannot be put on it, by name."""
    unit = close.row.item.unit
    went: dict[str, int] = {}
    for share in close.shares:
        went[share.country] = went.get(share.country, 0) + share.figures.shipped
    for part in close.open:
        for country in part.countries:
            went.setdefault(country, 0)
    giving = {
        givers[share.donor].country
        for share in close.shares
        if share.donor in givers and share.figures.shipped > 0
    }
    found = positions(went.keys() | giving, example=asked.example)
    spots = [
        globe.Spot(
            visible.country_name(code, reader.language),
            code,
            *found[code],
            max(0, went.get(code, 0)),
            words.amount(went.get(code, 0), unit),
            code in giving,
        )
        for code in sorted(found)
    ]
    missing = [
        visible.country_name(code, reader.language)
        for code in sorted((went.keys() | giving) - found.keys())
    ]
    if not spots:
        return None, missing
    picture = globe.draw(
        spots,
        title=_title(_("Where it went: %(item)s") % {"item": item}, asked),
        description="; ".join(f"{spot.name}: {spot.text}" for spot in spots),
    )
    return picture, missing


def _title(title: str, asked: Asked) -> str:
    return _("Example, did not happen. %(title)s") % {"title": title} if asked.example else title
