"""DOCX: unpacked under guard, looked through, and packed anew for pandoc."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medixchange.guidelines.documents.reading import word
from medixchange.guidelines.documents.reading.gallery import shortened
from medixchange.guidelines.documents.reading.report import Report
from medixchange.guidelines.documents.safety.archives import Watcher, unpack, watch
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

FORMAT = "docx-auto_identifiers"
#: Changes and comments come as they are, so that they can be reported.
OPTIONS = ("--track-changes=all",)
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_TEXTS = (_MAIN, "word/footnotes.xml", "word/endnotes.xml")
_MARGINS = re.compile(r"word/(header|footer)\d*\.xml\Z")
_OTHER_PACKAGES = {
    "xl/workbook.xml": "XLSX",
    "ppt/presentation.xml": "PPTX",
    "content.xml": "ODT",
    "META-INF/container.xml": "EPUB",
}


def _wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) or name.startswith(("word/media/", "media/"))


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package ready for pandoc.

    ``media``: pictures by the address pandoc has for them. ``facts``: of the parts with text.
    """

    package: bytes
    media: dict[str, bytes]
    facts: list[word.Facts]

    @property
    def contents(self) -> set[str]:
        """Paragraphs of tables of contents, without white space."""
        return {each for facts in self.facts for each in facts.contents}


def prepare(content: bytes, name: str, report: Report) -> Prepared:
    """Look through a DOCX, and pack what pandoc needs of it anew.

    What pandoc unpacks is what was checked here, byte for byte: two programs may read a doubtful
    package differently.

    Raises:
        DocumentRefused: as ``unpack`` and ``watch``; or it is no Word document.
    """
    names: set[str] = set()

    def keep(part: str) -> bool:
        names.add(part)
        return _wanted(part)

    parts = unpack(content, name, keep)
    if _MAIN not in parts or _TYPES not in parts:
        other = next((said for part, said in _OTHER_PACKAGES.items() if part in parts), "")
        raise DocumentRefused(
            gettext_lazy("The name says DOCX, but the content is %(found)s.")
            if other
            else gettext_lazy("There is no Word document in the file (%(part)s is missing)."),
            name,
            gettext_lazy("Open it in the program it was made with and save it as DOCX."),
            found=other,
            part=_MAIN if _MAIN not in parts else _TYPES,
        )
    facts = []
    # The main part first: its words come before those of the notes.
    for part in sorted(parts, key=lambda part: part != _MAIN):
        where = f"{name}, {part}"
        if part in _TEXTS:
            body = word.Body(where, report)
            watch(parts[part], body, where)
            facts.append(body.facts)
            parts[part] = word.mended(parts[part], body.facts)
        elif part.endswith((".xml", ".rels")):
            found = _Words(where)
            watch(parts[part], found, where)
            if margin := _MARGINS.match(part):
                _report_margin(margin[1], found.words, report)
    if any(part.endswith("vbaProject.bin") for part in names):
        report.add(
            _("Macros"),
            _("beginning"),
            _("Nothing needs to be done: a document needs no programs."),
        )
    media = {part: data for part, data in parts.items() if "media/" in part}
    # pandoc wants to find the pictures, and need not be sent what it only counts.
    return Prepared(_packed(parts | dict.fromkeys(media, b"")), _addresses(media), facts)


def _packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for part, data in parts.items():
            package.writestr(part, data)
    return out.getvalue()


def _addresses(media: dict[str, bytes]) -> dict[str, bytes]:
    """Pictures by their address seen from ``word/``, as the document's relations have it."""
    found: dict[str, bytes] = {}
    for part, data in media.items():
        path = PurePosixPath(part)
        found[part] = found[f"/{part}"] = data
        if path.is_relative_to("word"):
            found[str(path.relative_to("word"))] = data
    return found


def _report_margin(kind: str, words: str, report: Report) -> None:
    # A page number alone is made anew by every writer.
    if not re.search(r"[^\W\d_]{3}", words):
        return
    what = (
        _("The page header “%(words)s”") if kind == "header" else _("The page footer “%(words)s”")
    )
    report.add(
        what % {"words": shortened(words)},
        _("on every page"),
        _("If it says something the reader needs, put it into the text."),
    )


class _Words(Watcher):
    """The words of a part."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self._said: list[str] = []

    @property
    def words(self) -> str:
        return " ".join("".join(self._said).split())

    def closed(self, name: str) -> None:
        if name == "p":
            self._said.append(" ")

    def said(self, text: str) -> None:
        if len(self._said) < 1_000:
            self._said.append(text)
