"""Adding, changing, packing and retiring items."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from medixchange.core import audit, languages
from medixchange.network.models import Member
from medixchange.relief import searchable
from medixchange.relief.actions.catalogue.checks import (
    Facts,
    PackOf,
    all_gtins,
    gtin,
    gtin_used,
    of_facts,
    of_name,
    of_packs,
    or_as_is,
    require_keeper,
)
from medixchange.relief.models import Item, Movement, Need, Pack, PledgeLine
from medixchange.relief.refusals import Problem, Refused
from medixchange.translation.actions import ensure_segments
from medixchange.translation.models import Segment
from medixchange.translation.segmentation import normalise


@transaction.atomic
def add_item(
    *,
    code: str,
    name: str,
    language: str,
    by: Member | None,
    packs: Sequence[PackOf] = (),
    **facts: Unpack[Facts],
) -> Item:
    """Add a kind of goods. ``by=None`` is the operator.

    Args:
        code: Latin letters, digits and hyphens; left empty, one is made from the name.
        name: in ``language`` (BCP 47); it is translated like any other text.

    Raises:
        NotAllowed: the member may not keep the catalogue.
        Refused: with a problem for each fact that cannot be right.
    """
    require_keeper(by)
    name = normalise(name)
    code = slugify(code or name)[:60]
    problems = [*of_name(name), *of_facts(facts), *of_packs(packs, facts.get("gtin", ""))]
    if not code:
        problems.append(
            Problem(_("Give a code in Latin letters, such as mask-surgical."), "code", "code")
        )
    elif Item.objects.filter(code=code).exists():
        problems.append(
            Problem(
                _("There is an item with the code “%(code)s” already. Choose another code.")
                % {"code": code},
                "code",
                "code_used",
            )
        )
    Refused.if_any([*problems, *gtin_used(all_gtins(facts.get("gtin", ""), packs), item=None)])
    item = Item(code=code, name=_named(name, language), **_tidy(facts))
    item.save()
    _replace_packs(item, packs)
    searchable.touched(item)
    audit.record("item.added", item, by=by, code=code, name=name, language=language)
    return item


@transaction.atomic
def change_item(
    *,
    item: Item,
    by: Member | None,
    name: str | None = None,
    language: str = "",
    **facts: Unpack[Facts],
) -> Item:
    """Change what the catalogue says of an item; what is not given stays.

    A new name is a new text: translations of the old one do not carry over.

    Raises:
        NotAllowed: the member may not keep the catalogue.
        Refused: a fact cannot be right, or the unit would change though quantities are on record.
    """
    require_keeper(by)
    item = Item.objects.select_for_update(of=("self",)).select_related("name").get(pk=item.pk)
    problems = [*of_facts({**_facts_of(item), **facts})]
    if name is not None:
        name = normalise(name)
        problems += of_name(name)
    if facts.get("unit", item.unit) != item.unit and _is_counted(item):
        problems.append(
            Problem(
                _(
                    "%(item)s is counted in this unit in the ledger, a pledge or a need. Retire "
                    "it, and add an item with the other unit."
                )
                % {"item": item},
                "unit",
                "unit_fixed",
            )
        )
    Refused.if_any(
        [*problems, *gtin_used([("gtin", facts["gtin"])] if facts.get("gtin") else [], item=item)]
    )
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for field, value in _tidy(facts).items():
        if getattr(item, field) != value:
            before[field], after[field] = _plain(getattr(item, field)), _plain(value)
            setattr(item, field, value)
    if name is not None:
        segment = _named(name, language or item.name.language)
        if segment.pk != item.name_id:
            before["name"], after["name"] = item.name.text, segment.text
            item.name = segment
    if after:
        item.save()
        searchable.touched(item)
        audit.record("item.changed", item, by=by, before=before, after=after)
    return item


@transaction.atomic
def set_packs(*, item: Item, packs: Sequence[PackOf], by: Member | None) -> None:
    """Put down all levels of an item's packing in place of what was there.

    Raises:
        NotAllowed, Refused: a level holds nothing, two have one name, size or GTIN.
    """
    require_keeper(by)
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    Refused.if_any(
        [*of_packs(packs, item.gtin), *gtin_used(all_gtins("", packs), item=item, packs=True)]
    )
    before = [
        PackOf(name=pack.name, units=pack.units, gtin=pack.gtin).as_json()
        for pack in item.packs.all()
    ]
    _replace_packs(item, packs)
    audit.record(
        "item.packed", item, by=by, before=before, after=[pack.as_json() for pack in packs]
    )


@transaction.atomic
def retire(*, item: Item, reason: str, by: Member | None) -> None:
    """Take an item out of use: it stays in what is on record, and no new pledge may name it.

    Raises:
        NotAllowed, Refused: no reason is given, or it is retired already.
    """
    _set_current(item, False, reason, by)


@transaction.atomic
def restore(*, item: Item, reason: str, by: Member | None) -> None:
    """Take a retired item into use again. Raises as ``retire``."""
    _set_current(item, True, reason, by)


def _set_current(item: Item, is_current: bool, reason: str, by: Member | None) -> None:
    require_keeper(by)
    if not reason.strip():
        raise Refused(Problem(_("Say why."), "reason", "reason_missing"))
    row = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if row.is_current == is_current:
        raise Refused(
            _("%(item)s is in use already.") % {"item": row}
            if is_current
            else _("%(item)s is retired already.") % {"item": row}
        )
    row.is_current = is_current
    row.save(update_fields=["is_current"])
    searchable.touched(row)
    audit.record(
        "item.restored" if is_current else "item.retired", row, by=by, reason=reason.strip()
    )


def _named(name: str, language: str) -> Segment:
    (segment,) = ensure_segments([name], language=languages.get(language).tag)
    return segment


def _tidy(facts: Mapping[str, Any]) -> dict[str, Any]:
    tidy = {
        field: value.strip() if isinstance(value, str) and field != "unit" else value
        for field, value in facts.items()
    }
    if tidy.get("gtin"):
        tidy["gtin"] = gtin(tidy["gtin"])
    return tidy


def _facts_of(item: Item) -> dict[str, Any]:
    return {field: getattr(item, field) for field in Facts.__annotations__}


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Decimal) else value


def _is_counted(item: Item) -> bool:
    """Whether a quantity in the item's unit is on record anywhere."""
    return (
        Movement.objects.filter(lot__item=item).exists()
        or PledgeLine.objects.filter(item=item).exists()
        or Need.objects.filter(item=item).exists()
    )


def _replace_packs(item: Item, packs: Sequence[PackOf]) -> None:
    Pack.objects.filter(item=item).delete()
    Pack.objects.bulk_create(
        [
            Pack(
                item=item,
                name=pack.name.strip(),
                units=pack.units,
                gtin=or_as_is(pack.gtin),
                gross_weight_g=pack.gross_weight_g,
                volume_ml=pack.volume_ml,
            )
            for pack in packs
        ]
    )
