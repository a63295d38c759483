"""pandoc's tree as a document of ours."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.model import Block, BlockKind, InlineKind, Text
from medixchange.guidelines.documents.reading import tables
from medixchange.guidelines.documents.reading.ast import (
    bare,
    counted,
    images,
    marked,
    raw_together,
)
from medixchange.guidelines.documents.reading.gallery import Gallery
from medixchange.guidelines.documents.reading.inlines import Inlines
from medixchange.guidelines.documents.reading.links import Anchors
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.reading.report import Place, Report
from medixchange.guidelines.documents.tree import (
    Node,
    Pair,
    Point,
    tidy,
    to_text,
)
from medixchange.translation.inline import plain

_BREAK = Point(InlineKind.LINE_BREAK)


@dataclass(frozen=True, slots=True)
class _Item:
    """The list item that blocks stand in. ``fresh`` until its first paragraph."""

    level: int
    ordered: bool
    number: int
    label: str


@dataclass(frozen=True, slots=True)
class _Within:
    """What blocks stand in."""

    level: int = 0
    item: _Item | None = None
    quote: bool = False


class Blocks:
    """Turns pandoc's blocks into ours.

    Args:
        language: BCP 47 tag of the document.
        gallery: where pictures are taken from.
        report: where to note what could not be taken.
        markdown: whether the source is Markdown.
        raw: reads raw HTML within Markdown; gives blocks of pandoc's.
        contents: paragraphs of a table of contents, without white space; they are left out.
    """

    def __init__(
        self,
        *,
        language: str,
        gallery: Gallery,
        report: Report,
        markdown: bool = False,
        raw: Callable[[str], list[Json]] | None = None,
        contents: Collection[str] = (),
    ) -> None:
        self._contents = contents
        self._report = report
        self._raw = raw
        self._place = Place()
        self._out: list[Block] = []
        self._notes: list[Block] = []
        self._note_count = 0
        self._in_note = False
        self._anchors = Anchors()
        self._met: list[str] = []
        self._item_open = False
        self._inlines = Inlines(
            language=language,
            gallery=gallery,
            report=report,
            place=self._place,
            known=self._anchors.known,
            note=self._note,
            markdown=markdown,
        )

    def document(self, front: Sequence[Json], blocks: Sequence[Json]) -> list[Block]:
        """All blocks: the front matter as paragraphs, the body, then the footnotes."""
        self._anchors.expect(blocks)
        self._all(front, _Within())
        self._all(blocks, _Within())
        return [self._anchors.led(block) for block in (*self._out, *self._notes)]

    def text(self, inlines: Sequence[Json]) -> Text:
        """The words of inline nodes as they are kept."""
        return self._text(self._inlines.nodes(inlines))

    def _emit(self, block: Block, identifier: str = "") -> None:
        """Add a block, with the identifiers met since the last one."""
        found = [*([identifier] if identifier else []), *self._met, *self._inlines.anchors]
        self._met, self._inlines.anchors = [], []
        target = self._notes if self._in_note else self._out
        target.append(self._anchors.given(block, found))

    # -- Words ---------------------------------------------------------------------------------

    def _text(self, nodes: Iterable[Node]) -> Text:
        numbered = to_text(tidy(nodes))
        if numbered.escaped:
            self._inlines.skipped(
                _("Words that look like a tag of the translation program, such as “<g1>”"),
                _("They are kept with other brackets (‹g1›); check that this is right."),
            )
        if numbered.unmarked:
            self._inlines.skipped(
                _("Bold, links and the like beyond the first 999 in one paragraph"),
                _("Split the paragraph."),
            )
        return numbered.text

    def _flat(self, blocks: Sequence[Json]) -> list[Node]:
        """Blocks where only words may stand (a cell, a caption): as lines."""
        lines: list[list[Node]] = []
        for node in blocks:
            lines += self._lines(node)
        filled = [line for line in lines if any(part != "" for part in line)]
        out: list[Node] = []
        for line in filled:
            out += [*([_BREAK] if out else []), *line]
        return out

    def _lines(self, node: Json) -> Iterator[list[Node]]:
        kind, content = node["t"], node.get("c")
        if kind in ("Plain", "Para"):
            yield self._inlines.nodes(content)
        elif kind == "LineBlock":
            for line in content:
                yield self._inlines.nodes(line)
        elif kind == "Header":
            yield [Pair(InlineKind.STRONG, tuple(self._inlines.nodes(content[2])))]
        elif kind == "CodeBlock":
            for words in content[1].splitlines():
                yield [Pair(InlineKind.CODE, (self._inlines.clean(words),))]
        elif kind in ("BulletList", "OrderedList"):
            for sign, blocks in marked(kind, content):
                yield [sign, " ", *self._flat(blocks)]
        elif kind == "DefinitionList":
            for term, definitions in content:
                yield [Pair(InlineKind.STRONG, tuple(self._inlines.nodes(term)))]
                for blocks in definitions:
                    yield self._flat(blocks)
        elif kind in ("BlockQuote", "Div"):
            if kind == "Div":
                self._meet(content[0])
            yield self._flat(content[1] if kind == "Div" else content)
        elif kind == "Figure":
            self._meet(content[0])
            yield self._flat(content[2])
            yield self._flat(content[1][1])
        elif kind == "Table":
            self._inlines.skipped(
                _("A table within a table"),
                _("Its text is kept as lines; check them, or set it as a table of its own."),
            )
            table = tables.grid(content)
            yield self._flat(table.caption)
            for _header, _columns, row in table.rows:
                parts: list[Node] = []
                for cell in row:
                    parts += [*([" | "] if parts else []), *self._flat(cell[4])]
                yield parts
        elif kind == "RawBlock":
            for inner in self._from_raw(content):
                yield from self._lines(inner)

    # -- Blocks --------------------------------------------------------------------------------

    def _all(self, blocks: Sequence[Json], within: _Within) -> None:
        for node in raw_together(blocks):
            self._block(node, within)

    def _block(self, node: Json, within: _Within) -> None:
        kind, content = node["t"], node.get("c")
        if kind in ("Para", "Plain"):
            self._place.block()
            self._paragraph(content, within)
        elif kind == "Header":
            self._heading(*content)
        elif kind in ("BulletList", "OrderedList"):
            self._list(kind, content, within)
        elif kind == "Table":
            self._place.block()
            self._table(content, within)
        elif kind == "Figure":
            self._place.block()
            self._figure(content, within)
        elif kind == "BlockQuote":
            self._all(content, replace(within, quote=True))
        elif kind == "Div":
            self._meet(content[0])
            self._all(content[1], within)
        elif kind == "LineBlock":
            self._place.block()
            lines: list[Node] = []
            for line in content:
                lines += [*([_BREAK] if lines else []), *self._inlines.nodes(line)]
            self._words(lines, within)
        elif kind == "DefinitionList":
            self._definitions(content, within)
        elif kind == "CodeBlock":
            self._place.block()
            self._verbatim(content)
        elif kind == "RawBlock":
            self._all(self._from_raw(content), within)

    def _paragraph(self, inlines: list[Json], within: _Within) -> None:
        seen = [node for node in inlines if node["t"] not in ("Space", "SoftBreak", "LineBreak")]
        if seen and all(node["t"] == "Image" for node in seen):
            self._pictures(seen, [], within)
            return
        if self._contents and "".join("".join(bare(seen)).split()) in self._contents:
            self._report.add(
                _("The table of contents"),
                _("beginning"),
                _("Nothing needs to be done: it is made anew from the headings."),
            )
            return
        self._words(self._inlines.nodes(inlines), within)

    def _words(self, nodes: Iterable[Node], within: _Within) -> None:
        text = self._text(nodes)
        if not text.text:
            return
        item = within.item
        if item is not None:
            self._emit(
                Block(
                    BlockKind.ITEM,
                    text,
                    level=item.level,
                    ordered=item.ordered,
                    number=item.number,
                    label=item.label,
                    continued=not self._item_open,
                )
            )
            self._item_open = False
        else:
            self._emit(Block(BlockKind.QUOTE if within.quote else BlockKind.PARAGRAPH, text))

    def _heading(self, level: int, attributes: Json, inlines: list[Json]) -> None:
        self._place.heading(level, " ".join(self._inlines.words(inlines).split()))
        nodes = tidy(self._inlines.nodes(inlines))
        if len(nodes) == 1 and isinstance(only := nodes[0], Pair) and only.kind in _SET_ANYWAY:
            nodes = list(only.children)
        text = self._text(nodes)
        if text.text:
            block = Block(BlockKind.HEADING, text, level=max(1, min(6, level)))
            self._emit(block, attributes[0])
        else:
            self._meet(attributes)

    def _list(self, kind: str, content: Json, within: _Within) -> None:
        level = within.level + 1
        for number, (label, blocks) in enumerate(counted(kind, content)):
            first = content[0][0] if kind == "OrderedList" else 0
            ordered = kind == "OrderedList"
            item = _Item(level, ordered, first + number if ordered else 0, label)
            self._item_open = True
            self._all(blocks, _Within(level, item))
        self._item_open = False

    def _definitions(self, content: Json, within: _Within) -> None:
        for term, definitions in content:
            self._place.block()
            self._words([Pair(InlineKind.STRONG, tuple(self._inlines.nodes(term)))], within)
            self._list("BulletList", definitions, within)

    def _verbatim(self, content: Json) -> None:
        self._meet(content[0])
        text = self._inlines.clean(content[1]).expandtabs(4).strip("\n")
        if not text.strip():
            return
        self._inlines.skipped(
            _("Preformatted text is kept as it is and not translated"),
            _("If it is prose, take its indent or its frame away in the document."),
        )
        self._emit(Block(BlockKind.VERBATIM, Text(text)))

    def _figure(self, content: Json, within: _Within) -> None:
        attributes, caption, blocks = content
        self._meet(attributes)
        found = list(images(blocks))
        if found:
            self._pictures(found, self._flat(caption[1]), within)
        else:
            self._all(blocks, within)
            self._words(self._flat(caption[1]), within)

    def _pictures(self, images: list[Json], caption: list[Node], within: _Within) -> None:
        """Figures; the caption goes with the last. Its words stay where no picture could be."""
        words = self._text(caption)
        shown = bare_words(words)
        made: list[Block] = []
        alts: list[str] = []
        for image in images:
            attributes, inlines, target = image["c"]
            self._meet(attributes)
            named = dict(attributes[2]).get("alt")
            alt = self._inlines.clean(named) if named else self._inlines.words(inlines)
            alt = " ".join(alt.split())
            # A caption that says the same is enough; nobody wants to hear it twice.
            key = self._inlines.picture(target[0], "" if alt == shown else alt)
            if key:
                made.append(Block(BlockKind.FIGURE, picture=key))
            else:
                alts.append(alt)
        for alt in alts:
            # What is said of a picture is better than nothing in its place.
            self._words([alt if alt != shown else ""], within)
        if not made:
            self._words(caption, within)
            return
        made[-1] = replace(made[-1], text=words)
        for block in made:
            self._emit(block)

    def _table(self, content: Json, within: _Within) -> None:
        self._meet(content[0])
        table = tables.grid(content)
        framed = table.only_cell
        caption = self._flat(table.caption)
        if framed is not None:
            self._words(caption, within)
            self._all(framed, within)
            return
        rows = tables.cells(table, lambda blocks: self._text(self._flat(blocks)))
        if tables.empty(rows):
            self._words(caption, within)
            return
        self._emit(Block(BlockKind.TABLE, self._text(caption), rows=rows))

    def _note(self, blocks: list[Json]) -> str:
        """Keep a footnote, give its label. A note within a note becomes a note of its own."""
        self._note_count += 1
        label = str(self._note_count)
        before, self._in_note = self._in_note, True
        kept = (self._met, self._inlines.anchors)
        self._met, self._inlines.anchors = [], []
        first = True
        for node in blocks:
            for line in self._lines(node):
                text = self._text(line)
                if text.text:
                    self._emit(Block(BlockKind.FOOTNOTE, text, label=label, continued=not first))
                    first = False
        if first:
            self._emit(Block(BlockKind.FOOTNOTE, Text("–"), label=label))
        self._met, self._inlines.anchors = kept
        self._in_note = before
        return label

    def _from_raw(self, content: Json) -> list[Json]:
        format_, raw = content
        if format_ == "html" and self._raw is not None:
            if not re.sub(r"<!--.*?-->", "", raw, flags=re.DOTALL).strip():
                return []
            found = self._raw(raw)
            self._anchors.expect(found)
            return found
        self._inlines.skipped(
            _("Content in %(format)s") % {"format": format_},
            _("Write it as plain text in the document."),
        )
        return []

    def _meet(self, attributes: Json) -> None:
        if attributes[0]:
            self._met.append(attributes[0])


#: Whole headings are set bold or slanted anyway.
_SET_ANYWAY = (InlineKind.STRONG, InlineKind.EMPHASIS)


def bare_words(text: Text) -> str:
    """The words of a text without tags."""
    return plain(text.text)
