"""Labels as they come from a printer: counted, read by a scanner, and legible."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from medixchange.core.languages import UnknownLanguage
from medixchange.relief.labels.codes import element_string, link, read, sscc
from medixchange.relief.labels.sheets import Handling, Label, Layout, Wording, render
from medixchange.relief.labels.sheets.fitting import size
from medixchange.relief.refusals import Refused

GTIN = "09521234543213"


def box(number: int, *, of: int, **changes: object) -> Label:
    """A box of an example consignment; GS1's example prefix 9521234."""
    label = Label(
        reference="CN-2020-0007",
        box=number,
        boxes=of,
        item=(
            Wording("en", "Mask, medical, type IIR, with ear loops"),
            Wording("ar", "كمامة طبية بحلقات للأذن"),
        ),
        quantity=1200,
        unit="masks",
        pack="24 × 50",
        sender="Sending warehouse",
        receiver="Receiving agency store",
        link=link("https://relief.example.org", "box", f"CN-2020-0007.{number}"),
        lot="LOT-7/A",
        expires_on=date(2027, 5, 31),
        sscc=sscc("9521234", number),
        gtin=GTIN,
        temperature=(2, 8),
        handling=tuple(Handling),
    )
    return replace(label, **changes)


#: Boxes as unlike as they come.
MIXED = [
    box(1, of=6),
    box(2, of=6, item=(Wording("zh", "医用外科口罩"), Wording("en", "Surgical mask")), handling=()),
    box(3, of=6, sscc="", temperature=None),
    box(4, of=6, gtin="", lot="", expires_on=None, pack="", temperature=(-25, -15)),
    box(5, of=6, lot="A" * 20, quantity=99_999_999, item=(Wording("my", "နှာခေါင်းစည်း"),)),
    box(
        1234,
        of=12345,
        reference="CN-2020-0007-JAKARTA-UTARA",
        link=link("https://relief.medixchange.example.org", "box", "A" * 64),
        item=(Wording("en", "Respirator, N95 or FFP2, " * 8), Wording("hi", "श्वासयंत्र मास्क " * 8)),
        sender="A hospital with a long name " * 4,
        receiver="An agency with a long name " * 4,
    ),
]


def saved(labels: list[Label], folder: Path, layout: Layout, language: str = "en") -> Path:
    path = folder / "labels.pdf"
    path.write_bytes(render(labels, layout=layout, language=language))
    return path


def pages(path: Path) -> list[Image.Image]:
    """The pages as an officer's printer would put them on paper at 200 dots to the inch."""
    subprocess.run(
        ["pdftoppm", "-r", "200", "-gray", "-png", path, path.parent / "page"], check=True
    )
    return [Image.open(picture) for picture in sorted(path.parent.glob("page*.png"))]


def codes(picture: Image.Image) -> list[tuple[str, bytes]]:
    return sorted(
        (code.symbology_identifier, code.bytes) for code in zxingcpp.read_barcodes(picture)
    )


def expected(labels: list[Label]) -> list[tuple[str, bytes]]:
    said = [("]Q1", label.link) for label in labels]
    said += [("]C1", element_string(sscc=label.sscc)) for label in labels if label.sscc]
    said += [
        ("]d2", element_string(gtin=label.gtin, lot=label.lot, expires_on=label.expires_on))
        for label in labels
        if label.gtin
    ]
    return sorted((symbology, text.encode()) for symbology, text in said)


