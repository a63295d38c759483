"""Translation memories in TMX 1.4 (and 1.1), read as a stream and written.

The format: https://resources.gala-global.org/tbx14b (Translation Memory eXchange 1.4b). A document
type that names the DTD is common and taken without fetching it; a file that declares entities is
refused, for they can read other files or grow without end.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser
from django.utils.translation import gettext_lazy as _

from medixchange.translation import inline
from medixchange.translation.interchange.base import (
    LONGEST,
    Refused,
    Unit,
    Unreadable,
    line,
    serves,
    too_long,
    unit,
    unopened,
)
from medixchange.translation.interchange.inlines import Collected, numbered

_CHUNK = 64 * 1024
_INLINE = frozenset({"bpt", "ept", "ph", "it", "ut", "hi"})
_NATIVE = _INLINE - {"hi"}  # what they hold is code of the document's format, not text
_ATTRIBUTES = ("tuid", "creationid", "creationdate", "changeid", "changedate", "usagecount")
# XML 1.0 has no place for these characters.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_tmx(
    path: Path, *, source: str, target: str, loose: bool = False
) -> Iterator[Unit | Refused]:
    """Read the units of a TMX file for one pair of languages, in constant memory.

    Args:
        source: BCP 47 tag of the language translated from. Any variant in the file may be it,
            whatever the file calls its source language.
        target: the language translated into.
        loose: let a language without region serve a wanted one with it (``pt`` for ``pt-BR``).

    Raises ``Unreadable`` where the file is not XML, is cut off, declares entities or is no TMX,
    with line and column. Units before that place have been given by then.
    """
    handler = _Handler(source, target, loose)
    parser = _Parser()
    parser.setContentHandler(handler)
    handler.line_now = parser.getLineNumber
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
                yield from handler.taken()
            if not handler.started:
                raise Unreadable(path, "", _("the file is empty."), _("Name a TMX file."))
            parser.close()
            yield from handler.taken()
    except SAXParseException as error:
        where = _place(error.getLineNumber(), error.getColumnNumber())
        raise Unreadable(
            path,
            where,
            _("this is not well-formed XML (%(why)s).") % {"why": error.getMessage()},
            _("The file may be cut off or damaged: export it again."),
        ) from error
    except DefusedXmlException as error:
        where = _place(parser.getLineNumber(), parser.getColumnNumber())
        raise Unreadable(
            path,
            where,
            _("the file declares or refers to an entity, which is not allowed here."),
            _("Remove the declarations (<!ENTITY …>) and export again."),
        ) from error
    except _NotTmx as error:
        raise Unreadable(
            path,
            _place(parser.getLineNumber(), parser.getColumnNumber()),
            _("the file starts with <%(element)s>, not <tmx>.") % {"element": error},
            _("Name a TMX file, or import it by the command for its own format."),
        ) from error
    except OSError as error:
        raise unopened(path, error) from error


def _place(row: int | None, column: int | None) -> str:
    return str(
        _("line %(line)d, column %(column)d") % {"line": row or 1, "column": (column or 0) + 1}
    )


class _NotTmx(ValueError):
    pass


class _Parser(DefusedExpatParser):
    """defusedxml's parser: no entities, and it never opens another file, not even the DTD."""

    def reset(self) -> None:
        super().reset()
        parser: expat.XMLParserType = vars(self)["_parser"]
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)


