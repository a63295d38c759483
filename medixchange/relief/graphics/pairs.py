"""Who gave and where it went: bands from donors on one side to countries on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from medixchange.relief.graphics import svg

#: Height of all bands together where they are as thick as can be.
_TALLEST = 170.0
_BAR = 8.0
_GAP = 10.0
_ROOM = 146.0


@dataclass(frozen=True, slots=True)
class End:
    """A giver or a country: ``key`` is what the bands name it by."""

    key: str
    name: str
    text: str


def draw(
    givers: Sequence[End],
    takers: Sequence[End],
    bands: Mapping[tuple[str, str], int],
    *,
    title: str,
    description: str,
    mirrored: bool,
) -> SafeString:
    """The picture of what went from whom to where.

    Args:
        bands: quantities above zero, by the keys of both ends, one unit for all of them.
    """
    scale = _TALLEST / max(1, sum(bands.values()))
    left = _slots(givers, [sum(q for (a, _b), q in bands.items() if a == e.key) for e in givers])
    right = _slots(takers, [sum(q for (_a, b), q in bands.items() if b == e.key) for e in takers])
    begins = {end.key: _middle(slot, slot.total * scale) for end, slot in left}
    ends = {end.key: _middle(slot, slot.total * scale) for end, slot in right}
    parts: list[SafeString] = []

    def x(at: float) -> float:
        return svg.WIDTH - at if mirrored else at

    for giver, _slot in left:
        for taker, _slot in right:
            quantity = bands.get((giver.key, taker.key), 0)
            if quantity:
                thick = max(quantity * scale, 1.0)
                a, b = begins[giver.key], ends[taker.key]
                parts.append(_band(x(_BAR), x(svg.WIDTH / 2), x(svg.WIDTH - _BAR), a, b, thick))
                begins[giver.key] += quantity * scale
                ends[taker.key] += quantity * scale
    for rows, at, anchor, inner in (
        (left, 0.0, "start", _BAR + 6),
        (right, svg.WIDTH - _BAR, "end", svg.WIDTH - _BAR - 6),
    ):
        for end, slot in rows:
            thick = max(slot.total * scale, 1.0)
            parts.append(
                svg.element(
                    "rect",
                    x=x(at + _BAR) if mirrored else at,
                    y=_middle(slot, thick),
                    width=_BAR,
                    height=thick,
                    class_="block",
                )
            )
            lines = svg.wrap(end.name, _ROOM)
            tall = (len(lines) + 1) * svg.LINE
            first = slot.top + (slot.height - tall) / 2 + 12
            parts.append(svg.label(x(inner), first, lines, text_anchor=anchor, class_="name"))
            parts.append(
                svg.label(
                    x(inner),
                    first + len(lines) * svg.LINE,
                    [end.text],
                    text_anchor=anchor,
                    class_="figure",
                )
            )
    height = max([slot.top + slot.height for _end, slot in (*left, *right)], default=0.0)
    return svg.picture("pairs", height + 4, title, description, parts)


@dataclass(slots=True)
class _Slot:
    top: float
    height: float
    total: int


def _slots(ends: Sequence[End], totals: Sequence[int]) -> list[tuple[End, _Slot]]:
    """A place for each end under the one before, high enough for its band and its words."""
    scale = _TALLEST / max(1, sum(totals))
    rows, top = [], 4.0
    for end, total in zip(ends, totals, strict=True):
        words = (len(svg.wrap(end.name, _ROOM)) + 1) * svg.LINE
        height = max(words, total * scale)
        rows.append((end, _Slot(top, height, total)))
        top += height + _GAP
    return rows


def _middle(slot: _Slot, thick: float) -> float:
    return slot.top + (slot.height - thick) / 2


def _band(x0: float, middle: float, x1: float, y0: float, y1: float, thick: float) -> SafeString:
    at = [svg.short(n) for n in (x0, y0, middle, x1, y1, y1 + thick, y0 + thick)]
    return svg.element(
        "path",
        d=f"M{at[0]},{at[1]}C{at[2]},{at[1]} {at[2]},{at[4]} {at[3]},{at[4]}V{at[5]}"
        f"C{at[2]},{at[5]} {at[2]},{at[6]} {at[0]},{at[6]}Z",
        class_="on",
    )
