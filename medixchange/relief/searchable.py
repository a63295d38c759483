"""What relief has to say to search: the items of the catalogue, which anybody may read.

A unit is one item and a place is one item, both by its code. Stock, needs and consignments are not
to be found: what of them is public has pages of its own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from medixchange.core import searchable
from medixchange.core.searchable import Card, Said, Viewer
from medixchange.relief.models import Item
from medixchange.relief.queries import catalogue
from medixchange.translation import queries as translations
from medixchange.translation.inline import plain

KIND = "item"


class Items:
    """The goods of the catalogue that are in use."""

    kind = KIND
    label = _("Relief goods")

    def units(self) -> Iterator[str]:
        rows = Item.objects.filter(is_current=True).order_by("pk")
        yield from rows.values_list("code", flat=True).iterator()

    def holding(self, segments: Collection[int], language: str) -> Collection[str]:
        rows = Item.objects.filter(name__in=segments, is_current=True).order_by("code")
        return list(rows.values_list("code", flat=True))

    def said(self, unit: str) -> Iterable[Said]:
        item = Item.objects.filter(code=unit, is_current=True).select_related("name").first()
        if item is None:
            return
        heading = " · ".join(filter(None, (item.category, item.code, item.gtin)))
        for named in catalogue.names(item):
            yield Said(
                place=item.code,
                language=named.language.tag,
                text=plain(named.shown.text),
                heading=heading,
                state=named.shown.provenance.state,
                said_at=item.created_at,
                said_in=item.name.language,
            )

    def audiences(self, viewer: Viewer) -> Collection[str]:
        return ()

    def cards(self, places: Sequence[str], language: str, viewer: Viewer) -> Mapping[str, Card]:
        items = list(Item.objects.filter(code__in=places, is_current=True).select_related("name"))
        names = translations.for_reader([item.name for item in items], language)
        return {
            item.code: Card(
                text=plain(name.text),
                language=name.language,
                provenance=name.provenance,
                address=reverse("relief_item", args=[item.code]),
                work=item.category or item.code,
                work_language=name.provenance.language,
                section=item.code if item.category else "",
                said_at=item.created_at,
            )
            for item, name in zip(items, names, strict=True)
        }


def touched(item: Item) -> None:
    """Note that an item's name, category, codes or use have changed."""
    searchable.touched(KIND, item.code)
