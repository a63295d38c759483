"""What lies beneath the figures: lists of documents, one document, one consignment's way."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.relief import access
from medixchange.relief.models import Consignment, Document
from medixchange.relief.queries import names
from medixchange.relief.queries.public import documents, promised, visible
from medixchange.relief.queries.public.adding_up import COUNTED, NAMES
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.overview import overview
from medixchange.relief.views.public import words
from medixchange.relief.views.public.overview import Read, read
from medixchange.translation.queries import Shown

PAGE = 50


@gzip_page
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The documents, pledges or allocations that a figure counts, fifty to a page."""
    found = read(request)
    figure = request.GET.get("figure", "shipped")
    if figure not in NAMES:
        raise Http404
    context: dict[str, Any] = {"form": found.form, "figure": words.FIGURES[figure]}
    if found.asked is None:
        return render(request, "relief/public/documents.html", context, status=422)
    asked = found.asked
    keep = {**asked.parameters(), "figure": figure}
    context |= {
        "asked": asked,
        "meaning": words.MEANINGS[figure],
        "item": found.names[asked.item.pk] if asked.item else None,
        "donor": visible.place_name(asked.donor, found.language) if asked.donor else "",
        "country": visible.country_name(asked.country, found.language) if asked.country else "",
        "total": _total(asked, figure, found),
        "back": urlencode(asked.parameters()),
        "keep": urlencode(keep),
    }
    if figure in COUNTED:
        context |= _counted(request, found, asked, figure)
    elif figure == "pledged":
        context |= _pledged(request, found, asked)
    else:
        context |= _allocated(request, found, asked)
    return render(request, "relief/public/documents.html", context)


def _total(asked: Asked, figure: str, found: Read) -> str:
    """The figure itself, where one item is asked for: quantities of several do not add up."""
    if asked.item is None:
        return ""
    rows = overview(asked, [asked.item], ()).rows
    value = rows[0].value(figure) if rows else 0
    return words.amount(value or 0, asked.item.unit)


def _counted(request: HttpRequest, found: Read, asked: Asked, figure: str) -> dict[str, Any]:
    page = documents.beneath(asked, figure, after=request.GET.get("after", ""))
    items = {item.pk: item for item in found.choices.items}
    return {
        "listed": [
            {
                "document": row.document,
                "adds": [
                    (found.names[item], words.amount(quantity, items[item].unit), quantity < 0)
                    for item, quantity in row.adds.items()
                ],
            }
            for row in page.listed
        ],
        "on_page": words.amount(sum(sum(row.adds.values()) for row in page.listed), asked.item.unit)
        if asked.item
        else "",
        "next": page.after,
        "is_later_page": bool(request.GET.get("after")),
    }


def _pledged(request: HttpRequest, found: Read, asked: Asked) -> dict[str, Any]:
    rows = (
        promised.lines(asked)
        .select_related("pledge__donor", "item")
        .prefetch_related("splits")
        .order_by("-pledge__announced_on", "-pk")
    )
    if asked.country:
        rows = rows.filter(splits__country=asked.country)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = []
    for line in page:
        splits = [(split.country, split.quantity) for split in line.splits.all()]
        parts, left = promised.divide(line.quantity, splits)
        together = tuple(sorted(code for code, part in splits if part is None))
        open_part = promised.Open(
            line.item_id,
            line.pledge.donor_id,
            left,
            together,
            line.region,
            line.pledge.reference,
        )
        lines.append(
            {
                "pledge": line.pledge,
                "donor": visible.place_name(line.pledge.donor, found.language),
                "name": found.names[line.item_id],
                "amount": words.amount(line.quantity, line.item.unit),
                "parts": [
                    (visible.country_name(code, found.language), words.number(part))
                    for code, part in parts.items()
                ],
                "open": words.split_open(open_part, found.language) if left else "",
                "left": words.number(left),
            }
        )
    return {"page": page, "pledges": lines}


