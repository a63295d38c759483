"""One label as HTML: what is read from far is large, what a scanner reads has its exact size.

From the top: consignment; box n of m, from and to; item in two languages; quantity, lot and expiry;
the two square codes and how to handle the box; the bars lowest, as GS1 asks. The words are HTML,
in places that ``labels.css`` gives; the symbols are drawn afterwards at places told here in mm,
which is many times faster than as SVG within the page.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.relief.labels import drawing
from medixchange.relief.labels.codes.building import readable
from medixchange.relief.labels.sheets.fitting import size, size_of_all
from medixchange.relief.labels.sheets.label import Label, Wording
from medixchange.relief.labels.sheets.marks import MARKS, THERMOMETER, picture

#: Points, from large to small. Digits of 40 points are 10 mm high: legible from four metres.
_LARGE: Final = (44, 40, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10)
_SMALL: Final = (12, 11, 10, 9, 8, 7, 6)
_VALUES: Final = (20, 18, 16, 14, 12, 10.5, 9, 8, 7)
#: Modules of square codes in mm, in whole dots of a 203 dpi printer; the largest that has room.
_MODULES: Final = (1.0, 0.875, 0.75, 0.625, 0.5, 0.375)
_CODE_ROOM: Final = 23.0
#: From the top of the label's inner part, in mm; the style sheet has the same numbers.
_CODES_TOP, _BARS_TOP, _ITEM_HEIGHT = 75.5, 101.0, 27.0
#: What a label without bars has more room for its item, in mm; its codes stand lower by it.
_WITHOUT_BARS: Final = 33.0

_WORDS: Final[dict[str, Promise]] = {
    "consignment": _("Consignment"),
    "box": _("Box"),
    "from": _("From"),
    "to": _("To"),
    "quantity": _("Quantity"),
    "lot": _("Lot"),
    "expiry": _("Expiry"),
    "cool": _("Keep cool"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """The size of a label in mm, and what stays white around it."""

    width: float
    height: float
    margin: float

    @property
    def inner(self) -> float:
        """Width that can be printed on."""
        return self.width - 2 * self.margin


@dataclass(frozen=True, slots=True)
class Placed:
    """A symbol on a label: from the start edge and the top of its inner part, sizes in mm."""

    symbol: drawing.Symbol
    start: float
    top: float
    width: float
    height: float


def symbols(label: Label, place: Place) -> Iterator[Placed]:
    """The symbols of a label, each with its place."""
    bars, matrix = label.bars(), label.matrix()
    start, top = 0.0, _CODES_TOP + (0 if bars else _WITHOUT_BARS)
    for text, draw in ((matrix, drawing.data_matrix), (label.link, drawing.qr)):
        if text:
            symbol = draw(text)
            side = symbol.columns * _module(symbol)
            # Its light margin may lie over the label's own.
            middle = top + (_CODE_ROOM - side) / 2
            yield Placed(symbol, start, middle, side, symbol.rows * _module(symbol))
            start += side + 1
    if bars:
        symbol = drawing.gs1_128(bars)
        width = symbol.columns * drawing.MODULE
        yield Placed(symbol, (place.inner - width) / 2, _BARS_TOP, width, drawing.BARS)


def set_label(label: Label, place: Place) -> SafeString:
    """The words that a label shares with others of its goods, in the language in force."""
    bars = bool(label.sscc)
    square = [each for each in symbols(label, place) if each.symbol.rows > 1]
    return format_html(
        '<article class="label{}">{}{}{}{}{}{}</article>',
        "" if bars else " barless",
        _reference(label, place),
        _way(label, place),
        _item(label, place, _ITEM_HEIGHT + (0 if bars else _WITHOUT_BARS)),
        _facts(label, place),
        _handling(label, place.inner - square[-1].start - square[-1].width - 1),
        _hri("matrix", label.matrix()),
    )


def set_own(label: Label, place: Place) -> SafeString:
    """The words that are this label's own: its number, and what its bars say."""
    count = f"{label.box}/{label.boxes}"
    points = size(count, width=place.inner / 2 - 2, height=14.5, sizes=_LARGE, leading=1.0)
    return format_html(
        '<article class="label"><bdi class="count" style="font-size: {}pt">{}</bdi>{}</article>',
        points,
        count,
        _hri("bars", label.bars()),
    )


def _module(symbol: drawing.Symbol) -> float:
    return next((m for m in _MODULES if symbol.columns * m <= _CODE_ROOM), _MODULES[-1])


