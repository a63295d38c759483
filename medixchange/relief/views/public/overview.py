"""The public overview: figures from pledge to use, pictures, tables, and the same as files."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.core import languages
from medixchange.relief import access
from medixchange.relief.models import Item, Place
from medixchange.relief.queries import names
from medixchange.relief.queries.public import visible
from medixchange.relief.queries.public.adding_up import NAMES
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.flows import OTHER_GIVERS
from medixchange.relief.queries.public.overview import Close, Row, Share, items, overview
from medixchange.relief.views.public import pictures, words
from medixchange.relief.views.public.filters import Choices, Filters
from medixchange.translation.queries import Shown

#: Rows of the tables on the page; files have all.
MOST_ROWS = 60
#: Pledges whose split is not published that are said above the tables.
MOST_SAID = 4


@dataclass(frozen=True, slots=True)
class Read:
    """What a request asks for, and all that was read to answer it."""

    language: str
    choices: Choices
    form: Filters
    asked: Asked | None

    @property
    def names(self) -> dict[int, Shown]:
        return self.choices.names


def read(request: HttpRequest) -> Read:
    """Read the filters. ``asked`` is None where they name what does not exist: showing other
    figures than those asked for would mislead."""
    language = access.reading(request)
    catalogue = items()
    choices = Choices(request, catalogue, names.of(catalogue, language))
    form = choices.form(request, language)
    return Read(language, choices, form, form.asked(choices.examples) if form.is_valid() else None)


@gzip_page
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The overview page."""
    found = read(request)
    context: dict[str, Any] = {"form": found.form, "now": timezone.now()}
    if found.asked is None:
        return render(request, "relief/public/overview.html", context, status=422)
    asked = found.asked
    shown = overview(asked, found.choices.items, found.choices.givers)
    context |= {
        "asked": asked,
        "shown": shown,
        "figures": [
            {"key": name, "name": words.FIGURES[name], "meaning": words.MEANINGS[name]}
            for name in NAMES
        ],
        "rows": [_line(row, asked, found) for row in shown.rows[:MOST_ROWS]],
        "has_examples": bool(found.choices.examples),
        "other_side": _address(asked, example="" if asked.example else "1", donor=""),
        "said": _said(asked, found),
        "query": urlencode(asked.parameters()),
    }
    if shown.close is not None:
        context["close"] = _closely(shown.close, asked, found)
    return render(request, "relief/public/overview.html", context)


def _address(asked: Asked, **change: str) -> str:
    given = {**asked.parameters(), **change}
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{reverse('relief')}?{query}" if query else reverse("relief")


def _documents(asked: Asked, item: Item, figure: str, **change: str) -> str:
    given = {**asked.of(item).parameters(), "figure": figure, **change}
    return f"{reverse('relief_documents')}?{urlencode(given)}"


def _said(asked: Asked, found: Read) -> list[str]:
    """What is shown, in words, for readers of a printed page."""
    said = []
    if asked.item:
        said.append(found.names[asked.item.pk].text)
    if asked.donor:
        said.append(
            _("given by %(donor)s") % {"donor": visible.place_name(asked.donor, found.language)}
        )
    if asked.country:
        said.append(
            _("for %(country)s") % {"country": visible.country_name(asked.country, found.language)}
        )
    return said


def _line(row: Row, asked: Asked, found: Read) -> dict[str, Any]:
    """One item's figures, each with the address of its documents."""
    return {
        "item": row.item,
        "name": found.names[row.item.pk],
        "closer": _address(asked, item=row.item.code),
        "figures": [_figure(row, name, asked) for name in NAMES],
    }


def _figure(row: Row, name: str, asked: Asked) -> dict[str, Any]:
    value = row.value(name)
    return {
        "key": name,
        "name": words.FIGURES[name],
        "meaning": words.MEANINGS[name],
        "value": None if value is None else words.number(value),
        "amount": None if value is None else words.amount(value, row.item.unit),
        "documents": _documents(asked, row.item, name) if value else "",
    }


