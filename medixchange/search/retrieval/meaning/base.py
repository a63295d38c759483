"""What an engine of meaning is: it makes vectors of texts, so that like meanings lie close."""

from collections.abc import Sequence
from typing import Protocol

from medixchange.search.retrieval.vectors import Floats


class EngineUnavailable(Exception):
    """The engine could not be reached, or answered what cannot be used."""


class Engine(Protocol):
    """One engine.

    Attributes:
        name: of engine, model and way of asking: vectors of another name cannot be compared.
        dimensions: numbers in a vector.
    """

    name: str
    dimensions: int

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors (n, dimensions) of texts that are to be found, each of length one."""
        ...

    def query(self, text: str) -> Floats:
        """The vector (dimensions) of what is asked, of length one."""
        ...


_CONTROLS = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0)], " ")


def clean(text: str) -> str:
    """A text that any engine can take: no halves of characters, no control characters."""
    return text.encode("utf-8", "replace").decode("utf-8").translate(_CONTROLS).strip() or " "
