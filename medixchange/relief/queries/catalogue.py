"""Reads of the item catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from medixchange.core import languages
from medixchange.relief.models import Item, KitPart
from medixchange.translation import queries as wordings
from medixchange.translation.models import Translation
from medixchange.translation.queries import Shown
from medixchange.translation.states import READABLE


def search(*, words: str = "", category: str = "", retired: bool = False) -> QuerySet[Item]:
    """Items by code, each with its name, whose code or name in any language holds every word.

    Args:
        words: parts of words, separated by spaces; an item's GTIN is a word of it as well.
        category: exactly so; empty for all.
        retired: those that are out of use as well.
    """
    rows = Item.objects.select_related("name").order_by("code")
    if not retired:
        rows = rows.filter(is_current=True)
    if category:
        rows = rows.filter(category=category)
    for word in words.split()[:10]:
        named_so = Translation.objects.filter(
            segment=OuterRef("name"), status__in=READABLE, blocked=False, text__icontains=word
        )
        rows = rows.filter(
            Q(code__icontains=word)
            | Q(name__text__icontains=word)
            | Q(gtin=word.zfill(14))
            | Exists(named_so)
        )
    return rows


def categories() -> list[str]:
    """All categories that an item in use is of."""
    return list(
        Item.objects.filter(is_current=True)
        .exclude(category="")
        .order_by("category")
        .values_list("category", flat=True)
        .distinct()
    )


@dataclass(frozen=True, slots=True)
class Named:
    """An item's name in one language, and where that wording comes from."""

    language: languages.Language
    shown: Shown


def names(item: Item) -> list[Named]:
    """The item's name in every language it has one in: its own first, then by tag. The best
    wording of each, by the same rule as for any reader."""
    return names_of_all([item])[item.pk]


def names_of_all(items: Sequence[Item]) -> dict[int, list[Named]]:
    """As ``names`` for many items, by their ids. One query; the names must be joined."""
    found: dict[int, dict[str, Translation]] = {item.name_id: {} for item in items}
    for row in Translation.objects.filter(
        segment__in=found.keys(), status__in=READABLE, blocked=False
    ).select_related("segment", "author", "signed_by", "signed_for", "reviewed_by"):
        held = found[row.segment_id].get(row.language)
        if held is None or wordings.order(row) < wordings.order(held):
            found[row.segment_id][row.language] = row
    return {item.pk: list(_named(item, found[item.name_id])) for item in items}


def _named(item: Item, found: Mapping[str, Translation]) -> Iterator[Named]:
    own = languages.get(item.name.language)
    yield Named(own, wordings.shown(item.name, own.tag, None))
    for tag in sorted(found):
        yield Named(languages.get(tag), wordings.shown(item.name, tag, found[tag]))


def parts(item: Item) -> list[KitPart]:
    """What one kit holds, by code."""
    return list(KitPart.objects.filter(kit=item).select_related("item__name").order_by("item"))


def kits_with(item: Item) -> list[KitPart]:
    """Kits that hold an item, by code."""
    return list(KitPart.objects.filter(item=item).select_related("kit__name").order_by("kit"))


def known_names() -> Mapping[str, str]:
    """Every name of an item in use, in any language a reader may be shown, with its code; for
    readers of files. A name that two items bear is nobody's."""
    items = dict(Item.objects.filter(is_current=True).values_list("name_id", "code"))
    bearers: dict[str, set[str]] = {}
    for item in Item.objects.filter(is_current=True).select_related("name"):
        bearers.setdefault(item.name.text, set()).add(item.code)
        bearers.setdefault(item.code, set()).add(item.code)
    for segment, text in Translation.objects.filter(
        segment__in=items.keys(), status__in=READABLE, blocked=False
    ).values_list("segment_id", "text"):
        bearers.setdefault(text, set()).add(items[segment])
    return {name: next(iter(codes)) for name, codes in bearers.items() if len(codes) == 1}