def _closely(close: Close, asked: Asked, found: Read) -> dict[str, Any]:
    """One item: figures, how they add up, who gave, week by week, where."""
    name = found.names[close.row.item.pk].text
    reader = pictures.Reader(found.language, languages.get(found.language).rtl)
    givers = {giver.pk: giver for giver in found.choices.givers}
    picture, missing = pictures.world(close, asked, name, givers, reader)
    return {
        **_line(close.row, asked, found),
        "unit": close.row.item.get_unit_display(),
        "between": _between(close, asked),
        "river": pictures.flow(close, asked, name, reader),
        "pairs": pictures.who_gave(close, asked, name, givers, reader),
        "steps": pictures.time_line(close, asked, name, reader),
        "map": picture,
        "not_on_map": missing,
        **_shares(close, asked, givers, found.language),
        "weeks": [
            (week, [words.number(values[key]) for key in values])
            for week, values in close.weeks[-MOST_ROWS:]
        ],
        "more_weeks": max(0, len(close.weeks) - MOST_ROWS),
        "week_names": [words.FIGURES[key] for key in ("shipped", "arrived", "received")],
        "places": _places(close, asked, found.language),
    }


def _between(close: Close, asked: Asked) -> list[dict[str, Any]]:
    """The account of the differences, as sums a reader can follow. What was pledged at one time
    may be sent at another, so of a part of the time the account begins with what was shipped."""
    unit, change = close.row.item.unit, asked.is_part_of_time
    return [
        {
            "first": words.FIGURES[between.first],
            "first_value": words.number(close.row.value(between.first) or 0),
            "then": words.FIGURES[between.then],
            "then_value": words.number(close.row.value(between.then) or 0),
            "parts": [
                {
                    "name": words.part(part.what, part.quantity, alone=close.alone, change=change),
                    "amount": words.amount(abs(part.quantity), unit),
                    "sign": "+" if part.quantity < 0 else "−",
                    "gone": part.what in words.GONE,
                }
                for part in between.parts
            ],
        }
        for between in close.between[1 if change else 0 :]
    ]


#: Figures told by donor and country; allocations know no donor, and stand beside.
_TOLD = ("pledged", "shipped", "arrived", "handed_over", "received", "used", "damaged", "lost")


def _shares(close: Close, asked: Asked, givers: dict[int, Place], language: str) -> dict[str, Any]:
    """The table by donor and country, with rows of their own for what is not split."""
    told = [(share, _values(share)) for share in close.shares]
    told = [(share, values) for share, values in told if any(values)]
    rows = []
    for share, values in told[:MOST_ROWS]:
        giver = givers.get(share.donor)
        at = {"donor": giver.code, "country": share.country} if giver else None
        rows.append(
            {
                "donor": _giver(share.donor, givers, language),
                "country": visible.country_name(share.country, language),
                "values": [
                    (
                        words.FIGURES[name],
                        words.number(value),
                        _documents(asked, close.row.item, name, **at) if at and value else "",
                    )
                    for name, value in zip(_TOLD, values, strict=True)
                ],
            }
        )
    open_rows = [
        {
            "donor": _giver(part.donor, givers, language),
            "words": words.split_open(part, language),
            "quantity": words.number(part.quantity),
            "pledge": part.pledge,
        }
        for part in close.open[:MOST_ROWS]
    ]
    return {
        "told": [words.FIGURES[name] for name in _TOLD],
        "others": len(_TOLD) - 1,
        "shares": rows,
        "more_shares": len(told) - len(rows) + len(close.open) - len(open_rows),
        "open": open_rows,
        "first_open": open_rows[:MOST_SAID],
        "more_open": len(close.open) - len(open_rows[:MOST_SAID]),
    }


def _values(share: Share) -> list[int]:
    return [share.pledged if name == "pledged" else getattr(share.figures, name) for name in _TOLD]


def _giver(key: int, givers: dict[int, Place], language: str) -> str:
    if key == OTHER_GIVERS or key not in givers:
        return _("other sources")
    return visible.place_name(givers[key], language)


def _places(close: Close, asked: Asked, language: str) -> list[dict[str, Any]]:
    """The list beside the map: countries with what was shipped and allocated."""
    went: dict[str, int] = {}
    for share in close.shares:
        went[share.country] = went.get(share.country, 0) + share.figures.shipped
    for code in close.allocated:
        went.setdefault(code, 0)
    return [
        {
            "name": visible.country_name(code, language),
            "shipped": words.number(quantity),
            "documents": _documents(asked, close.row.item, "shipped", country=code)
            if quantity
            else "",
            "allocated": "–" if asked.donor else words.number(close.allocated.get(code, 0)),
        }
        for code, quantity in sorted(went.items(), key=lambda row: (-row[1], row[0]))
    ][:MOST_ROWS]
