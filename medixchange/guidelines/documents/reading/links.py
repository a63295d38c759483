"""Links within a document: which identifiers there are, and which blocks they lead to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from medixchange.guidelines.documents.model import Block, BlockKind, Inline, InlineKind, Text
from medixchange.guidelines.documents.reading.ast import bare, identifier_of, walk
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.tree import Node, Pair, from_text, merged, tidy, to_text
from medixchange.translation.inline import plain


class Anchors:
    """The identifiers of one document, given to its blocks as they come.

    Headings may be linked to by what programs make of their words, too.
    """

    def __init__(self) -> None:
        #: Identifiers of the source, with the anchor of the block they are in.
        self._known: dict[str, str] = {}
        self._slugs: dict[str, str] = {}
        self._linked: set[str] = set()
        #: The same in lower case, as headings are linked to by their words.
        self._linked_to: set[str] = set()
        self._taken: set[str] = {""}

    def expect(self, blocks: Sequence[Json]) -> None:
        """Note the identifiers and links in these blocks of pandoc's before they are read."""
        for node in walk(blocks):
            if identifier := identifier_of(node):
                self._known.setdefault(identifier, "")
            if node["t"] == "Header":
                for slug in _slugs("".join(bare(node["c"][2]))):
                    self._slugs.setdefault(slug, "")
            elif node["t"] == "Link" and node["c"][2][0].startswith("#"):
                self._linked.add(node["c"][2][0][1:])
                self._linked_to.add(node["c"][2][0][1:].lower())

    def known(self, identifier: str) -> bool:
        """Whether a link to this identifier leads anywhere."""
        return identifier in self._known or identifier.lower() in self._slugs

    def given(self, block: Block, found: Sequence[str]) -> Block:
        """The block with an anchor, where one of the identifiers found in it is wanted."""
        # Word marks every place it has been to with a name that begins with "_".
        wanted = [each for each in found if each in self._linked or each[0] != "_"]
        slugs: list[str] = []
        if block.kind is BlockKind.HEADING:
            slugs = [each for each in _slugs(plain(block.text.text)) if not self._slugs.get(each)]
            wanted += [each for each in slugs if each in self._linked_to]
        anchor = next((a for a in map(_as_anchor, wanted) if a not in self._taken), "")
        self._taken.add(anchor)
        for each in found:
            if not self._known.get(each):
                self._known[each] = anchor
        for slug in slugs:
            self._slugs[slug] = anchor
        return replace(block, anchor=anchor)

    def led(self, block: Block) -> Block:
        """The block with its links leading to anchors that blocks really have."""
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

    def _canonical(self, identifier: str) -> str:
        return self._known.get(identifier) or self._slugs.get(identifier.lower(), "")


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


def _slugs(words: str) -> list[str]:
    """What programs call a heading in links: GitHub's way, and pandoc's without leading signs."""
    slug = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
    dotted = re.sub(r"[^\w\-. ]", "", words.lower()).strip()
    dotted = re.sub(r"^[^a-z\u0080-\uffff]+", "", re.sub(r"\s+", "-", dotted))
    return [each for each in dict.fromkeys((slug, dotted)) if each]


def _as_anchor(identifier: str) -> str:
    """An identifier that is one in HTML, Markdown and PDF."""
    return re.sub(r"[^\w.:-]+", "-", identifier)[:100]
