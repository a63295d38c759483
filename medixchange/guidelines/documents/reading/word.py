"""The main part of a Word document: what pandoc passes over in silence, found, mended or reported.

pandoc leaves out text boxes, and cells beyond the columns that a table declares; some programs
declare none. Both are mended before pandoc reads. And all words are counted: a word of the file
that is not in the document that was read is reported.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import defusedxml.sax
from django.utils.translation import gettext as _

from medixchange.guidelines.documents.reading.gallery import shortened
from medixchange.guidelines.documents.reading.report import Place, Report
from medixchange.guidelines.documents.safety import limits
from medixchange.guidelines.documents.safety.archives import Watcher
from medixchange.guidelines.documents.words import clean

_HEADING = re.compile(r"(?:heading|berschrift|titre|ttulo)\s?([1-6])")
_CONTENTS = re.compile(r"toc\s?\d|tableofcontents|tdm\s?\d|verzeichnis\s?\d")
#: What stands between words and may be a character in what pandoc makes of it.
_BETWEEN = frozenset(
    {"sym", "tab", "br", "cr", "noBreakHyphen", "softHyphen", "drawing", "pict", "oMath", "object",
     "footnoteReference", "endnoteReference", "ruby", "fldSimple", "ptab"}
)  # fmt: skip
#: Elements whose words are reported, or come, in another form.
_SILENT = frozenset({"moveFrom", "oMath"})
#: How far ahead the next words are looked for, in characters.
_AHEAD = 3_000


@dataclass(slots=True)
class Facts:
    """What was found in a part."""

    #: Runs of words in order, with where they are.
    runs: list[tuple[str, str]] = field(default_factory=list)
    #: Paragraphs of a table of contents, without white space.
    contents: set[str] = field(default_factory=set)
    #: For each table in the order they begin: columns declared, columns needed.
    tables: list[list[int]] = field(default_factory=list)
    text_boxes: int = 0

    @property
    def sound(self) -> bool:
        """Whether pandoc can read the part as it is."""
        return not self.text_boxes and all(has >= needs for has, needs in self.tables)


class Body(Watcher):
    """Looks through a part that holds paragraphs.

    Args:
        where: file and part, for refusals.
        report: where to note what cannot be taken.
    """

    def __init__(self, where: str, report: Report) -> None:
        super().__init__(where)
        self.facts = Facts()
        self._report = report
        self._place = Place()
        self._paragraphs = 0
        self._aside = 0
        self._silent = 0
        self._text = False
        self._run: list[str] = []
        self._said: list[str] = []
        self._level = 0
        self._contents = False
        self._entry = False
        self._entries: list[bool] = []
        self._open: list[list[int]] = []
        self._row: list[int] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Called for each element."""
        if name == "Fallback":
            # The same again for older programs.
            self._aside += 1
        if self._aside:
            return
        self._text = name == "t"
        if name in _BETWEEN:
            self._flush()
        value = attributes.get("val", "")
        if name == "p":
            self._paragraphs += 1
            if self._paragraphs == 1:
                self._level, self._said, self._entries, self._contents = 0, [], [], False
                self._place.block()
        elif name == "pStyle":
            style = re.sub(r"[^a-z0-9 ]", "", value.lower())
            heading = _HEADING.match(style)
            self._level = int(heading[1]) if heading else 0
            self._contents = bool(_CONTENTS.match(style))
        elif name == "hyperlink":
            self._flush()
            self._entry = attributes.get("anchor", "").startswith("_Toc")
        elif name in _SILENT:
            self._silent += 1
        elif name == "txbxContent":
            self.facts.text_boxes += 1
            self._report.add(
                _("A text box; its text stands after the paragraph it is tied to"),
                str(self._place),
                _("Check that this is the right place, or move it into the text."),
            )
        elif name in _KINDS:
            self._report.add(_KINDS[name](), str(self._place), _as_picture())
        else:
            self._table(name, value, attributes)

    def _table(self, name: str, value: str, attributes: dict[str, str]) -> None:
        if name == "tbl":
            self._open.append([0, 0])
            self.facts.tables.append(self._open[-1])
            self._row.append(0)
        elif not self._open:
            return
        elif name == "gridCol" and attributes.get("w", "").isdigit():
            self._open[-1][0] += 1
        elif name == "tr":
            self._row[-1] = 0
        elif name == "tc":
            self._row[-1] += 1
        elif name in ("gridSpan", "gridBefore", "gridAfter") and value.isdigit():
            extra = int(_cut(value))
            self._row[-1] += extra - 1 if name == "gridSpan" else extra
        self._open[-1][1] = max(self._open[-1][1], self._row[-1])

    def closed(self, name: str) -> None:
        """Called for each element."""
        if name == "Fallback":
            self._aside -= 1
        if self._aside:
            return
        if name == "t":
            self._text = False
        elif name in _SILENT:
            self._silent -= 1
        elif name == "hyperlink":
            self._flush()
            self._entry = False
        elif name == "tbl":
            self._open.pop()
            self._row.pop()
        elif name == "p":
            self._flush()
            self._paragraphs -= 1
            if self._paragraphs == 0:
                self._paragraph()

    def said(self, text: str) -> None:
        """Called for each run of characters."""
        if self._text and not self._aside and not self._silent:
            self._run.append(text)

    def _flush(self) -> None:
        words = "".join(self._run)
        self._run = []
        if words.strip():
            self._said.append(words)
            self._entries.append(self._entry)
            self.facts.runs.append((words, str(self._place)))

    def _paragraph(self) -> None:
        words = "".join(self._said)
        # A link to a heading may stand in the text too; a page number after it says it is an entry.
        numbered = bool(self._entries) and all(self._entries) and words.strip()[-1:].isdigit()
        if self._contents or numbered:
            self.facts.contents.add(_squeezed(words))
            place = str(self._place)
            while self.facts.runs and self.facts.runs[-1][1] == place:
                self.facts.runs.pop()
        elif self._level:
            self._place.heading(self._level, " ".join(words.split()))


