"""Needs read by columns are what reading them row by row gives, of good tables and of bad ones."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medixchange.relief.allocation import files
from medixchange.relief.allocation.files import BadFiles

HEADINGS = [
    ["facility", "item", "need"],
    ["note", "item", "need", "facility", ""],
    ["facility", "item", "need", "floor", "cap", "priority", "population"],
    ["Population", "cap", " Facility ", "", "item", "floor", "", "NEED", "priority"],
]
GOOD = {
    "facility": [
        "A", "B", " C ", "Ä", "A\u0308", "O'Hara", "'=x", "=x", "D, E", "F;G", 'H"', "I\nJ"
    ],
    "item": ["mask", "gown", "Mäske"],
    "need": ["0", "7", " 12 ", "007", "1000000000000"],
    "floor": ["", "0", "5"],
    "cap": ["", "5", "9", " "],
    "priority": ["", "1", "2.5", "1000", "0.125", "1e2", " 3"],
    "population": ["", "0", "900"],
}  # fmt: skip
BAD = ["", " ", "x", "-1", "1.5", "1,000", "٣", "1000000000001", "00000000000007", "1_0", "NaN",
       "1e-999999999", "0.0001", "'", "\x0b", "\u2028"]  # fmt: skip


@st.composite
def tables(draw):
    """A file: mostly good rows, some cells that are not, blank and short and long rows."""
    heading = draw(st.sampled_from(HEADINGS))
    good = [GOOD.get(name.strip().lower(), ["", "x"]) for name in heading]
    bad = draw(st.booleans())
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        row = [draw(st.sampled_from(cells)) for cells in good]
        if bad and draw(st.integers(0, 3)) == 0:
            row[draw(st.integers(0, len(row) - 1))] = draw(st.sampled_from(BAD))
        odd = draw(st.integers(0, 12))
        rows.append({0: [], 1: [" "] * len(row), 2: row[:-1], 3: [*row, "1"]}.get(odd, row))
    file = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer = csv.writer(
        file, delimiter=draw(st.sampled_from(files.MARKS)), quoting=quoting, lineterminator=end
    )
    writer.writerows([heading, *rows])
    text = draw(st.sampled_from(["", "\ufeff"])) + file.getvalue()
    if draw(st.integers(0, 5)) == 0:
        text = text.replace('"', "")
    return (text.rstrip() if draw(st.booleans()) else text).encode()


wild = st.text('AB12,;\t|"\r\n \x00é', max_size=40).map(
    lambda text: f"facility,item,need\n{text}".encode()
)


def by_rows(path):
    """As ``by_columns``, from the reader that tells what is wrong."""
    problems = []
    try:
        found = files._needs(files._Table(path, problems))
    except BadFiles:
        return None
    return None if problems else plain(found)


def by_columns(path):
    """The needs of each item as plain values, None where something is wrong."""
    found = files._Table(path, []).columns(*files._NEEDS)
    return None if found is None else plain(found)


def plain(found):
    return [
        (
            item,
            rows.facilities,
            [list(map(int, column)) for column in (rows.need, rows.floor, rows.cap)],
            [Decimal(str(value)) for value in rows.priority],
            list(map(int, rows.population)),
        )
        for item, rows in found.items()
    ]  # fmt: skip


@given(tables() | wild)
@example(b"facility,item,need\n" + b"A" * 200_000 + b",mask,1\n")
@example(b"facility,item,need\nA,mask,1\rB,mask,2\n")
@example(b"facility,item,need\nA,mask,1\n\n\n")
@example(b"facility,item,need\n\xe9,mask,1\n")
@example(b"facility,item,need")
@example(b"facility,item,need,priority\nA,mask,1,1e-999999999\n")
def test_both_readers_agree(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "needs.csv"
    path.write_bytes(content)
    assert by_columns(path) == by_rows(path)


@pytest.mark.parametrize("quoted", [False, True])
def test_a_large_table_is_read_by_columns_alone(tmp_path, quoted):
    rows = [
        (f"F{number:05}", f"I{item}", str(number + item), "2", "", "1.5")
        for item in range(3)
        for number in range(15_000)
    ]
    path, supply = tmp_path / "needs.csv", tmp_path / "supply.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL)
        writer.writerows([("facility", "item", "need", "floor", "cap", "priority"), *rows])
    supply.write_text("item,quantity\nI0,5\nI1,5\nI2,5\n")
    assert by_columns(path) is not None
    items = files.read(path, supply, shipped=None, changes=None).items
    for number, item in enumerate(items):
        assert item.demand.facilities == tuple(f"F{at:05}" for at in range(15_000))
        assert item.demand.need.tolist() == list(range(number, 15_000 + number))
        assert set(item.demand.floor) == {2}
        assert set(item.demand.cap) == {-1}
        assert set(item.demand.priority) == {1500}
