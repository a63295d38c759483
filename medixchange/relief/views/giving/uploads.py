"""Files that were sent to be looked at first, kept until they are imported or a day old."""

import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile

#: Seconds that a file which was looked at is kept.
LONGEST = 24 * 3600
_SALT = "medixchange.relief.import"


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(uploaded: UploadedFile, *, member: int, kind: str) -> str:
    """Keep a file for a member and a kind of import, and give the token that names it."""
    forget_old()
    content = b"".join(uploaded.chunks())
    digest = hashlib.sha256(content).hexdigest()
    folder = _folder() / digest
    folder.mkdir(parents=True, exist_ok=True)
    # Django has cut the visitor's name down to its last part; reports speak of it.
    name = (uploaded.name or "file")[-120:]
    (folder / name).write_bytes(content)
    return signing.dumps([digest, name, member, kind], salt=_SALT)


def find(token: str, *, member: int, kind: str) -> Path | None:
    """The file of a token, if it was given to this member for this kind, and is still kept."""
    try:
        digest, name, owner, meant = signing.loads(token, salt=_SALT, max_age=LONGEST)
    except (signing.BadSignature, ValueError):
        return None
    path = _folder() / digest / name
    return path if (owner, meant) == (member, kind) and path.is_file() else None


def forget_old() -> None:
    """Delete files older than ``LONGEST``."""
    if not _folder().is_dir():
        return
    for folder in _folder().iterdir():
        for path in folder.iterdir():
            if path.stat().st_mtime < time.time() - LONGEST:
                path.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()
