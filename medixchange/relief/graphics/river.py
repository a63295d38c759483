"""The flow picture: goods run down from step to step, and what stops on the way turns aside.

It is a Sankey diagram laid out downwards: the width of every band is its quantity, on one scale.
All bands are at one side and all text at the other, so that no label ever stands over another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from medixchange.relief.graphics import svg

#: Width of the largest quantity, and where the text begins.
_WIDEST = 140.0
_TEXT = 166.0
_END = 154.0
_BAR = 10.0
_GAP = 8.0


@dataclass(frozen=True, slots=True)
class Aside:
    """What turns aside between a step and the next, or, below zero, what comes in there.

    Attributes:
        text: the quantity as people read it.
        mark: the class of its band: ``waits``, ``gone`` or ``adds``.
    """

    name: str
    quantity: int
    text: str
    mark: str = "waits"


@dataclass(frozen=True, slots=True)
class Step:
    """A quantity that came so far, and what of it came no further."""

    name: str
    quantity: int
    text: str
    asides: Sequence[Aside] = ()


def draw(steps: Sequence[Step], *, title: str, description: str, mirrored: bool) -> SafeString:
    """The picture of these steps, the first at the top."""
    most = max(
        [1]
        + [
            step.quantity + sum(-aside.quantity for aside in step.asides if aside.quantity < 0)
            for step in steps
        ]
    )
    pen = _Pen(_WIDEST / most, mirrored)
    for number, step in enumerate(steps):
        pen.step(step)
        if number + 1 < len(steps):
            pen.way(step, steps[number + 1])
    return svg.picture(
        "river", max(pen.y, pen.floor) + 4, title, description, [*pen.bands, *pen.texts]
    )


class _Pen:
    """Draws from the top down and knows how far down it is."""

    def __init__(self, scale: float, mirrored: bool) -> None:
        self.scale, self.mirrored, self.y, self.floor = scale, mirrored, 4.0, 4.0
        self.bands: list[SafeString] = []
        self.texts: list[SafeString] = []

    def x(self, x: float) -> float:
        return svg.WIDTH - x if self.mirrored else x

    def wide(self, quantity: int) -> float:
        # So that a little of something is not nothing to see.
        return max(quantity * self.scale, 1.5) if quantity > 0 else 0.0

    def step(self, step: Step) -> None:
        width = self.wide(step.quantity)
        top = self.y
        if width:
            self.bands.append(self._box(0, width, top + 3, _BAR, "block"))
        self.bands.append(
            svg.element(
                "line",
                x1=self.x(width + 3),
                x2=self.x(_END + 6),
                y1=top + 8,
                y2=top + 8,
                class_="leader",
            )
        )
        lines = svg.wrap(step.name, svg.WIDTH - _TEXT)
        self._text(top + 12, lines, "name")
        self._text(top + 12 + len(lines) * svg.LINE, [step.text], "figure")
        self.floor = top + (len(lines) + 1) * svg.LINE + 4
        self.y = top + 3 + _BAR

    def way(self, step: Step, after: Step) -> None:
        """Bands from a step to the next one: what goes on, what turns aside, what comes in."""
        out = [aside for aside in step.asides if aside.quantity > 0]
        into = [aside for aside in step.asides if aside.quantity < 0]
        top, left = self.y, self.wide(step.quantity)
        line = max(self.floor, top + _GAP)
        for aside in out:
            line = self._aside(aside, top, left, line)
            left -= self.wide(aside.quantity)
        kept = after.quantity - sum(-aside.quantity for aside in into)
        joins = self.wide(max(kept, 0))
        places = []
        for aside in into:
            thick = self.wide(-aside.quantity)
            places.append((aside, joins, line, thick))
            line = self._lines(aside, line, thick)
            joins += thick
        bottom = max(line + 4, top + 24)
        for aside, begin, at, thick in places:
            self._turn(begin, begin + thick, bottom, at, at + thick, aside.mark)
        if kept > 0:
            self.bands.append(self._box(0, self.wide(kept), top, bottom + 3 - top, "on"))
        self.y = bottom

    def _aside(self, aside: Aside, top: float, left: float, line: float) -> float:
        thick = self.wide(aside.quantity)
        self._turn(left - thick, left, top, line + thick, line, aside.mark)
        return self._lines(aside, line, thick)

    def _turn(self, x0: float, x1: float, y: float, y0: float, y1: float, mark: str) -> None:
        """A band from between two points of a level line to between two of the upright at the
        text; ``x0`` goes to ``y0``."""
        x = self.x
        points = [x(x1), y, x(x1), y1, x(_END), y1, y0, x(x0), y0, x(x0), y]
        at = [svg.short(point) for point in points]
        self.bands.append(
            svg.element(
                "path",
                d=f"M{at[0]},{at[1]}Q{at[2]},{at[3]} {at[4]},{at[5]}V{at[6]}"
                f"Q{at[7]},{at[8]} {at[9]},{at[10]}Z",
                class_=mark,
            )
        )

    def _lines(self, aside: Aside, line: float, thick: float) -> float:
        """The text of an aside, and where the next may begin."""
        lines = svg.wrap(aside.name, svg.WIDTH - _TEXT, most=3)
        tall = (len(lines) + 1) * svg.LINE
        first = line + max(12.0, thick / 2 - tall / 2 + 12)
        self._text(first, lines, "aside")
        self._text(first + len(lines) * svg.LINE, [aside.text], "figure")
        return line + max(thick, tall) + _GAP

    def _text(self, y: float, lines: list[str], class_: str) -> None:
        self.texts.append(svg.label(self.x(_TEXT), y, lines, class_=class_))

    def _box(self, x: float, width: float, y: float, height: float, class_: str) -> SafeString:
        left = self.x(x + width) if self.mirrored else x
        return svg.element("rect", x=left, y=y, width=width, height=height, class_=class_)
