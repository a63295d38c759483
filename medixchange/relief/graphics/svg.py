"""The little that our pictures need of SVG: elements, a frame, numbers, and lines of text."""

import unicodedata
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: Width of every picture, in user units: what a phone of 360 px leaves.
WIDTH = 328
#: Height of a line of text, and the width of a letter, on average, at the size of 13.
LINE = 16
LETTER = 7.0


def element(name: str, *inner: str, **attributes: str | float | None) -> SafeString:
    """One element. ``class_`` is ``class``, ``text_anchor`` is ``text-anchor``; None is left out.

    Text and attributes are escaped; ``name`` is ours.
    """
    written = format_html_join(
        "",
        ' {}="{}"',
        (
            (key.rstrip("_").replace("_", "-"), value if isinstance(value, str) else short(value))
            for key, value in attributes.items()
            if value is not None
        ),
    )
    if not inner:
        return format_html("<{}{}/>", name, written)
    return format_html("<{}{}>{}</{}>", name, written, together(inner), name)


def together(parts: Iterable[str]) -> SafeString:
    """Parts one after the other; what is no markup is escaped."""
    return format_html_join("", "{}", ((part,) for part in parts))


def short(number: float) -> str:
    """A coordinate with one decimal at most."""
    text = f"{number:.1f}"
    return text.removesuffix(".0")


def picture(
    name: str, height: float, title: str, description: str, parts: Iterable[str]
) -> SafeString:
    """A whole picture, read out as its title and description.

    Args:
        name: unlike that of any other picture of the page; also the class of the picture.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *parts,
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        viewBox=f"0 0 {WIDTH} {short(height)}",
        class_=f"picture {name}",
    )


def breadth(text: str) -> float:
    """How wide a text is at the size of 13, nearly: East Asian letters are twice as wide."""
    return sum(_wide(letter) for letter in text)


def _wide(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    return LETTER * (1.9 if unicodedata.east_asian_width(letter) in "WF" else 1)


def wrap(text: str, room: float, most: int = 2) -> list[str]:
    """A text in lines no wider than ``room``, at most so many; what is too long ends in “…”.

    Words stay whole where they fit a line; scripts that part their words by nothing are cut.
    """
    lines: list[str] = []
    for piece in _pieces(text, room):
        if lines and breadth(lines[-1] + piece) <= room:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    if len(lines) > most:
        last = lines[most - 1]
        last = last[: _fitting(last, room - breadth("…"))]
        lines = [*lines[: most - 1], last.rstrip() + "…"]
    return [line.rstrip() for line in lines] or [""]


def _pieces(text: str, room: float) -> Iterable[str]:
    """Words, each with the space before it, and cut where one fits no line."""
    for number, word in enumerate(text.split()):
        piece = word if number == 0 else f" {word}"
        while breadth(piece) > room:
            cut = max(1, _fitting(piece, room))
            yield piece[:cut]
            piece = piece[cut:]
        yield piece


def _fitting(text: str, room: float) -> int:
    """How many letters of a text fit; accents stay with their letters."""
    for at, letter in enumerate(text):
        room -= _wide(letter)
        if room < 0:
            return at
    return len(text)


def label(x: float, y: float, lines: list[str], **attributes: str | float | None) -> SafeString:
    """Lines of text under each other; ``y`` is the baseline of the first."""
    if len(lines) == 1:
        return element("text", lines[0], x=x, y=y, **attributes)
    return element(
        "text",
        *(element("tspan", line, x=x, y=y + number * LINE) for number, line in enumerate(lines)),
        **attributes,
    )
