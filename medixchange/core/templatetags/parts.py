"""Template parts used everywhere: built in, no need to load them."""

from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, to_locale

from medixchange.core.components import Provenance
from medixchange.core.languages import Language

register = template.Library()


@register.inclusion_tag("core/provenance.html")
def provenance(mark: Provenance) -> dict[str, Any]:
    """The provenance mark of a text, without a wrapper."""
    return {"p": mark}


@register.simple_tag
def in_language(language: Language) -> SafeString:
    """``lang`` and ``dir`` attributes for an element that holds text of a language."""
    return format_html('lang="{}" dir="{}"', language.tag, language.direction)


@register.filter
def grouped(number: int | None) -> str:
    """A whole number with its thousands told apart as the reader's language does it: 2,000,000."""
    return (
        "" if number is None else format_decimal(number, locale=to_locale(get_language() or "en"))
    )
