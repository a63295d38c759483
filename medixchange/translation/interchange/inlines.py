"""TMX's inline elements as numbered tags, with the same numbers on both sides."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Collected:
    """The text of one ``seg`` as it is read: runs of text, and marks with what pairs them."""

    parts: list[str | tuple[str, str]] = field(default_factory=list)
    length: int = 0
    _seen: Counter[str] = field(default_factory=Counter)
    _open: dict[str, str] = field(default_factory=dict)
    _highlights: list[str] = field(default_factory=list)

    def text(self, content: str) -> None:
        """Add characters."""
        self.parts.append(content)
        self.length += len(content)

    def begin(self, element: str, x: str, i: str) -> None:
        """An inline element begins: ``bpt``, ``ept``, ``ph``, ``it``, ``ut`` or ``hi``."""
        if element == "bpt":
            key = self._key("pair", x)
            self._open[i] = key
            self.parts.append(("open", key))
        elif element == "ept":
            # A closing without opening stands for nothing; the tags check will say so.
            if i in self._open:
                self.parts.append(("close", self._open.pop(i)))
        elif element == "hi":
            key = self._key("pair", x)
            self._highlights.append(key)
            self.parts.append(("open", key))
        else:
            self.parts.append(("point", self._key("point", x)))

    def end(self, element: str) -> None:
        """An inline element ends."""
        if element == "hi" and self._highlights:
            self.parts.append(("close", self._highlights.pop()))

    def _key(self, kind: str, x: str) -> str:
        """What names the mark on both sides: its ``x``, else its place among its kind."""
        if x:
            return f"{kind}:x{x}"
        self._seen[kind] += 1
        return f"{kind}:{self._seen[kind]}"


def numbered(source: Collected, target: Collected) -> tuple[str, str]:
    """Both texts with numbered tags: from 1 in the source's order, the same in the target."""
    numbers: dict[str, int] = {}
    return _written(source, numbers), _written(target, numbers)


def _written(side: Collected, numbers: dict[str, int]) -> str:
    out = []
    for part in side.parts:
        if isinstance(part, str):
            out.append(part)
            continue
        kind, key = part
        number = numbers.setdefault(key, len(numbers) + 1)
        out.append({"open": f"<g{number}>", "close": f"</g{number}>"}.get(kind, f"<x{number}/>"))
    # A pair left open would swallow what follows: leave its opening out.
    closed = {part[1] for part in side.parts if not isinstance(part, str) and part[0] == "close"}
    for part in side.parts:
        if not isinstance(part, str) and part[0] == "open" and part[1] not in closed:
            out = [text for text in out if text != f"<g{numbers[part[1]]}>"]
    return "".join(out)
