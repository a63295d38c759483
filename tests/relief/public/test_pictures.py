"""The pictures: well-formed, to scale, inside their frame, and no label over another."""

import re
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.graphics import globe, pairs, river, steps, svg

#: Letters of several widths, spaces, accents on their own, and what XML must escape.
NAMES = st.text(alphabet="abc mWi<&>\"'中文字กขالعر\u0301\u0e34…", min_size=1, max_size=60)
QUANTITIES = st.integers(0, 10**10)


def parse(picture):
    """The picture as XML, and its texts as (x, baseline, anchor, lines)."""
    root = ElementTree.fromstring(str(picture))  # noqa: S314 - our own
    texts = []
    for text in root.iter("text"):
        spans = list(text.iter("tspan")) or [text]
        lines = [(span.text or "", float(span.get("y"))) for span in spans]
        texts.append((float(spans[0].get("x")), text.get("text-anchor"), lines))
    return root, texts


def size(root):
    return [float(number) for number in root.get("viewBox").split()][2:]


@st.composite
def rivers(draw):
    quantity = draw(QUANTITIES)
    found = []
    for _number in range(draw(st.integers(1, 6))):
        asides, left = [], quantity
        for _aside in range(draw(st.integers(0, 4))):
            part = draw(st.integers(-(10**6), left))
            if part:
                left -= part
                asides.append(river.Aside(draw(NAMES), part, str(abs(part)), "waits"))
        found.append(river.Step(draw(NAMES), quantity, str(quantity), asides))
        quantity = left
    return found


def draw_river(rows, mirrored=False):
    return river.draw(rows, title="<Title>", description="Said & done", mirrored=mirrored)


@given(rivers(), st.booleans())
def test_no_label_of_a_river_stands_over_another(rows, mirrored):
    root, texts = parse(draw_river(rows, mirrored))
    width, height = size(root)
    baselines = [y for _x, _anchor, lines in texts for _text, y in lines]
    assert all(after - before >= 12 for before, after in pairwise(baselines))
    assert max(baselines) < height
    # Text stands at one side and bands at the other.
    (side,) = {x for x, _anchor, _lines in texts}
    for path in root.iter("path"):
        ends = [float(x) for x in re.findall(r"([\d.-]+),", path.get("d"))]
        assert all((x > side) if mirrored else (x < side) for x in ends)
    assert width == svg.WIDTH


def test_the_bands_of_a_river_are_to_scale():
    rows = [
        river.Step("A", 1000, "1000", [river.Aside("x", 250, "250")]),
        river.Step("B", 750, "750"),
    ]
    root, _texts = parse(draw_river(rows))
    bars = [float(r.get("width")) for r in root.iter("rect") if r.get("class") == "block"]
    assert bars[1] == bars[0] * 0.75
    (on,) = [float(r.get("width")) for r in root.iter("rect") if r.get("class") == "on"]
    assert on == bars[1]


def test_what_comes_in_on_the_way_is_drawn_as_coming_in():
    rows = [
        river.Step("A", 100, "100", [river.Aside("found", -20, "20", "adds")]),
        river.Step("B", 120, "120"),
    ]
    root, _texts = parse(draw_river(rows))
    assert [path.get("class") for path in root.iter("path")] == ["adds"]
    (on,) = [float(r.get("width")) for r in root.iter("rect") if r.get("class") == "on"]
    bars = [float(r.get("width")) for r in root.iter("rect") if r.get("class") == "block"]
    assert on == bars[0]
    assert bars[0] < bars[1]


@given(NAMES)
def test_text_is_escaped(name):
    root, _texts = parse(draw_river([river.Step(name, 1, "1")]))
    assert root.find("title").text == "<Title>"
    assert root.find("desc").text == "Said & done"