def mended(part: bytes, facts: Facts) -> bytes:
    """The part with the columns of its tables declared and the text of text boxes in the text."""
    if facts.sound:
        return part
    out = io.BytesIO()
    # Checked before: no document type, no entities, not too deep.
    defusedxml.sax.parseString(part, _Mender(out, facts), forbid_dtd=True)
    return out.getvalue()


class _Mender(XMLGenerator):
    """Writes a part anew: tables with all their columns, text boxes after their paragraph."""

    _write: Callable[[str], int]

    def __init__(self, out: io.BytesIO, facts: Facts) -> None:
        super().__init__(out, encoding="utf-8")
        self._columns = [needs for _has, needs in facts.tables]
        self._open: list[int] = []
        self._asides: list[io.StringIO] = []
        self._writers: list[tuple[Callable[[str], int], int]] = []
        self._paragraphs = 0
        self._fallback = 0
        self._left_out = 0

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        """Called by the parser."""
        prefix, _colon, local = name.rpartition(":")
        if self._left_out or local == "tblGrid" or (local == "txbxContent" and self._fallback):
            self._left_out += 1
            return
        if local == "Fallback":
            self._fallback += 1
        elif local == "tbl":
            self._open.append(self._columns.pop(0) if not self._fallback else 0)
        elif local == "tr" and self._open and self._open[-1]:
            columns = f'<{prefix}:gridCol {prefix}:w="1000"></{prefix}:gridCol>' * self._open[-1]
            self.ignorableWhitespace(f"<{prefix}:tblGrid>{columns}</{prefix}:tblGrid>")
            self._open[-1] = 0
        elif local == "p":
            self._paragraphs += 1
        elif local in ("gridSpan", "gridBefore", "gridAfter"):
            spans = {key: _cut(value) for key, value in attrs.items()}
            attrs = AttributesImpl(spans)
        super().startElement(name, attrs)
        if local == "txbxContent":
            self._asides.append(io.StringIO())
            self._writers.append((self._write, self._paragraphs))
            self._write, self._paragraphs = self._asides[-1].write, 0

    def endElement(self, name: str) -> None:
        """Called by the parser."""
        local = name.rpartition(":")[2]
        if self._left_out:
            self._left_out -= 1
            return
        if local == "txbxContent":
            self._write, self._paragraphs = self._writers.pop()
        super().endElement(name)
        if local == "Fallback":
            self._fallback -= 1
        elif local == "tbl":
            self._open.pop()
        elif local == "p":
            self._paragraphs -= 1
            if self._paragraphs == 0 and not self._writers:
                asides, self._asides = self._asides, []
                for aside in asides:
                    self.ignorableWhitespace(aside.getvalue())

    def characters(self, content: str) -> None:
        """Called by the parser."""
        if not self._left_out:
            super().characters(content)


def _cut(span: str) -> str:
    """How many columns a cell spans, within reason."""
    return str(min(int(span), limits.SPAN)) if span.isdigit() and len(span) < 12 else "1"


def report_lost(
    facts: Iterable[Facts], texts: Sequence[str], language: str, report: Report
) -> None:
    """Report words of the file that are not among the words of the document.

    Args:
        facts: of the parts that hold text, in order.
        texts: all words of the document that was read, in order.
        language: BCP 47 tag.
        report: where to.
    """
    whole = _squeezed(clean("".join(texts), language))
    at = 0
    lost: dict[str, list[str]] = {}
    for words, where in (run for part in facts for run in part.runs):
        wanted = _squeezed(clean(words, language))
        found = whole.find(wanted, at, at + len(wanted) + _AHEAD)
        if found >= 0:
            at = found + len(wanted)
        elif wanted not in whole:
            lost.setdefault(where, []).append(words.strip())
    for where, pieces in lost.items():
        report.add(
            _("The words “%(words)s”") % {"words": shortened(" ".join(pieces))},
            where,
            _("Put them into the text of the document; they are now in a form that is not read."),
        )


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _as_picture() -> str:
    return _("Put it in as a picture (PNG or JPEG) and say in the text what it shows.")


_KINDS = {
    "chart": lambda: _("A chart"),
    "relIds": lambda: _("A drawing (SmartArt)"),
    "OLEObject": lambda: _("An embedded object of another program"),
    "altChunk": lambda: _("An embedded document"),
}
