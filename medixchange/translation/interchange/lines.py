"""Lines of a text file, one at a time, whatever its encoding and however long they are."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from medixchange.translation.interchange.base import Refused, Unreadable, line, unopened

#: Bytes (UTF-8) or characters (UTF-16) of the longest line that is taken.
LONGEST_LINE = 200_000


def read_lines(path: Path) -> Iterator[tuple[int, str | Refused]]:
    """Number and text of each line, without its end; empty lines are left out.

    UTF-8, with or without byte-order mark, or UTF-16 with one. A line that is too long or not
    UTF-8 gives a ``Refused`` in its place. Raises ``Unreadable``.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4096)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            yield from _utf16(path)
            return
        if b"\0" in start:
            raise Unreadable(
                path,
                "",
                _("this is not a text file."),
                _("Save the table as tab-separated text in UTF-8."),
            )
        yield from _utf8(path)
    except OSError as error:
        raise unopened(path, error) from error


def _utf8(path: Path) -> Iterator[tuple[int, str | Refused]]:
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield number, _too_long(number)
                continue
            if number == 1:
                raw = raw.removeprefix(codecs.BOM_UTF8)
            try:
                text = raw.decode().rstrip("\r\n")
            except UnicodeDecodeError as error:
                yield (
                    number,
                    Refused(
                        line(number),
                        _("byte %(byte)d is not UTF-8.") % {"byte": error.start + 1},
                        _("Save the file in UTF-8."),
                    ),
                )
                continue
            if text.strip():
                yield number, text


def _utf16(path: Path) -> Iterator[tuple[int, str | Refused]]:
    with path.open(encoding="utf-16", newline="\n") as file:
        number = 0
        try:
            while text := file.readline(LONGEST_LINE + 1):
                number += 1
                if len(text) > LONGEST_LINE and not text.endswith("\n"):
                    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
                        pass
                    yield number, _too_long(number)
                    continue
                if text.strip():
                    yield number, text.rstrip("\r\n")
        except UnicodeError as error:
            raise Unreadable(
                path,
                line(number + 1),
                _("the text is not UTF-16, although the file says so."),
                _("Save the file in UTF-8."),
            ) from error


def _too_long(number: int) -> Refused:
    return Refused(
        line(number),
        _("the line is longer than %(limit)d characters.") % {"limit": LONGEST_LINE},
        _("Put each pair on a line of its own."),
    )
