"""The pictures of a document: found in the file or beside it, cleaned, each kept once."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.model import Picture
from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.pictures import clean_picture
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class Gallery:
    """Takes pictures by the address the document gives them.

    Args:
        inside: pictures within the file, by the address that stands for them.
        folder: where pictures beside the file may lie, or None where none may.
    """

    def __init__(self, inside: Mapping[str, bytes], folder: Path | None) -> None:
        self._inside = inside
        self._folder = folder.resolve() if folder else None
        self._keys: dict[tuple[bytes, str], str] = {}
        self._bytes = 0
        self.pictures: dict[str, Picture] = {}

    def take(self, address: str, alt: str) -> str:
        """The key of the picture in ``pictures``.

        Raises:
            DocumentRefused: it cannot be taken; ``where`` is empty.
        """
        if len(self.pictures) >= limits.PICTURES:
            raise DocumentRefused(
                _("The document has more than %(limit)s pictures."),
                "",
                _("Split the document."),
                limit=limits.PICTURES,
            )
        clean = clean_picture(self._content(address))
        key = self._keys.get((clean.content, alt))
        if key is None:
            self._bytes += len(clean.content)
            if self._bytes > limits.UNPACKED_BYTES:
                raise DocumentRefused(
                    _("The pictures of the document are too large together."),
                    "",
                    _("Make its pictures smaller, or split the document."),
                )
            key = str(len(self.pictures) + 1)
            name = f"picture-{key}.{_ENDINGS[clean.media_type]}"
            self._keys[clean.content, alt] = key
            self.pictures[key] = Picture(name, clean.content, alt)
        return key

    def _content(self, address: str) -> bytes:
        if address in self._inside:
            return self._inside[address]
        if _SCHEME.match(address) or address.startswith(("/", "\\")):
            raise DocumentRefused(
                _("The picture lies elsewhere (%(address)s) and is not fetched."),
                "",
                _("Put it into the document, or beside it in the same folder."),
                address=shortened(address),
            )
        path = self._beside(address)
        if path is None:
            raise DocumentRefused(
                _("The picture %(address)s is not beside the document."),
                "",
                _("Put it into the document, or beside it in the same folder."),
                address=shortened(address),
            )
        with path.open("rb") as file:
            return file.read(limits.PICTURE_BYTES + 1)

    def _beside(self, address: str) -> Path | None:
        """The file of that name in the document's folder or below, links followed."""
        if self._folder is None:
            return None
        name = unquote(address.partition("?")[0].partition("#")[0])
        try:
            path = (self._folder / name).resolve()
            if path.is_relative_to(self._folder) and path.is_file():
                return path
        except (OSError, ValueError):
            pass
        return None


def shortened(address: str) -> str:
    """An address as a message shows it."""
    return address if len(address) <= 80 else address[:77] + "…"
