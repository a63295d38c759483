"""The words of the public pages for figures, their parts, and quantities with their unit."""

from datetime import date

from babel.lists import format_list
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext_lazy
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.core.templatetags.parts import grouped
from medixchange.relief.models import Unit
from medixchange.relief.queries.public import visible
from medixchange.relief.queries.public.promised import Open

FIGURES: dict[str, Promise] = {
    "pledged": gettext_lazy("Pledged"),
    "allocated": gettext_lazy("Allocated"),
    "shipped": gettext_lazy("Shipped"),
    "arrived": gettext_lazy("Arrived"),
    "handed_over": gettext_lazy("Handed over"),
    "received": gettext_lazy("Received"),
    "used": gettext_lazy("Used"),
    "damaged": gettext_lazy("Damaged"),
    "lost": gettext_lazy("Lost"),
}
#: What each figure counts, in one sentence.
MEANINGS: dict[str, Promise] = {
    "pledged": gettext_lazy("Donors promised it, and have not withdrawn the promise."),
    "allocated": gettext_lazy("An agency approved that facilities get it."),
    "shipped": gettext_lazy("It left the donor."),
    "arrived": gettext_lazy("It reached the country."),
    "handed_over": gettext_lazy("An agency or a facility took it over, whole."),
    "received": gettext_lazy("A facility took it into stock and did not send it back."),
    "used": gettext_lazy("It was used, by facilities or by stores."),
    "damaged": gettext_lazy("It was found damaged, or expired, anywhere on the way."),
    "lost": gettext_lazy("It was given up as lost, anywhere on the way."),
}
#: What lies between two figures.
PARTS: dict[str, Promise] = {
    "not_sent": gettext_lazy("pledged and not sent"),
    "beyond_pledge": gettext_lazy("sent beyond what was pledged"),
    "less_alone": gettext_lazy("sent less than is pledged to this country alone"),
    "beyond_alone": gettext_lazy("sent beyond what is pledged to this country alone"),
    "on_the_way": gettext_lazy("on the way"),
    "at_customs": gettext_lazy("landed, at customs"),
    "in_stores": gettext_lazy("in stores"),
    "in_transport": gettext_lazy("in transport within the country"),
    "in_quarantine": gettext_lazy("in quarantine"),
    "at_facilities": gettext_lazy("in stock at facilities"),
    "used_by_stores": gettext_lazy("used by stores"),
    "used_before": gettext_lazy("used by stores, not received by a facility"),
    "damaged": gettext_lazy("damaged"),
    "lost": gettext_lazy("lost"),
    "counted_off": gettext_lazy("counted less than recorded"),
    "found": gettext_lazy("counted more than recorded"),
}
#: Parts that are goods lying somewhere.
_LIES = frozenset(
    {"on_the_way", "at_customs", "in_stores", "in_transport", "in_quarantine", "at_facilities"}
)
#: Parts that are no more, drawn otherwise than those that wait.
GONE = frozenset({"damaged", "lost", "counted_off"})
#: Quantities with their unit; ``count`` chooses the plural, ``n`` is what is written.
_AMOUNTS: dict[Unit, Promise] = {
    Unit.PIECE: ngettext_lazy("%(n)s piece", "%(n)s pieces", "count"),
    Unit.PAIR: ngettext_lazy("%(n)s pair", "%(n)s pairs", "count"),
    Unit.TEST: ngettext_lazy("%(n)s test", "%(n)s tests", "count"),
    Unit.KIT: ngettext_lazy("%(n)s kit", "%(n)s kits", "count"),
    Unit.SET: ngettext_lazy("%(n)s set", "%(n)s sets", "count"),
    Unit.BOTTLE: ngettext_lazy("%(n)s bottle", "%(n)s bottles", "count"),
    Unit.TABLET: ngettext_lazy("%(n)s tablet", "%(n)s tablets", "count"),
    Unit.VIAL: ngettext_lazy("%(n)s vial", "%(n)s vials", "count"),
    Unit.LITRE: ngettext_lazy("%(n)s litre", "%(n)s litres", "count"),
    Unit.MILLILITRE: ngettext_lazy("%(n)s millilitre", "%(n)s millilitres", "count"),
    Unit.KILOGRAM: ngettext_lazy("%(n)s kilogram", "%(n)s kilograms", "count"),
    Unit.GRAM: ngettext_lazy("%(n)s gram", "%(n)s grams", "count"),
}


def part(what: str, quantity: int, *, alone: bool = False, change: bool = False) -> str:
    """What a part is called, given its sign: below zero it was added.

    Args:
        alone: pledges to several countries together are not in the figures, so that what was sent
            may well have been pledged.
        change: a part of the time is looked at, so that what lies somewhere is a change.
    """
    if change and what in _LIES:
        place = {"where": PARTS[what]}
        if quantity > 0:
            return _("%(where)s: more than at the beginning") % place
        return _("%(where)s: less than at the beginning") % place
    if what == "not_sent" and alone:
        return str(PARTS["less_alone" if quantity > 0 else "beyond_alone"])
    opposite = {"not_sent": "beyond_pledge", "counted_off": "found"}
    return str(PARTS[opposite.get(what, what) if quantity < 0 else what])


def amount(quantity: int, unit: str) -> str:
    """A quantity with its unit: “2,000,000 pieces”."""
    return str(_AMOUNTS[Unit(unit)] % {"count": abs(quantity), "n": number(quantity)})


def number(quantity: int) -> str:
    """A number, grouped, with a real minus sign."""
    return ("−" if quantity < 0 else "") + grouped(abs(quantity))


def month(day: date) -> str:
    """A month for the foot of a picture: “Mar 2020”."""
    return dateformat.format(day, "M Y")


def split_open(part: Open, language: str) -> str:
    """What is said in the place of a country where the split is not published."""
    names = [visible.country_name(code, language) for code in part.countries]
    if len(names) > 1:
        return _("split between %(countries)s not published") % {"countries": listing(names)}
    if names:
        return _("how much of it for %(country)s not published") % {"country": names[0]}
    if part.region:
        return _("for “%(region)s”, countries not published") % {"region": part.region}
    return _("for no country that was published")


def listing(names: list[str]) -> str:
    """Names in a row as the reader's language does it: “A, B, and C”."""
    locale = languages.get(get_language() or "en").tag.replace("-", "_")
    return str(format_list(names, locale=locale))
