"""The catalogue and the places as tables that can be read in again."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from medixchange.relief.exports.base import CHUNK, Asker, Table, yes_or_no
from medixchange.relief.interchange import records
from medixchange.relief.interchange.writing import Cell
from medixchange.relief.models import Item, Place, PlaceKind
from medixchange.relief.queries.names import of as names_of


def _items(asker: Asker) -> Iterator[Sequence[Cell]]:
    rows = Item.objects.select_related("name").prefetch_related("packs").order_by("code")
    for batch in chunks(rows.iterator(chunk_size=CHUNK)):
        named = names_of(batch, asker.language)
        for item in batch:
            shown = named[item.pk]
            values: dict[str, Cell] = {
                "code": item.code,
                "name": item.name.text,
                "language": item.name.language,
                "unit": item.unit,
                "category": item.category,
                "weight_g": item.weight_g,
                "volume_ml": item.volume_ml,
                "cold_min_c": item.cold_min_c,
                "cold_max_c": item.cold_max_c,
                "shelf_life_days": item.shelf_life_days,
                "expires": yes_or_no(item.expires),
                "unspsc": item.unspsc,
                "gmdn": item.gmdn,
                "gtin": item.gtin,
                "essential": item.essential,
                "packs": "; ".join(f"{pack.name}={pack.units}" for pack in item.packs.all()),
            }
            yield [
                *(values[column.name] for column in records.ITEMS.fields),
                shown.text,
                shown.language.tag,
                shown.provenance.state,
                yes_or_no(item.is_current),
            ]


def chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Rows in lists of ``CHUNK``."""
    while batch := list(islice(rows, CHUNK)):
        yield batch


def _places(asker: Asker) -> Iterator[Sequence[Cell]]:
    rows = Place.objects.filter(
        kind__in=(PlaceKind.DONOR, PlaceKind.STORE, PlaceKind.FACILITY), is_restricted=False
    )
    for place in (
        rows.select_related("organisation").order_by("country", "code").iterator(chunk_size=CHUNK)
    ):
        yield [
            place.code,
            place.name,
            place.kind,
            place.country,
            place.region,
            place.latitude,
            place.longitude,
            place.organisation.name if place.organisation else "",
            yes_or_no(place.is_example),
        ]


ITEMS = Table(
    "items",
    _("Items"),
    _("The catalogue. The columns are those that it is imported by."),
    (
        *((column.name, column.tag) for column in records.ITEMS.fields),
        ("name_shown", "#item+shown"),
        ("name_shown_language", "#meta+lang"),
        ("name_shown_state", "#meta+provenance"),
        ("in_use", "#status+current"),
    ),
    _items,
)
PLACES = Table(
    "places",
    _("Places"),
    _("Donors, stores and facilities, but for those whose names are kept out of public pages."),
    (
        ("code", "#loc+facility+code"),
        ("name", "#loc+facility+name"),
        ("kind", "#loc+facility+kind"),
        ("country", "#country+code"),
        ("province", "#adm1+name"),
        ("lat", "#geo+lat"),
        ("lon", "#geo+lon"),
        ("organisation", "#org+name"),
        ("example", "#meta+example"),
    ),
    _places,
)
