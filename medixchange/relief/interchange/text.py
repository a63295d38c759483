"""Text tables: which bytes are which letters, which mark parts the cells, and the rows.

Nothing is guessed in silence: what is not UTF-8 is read as Windows-1252 only where it looks like a
Western European text, and the table says so; a file of mixed encodings is refused.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from medixchange.relief.interchange.base import Unreadable

#: More characters than this in one cell are no cell of a table (Excel's own limit).
LONGEST_CELL = 32_767
_DELIMITERS = ",;\t|"
#: Bytes above ASCII that stand together. Western European text has them alone or in twos; longer
#: runs are another alphabet, which Windows-1252 would turn into nonsense.
_HIGH = re.compile(rb"[\x80-\xff]+")
_LONGEST_WESTERN_RUN = 3
#: What Western European text has beyond ASCII: its letters, and the marks of a typist.
_WESTERN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿŠšŽžŒœŸ€£°²³µºª«»“”‘’„‚–—…•·´§©®™¿¡×½¼¾\xa0]*")
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file. ``certain`` is false where the encoding was concluded from its bytes."""

    text: str
    encoding: str
    certain: bool


def decode(content: bytes, path: Path) -> Decoded:
    """The text of a file's bytes: UTF-8, UTF-16 with its mark, else Windows-1252 (which holds
    latin-1's letters).

    Raises:
        Unreadable: the bytes are no text, mix encodings, or are of an encoding we cannot tell.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(encoding), encoding.removesuffix("-sig"), True)
            except UnicodeDecodeError as error:
                raise _mixed(path, content, error.start) from error
    if b"\x00" in content:
        raise Unreadable(
            path, "", _("this is no text, but a program's file."), _("Save it as CSV or XLSX.")
        )
    try:
        return Decoded(content.decode("utf-8"), "utf-8", True)
    except UnicodeDecodeError as error:
        if _also_utf8(content):
            raise _mixed(path, content, error.start) from error
        western = content.decode("cp1252", errors="replace")
        if _longest_run(content) > _LONGEST_WESTERN_RUN or not _WESTERN.fullmatch(western):
            raise Unreadable(
                path,
                _line(content, error.start),
                _("the letters are not UTF-8, nor a Western European encoding."),
                _("Save the file as “CSV UTF-8”, or as XLSX."),
            ) from error
        return Decoded(western, "cp1252", False)


def _longest_run(content: bytes) -> int:
    return max((len(run.group()) for run in _HIGH.finditer(content)), default=0)


def _also_utf8(content: bytes) -> bool:
    """Whether some of the high bytes are letters in UTF-8; then those that are not are stray."""
    for run in _HIGH.finditer(content):
        try:
            run.group().decode("utf-8")
        except UnicodeDecodeError:
            continue
        return True
    return False


def _mixed(path: Path, content: bytes, at: int) -> Unreadable:
    return Unreadable(
        path,
        _line(content, at),
        _("the file mixes two encodings: some letters are UTF-8, and here is one that is not."),
        _("Correct this line, and save the file as UTF-8."),
    )


def _line(content: bytes, at: int) -> str:
    return _("line %(number)d") % {"number": content.count(b"\n", 0, at) + 1}


def delimiter(text: str) -> str:
    """The mark that parts the cells: the one that cuts most of the first rows into the same
    number of cells, and into the most of them. A comma where nothing does."""
    head = list(_first_lines(text, 60))

    def agreement(mark: str) -> tuple[float, int]:
        try:
            rows = list(csv.reader(head, delimiter=mark))[:40]
        except csv.Error:
            return (0.0, 0)
        widths = Counter(len(row) for row in rows if any(cell.strip() for cell in row))
        several = Counter({width: count for width, count in widths.items() if width > 1})
        if not several:
            return (0.0, 0)
        width, count = several.most_common(1)[0]
        return (count / widths.total(), width)

    # Python's max keeps the first of equals, which is the comma.
    best = max(_DELIMITERS, key=agreement)
    return best if agreement(best)[1] else ","


def _first_lines(text: str, number: int) -> Iterator[str]:
    stream = io.StringIO(text, newline="")
    for _number in range(number):
        line = stream.readline()
        if not line:
            return
        yield line


def rows(text: str, mark: str, path: Path) -> Iterator[list[str]]:
    """The rows of a text table, in its order; blank rows are empty lists.

    Raises:
        Unreadable: a quotation mark is not closed, or a cell is too long.
    """
    csv.field_size_limit(LONGEST_CELL + 1)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                path,
                _("row %(row)d") % {"row": number},
                _("the quotation marks do not match, or a cell is longer than %(limit)d letters.")
                % {"limit": LONGEST_CELL},
                _("Open the file in a spreadsheet program, look at this row, and save it anew."),
            ) from error
        yield row
