"""Plain text: paragraphs, list items and underlined headings, and nothing that is guessed at."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.model import Block, BlockKind, InlineKind, Text
from medixchange.guidelines.documents.reading.report import Report
from medixchange.guidelines.documents.tree import SOFT, Node, Point, tidy, to_text
from medixchange.guidelines.documents.words import clean, wide

_SIGN = re.compile(
    r" *(?P<sign>[•‣◦●▪·–*-](?= )|\d{1,3}[.)](?= )|\d{1,3}[、．]|\(\d{1,3}\)(?= )) *(?=\S)"
)
_RULE = re.compile(r"\s*(?:(?P<first>={3,})|-{3,})\s*\Z")
#: Lines of text that a program broke, in columns; longer lines were not broken, shorter ones are
#: meant.
_NARROWEST, _WIDEST = 50, 120
#: How much of a line may be empty when it was broken: a long word.
_LONG_WORD = 12
_LONGEST_HEADING = 100


def blocks(text: str, language: str, report: Report) -> list[Block]:
    """The blocks of a plain text.

    Blank lines part paragraphs. A line that begins with a bullet or a number is a list item. A
    short line with a line of ``===`` or ``---`` under it is a heading. A line break within a
    paragraph is a space where the line was full, as programs break lines, and stays a break
    otherwise: in a table of doses typed by hand a lost break would change the meaning.

    Args:
        text: decoded, lines ended by ``\\n``.
        language: BCP 47 tag.
        report: where to note what had to be changed.
    """
    lines = [line.rstrip() for line in clean(text, language).expandtabs(4).split("\n")]
    reader = _Reader(lines, report)
    for group in _groups(lines):
        reader.group(group)
    return reader.out


class _Reader:
    def __init__(self, lines: Sequence[str], report: Report) -> None:
        widths = [_columns(line) for line in lines]
        self._width = max(widths, default=0)
        near = sum(width >= self._width - _LONG_WORD for width in widths)
        self._broken = _NARROWEST <= self._width <= _WIDEST and near >= 3
        self._report = report
        #: Indents of the list items around the present line.
        self._indents: list[int] = []
        self.out: list[Block] = []

    def group(self, lines: list[str]) -> None:
        """Lines without a blank one between."""
        if _RULE.match(lines[0]):
            lines = lines[1:]
        rule = _RULE.match(lines[1]) if len(lines) > 1 else None
        if rule and len(lines[0]) <= _LONGEST_HEADING and not _SIGN.match(lines[0]):
            self._indents = []
            text = self._text([lines[0]])
            self.out.append(Block(BlockKind.HEADING, text, level=1 if rule["first"] else 2))
            lines = lines[2:]
        for piece in self._pieces(lines):
            self._piece(piece)

    def _pieces(self, lines: list[str]) -> Iterator[list[str]]:
        """Lines that belong together: a new piece begins at a list sign that no full line led to,
        and with every line of a text whose lines were never broken."""
        piece: list[str] = []
        for line in lines:
            if piece and (
                self._width > _WIDEST or (_SIGN.match(line) and not self._full(piece[-1], line))
            ):
                yield piece
                piece = []
            piece.append(line)
        if piece:
            yield piece

    def _full(self, line: str, following: str) -> bool:
        """Whether the first word of the next line had no room on this one."""
        if not self._broken:
            return False
        words = following.split()
        first = words[0][0] if wide(words[0][0]) else words[0]
        return _columns(line) + 1 + _columns(first) > self._width

    def _piece(self, lines: list[str]) -> None:
        sign = _SIGN.match(lines[0])
        indent = len(lines[0]) - len(lines[0].lstrip())
        if sign is None:
            text = self._text(lines)
            last = self.out[-1] if self.out else None
            inside = bool(self._indents) and indent > self._indents[-1]
            if last and inside and last.kind is BlockKind.ITEM:
                self.out.append(replace(last, text=text, continued=True))
            elif text.text:
                self._indents = []
                self.out.append(Block(BlockKind.PARAGRAPH, text))
            return
        text = self._text([lines[0][sign.end() :], *lines[1:]])
        while self._indents and indent < self._indents[-1]:
            self._indents.pop()
        if not self._indents or indent > self._indents[-1]:
            self._indents.append(indent)
        digits = re.sub(r"\D", "", sign["sign"])
        number = int(digits) if digits else 0
        self.out.append(
            Block(
                BlockKind.ITEM,
                text,
                level=len(self._indents),
                ordered=bool(digits),
                number=number,
                label="" if not digits or sign["sign"] == f"{number}." else sign["sign"],
            )
        )

    def _text(self, lines: list[str]) -> Text:
        nodes: list[Node] = []
        for before, line in zip([None, *lines], lines, strict=False):
            if before is not None:
                full = self._full(before, line)
                nodes.append(SOFT if full else Point(InlineKind.LINE_BREAK))
            nodes.append(line)
        numbered = to_text(tidy(nodes))
        if numbered.escaped:
            self._report.add(
                _("Words that look like a tag of the translation program, such as “<g1>”"),
                "“" + lines[0].strip()[:40] + "”",
                _("They are kept with other brackets (‹g1›); check that this is right."),
            )
        return numbered.text


def _groups(lines: Iterable[str]) -> Iterator[list[str]]:
    group: list[str] = []
    for line in lines:
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _columns(line: str) -> int:
    """The width of a line: Chinese characters are as wide as two letters."""
    return len(line) + sum(map(wide, line))
