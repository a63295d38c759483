"""The map: countries as circles on a grid of degrees.

No coast is drawn, since no map data is shipped: where a circle lies is the mean of the places we
know in the country. The projection is equirectangular, true to scale at the middle latitude, and
shows no more of the world than the circles need.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from medixchange.relief.graphics import svg

#: The least that is shown of the world, in degrees, and the room around the outermost circles.
_LEAST_LONGITUDES, _LEAST_LATITUDES = 40.0, 24.0
_AROUND = 0.16
_LARGEST = 20.0
_TALLEST = 260.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A country: where it lies in degrees, how much went there, and how that is written.

    ``gives`` is true for a donor's country, which is drawn as a ring.
    """

    name: str
    code: str
    latitude: float
    longitude: float
    quantity: int
    text: str
    gives: bool = False


def draw(spots: Sequence[Spot], *, title: str, description: str) -> SafeString:
    """The map of these spots; east is at the right in every language."""
    view = _View(spots)
    parts = view.grid()
    placed = sorted(spots, key=lambda spot: -spot.quantity)
    most = max([1, *(spot.quantity for spot in spots)])
    circles = []
    for spot in placed:
        x, y = view.at(spot.latitude, spot.longitude)
        # Area, and not width, tells the quantity.
        radius = max(3.5, _LARGEST * math.sqrt(max(spot.quantity, 0) / most))
        circles.append((spot, x, y, 6.0 if spot.gives and not spot.quantity else radius))
    for spot, x, y, radius in circles:
        if spot.quantity or not spot.gives:
            parts.append(svg.element("circle", cx=x, cy=y, r=radius, class_="spot"))
        if spot.gives:
            parts.append(svg.element("circle", cx=x, cy=y, r=radius + 3, class_="ring"))
    parts += _labels(circles, view.height)
    return svg.picture("globe", view.height, title, description, parts)


class _View:
    """The part of the world that is shown."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        self.west = _west_of([spot.longitude for spot in spots])
        longitudes = [(spot.longitude - self.west) % 360 for spot in spots]
        latitudes = [spot.latitude for spot in spots]
        across = max(max(longitudes) * (1 + 2 * _AROUND), _LEAST_LONGITUDES)
        tall = max((max(latitudes) - min(latitudes)) * (1 + 2 * _AROUND), _LEAST_LATITUDES)
        self.left = max(longitudes) / 2 - across / 2
        self.middle = (max(latitudes) + min(latitudes)) / 2
        narrow = max(0.3, math.cos(math.radians(self.middle)))
        self.scale = svg.WIDTH / across
        if tall * self.scale / narrow > _TALLEST:
            self.scale = _TALLEST * narrow / tall
            self.left = max(longitudes) / 2 - svg.WIDTH / self.scale / 2
        self.up = self.scale / narrow
        self.height = max(tall * self.up, 150.0)
        self.top = self.middle + self.height / self.up / 2

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        x = ((longitude - self.west) % 360 - self.left) * self.scale
        return x, (self.top - latitude) * self.up

    def grid(self) -> list[SafeString]:
        """Meridians and parallels, the equator stronger, each parallel with its degrees."""
        parts = []
        step = next(s for s in (5, 10, 15, 30, 60) if svg.WIDTH / self.scale / s <= 9)
        first = self.west + self.left
        degree = math.ceil(first / step) * step
        while degree <= first + svg.WIDTH / self.scale:
            x = (degree - first) * self.scale
            parts.append(svg.element("line", x1=x, x2=x, y1=0, y2=self.height, class_="grid"))
            degree += step
        bottom = self.top - self.height / self.up
        degree = math.ceil(bottom / step) * step
        while degree <= min(self.top, 90):
            y = (self.top - degree) * self.up
            kind = "equator" if degree == 0 else "grid"
            parts.append(svg.element("line", x1=0, x2=svg.WIDTH, y1=y, y2=y, class_=kind))
            if 12 < y < self.height - 4:
                half = "" if degree == 0 else "N" if degree > 0 else "S"
                parts.append(
                    svg.label(
                        svg.WIDTH - 3,
                        y - 3,
                        [f"{abs(degree)}°{half}"],
                        class_="tick",
                        text_anchor="end",
                        direction="ltr",
                    )
                )
            degree += step
        return parts


def _west_of(longitudes: Sequence[float]) -> float:
    """The westernmost longitude, where the world is cut in the widest gap between any two."""
    ordered = sorted({longitude % 360 for longitude in longitudes})
    gaps = [
        ((after - before) % 360 or 360.0, after)
        for before, after in zip(ordered, [*ordered[1:], ordered[0]], strict=True)
    ]
    return max(gaps)[1]


def _labels(circles: Sequence[tuple[Spot, float, float, float]], height: float) -> list[SafeString]:
    """A name at each circle where there is room, its code where there is not, or nothing: the
    list beside the map names all of them."""
    taken = [(x - r, y - r, x + r, y + r) for _spot, x, y, r in circles]
    parts = []
    for at, (spot, x, y, radius) in enumerate(circles):
        others = [box for number, box in enumerate(taken) if number != at]
        for words in (spot.name, spot.code):
            wide = svg.breadth(words) + 4
            found = _room(x, y, radius + (4 if spot.gives else 1), wide, height, others)
            if found is not None:
                left, top = found
                taken.append((left, top, left + wide, top + svg.LINE))
                parts.append(
                    svg.label(
                        left + wide / 2, top + 12, [words], text_anchor="middle", class_="name"
                    )
                )
                break
    return parts


Box = tuple[float, float, float, float]


def _room(
    x: float, y: float, radius: float, wide: float, height: float, taken: Sequence[Box]
) -> tuple[float, float] | None:
    """The top left corner of a free place for a label beside a circle, within the picture."""
    half = svg.LINE / 2
    for left, top in (
        (x + radius + 1, y - half),
        (x - radius - 1 - wide, y - half),
        (x - wide / 2, y - radius - svg.LINE),
        (x - wide / 2, y + radius),
        (x + radius * 0.7, y - radius * 0.7 - svg.LINE),
        (x + radius * 0.7, y + radius * 0.7),
        (x - radius * 0.7 - wide, y - radius * 0.7 - svg.LINE),
        (x - radius * 0.7 - wide, y + radius * 0.7),
    ):
        inside = (
            left >= 1 and top >= 1 and left + wide <= svg.WIDTH - 1 and top + svg.LINE <= height - 1
        )
        if inside and not any(
            left < box[2] and box[0] < left + wide and top < box[3] and box[1] < top + svg.LINE
            for box in taken
        ):
            return left, top
    return None
