"""HTML: one page that needs nothing else, for reading, printing and keeping."""

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from html import escape
from pathlib import Path

from medixchange.core import languages
from medixchange.guidelines.documents.model import Block, BlockKind, Document, InlineKind, Text
from medixchange.guidelines.documents.tree import Node, Point, from_text
from medixchange.guidelines.documents.writing import bidi, fonts
from medixchange.guidelines.documents.writing.grids import table
from medixchange.guidelines.documents.writing.parts import (
    Anchors,
    Wording,
    data_address,
    footnotes,
    runs,
    safe_link,
    sign,
    wording,
    words,
)

#: The HTML element of each pair that has one of its own.
ELEMENTS = {
    InlineKind.STRONG: "strong",
    InlineKind.EMPHASIS: "em",
    InlineKind.SUPERSCRIPT: "sup",
    InlineKind.SUBSCRIPT: "sub",
    InlineKind.STRIKE: "s",
    InlineKind.CODE: "code",
}
_STYLE = Path(__file__).with_name("page.css")
#: Headings that the contents name, by depth.
_CONTENTS_DEPTH = 3
_FEWEST_FOR_CONTENTS = 3


def to_html(document: Document) -> str:
    """A whole page: language and direction, contents, sections, footnotes with ways back, tables
    with scopes, pictures within, a style for print, no script.

    All text is escaped; links lead only to web and mail addresses and into the page; a content
    security policy in the page forbids everything but its own style and pictures.
    """
    style = f"{fonts.rules(languages_of(document))}\n{_STYLE.read_text(encoding='utf-8')}"
    return page(document, style, policy=True)


