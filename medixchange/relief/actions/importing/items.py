"""Importing the item catalogue."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

from django.utils.text import slugify
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import catalogue
from medixchange.relief.actions.catalogue import Facts, PackOf
from medixchange.relief.actions.importing.base import Done, Outcome, keep, number, trial
from medixchange.relief.interchange.records import EVERY, ITEMS
from medixchange.relief.models import Item, Unit
from medixchange.relief.refusals import Problem, Refused
from medixchange.translation.segmentation import normalise

#: Columns that are facts as they stand, once read.
_PLAIN = ("category", "shelf_life_days", "unspsc", "gmdn", "gtin", "essential")
_NUMBERS = ("weight_g", "volume_ml", "cold_min_c", "cold_max_c")


def import_items(
    path: Path,
    *,
    language: str,
    by: Member | None,
    essential: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Done:
    """Add the items of a file, or change those that are here already (by code).

    A blank cell changes nothing. Columns: ``interchange.records.ITEMS``.

    Args:
        language: BCP 47 tag of the names, where the file has no column of it.
        essential: the list of essentials that this file is, with its version.

    Raises:
        NotAllowed: the member may not keep the catalogue.
        Unreadable: it is no table, or one of another kind.
    """
    if by is not None and not rules.may_keep_catalogue(by):
        raise rules.NotAllowed
    report = ITEMS.read(path, others=EVERY)
    rows = []
    with trial(dry_run):
        for done, row in enumerate(report.rows, 1):
            rows.append(keep(row, lambda values: _item(values, language, essential, by)))
            progress(done, len(report.rows))
    return Done("items", path.name, tuple(rows), report.notes, dry_run)


def _item(
    values: Mapping[str, Any], language: str, essential: str, by: Member | None
) -> tuple[Outcome, str]:
    name = normalise(str(values["name"]).replace("\n", " "))
    code = slugify(values["code"] or name)[:60]
    tag = _language(values["language"]) or language
    facts = _facts(values)
    if essential and "essential" not in facts:
        facts["essential"] = essential
    packs = _packs(str(values["packs"])) if values["packs"] else None
    known = Item.objects.filter(code=code).select_related("name").first() if code else None
    if known is None:
        made = catalogue.add_item(
            code=code, name=name, language=tag, packs=packs or (), by=by, **facts
        )
        return Outcome.TAKEN, made.code
    before = _state(known)
    catalogue.change_item(item=known, name=name, language=tag, by=by, **facts)
    if packs is not None and [(p.name, p.units) for p in packs] != _packed(known):
        catalogue.set_packs(item=known, packs=packs, by=by)
    now = _state(Item.objects.select_related("name").get(pk=known.pk))
    return (Outcome.SAME if now == before else Outcome.CHANGED), code


def _language(text: str | None) -> str:
    if not text:
        return ""
    try:
        return languages.get(text).tag
    except languages.UnknownLanguage as unknown:
        raise Refused(Problem(str(unknown), "language", "language")) from unknown


def _facts(values: Mapping[str, Any]) -> Facts:
    facts: dict[str, Any] = {name: values[name] for name in _PLAIN if values[name] is not None}
    for name in _NUMBERS:
        value = number(values, name)
        if value is not None:
            facts[name] = value
    if values["unit"]:
        facts["unit"] = Unit(values["unit"])
    if values["expires"]:
        facts["expires"] = values["expires"] == "yes"
    return cast(Facts, facts)


def _packs(text: str) -> list[PackOf]:
    """Levels of packing: ``box=50; carton=2500``."""
    found = []
    for part in text.replace("\n", ";").split(";"):
        if not part.strip():
            continue
        name, _equals, units = part.partition("=")
        digits = units.strip().replace(",", "")
        if not (digits.isascii() and digits.isdecimal()):
            raise Refused(
                Problem(
                    _("“%(part)s” is no pack. Write it such as box=50; carton=2500.")
                    % {"part": part.strip()},
                    "packs",
                    "pack",
                )
            )
        found.append(PackOf(name=name.strip(), units=int(digits)))
    return sorted(found, key=lambda pack: pack.units)


def _packed(item: Item) -> list[tuple[str, int]]:
    return list(item.packs.values_list("name", "units"))


def _state(item: Item) -> tuple[Any, ...]:
    """All that an import can change of an item."""
    return (
        item.name_id,
        *(getattr(item, name) for name in Facts.__annotations__),
        *_packed(item),
    )
