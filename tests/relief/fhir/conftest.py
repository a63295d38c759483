"""The cast of giving, for the writers."""

from tests.relief.giving.conftest import promise, relief, send

__all__ = ["promise", "relief", "send"]
