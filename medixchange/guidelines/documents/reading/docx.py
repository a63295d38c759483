"""DOCX: unpacked under guard, looked through, and packed anew for pandoc."""

import io
import re
import zipfile
from pathlib import PurePosixPath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medixchange.guidelines.documents.reading.gallery import shortened
from medixchange.guidelines.documents.reading.report import Place, Report
from medixchange.guidelines.documents.safety.archives import Watcher, unpack, watch
from medixchange.guidelines.documents.safety.refusal import DocumentRefused

FORMAT = "docx-auto_identifiers"
#: Changes and comments come as they are, so that they can be reported.
OPTIONS = ("--track-changes=all",)
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_MARGINS = re.compile(r"word/(header|footer)\d*\.xml\Z")
_OTHER_PACKAGES = {
    "xl/workbook.xml": "XLSX",
    "ppt/presentation.xml": "PPTX",
    "content.xml": "ODT",
    "META-INF/container.xml": "EPUB",
}


def _wanted(name: str) -> bool:
    return name.endswith((".xml", ".rels")) or name.startswith(("word/media/", "media/"))


def prepare(content: bytes, name: str, report: Report) -> tuple[bytes, dict[str, bytes]]:
    """The package that pandoc is given, and the pictures by the address pandoc has for them.

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
    for part, data in parts.items():
        if part.endswith((".xml", ".rels")) and part != _MAIN:
            found = _Words(f"{name}, {part}")
            watch(data, found, f"{name}, {part}")
            if margin := _MARGINS.match(part):
                _report_margin(margin[1], found.words, report)
    watch(parts[_MAIN], _Body(f"{name}, {_MAIN}", report), f"{name}, {_MAIN}")
    if any(part.endswith("vbaProject.bin") for part in names):
        report.add(
            _("Macros"),
            _("beginning"),
            _("Nothing needs to be done: a document needs no programs."),
        )
    media = {part: data for part, data in parts.items() if "media/" in part}
    # pandoc wants to find the pictures, and need not be sent what it only counts.
    return _packed(parts | dict.fromkeys(media, b"")), _addresses(media)


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


class _Body(Watcher):
    """Looks through the main part for what pandoc passes over in silence."""

    def __init__(self, where: str, report: Report) -> None:
        super().__init__(where)
        self._report = report
        self._place = Place()
        self._level = 0
        self._text: list[str] = []

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if name == "p":
            self._level, self._text = 0, []
            self._place.block()
        elif name == "pStyle":
            heading = re.match(r"(?:heading|berschrift|titre|ttulo)\s?([1-6])", _style(attributes))
            self._level = int(heading[1]) if heading else 0
        elif name in ("chart", "relIds", "OLEObject", "altChunk"):
            self._report.add(_KINDS[name](), str(self._place), _as_picture())

    def said(self, text: str) -> None:
        if self._level:
            self._text.append(text)

    def closed(self, name: str) -> None:
        if name == "p" and self._level:
            self._place.heading(self._level, " ".join("".join(self._text).split()))
            self._level = 0


def _style(attributes: dict[str, str]) -> str:
    return re.sub(r"[^a-z0-9 ]", "", attributes.get("val", "").lower())


def _as_picture() -> str:
    return _("Put it in as a picture (PNG or JPEG) and say in the text what it shows.")


_KINDS = {
    "chart": lambda: _("A chart"),
    "relIds": lambda: _("A drawing (SmartArt)"),
    "OLEObject": lambda: _("An embedded object of another program"),
    "altChunk": lambda: _("An embedded document"),
}
