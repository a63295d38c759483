"""What we write comes back as it was, and no spreadsheet program evaluates it."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.interchange import tables
from medixchange.relief.interchange.cells import clean
from medixchange.relief.interchange.kinds import EVERY, NEEDS
from medixchange.relief.interchange.templates import Template, headings
from medixchange.relief.interchange.writing import Cell, csv_bytes, xlsx_bytes
from tests.relief.interchange.conftest import Filed

Writer = Callable[..., bytes]
WRITERS = [
    pytest.param(csv_bytes, "table.csv", id="csv"),
    pytest.param(xlsx_bytes, "table.xlsx", id="xlsx"),
]
#: No halves of surrogate pairs, which no file can hold; U+FFFE and U+FFFF are no characters.
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=30
)


@pytest.mark.parametrize(("write", "name"), WRITERS)
@given(
    rows=st.lists(
        st.tuples(TEXT, TEXT, st.integers(min_value=-(10**12), max_value=10**12)), max_size=6
    )
)
def test_a_table_comes_back_as_it_was(
    write: Writer, name: str, rows: list[tuple[str, str, int]]
) -> None:
    content = write(["item", "note", "n"], ["#item+name", "#meta", "#value"], rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        table = tables.read(path)
    assert table.headers == ("item", "note", "n")
    assert [str(tag) for tag in table.hashtags] == ["#item+name", "#meta", "#value"]
    assert [(row.number, row.cells, row.problems) for row in table.rows] == [
        (number, (clean(item), clean(note), str(n)), ())
        for number, (item, note, n) in enumerate(rows, 3)
    ]


@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_the_same_table_is_the_same_file(write: Writer, name: str) -> None:
    arguments: tuple[list[str], list[str], list[list[Cell]]] = (["a"], ["#a"], [["x"], [5]])
    assert write(*arguments) == write(*arguments)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_text_never_becomes_a_formula(filed: Filed, text: str) -> None:
    path = filed(xlsx_bytes(["item"], [], [[text]]), "table.xlsx")
    cell = openpyxl.load_workbook(path).active["A2"]
    assert (cell.data_type, cell.value) == ("s", f"'{clean(text)}")
    assert csv_bytes(["item"], [], [[text]], mark=False).splitlines()[1].lstrip(b'"')[:1] == b"'"


def test_numbers_stay_numbers(filed: Filed) -> None:
    rows: list[list[Cell]] = [[-5, Decimal("0.10"), 0.5, datetime.date(2020, 3, 19), None]]
    headers = ["a", "b", "c", "d", "e"]
    assert csv_bytes(headers, [], rows, mark=False) == (b"a,b,c,d,e\r\n-5,0.10,0.5,2020-03-19,\r\n")
    sheet = openpyxl.load_workbook(filed(xlsx_bytes(headers, [], rows), "t.xlsx")).active
    assert [cell.data_type for cell in sheet[2]] == ["n", "n", "n", "d", "n"]


def test_excel_is_told_that_it_is_utf8() -> None:
    assert csv_bytes(["a"], [], []).startswith(b"\xef\xbb\xbf")
    assert csv_bytes(["a"], [], [], mark=False) == b"a\r\n"


@pytest.mark.parametrize("template", EVERY, ids=lambda template: template.name)
@pytest.mark.parametrize(("write", "name"), WRITERS)
def test_an_empty_file_of_a_template_is_read_by_it(
    filed: Filed, template: Template, write: Writer, name: str
) -> None:
    path = filed(write(*headings(template), []), name)
    report = template.read(path, others=EVERY)
    assert report.rows == ()
    assert list(report.columns) == [column.name for column in template.fields]


def test_letters_of_every_script_come_back(filed: Filed) -> None:
    names = ["ኢትዮጵያ", "អនាម័យ", "N95口罩", "كمامة", "Écran", "हाथ"]
    path = filed(csv_bytes(*headings(NEEDS), [[name, "mask", 5] for name in names]))
    assert [row.values["facility"] for row in NEEDS.read(path).rows] == names
