"""Which engines this site has, from the setting ``MEDIXCHANGE_ENGINES``.

The setting is a list of mappings: ``engine`` is the dotted path of a class, the rest are its
keyword arguments. The first that serves a pair wins.
"""

import json
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from medixchange.translation.engines.base import Engine


def engines() -> tuple[Engine, ...]:
    """The engines of this site, made once, in the order of the setting.

    Raises ``ImproperlyConfigured``, naming the entry that cannot be used.
    """
    return _made(json.dumps(settings.MEDIXCHANGE_ENGINES, sort_keys=True))


@lru_cache(maxsize=4)
def _made(entries: str) -> tuple[Engine, ...]:
    """The engines of a setting, given as JSON so that another setting has engines of its own."""
    made = []
    for number, entry in enumerate(json.loads(entries), start=1):
        try:
            options = dict(entry)
            engine: Engine = import_string(options.pop("engine"))(**options)
        except (ImportError, KeyError, TypeError, ValueError) as error:
            raise ImproperlyConfigured(
                f"Entry {number} of MEDIXCHANGE_ENGINES cannot be used: {error!r}"
            ) from error
        made.append(engine)
    return tuple(made)


def engine_for(source: str, target: str) -> Engine | None:
    """The first engine that serves a pair of BCP 47 tags, or ``None``."""
    if source == target:
        return None
    return next((engine for engine in engines() if engine.supports(source, target)), None)
