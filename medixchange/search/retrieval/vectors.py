"""Meanings as vectors: all of them are compared with the query's, in signed bytes.

A vector of length one is kept as bytes and a scale: its largest number becomes 127. The dot product
of two is then exact in whole numbers and off by rounding only; ``numkong`` does some fifty million
dimensions a millisecond on one core, so that a million passages need no approximate index
(``docs/decisions/0004-search.md``).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numkong
import numpy as np
from numpy.typing import NDArray

from medixchange.search.retrieval.labels import Mask

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
_TOP = 127


def as_bytes(vectors: Floats) -> tuple[Bytes, Floats]:
    """Vectors (n, d) as signed bytes (n, d) and scales (n): ``bytes * scale`` gives them back."""
    top = np.abs(vectors).max(axis=1, initial=0.0)
    scales = (np.where(top > 0, top, 1.0) / _TOP).astype(np.float32)
    return np.rint(vectors / scales[:, None]).astype(np.int8), scales


def as_floats(numbers: Bytes, scales: Floats) -> Floats:
    """The way back from ``as_bytes``."""
    vectors: Floats = (numbers * scales[:, None]).astype(np.float32)
    return vectors


def unit(vectors: Floats) -> Floats:
    """Vectors made of length one; one of nothing stays nothing."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    made: Floats = np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)
    return made


class VectorIndex:
    """Vectors by passage id. Not safe for threads that write at once: hold a lock."""

    def __init__(self, dimensions: int) -> None:
        self.dimensions = dimensions
        self._numbers: Bytes = np.zeros((0, dimensions), np.int8)
        self._scales: Floats = np.zeros(0, np.float32)
        self._ids = np.zeros(0, np.int64)
        self._row: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._row)

    def __contains__(self, id: int) -> bool:
        return id in self._row

    def put(self, ids: Sequence[int], numbers: Bytes, scales: Floats) -> None:
        """Take in vectors; one of an id that is there replaces it."""
        if numbers.shape != (len(ids), self.dimensions) or scales.shape != (len(ids),):
            raise ValueError(f"{len(ids)} vectors of {self.dimensions} numbers expected")
        new = list(dict.fromkeys(id for id in ids if id not in self._row))
        begin = len(self._row)
        self._grow(begin + len(new))
        self._ids[begin : begin + len(new)] = new
        at = dict(zip(new, range(begin, begin + len(new)), strict=True))
        rows = [at.get(id, self._row.get(id, -1)) for id in ids]
        self._numbers[rows] = numbers
        self._scales[rows] = scales
        self._row |= at  # last, so that who searches meanwhile sees whole rows only

    def _grow(self, size: int) -> None:
        if size <= len(self._ids):
            return
        more = max(size, len(self._ids) * 5 // 4) - len(self._ids)
        self._numbers = np.concatenate([self._numbers, np.zeros((more, self.dimensions), np.int8)])
        self._scales = np.pad(self._scales, (0, more))
        self._ids = np.pad(self._ids, (0, more))

    def remove(self, ids: Iterable[int]) -> None:
        """Forget vectors: the last one moves into the gap. Ids that are not there are no matter."""
        for id in ids:
            row = self._row.pop(id, None)
            last = len(self._row)
            if row is None:
                continue
            if row != last:
                moved = int(self._ids[last])
                self._numbers[row] = self._numbers[last]
                self._scales[row] = self._scales[last]
                self._ids[row] = moved
                self._row[moved] = row

    def save(self, folder: Path) -> None:
        """Write all vectors into a folder that is not there yet."""
        folder.mkdir(parents=True)
        count = len(self._row)
        np.save(folder / "numbers.npy", self._numbers[:count])
        np.save(folder / "scales.npy", self._scales[:count])
        np.save(folder / "ids.npy", self._ids[:count])

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The vectors that ``save`` has written. The files are mapped: what is written later stays
        in this process."""
        numbers = np.load(folder / "numbers.npy", mmap_mode="c")
        vectors = cls(numbers.shape[1])
        vectors._numbers = numbers
        vectors._scales = np.load(folder / "scales.npy", mmap_mode="c")
        vectors._ids = np.load(folder / "ids.npy", mmap_mode="c")
        vectors._row = dict(zip(vectors._ids.tolist(), range(len(numbers)), strict=True))
        return vectors

    def search(
        self, vector: Floats, limit: int, allowed: Mask | None = None
    ) -> list[tuple[int, float]]:
        """The passages nearest to a vector of length one, with the cosine, the nearest first.

        Args:
            allowed: by id, what may be found; all where it is not given.
        """
        count = len(self._row)
        scores = self._cosines(vector, self._numbers[:count], self._scales[:count])
        rows: NDArray[np.intp] | None = None
        if allowed is not None:
            ids = self._ids[:count]
            inside = ids < len(allowed)
            inside[inside] = allowed[ids[inside]]
            rows = np.flatnonzero(inside)
            scores = scores[rows]
        best = _highest(scores, limit)
        found = self._ids[rows[best]] if rows is not None else self._ids[best]
        return list(zip(found.tolist(), scores[best].tolist(), strict=True))

    def cosines(self, vector: Floats, ids: Iterable[int]) -> dict[int, float]:
        """The cosine with each of these passages, as far as they have a vector."""
        known = [id for id in ids if id in self._row]
        rows = [self._row[id] for id in known]
        scores = self._cosines(vector, self._numbers[rows], self._scales[rows])
        return dict(zip(known, scores.tolist(), strict=True))

    def _cosines(self, vector: Floats, numbers: Bytes, scales: Floats) -> Floats:
        if not len(numbers):
            return np.zeros(0, np.float32)
        query, scale = as_bytes(vector[None].astype(np.float32))
        dots = np.asarray(numkong.cdist(query, numbers, "dot"))[0]
        cosines: Floats = (dots * (scales * scale[0])).astype(np.float32)
        return cosines


def _highest(scores: Floats, limit: int) -> NDArray[np.intp]:
    """Where the highest scores are, the highest first, equal ones in order."""
    if 0 < limit < len(scores):
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        at = np.flatnonzero(scores >= cut)
    else:
        at = np.arange(len(scores))
    return at[np.argsort(-scores[at], kind="stable")][: max(0, limit)]
