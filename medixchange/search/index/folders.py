"""Where the index lies: a folder of folders, of which one is current.

``current`` names it. A new one is filled beside it and takes its place at once, so that whoever
searches meanwhile is answered from the old. Everything here may be deleted at any time.
"""

import fcntl
import shutil
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

_WAIT = 0.02


def root() -> Path:
    """The folder of folders."""
    return Path(settings.SEARCH_DIR)


def current() -> Path | None:
    """The folder that searches are answered from, where there is one."""
    try:
        name = (root() / "current").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    folder = root() / name
    return folder if name.isalnum() and folder.is_dir() else None


#: Begins the name of a folder that is being filled, which nobody else takes away.
_FILLING = "filling"


def new(*, filling: bool = False) -> Path:
    """A new, empty folder that is not current yet.

    Args:
        filling: it is going to be filled before it becomes current.
    """
    folder = root() / f"{_FILLING if filling else ''}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def make_current(folder: Path) -> Path:
    """Let searches be answered from a folder from now on, and take the others away; gives where it
    lies from now on.

    Processes that have files of the others open go on reading them until they look again.
    """
    here = root() / folder.name.removeprefix(_FILLING)
    if here != folder:
        folder.replace(here)
    part = root() / f"{uuid.uuid4().hex}.part"
    part.write_text(here.name, encoding="ascii")
    part.replace(root() / "current")
    sweep(all_but=(here,), filling=False)
    return here


def sweep(*, all_but: Collection[Path], filling: bool) -> None:
    """Take away folders that are not needed any more.

    Args:
        filling: those that are being filled as well.
    """
    for other in root().iterdir():
        is_filling = other.name.startswith(_FILLING)
        if other.is_dir() and other not in all_but and (filling or not is_filling):
            shutil.rmtree(other, ignore_errors=True)


def size() -> int:
    """Bytes of the index on disk."""
    total = 0
    for path in root().rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # taken away meanwhile
            continue
    return total


@contextmanager
def locked(
    name: str, *, folder: Path | None = None, seconds: float | None = None
) -> Iterator[bool]:
    """Hold a lock that all processes of this machine share; gives whether it was had in time.

    Args:
        name: of the lock, a file.
        folder: in which it lies; beside the folders where there is none.
        seconds: how long to wait for it; None for as long as it takes.
    """
    if folder is None:
        folder = root()
        folder.mkdir(parents=True, exist_ok=True)
    until = None if seconds is None else time.monotonic() + seconds
    with (folder / f"{name}.lock").open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if until is not None and time.monotonic() >= until:
                    yield False
                    return
                time.sleep(_WAIT)
        yield True
