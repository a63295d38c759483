"""Loading a file: its size, what it is, and whether it is what its name says."""

import codecs
import re
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.refusal import DocumentRefused


class Format(StrEnum):
    """The kinds of files that are read."""

    DOCX = "docx"
    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"


_BY_ENDING = {
    "docx": Format.DOCX,
    "md": Format.MARKDOWN,
    "markdown": Format.MARKDOWN,
    "html": Format.HTML,
    "htm": Format.HTML,
    "xhtml": Format.HTML,
    "txt": Format.TEXT,
    "text": Format.TEXT,
}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The first bytes of files that people send by mistake, and what they are called.
_OTHERS = (
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_TAG = re.compile(rb"<[A-Za-z!][^<>]{0,10000}>")


def load(path: Path, *, format: str | None = None, name: str | None = None) -> tuple[Format, bytes]:
    """Read a file into memory, having made sure of its size and kind.

    Args:
        path: the file.
        format: ``docx``, ``markdown``, ``html`` or ``text`` (or a file ending) where the name of
            the file does not say it.
        name: what the person who sent it calls the file, for messages; default its own name.

    Raises:
        DocumentRefused: it is missing, too large, empty, of a kind that is not read, or not what
            its name says.
    """
    name = name or path.name
    kind = _kind(format or path.suffix, name)
    try:
        if not path.is_file():
            raise DocumentRefused(
                _("There is no such file."), name, _("Check its name and folder.")
            )
        size = path.stat().st_size
        if size > limits.FILE_BYTES:
            raise _too_large(name, size)
        with path.open("rb") as file:
            # One byte more than it had: a file that grows meanwhile is caught too.
            content = file.read(size + 1)
    except OSError as error:
        raise DocumentRefused(
            _("The file cannot be opened (%(reason)s)."),
            name,
            _("Check that this user may read it."),
            reason=error.strerror or str(error),
        ) from error
    if len(content) > size:
        raise DocumentRefused(
            _("The file changed while it was read."), name, _("Wait until it is complete.")
        )
    if not content.strip():
        raise DocumentRefused(
            _("The file is empty."), name, _("Send the file that has the text in it.")
        )
    _match(kind, content, name)
    return kind, content


def _too_large(name: str, size: int) -> DocumentRefused:
    return DocumentRefused(
        _("The file is %(size)s MB; at most %(limit)s MB are taken."),
        name,
        _("Make its pictures smaller, or split the document."),
        size=f"{size / 1024 / 1024:.0f}",
        limit=limits.FILE_BYTES // 1024 // 1024,
    )


def _kind(wanted: str, name: str) -> Format:
    wanted = wanted.lower().lstrip(".")
    if wanted in Format._value2member_map_:
        return Format(wanted)
    if wanted in _BY_ENDING:
        return _BY_ENDING[wanted]
    if wanted == "doc":
        raise _old_word(name)
    raise DocumentRefused(
        _("Files of the kind “%(kind)s” are not read."),
        name,
        _("Save it as DOCX, Markdown (.md), HTML or plain text (.txt)."),
        kind=wanted or "?",
    )


def _old_word(name: str) -> DocumentRefused:
    return DocumentRefused(
        _("The file is in the old Word format (.doc)."),
        name,
        _("Open it in Word or LibreOffice and save it as DOCX."),
    )


def _match(kind: Format, content: bytes, name: str) -> None:
    """Whether the first bytes are those of the kind that is expected."""
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise DocumentRefused(
                _("The document is protected with a password."),
                name,
                _("Open it, take the password away, and save it again as DOCX."),
            )
        raise _old_word(name)
    found = next((said for start, said in _OTHERS if content.startswith(start)), "")
    if content.startswith(_ZIP) and kind is not Format.DOCX:
        found = "ZIP"
    if kind is Format.DOCX and not content.startswith(_ZIP):
        raise DocumentRefused(
            _("The name says DOCX, but the content is %(found)s."),
            name,
            _("Open it in the program it was made with and save it as DOCX."),
            found=found or _("something else"),
        )
    if found:
        raise DocumentRefused(
            _("The name says %(kind)s, but the content is %(found)s."),
            name,
            _("Save the document as DOCX, Markdown, HTML or plain text and send that."),
            kind=kind.value,
            found=found,
        )
    if kind is Format.HTML and not _TAG.search(content.replace(b"\0", b"")):
        raise DocumentRefused(
            _("The name says HTML, but there is no HTML in the file."),
            name,
            _("If it is plain text, give it a name that ends in .txt."),
        )


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16: its little-endian mark begins with the same two bytes.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(content: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 or UTF-32 that says so by its first bytes.

    Other encodings are refused rather than guessed: a wrong guess changes "µg" quietly.

    Raises:
        DocumentRefused: it is in another encoding; names the line and the byte, counted from 0.
    """
    encoding, skip = "utf-8", 0
    for mark, known in _BOMS:
        if content.startswith(mark):
            encoding, skip = known, len(mark)
            break
    try:
        text = content[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + skip
        raise DocumentRefused(
            _("The text is not in UTF-8: byte %(at)s cannot be read."),
            _place(name, content.count(b"\n", 0, at) + 1),
            _("Open it in an editor and save it with the encoding UTF-8."),
            at=at,
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DocumentRefused(
            _("The file is not text: it has a zero byte in it."),
            _place(name, line),
            _("Send the text itself, saved with the encoding UTF-8."),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def measure(text: str, name: str) -> None:
    """Refuse text that is too long, or has a line too long to be one that a person wrote.

    Raises:
        DocumentRefused: names the line.
    """
    if len(text) > limits.TEXT_BYTES:
        raise DocumentRefused(
            _("The text is longer than %(limit)s MB."),
            name,
            _("Split the document."),
            limit=limits.TEXT_BYTES // 1024 // 1024,
        )
    start, number = 0, 1
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > limits.LINE_BYTES:
            raise DocumentRefused(
                _("The line is longer than %(limit)s MB."),
                _place(name, number),
                _("Break it into paragraphs, or check that this is the right file."),
                limit=limits.LINE_BYTES // 1024 // 1024,
            )
        start, number = end + 1, number + 1


def _place(name: str, line: int) -> str:
    return str(_("%(file)s, line %(line)s") % {"file": name, "line": line})
