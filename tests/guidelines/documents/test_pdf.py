"""PDF: every script with its own face, embedded; text that can be found; right order and tags."""

import io
import re
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.utils import translation

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Document,
    Inline,
    InlineKind,
    Picture,
    Text,
)
from medixchange.guidelines.documents.tree import from_text
from medixchange.guidelines.documents.writing import to_pdf
from medixchange.guidelines.documents.writing.bidi import parts
from tests.guidelines.documents.samples import WORDS, sample

#: The face that each language must be set in. Written out, so that a change is meant.
FACES = {
    "en": "Noto-Sans",
    "am": "Noto-Sans-Ethiopic",
    "ar": "Noto-Naskh-Arabic",
    "bn": "Noto-Sans-Bengali",
    "fa": "Noto-Naskh-Arabic",
    "hi": "Noto-Sans-Devanagari",
    "km": "Noto-Sans-Khmer",
    "my": "Noto-Sans-Myanmar",
    "ta": "Noto-Sans-Tamil",
    "th": "Noto-Sans-Thai",
    "ur": "Noto-Nastaliq-Urdu",
    "zh": "Noto-Sans-CJK-SC",
}
#: Poppler turns the text of Nastaliq round; no reader has another way to it than ActualText.
NOT_BY_POPPLER = {"ur"}


def _installed(family: str) -> bool:
    found = subprocess.run(["fc-list", family], capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def _by_poppler(pdf: bytes, tool: str, folder: Path, *options: str) -> str:
    path = folder / "made.pdf"
    path.write_bytes(pdf)
    try:
        done = subprocess.run(
            [tool, *options, str(path), *(["-"] if tool == "pdftotext" else [])],
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        pytest.skip(f"{tool} (Debian package poppler-utils) is not installed")
    return done.stdout


def _fonts(pdf: bytes) -> dict[str, bool]:
    """Faces in the file by name, and whether each is embedded."""
    found: dict[str, bool] = {}
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            name = str(inner["/BaseFont"]).lstrip("/").partition("+")[2]
            found[name] = bool({"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor))
    return found


@pytest.mark.parametrize("tag", sorted(WORDS))
def test_each_script(tag: str, tmp_path: Path) -> None:
    """Its face is embedded, and the words come out of the file in order."""
    family = FACES[tag].replace("-", " ")
    if not _installed(family):
        pytest.skip(f"{family} is not installed (Debian: fonts-noto-core, fonts-noto-cjk)")
    pdf = to_pdf(sample(tag))
    fonts = _fonts(pdf)
    assert FACES[tag] in fonts
    assert all(fonts.values())
    text = _by_poppler(pdf, "pdftotext", tmp_path)
    assert "Not yet in this language." in text
    if tag not in NOT_BY_POPPLER:
        # Poppler gives a page back in lines; joiners are not glyphs.
        squeezed = "".join(unicodedata.normalize("NFC", text).replace("\u200c", "").split())
        for words in WORDS[tag][:2] + WORDS[tag][4:]:
            assert "".join(words.split()) in squeezed


def _titles(outline: list[Any]) -> list[Any]:
    return [_titles(each) if isinstance(each, list) else each.title for each in outline]


def test_it_is_tagged_for_screen_readers(tmp_path: Path) -> None:
    """PDF/UA-1, language, title shown, bookmarks, headings without gaps, table headers."""
    pdf = to_pdf(sample("zh"))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "zh"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata is not None
    assert reader.metadata.title == "感染预防指南"
    notes = _titles(reader.outline)[1].pop()
    assert notes
    assert _titles(reader.outline)[1][:-1] == ["手卫生", ["手卫生 2"], "手卫生 3"]
    structure = _by_poppler(pdf, "pdfinfo", tmp_path, "-struct")
    kinds = [line.strip().split(" ")[0].rstrip(":") for line in structure.splitlines()]
    for kind in ("H1", "H2", "H3", "P", "L", "LI", "Table", "TH", "TD", "Link", "BlockQuote"):
        assert kind in kinds
    assert "H4" not in kinds


@pytest.mark.parametrize(("tag", "said"), [("en", "Page 1 of"), ("sw", "Page 1 of")])
def test_page_numbers_and_running_title(tag: str, said: str, tmp_path: Path) -> None:
    """On the second page the title is above."""
    words = " ".join(["word"] * 1_200)
    document = Document("Running", tag, [Block(BlockKind.PARAGRAPH, Text(words))])
    with translation.override("en"):
        pdf = to_pdf(document)
    first = _by_poppler(pdf, "pdftotext", tmp_path, "-l", "1")
    second = _by_poppler(pdf, "pdftotext", tmp_path, "-f", "2", "-l", "2")
    assert said in first
    assert first.count("Running") == 1
    assert second.count("Running") == 1


def test_nothing_is_fetched() -> None:
    """A picture that is none is left out; no address is ever opened (sockets are shut here)."""
    document = Document(
        'x"; } @import url(http://127.0.0.1:9/x); /*',
        "en",
        [
            Block(BlockKind.FIGURE, Text("Cap"), picture="1"),
            Block(
                BlockKind.PARAGRAPH,
                Text("<x1/>", (Inline(1, InlineKind.PICTURE, "1"),)),
            ),
        ],
        pictures={"1": Picture("x.svg", b"<svg><image href='file:///etc/passwd'/></svg>", "alt")},
    )
    text = pypdf.PdfReader(io.BytesIO(to_pdf(document))).pages[0].extract_text()
    assert "Cap" in text
    assert "alt" in text


def _order(text: Text) -> list[str]:
    """What pieces of Arabic text are isolated as left-to-right."""
    return [
        "".join(node if isinstance(node, str) else "□" for node in nodes)
        for isolated, nodes in parts(from_text(text))
        if isolated
    ]


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("العدد 10<g1>9</g1> خلية", ["10□"]),
        ("في H<g1>2</g1>O.", ["H□O"]),
        ("الدكتور Dr <g1>A. Smith</g1> MD هنا", ["Dr □ MD"]),
        ("خذ 500 mg الآن", []),
        ("خذ <g1>500</g1> mg الآن", []),
        ("اغسل.<g1>1</g1> ثم", []),
        ("5–10 mg/kg", ["5–10 mg/kg"]),
        ("10<g1>9</g1>", ["10□"]),
        ("5–10", []),
        ("(CO<g1>2</g1>) ثم", ["CO□"]),
        ("<g1>خذ</g1> ثم <g2>هنا</g2>", []),
    ],
)
def test_powers_in_arabic_keep_their_order(text: str, isolated: list[str]) -> None:
    """Ten to the ninth is not nine and then ten."""
    kind = InlineKind.SUPERSCRIPT
    assert _order(Text(text, (Inline(1, kind), Inline(2, kind)))) == isolated


def test_powers_in_arabic_on_the_page(tmp_path: Path) -> None:
    """By where the digits stand: the exponent right of the base."""
    document = Document(
        "x",
        "ar",
        [
            Block(
                BlockKind.PARAGRAPH,
                Text("العدد 10<g1>97</g1> خلية", (Inline(1, InlineKind.SUPERSCRIPT),)),
            )
        ],
    )
    boxes = _by_poppler(to_pdf(document), "pdftotext", tmp_path, "-bbox")
    left = {word: float(at) for at, word in re.findall(r'xMin="([\d.]+)"[^>]*>([^<]+)<', boxes)}
    assert left["10"] < left["97"]
    assert left["ةيلخ"] < left["10"]
