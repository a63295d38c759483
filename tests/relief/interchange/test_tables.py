"""Tables as people send them: encodings, marks, hashtags, workbooks, and files that are refused."""

import datetime
import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from medixchange.relief.interchange import hashtags, tables
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.hashtags import Hashtag
from medixchange.relief.interchange.tables import Table
from tests.relief.interchange.conftest import Filed

PEOPLE = (
    "Registro",
    "Sector/Cluster",
    "Subsector",
    "Organización",
    "Hombres",
    "Mujeres",
    "País",
    "Departamento/Provincia/Estado",
    "",
)
TAGS = (
    None,
    "#sector+es",
    "#subsector+es",
    "#org+es",
    "#targeted+f",
    "#targeted+m",
    "#country",
    "#adm1",
    "#date+reported",
)
FOUR = (
    ("001", "WASH", "Higiene", "ACNUR", "100", "100", "Panamá", "Los Santos", "1 March 2015"),
    ("002", "Salud", "Vacunación", "OMS", "", "", "Colombia", "Cauca", ""),
    (
        "003", "Educación", "Formación de enseñadores", "UNICEF", "250", "300", "Colombia",
        "Chocó", "",
    ),
    ("004", "WASH", "Urbano", "OMS", "80", "95", "Venezuela", "Amazonas", ""),
)  # fmt: skip
TITLE = "row 1: this row stands above the headings; it was not read as data."


def tags(table: Table) -> tuple[str | None, ...]:
    return tuple(str(tag) if tag else None for tag in table.hashtags)


def cells(table: Table) -> list[tuple[str, ...]]:
    return [row.cells for row in table.rows]


def told(table: Table) -> list[str]:
    return [f"{note.where}: {note.what}" for note in table.notes]


def workbook(*rows: list[object], title: str = "data", **more: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for name, other in more.items():
        page = book.create_sheet(name)
        for row in other:
            page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# -- The standard's own test files -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "form", "encoding"),
    [
        ("test_io__input-valid.csv", "csv", "utf-8"),
        ("test_io__input-valid.hxl", "csv", "utf-8"),
        ("test_io__input-valid.xlsx", "xlsx", ""),
        ("test_io__input-valid-latin1.csv", "csv", "cp1252"),
    ],
)
def test_one_table_is_the_same_in_every_form(
    shared_data: Path, name: str, form: str, encoding: str
) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / name)
    assert (table.format, table.encoding) == (form, encoding)
    assert table.headers == PEOPLE
    assert tags(table) == TAGS
    assert [row.number for row in table.rows] == [4, 5, 6, 7]
    assert tuple(cells(table)) == FOUR
    assert all(row.problems == () for row in table.rows)
    assert told(table)[-1] == TITLE
    assert len(table.notes) == (2 if encoding == "cp1252" else 1)


def test_an_encoding_that_was_concluded_is_told(shared_data: Path) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / "test_io__input-valid-latin1.csv")
    assert table.notes[0].what == (
        "the file is not UTF-8; it was read as Western European (Windows-1252)."
    )


def test_forgotten_marks_in_a_row_of_hashtags_are_told(shared_data: Path) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / "test_io__input-fuzzy.csv")
    assert tags(table) == (None, *TAGS[1:5], "#targeted+f", None, None, None)
    assert told(table) == [
        "row 3: “country” is not an HXL hashtag.",
        "row 3: “adm1” is not an HXL hashtag.",
        TITLE,
    ]
    assert cells(table) == [FOUR[0], *(row[:8] for row in FOUR[1:])]
    # Its first row has a value in a column that has neither heading nor hashtag.
    assert [len(row.problems) for row in table.rows] == [1, 0, 0, 0]
    assert table.rows[0].problems[0].what == "the row has 9 cells, the table 8 columns."


def test_a_row_of_hashtags_without_marks_is_not_data(shared_data: Path) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / "test_io__input-invalid.csv")
    assert not table.tagged
    assert table.headers == PEOPLE
    assert [row.number for row in table.rows] == [4, 5, 6, 7]
    assert told(table) == [
        "row 3: this looks like a row of HXL hashtags without their “#”; it is not used.",
        TITLE,
    ]


def test_the_headings_stand_right_above_the_hashtags(shared_data: Path) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / "test_io__input-multiple-headers.csv")
    assert table.headers == ("Org", "No hashtag", "Province", "Number affected")
    assert tags(table) == ("#org", None, "#adm1", "#affected")
    assert cells(table) == [
        ("Org X", "xxx", "Coast", "100"),
        ("Org Y", "yyy", "Mountains", "200"),
    ]
    assert [row.number for row in table.rows] == [4, 5]


