"""pandoc's tree as a document of ours."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.model import Block, BlockKind, Inline, InlineKind, Text
from medixchange.guidelines.documents.reading import tables
from medixchange.guidelines.documents.reading.gallery import Gallery
from medixchange.guidelines.documents.reading.inlines import Inlines
from medixchange.guidelines.documents.reading.markers import marker
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.reading.report import Place, Report
from medixchange.guidelines.documents.tree import (
    Node,
    Pair,
    Point,
    from_text,
    merged,
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
    """

    def __init__(
        self,
        *,
        language: str,
        gallery: Gallery,
        report: Report,
        markdown: bool = False,
        raw: Callable[[str], list[Json]] | None = None,
    ) -> None:
        self._report = report
        self._raw = raw
        self._place = Place()
        self._out: list[Block] = []
        self._notes: list[Block] = []
        self._note_count = 0
        self._in_note = False
        self._known: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        self._linked: set[str] = set()
        self._anchors: set[str] = set()
        self._met: list[str] = []
        self._item_open = False
        self._inlines = Inlines(
            language=language,
            gallery=gallery,
            report=report,
            place=self._place,
            known=self._is_known,
            note=self._note,
            markdown=markdown,
        )

    def document(self, front: Sequence[Json], blocks: Sequence[Json]) -> list[Block]:
        """All blocks: the front matter as paragraphs, the body, then the footnotes."""
        for identifier in _identifiers(blocks):
            self._known.setdefault(identifier, "")
        self._linked = {node["c"][2][0][1:] for node in _links(blocks)}
        self._slugs = {
            slug: ""
            for node in _headings(blocks)
            for slug in _slugs(self._inlines.words(node["c"][2]))
        }
        self._all(front, _Within())
        self._all(blocks, _Within())
        return [self._anchored(block) for block in (*self._out, *self._notes)]

    def text(self, inlines: Sequence[Json]) -> Text:
        """The words of inline nodes as they are kept."""
        return self._text(self._inlines.nodes(inlines))

    # -- Links within the document -------------------------------------------------------------

    def _is_known(self, identifier: str) -> bool:
        return identifier in self._known or identifier.lower() in self._slugs

    def _canonical(self, identifier: str) -> str:
        return self._known.get(identifier) or self._slugs.get(identifier.lower(), "")

    def _anchored(self, block: Block) -> Block:
        """The block with its links leading to the anchors that blocks really have."""
        cells = tuple(
            tuple(replace(cell, text=self._led(cell.text)) for cell in row) for row in block.rows
        )
        return replace(block, text=self._led(block.text), rows=cells)

    def _led(self, text: Text) -> Text:
        if not any(each.kind is InlineKind.LINK and each.target[:1] == "#" for each in text.inline):
            return text
        led = tuple(
            Inline(each.number, each.kind, f"#{self._canonical(each.target[1:])}")
            if each.kind is InlineKind.LINK and each.target.startswith("#")
            else each
            for each in text.inline
        )
        if all(each.target != "#" for each in led):
            return replace(text, inline=led)
        return to_text(tidy(_unlinked(from_text(replace(text, inline=led))))).text

    def _emit(self, block: Block, identifier: str = "") -> None:
        """Add a block, with the first of the identifiers met since the last one."""
        identifiers = [*([identifier] if identifier else []), *self._met, *self._inlines.anchors]
        self._met, self._inlines.anchors = [], []
        # Word marks every place it has been to with a name that begins with "_".
        wanted = [each for each in identifiers if each in self._linked or each[0] != "_"]
        slugs = []
        if block.kind is BlockKind.HEADING:
            slugs = [each for each in _slugs(plain(block.text.text)) if not self._slugs.get(each)]
            linked = {each.lower() for each in self._linked}
            wanted += [each for each in slugs if each in linked]
        anchor = next((a for a in map(_as_anchor, wanted) if a not in self._anchors), "")
        self._anchors.add(anchor)
        for each in identifiers:
            if not self._known.get(each):
                self._known[each] = anchor
        for slug in slugs:
            self._slugs[slug] = anchor
        target = self._notes if self._in_note else self._out
        target.append(replace(block, anchor=anchor))

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
            for sign, blocks in _marked(kind, content):
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
        for node in _raw_together(blocks):
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
        if seen and all(_leads_to_contents(node) for node in seen):
            self._inlines.skipped(
                _("The table of contents"),
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
        for number, (label, blocks) in enumerate(_counted(kind, content)):
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
        images = list(_images(blocks))
        if images:
            self._pictures(images, self._flat(caption[1]), within)
        else:
            self._all(blocks, within)
            self._words(self._flat(caption[1]), within)

    def _pictures(self, images: list[Json], caption: list[Node], within: _Within) -> None:
        """Figures; the caption goes with the last. Its words stay where no picture could be."""
        words = self._text(caption)
        shown = bare_words(words)
        made: list[Block] = []
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
            for identifier in _identifiers(found):
                self._known.setdefault(identifier, "")
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


def _counted(kind: str, content: Json) -> Iterator[tuple[str, list[Json]]]:
    """The items of a list, each with its counter where that is not a plain number."""
    if kind == "BulletList":
        yield from (("", blocks) for blocks in content)
        return
    (start, style, delimiter), items = content
    for number, blocks in enumerate(items, start):
        yield marker(number, style["t"], delimiter["t"]), blocks


def _marked(kind: str, content: Json) -> Iterator[tuple[str, list[Json]]]:
    """The items of a list, each with its sign as a line of text has it."""
    for number, (label, blocks) in enumerate(_counted(kind, content)):
        if kind == "BulletList":
            yield "•", blocks
        else:
            yield label or f"{content[0][0] + number}.", blocks


def _raw_together(blocks: Sequence[Json]) -> list[Json]:
    """Neighbouring raw HTML as one piece: a table may come in several."""
    if not any(node["t"] == "RawBlock" for node in blocks):
        return list(blocks)
    out: list[Json] = []
    for before, node in pairwise([None, *blocks]):
        if (
            before is not None
            and node["t"] == before["t"] == "RawBlock"
            and node["c"][0] == before["c"][0] == "html"
        ):
            out[-1] = {"t": "RawBlock", "c": ["html", f"{out[-1]['c'][1]}\n{node['c'][1]}"]}
        else:
            out.append(node)
    return out


def _leads_to_contents(node: Json) -> bool:
    """Whether this is an entry of a table of contents that Word made."""
    return bool(node["t"] == "Link" and node["c"][2][0].startswith("#_Toc"))


def _unlinked(nodes: Iterable[Node]) -> list[Node]:
    """The tree without links that lead nowhere."""
    out: list[Node] = []
    for node in nodes:
        if not isinstance(node, Pair):
            out.append(node)
        elif node.kind is InlineKind.LINK and node.target == "#":
            out += _unlinked(node.children)
        else:
            out.append(replace(node, children=tuple(_unlinked(node.children))))
    return merged(out)


def _images(tree: Json) -> Iterator[Json]:
    for node in _walk(tree):
        if node["t"] == "Image":
            yield node


def _links(tree: Json) -> Iterator[Json]:
    for node in _walk(tree):
        if node["t"] == "Link" and node["c"][2][0].startswith("#"):
            yield node


def _headings(tree: Json) -> Iterator[Json]:
    for node in _walk(tree):
        if node["t"] == "Header":
            yield node


#: Where the attributes stand in the content of nodes that have them.
_ATTRIBUTES = {
    "Header": 1, "Span": 0, "Div": 0, "Link": 0, "Image": 0, "Figure": 0, "Table": 0,
    "CodeBlock": 0,
}  # fmt: skip


def _identifiers(tree: Json) -> Iterator[str]:
    for node in _walk(tree):
        at = _ATTRIBUTES.get(node["t"])
        if at is not None and node["c"][at][0]:
            yield node["c"][at][0]


def _walk(tree: Json) -> Iterator[Json]:
    """Every node, in order, without recursion: a document may be as deep as its author likes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            if "t" in node:
                yield node
            waiting += reversed(list(node.values()))


def _slugs(words: str) -> list[str]:
    """What programs call a heading in links: GitHub's way, and pandoc's without leading signs."""
    slug = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
    dotted = re.sub(r"[^\w\-. ]", "", words.lower()).strip()
    dotted = re.sub(r"^[^a-z\u0080-\uffff]+", "", re.sub(r"\s+", "-", dotted))
    return [each for each in dict.fromkeys((slug, dotted)) if each]


def _as_anchor(identifier: str) -> str:
    """An identifier that is one in HTML, Markdown and PDF."""
    return re.sub(r"[^\w.:-]+", "-", identifier)[:100]
