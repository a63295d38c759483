"""Doing a transaction again that the database gave up in favour of another.

PostgreSQL ends one of two transactions that wait for each other (deadlock), and under SERIALIZABLE
one of two that read what the other writes. Nothing of it was kept, and done again it goes through.
Those who must do it again queue up (PostgreSQL's advisory lock, taken outside of any transaction),
so that they contend with newcomers only, and not again with each other, however slow the machine.
Posting alone cannot come into a deadlock, since every posting takes the same first lock; what else
a caller does in the same transaction can.
"""

import functools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction

P = ParamSpec("P")
R = TypeVar("R")

#: SQLSTATE of "deadlock detected" and of "could not serialize access".
_AGAIN = frozenset({"40P01", "40001"})
TRIES = 25
#: The queue's number, which nothing else on the database may use.
_QUEUE = 7_236_514
#: Longest pause between two tries, in seconds.
LONGEST = 0.5


def retrying(function: Callable[P, R]) -> Callable[P, R]:
    """Run an action again, up to ``TRIES`` times, where the database gave its transaction up.

    Stands above ``transaction.atomic``. Inside another transaction it does nothing, since only the
    outermost one can be done again.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if transaction.get_connection().in_atomic_block:
            return function(*args, **kwargs)
        try:
            return function(*args, **kwargs)
        except OperationalError as error:
            if not _given_up(error):
                raise
        with _queue():
            for number in range(2, TRIES):
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


@contextmanager
def _queue() -> Iterator[None]:
    """Holds the place at the head of the queue. Only PostgreSQL gives transactions up."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_QUEUE])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_QUEUE])
