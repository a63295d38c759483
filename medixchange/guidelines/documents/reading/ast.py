"""Walking pandoc's tree."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from medixchange.guidelines.documents.reading.markers import marker
from medixchange.guidelines.documents.reading.pandoc import Json


def counted(kind: str, content: Json) -> Iterator[tuple[str, list[Json]]]:
    """The items of a list, each with its counter where that is not a plain number."""
    if kind == "BulletList":
        yield from (("", blocks) for blocks in content)
        return
    (start, style, delimiter), items = content
    for number, blocks in enumerate(items, start):
        yield marker(number, style["t"], delimiter["t"]), blocks


def marked(kind: str, content: Json) -> Iterator[tuple[str, list[Json]]]:
    """The items of a list, each with its sign as a line of text has it."""
    for number, (label, blocks) in enumerate(counted(kind, content)):
        if kind == "BulletList":
            yield "•", blocks
        else:
            yield label or f"{content[0][0] + number}.", blocks


def raw_together(blocks: Sequence[Json]) -> list[Json]:
    """Neighbouring raw HTML as one piece: a table may come in several."""
    out: list[Json] = []
    for is_html, group in groupby(blocks, key=_is_raw_html):
        if is_html:
            joined = "\n".join(node["c"][1] for node in group)
            out.append({"t": "RawBlock", "c": ["html", joined]})
        else:
            out += group
    return out


def _is_raw_html(node: Json) -> bool:
    return bool(node["t"] == "RawBlock" and node["c"][0] == "html")


def images(tree: Json) -> Iterator[Json]:
    """The images in a tree."""
    for node in walk(tree):
        if node["t"] == "Image":
            yield node


#: Where the attributes stand in the content of nodes that have them.
_ATTRIBUTES = {
    "Header": 1, "Span": 0, "Div": 0, "Link": 0, "Image": 0, "Figure": 0, "Table": 0,
    "CodeBlock": 0,
}  # fmt: skip


def identifier_of(node: Json) -> str:
    """The identifier that the source gave a node, or nothing."""
    at = _ATTRIBUTES.get(node["t"])
    return str(node["c"][at][0]) if at is not None else ""


def walk(tree: Json) -> Iterator[Json]:
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


#: Inline nodes whose content is inline nodes.
_CONTAINERS = frozenset(
    {"Strong", "Emph", "Underline", "Superscript", "Subscript", "Strikeout", "SmallCaps"}
)


def bare(inlines: Iterable[Json]) -> list[str]:
    """The words of inline nodes, spaces as spaces."""
    out: list[str] = []
    for node in inlines:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            out.append(content)
        elif kind in ("Space", "SoftBreak", "LineBreak"):
            out.append(" ")
        elif kind in _CONTAINERS:
            out += bare(content)
        elif kind in ("Code", "Math"):
            out.append(content[1])
        elif kind in ("Link", "Image", "Span", "Quoted", "Cite"):
            out += bare(content[1])
    return out
