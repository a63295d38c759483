"""The handover certificate: a goods received note or proof of delivery with both signatures.

PDF/UA-1 by WeasyPrint, in the reader's language, with a QR code by which anybody can see on the
public page whether the paper in hand is the one that was posted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from medixchange.core import languages
from medixchange.relief import texts
from medixchange.relief.labels.drawing import qr
from medixchange.relief.models import Count, Document, Lot, Outcome, Signature
from medixchange.relief.queries import names, receiving
from medixchange.relief.queries.public.verify import check_code, check_path
from medixchange.relief.texts import Text
from medixchange.translation.queries import Shown

_STYLE = Path(__file__).with_name("paper.css")
#: Drawn strokes are 0 to 1000 both ways, in a field that is two and a half times as wide as high.
_HEIGHT = 400


@dataclass(frozen=True, slots=True)
class Row:
    """One lot as it was found: quantities in the order of ``Outcome``."""

    name: Shown
    lot: Lot
    quantities: list[int]
    boxes: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature and its drawing, if it was drawn."""

    signature: Signature
    drawing: SafeString


def as_pdf(document: Document, language: str) -> bytes:
    """The certificate of a receipt or delivery.

    Args:
        document: with its consignment and both ends.
        language: BCP 47 tag that items and notes are shown in; all else is in the active one.
    """
    made: bytes = HTML(
        string=as_html(document, language),
        url_fetcher=URLFetcher(allowed_protocols=["data"], allow_redirects=False),
    ).write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True)
    return made


def as_html(document: Document, language: str) -> str:
    """The page the PDF is made of. It carries all it needs."""
    consignment = document.consignment
    if consignment is None:
        raise ValueError(f"{document.number} is no receipt")
    rows, outcomes = _rows(document, language)
    remarked = [count for count in _counts(document) if count.remark]
    said = texts.for_reader([(row.remark, row.remark_language) for row in remarked], language)
    note: Text = texts.for_reader([(document.note, document.note_language)], language)[0]
    with timezone.override(ZoneInfo(consignment.destination.time_zone)):
        return render_to_string(
            "relief/receiving/paper.html",
            {
                "document": document,
                "reversed_by": getattr(document, "reversed_by", None),
                "consignment": consignment,
                "language": languages.get(language),
                "rows": rows,
                "outcomes": outcomes,
                "note": note,
                "remarks": list(zip(remarked, said, strict=True)),
                "told": receiving.told(document),
                "signed": [
                    Signed(signature, drawing(signature.strokes))
                    for signature in document.signatures.select_related("organisation").order_by(
                        "pk"
                    )
                ],
                "photos": document.photos.count(),
                "code": mark_safe(qr(address(document)).svg()),  # noqa: S308 - our own drawing
                "check_code": check_code(document),
                "style": mark_safe(_STYLE.read_text(encoding="utf-8")),  # noqa: S308 - our own file
            },
        )


def address(document: Document) -> str:
    """Where anybody can check this paper: the public page, with the code that only a paper made
    here carries."""
    return settings.ORIGIN + check_path(document)


def drawing(strokes: Iterable[Sequence[Sequence[int]]]) -> SafeString:
    """Drawn strokes as SVG; nothing where there are none. Takes whole numbers alone."""
    paths = [
        "M"
        + " L".join(f"{int(x)} {int(y) * _HEIGHT // 1000}" for x, y in stroke)
        # A dot is a stroke to itself.
        + (" l0 1" if len(stroke) == 1 else "")
        for stroke in strokes
        if stroke
    ]
    if not paths:
        return SafeString("")
    return mark_safe(  # noqa: S308 - made of whole numbers
        f'<svg class="drawn" viewBox="0 0 1000 {_HEIGHT}" aria-hidden="true">'
        f'<path d="{" ".join(paths)}" fill="none" stroke="#000" stroke-width="5" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )


def _counts(document: Document) -> list[Count]:
    return list(
        document.counts.select_related("lot__item__name", "box").order_by(
            "lot__item__code", "lot__expires_on", "lot__number", "pk"
        )
    )


def _rows(document: Document, language: str) -> tuple[list[Row], list[Outcome]]:
    """Each lot once, and the outcomes that occur."""
    counts = _counts(document)
    called = names.of((count.lot.item for count in counts), language)
    outcomes = [
        outcome
        for outcome in Outcome
        if outcome == Outcome.ACCEPTED or any(count.outcome == outcome for count in counts)
    ]
    by_lot: dict[int, list[Count]] = {}
    for count in counts:
        by_lot.setdefault(count.lot_id, []).append(count)
    return [
        Row(
            called[found[0].lot.item_id],
            found[0].lot,
            [
                sum(count.quantity for count in found if count.outcome == outcome)
                for outcome in outcomes
            ],
            _runs({count.box.number for count in found if count.box}),
        )
        for found in by_lot.values()
    ], outcomes


def _runs(numbers: Iterable[int]) -> str:
    """Numbers of boxes in short: ``1–3, 7``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in runs)
