"""From a packing list to the labels of its boxes, and from a label's QR code back."""

from babel.languages import get_official_languages
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from medixchange.core import languages
from medixchange.relief import access, rules
from medixchange.relief.labels.codes import link
from medixchange.relief.labels.sheets import Label, Layout, Wording, render
from medixchange.relief.models import Consignment, Document, Pack, Packed
from medixchange.relief.queries import names
from medixchange.translation.queries import Shown


def sheet(request: HttpRequest, row: Consignment) -> bytes:
    """The labels of all boxes, in the reader's language and one that the receiver reads."""
    own = access.reading(request)
    packed = list(
        Packed.objects.filter(box__consignment=row)
        .select_related("box", "lot__item__name")
        .order_by("box__number", "pk")
    )
    items = {held.lot.item_id: held.lot.item for held in packed}.values()
    second = _receivers_language(row, beside=own)
    named = [names.of(items, tag) for tag in (own, second)]
    packs: dict[tuple[int, int], str] = {
        (pack.item_id, pack.units): pack.gtin
        for pack in Pack.objects.filter(item__in=[item.pk for item in items]).exclude(gtin="")
    }
    boxes = packed[-1].box.number if packed else 0
    address = link(settings.ORIGIN, "consignment", row.reference)
    return render(
        [
            Label(
                reference=row.reference,
                box=held.box.number,
                boxes=boxes,
                item=_wordings([names_of[held.lot.item_id] for names_of in named]),
                quantity=held.quantity,
                unit=held.lot.item.get_unit_display(),
                sender=str(row.origin),
                receiver=str(row.destination),
                link=link(settings.ORIGIN, "box", held.box.sscc) if held.box.sscc else address,
                lot=held.lot.number,
                expires_on=held.lot.expires_on,
                sscc=held.box.sscc,
                gtin=packs.get((held.lot.item_id, held.quantity)) or held.lot.item.gtin,
                temperature=_temperature(held),
            )
            for held in packed
        ],
        layout=Layout.THERMAL if request.GET.get("layout") == Layout.THERMAL else Layout.A4,
        language=own,
    )


def _wordings(shown: list[Shown]) -> tuple[Wording, ...]:
    """Names in two languages; one where both readers get the same."""
    found: dict[str, Wording] = {}
    for name in shown:
        found.setdefault(name.language.tag, Wording(name.language.tag, name.text))
    return tuple(found.values())


def _temperature(held: Packed) -> tuple[int, int] | None:
    item = held.lot.item
    if item.cold_max_c is None or item.cold_min_c is None:
        return None
    return int(item.cold_min_c), int(item.cold_max_c)


def _receivers_language(row: Consignment, *, beside: str) -> str:
    """An official language of the receiver's country that we carry, else English."""
    for code in get_official_languages(row.destination.country, de_facto=True):
        try:
            tag = languages.get(code.replace("_", "-")).tag
        except languages.UnknownLanguage:
            continue
        if tag != beside:
            return tag
    return "en"


@require_safe
def follow(request: HttpRequest, kind: str, reference: str) -> HttpResponse:
    """Where the QR code of a paper or label leads: to the working page for who may see it, else to
    what is public of it."""
    if kind == "document":
        if not Document.objects.filter(number=reference).exists():
            raise Http404
        return redirect("relief_document", reference)
    found = Consignment.objects.select_related(
        "origin__organisation", "destination__organisation", "carrier"
    )
    if kind == "box":
        row = found.filter(boxes__sscc=reference).first()
    else:
        row = found.filter(reference=reference).first()
    if row is None:
        raise Http404
    who = access.member(request)
    if who is not None and rules.may_see_consignment(who, row):
        return redirect("relief_consignment", row.reference)
    return redirect("relief_way", row.reference)
