"""Markdown that GitHub shows well and that ``reading`` reads back as the same blocks."""

import re
from collections.abc import Iterator, Sequence

from medixchange.guidelines.documents.model import Block, BlockKind, Document
from medixchange.guidelines.documents.tree import from_text
from medixchange.guidelines.documents.writing.grids import head_rows, unmerged
from medixchange.guidelines.documents.writing.markdown_inline import Inlines, escaped
from medixchange.guidelines.documents.writing.parts import (
    data_address,
    footnotes,
    media_type,
    noted,
    runs,
    sign,
)

_PLAIN_COUNTER = re.compile(r"(?:\d{1,9}|[a-zA-Z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})[.)]|\(\d{1,9}\)")
#: Between two lists that would otherwise become one; shown by no reader of Markdown.
_PARTED = "<!-- -->"


def to_markdown(document: Document, *, within: bool = False) -> str:
    """The document in Markdown.

    Carried: headings, paragraphs, quotes, nested and numbered lists, tables, figures, footnotes,
    verbatim text, and all inline markup. Markdown has no merged cells (what such a cell says is
    repeated in each place it covers), no header columns, and no more than six levels of headings,
    of which the title takes the first. Marks stand after a passage as *[✓ words]*.

    Args:
        document: what to write.
        within: put pictures into the text as ``data:`` addresses; otherwise they are named as in
            ``markdown_pictures`` and must lie beside the file.
    """
    return _Writer(document, within).written()


def markdown_pictures(document: Document) -> dict[str, bytes]:
    """The files that ``to_markdown`` expects beside the text: content by name."""
    names = _names(document)
    return {names[key]: document.pictures[key].content for key in names}


def _names(document: Document) -> dict[str, str]:
    """A file name for each picture that can be written, unique and harmless."""
    names: dict[str, str] = {}
    for number, (key, picture) in enumerate(document.pictures.items(), 1):
        ending = media_type(picture).removeprefix("image/").replace("jpeg", "jpg")
        if ending:
            name = re.sub(r"[^A-Za-z0-9-]+", "-", picture.name.rpartition(".")[0]).strip("-")
            name = f"{name or 'picture'}.{ending}"
            taken = name in names.values()
            names[key] = f"picture-{number}-{len(names)}.{ending}" if taken else name
    return names


