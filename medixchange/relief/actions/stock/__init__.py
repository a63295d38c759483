"""What happens to goods at a store or facility: use, write-off, quarantine, count, opening stock.

Each function locks the place first, so that two of its people who press a button at once go one
after the other, and the second sees what the first has left. Each that posts a document takes a
``key``: the same request sent twice posts once.
"""

from medixchange.relief.actions.stock.counting import Counted, Opening, count, opening, own_account
from medixchange.relief.actions.stock.returning import return_goods
from medixchange.relief.actions.stock.setting_aside import FATES, quarantine, release, write_off
from medixchange.relief.actions.stock.shared import KEEPING, day_at, may_use
from medixchange.relief.actions.stock.using import use

__all__ = [
    "FATES",
    "KEEPING",
    "Counted",
    "Opening",
    "count",
    "day_at",
    "may_use",
    "opening",
    "own_account",
    "quarantine",
    "release",
    "return_goods",
    "use",
    "write_off",
]