def _allocated(request: HttpRequest, found: Read, asked: Asked) -> dict[str, Any]:
    rows = (
        promised.allocations(asked)
        .order_by("-run__approved_at", "-run", "facility__country", "item__code")
        .values("run__reference", "run__approved_at", "item", "item__unit", "facility__country")
        .annotate(total=Sum("quantity"))
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "allocations": [
            {
                "reference": row["run__reference"],
                "at": row["run__approved_at"],
                "name": found.names[row["item"]],
                "country": visible.country_name(row["facility__country"], found.language),
                "amount": words.amount(row["total"], row["item__unit"]),
            }
            for row in page
        ],
    }


@gzip_page
@require_safe
def document(request: HttpRequest, number: str) -> HttpResponse:
    """One document of the ledger, as far as it is public."""
    row = (
        Document.objects.filter(number=number)
        .select_related(
            "consignment__origin",
            "consignment__destination",
            "consignment__carrier",
            "reverses",
            "reversed_by",
        )
        .first()
    )
    if row is None:
        raise Http404
    language = access.reading(request)
    lines = documents.moved(row)
    named = names.of([line.item for line in lines], language)
    return render(
        request,
        "relief/public/document.html",
        {
            "document": row,
            "example": documents.is_example(row),
            "day_only": visible.touches_hidden(
                place for line in lines for place in (line.from_place, line.to_place)
            ),
            "reversed_by": getattr(row, "reversed_by", None),
            "lines": merged(lines, named, language),
            "stages": visible.stages_of(row.consignment) if row.consignment else [],
        },
    )


def merged(
    lines: Sequence[documents.Moved], named: Mapping[int, Shown], language: str
) -> list[dict[str, Any]]:
    """What moved, from where to where, each quantity in words. Lines between places that are called
    the same, as those of restricted facilities are, stand together."""
    sums: dict[tuple[int, str, str], int] = {}
    items = {line.item.pk: line.item for line in lines}
    for line in lines:
        start, end = (
            visible.place_name(place, language) for place in (line.from_place, line.to_place)
        )
        key = line.item.pk, start, end
        sums[key] = sums.get(key, 0) + line.quantity
    return [
        {
            "name": named[item],
            "from": start,
            "to": end,
            "amount": words.amount(quantity, items[item].unit),
        }
        for (item, start, end), quantity in sums.items()
    ]


@gzip_page
@require_safe
def way(request: HttpRequest, reference: str) -> HttpResponse:
    """The way of one consignment that has left: its stages, what it carries, where that is now."""
    consignment = (
        Consignment.objects.filter(reference=reference, documents__isnull=False)
        .select_related("origin", "destination", "carrier", "pledge")
        .distinct()
        .first()
    )
    if consignment is None:
        raise Http404
    language = access.reading(request)
    rows = documents.carried(consignment)
    named = names.of([row.item for row in rows], language)
    return render(
        request,
        "relief/public/way.html",
        {
            "consignment": consignment,
            "example": consignment.is_example
            or consignment.origin.is_example
            or consignment.destination.is_example,
            "origin": visible.place_name(consignment.origin, language),
            "destination": visible.place_name(consignment.destination, language),
            "origin_country": visible.country_name(consignment.origin.country, language),
            "destination_country": visible.country_name(consignment.destination.country, language),
            "carrier": visible.carrier_of(consignment),
            "stages": visible.stages_of(consignment),
            "day_only": visible.touches_hidden([consignment.origin, consignment.destination]),
            "rows": [
                {
                    "name": named[row.item.pk],
                    "sent": words.amount(row.sent, row.item.unit),
                    "open": words.amount(row.still_on_the_way, row.item.unit)
                    if row.still_on_the_way
                    else "",
                    "ends": [
                        (_END[kind], words.amount(quantity, row.item.unit))
                        for kind, quantity in row.ends.items()
                        if quantity
                    ],
                }
                for row in rows
            ],
            "documents": consignment.documents.select_related("reversed_by").order_by("pk"),
        },
    )


_END = {
    "store": gettext_lazy("taken into a store"),
    "facility": gettext_lazy("taken in by a facility"),
    "quarantine": gettext_lazy("put in quarantine"),
    "damaged": gettext_lazy("found damaged"),
    "lost": gettext_lazy("given up as lost"),
    "used": gettext_lazy("used"),
    "correction": gettext_lazy("counted less than recorded"),
    "donor": gettext_lazy("gone back to the donor"),
}