def words(path: Path) -> str:
    """The text of the pages, with single spaces; a form feed ends a page."""
    said = subprocess.run(
        ["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True
    ).stdout
    return "\f".join(" ".join(page.split()) for page in said.split("\f"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_code_on_a_sheet_of_four_is_read(tmp_path, language):
    pictures = pages(saved(MIXED, tmp_path, Layout.A4, language))
    assert [codes(picture) for picture in pictures] == [expected(MIXED[:4]), expected(MIXED[4:])]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_code_on_a_thermal_label_is_read(tmp_path, language):
    pictures = pages(saved(MIXED, tmp_path, Layout.THERMAL, language))
    assert [codes(picture) for picture in pictures] == [expected([label]) for label in MIXED]


@pytest.mark.parametrize(
    ("layout", "count", "sheets", "width", "height"),
    [
        (Layout.A4, 1, 1, 210, 297),
        (Layout.A4, 4, 1, 210, 297),
        (Layout.A4, 5, 2, 210, 297),
        (Layout.THERMAL, 5, 5, 100, 150),
    ],
)
def test_sheets_have_their_size_and_number(layout, count, sheets, width, height, tmp_path):
    labels = [box(number, of=count) for number in range(1, count + 1)]
    made = PdfReader(saved(labels, tmp_path, layout)).pages
    assert len(made) == sheets
    assert {
        (
            round(float(page.mediabox.width) / 72 * 25.4),
            round(float(page.mediabox.height) / 72 * 25.4),
        )
        for page in made
    } == {(width, height)}


def test_bars_have_the_width_and_height_that_gs1_asks_for(tmp_path):
    (picture,) = pages(saved([box(1, of=1)], tmp_path, Layout.THERMAL))
    (bars,) = [
        code for code in zxingcpp.read_barcodes(picture) if code.symbology_identifier == "]C1"
    ]
    dots = 200 / 25.4
    width = (bars.position.top_right.x - bars.position.top_left.x) / dots
    assert width == pytest.approx(156 * 0.5, abs=0.5)
    left = int(bars.position.top_left.x) + 2
    column = picture.convert("1").crop((left, 0, left + 1, picture.height)).convert("L")
    dark = max(map(len, column.tobytes().split(b"\xff")))
    assert dark / dots == pytest.approx(31.75, abs=0.3)


def test_a_label_says_in_words_what_is_in_the_box(tmp_path):
    said = words(saved([box(3, of=12)], tmp_path, Layout.THERMAL))
    for part in (
        "CN-2020-0007", "3/12", "Mask, medical, type IIR", "1 200 masks", "24 × 50", "LOT-7/A",
        "2027-05-31", "31 May 2027", "Sending warehouse", "Receiving agency store",
        "+2 – +8 °C", "Keep cool", "This way up", "Keep dry", "Fragile",
        "(01)09521234543213(17)270531(10)LOT-7/A", f"(00){sscc('9521234', 3)}",
    ):  # fmt: skip
        assert part in said, part


def test_labels_keep_their_order_and_their_own_numbers(tmp_path):
    labels = [box(number, of=9) for number in (3, 1, 2)]
    said = words(saved(labels, tmp_path, Layout.THERMAL)).split("\f")
    assert [next(n for n in "123" if f"{n}/9" in page) for page in said[:3]] == ["3", "1", "2"]


def test_titles_are_in_english_beside_the_language_of_the_label(tmp_path):
    said = words(saved([box(1, of=1)], tmp_path, Layout.THERMAL, "id"))
    assert "31 Mei 2027" in said
    for title in ("Box", "From", "To", "Quantity", "Lot", "Expiry"):
        assert title in said


def test_a_language_without_interface_has_english_titles(tmp_path):
    assert "Expiry" in words(saved([box(1, of=1)], tmp_path, Layout.THERMAL, "sw"))
    with pytest.raises(UnknownLanguage):
        render([box(1, of=1)], layout=Layout.A4, language="xx")


def test_a_lot_that_gs1_does_not_allow_stands_in_words_only(tmp_path):
    path = saved([box(1, of=1, lot="批号 7")], tmp_path, Layout.THERMAL)
    assert "批号 7" in words(path)
    (matrix,) = [said for kind, said in codes(pages(path)[0]) if kind == "]d2"]
    scan = read(f"]d2{matrix.decode()}")
    assert (scan.gtin, scan.lot, scan.expires_on) == (GTIN, "", date(2027, 5, 31))


def test_names_are_text_not_markup(tmp_path):
    label = box(1, of=1, item=(Wording("en", "<b>Masks</b> & gowns"),), sender="</div><h1>A&B")
    said = words(saved([label], tmp_path, Layout.THERMAL))
    assert "<b>Masks</b> & gowns" in said
    assert "</div><h1>A&B" in said


def test_all_that_is_wrong_is_told_with_the_label_it_is_on():
    labels = [box(1, of=3), box(2, of=3, gtin="123"), box(3, of=3, sscc="095212340000000014")]
    with pytest.raises(Refused) as caught:
        render(labels, layout=Layout.A4, language="en")
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [
        ("labels.2.01", "form"),
        ("labels.3.00", "check_digit"),
    ]


def test_no_box_is_no_label():
    with pytest.raises(Refused, match="no box"):
        render([], layout=Layout.A4, language="en")


SIZES = (40, 30, 20, 10)


@given(text=st.text(max_size=80), width=st.floats(10, 100), height=st.floats(4, 60))
def test_words_in_a_wider_or_higher_place_are_not_smaller_by_more_than_a_step(text, width, height):
    here = size(text, width=width, height=height, sizes=SIZES)
    assert here in SIZES
    # A line may be spared at four fifths of the size.
    assert size(text, width=width * 2, height=height * 2, sizes=SIZES) >= 0.8 * here


def test_words_that_fit_nowhere_have_the_smallest_size():
    assert size("word " * 400, width=20, height=5, sizes=SIZES) == 10


def test_a_line_of_one_sign_is_avoided_by_a_little_smaller_words():
    assert size("医用外科口罩", width=89, height=60, sizes=(44, 40, 36)) == 40
