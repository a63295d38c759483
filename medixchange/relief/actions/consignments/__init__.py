"""Consignments on their way: making, packing, dispatch, arrival, and the stages between.

What the receiver counts is in ``receiving.py``.
"""

from medixchange.relief.actions.consignments.holding import before_it_left, locked, on_the_way
from medixchange.relief.actions.consignments.packing import Contents, add_consignment, pack
from medixchange.relief.actions.consignments.way import (
    arrive,
    cancel,
    dispatch,
    record_stage,
    undo_dispatch,
)

__all__ = [
    "Contents",
    "add_consignment",
    "arrive",
    "before_it_left",
    "cancel",
    "dispatch",
    "locked",
    "on_the_way",
    "pack",
    "record_stage",
    "undo_dispatch",
]
