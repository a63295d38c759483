"""The one way in: a file becomes a document."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.guidelines.documents.model import Block, BlockKind, Document
from medixchange.guidelines.documents.reading import (
    docx,
    embedded,
    html,
    markdown,
    pandoc,
    plain,
    word,
)
from medixchange.guidelines.documents.reading.blocks import Blocks, bare_words
from medixchange.guidelines.documents.reading.gallery import Gallery
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.reading.report import Report
from medixchange.guidelines.documents.safety import files
from medixchange.guidelines.documents.safety.files import Format
from medixchange.guidelines.documents.words import clean

#: What pandoc calls the parts of a title page that stand before the text.
_FRONT = ("subtitle", "author", "date", "abstract")
#: Metadata that is about the file and not for the reader.
_SILENT = frozenset({"title", "lang", "dir", "language", "keywords", "generator", *_FRONT})


def read(
    path: Path,
    *,
    language: str,
    title: str | None = None,
    format: str | None = None,
    name: str | None = None,
) -> Document:
    """Read a document from a file.

    DOCX, Markdown and HTML are read by pandoc, cut off from files and network; plain text by rules
    of our own. Pictures come from within the file or, for Markdown and HTML, from its folder; they
    are cleaned (``safety.clean_picture``). Whatever cannot be taken is in ``untaken``.

    Args:
        path: the file; nothing is written.
        language: BCP 47 tag of the language it is written in.
        title: its title; where None the document's own, else the file's name without ending.
        format: ``docx``, ``markdown``, ``html`` or ``text`` where the file's name does not say.
        name: what to call the file in messages; default its own name.

    Raises:
        DocumentRefused: the file cannot be read safely, or at all.
        core.languages.UnknownLanguage: the tag stands for no language we carry.
    """
    language = languages.get(language).tag
    name = name or path.name
    kind, content = files.load(path, format=format, name=name)
    report = Report()
    try:
        if kind is Format.DOCX:
            found, said = _docx(content, name, language, report)
        else:
            found, said = _text(kind, content, path, name, language, report)
    except RecursionError as error:
        raise pandoc.too_deep(name) from error
    wanted = " ".join(clean(title or "", language).split())
    found.blocks = _headed(found.blocks, wanted or said)
    if not wanted and not said:
        found.blocks, said = _take_title(found.blocks)
    found.title = wanted or said or path.stem
    found.untaken = report.result()
    return found


def _docx(content: bytes, name: str, language: str, report: Report) -> tuple[Document, str]:
    ready = docx.prepare(content, name, report)
    tree = pandoc.parse(ready.package, format=docx.FORMAT, name=name, options=docx.OPTIONS)
    gallery = Gallery(ready.media, None)
    reader = Blocks(language=language, gallery=gallery, report=report, contents=ready.contents)
    made, title = _document(tree, reader, gallery, language)
    word.report_lost(ready.facts, [title, *_all_words(made.blocks)], language, report)
    return made, title


def _text(
    kind: Format, content: bytes, path: Path, name: str, language: str, report: Report
) -> tuple[Document, str]:
    text = files.decode(content, name)
    if kind is Format.TEXT:
        files.measure(text, name)
        return Document("", language, plain.blocks(text, language, report)), ""
    text, pictures = embedded.lift(text)
    files.measure(text, name)
    gallery = Gallery(pictures, path.parent)
    if kind is Format.HTML:
        html.report_dropped(text, report)
        tree = pandoc.parse(html.sound(text).encode(), format=html.FORMAT, name=name)
        reader = Blocks(language=language, gallery=gallery, report=report)
        made, _none = _document(tree, reader, gallery, language)
        return made, " ".join(clean(html.title(text), language).split())
    raw = markdown.RawHtml(name, report)
    reader = Blocks(language=language, gallery=gallery, report=report, markdown=True, raw=raw)
    tree = pandoc.parse(text.encode(), format=markdown.FORMAT, name=name)
    for key in sorted(set(tree["meta"]) - _SILENT):
        report.add(
            _("The entry “%(key)s” before the text") % {"key": key},
            _("beginning"),
            _("If it says something the reader needs, put it into the text."),
        )
    return _document(tree, reader, gallery, language)


def _document(tree: Json, reader: Blocks, gallery: Gallery, language: str) -> tuple[Document, str]:
    """The document of a pandoc tree, and the title its metadata give."""
    meta = tree["meta"]
    front = [node for key in _FRONT for node in _as_blocks(meta.get(key))]
    blocks = reader.document(front, tree["blocks"])
    title = ""
    for node in _as_blocks(meta.get("title")):
        title = " ".join(filter(None, (title, bare_words(reader.text(node["c"])))))
    return Document("", language, blocks, dict(gallery.pictures)), title


def _all_words(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        yield block.text.text if block.kind is BlockKind.VERBATIM else bare_words(block.text)
        for row in block.rows:
            yield from (bare_words(cell.text) for cell in row)


def _as_blocks(meta: Json) -> list[Json]:
    """A metadata value as blocks. Authors in a list are one paragraph."""
    if meta is None:
        return []
    kind, content = meta["t"], meta.get("c")
    if kind == "MetaInlines":
        return [{"t": "Para", "c": content}]
    if kind == "MetaString":
        return [{"t": "Para", "c": [{"t": "Str", "c": content}]}]
    if kind == "MetaBlocks":
        blocks: list[Json] = content
        return blocks
    if kind == "MetaList":
        inlines: list[Json] = []
        for each in content:
            for node in _as_blocks(each):
                if node["t"] in ("Para", "Plain"):
                    comma = [{"t": "Str", "c": ","}, {"t": "Space"}] if inlines else []
                    inlines += [*comma, *node["c"]]
        return [{"t": "Para", "c": inlines}] if inlines else []
    return []


def _headed(blocks: Sequence[Block], title: str) -> list[Block]:
    """The blocks without a first heading that only says the title again."""
    first = blocks[0] if blocks else None
    if (
        first is not None
        and title
        and first.kind is BlockKind.HEADING
        and bare_words(first.text).casefold() == title.casefold()
    ):
        return _without_first(blocks)
    return list(blocks)


def _take_title(blocks: Sequence[Block]) -> tuple[list[Block], str]:
    """A first heading above all others is the title: what is left, and its words."""
    first = blocks[0] if blocks else None
    if first is None or first.kind is not BlockKind.HEADING:
        return list(blocks), ""
    if any(b.kind is BlockKind.HEADING and b.level <= first.level for b in blocks[1:]):
        return list(blocks), ""
    return _without_first(blocks), bare_words(first.text)


def _without_first(blocks: Sequence[Block]) -> list[Block]:
    """Without the first block; its anchor goes to the next, and what was under it moves up."""
    first, rest = blocks[0], list(blocks[1:])
    if first.anchor and rest and not rest[0].anchor:
        rest[0] = replace(rest[0], anchor=first.anchor)
    levels = [block.level for block in rest if block.kind is BlockKind.HEADING]
    if not levels or min(levels) <= first.level:
        return rest
    return [
        replace(block, level=block.level - first.level)
        if block.kind is BlockKind.HEADING
        else block
        for block in rest
    ]
