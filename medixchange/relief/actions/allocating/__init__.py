"""Allocation runs: drafting, changing by hand, approving by another person, issuing, discarding.

A run keeps the needs and the supply it was computed from. Before it is approved, and again before
its documents are issued, the store and the needs are looked at anew: what a run gives must still be
there, and must still be needed.
"""

from medixchange.relief.actions.allocating.checking import still_good
from medixchange.relief.actions.allocating.deciding import approve, discard, issue
from medixchange.relief.actions.allocating.drafting import (
    change_line,
    draft,
    plan_again,
    undo_change,
)

__all__ = [
    "approve",
    "change_line",
    "discard",
    "draft",
    "issue",
    "plan_again",
    "still_good",
    "undo_change",
]
