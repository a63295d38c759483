"""The item catalogue: adding, describing, packing and retiring goods, and naming them anew."""

from medixchange.relief.actions.catalogue.checks import LONGEST_NAME, Facts, PackOf, gtin
from medixchange.relief.actions.catalogue.items import (
    add_item,
    change_item,
    restore,
    retire,
    set_packs,
)
from medixchange.relief.actions.catalogue.kits import set_kit
from medixchange.relief.actions.catalogue.naming import fill_names, propose_name

__all__ = [
    "LONGEST_NAME",
    "Facts",
    "PackOf",
    "add_item",
    "change_item",
    "fill_names",
    "gtin",
    "propose_name",
    "restore",
    "retire",
    "set_kit",
    "set_packs",
]
