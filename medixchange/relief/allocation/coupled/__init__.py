"""Allocation of several items at once, under limits that they share.

Where nothing is shared, ``planning.allocate`` is exact and needs no solver; use this only with
limits. See ``together`` for what each method aims at here.
"""

from medixchange.relief.allocation.coupled.limits import Limit
from medixchange.relief.allocation.coupled.together import Together, allocate_together

__all__ = ["Limit", "Together", "allocate_together"]
