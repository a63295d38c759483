"""The time line: how much had been shipped, had arrived and had been received, week by week."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from medixchange.relief.graphics import svg

_TOP, _BOTTOM = 12.0, 176.0
_HEIGHT = 200.0
_PLOT_END = 222.0


@dataclass(frozen=True, slots=True)
class Line:
    """One cumulative line: its name, its value at each of the weeks, the last one as text, and
    the class that sets its dashes and colour."""

    name: str
    values: Sequence[int]
    text: str
    mark: str


def draw(
    weeks: Sequence[date],
    lines: Sequence[Line],
    *,
    title: str,
    description: str,
    mirrored: bool,
    number: Callable[[int], str],
    month: Callable[[date], str],
) -> SafeString:
    """The picture of these lines.

    Args:
        weeks: the Mondays, in their order; every line has a value for each.
        number, month: how numbers at the side, and months below, are written.
    """
    most = max([1, *(value for line in lines for value in line.values)])
    least = min([0, *(value for line in lines for value in line.values)])
    ticks = _ticks(most)
    top = max(ticks[-1], most)
    first, last = weeks[0], weeks[-1]
    # The last week is drawn whole.
    days = (last - first).days + 7
    margin = 8 + max(svg.breadth(number(tick)) * 0.85 for tick in ticks)

    def x(day: date, add: int = 0) -> float:
        at = margin + ((day - first).days + add) / days * (_PLOT_END - margin)
        return svg.WIDTH - at if mirrored else at

    def y(value: float) -> float:
        return _BOTTOM - (value - least) / (top - least) * (_BOTTOM - _TOP)

    def flip(at: float) -> float:
        return svg.WIDTH - at if mirrored else at

    parts: list[SafeString] = []
    for tick in ticks:
        parts.append(
            svg.element(
                "line",
                x1=flip(margin),
                x2=flip(_PLOT_END),
                y1=y(tick),
                y2=y(tick),
                class_="grid",
            )
        )
        parts.append(
            svg.label(
                flip(margin - 5), y(tick) + 4, [number(tick)], text_anchor="end", class_="tick"
            )
        )
    parts += _months(first, last, x, month)
    for line in lines:
        path = f"M{svg.short(x(first))},{svg.short(y(0))}"
        for week, value in zip(weeks, line.values, strict=True):
            path += f"H{svg.short(x(week))}V{svg.short(y(value))}"
        path += f"H{svg.short(x(last, 7))}"
        parts.append(svg.element("path", d=path, class_=f"line {line.mark}"))
    parts += _names(lines, y, flip)
    return svg.picture("steps", _HEIGHT, title, description, parts)


def _ticks(most: int) -> list[int]:
    """Round numbers from nothing to at least the largest value, four or five of them."""
    power = 10 ** (len(str(most)) - 1)
    for step in (power // 5, power // 4, power // 2, power, power * 2, power * 5):
        if step and step * 4 >= most:
            break
    return [step * count for count in range(-(-most // step) + 1)]


def _months(
    first: date, last: date, x: Callable[[date], float], month: Callable[[date], str]
) -> list[SafeString]:
    """Marks at the beginnings of months, no more than fit beside each other; the first week where
    there are none."""
    starts = []
    year, number = first.year, first.month
    while (day := date(year, number, 1)) <= last:
        if day >= first:
            starts.append(day)
        year, number = (year + 1, 1) if number == 12 else (year, number + 1)
    starts = starts or [first]
    every = -(-len(starts) // 4)
    parts = []
    for day in starts[::every]:
        parts.append(
            svg.element("line", x1=x(day), x2=x(day), y1=_BOTTOM, y2=_BOTTOM + 5, class_="axis")
        )
        parts.append(
            svg.label(x(day), _BOTTOM + 18, [month(day)], text_anchor="middle", class_="tick")
        )
    return parts


def _names(
    lines: Sequence[Line], y: Callable[[float], float], flip: Callable[[float], float]
) -> list[SafeString]:
    """The lines' names and last values beside their ends, moved apart where they are close."""
    room = svg.WIDTH - _PLOT_END - 8
    order = sorted(range(len(lines)), key=lambda at: (-lines[at].values[-1], at))
    parts, free = [], _TOP - 4
    tall = 2 * svg.LINE + 2
    for rank, at in enumerate(order):
        line = lines[at]
        below = (len(order) - rank - 1) * tall
        top = min(max(free, y(line.values[-1]) - 8), _HEIGHT - tall - below)
        words = svg.wrap(line.name, room, most=1)
        parts.append(svg.label(flip(_PLOT_END + 8), top + 10, words, class_=f"name {line.mark}"))
        parts.append(
            svg.label(flip(_PLOT_END + 8), top + 10 + svg.LINE, [line.text], class_="figure")
        )
        free = top + tall
    return parts