def page(document: Document, style: str, *, policy: bool) -> str:
    """The page with a style. ``policy``: whether to state the content security policy."""
    language = languages.get(document.language)
    writer = _Writer(document)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    head = [
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ]
    if policy:
        head.append(
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            f"img-src data:; style-src 'sha256-{digest}'\">"
        )
    head += [f"<title>{escape(document.title)}</title>", f"<style>{style}</style>"]
    state = f'<p class="state">{escape(document.state_line)}</p>' if document.state_line else ""
    body = [
        f"<header><h1>{escape(document.title)}</h1>{state}</header>",
        writer.contents(),
        f"<main>{writer.body()}{writer.notes()}</main>",
        writer.sources(),
    ]
    return (
        f'<!doctype html>\n<html lang="{language.tag}" dir="{language.direction}">\n<head>\n'
        + "\n".join(head)
        + "\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def languages_of(document: Document) -> set[str]:
    """The languages that occur in a document."""
    marked = {b.mark.language for b in document.blocks if b.mark and b.mark.language}
    return {document.language, wording(document).tag, *marked}


def spoken(tag: str, page_tag: str) -> str:
    """Attributes of an element whose words are in another language than the page's."""
    if not tag or tag == page_tag:
        return ""
    language = languages.get(tag)
    return f' lang="{language.tag}" dir="{language.direction}"'


class _Writer:
    """Writes the parts of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._words: Wording = wording(document)
        self._own = spoken(self._words.tag, document.language)
        self._anchors = Anchors(document)
        self._notes = footnotes(document)
        self._referred: set[str] = set()

    # -- Parts of the page ---------------------------------------------------------------------

    def contents(self) -> str:
        """The headings as links, or nothing for a short document."""
        levels = _depths(self._document.blocks)
        found = [(b, d) for b, d in levels if d <= _CONTENTS_DEPTH]
        if len(found) < _FEWEST_FOR_CONTENTS:
            return ""
        out, depth = [], 0
        for block, level in found:
            if level > depth:
                out.append("<ol><li>" * (level - depth))
            else:
                out.append("</li></ol>" * (depth - level) + "</li><li>")
            depth = level
            out.append(f'<a href="#{self._anchors.of(block)}">{escape(words(block))}</a>')
        out.append("</li></ol>" * depth)
        title = f'<h2 id="mx-contents"{self._own}>{escape(self._words.contents)}</h2>'
        return f'<nav aria-labelledby="mx-contents">{title}{"".join(out)}</nav>'

    def body(self) -> str:
        """The text in sections."""
        depth_of = {id(block): depth for block, depth in _depths(self._document.blocks)}
        out: list[str] = []
        depth = 0
        for kind, blocks in runs(self._document.blocks):
            if kind is BlockKind.HEADING:
                for block in blocks:
                    level = depth_of[id(block)]
                    out.append("</section>" * max(0, depth - level + 1) + "<section>")
                    depth = level
                    out.append(self._heading(block, level))
            elif kind is BlockKind.ITEM:
                out.append(self._lists(blocks))
            elif kind is BlockKind.QUOTE:
                inner = "".join(self._passage(block, "p") for block in blocks)
                out.append(f"<blockquote>{inner}</blockquote>")
            else:
                out += [self._block(block) for block in blocks]
        out.append("</section>" * depth)
        return "\n".join(part for part in out if part)

    def notes(self) -> str:
        """The footnotes, each with a way back to its mark."""
        if not self._notes:
            return ""
        out = []
        for label, blocks in self._notes.items():
            parts = [self._inline(block.text, block) for block in blocks]
            if label in self._referred:
                said = escape(self._words.back % {"label": label})
                parts[-1] += (
                    f' <a href="#mx-ref-{_key(label)}" role="doc-backlink"{self._own}'
                    f' aria-label="{said}">↩</a>'
                )
            inner = "".join(
                f"<p{_language(block, self._document)}>{part}</p>{self._mark(block)}"
                for block, part in zip(blocks, parts, strict=True)
            )
            out.append(
                f'<li id="mx-note-{_key(label)}"><span class="count">{escape(label)}</span>'
                f"<div>{inner}</div></li>"
            )
        title = f'<h2 id="mx-notes"{self._own}>{escape(self._words.notes)}</h2>'
        return (
            f'<section class="notes" role="doc-endnotes" aria-labelledby="mx-notes">{title}'
            f'<ol class="own" role="list">{"".join(out)}</ol></section>'
        )

    def sources(self) -> str:
        """What the document says of where it comes from."""
        lines = "".join(f"<p>{escape(line)}</p>" for line in self._document.sources)
        return f"<footer>{lines}</footer>" if lines else ""

    # -- Blocks --------------------------------------------------------------------------------

    def _block(self, block: Block) -> str:
        if block.kind is BlockKind.VERBATIM:
            return f"<pre{self._id(block)}>{escape(block.text.text)}</pre>"
        if block.kind is BlockKind.FIGURE:
            return self._figure(block)
        if block.kind is BlockKind.TABLE:
            made = table(
                block,
                inline=lambda text: self._inline(text, block),
                attributes=self._id(block) + _language(block, self._document),
                name=self._words.table,
            )
            return f'<div class="passage">{made}{self._mark(block)}</div>'
        return self._passage(block, "p")

    def _heading(self, block: Block, depth: int) -> str:
        return self._passage(block, f"h{min(6, depth + 1)}")

    def _passage(self, block: Block, element: str) -> str:
        """An element with the words of a block, and its mark where it has one."""
        language = _language(block, self._document)
        inner = self._inline(block.text, block)
        made = f"<{element}{self._id(block)}{language}>{inner}</{element}>"
        if block.mark is None:
            return made
        return f'<div class="passage">{made}{self._mark(block)}</div>'

    def _figure(self, block: Block) -> str:
        picture = self._document.pictures.get(block.picture)
        address = data_address(picture) if picture else ""
        alt = escape(picture.alt) if picture else ""
        shown = f'<img src="{address}" alt="{alt}">' if address else f"<p>{alt}</p>"
        language = _language(block, self._document)
        caption = self._inline(block.text, block)
        if caption:
            caption = f"<figcaption{language}>{caption}</figcaption>"
        return f"<figure{self._id(block)}>{shown}{caption}{self._mark(block)}</figure>"

    def _lists(self, blocks: Sequence[Block]) -> str:
        """Items as nested lists."""
        out: list[str] = []
        at = 0
        while at < len(blocks):
            first = blocks[at]
            end = at + 1
            while end < len(blocks) and (
                blocks[end].level > first.level
                or (
                    blocks[end].level == first.level
                    and blocks[end].continued >= first.continued
                    and (
                        blocks[end].continued
                        or (blocks[end].ordered, bool(blocks[end].label))
                        == (first.ordered, bool(first.label))
                    )
                )
            ):
                end += 1
            out.append(self._list(blocks[at:end]))
            at = end
        return "".join(out)

    def _list(self, blocks: Sequence[Block]) -> str:
        """One list: blocks of the first one's level, deeper ones within."""
        first = blocks[0]
        if first.continued:
            # The rest of an item that something else, a table say, has parted.
            inner = "".join(
                self._passage(b, "p") if b.level == first.level else self._lists([b])
                for b in blocks
            )
            return f'<div class="rest">{inner}</div>'
        element = "ol" if first.ordered else "ul"
        own = ' class="own" role="list"' if first.label else ""
        start = f' start="{first.number}"' if first.ordered and first.number != 1 else ""
        out = [f"<{element}{own}{start}>"]
        expected = first.number
        at = 0
        while at < len(blocks):
            end = at + 1
            while end < len(blocks) and (blocks[end].level > first.level or blocks[end].continued):
                end += 1
            out.append(self._item(blocks[at:end], expected))
            expected = blocks[at].number + 1
            at = end
        out.append(f"</{element}>")
        return "".join(out)

    def _item(self, blocks: Sequence[Block], expected: int) -> str:
        first, rest = blocks[0], blocks[1:]
        value = f' value="{first.number}"' if first.ordered and first.number != expected else ""
        count = f'<span class="count">{escape(first.label)}</span>' if first.label else ""
        element = "p" if any(b.continued and b.level == first.level for b in rest) else "span"
        plain_span = element == "span" and first.mark is None
        language = _language(first, self._document)
        inner = self._inline(first.text, first)
        if not plain_span or language:
            inner = f"<{element}{language}>{inner}</{element}>"
        inner += self._mark(first)
        at = 0
        while at < len(rest):
            end = at + 1
            if rest[at].level == first.level:
                inner += self._passage(rest[at], "p")
            else:
                while end < len(rest) and rest[end].level > first.level:
                    end += 1
                inner += self._lists(rest[at:end])
            at = end
        inner = f"{count}<div>{inner}</div>" if count else inner
        return f"<li{self._id(first)}{value}>{inner}</li>"

    def _mark(self, block: Block) -> str:
        if block.mark is None:
            return ""
        state = re.sub(r"[^a-z]", "", block.mark.state)
        signed = sign(block.mark.state)
        signed = f'<span aria-hidden="true">{signed}</span> ' if signed else ""
        return f'<small class="mark mark-{state}">{signed}{escape(block.mark.words)}</small>'

    def _id(self, block: Block) -> str:
        anchor = self._anchors.of(block)
        return f' id="{escape(anchor)}"' if anchor else ""

    # -- Words ---------------------------------------------------------------------------------

    def _inline(self, text: Text, block: Block) -> str:
        """The words of a text in HTML; ``block`` says which language they are in."""
        own = block.mark.language if block.mark and block.mark.language else self._document.language
        return self._nodes(from_text(text), rtl=languages.get(own).rtl)

    def _nodes(self, nodes: Sequence[Node], *, rtl: bool) -> str:
        if not rtl:
            return "".join(self._node(node, rtl=False) for node in nodes)
        out = []
        for isolated, part in bidi.parts(nodes):
            made = "".join(self._node(node, rtl=not isolated) for node in part)
            out.append(f'<bdi dir="ltr">{made}</bdi>' if isolated else made)
        return "".join(out)

    def _node(self, node: Node, *, rtl: bool) -> str:
        if isinstance(node, str):
            return escape(node)
        if isinstance(node, Point):
            return self._point(node)
        inner = self._nodes(node.children, rtl=rtl)
        if node.kind is InlineKind.LINK:
            return self._link(node.target, inner)
        element = ELEMENTS[node.kind]
        return f"<{element}>{inner}</{element}>"

    def _link(self, target: str, inner: str) -> str:
        if target.startswith("#"):
            known = self._anchors.has(target[1:])
            return f'<a href="{escape(target)}">{inner}</a>' if known else inner
        if not safe_link(target):
            return inner
        return f'<a href="{escape(target)}" rel="noopener noreferrer">{inner}</a>'

    def _point(self, node: Point) -> str:
        if node.kind is InlineKind.LINE_BREAK:
            return "<br>"
        if node.kind is InlineKind.PICTURE:
            picture = self._document.pictures.get(node.target)
            address = data_address(picture) if picture else ""
            alt = escape(picture.alt) if picture else ""
            return f'<img class="within" src="{address}" alt="{alt}">' if address else alt
        label = node.target
        if label not in self._notes:
            return f"<sup>{escape(label)}</sup>"
        # Only the first mark of a note can be the one its way back leads to.
        identifier = "" if label in self._referred else f' id="mx-ref-{_key(label)}"'
        self._referred.add(label)
        said = escape(self._words.note % {"label": label})
        return (
            f'<sup><a href="#mx-note-{_key(label)}"{identifier} role="doc-noteref"'
            f' aria-label="{said}">{escape(label)}</a></sup>'
        )


def _depths(blocks: Sequence[Block]) -> list[tuple[Block, int]]:
    """The headings with their depth of nesting from 1: documents skip levels, pages may not."""
    out: list[tuple[Block, int]] = []
    above: list[int] = []
    for block in blocks:
        if block.kind is BlockKind.HEADING:
            while above and above[-1] >= block.level:
                above.pop()
            above.append(block.level)
            out.append((block, len(above)))
    return out


def _language(block: Block, document: Document) -> str:
    return spoken(block.mark.language, document.language) if block.mark else ""


def _key(label: str) -> str:
    """A footnote's label as part of an identifier."""
    return re.sub(r"[^\w-]", lambda found: f"-{ord(found[0]):x}", label)
