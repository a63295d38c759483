"""HTML and Markdown as they are written."""

import base64
import hashlib
import io
import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from PIL import Image

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    Inline,
    InlineKind,
    Mark,
    Picture,
    Text,
)
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.writing import markdown_pictures, to_html, to_markdown
from tests.guidelines.documents.samples import WORDS, sample


def _picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("tag", sorted(WORDS))
def test_a_page_in_each_language(tag: str) -> None:
    """Language and direction, unique identifiers, links that lead somewhere, headings in order."""
    page = html.fromstring(to_html(sample(tag)))
    assert page.get("lang") == tag
    assert page.get("dir") == ("rtl" if tag in ("ar", "fa", "ur") else "ltr")
    identifiers = page.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    for link in page.xpath("//a[starts-with(@href, '#')]/@href"):
        assert link[1:] in identifiers
    levels = [
        int(each.tag[1]) for each in page.xpath("//main//*[self::h2 or self::h3 or self::h4]")
    ]
    assert levels == [2, 3, 2, 2]
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    assert not page.xpath("//script | //link | //@style | //*[@*[starts-with(name(), 'on')]]")


def test_what_a_page_says() -> None:
    """Marks in words, the other language marked as such, scopes, counting, ways back."""
    with translation.override("en"):
        page = html.fromstring(to_html(sample("en")))
        burmese = html.fromstring(to_html(sample("my")))
    marks = [" ".join(mark.text_content().split()) for mark in page.find_class("mark")]
    assert marks == [
        "✓ approved by Dr A, General Hospital, 1 May 2024",
        "⚠ machine: engine, not reviewed",
        "∅ not translated yet",
    ]
    assert page.xpath("//*[@class='mark mark-machine']/span/@aria-hidden") == ["true"]
    (other,) = burmese.xpath("//main//p[@lang]")
    assert (other.get("lang"), other.text_content()) == ("en", "Not yet in this language.")
    scopes = [(th.get("scope"), th.get("colspan"), th.get("rowspan")) for th in page.xpath("//th")]
    assert scopes == [("col", None, None), ("colgroup", "2", None), ("rowgroup", None, "2")]
    assert page.xpath("//main//ol/@start") == ["3"]
    assert page.xpath("//main//ol/li/p")[-1].text_content() == WORDS["en"][3]
    (note,) = page.xpath("//*[@role='doc-noteref']")
    assert note.get("href") == "#mx-note-1"
    assert note.get("aria-label") == "Note 1"
    (back,) = page.xpath("//*[@role='doc-backlink']")
    assert back.get("href") == f"#{note.get('id')}"
    assert page.xpath("string(//nav/h2)") == "Contents"
    assert burmese.xpath("//nav/h2/@lang") == ["en"]
    assert len(page.xpath("//nav//a")) == 3
    assert page.xpath("string(//header/p)") == "Infection prevention · 3 · 87 %"
    assert page.xpath("string(//footer)") == WORDS["en"][2]


def test_the_policy_allows_the_style_and_nothing_else() -> None:
    """The hash in the page is that of its style."""
    written = to_html(sample("en"))
    style = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', written)
    assert style
    assert policy
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1] == f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"


