"""Words with inline markup in Markdown: asterisks where every reader agrees on them, else HTML."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence

from medixchange.guidelines.documents.model import Document, InlineKind
from medixchange.guidelines.documents.tree import Node, Pair, Point
from medixchange.guidelines.documents.writing.parts import safe_link

_SIGNS = {InlineKind.STRONG: "**", InlineKind.EMPHASIS: "*", InlineKind.STRIKE: "~~"}
_ELEMENTS = {
    InlineKind.STRONG: "strong",
    InlineKind.EMPHASIS: "em",
    InlineKind.STRIKE: "s",
    InlineKind.SUPERSCRIPT: "sup",
    InlineKind.SUBSCRIPT: "sub",
    InlineKind.CODE: "code",
}
#: Signs that mean something to Markdown wherever they stand.
_ALWAYS = re.compile(r"[\\`*_\[\]<>|~^${]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
#: What counts the items of a list.
_COUNTER = r"(?:\d{1,9}|[A-Za-z]|[ivxlcdm]{1,9}|[IVXLCDM]{1,9})"
#: What begins a list, heading, definition, caption, rule or underline at the start of a line.
_LINE_START = re.compile(
    rf"""(?P<before>\(?{_COUNTER}(?=[.)](?:\s|\Z))|[Tt]able(?=:)|)(?P<sign>[#+\-=:%.()])""",
    re.VERBOSE,
)


def escaped(text: str, *, heading: bool = False) -> str:
    """Words at the start of a line as Markdown takes them for words."""
    return _start(_inner(text, heading=heading))


def _inner(text: str, *, heading: bool = False) -> str:
    text = _ENTITY.sub(r"\\&", _ALWAYS.sub(lambda found: f"\\{found[0]}", text))
    return text.replace("#", "\\#") if heading else text


def _start(text: str) -> str:
    """The first sign of a line kept from having a meaning."""
    found = _LINE_START.match(text)
    if not found or text.startswith("\\"):
        return text
    if found["sign"] in ".)" and not found["before"]:
        return text
    at = found.start("sign")
    if found["sign"] == "(" and not re.match(rf"\({_COUNTER}\)", text):
        return text
    return f"{text[:at]}\\{text[at:]}"


class Inlines:
    """Writes words of one document.

    Args:
        document: whose pictures' text alternatives are used.
        addresses: the address of each picture that can be written, by its key.
        notes: the labels of footnotes that there are.
    """

    def __init__(
        self, document: Document, addresses: Mapping[str, str], notes: Collection[str]
    ) -> None:
        self._document = document
        self._addresses = addresses
        self._notes = notes
        self._heading = self._cell = self._again = False

    def written(
        self,
        nodes: Sequence[Node],
        *,
        heading: bool = False,
        cell: bool = False,
        again: bool = False,
    ) -> str:
        """The nodes in Markdown.

        Args:
            nodes: words and markup.
            heading: they are a heading.
            cell: they stand within a line: a table's cell, a caption.
            again: they are the repetition of a merged cell, without its footnote marks.
        """
        self._heading, self._cell, self._again = heading, cell or heading, again
        return self._nodes(nodes, "", frozenset())

    @staticmethod
    def label(label: str) -> str:
        """A footnote's label as Markdown can have it."""
        return re.sub(r"[^\w-]", lambda found: f"u{ord(found[0]):x}", label)

    def _nodes(self, nodes: Sequence[Node], before: str, within: frozenset[InlineKind]) -> str:
        """``before``: what was written so far, of which the last sign matters."""
        out = before
        for at, node in enumerate(nodes):
            if isinstance(node, str):
                out += self._words(node, out, last=at == len(nodes) - 1 and not within)
            elif isinstance(node, Point):
                out += self._point(node)
            else:
                out += self._pair(node, out, _first_sign(nodes[at + 1 :]), within)
        return out[len(before) :]

    def _words(self, text: str, before: str, *, last: bool) -> str:
        made = _inner(text, heading=self._heading)
        if not before or before.endswith("\\\n"):
            made = _start(made)
        if made[:1] in ("(", ":") and before.endswith("]"):
            made = f"\\{made}"
        if made.endswith("!") and not last:
            made = f"{made[:-1]}\\!"
        return made

    def _point(self, node: Point) -> str:
        if node.kind is InlineKind.LINE_BREAK:
            return "<br>" if self._cell else "\\\n"
        if node.kind is InlineKind.FOOTNOTE_MARK:
            if self._again:
                return ""
            if node.target in self._notes:
                return f"[^{self.label(node.target)}]"
            return f"<sup>{_inner(node.target)}</sup>"
        picture = self._document.pictures.get(node.target)
        alt = _inner(picture.alt) if picture else ""
        address = self._addresses.get(node.target)
        return f"![{alt}]({address})" if address else alt

    def _pair(self, node: Pair, before: str, after: str, within: frozenset[InlineKind]) -> str:
        if node.kind is InlineKind.CODE and all(isinstance(each, str) for each in node.children):
            code = "".join(each for each in node.children if isinstance(each, str))
            return _code(code)
        if node.kind is InlineKind.LINK:
            return self._link(node, within)
        inner = self._nodes(node.children, "x", within | {node.kind})
        signs = _SIGNS.get(node.kind)
        if signs and _agreed(node, signs, inner, before, after, within):
            return f"{signs}{inner}{signs}"
        element = _ELEMENTS[node.kind]
        return f"<{element}>{inner}</{element}>"

    def _link(self, node: Pair, within: frozenset[InlineKind]) -> str:
        inner = self._nodes(node.children, "x", within | {node.kind})
        if not node.target.startswith("#") and not safe_link(node.target):
            return inner
        address = re.sub(r"[\\<> ]", lambda sign: f"%{ord(sign[0]):02X}", node.target)
        address = address.replace("&", "&amp;")
        if "(" in address or ")" in address:
            address = f"<{address}>"
        return f"[{inner}]({address})"


def _agreed(
    node: Pair, signs: str, inner: str, before: str, after: str, within: frozenset[InlineKind]
) -> bool:
    """Whether all readers of Markdown take these signs for what they are meant to be.

    CommonMark's rules on what signs may stand beside (https://spec.commonmark.org/0.31.2/#emphasis-
    and-strong-emphasis), and no signs next to others of their kind.
    """
    if within & set(_SIGNS) or any(
        isinstance(child, Pair) and child.kind in _SIGNS for child in node.children
    ):
        return False
    first, last = inner[:1], inner[-1:]
    previous = before[-1:]
    if not first or first.isspace() or last.isspace() or previous in ("*", "~", "_"):
        return False
    if after in ("*", "~"):
        return False
    if node.kind is InlineKind.EMPHASIS and previous.isdigit() and after.isdigit():
        return False
    opens = not _is_sign(first) or not previous or previous.isspace() or _is_sign(previous)
    closes = not _is_sign(last) or not after or after.isspace() or _is_sign(after)
    return opens and closes


def _is_sign(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def _first_sign(nodes: Sequence[Node]) -> str:
    """The first character that the next node is written with."""
    if not nodes:
        return ""
    node = nodes[0]
    if isinstance(node, str):
        return node[:1]
    if isinstance(node, Pair):
        return {**_SIGNS, InlineKind.LINK: "[", InlineKind.CODE: "`"}.get(node.kind, "<")[0]
    return "["


def _code(text: str) -> str:
    if "|" in text or not text.strip() or text != text.strip():
        # A table would be cut at the bar, even within code.
        return f"<code>{_inner(text)}</code>"
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{space}{text}{space}{fence}"
