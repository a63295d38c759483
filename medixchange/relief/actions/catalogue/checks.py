"""What may be said of an item: its facts, packs and names, and what cannot be right of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from biip.checksums import gs1_standard_check_digit
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions.ledger import LARGEST
from medixchange.relief.models import Item, Pack, Unit
from medixchange.relief.refusals import Problem, Refused

#: Characters of an item's name.
LONGEST_NAME = 200


class Facts(TypedDict, total=False):
    """What may be said of an item beside its code and name. Weights in grams, volumes in
    millilitres, temperatures in °C, each of one base unit."""

    unit: Unit
    category: str
    weight_g: Decimal | None
    volume_ml: Decimal | None
    cold_min_c: Decimal | None
    cold_max_c: Decimal | None
    shelf_life_days: int | None
    expires: bool
    unspsc: str
    gmdn: str
    gtin: str
    essential: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOf:
    """One level of packing: so many base units in a box, a carton, a pallet."""

    name: str
    units: int
    gtin: str = ""
    gross_weight_g: int | None = None
    volume_ml: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "units": self.units, "gtin": self.gtin}


def gtin(digits: str) -> str:
    """A GTIN as the catalogue keeps it: 14 digits, shorter forms filled with zeros at the left
    (GS1 General Specifications, section 3.3.2).

    Raises:
        Refused: it has not 8, 12, 13 or 14 digits, or its last digit is not its check digit.
    """
    compact = digits.replace(" ", "").replace("-", "")
    if not (compact.isascii() and compact.isdecimal() and len(compact) in (8, 12, 13, 14)):
        raise Refused(
            Problem(
                _("A GTIN has 8, 12, 13 or 14 digits, and “%(gtin)s” has not.") % {"gtin": digits},
                "gtin",
                "gtin",
            )
        )
    right = gs1_standard_check_digit(compact[:-1])
    if right != int(compact[-1]):
        raise Refused(
            Problem(
                _(
                    "GTIN %(gtin)s is wrong: its last digit should be %(right)d. Compare it with "
                    "the box digit by digit."
                )
                % {"gtin": compact, "right": right},
                "gtin",
                "check_digit",
            )
        )
    return compact.zfill(14)


def require_keeper(by: Member | None) -> None:
    if by is not None and not rules.may_keep_catalogue(by):
        raise rules.NotAllowed(
            _(
                "Only logistics officers and coordinators of an agency, foundation or task force "
                "may change the catalogue."
            )
        )


def of_name(name: str) -> list[Problem]:
    if not name:
        return [Problem(_("Give the item a name."), "name", "name_missing")]
    if len(name) > LONGEST_NAME or "\n" in name:
        return [
            Problem(
                _("A name is one line of at most %(limit)d characters.") % {"limit": LONGEST_NAME},
                "name",
                "name_long",
            )
        ]
    return []


def of_facts(facts: Mapping[str, Any]) -> Iterator[Problem]:
    for field in ("weight_g", "volume_ml", "shelf_life_days"):
        value = facts.get(field)
        if value is not None and value <= 0:
            yield Problem(
                _("This must be more than nothing, or left empty."), field, "not_positive"
            )
    coldest, warmest = facts.get("cold_min_c"), facts.get("cold_max_c")
    if coldest is not None and warmest is None:
        yield Problem(_("Give the warmest temperature as well."), "cold_max_c", "cold_range")
    elif coldest is not None and warmest is not None and coldest > warmest:
        yield Problem(
            _("The warmest temperature is lower than the coldest."), "cold_max_c", "cold_range"
        )
    for field, name, length in (("unspsc", "UNSPSC", 8), ("gmdn", "GMDN", 5)):
        code = facts.get(field, "")
        if code and not (len(code) == length and code.isascii() and code.isdecimal()):
            yield Problem(
                _("A %(name)s code has %(length)d digits, and “%(code)s” has not.")
                % {"name": name, "length": length, "code": code},
                field,
                field,
            )
    if facts.get("gtin"):
        yield from _of_gtin(facts["gtin"], "gtin")


def _of_gtin(digits: str, where: str) -> Iterator[Problem]:
    try:
        gtin(digits)
    except Refused as refused:
        for problem in refused.problems:
            yield Problem(problem.what, where, problem.code)


def of_packs(packs: Sequence[PackOf], own_gtin: str) -> Iterator[Problem]:
    names: set[str] = set()
    sizes: set[int] = set()
    gtins = {or_as_is(own_gtin)} - {""}
    for number, pack in enumerate(packs):
        where = f"packs.{number}"
        if not pack.name.strip() or len(pack.name.strip()) > 40:
            yield Problem(
                _("A pack needs a name of at most 40 characters, such as “carton”."),
                f"{where}.name",
                "name",
            )
        elif pack.name.strip().casefold() in names:
            yield Problem(
                _("Two packs are called “%(name)s”.") % {"name": pack.name},
                f"{where}.name",
                "twice",
            )
        names.add(pack.name.strip().casefold())
        if not 0 < pack.units <= LARGEST:
            yield Problem(
                _("A pack holds one unit or more, not %(units)d.") % {"units": pack.units},
                f"{where}.units",
                "not_positive",
            )
        elif pack.units in sizes:
            yield Problem(
                _("Two packs hold %(units)d units.") % {"units": pack.units},
                f"{where}.units",
                "twice",
            )
        sizes.add(pack.units)
        if pack.gtin:
            yield from _of_gtin(pack.gtin, f"{where}.gtin")
            if or_as_is(pack.gtin) in gtins:
                yield Problem(
                    _("GTIN %(gtin)s stands here twice. Each level of packing has its own.")
                    % {"gtin": pack.gtin},
                    f"{where}.gtin",
                    "twice",
                )
            gtins.add(or_as_is(pack.gtin))


def all_gtins(own: str, packs: Sequence[PackOf]) -> list[tuple[str, str]]:
    return [
        *([("gtin", own)] if own else []),
        *((f"packs.{n}.gtin", pack.gtin) for n, pack in enumerate(packs) if pack.gtin),
    ]


def gtin_used(
    given: Sequence[tuple[str, str]], *, item: Item | None, packs: bool = False
) -> Iterator[Problem]:
    """A problem for each GTIN that another item or its packing has; with ``packs`` those of the
    item's own packing do not count, since they are being replaced."""
    wanted = {or_as_is(digits): where for where, digits in given}
    items = Item.objects.filter(gtin__in=wanted)
    rows = Pack.objects.filter(gtin__in=wanted).select_related("item")
    if item is not None:
        items = items.exclude(pk=item.pk)
        if packs:
            rows = rows.exclude(item=item)
    for digits, other in [(i.gtin, i) for i in items] + [(p.gtin, p.item) for p in rows]:
        yield Problem(
            _("GTIN %(gtin)s is that of %(item)s. No two kinds of goods share one.")
            % {"gtin": digits, "item": other},
            wanted[digits],
            "gtin_used",
        )


def or_as_is(digits: str) -> str:
    """A GTIN as it is kept; what is none, as it stands (it is refused elsewhere)."""
    try:
        return gtin(digits) if digits else ""
    except Refused:
        return digits