def test_without_hashtags_the_headings_are_the_first_full_row(shared_data: Path) -> None:
    folder = shared_data / "relief" / "hxl"
    table = tables.read(folder / "test_io__input-untagged.csv")
    assert table.headers == PEOPLE
    assert [row.number for row in table.rows] == [3, 4, 5, 6]
    plain = tables.read(folder / "test_scripts__input-untagged.csv")
    assert plain.headers == ("Organisation", "Cluster", "Country", "Subdivision")
    assert cells(plain) == [
        ("ACNUR", "WASH", "Panamá", "Los Santos"),
        ("OMS", "Health", "Colombia", "Cauca"),
        ("UNICEF", "Education", "Colombia", "Chocó"),
        ("OMS", "WASH", "Venezuela", "Amazonas"),
    ]


@pytest.mark.parametrize(
    ("name", "columns", "last_tag"),
    [
        ("test_scripts__input-date.csv", 8, "#adm1"),
        ("test_scripts__input-simple.csv", 7, "#adm1"),
        ("test_scripts__input-status.csv", 8, "#status"),
        ("test_scripts__input-whitespace.csv", 7, "#adm1"),
    ],
)
def test_tables_with_a_heading_and_a_hashtag_in_each_column(
    shared_data: Path, name: str, columns: int, last_tag: str
) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / name)
    assert len(table.headers) == columns
    assert tags(table)[-1] == last_tag
    assert None not in table.hashtags
    assert [row.number for row in table.rows] == list(range(3, 11))
    assert table.notes == ()


def test_outer_spaces_of_cells_are_taken_off(shared_data: Path) -> None:
    table = tables.read(shared_data / "relief" / "hxl" / "test_scripts__input-whitespace.csv")
    assert table.rows[1].cells[1] == "Higiene"
    assert table.rows[2].cells[1] == "Vacunación"


@pytest.mark.parametrize("name", ["test_io__input-valid.json", "test_io__input-untagged.json"])
def test_json_is_refused_with_a_remedy(shared_data: Path, name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        tables.read(shared_data / "relief" / "hxl" / name)
    assert str(refused.value) == (
        f"{name}: this is no table, but JSON. Save the table as CSV or XLSX."
    )


def test_every_file_of_the_folder_is_read_or_refused(shared_data: Path) -> None:
    read, refused = 0, 0
    for path in sorted((shared_data / "relief" / "hxl").iterdir()):
        try:
            assert tables.read(path).rows
            read += 1
        except Unreadable:
            refused += 1
    assert (read, refused) == (13, 2)


# -- Hashtags -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("#affected", Hashtag("affected")),
        (" #Affected +F + Children ", Hashtag("affected", ("f", "children"))),
        ("#date+reported", Hashtag("date", ("reported",))),
        ("affected", None),
        ("# affected", None),
        ("#", None),
        ("#1st", None),
        ("#affected f", None),
        ("#affected+", None),
        ("", None),
    ],
)
def test_what_is_a_hashtag(text: str, tag: Hashtag | None) -> None:
    assert hashtags.parse(text) == tag


def test_a_column_with_more_attributes_serves() -> None:
    assert Hashtag("item", ("name", "en")).serves(Hashtag("item", ("name",)))
    assert not Hashtag("item").serves(Hashtag("item", ("name",)))
    assert not Hashtag("org", ("name",)).serves(Hashtag("item", ("name",)))


def test_hashtags_are_taken_where_they_are_most_of_the_row() -> None:
    assert hashtags.row(["#a", "", "b"]) == [Hashtag("a"), None, None]
    assert hashtags.row(["#a", "b", "c"]) is None
    assert hashtags.row(["", ""]) is None


def test_headings_that_span_rows_are_taken_from_above(filed: Filed) -> None:
    table = tables.read(
        filed("Place,Need,\n,masks,kits\n#loc+name,#affected+m,#affected+k\nWard,1,2\n")
    )
    assert table.headers == ("Place", "masks", "kits")


def test_hashtags_above_all_headings_do(filed: Filed) -> None:
    table = tables.read(filed("#item+name,#value\nMask,5\n"))
    assert table.headers == ("", "")
    assert tags(table) == ("#item+name", "#value")
    assert cells(table) == [("Mask", "5")]


def test_hashtags_far_down_leave_nothing_out_in_silence(filed: Filed) -> None:
    table = tables.read(filed("Report,\nMarch,\nitem,quantity\n#item,#value\nMask,5\n"))
    assert table.headers == ("item", "quantity")
    assert [note.where for note in table.notes] == ["row 1", "row 2"]
    assert [row.number for row in table.rows] == [5]


