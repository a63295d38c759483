"""Machine translation engines behind one protocol. One file for each outside system."""

from medixchange.translation.engines.base import Engine, EngineUnavailable
from medixchange.translation.engines.protect import translate
from medixchange.translation.engines.registry import engine_for

__all__ = ["Engine", "EngineUnavailable", "engine_for", "translate"]