def _caption(word: str) -> SafeString:
    """A data title in the language in force, beside the English where that differs."""
    own = str(_WORDS[word])
    with translation.override("en"):
        english = str(_WORDS[word])
    if own == english:
        return format_html("<small>{}</small><br>", english)
    return format_html('<small>{} <bdi lang="en">{}</bdi></small><br>', own, english)


def _sized(text: str, points: float) -> SafeString:
    """A text in its own direction: that of its first letter, left to right where it has none."""
    return format_html('<b dir="{}" style="font-size: {}pt">{}</b>', _direction(text), points, text)


def _direction(text: str) -> str:
    strong = (unicodedata.bidirectional(char) for char in text)
    first = next((kind for kind in strong if kind in {"L", "R", "AL"}), "L")
    return "ltr" if first == "L" else "rtl"


def _reference(label: Label, place: Place) -> SafeString:
    points = size(label.reference, width=place.inner, height=12, sizes=_LARGE[1:], leading=1.0)
    return format_html('<h1 dir="ltr" style="font-size: {}pt">{}</h1>', points, label.reference)


def _way(label: Label, place: Place) -> SafeString:
    half = place.inner / 2 - 2
    return format_html(
        '<div class="box">{}</div><div class="from">{}{}</div><div class="to">{}{}</div>',
        _caption("box"),
        _caption("from"),
        _sized(label.sender, size(label.sender, width=half, height=5, sizes=_SMALL)),
        _caption("to"),
        _sized(label.receiver, size(label.receiver, width=half, height=7, sizes=_SMALL)),
    )


def _item(label: Label, place: Place, height: float) -> SafeString:
    names = label.item[:2]
    # The second name is smaller, so that it is plain which one to read.
    shares = (1.0, 0.75)
    points = size_of_all(
        [(n.text, share, _leading(n)) for n, share in zip(names, shares, strict=False)],
        width=place.inner,
        height=height - 1.5,
        sizes=_LARGE,
    )
    return format_html(
        '<div class="item" style="font-size: {}pt">{}</div>',
        points,
        _joined(
            format_html(
                '<p lang="{}" dir="{}" style="line-height: {}">{}</p>',
                name.language,
                languages.get(name.language).direction,
                _leading(name),
                name.text,
            )
            for name in names
        ),
    )


def _leading(name: Wording) -> float:
    return 1.6 if languages.get(name.language).tall else 1.15


def _facts(label: Label, place: Place) -> SafeString:
    third = place.inner * 0.31
    # Thousands stand apart by a narrow space (ISO 80000-1, 7.3.1): a comma is a point elsewhere.
    quantity = f"{label.quantity:,}".replace(",", "\u202f") + "\u00a0" + label.unit
    facts = [("quantity", quantity, label.pack)]
    if label.lot:
        facts.append(("lot", label.lot, ""))
    if label.expires_on:
        written = date_format(label.expires_on, "j F Y")
        facts.append(("expiry", label.expires_on.isoformat(), written))
    return _joined(
        format_html(
            '<div class="fact {}">{}{}{}</div>',
            word,
            _caption(word),
            _sized(value, size(value, width=third, height=6 if beneath else 10, sizes=_VALUES)),
            format_html('<br><bdi dir="{}">{}</bdi>', _direction(beneath), beneath)
            if beneath
            else "",
        )
        for word, value, beneath in facts
    )


def _handling(label: Label, width: float) -> SafeString:
    cool: SafeString | str = ""
    if label.temperature:
        low, high = (f"{degrees:+d}".replace("-", "−") for degrees in label.temperature)
        degrees = f"{low} – {high}\u00a0°C"
        points = size(degrees, width=width - 12, height=7, sizes=_VALUES)
        cool = format_html(
            '<div class="cool">{}{}{}</div>',
            mark_safe(picture(THERMOMETER)),  # noqa: S308 - drawn by us
            _caption("cool"),
            _sized(degrees, points),
        )
    marks = _joined(
        format_html(
            '<div class="mark">{}<br>{}</div>',
            mark_safe(picture(MARKS[mark][1])),  # noqa: S308 - drawn by us
            MARKS[mark][0],
        )
        for mark in label.handling
    )
    return format_html(
        '<div class="handling" style="width: {}mm">{}{}</div>', f"{width:.1f}", cool, marks
    )


def _hri(symbol: str, text: str) -> SafeString:
    """What a symbol says, for people (GS1 General Specifications, section 4.14)."""
    if not text:
        return mark_safe("")
    return format_html('<div class="hri {}" dir="ltr">{}</div>', symbol, readable(text))


def _joined(parts: Iterable[SafeString]) -> SafeString:
    return mark_safe("".join(parts))  # noqa: S308 - all parts are safe already
