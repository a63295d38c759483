"""Word documents: what is read, what is mended, what is reported."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    Inline,
    InlineKind,
    Text,
    Untaken,
)
from medixchange.guidelines.documents.reading import read
from tests.guidelines.documents.word import by_pandoc, package, paragraph, part

_BEGINS = '<w:vMerge w:val="restart"/>'
_DATE = 'w:author="A" w:date="2024-01-01T00:00:00Z"'


def _read(folder: Path, body: str, **parts: bytes | str) -> Document:
    path = folder / "made.docx"
    path.write_bytes(package(body, **parts))
    return read(path, language="en")


def _cell(words: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(words)}</w:tc>"


def _span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def _photo() -> bytes:
    """A JPEG with a place in its EXIF and a turn of a quarter."""
    image = Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET WARD"
    exif.get_ifd(0x8825)[2] = (1.0, 2.0, 3.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"SECRET COMMENT")
    return out.getvalue()


def test_a_whole_document(tmp_path: Path) -> None:
    """Headings, lists, table, footnote, figure, links: as pandoc writes them, exactly."""
    (tmp_path / "hands.jpg").write_bytes(_photo())
    path = by_pandoc(
        """---
title: Hand hygiene
subtitle: For wards
---

# When

See [How](#how) and [WHO](https://www.who.int/x?a=1&b=2), not [this](javascript:alert(1)).[^1]

[^1]: Five moments.

    Before and after.

## How {#how}

1.  Wet hands
    a.  with water
        - clean
        - warm
2.  **Rub** for 40--60 s

![Palm to palm](hands.jpg)

| Step | Time  |
|------|-------|
| Rub  | 10^2^ s |
| Rinse | H~2~O |

: Steps

> Clean care is safer care.

Term

:   Meaning
""",
        tmp_path,
    )
    document = read(path, language="en")

    assert document.title == "Hand hygiene"
    link, strong = InlineKind.LINK, InlineKind.STRONG
    assert [b for b in document.blocks if b.kind is not BlockKind.FIGURE] == [
        Block(BlockKind.PARAGRAPH, Text("For wards")),
        Block(BlockKind.HEADING, Text("When"), level=1, anchor="when"),
        Block(
            BlockKind.PARAGRAPH,
            Text(
                "See <g1>How</g1> and <g2>WHO</g2>, not this.<x3/>",
                (
                    Inline(1, link, "#how"),
                    Inline(2, link, "https://www.who.int/x?a=1&b=2"),
                    Inline(3, InlineKind.FOOTNOTE_MARK, "1"),
                ),
            ),
        ),
        Block(BlockKind.HEADING, Text("How"), level=2, anchor="how"),
        Block(BlockKind.ITEM, Text("Wet hands"), level=1, ordered=True, number=1),
        Block(BlockKind.ITEM, Text("with water"), level=2, ordered=True, number=1, label="a."),
        Block(BlockKind.ITEM, Text("clean"), level=3),
        Block(BlockKind.ITEM, Text("warm"), level=3),
        Block(
            BlockKind.ITEM,
            Text("<g1>Rub</g1> for 40--60 s", (Inline(1, strong),)),
            level=1,
            ordered=True,
            number=2,
        ),
        Block(
            BlockKind.TABLE,
            Text("Steps"),
            rows=(
                (Cell(Text("Step"), header=True), Cell(Text("Time"), header=True)),
                (
                    Cell(Text("Rub")),
                    Cell(Text("10<g1>2</g1> s", (Inline(1, InlineKind.SUPERSCRIPT),))),
                ),
                (
                    Cell(Text("Rinse")),
                    Cell(Text("H<g1>2</g1>O", (Inline(1, InlineKind.SUBSCRIPT),))),
                ),
            ),
        ),
        Block(BlockKind.QUOTE, Text("Clean care is safer care.")),
        Block(BlockKind.PARAGRAPH, Text("<g1>Term</g1>", (Inline(1, strong),))),
        Block(BlockKind.ITEM, Text("Meaning"), level=1),
        Block(BlockKind.FOOTNOTE, Text("Five moments."), label="1"),
        Block(BlockKind.FOOTNOTE, Text("Before and after."), label="1", continued=True),
    ]
    assert document.untaken == [
        Untaken(
            "A link to “javascript:alert(1)”; its words are kept",
            "When, paragraph 1",
            "Only links to https, http and mailto addresses and within the document are taken.",
        )
    ]


def test_pictures_lose_what_the_camera_knew(tmp_path: Path) -> None:
    """Upright, without EXIF, place or comment."""
    (tmp_path / "ward.jpg").write_bytes(_photo())
    document = read(by_pandoc("![The ward](ward.jpg)", tmp_path), language="en")
    (figure,) = document.blocks
    assert (figure.kind, figure.text.text) == (BlockKind.FIGURE, "The ward")
    content = document.pictures[figure.picture].content
    image = Image.open(io.BytesIO(content))
    assert image.format == "JPEG"
    assert image.size == (20, 40)
    assert not image.getexif()
    assert b"SECRET" not in content


def test_tracked_changes_are_taken_as_meant_and_reported(tmp_path: Path) -> None:
    """Inserted words are in, deleted ones out; both named with their place."""
    document = _read(
        tmp_path,
        paragraph("Dosage", "Heading1") + '<w:p><w:r><w:t xml:space="preserve">Give </w:t></w:r>'
        f'<w:del w:id="1" {_DATE}><w:r><w:delText>500</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" {_DATE}><w:r><w:t>50</w:t></w:r></w:ins>'
        '<w:r><w:t xml:space="preserve"> mg</w:t></w:r></w:p>',
    )
    assert [block.text.text for block in document.blocks] == ["Give 50 mg"]
    assert [(thing.what, thing.where) for thing in document.untaken] == [
        ("A tracked deletion: “500” is left out", "Dosage, paragraph 1"),
        ("A tracked insertion: “50” is taken as text", "Dosage, paragraph 1"),
    ]


def test_comments_are_reported(tmp_path: Path) -> None:
    """With their words."""
    comment = f'<w:comment w:id="0" {_DATE} w:initials="A">{paragraph("Is it 5?")}</w:comment>'
    document = _read(
        tmp_path,
        '<w:p><w:commentRangeStart w:id="0"/><w:r><w:t>Text</w:t></w:r>'
        '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r></w:p>',
        **{"word/comments.xml": part("comments", comment)},
    )
    assert [block.text.text for block in document.blocks] == ["Text"]
    assert [thing.what for thing in document.untaken] == ["A comment: “Is it 5?”"]


@pytest.mark.parametrize("grid", ['<w:gridCol w:w="9"/>' * 3, '<w:gridCol w:w="9"/>', ""])
def test_merged_cells(tmp_path: Path, grid: str) -> None:
    """Whatever number of columns the table says it has, no cell is lost."""
    document = _read(
        tmp_path,
        f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>"
        f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{_cell('A')}"
        f"{_cell('B', _span(2))}</w:tr>"
        f"<w:tr>{_cell('x', _BEGINS)}{_cell('1')}{_cell('2')}</w:tr>"
        f"<w:tr>{_cell('', '<w:vMerge/>')}{_cell('3')}{_cell('4')}</w:tr></w:tbl>",
    )
    (table,) = document.blocks
    assert [[(c.text.text, c.header, c.rowspan, c.colspan) for c in row] for row in table.rows] == [
        [("A", True, 1, 1), ("B", True, 1, 2)],
        [("x", False, 2, 1), ("1", False, 1, 1), ("2", False, 1, 1)],
        [("3", False, 1, 1), ("4", False, 1, 1)],
    ]
    assert document.untaken == []


def test_a_frame_of_one_cell_is_text(tmp_path: Path) -> None:
    """As many set their recommendations."""
    document = _read(
        tmp_path,
        '<w:tbl><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid>'
        f"<w:tr>{_cell('We recommend masks.')}</w:tr></w:tbl>",
    )
    assert document.blocks == [Block(BlockKind.PARAGRAPH, Text("We recommend masks."))]


def test_text_boxes_are_read_after_their_paragraph(tmp_path: Path) -> None:
    """Once, though the file has them twice, for old programs and new."""
    box = f"<w:txbxContent>{paragraph('In a box')}</w:txbxContent>"
    document = _read(
        tmp_path,
        paragraph("Before") + "<w:p><w:r><w:t>Tied to this.</w:t></w:r><w:r><mc:AlternateContent>"
        '<mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData uri="x">'
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline>"
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r></w:p>" + paragraph("After"),
    )
    assert [b.text.text for b in document.blocks] == [
        "Before",
        "Tied to this.",
        "In a box",
        "After",
    ]
    assert document.untaken == [
        Untaken(
            "A text box; its text stands after the paragraph it is tied to",
            "paragraph 2",
            "Check that this is the right place, or move it into the text.",
        )
    ]


def test_charts_headers_and_macros_are_reported(tmp_path: Path) -> None:
    """With place and remedy; a footer that only counts pages is not."""
    document = _read(
        tmp_path,
        paragraph("Mortality", "Heading1")
        + paragraph("See the chart.")
        + '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="x">'
        '<c:chart r:id="r9"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>',
        **{
            "word/header1.xml": part("hdr", paragraph("Draft, do not cite")),
            "word/footer1.xml": part("ftr", paragraph("3 / 12")),
            "word/vbaProject.bin": b"\0",
        },
    )
    assert [(thing.what, thing.where) for thing in document.untaken] == [
        ("A chart", "Mortality, paragraph 2"),
        ("The page header “Draft, do not cite”", "on every page"),
        ("Macros", "beginning"),
    ]


def test_a_table_of_contents_is_left_out(tmp_path: Path) -> None:
    """And links to headings still lead there."""
    document = _read(
        tmp_path,
        '<w:p><w:hyperlink w:anchor="_Toc1"><w:r><w:t>Dosage</w:t></w:r><w:r><w:tab/></w:r>'
        "<w:r><w:t>3</w:t></w:r></w:hyperlink></w:p>"
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:bookmarkStart w:id="1" w:name="_Toc1"/>'
        '<w:r><w:t>Dosage</w:t></w:r><w:bookmarkEnd w:id="1"/></w:p>'
        '<w:p><w:r><w:t xml:space="preserve">As in </w:t></w:r><w:hyperlink w:anchor="_Toc1">'
        "<w:r><w:t>Dosage</w:t></w:r></w:hyperlink></w:p>" + paragraph("Last", "Heading1"),
    )
    assert [(b.kind.value, b.text.text) for b in document.blocks] == [
        ("heading", "Dosage"),
        ("paragraph", "As in <g1>Dosage</g1>"),
        ("heading", "Last"),
    ]
    (link,) = document.blocks[1].text.inline
    assert link.target == f"#{document.blocks[0].anchor}"
    assert document.blocks[0].anchor
    assert [thing.what for thing in document.untaken] == ["The table of contents"]


def test_formulas_keep_their_source(tmp_path: Path) -> None:
    """Not as letters in a row, where a power would be a digit."""
    document = read(by_pandoc("Dose is $x^{2}$ mg.", tmp_path), language="en")
    assert document.blocks[0].text.text == "Dose is <g1>x^{2}</g1> mg."
    assert document.blocks[0].text.inline == (Inline(1, InlineKind.CODE),)
    assert [thing.what for thing in document.untaken] == [
        "A formula; its source is kept as “x^{2}”"
    ]


def test_words_that_pandoc_leaves_out_are_reported(tmp_path: Path) -> None:
    """Whatever the form they were in."""
    document = _read(
        tmp_path,
        paragraph("Read.")
        + "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden dose 5 mg</w:t></w:r></w:p>"
        "<w:p><w:unheard><w:r><w:t>Unheard of 7 mg</w:t></w:r></w:unheard></w:p>",
    )
    said = " ".join(b.text.text for b in document.blocks)
    for words in ("Hidden dose 5 mg", "Unheard of 7 mg"):
        reported = any(words in thing.what for thing in document.untaken)
        assert (words in said) is not reported


def test_endless_spans_are_cut(tmp_path: Path) -> None:
    """A cell that says it spans a thousand million columns."""
    document = _read(
        tmp_path,
        '<w:tbl><w:tblGrid><w:gridCol w:w="9"/></w:tblGrid><w:tr>'
        f"{_cell('a', _span(1_000_000_000))}{_cell('b')}</w:tr>"
        f"<w:tr>{_cell('c')}{_cell('d')}</w:tr></w:tbl>",
    )
    words = [cell.text.text for row in document.blocks[0].rows for cell in row]
    assert [word for word in words if word] == ["a", "b", "c", "d"]


def test_real_sentences_pass_unchanged(tmp_path: Path, shared_data: Path) -> None:
    """The Chinese protocol through Word: each sentence in its place, none reported lost."""
    lines = (shared_data / "guidelines" / "china_protocol7_zh_en.tsv").read_text("utf-8")
    sentences = [
        re.sub(r"\s+", " ", cell).strip()
        for line in lines.splitlines()[1:]
        for cell in line.split("\t")
        if re.search("[\u4e00-\u9fff]", cell)
    ]
    assert len(sentences) > 100
    path = tmp_path / "protocol.docx"
    safe = [s.replace("&", "&amp;").replace("<", "&lt;") for s in sentences]
    path.write_bytes(package("".join(paragraph(sentence) for sentence in safe)))
    document = read(path, language="zh")
    assert [block.text.text for block in document.blocks] == sentences
    assert document.untaken == []
