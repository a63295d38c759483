"""Kinds of files that become rows here: the catalogue's items, and packing lists."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy

from medixchange.relief.interchange.fields import Field, Kind
from medixchange.relief.interchange.kinds import EVERY as OTHERS
from medixchange.relief.interchange.templates import Template

#: Words for a base unit, with the unit they stand for.
UNITS: Mapping[str, str] = MappingProxyType(
    {
        "piece": "piece", "pieces": "piece", "pcs": "piece", "each": "piece", "ea": "piece",
        "unit": "piece", "pair": "pair", "pairs": "pair", "test": "test", "tests": "test",
        "1t/kit": "test", "kit": "kit", "kits": "kit", "set": "set", "bottle": "bottle",
        "tablet": "tablet", "vial": "vial", "litre": "litre", "liter": "litre", "l": "litre",
        "lt": "litre", "millilitre": "millilitre", "milliliter": "millilitre",
        "ml": "millilitre", "kilogram": "kilogram", "kg": "kilogram", "gram": "gram", "g": "gram",
    }
)  # fmt: skip
_YES: Mapping[str, str] = MappingProxyType(
    {"yes": "yes", "no": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}
)


def _number(name: str, tag: str, *headings: str) -> Field:
    return Field(name, tag, required=False, headings=headings)


#: The item catalogue. ``packs`` holds ``box=50; carton=2500``.
ITEMS = Template(
    "items",
    gettext_lazy("items"),
    (
        Field("code", "#item+code", required=False, headings=("item code", "sku")),
        Field("name", "#item+name", headings=("item", "item name", "goods", "commodity")),
        Field("language", "#item+lang", required=False),
        Field(
            "unit", "#item+unit", Kind.CHOICE, required=False, must_exist=True,
            headings=("base unit", "uom", "unit of measure"), choices=UNITS,
        ),
        Field("category", "#item+category", required=False),
        _number("weight_g", "#item+weight+g", "weight (g)"),
        _number("volume_ml", "#item+volume+ml", "volume (ml)"),
        _number("cold_min_c", "#item+temperature+min"),
        _number("cold_max_c", "#item+temperature+max"),
        Field("shelf_life_days", "#item+shelf_life", Kind.QUANTITY, required=False),
        Field("expires", "#item+expires", Kind.CHOICE, required=False, choices=_YES),
        Field("unspsc", "#item+unspsc", required=False),
        Field("gmdn", "#item+gmdn", required=False),
        Field("gtin", "#item+gtin", required=False),
        Field("essential", "#item+essential", required=False),
        Field("packs", "#item+packs", required=False),
    ),
)  # fmt: skip
#: What is in each box of a consignment: a row for each lot in a box.
PACKING = Template(
    "packing",
    gettext_lazy("a packing list"),
    (
        Field("box", "#item+box", Kind.QUANTITY, headings=("box number", "carton", "box no")),
        Field("item", "#item+code", headings=("item code", "goods", "item name")),
        Field("quantity", "#value+quantity", Kind.QUANTITY, headings=("qty", "amount")),
        Field("lot", "#item+lot", required=False, headings=("batch", "lot number")),
        Field(
            "expires_on", "#date+expiry", Kind.DATE, required=False,
            headings=("expiry", "expiry date", "expires"),
        ),
        Field("sscc", "#item+sscc", required=False),
        Field("weight_kg", "#item+weight+kg", required=False, headings=("gross weight (kg)",)),
    ),
)  # fmt: skip
EVERY = (*OTHERS, ITEMS, PACKING)
