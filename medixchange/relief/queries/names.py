"""Names of items and units in the reader's language."""

from collections.abc import Iterable

from medixchange.relief.models import Item, Unit
from medixchange.translation import queries
from medixchange.translation.queries import Shown


def of(items: Iterable[Item], language: str) -> dict[int, Shown]:
    """The name of each item, by the item's id, as a reader of ``language`` gets it.

    Two queries however many items there are, none for the names where they are joined already
    (``select_related("…item__name")``).
    """
    unique = list({item.pk: item for item in items}.values())
    shown = queries.for_reader([item.name for item in unique], language)
    return {item.pk: made for item, made in zip(unique, shown, strict=True)}


def units() -> dict[str, str]:
    """The words for every unit, for lists of many items: an item's own ``get_unit_display`` looks
    all of them up each time."""
    return {code: str(label) for code, label in Unit.choices}