@given(NAMES, st.integers(20, 200), st.integers(1, 3))
def test_wrapped_text_fits_its_room(text, room, most):
    lines = svg.wrap(text, room, most)
    assert 1 <= len(lines) <= most
    assert all(svg.breadth(line) <= room for line in lines)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 10**9)), min_size=1),
    st.booleans(),
)
def test_pairs_have_every_end_under_the_one_before(rows, mirrored):
    bands = {}
    for giver, taker, quantity in rows:
        bands[f"g{giver}", f"t{taker}"] = bands.get((f"g{giver}", f"t{taker}"), 0) + quantity
    givers = [pairs.End(key, f"Giver {key}", "1") for key in sorted({a for a, _b in bands})]
    takers = [pairs.End(key, f"Taker {key}", "1") for key in sorted({b for _a, b in bands})]
    picture = pairs.draw(givers, takers, bands, title="T", description="D", mirrored=mirrored)
    root, texts = parse(picture)
    assert len(list(root.iter("path"))) == len(bands)
    for anchor in ("start", "end"):
        lines = [y for _x, at, found in texts if at == anchor for _text, y in found]
        assert all(b - a >= 12 for a, b in pairwise(lines))
    _width, height = size(root)
    for bar in root.iter("rect"):
        assert float(bar.get("y")) + float(bar.get("height")) <= height


@given(
    st.lists(st.integers(0, 200), min_size=1, max_size=60, unique=True),
    st.lists(st.lists(st.integers(-50, 10**9), min_size=60, max_size=60), min_size=1, max_size=3),
    st.booleans(),
)
def test_a_time_line_stays_in_its_frame(weeks, values, mirrored):
    mondays = [date(2020, 1, 6) + timedelta(weeks=week) for week in sorted(weeks)]
    lines = [
        steps.Line(f"Line {at}", row[: len(mondays)], "1", "shipped")
        for at, row in enumerate(values)
    ]
    picture = steps.draw(
        mondays, lines, title="T", description="D", mirrored=mirrored, number=str,
        month=lambda day: f"{day:%b}",
    )  # fmt: skip
    root, texts = parse(picture)
    width, height = size(root)
    for path in root.iter("path"):
        for command, number in re.findall(r"([HV])(-?[\d.]+)", path.get("d")):
            assert 0 <= float(number) <= (width if command == "H" else height)
    names = [found[0][1] for _x, anchor, found in texts if anchor is None]
    assert all(b - a >= 12 for a, b in pairwise(names))
    assert all(0 < y < height for y in names)


@given(
    st.lists(
        st.tuples(st.floats(-60, 75), st.floats(-180, 180), QUANTITIES, st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_the_map_shows_every_country_and_no_label_covers_another(rows):
    spots = [
        globe.Spot(f"Country {at}", f"C{at}", north, east, quantity, str(quantity), gives)
        for at, (north, east, quantity, gives) in enumerate(rows)
    ]
    root, texts = parse(globe.draw(spots, title="T", description="D"))
    width, height = size(root)
    for circle in root.iter("circle"):
        assert -1 <= float(circle.get("cx")) <= width + 1
        assert -1 <= float(circle.get("cy")) <= height + 1
    boxes = []
    for x, anchor, lines in texts:
        if anchor == "middle":
            wide = svg.breadth(lines[0][0])
            boxes.append((x - wide / 2, lines[0][1] - 12, x + wide / 2, lines[0][1] + 4))
    for at, one in enumerate(boxes):
        assert one[0] >= 0
        assert one[2] <= width
        for other in boxes[:at]:
            apart = (
                one[0] >= other[2] - 0.2
                or other[0] >= one[2] - 0.2
                or one[1] >= other[3] - 0.2
                or other[1] >= one[3] - 0.2
            )
            assert apart, (one, other)


def test_countries_on_both_sides_of_the_date_line_are_neighbours():
    spots = [
        globe.Spot("Fiji", "FJ", -18, 178, 1, "1"),
        globe.Spot("Samoa", "WS", -13.6, -172, 1, "1"),
    ]
    root, _texts = parse(globe.draw(spots, title="T", description="D"))
    fiji, samoa = (float(circle.get("cx")) for circle in root.iter("circle"))
    assert 0 < samoa - fiji < 0.3 * svg.WIDTH
