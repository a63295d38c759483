"""Names of items in the reader's language."""

from collections.abc import Iterable

from medixchange.relief.models import Item
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
