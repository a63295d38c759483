"""What a process holds of the index, and how it catches up with the database at each search."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medixchange.search import meaning
from medixchange.search.index import folders, snapshots
from medixchange.search.index.lexicon import lexicon
from medixchange.search.index.reading import LABELS, Changes, changes, vectors
from medixchange.search.models import Head
from medixchange.search.retrieval.finding import Index

_log = logging.getLogger(__name__)

#: Seconds that a search waits for its index to catch up; then it is answered from what is there.
PATIENCE = 1.0


class Held:
    """One folder of the index, opened, with labels and vectors in memory.

    Attributes:
        at: the version up to which labels and vectors are known.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = meaning.engine()
        self.index = Index(folder, LABELS, self.engine)
        self.at = 0
        self.saved_at = 0
        self.with_vector = np.zeros(0, bool)
        self.at = self.saved_at = snapshots.load(self)

    @property
    def engine_name(self) -> str:
        return self.engine.name if self.engine is not None else ""

    @property
    def words_at(self) -> int:
        """The version up to which words are found."""
        return self.index.words.version

    def is_usable(self, head: Head) -> bool:
        """Whether it can be brought up to date: it is not ahead of the database, as after a backup
        was put back, and has missed nothing that the database has forgotten since."""
        return all(
            at == 0 or head.forgotten <= at <= head.version
            for at in (self.index.words.refresh(), self.at)
        )

    def take(self, seconds: float | None, tell: Callable[[int], None]) -> bool:
        """Take in what has changed, as much as ``seconds`` allow; gives whether that is all."""
        began = time.monotonic()
        with folders.locked("writing", folder=self.folder, seconds=seconds) as may_write:
            words_at = self.index.words.refresh()
            while True:
                after = min(words_at, self.at) if may_write else self.at
                found = changes(after, self.engine_name)
                if found is None:
                    return may_write
                if may_write and found.until > words_at:
                    newer = found.after(words_at)
                    self.index.words.change(newer.put, newer.remove, found.until)
                    words_at = found.until
                if found.until > self.at:
                    self._remember(found.after(self.at))
                    self.at = found.until
                tell(found.until)
                if seconds is not None and time.monotonic() - began > seconds:
                    return False

    def _remember(self, found: Changes) -> None:
        index = self.index
        index.labels.remove(found.remove)
        index.labels.put(found.put)
        without = [*found.remove, *(e.id for e in found.put if e.id not in found.keys)]
        index.vectors.remove(without)
        self._mark(without, False)
        if self.engine is not None and found.keys:
            new = vectors(found.keys, self.engine.name, self.engine.dimensions)
            if new.ids:
                index.put_vectors(new.ids, new.languages, new.numbers, new.scales)
            # Also what the engine could make nothing of: it does not wait for anything.
            self._mark([*found.keys], True)

    def _mark(self, ids: list[int], there: bool) -> None:
        if not ids:
            return
        if max(ids) >= len(self.with_vector):
            more = np.zeros(max(max(ids) + 1 - len(self.with_vector), 1024), bool)
            self.with_vector = np.concatenate([self.with_vector, more])
        self.with_vector[ids] = there

    def without_meaning(self, allowed: NDArray[np.bool_]) -> int:
        """Of the passages that ``allowed`` marks by id, those whose meaning is not there yet."""
        if self.engine is None:
            return 0
        there = self.with_vector
        both = min(len(allowed), len(there))
        return int(allowed.sum() - (allowed[:both] & there[:both]).sum())


_held: Held | None = None
_lock = threading.RLock()


def forget() -> None:
    """Let go of what this process holds; the next search opens it anew."""
    global _held
    with _lock:
        _held = None


def held(
    *, seconds: float | None = PATIENCE, tell: Callable[[int], None] = lambda _at: None
) -> Held:
    """The index of this process, brought up to date as far as ``seconds`` allow.

    What is not there, or broken, or of a database that is no more, is made anew. Two queries, and
    two for each ``CHUNK`` of passages that have changed.
    """
    head = Head.objects.filter(pk=1).first() or Head()
    with _lock:
        mine = _opened(head)
        mine.index.lexicon = lexicon()
        if min(mine.words_at, mine.at) < head.version:
            try:
                mine.take(seconds, tell)
            except Exception:
                _log.warning("search: the index is broken and is made anew", exc_info=True)
                mine = _made_anew(mine.folder)
                mine.take(seconds, tell)
        return mine


@contextmanager
def unchanging() -> Iterator[None]:
    """While no other thread of this process changes what is held."""
    with _lock:
        yield


def words_at() -> int:
    """The version up to which the files have words; 0 where there are none or they are broken."""
    folder = folders.current()
    if folder is None:
        return 0
    try:
        return Held(folder).words_at
    except Exception:
        return 0


def remade(broken: Held) -> Held:
    """The index made anew, after ``broken`` has failed to answer; filled within ``PATIENCE``."""
    _log.warning("search: the index is broken and is made anew", exc_info=True)
    with _lock:
        mine = _made_anew(broken.folder)
        mine.take(PATIENCE, lambda _at: None)
        return mine


def _opened(head: Head) -> Held:
    global _held
    folder = folders.current()
    if _held is not None and folder == _held.folder and _held.engine is meaning.engine():
        mine = _held
    else:
        try:
            mine = Held(folder) if folder is not None else _made_anew(None)
        except Exception:
            _log.warning("search: the index is broken and is made anew", exc_info=True)
            mine = _made_anew(folder)
    try:
        usable = mine.is_usable(head)
    except Exception:
        _log.warning("search: the index is broken and is made anew", exc_info=True)
        usable = False
    if not usable:
        mine = _made_anew(mine.folder)
    _held = mine
    return mine


def _made_anew(broken: Path | None) -> Held:
    """An empty index in place of a broken one, unless another process has made one meanwhile."""
    global _held
    with folders.locked("making"):
        folder = folders.current()
        if folder is None or folder == broken:
            folder = folders.make_current(folders.new())
        _held = Held(folder)
    return _held
