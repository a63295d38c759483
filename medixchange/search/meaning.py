"""The engine of meaning that this site uses, as ``MEDIXCHANGE_MEANING`` names it."""

import logging
import time
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from medixchange.search.retrieval.meaning import Engine

_log = logging.getLogger(__name__)

#: Seconds until a server that did not answer is asked again.
_PAUSE = 60.0


def engine() -> "Engine | None":
    """The engine; None where search goes by words alone, and while its server does not answer."""
    setting = settings.MEDIXCHANGE_MEANING
    if setting == "off":
        return None
    from medixchange.search.retrieval import meaning

    if time.monotonic() < _not_before.get(setting, 0):
        return None
    try:
        return meaning.engine(
            setting, settings.MEDIXCHANGE_MEANING_MODEL, settings.MEDIXCHANGE_MEANING_KEY
        )
    except meaning.EngineUnavailable as problem:
        _not_before[setting] = time.monotonic() + _PAUSE
        _log.warning("search: words alone, since %s", problem)
        return None


_not_before: dict[str, float] = {}


def engine_name() -> str:
    """Its name, with which vectors are kept; empty where there is none."""
    found = engine()
    return found.name if found is not None else ""
