"""Template parts of giving."""

from collections.abc import Sequence
from decimal import Decimal

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

from medixchange.core import languages
from medixchange.relief.queries.giving import Standing
from medixchange.relief.views.giving import telling

register = template.Library()


@register.filter
def plain(number: Decimal) -> str:
    """A decimal number as the reader's language writes it, without zeros that say nothing: 3.5."""
    short = number.normalize()
    if short == short.to_integral_value():
        short = short.quantize(Decimal(1))
    return number_format(short, use_l10n=True)


@register.simple_tag
def pledges_told(standings: Sequence[Standing]) -> list[telling.Told]:
    """Pledges as ``relief/giving/_listed.html`` shows them, in the interface's language."""
    return telling.all_told(standings, languages.get(get_language() or "en").tag)
