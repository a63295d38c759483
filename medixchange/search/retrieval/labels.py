"""Labels of all passages in memory, to narrow a search before it ranks, and to count what is found.

Each label is one array of small numbers by passage id; a number stands for a set of values. So a
condition is looked up once per set that occurs, not once per passage.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from medixchange.search.retrieval.entries import Entry, Narrow

Mask = NDArray[np.bool_]


class _Column:
    """One label: the sets of values that occur, and which one each passage has."""

    def __init__(self, size: int) -> None:
        self.sets: list[tuple[str, ...]] = [()]
        self.number: dict[tuple[str, ...], int] = {(): 0}
        self.codes = np.zeros(size, np.int32)

    def code(self, values: tuple[str, ...]) -> int:
        values = tuple(sorted(set(values)))
        code = self.number.setdefault(values, len(self.sets))
        if code == len(self.sets):
            self.sets.append(values)
        return code


class Labels:
    """Labels by passage id. Not safe for threads that write at once: hold a lock."""

    def __init__(self, names: Sequence[str]) -> None:
        self._columns = {name: _Column(0) for name in names}
        self._days = np.zeros(0, np.int32)
        self._there = np.zeros(0, np.bool_)

    def __len__(self) -> int:
        return int(self._there.sum())

    def _grow(self, size: int) -> None:
        if size <= len(self._there):
            return
        more = max(size, len(self._there) * 5 // 4, 1024) - len(self._there)
        self._there = np.pad(self._there, (0, more))
        self._days = np.pad(self._days, (0, more))
        for column in self._columns.values():
            column.codes = np.pad(column.codes, (0, more))

    def put(self, entries: Iterable[Entry]) -> None:
        """Take in passages; one of an id that is there replaces it."""
        for entry in entries:
            self._grow(entry.id + 1)
            self._there[entry.id] = True
            self._days[entry.id] = entry.day
            for name, column in self._columns.items():
                column.codes[entry.id] = column.code(entry.labels.get(name, ()))

    def remove(self, ids: Iterable[int]) -> None:
        """Forget passages; ids that are not there are no matter."""
        for id in ids:
            if 0 <= id < len(self._there):
                self._there[id] = False

    def mask(self, narrow: Narrow) -> Mask:
        """By id, whether a passage may be found."""
        mask = self._there & (self._days >= narrow.since) if narrow.since else self._there.copy()
        for condition in narrow.any_of:
            for name, values in condition.items():
                column = self._columns[name]
                wanted = frozenset(values)
                fits = np.fromiter(
                    (not wanted.isdisjoint(values) for values in column.sets), np.bool_
                )
                mask &= fits[column.codes]
        return mask

    def of(self, id: int, name: str) -> tuple[str, ...]:
        """The values of a label that a passage has, sorted."""
        column = self._columns[name]
        return column.sets[int(column.codes[id])]

    def day(self, id: int) -> int:
        """The day that a passage was said on."""
        return int(self._days[id])

    def count(self, ids: Iterable[int], name: str) -> Counter[str]:
        """How many of these passages have each value of a label."""
        return Counter(value for id in ids for value in self.of(id, name))

    def save(self, folder: Path) -> None:
        """Write all labels into a folder that is not there yet."""
        folder.mkdir(parents=True)
        sets = {name: column.sets for name, column in self._columns.items()}
        (folder / "sets.json").write_text(json.dumps(sets), encoding="utf-8")
        np.save(folder / "there.npy", self._there)
        np.save(folder / "days.npy", self._days)
        for number, column in enumerate(self._columns.values()):
            np.save(folder / f"codes{number}.npy", column.codes)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The labels that ``save`` has written. The files are mapped: what is written later stays
        in this process."""
        sets = json.loads((folder / "sets.json").read_text(encoding="utf-8"))
        labels = cls(list(sets))
        labels._there = np.load(folder / "there.npy", mmap_mode="c")
        labels._days = np.load(folder / "days.npy", mmap_mode="c")
        for number, (name, column) in enumerate(labels._columns.items()):
            column.sets = [tuple(values) for values in sets[name]]
            column.number = {values: at for at, values in enumerate(column.sets)}
            column.codes = np.load(folder / f"codes{number}.npy", mmap_mode="c")
        return labels