#: All that a page is made of.
_ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section",
    "div", "h1", "h2", "p", "a", "ol", "ul", "li", "table", "caption", "thead", "tbody", "tr",
    "td", "th", "figure", "img", "figcaption", "pre", "sup", "small", "span",
}  # fmt: skip
_NASTY = st.text("<>&\"'/ aps=:;#xml!-[]{}\\`", max_size=20) | st.sampled_from(
    ["<script>alert(1)</script>", "</title><script>", '" onload="x', "]]>", "<!--", "</style>"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(_NASTY, min_size=8, max_size=8))
def test_no_text_becomes_markup(texts: list[str]) -> None:
    """Wherever it stands in the document."""
    title, words, state, source, mark, label, anchor, verbatim = texts
    blocks = [
        Block(BlockKind.HEADING, Text(words), level=1, anchor=anchor),
        Block(BlockKind.PARAGRAPH, Text(words), mark=Mark(mark, mark), anchor=anchor),
        Block(BlockKind.ITEM, Text(words), level=2, ordered=True, number=1, label=label),
        Block(BlockKind.TABLE, Text(words), rows=((Cell(Text(words)),),)),
        Block(BlockKind.FIGURE, Text(words), picture="1"),
        Block(BlockKind.VERBATIM, Text(verbatim)),
        Block(
            BlockKind.PARAGRAPH,
            Text(
                "<g1>a</g1><x2/>",
                (
                    Inline(1, InlineKind.LINK, words),
                    Inline(2, InlineKind.FOOTNOTE_MARK, label),
                ),
            ),
        ),
        Block(BlockKind.FOOTNOTE, Text(words), label=label),
    ]
    document = Document(
        title,
        "en",
        blocks,
        pictures={"1": Picture(words, _picture(), words)},
        state_line=state,
        sources=(source,),
    )
    written = to_html(document)
    page = html.fromstring(written)
    assert {each.tag for each in page.iter() if isinstance(each.tag, str)} <= _ELEMENTS
    names = {name for each in page.iter() for name in each.attrib}
    assert not [name for name in names if name.startswith("on")]
    assert page.xpath("count(//comment())") == 0
    assert page.xpath("//img/@alt") == [words]
    to_markdown(document)


def test_lists_across_a_table() -> None:
    """Counting goes on after what parts the list; the rest of an item is no new item."""
    item = Block(BlockKind.ITEM, Text("a"), level=1, ordered=True, number=1)
    table = Block(BlockKind.TABLE, rows=((Cell(Text("x")),),))
    rest = Block(BlockKind.ITEM, Text("b"), level=1, ordered=True, number=1, continued=True)
    last = Block(BlockKind.ITEM, Text("c"), level=1, ordered=True, number=2)
    page = html.fromstring(to_html(Document("T", "en", [item, table, rest, last])))
    assert page.xpath("//ol/@start") == ["2"]
    assert [each.text_content() for each in page.xpath("//ol/li")] == ["a", "c"]
    assert page.xpath("string(//div[@class='rest'])") == "b"


def test_counters_that_are_no_numbers() -> None:
    """As they were written."""
    blocks = [
        Block(BlockKind.ITEM, Text("a"), level=1, ordered=True, number=2, label="b)"),
        Block(BlockKind.ITEM, Text("b"), level=1, ordered=True, number=3, label="c)"),
    ]
    page = html.fromstring(to_html(Document("T", "en", blocks)))
    assert [each.text_content() for each in page.find_class("count")] == ["b)", "c)"]
    assert to_markdown(Document("T", "en", blocks)) == "# T\n\nb) a\nc) b\n"


def test_the_writers_words_are_in_the_documents_language() -> None:
    """Whatever language the person who exports works in, where the interface has it."""
    for tag in ("id", "fr", "zh", "ar"):
        with translation.override("en"):
            page = html.fromstring(to_html(sample_with_headings(tag)))
        assert page.xpath("//nav/h2/@lang") == []


def sample_with_headings(tag: str) -> Document:
    """Enough headings for contents."""
    blocks = [Block(BlockKind.HEADING, Text(f"H{number}"), level=1) for number in range(3)]
    return Document("T", tag, blocks)


# -- Markdown ----------------------------------------------------------------------------------


def test_markdown_as_written(tmp_path: Path) -> None:
    """Exactly; and read back with figure, note, anchors and link."""
    sup = InlineKind.SUPERSCRIPT
    document = Document(
        "Doses",
        "en",
        [
            Block(BlockKind.HEADING, Text("Adults"), level=1, anchor="adults"),
            Block(
                BlockKind.PARAGRAPH,
                Text(
                    "Up to 10<g1>9</g1>; see <g2>below</g2>.<x3/>",
                    (
                        Inline(1, sup),
                        Inline(2, InlineKind.LINK, "#table"),
                        Inline(3, InlineKind.FOOTNOTE_MARK, "1"),
                    ),
                ),
                mark=Mark("machine", "machine, not reviewed"),
            ),
            Block(BlockKind.ITEM, Text("one"), level=1, ordered=True, number=1),
            Block(BlockKind.ITEM, Text("in one"), level=2),
            Block(BlockKind.ITEM, Text("anew"), level=1, ordered=True, number=1),
            Block(
                BlockKind.TABLE,
                Text("Cap"),
                rows=(
                    (Cell(Text("A"), True), Cell(Text("B"), True, 1, 2)),
                    (Cell(Text("x"), True, 2), Cell(Text("1|2")), Cell(Text("2"))),
                    (Cell(Text("3")), Cell(Text("4"))),
                ),
                anchor="table",
            ),
            Block(BlockKind.FIGURE, Text("Palm"), picture="1"),
            Block(BlockKind.FOOTNOTE, Text("First."), label="1"),
            Block(BlockKind.FOOTNOTE, Text("Second."), label="1", continued=True),
        ],
        pictures={"1": Picture("hand.png", _picture(), "A hand")},
        state_line="version 3",
        sources=("WHO, 2009",),
    )
    assert to_markdown(document) == (
        """# Doses

*version 3*

## Adults {#adults}

Up to 10<sup>9</sup>; see [below](#table).[^1] *\\[⚠ machine, not reviewed\\]*

1. one
   - in one

<!-- -->

1. anew

| A | B | B |
| --- | --- | --- |
| x | 1\\|2 | 2 |
| x | 3 | 4 |

: <span id="table"></span>Cap

![Palm](hand.png){alt="A hand"}

[^1]: First.

    Second.

***

WHO, 2009
"""
    )
    assert list(markdown_pictures(document)) == ["hand.png"]
    path = tmp_path / "doses.md"
    path.write_text(to_markdown(document), encoding="utf-8")
    for name, content in markdown_pictures(document).items():
        (tmp_path / name).write_bytes(content)
    again = read(path, language="en")
    kinds = [(b.kind.value, b.text.text, b.anchor, b.label, b.continued) for b in again.blocks]
    assert kinds == [
        ("paragraph", "<g1>version 3</g1>", "", "", False),
        ("heading", "Adults", "adults", "", False),
        (
            "paragraph",
            "Up to 10<g1>9</g1>; see <g2>below</g2>.<x3/> <g4>[⚠ machine, not reviewed]</g4>",
            "",
            "",
            False,
        ),
        ("item", "one", "", "", False),
        ("item", "in one", "", "", False),
        ("item", "anew", "", "", False),
        ("table", "Cap", "table", "", False),
        ("figure", "Palm", "", "", False),
        ("paragraph", "WHO, 2009", "", "", False),
        ("footnote", "First.", "", "1", False),
        ("footnote", "Second.", "", "1", True),
    ]
    assert again.pictures["1"].alt == "A hand"
    assert again.untaken == []


def test_markdown_with_pictures_within(tmp_path: Path) -> None:
    """One file that needs no other."""
    document = Document(
        "T",
        "en",
        [Block(BlockKind.FIGURE, picture="k")],
        pictures={"k": Picture("../../evil name.exe", _picture(), "")},
    )
    assert list(markdown_pictures(document)) == ["evil-name.png"]
    path = tmp_path / "t.md"
    path.write_text(to_markdown(document, within=True), encoding="utf-8")
    assert [block.kind for block in read(path, language="en").blocks] == [BlockKind.FIGURE]
