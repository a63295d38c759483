"""HTML in cells: breaks part lines, plain formatting is taken off, anything else is refused."""

import html
import re
from dataclasses import dataclass
from html.parser import HTMLParser

_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "td"})
_PLAIN = frozenset({"b", "i", "em", "strong", "u", "span", "small", "font", "sub", "sup"})
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<!\[CDATA\[|<\?")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a cell. ``marked`` tells that it carried markup; ``unsafe`` names a tag that a
    cell has no use for."""

    lines: tuple[str, ...]
    marked: bool
    unsafe: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.unsafe = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.text.append("\n")
        elif tag not in _PLAIN or any(name.startswith("on") for name, _value in attrs):
            self.unsafe = self.unsafe or tag

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self.text.append("\n")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.unsafe = self.unsafe or "!--"

    def handle_decl(self, decl: str) -> None:
        self.unsafe = self.unsafe or "!"

    def unknown_decl(self, data: str) -> None:
        self.unsafe = self.unsafe or "!"

    def handle_pi(self, data: str) -> None:
        self.unsafe = self.unsafe or "?"


def lines(text: str) -> Lines:
    """The lines of a cell's text, each without outer or double spaces; empty ones are dropped."""
    if _ANY_TAG.search(text):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        found, marked, unsafe = "".join(reader.text), True, reader.unsafe
    else:
        found, unsafe = html.unescape(text), ""
        marked = _ENTITY.search(text) is not None and found != text
    parts = (" ".join(part.split()) for part in re.split(r"[\r\n]+", found))
    return Lines(tuple(part for part in parts if part), marked, unsafe)