class _Handler(ContentHandler):
    """Collects one ``tu`` at a time."""

    def __init__(self, source: str, target: str, loose: bool) -> None:
        super().__init__()
        self._source, self._target, self._loose = source, target, loose
        self._ready: list[Unit | Refused] = []
        self._path: list[str] = []
        self.started = False
        self._at = 0
        self._attributes: dict[str, str] = {}
        self._variants: list[tuple[str, Collected, dict[str, str]]] = []
        self._seg: Collected | None = None
        self._undefined = ""
        self._aside: list[str] = []
        self._aside_name = ""
        self.line_now: Callable[[], int | None] = lambda: None

    def taken(self) -> Iterator[Unit | Refused]:
        """What has been completed since the last call."""
        ready, self._ready = self._ready, []
        yield from ready

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        if not self._path and name != "tmx":
            raise _NotTmx(name)
        self.started = True
        self._path.append(name)
        if name == "tu":
            self._at = self.line_now() or 0
            self._attributes = _named(attrs)
            self._variants, self._undefined = [], ""
        elif name == "tuv":
            tag = attrs.get("xml:lang") or attrs.get("lang") or ""
            self._variants.append((tag, Collected(), _named(attrs)))
        elif name == "seg" and self._variants:
            self._seg = self._variants[-1][1]
        elif self._seg is not None and name in _INLINE:
            self._seg.begin(name, attrs.get("x", ""), attrs.get("i", ""))
        elif name in {"prop", "note"} and "tu" in self._path:
            self._aside = []
            self._aside_name = f"prop:{attrs.get('type', '')}" if name == "prop" else "note"

    def endElement(self, name: str) -> None:
        self._path.pop()
        if name == "seg":
            self._seg = None
        elif self._seg is not None and name in _INLINE:
            self._seg.end(name)
        elif name in {"prop", "note"} and "tu" in self._path:
            of_variant = "tuv" in self._path and self._variants
            kept = self._variants[-1][2] if of_variant else self._attributes
            kept[self._aside_name] = "".join(self._aside).strip()[:1000]
        elif name == "tu":
            self._ready.append(self._unit())

    def characters(self, content: str) -> None:
        inside = self._path[-1] if self._path else ""
        if inside in {"prop", "note"}:
            self._aside.append(content[:1000])
        elif (
            self._seg is not None
            and not _NATIVE.intersection(self._path[-4:])
            # What is too long is refused in the end; what is far too long is not even held.
            and self._seg.length <= LONGEST * 2
        ):
            self._seg.text(content)

    def skippedEntity(self, name: str) -> None:
        self._undefined = name

    def _unit(self) -> Unit | Refused:
        if self._undefined:
            return Refused(
                line(self._at),
                _("the text uses &%(name)s;, which the file does not define.")
                % {"name": self._undefined},
                _("Write the character itself."),
            )
        source, target = self._variant(self._source), self._variant(self._target)
        if source is None or target is None:
            return Refused(
                line(self._at),
                _("the unit has no text in “%(tag)s”; it has %(found)s.")
                % {
                    "tag": self._source if source is None else self._target,
                    "found": ", ".join(tag or "?" for tag, _c, _a in self._variants) or "-",
                },
                _("Choose a pair of languages that it has, or leave it out."),
            )
        if max(source[1].length, target[1].length) > LONGEST:
            return too_long(self._at)
        source_text, target_text = numbered(source[1], target[1])
        return unit(source_text, target_text, self._at, {**self._attributes, **target[2]})

    def _variant(self, wanted: str) -> tuple[str, Collected, dict[str, str]] | None:
        """The variant that serves a language best, the first of equals."""
        best, best_rank = None, 99
        for variant in self._variants:
            rank = serves(variant[0], wanted, loose=self._loose)
            if rank is not None and rank < best_rank:
                best, best_rank = variant, rank
        return best


def _named(attrs: AttributesImpl) -> dict[str, str]:
    return {name: attrs[name] for name in _ATTRIBUTES if name in attrs}


def write_tmx(file: IO[bytes], units: Iterable[Unit], *, source: str, target: str) -> int:
    """Write units as TMX 1.4 in UTF-8 to a file open for bytes; gives how many were written.

    Numbered tags become ``bpt``/``ept``/``ph`` with the same numbers. Attributes of units that TMX
    has a place for are kept, notes and properties too. Characters that XML cannot hold are left
    out.
    """
    out = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
    out.startDocument()
    out.startElement("tmx", AttributesImpl({"version": "1.4"}))
    header = {
        "creationtool": "MediXchange", "creationtoolversion": "1", "segtype": "sentence",
        "o-tmf": "MediXchange", "adminlang": "en", "srclang": source, "datatype": "plaintext",
    }  # fmt: skip
    _empty(out, "header", header)
    out.startElement("body", AttributesImpl({}))
    count = 0
    for each in units:
        kept = {n: v for n, v in each.attributes.items() if n in _ATTRIBUTES and v}
        out.startElement("tu", AttributesImpl(kept))
        for name, value in each.attributes.items():
            if name == "note":
                _element(out, "note", {}, value)
            elif name.startswith("prop:"):
                _element(out, "prop", {"type": name.removeprefix("prop:")}, value)
        for tag, text in ((source, each.source_text), (target, each.target_text)):
            out.startElement("tuv", AttributesImpl({"xml:lang": tag}))
            out.startElement("seg", AttributesImpl({}))
            _segment(out, text)
            out.endElement("seg")
            out.endElement("tuv")
        out.endElement("tu")
        out.ignorableWhitespace("\n")
        count += 1
    out.endElement("body")
    out.endElement("tmx")
    out.endDocument()
    return count


def _segment(out: XMLGenerator, text: str) -> None:
    for piece in inline.pieces(text):
        number = str(piece.number)
        if piece.kind == "text":
            out.characters(_NOT_XML.sub("", piece.text))
        elif piece.kind == "open":
            _element(out, "bpt", {"i": number, "x": number}, piece.text)
        elif piece.kind == "close":
            _element(out, "ept", {"i": number}, piece.text)
        else:
            _element(out, "ph", {"x": number}, piece.text)


def _element(out: XMLGenerator, name: str, attributes: dict[str, Any], text: str) -> None:
    out.startElement(name, AttributesImpl(attributes))
    out.characters(_NOT_XML.sub("", text))
    out.endElement(name)


def _empty(out: XMLGenerator, name: str, attributes: dict[str, Any]) -> None:
    out.startElement(name, AttributesImpl(attributes))
    out.endElement(name)
