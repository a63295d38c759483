"""HXL hashtags (Humanitarian Exchange Language 1.1, https://hxlstandard.org).

A hashtag row names what each column holds: ``#affected+f`` is a tag with an attribute.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = r"[A-Za-z][A-Za-z0-9_]*"  # noqa: S105 - a word of the grammar
_TAG = re.compile(rf"#({_TOKEN})((?:\s*\+\s*{_TOKEN})*)")
_UNMARKED = re.compile(rf"({_TOKEN})((?:\s*\+\s*{_TOKEN})+)?")
#: At least this share of a row's filled cells are hashtags: one forgotten # does not lose the row.
ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A tag, with its attributes in the order written. Both are in small letters."""

    tag: str
    attributes: tuple[str, ...] = ()

    def serves(self, wanted: "Hashtag") -> bool:
        """Whether a column with this hashtag holds what is wanted: the same tag, with at least
        the attributes asked for."""
        return self.tag == wanted.tag and set(wanted.attributes) <= set(self.attributes)

    def __str__(self) -> str:
        return "#" + "+".join((self.tag, *self.attributes))


def parse(text: str) -> Hashtag | None:
    """The hashtag a cell holds, or ``None``."""
    found = _TAG.fullmatch(text.strip())
    if found is None:
        return None
    attributes = re.findall(_TOKEN, found.group(2))
    return Hashtag(found.group(1).lower(), tuple(word.lower() for word in attributes))


def row(cells: Sequence[str]) -> list[Hashtag | None] | None:
    """The hashtags of a row, ``None`` for cells that hold none; or ``None`` where the row is not
    a row of hashtags."""
    found = [parse(cell) for cell in cells]
    filled = sum(1 for cell in cells if cell.strip())
    tagged = sum(1 for tag in found if tag is not None)
    return found if tagged and tagged >= filled * ENOUGH else None


def forgot_the_mark(cells: Sequence[str]) -> bool:
    """Whether a row looks like hashtags without their #: words joined by +, and nothing else."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    found = [_UNMARKED.fullmatch(cell) for cell in filled]
    joined = sum(1 for match in found if match is not None and match.group(2))
    return joined >= 2 and all(found)