class _Writer:
    def __init__(self, document: Document, within: bool) -> None:
        self._document = document
        self._notes = footnotes(document)
        addresses = _names(document)
        if within:
            addresses = {key: data_address(document.pictures[key]) for key in addresses}
        self._addresses = addresses
        self._inlines = Inlines(document, addresses, set(self._notes))

    def written(self) -> str:
        """The whole text."""
        parts = [f"# {escaped(self._document.title, heading=True)}"]
        if self._document.state_line:
            parts.append(f"*{escaped(self._document.state_line)}*")
        for kind, blocks in runs(self._document.blocks):
            if kind is BlockKind.ITEM:
                parts += self._lists(blocks)
            elif kind is BlockKind.QUOTE:
                parts.append(
                    "\n>\n".join(_prefixed(self._words(block), "> ", "> ") for block in blocks)
                )
            else:
                parts += [part for block in blocks for part in self._block(block)]
        parts += self._footnotes()
        if self._document.sources:
            parts += ["***", *(escaped(line) for line in self._document.sources)]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _block(self, block: Block) -> Iterator[str]:
        if block.kind is BlockKind.HEADING:
            anchor = f" {{#{block.anchor}}}" if block.anchor else ""
            text = self._inlines.written(from_text(block.text), heading=True)
            yield f"{'#' * min(6, block.level + 1)} {text}{anchor}"
            yield self._mark(block)
        elif block.kind is BlockKind.VERBATIM:
            yield _fenced(block.text.text)
        elif block.kind is BlockKind.FIGURE:
            yield self._figure(block)
            yield self._mark(block)
        elif block.kind is BlockKind.TABLE:
            yield from self._table(block)
            yield self._mark(block)
        else:
            yield self._words(block)

    def _words(self, block: Block) -> str:
        """A block's words with its mark after them."""
        text = self._anchor(block) + self._inlines.written(from_text(block.text))
        mark = self._mark(block)
        return f"{text} {mark}" if text and mark else text or mark

    @staticmethod
    def _anchor(block: Block) -> str:
        return f'<span id="{block.anchor}"></span>' if block.anchor else ""

    @staticmethod
    def _mark(block: Block) -> str:
        if block.mark is None:
            return ""
        said = f"{sign(block.mark.state)} {block.mark.words}".strip()
        return f"*\\[{escaped(said)}\\]*"

    def _figure(self, block: Block) -> str:
        caption = self._inlines.written(from_text(block.text), cell=True)
        address = self._addresses.get(block.picture)
        picture = self._document.pictures.get(block.picture)
        if address is None or picture is None:
            alt = escaped(picture.alt) if picture else ""
            return "\n\n".join(filter(None, (alt, caption)))
        attributes = f"#{block.anchor} " if block.anchor else ""
        if picture.alt:
            said = picture.alt.replace("\\", "\\\\").replace('"', '\\"')
            attributes += f'alt="{said}"'
        attributes = f"{{{attributes.strip()}}}" if attributes else ""
        return f"![{caption}]({address}){attributes}"

    def _table(self, block: Block) -> Iterator[str]:
        grid = unmerged(block.rows)
        if not grid:
            return
        lines = [
            [self._inlines.written(from_text(cell.text), cell=True, again=not first)
             for cell, first in row]
            for row in grid
        ]  # fmt: skip
        head = lines.pop(0) if head_rows(block.rows) else ["" for _cell in lines[0]]
        drawn = [head, ["---" for _cell in head], *lines]
        caption = self._anchor(block) + self._inlines.written(from_text(block.text), cell=True)
        yield "\n".join(f"| {' | '.join(line)} |" for line in drawn)
        if caption:
            yield f": {caption}"

    def _footnotes(self) -> Iterator[str]:
        marked = noted(self._document)
        for label, blocks in self._notes.items():
            texts = [self._words(block) for block in blocks]
            if label in marked:
                first = _prefixed(texts[0], f"[^{self._inlines.label(label)}]: ", "    ")
                yield "\n\n".join([first, *(_prefixed(text, "    ", "    ") for text in texts[1:])])
            else:
                # No reader shows a note that nothing refers to.
                yield f"\\[{escaped(label)}\\] {' '.join(texts)}"

    # -- Lists ---------------------------------------------------------------------------------

    def _lists(self, blocks: Sequence[Block]) -> list[str]:
        """Items as lists, one after the other, parted where they would run together."""
        out: list[str] = []
        for part in _apart(blocks):
            made = self._list(part)
            if out:
                out.append(_PARTED)
            out.append(made)
        return out

    def _list(self, blocks: Sequence[Block]) -> str:
        """Items of one list: those of the first one's level, with what is within them."""
        items: list[str] = []
        loose = any(block.continued for block in blocks)
        for entry in _entries(blocks):
            first = entry[0]
            counter = _counter(first)
            indent = " " * len(counter)
            parts = [self._words(first)]
            rest = entry[1:]
            for level, group in _within(rest, first.level):
                parts += [self._words(b) for b in group] if level else self._lists(group)
            glue = "\n\n" if loose or len(parts) > 2 else "\n"
            body = glue.join(parts)
            items.append(_prefixed(body, counter, indent))
        return ("\n\n" if loose else "\n").join(items)


def _counter(block: Block) -> str:
    if not block.ordered:
        return "- "
    label = block.label if _PLAIN_COUNTER.fullmatch(block.label) else f"{max(block.number, 0)}."
    # "A. " may begin a name; two spaces say it is a list.
    return f"{label}  " if re.match(r"[A-Z]\.", label) else f"{label} "


def _entries(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """An item of the first one's level and all that belongs to it."""
    entry: list[Block] = []
    for block in blocks:
        if entry and block.level <= blocks[0].level and not block.continued:
            yield entry
            entry = []
        entry.append(block)
    if entry:
        yield entry


def _within(blocks: Sequence[Block], level: int) -> Iterator[tuple[bool, list[Block]]]:
    """Further paragraphs of an item (true) and lists within it (false), in order."""
    group: list[Block] = []
    own = True
    for block in blocks:
        mine = block.level <= level
        if group and mine is not own:
            yield own, group
            group = []
        own = mine
        group.append(block)
    if group:
        yield own, group


def _apart(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The lists that a run of items is: a new one where kind or counting begins anew."""
    part: list[Block] = []
    last: Block | None = None
    for block in blocks:
        outer = bool(part) and block.level < part[0].level
        peer = bool(part) and block.level == part[0].level and not block.continued
        if outer or (peer and last is not None and not _follows(last, block)):
            yield part
            part = []
        if not part or peer or outer:
            last = block
        part.append(block)
    if part:
        yield part


def _follows(last: Block, block: Block) -> bool:
    """Whether an item goes on with the list of the one before."""
    if last.ordered is not block.ordered or bool(last.label) is not bool(block.label):
        return False
    return not block.ordered or block.number == last.number + 1


def _prefixed(text: str, first: str, rest: str) -> str:
    """Text with a sign before its first line and white space before the others."""
    lines = text.split("\n")
    return "\n".join(
        [first + lines[0], *(rest.rstrip() + "" if not line else rest + line for line in lines[1:])]
    )


def _fenced(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text}\n{fence}"
