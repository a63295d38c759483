"""What goes on beside the pages: taking in, meaning, mails of saved searches.

Several may run at once, on one machine or more: each step is safe by itself, and what is dear is
done by one process of a machine at a time.
"""

import logging
import time
from collections.abc import Callable

from django.db import close_old_connections
from django.utils import timezone

from medixchange.search import index
from medixchange.search.actions import alerting, embedding, learning, noting, taking_in
from medixchange.search.index import folders, snapshots
from medixchange.search.retrieval.meaning import EngineUnavailable

_log = logging.getLogger(__name__)

#: Seconds between two rounds that found nothing to do.
PAUSE = 1.0
#: Seconds for a step of a round, so that the others have their turn.
_STEP = 2.0
#: Seconds until an engine that was not there is asked again.
_ENGINE_PAUSE = 60.0
#: Seconds between two looks at what is due by the clock.
_HOURLY, _MINUTELY = 3600.0, 60.0


class Worker:
    """One worker; ``work`` goes on until it is told to stop."""

    def __init__(self) -> None:
        self._not_before: dict[str, float] = {}

    def work(self, stop: Callable[[], bool]) -> None:
        """Rounds until ``stop`` says so. A step that fails is reported and tried again later."""
        while not stop():
            close_old_connections()
            if not self.round():
                time.sleep(PAUSE)

    def round(self) -> bool:
        """Each step once; whether any of them had something to do."""
        did = [
            self._step("taking in", 0, _taking_in),
            self._step("index", 0, _indexing),
            self._step("meaning", 0, self._embedding),
        ]
        self._step("words of other languages", _HOURLY, learning.learn)
        self._step("mails", _MINUTELY, lambda: bool(alerting.send_due(timezone.now())))
        self._step("forgetting", _HOURLY, lambda: bool(taking_in.forget_gone()))
        self._step("questions", _HOURLY, lambda: bool(noting.forget(timezone.now())))
        return any(did)

    def _step(self, name: str, every: float, do: Callable[[], bool]) -> bool:
        now = time.monotonic()
        if now < self._not_before.get(name, 0):
            return False
        self._not_before[name] = now + every
        try:
            return do()
        except Exception:
            _log.exception("search: %s failed and is tried again in a minute", name)
            self._not_before[name] = now + _MINUTELY
            return False

    def _embedding(self) -> bool:
        with folders.locked("embedding", seconds=0) as is_mine:
            if not is_mine:
                return False
            try:
                return bool(embedding.embed_waiting(seconds=_STEP))
            except EngineUnavailable as problem:
                _log.warning("search: no meaning for now: %s", problem)
                self._not_before["meaning"] = time.monotonic() + _ENGINE_PAUSE
                return False


def _taking_in() -> bool:
    taken = taking_in.catch_up(seconds=_STEP)
    return taken.units > 0


def _indexing() -> bool:
    """Bring the files up to date, and write a snapshot when much has changed."""
    mine = index.held(seconds=_STEP)
    if mine.at - mine.saved_at >= snapshots.EVERY:
        with folders.locked("snapshot", seconds=0) as is_mine:
            if is_mine:
                snapshots.save(mine)
    return False
