"""Doing a transaction again that the database gave up in favour of another.

PostgreSQL ends one of two transactions that wait for each other (deadlock), and under SERIALIZABLE
one of two that read what the other writes. Nothing of it was kept, and done again it goes through.
Posting alone cannot come into a deadlock, since every posting takes the same first lock; what else
a caller does in the same transaction can.
"""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

P = ParamSpec("P")
R = TypeVar("R")

#: SQLSTATE of "deadlock detected" and of "could not serialize access".
_AGAIN = frozenset({"40P01", "40001"})
#: Of ten writers who all contend for one row, one gets through in each round.
TRIES = 25
#: Longest pause between two tries, in seconds.
LONGEST = 0.5


def retrying(function: Callable[P, R]) -> Callable[P, R]:
    """Run an action again, up to ``TRIES`` times, where the database gave its transaction up.

    Stands above ``transaction.atomic``. Inside another transaction it does nothing, since only the
    outermost one can be done again.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tries = 1 if transaction.get_connection().in_atomic_block else TRIES
        for number in range(1, tries):
            try:
                return function(*args, **kwargs)
            except OperationalError as error:
                if not _given_up(error):
                    raise
            pause = min(LONGEST, 0.005 * 2**number)
            time.sleep(random.uniform(0, pause))  # noqa: S311 - keeps two from meeting again
        return function(*args, **kwargs)

    return run


def _given_up(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _AGAIN
