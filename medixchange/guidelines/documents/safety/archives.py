"""Packages (a DOCX is XML parts in a ZIP): unpacked by counting real bytes, parsed under guard."""

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _

from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

_CHUNK = 64 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, KeyError)


def unpack(content: bytes, name: str, keep: Callable[[str], bool]) -> dict[str, bytes]:
    """The parts of a package that are wanted.

    Every part is unpacked, wanted or not, and its bytes are counted as they come: what the
    package's own directory says of sizes is not believed. Unpacking stops at the first byte over a
    limit, so a bomb costs at most ``limits.UNPACKED_BYTES`` of counting, and no memory for parts
    that are not kept.

    Args:
        content: the file.
        name: its name, for messages.
        keep: whether the part of this name is wanted.

    Raises:
        DocumentRefused: broken, encrypted, too large, or with two parts of one name.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _parts(package, name, keep)
    except DocumentRefused:
        raise
    except (*_BROKEN, NotImplementedError) as error:
        raise _broken(name) from error


def _broken(where: str) -> DocumentRefused:
    return DocumentRefused(
        _("The file is damaged and cannot be unpacked."),
        where,
        _("Send it again; if it still fails, open it in Word or LibreOffice and save it anew."),
    )


def _parts(package: zipfile.ZipFile, name: str, keep: Callable[[str], bool]) -> dict[str, bytes]:
    entries = package.infolist()
    if len(entries) > limits.ENTRIES:
        raise DocumentRefused(
            _("The file has %(count)s parts; at most %(limit)s are taken."),
            name,
            _("Split the document."),
            count=len(entries),
            limit=limits.ENTRIES,
        )
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    total = 0
    for entry in entries:
        where = f"{name}, {entry.filename}"
        if entry.filename in seen:
            # Two programs may each read another one of the two: one would check what the other
            # does not use.
            raise DocumentRefused(
                _("The file has two parts of the same name."),
                where,
                _("Open it in Word or LibreOffice and save it anew."),
            )
        seen.add(entry.filename)
        if entry.flag_bits & 1:
            raise DocumentRefused(
                _("The document is protected with a password."),
                where,
                _("Open it, take the password away, and save it again as DOCX."),
            )
        try:
            total, data = _one(package, entry, where, total, keep(entry.filename))
        except (*_BROKEN, NotImplementedError) as error:
            raise _broken(where) from error
        if data is not None:
            parts[entry.filename] = data
    return parts


def _one(
    package: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str, total: int, keep: bool
) -> tuple[int, bytes | None]:
    """The new total, and the part where it is kept."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    if entry.file_size > limits.RATIO_FREE_BYTES:
        # What the directory says is enough to refuse, if not to accept.
        _within(where, entry.file_size, entry.file_size / max(entry.compress_size, 1))
    kept: list[bytes] = []
    size = 0
    with package.open(entry) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            total += len(chunk)
            large = size > limits.RATIO_FREE_BYTES
            _within(where, total, size / max(entry.compress_size, 1) if large else 1)
            if keep:
                kept.append(chunk)
    return total, b"".join(kept) if keep else None


def _within(where: str, size: int, ratio: float) -> None:
    """Refuse what is over the limits: bytes unpacked so far, and how far one part was packed."""
    if size > limits.UNPACKED_BYTES or ratio > limits.RATIO:
        raise DocumentRefused(
            _("The file unpacks to far more than a document needs (over %(size)s MB)."),
            where,
            _("Check where it comes from; if it is sound, make its pictures smaller."),
            size=size // 1024 // 1024,
        )


class Watcher(ContentHandler):
    """Walks an XML part, counts its depth, and calls ``opened``, ``said`` and ``closed``."""

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where
        self._depth = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Called by the parser."""
        self._depth += 1
        if self._depth > limits.DEPTH:
            raise DocumentRefused(
                _("The content is nested more than %(limit)s deep."),
                self._where,
                _("Open it in Word or LibreOffice, copy the text into a new document, save that."),
                limit=limits.DEPTH,
            )
        self.opened(name.rpartition(":")[2], {k.rpartition(":")[2]: v for k, v in attrs.items()})

    def endElement(self, name: str) -> None:
        """Called by the parser."""
        self._depth -= 1
        self.closed(name.rpartition(":")[2])

    def characters(self, content: str) -> None:
        """Called by the parser."""
        self.said(content)

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; names are without prefix."""

    def closed(self, name: str) -> None:
        """An element ends."""

    def said(self, text: str) -> None:
        """A run of text."""


def watch(part: bytes, watcher: Watcher, where: str) -> None:
    """Parse an XML part with a watcher.

    Raises:
        DocumentRefused: not well-formed, nested too deep, larger than ``limits.PART_BYTES``, or
            with a document type or entities, which no DOCX needs and which can read other files.
    """
    if len(part) > limits.PART_BYTES:
        raise DocumentRefused(
            _("This part is larger than %(limit)s MB."),
            where,
            _("Split the document."),
            limit=limits.PART_BYTES // 1024 // 1024,
        )
    try:
        defusedxml.sax.parseString(part, watcher, forbid_dtd=True)
    except DefusedXmlException as error:
        raise DocumentRefused(
            _("The XML has a document type or an entity, which may lead to other files."),
            where,
            _("Open it in Word or LibreOffice and save it anew."),
        ) from error
    except SAXParseException as error:
        raise DocumentRefused(
            _("The XML is broken (%(reason)s)."),
            str(_("%(file)s, line %(line)s") % {"file": where, "line": error.getLineNumber()}),
            _("Open it in Word or LibreOffice and save it anew."),
            reason=error.getMessage(),
        ) from error
    except (ValueError, LookupError) as error:
        # An encoding that the parser does not know.
        raise DocumentRefused(
            _("The XML cannot be read (%(reason)s)."),
            where,
            _("Open it in Word or LibreOffice and save it anew."),
            reason=str(error),
        ) from error
