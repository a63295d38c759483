"""Every drawn symbol, put on paper and read by a scanner's software, gives what went in."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from weasyprint import HTML

from medixchange.relief.labels import drawing
from medixchange.relief.labels.codes import GS, KINDS, element_string, link, read, sscc
from medixchange.relief.refusals import Refused
from tests.relief.labels.test_building import GTIN, days, gtins, lots

EXPIRY = date(2027, 5, 31)
BOX = element_string(sscc=sscc("9521234", 1))
GOODS = element_string(gtin=GTIN, lot="LOT-7/A", expires_on=EXPIRY, quantity=120)
LINK = link("https://relief.example.org", "box", "CN-2020-0007.3")


def printed(svg: str, folder: Path) -> Image.Image:
    """The symbol in its size on a page, as a picture of 200 dots to the inch."""
    path = folder / "symbol.pdf"
    HTML(string=f"<style>@page {{ size: 120mm }}</style>{svg}").write_pdf(path)
    subprocess.run(["pdftoppm", "-r", "200", "-gray", "-png", path, folder / "page"], check=True)
    (picture,) = folder.glob("page*.png")
    return Image.open(picture)


def scanned(picture: Image.Image) -> list[tuple[str, bytes]]:
    """What the scanner finds: symbology identifiers and the bytes after them."""
    return [(code.symbology_identifier, code.bytes) for code in zxingcpp.read_barcodes(picture)]


def painted(symbol: drawing.Symbol, scale: int = 4) -> Image.Image:
    """The symbol's modules as a picture, without paper."""
    picture = Image.new("L", (symbol.columns * scale, symbol.rows * scale), 255)
    for x, y, length in symbol.runs:
        picture.paste(0, (x * scale, y * scale, (x + length) * scale, (y + 1) * scale))
    return picture.resize((picture.width, 80)) if symbol.rows == 1 else picture


def test_bars_of_an_sscc_are_gs1_128(tmp_path):
    svg = drawing.gs1_128(BOX).svg(height=drawing.BARS)
    assert scanned(printed(svg, tmp_path)) == [("]C1", BOX.encode())]


def test_goods_are_a_square_gs1_datamatrix(tmp_path):
    symbol = drawing.data_matrix(GOODS)
    assert symbol.columns == symbol.rows
    assert GS in GOODS
    assert scanned(printed(symbol.svg(), tmp_path)) == [("]d2", GOODS.encode())]


def test_a_link_is_a_qr_code(tmp_path):
    assert scanned(printed(drawing.qr(LINK).svg(), tmp_path)) == [("]Q1", LINK.encode())]


@given(gtin=gtins, lot=lots, day=days)
@settings(max_examples=60)
def test_any_goods_are_read_from_their_symbols(gtin, lot, day):
    text = element_string(gtin=gtin, lot=lot, expires_on=day)
    assert scanned(painted(drawing.data_matrix(text))) == [("]d2", text.encode())]
    assert scanned(painted(drawing.gs1_128(text))) == [("]C1", text.encode())]
    ((symbology, said),) = scanned(painted(drawing.data_matrix(text)))
    assert read(symbology + said.decode()).lot == lot


@given(
    kind=st.sampled_from(KINDS), reference=st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)
)
@settings(max_examples=60)
def test_any_link_is_read_from_its_qr_code(kind, reference):
    address = link("https://relief.example.org", kind, reference)
    assert scanned(painted(drawing.qr(address))) == [("]Q1", address.encode())]


def test_modules_and_margins_have_the_sizes_that_scanners_ask_for():
    bars, matrix, square = drawing.gs1_128(BOX), drawing.data_matrix(GOODS), drawing.qr(LINK)
    # Start, FNC1, ten pairs, check, stop of 13 modules; ten light modules at each end.
    assert bars.columns == 2 * 10 + 11 * 13 + 13
    assert bars.svg(height=drawing.BARS).startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" width="88mm" height="31.75mm"'
    )
    assert min(x for x, _y, _length in matrix.runs) == 1
    assert square.runs[0] == (4, 4, 7)


def test_a_symbol_tells_a_screen_reader_what_it_says():
    assert 'role="img" aria-label="(00)095212340000000013"' in drawing.gs1_128(BOX).svg()
    assert "&lt;b&gt;" in drawing.qr("<b>").svg()


def test_what_bars_cannot_carry_is_refused():
    text = element_string(sscc=sscc("9521234", 1), gtin=GTIN, lot="A" * 20, quantity=5)
    with pytest.raises(Refused) as caught:
        drawing.gs1_128(text)
    (problem,) = caught.value.problems
    assert problem.code == "too_long"
    assert scanned(painted(drawing.data_matrix(text))) == [("]d2", text.encode())]


def test_what_is_no_element_string_is_refused():
    with pytest.raises(Refused):
        drawing.data_matrix("CN-1")
