"""Rows of search."""

from medixchange.search.models.passages import Head, Passage, Stuck, Vector
from medixchange.search.models.saving import Alert, AlertState, Every, Missed, SavedSearch, Told

__all__ = [
    "Alert",
    "AlertState",
    "Every",
    "Head",
    "Missed",
    "Passage",
    "SavedSearch",
    "Stuck",
    "Told",
    "Vector",
]
