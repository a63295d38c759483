"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from medixchange.core import languages


def page(request: HttpRequest) -> dict[str, Any]:
    """The interface's language, and all it could be shown in."""
    return {
        "interface": languages.get(get_language() or "en"),
        "interface_languages": [
            {"code": code, **_facts(languages.get(code))} for code, _name in settings.LANGUAGES
        ],
    }


def _facts(language: languages.Language) -> dict[str, str]:
    return {
        "tag": language.tag,
        "own_name": language.own_name,
        "direction": language.direction,
    }