def test_a_second_table_in_the_file_is_told(filed: Filed) -> None:
    table = tables.read(filed("item,n\n#item,#value\nMask,5\n#item,#value\nKit,6\n"))
    assert [[found.what for found in row.problems] for row in table.rows] == [
        [],
        ["this is a second row of hashtags."],
        [],
    ]


# -- Text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_cells_is_found(filed: Filed, mark: str) -> None:
    rows = [["item", "note", "n"], ["Mask", "one, two; three", "5"], ["Kit", "", "6"]]
    text = "\r\n".join(mark.join(f'"{cell}"' for cell in row) for row in rows)
    table = tables.read(filed(text))
    assert table.headers == ("item", "note", "n")
    assert cells(table) == [("Mask", "one, two; three", "5"), ("Kit", "", "6")]
    assert table.format == ("tsv" if mark == "\t" else "csv")


def test_a_file_named_tsv_is_parted_by_tabs(filed: Filed) -> None:
    assert cells(tables.read(filed("a,b\tc\n1,2\t3\n", "table.tsv"))) == [("1,2", "3")]


def test_a_table_of_one_column_is_a_table(filed: Filed) -> None:
    assert cells(tables.read(filed("item\nMask\nKit\n"))) == [("Mask",), ("Kit",)]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("item\nÉcran".encode(), "utf-8"),
        ("item\nÉcran".encode("utf-8-sig"), "utf-8"),
        ("item\nÉcran".encode("utf-16"), "utf-16"),
        ("item\nÉcran".encode("latin-1"), "cp1252"),
        ("item\nÉcran – 5 €".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_that_are_read(filed: Filed, content: bytes, encoding: str) -> None:
    table = tables.read(filed(content))
    assert table.encoding == encoding
    assert table.rows[0].cells[0].startswith("Écran")
    assert (len(table.notes) == 1) == (encoding == "cp1252")


def test_a_file_of_two_encodings_is_refused_at_its_line(filed: Filed) -> None:
    with pytest.raises(Unreadable) as refused:
        tables.read(filed("item\nÉcran\n".encode() + "Éponge\n".encode("latin-1")))
    assert refused.value.where == "line 3"
    assert "mixes two encodings" in str(refused.value)


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "gb18030", "koi8-r"])
def test_other_alphabets_are_not_turned_into_nonsense(filed: Filed, encoding: str) -> None:
    text = {"cp1251": "маска", "koi8-r": "маска", "shift_jis": "マスク", "gb18030": "防护口罩"}
    content = f"item\n{text[encoding]}\n".encode(encoding)
    with pytest.raises(Unreadable):
        tables.read(filed(content))
    assert cells(tables.read(filed(content), encoding=encoding)) == [(text[encoding],)]


def test_letters_are_composed(filed: Filed) -> None:
    assert cells(tables.read(filed("item\nE\u0301cran\n"))) == [("Écran",)]


def test_rows_keep_their_numbers_over_blank_rows_and_lines_in_cells(filed: Filed) -> None:
    table = tables.read(filed('item,note\n\n"Mask","one\r\ntwo"\n,\nKit,\n\n\n'))
    assert [(row.number, row.cells) for row in table.rows] == [
        (3, ("Mask", "one\ntwo")),
        (5, ("Kit", "")),
    ]
    assert table.blank == 2


def test_a_quantity_that_fell_apart_at_its_comma_is_told(filed: Filed) -> None:
    table = tables.read(filed("item,n\nMask,300,000\nKit,5\n"))
    assert [[found.remedy for found in row.problems] for row in table.rows] == [
        ["Put a value that holds a comma, such as 300,000, in quotation marks."],
        [],
    ]


def test_a_formula_in_a_text_table_is_told(filed: Filed) -> None:
    table = tables.read(filed("item,n\n=cmd(),5\n'=ok,6\n"))
    assert [str(found) for found in table.rows[0].problems] == [
        "row 2, column item: the cell begins like a formula; formulas are not evaluated. "
        "Write the value itself, or put an apostrophe before it."
    ]
    assert table.rows[1] == tables.Row(3, ("=ok", "6"))


@pytest.mark.parametrize(
    ("content", "name", "what"),
    [
        (b"", "table.csv", "the file is empty."),
        (b"\n \n,,\n", "table.csv", "the file is empty."),
        (b"\xef\xbb\xbf", "table.csv", "the file is empty."),
        (b"a,b\x00c", "table.csv", "this is no text, but a program's file."),
        (b"%PDF-1.7\n", "table.csv", "this is no table, but PDF."),
        (b"<!DOCTYPE html><table>", "table.csv", "this is no table, but a web page."),
        (b'[{"a": 1}]', "table.csv", "this is no table, but JSON."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old",
            "table.xls",
            "this is no table, but an old or a locked Excel file.",
        ),
        (b"PK\x03\x04broken", "table.xlsx", "this is not a workbook that can be read."),
        (b'a,b\n"c,d\n', "table.csv", "the quotation marks do not match"),
        (b'a,b\n"c"d,e\n', "table.csv", "the quotation marks do not match"),
        (b"a\n" + b"x" * 40_000, "table.csv", "or a cell is longer than 32767 letters."),
    ],
)
def test_files_that_are_no_tables(filed: Filed, content: bytes, name: str, what: str) -> None:
    with pytest.raises(Unreadable) as refused:
        tables.read(filed(content, name))
    assert what in refused.value.what
    assert refused.value.remedy


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No such file"):
        tables.read(tmp_path / "none.csv")


