"""Finished pages and documents, kept as files and made anew when what they show has changed.

A file's name carries the fingerprint of what it was made from, so an old one is never served; the
folder may be emptied at any time. Only what anybody may read is kept here.
"""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


def get(name: str, fingerprint: str, make: Callable[[], bytes]) -> bytes:
    """The content for this name and fingerprint, made now if it is not there.

    Args:
        name: what it is, such as ``ipc/id/read.en.html.gz``; distinct for distinct things.
        fingerprint: changes whenever the content would.
    """
    path = _path(name, fingerprint)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    part.write_bytes(content)
    part.replace(path)
    for old in path.parent.iterdir():
        # Older states of the same thing; parts belong to writers at work.
        if old != path and old.suffix != ".part":
            old.unlink(missing_ok=True)
    return content


def _path(name: str, fingerprint: str) -> Path:
    # One folder for each thing, so that clearing its older states cannot touch another's.
    return Path(settings.FINISHED_DIR) / name / hashlib.sha256(fingerprint.encode()).hexdigest()
