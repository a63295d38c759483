"""Making the whole index anew, while searches go on being answered from the old one."""

from collections.abc import Callable
from dataclasses import dataclass

from medixchange.search import index
from medixchange.search.actions import taking_in
from medixchange.search.index import Held, folders, snapshots
from medixchange.search.models import Head, Passage


class Busy(Exception):
    """Another process is making the index anew."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What was done: units read, passages changed by that, units that could not be read, and
    passages that are indexed now."""

    units: int
    changed: int
    failed: int
    passages: int


#: Told of a step's name, what of it is done, and how much there is.
Tell = Callable[[str, int, int], None]


def rebuild(*, tell: Tell = lambda _step, _done, _total: None) -> Rebuilt:
    """Ask all sources anew for all they have, and fill a new index from what they say.

    The vectors of texts are kept: the same engine would give the same.

    Raises:
        Busy: another process is at it.
    """
    with folders.locked("rebuilding", seconds=0) as is_mine:
        if not is_mine:
            raise Busy
        total = taking_in.note_everything()
        taken = taking_in.catch_up(tell=lambda left: tell("read", total - left, total))
        current = folders.current()
        folders.sweep(all_but=(current,) if current is not None else (), filling=True)
        filling = folders.new(filling=True)
        newest = Head.objects.get(pk=1).version
        fresh = Held(filling)
        fresh.take(None, lambda at: tell("index", min(at, newest), newest))
        snapshots.save(fresh)
        with folders.locked("making"):
            folders.make_current(filling)
        index.forget()
    return Rebuilt(
        taken.units, taken.passages, taken.failed, Passage.objects.filter(gone=False).count()
    )