# -- Workbooks ------------------------------------------------------------------------------------


def test_a_workbook_gives_plain_numbers_and_iso_days(filed: Filed) -> None:
    content = workbook(
        ["item", "n", "share", "day", "ok"],
        ["Mask", 300_000, 0.1, datetime.datetime(2020, 3, 19), True],
        ["Kit", 5.0, 1e-7, datetime.datetime(2020, 3, 19, 8, 30), False],
    )
    assert cells(tables.read(filed(content, "t.xlsx"))) == [
        ("Mask", "300000", "0.1", "2020-03-19", "true"),
        ("Kit", "5", "0.0000001", "2020-03-19T08:30:00", "false"),
    ]


def test_formulas_are_named_by_their_cell_and_not_evaluated(filed: Filed) -> None:
    table = tables.read(filed(workbook(["item", "n"], ["Mask", "=1+1"], ["Kit", 5]), "t.xlsx"))
    assert [str(found) for found in table.rows[0].problems] == [
        "cell B2: a formula stands here; formulas are not evaluated. "
        "Put the value itself there: copy it, and paste it as a value."
    ]
    assert table.rows[1] == tables.Row(3, ("Kit", "5"))


def test_a_formula_in_the_headings_refuses_the_file(filed: Filed) -> None:
    with pytest.raises(Unreadable, match="cell A1: a formula stands here"):
        tables.read(filed(workbook(["=1+1", "n"], ["Mask", 5]), "t.xlsx"))


def test_a_sheet_can_be_named(filed: Filed) -> None:
    path = filed(workbook(["a"], ["1"], other=[["b"], ["2"]]), "t.xlsx")
    assert cells(tables.read(path)) == [("1",)]
    assert cells(tables.read(path, sheet="other")) == [("2",)]
    with pytest.raises(Unreadable, match=r"no sheet “none”\. It has: data, other\."):
        tables.read(path, sheet="none")


def test_merged_cells_are_blank_but_for_the_first(filed: Filed) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Donations", None, None])
    sheet.merge_cells("A1:C1")
    sheet.append(["country", "goods", "qty"])
    sheet.append(["Japan", "Mask", 5])
    stream = io.BytesIO()
    book.save(stream)
    table = tables.read(filed(stream.getvalue(), "t.xlsx"))
    assert table.headers == ("country", "goods", "qty")
    assert [row.number for row in table.rows] == [3]


def _with_part(content: bytes, name: str, data: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def test_macros_are_refused(filed: Filed) -> None:
    content = _with_part(workbook(["a"], ["1"]), "xl/vbaProject.bin", b"macro")
    with pytest.raises(Unreadable, match="the workbook carries macros"):
        tables.read(filed(content, "t.xlsx"))
    with pytest.raises(Unreadable, match="may carry macros"):
        tables.read(filed(workbook(["a"], ["1"]), "t.xlsm"))


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(filed: Filed) -> None:
    content = _with_part(workbook(["a"], ["1"]), "xl/worksheets/big.xml", b"0" * 20_000_000)
    assert len(content) < 50_000
    with pytest.raises(Unreadable, match="unpacks to far more than a table needs"):
        tables.read(filed(content, "t.xlsx"))


def test_what_a_sheet_says_of_its_own_size_does_not_count(filed: Filed) -> None:
    content = workbook(["a", "b"], ["1", "2"])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(stream, "w") as made:
        for part in given.infolist():
            data = given.read(part).replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
            made.writestr(part.filename, data)
    assert cells(tables.read(filed(stream.getvalue(), "t.xlsx"))) == [("1", "2")]


def test_entities_in_a_workbook_are_refused(filed: Filed) -> None:
    content = workbook(["a"], ["1"])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(stream, "w") as made:
        for part in given.infolist():
            data = given.read(part)
            if part.filename == "xl/workbook.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "b">]>' + data.replace(b"data", b"&a;")
            made.writestr(part.filename, data)
    with pytest.raises(Unreadable, match="not a workbook that can be read"):
        tables.read(filed(stream.getvalue(), "t.xlsx"))
