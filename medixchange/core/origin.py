"""Where the changes of a run come from, as the audit trail notes it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("audit_origin", default="program")


@contextmanager
def origin(where: str) -> Iterator[None]:
    """Name where the changes inside the block come from, such as ``web 192.0.2.1``."""
    token = _origin.set(where)
    try:
        yield
    finally:
        _origin.reset(token)


def current() -> str:
    """The name of the innermost block, else ``program``."""
    return _origin.get()
