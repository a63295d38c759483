"""Labels as PDF by WeasyPrint: four on a sheet of A4, or one a page for a thermal printer.

Labels of a consignment differ in little: their number and their codes. The words they share are set
once, as a form within the PDF (ISO 32000-1, 8.10), and drawn on each; the symbols are drawn as
rectangles. Setting each label by itself takes about fifteen times as long.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from medixchange.core import languages
from medixchange.relief.labels.sheets.label import Label, problems
from medixchange.relief.labels.sheets.setting import Place, Placed, set_label, set_own, symbols
from medixchange.relief.refusals import Problem, Refused

_STYLE: Final = Path(__file__).with_name("labels.css")


class Layout(StrEnum):
    """What is printed on."""

    #: Four of 105 × 148 mm (A6) on a sheet of A4; plain paper, cut, or four-up adhesive sheets.
    A4 = "a4"
    #: One of 100 × 150 mm a page, for a thermal printer.
    THERMAL = "thermal"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where labels stand on what is printed on; all in mm.

    Attributes:
        width, height: of the page.
        place: each label's size.
        origins: the upper left corner of each label.
        cuts: hairlines to cut along, as rectangles.
    """

    width: float
    height: float
    place: Place
    origins: tuple[tuple[float, float], ...]
    cuts: tuple[tuple[float, float, float, float], ...] = ()


_SHEETS: Final = {
    Layout.A4: Sheet(
        210,
        297,
        Place(105, 148, margin=5.5),
        ((0, 0), (105, 0), (0, 148), (105, 148)),
        ((104.95, 0, 0.1, 297), (0, 147.95, 210, 0.1), (0, 295.95, 210, 0.1)),
    ),
    Layout.THERMAL: Sheet(100, 150, Place(100, 150, margin=5), ((0, 0),)),
}
#: CSS pixels, in which WeasyPrint paints, in a millimetre.
_PIXELS: Final = 96 / 25.4


def render(labels: Sequence[Label], *, layout: Layout, language: str) -> bytes:
    """The labels as a PDF, in their order.

    Args:
        labels: one for each box.
        layout: what is printed on.
        language: BCP 47 tag of the words on the label. They stand beside the English ones, as GS1
            asks (GS1 General Specifications, section 6.6: data titles are in English, and may be
            in a second language); where the interface lacks the language, English stands alone.

    Raises:
        Refused: there is no label, or a number on one cannot be encoded; all are told, and
            ``where`` begins with ``labels.N``.
        UnknownLanguage: no such tag.
    """
    if not labels:
        raise Refused(Problem(_("There is no box to print a label for. Pack one first."), "labels"))
    Refused.if_any(problems(labels))
    sheet = _SHEETS[layout]
    each = len(sheet.origins)
    sheets = [labels[at : at + each] for at in range(0, len(labels), each)]
    code = _interface(language)
    spoken = languages.get("zh" if code.startswith("zh") else code)
    with translation.override(code):
        words = [set_label(label, sheet.place) for label in labels]
        designs = list(dict.fromkeys(words))
        html = _html(designs, sheets, sheet, spoken)
    # Nothing is fetched: the page has all it needs, and faces are those installed.
    nothing = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    document = HTML(string=html, url_fetcher=nothing).render()
    forms = dict(zip(designs, map(_Form, document.pages), strict=False))
    drawn = document.copy(document.pages[len(designs) :])
    for number, (page, on_it) in enumerate(zip(drawn.pages, sheets, strict=True)):
        shared = [forms[each_words] for each_words in words[number * each :][:each]]
        page.paint = _painting(page.paint, on_it, shared, sheet, mirrored=spoken.rtl)
    made: bytes = drawn.write_pdf()
    return made


def _html(
    designs: Sequence[SafeString],
    sheets: Sequence[Sequence[Label]],
    sheet: Sheet,
    spoken: languages.Language,
) -> SafeString:
    """A page for each design, then the sheets with what is each label's own."""
    place = sheet.place
    parts = [f'<section class="design">{design}</section>' for design in designs]
    parts += [
        f"<section>{''.join(set_own(label, place) for label in on_it)}</section>"
        for on_it in sheets
    ]
    origins = [
        f"section .label:nth-child({number}) {{ left: {x + place.margin}mm;"
        f" top: {y + place.margin}mm }}"
        for number, (x, y) in enumerate(sheet.origins, 1)
    ]
    inner = place.inner, place.height - 2 * place.margin
    style = (
        f"{_STYLE.read_text(encoding='utf-8')}{''.join(origins)}"
        f"@page {{ size: {sheet.width}mm {sheet.height}mm }}"
        f"section {{ height: {sheet.height}mm }}"
        f"@page design {{ size: {inner[0]}mm {inner[1]}mm }}"
        f".design {{ height: {inner[1]}mm }}"
        f".label {{ width: {inner[0]}mm; height: {inner[1]}mm }}"
    )
    return format_html(
        '<!doctype html><html lang="{}" dir="{}"><title>{}</title><style>{}</style><body>{}',
        spoken.tag,
        spoken.direction,
        _("Labels of %(reference)s") % {"reference": sheets[0][0].reference},
        mark_safe(style),  # noqa: S308 - ours
        mark_safe("".join(parts)),  # noqa: S308 - all parts are safe already
    )


class _Form:
    """A design, painted when it is first drawn."""

    def __init__(self, page: Any) -> None:
        self._page = page
        self._name = ""

    def draw(self, stream: Any) -> None:
        """Draw it with its upper left corner at the stream's origin, in CSS pixels."""
        if not self._name:
            group = stream.add_group(0, 0, self._page.width, self._page.height)
            self._page.paint(group)
            self._name = group.id
        stream.draw_x_object(self._name)


def _painting(
    paint: Callable[..., None],
    labels: Sequence[Label],
    forms: Sequence[_Form],
    sheet: Sheet,
    *,
    mirrored: bool,
) -> Callable[..., None]:
    """A page's painting that also draws the designs, the symbols and the lines to cut along."""
    place = sheet.place

    def painted(stream: Any, scale: float = 1) -> None:
        paint(stream, scale)
        for label, form, (x, y) in zip(labels, forms, sheet.origins, strict=False):
            left, above = x + place.margin, y + place.margin
            with stream.stacked():
                stream.transform(scale, 0, 0, scale, *(scale * _PIXELS * n for n in (left, above)))
                form.draw(stream)
                stream.transform(a=_PIXELS, d=_PIXELS)
                for each in symbols(label, place):
                    start = place.inner - each.start - each.width if mirrored else each.start
                    _draw(stream, each, start)
        with stream.stacked():
            stream.transform(a=scale * _PIXELS, d=scale * _PIXELS)
            for cut in sheet.cuts:
                stream.rectangle(*cut)
            stream.fill()

    return painted


def _draw(stream: Any, placed: Placed, left: float) -> None:
    symbol = placed.symbol
    across, down = placed.width / symbol.columns, placed.height / symbol.rows
    for x, y, length in symbol.runs:
        stream.rectangle(left + x * across, placed.top + y * down, length * across, down)
    stream.fill()


def _interface(tag: str) -> str:
    """The interface's code for a language, or English."""
    base = languages.get(tag).base
    return next((code for code, _name in settings.LANGUAGES if code.split("-")[0] == base), "en")
