"""HTML and Markdown: what is read, and that nothing harmful or from elsewhere comes with it."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Document,
    Inline,
    InlineKind,
    Text,
)
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.writing import to_html


def _picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (3, 2), colour).save(out, "PNG")
    return out.getvalue()


def _read(folder: Path, name: str, text: str, language: str = "en") -> Document:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read(path, language=language)


def _words(document: Document) -> list[str]:
    return [block.text.text for block in document.blocks]


# -- HTML --------------------------------------------------------------------------------------

_HOSTILE = """<!doctype html><html><head><title>Masks &amp; more</title>
<style>body { background: url(http://evil.example/x) }</style>
<script>alert(1)</script></head>
<body onload="alert(2)">
<h1 onclick="alert(3)">Who wears one</h1>
<p>Staff <a href="javascript:alert(4)">here</a> and <a href="https://ok.example/">there</a>.</p>
<iframe src="https://evil.example/">frame</iframe>
<p><img src="file:///etc/passwd" alt="a leak"></p>
<p><img src="https://evil.example/track.png" alt="a pixel"></p>
<p><img src="../../../etc/passwd" alt="a climb"></p>
<p>Done<script>alert(5)</script>.<svg><script>alert(6)</script></svg></p>
<form><input type="text" value="v"><button>Go</button></form>
<object data="x.swf">object</object>
</body></html>"""


def test_hostile_html(tmp_path: Path) -> None:
    """Words stay, everything else goes and is reported with its place."""
    document = _read(tmp_path, "a.html", _HOSTILE)
    assert document.title == "Masks & more"
    assert _words(document) == [
        "Who wears one",
        "Staff here and <g1>there</g1>.",
        "a leak",
        "a pixel",
        "a climb",
        "Done.",
    ]
    assert document.pictures == {}
    assert [(thing.what, thing.where) for thing in document.untaken] == [
        ("An element “<style>”", "line 2"),
        ("An element “<script>”", "line 3"),
        ("A program in the attribute “onload”", "line 4"),
        ("A program in the attribute “onclick”", "line 5"),
        ('An element “<iframe src="https://evil.example/">”', "line 7"),
        ("An element “<script>”", "line 11"),
        ("An element “<svg>”", "line 11"),
        ("An element “<form>”", "line 12"),
        ('An element “<input type="text" value="v">”', "line 12"),
        ("An element “<button>”", "line 12"),
        ('An element “<object data="x.swf">”', "line 13"),
        (
            "A link to “javascript:alert(4)”; its words are kept",
            "Who wears one, paragraph 1",
        ),
        (
            "Picture “a leak”: The picture lies elsewhere (file:///etc/passwd) and is not fetched.",
            "Who wears one, paragraph 2",
        ),
        (
            "Picture “a pixel”: The picture lies elsewhere (https://evil.example/track.png) "
            "and is not fetched.",
            "Who wears one, paragraph 3",
        ),
        (
            "Picture “a climb”: The picture ../../../etc/passwd is not beside the document.",
            "Who wears one, paragraph 4",
        ),
    ]
    written = to_html(document)
    for harm in ("<script", "javascript:", "onclick", "<iframe", "evil.example", "passwd"):
        assert harm not in written


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example/x",
        "other.html",
        "ftp://x.example/",
        "https:",
        "mailto:",
        "#nowhere",
        "blob:x",
        "unheard-of:x",
    ],
)
@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_links_that_are_not_taken(tmp_path: Path, name: str, address: str) -> None:
    """Their words are."""
    html = f'<p>Read <a href="{address.replace("<", "&lt;")}">this</a> now.</p>'
    text = html if name == "a.html" else f"Read [this](<{address.strip()}>) now."
    if name == "a.md" and ("<" in address or "\t" in address):
        text = html
    document = _read(tmp_path, name, text)
    (block,) = document.blocks
    assert block.text == Text("Read this now.")
    assert "href" not in to_html(document).replace('href="#mx', "")


def test_html_structure(tmp_path: Path) -> None:
    """Lists, spans, headers at the side, definition lists, quotes, formulas, Chinese line ends."""
    document = _read(
        tmp_path,
        "a.html",
        """<h1 id="top">One</h1><h2>Two</h2>
<ol start="3" type="i"><li>a<ul><li>b<p>c</p></li></ul></li></ol>
<table><caption>Cap</caption><thead><tr><th>A</th><th colspan="2">B</th></tr></thead>
<tr><th rowspan="2">r</th><td>1</td><td>2</td></tr><tr><td>3<p>x</p><ul><li>y</li></ul></td>
<td>4</td></tr></table>
<dl><dt>Term</dt><dd>Meaning</dd></dl><blockquote><p>Said</p></blockquote>
<p>中文
换行 <b>bold </b><i> x</i></p><math><msup><mi>x</mi><mn>2</mn></msup></math>
<pre>as  is
</pre><p>See <a href="#top">top</a>, m<sup>2</sup>.</p>""",
    )
    kinds = [(b.kind.value, b.level, b.text.text, b.continued, b.label) for b in document.blocks]
    assert kinds == [
        ("heading", 1, "Two", False, ""),
        ("item", 1, "a", False, "iii."),
        ("item", 2, "b", False, ""),
        ("item", 2, "c", True, ""),
        ("table", 0, "Cap", False, ""),
        ("paragraph", 0, "<g1>Term</g1>", False, ""),
        ("item", 1, "Meaning", False, ""),
        ("quote", 0, "Said", False, ""),
        ("paragraph", 0, "中文换行 <g1>bold</g1> <g2>x</g2>", False, ""),
        ("paragraph", 0, "<g1>x^{2}</g1>", False, ""),
        ("verbatim", 0, "as  is", False, ""),
        ("paragraph", 0, "See <g1>top</g1>, m<g2>2</g2>.", False, ""),
    ]
    assert document.title == "One"
    table = document.blocks[4]
    assert [[(c.text.text, c.header, c.rowspan, c.colspan) for c in row] for row in table.rows] == [
        [("A", True, 1, 1), ("B", True, 1, 2)],
        [("r", True, 2, 1), ("1", False, 1, 1), ("2", False, 1, 1)],
        [("3<x1/>x<x2/>• y", False, 1, 1), ("4", False, 1, 1)],
    ]
    assert document.blocks[0].anchor == "top"
    assert document.blocks[-1].text.inline[0] == Inline(1, InlineKind.LINK, "#top")


def test_endless_html_spans_are_cut(tmp_path: Path) -> None:
    """At what HTML allows."""
    document = _read(
        tmp_path,
        "a.html",
        '<table><tr><td colspan="999999999">a</td></tr>'
        '<tr><td rowspan="88888888888">b</td><td colspan="x">c</td></tr></table>',
    )
    cells = [cell for row in document.blocks[0].rows for cell in row if cell.text.text]
    assert [cell.text.text for cell in cells] == ["a", "b", "c"]
    assert all(cell.colspan <= 1000 and cell.rowspan <= 2 for cell in cells)


# -- Pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_pictures_within_and_beside(tmp_path: Path, name: str) -> None:
    """From ``data:`` addresses and from the folder or below it, each kept once."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a b.png").write_bytes(_picture("blue"))
    data = f"data:image/png;base64,{base64.b64encode(_picture()).decode()}"
    sources = [data, "in/a%20b.png", "in/a%20b.png"]
    if name == "a.html":
        text = "".join(f'<p><img src="{source}" alt="it"></p>' for source in sources)
    else:
        text = "\n\n".join(f'![]({source}){{alt="it"}}' for source in sources)
    document = _read(tmp_path, name, text)
    assert [(b.kind, b.picture) for b in document.blocks] == [
        (BlockKind.FIGURE, "1"),
        (BlockKind.FIGURE, "2"),
        (BlockKind.FIGURE, "2"),
    ]
    assert [(p.name, p.alt) for p in document.pictures.values()] == [
        ("picture-1.png", "it"),
        ("picture-2.png", "it"),
    ]
    assert document.untaken == []


def test_a_large_embedded_picture_is_no_long_line(tmp_path: Path) -> None:
    """Its address is taken out before lines are measured."""
    out = io.BytesIO()
    Image.effect_noise((1200, 1200), 90).save(out, "PNG")
    assert len(out.getvalue()) > 1024 * 1024
    data = base64.b64encode(out.getvalue()).decode()
    document = _read(tmp_path, "a.html", f'<p><img src="data:image/png;base64,{data}" alt="n"></p>')
    assert [block.kind for block in document.blocks] == [BlockKind.FIGURE]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    """A symbolic link to a picture elsewhere."""
    outside, inside = tmp_path / "out", tmp_path / "in"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.png").write_bytes(_picture())
    (inside / "x.png").symlink_to(outside / "secret.png")
    text = '<p><img src="x.png" alt="x"></p><p><img src="../out/secret.png" alt="y"></p>'
    document = _read(inside, "a.html", text)
    assert document.pictures == {}
    assert _words(document) == ["x", "y"]


# -- Markdown ----------------------------------------------------------------------------------


def test_raw_html_in_markdown(tmp_path: Path) -> None:
    """What has a meaning is taken, tables too; what could harm is reported."""
    document = _read(
        tmp_path,
        "a.md",
        """# Doses

10<sup>9</sup> cells, CO<sub>2</sub>, <b>bold</b><br>next <span onclick="x()">kept</span> <u>u</u>

<table><tr><th>A</th></tr><tr><td onclick="alert(1)">5&nbsp;mg</td></tr></table>

<script>alert(1)</script>

Text <script>alert(2)</script> here <blink>x</blink>.

<!-- a note to self -->

<div>

*inside*

</div>
""",
    )
    assert [b.text.text for b in document.blocks] == [
        "10<g1>9</g1> cells, CO<g2>2</g2>, <g3>bold</g3><x4/>next kept <g5>u</g5>",
        "",
        "Text here x.",
        "<g1>inside</g1>",
    ]
    assert [[c.text.text for c in row] for row in document.blocks[1].rows] == [["A"], ["5\u00a0mg"]]
    said = [thing.what for thing in document.untaken]
    assert "A program in the attribute “onclick”" in said
    assert "An element “<script>”" in said
    assert "HTML within the text: “<script>”" in said
    assert "HTML within the text: “<blink>”" in said
    written = to_html(document)
    assert "alert" not in written
    assert "<script" not in written


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("每次1~2片，每天3~4次", "每次1~2片，每天3~4次"),
        ("1~2天,3~5天", "1~2天,3~5天"),
        ("from 10^3-10^4 copies", "from 10^3-10^4 copies"),
        ("5*6*7", "5*6*7"),
        ('He said -- "5..."', 'He said -- "5..."'),
        ("e.g. Dr. Who", "e.g. Dr. Who"),
        ("costs $5 to $10", "costs $5 to $10"),
        ("\\alpha at x@y.example [@ref]", "\\alpha at x@y.example [@ref]"),
        ("10^2^ and H~2~O", "10<g1>2</g1> and H<g2>2</g2>O"),
        ("2.5 mg is 1.5 more", "2.5 mg is 1.5 more"),
        ("**文字。**后", "<g1>文字。</g1>后"),
        ("a <g1>b</g1>", "a b"),
    ],
)
def test_markdown_keeps_what_was_typed(tmp_path: Path, source: str, wanted: str) -> None:
    """Ranges, quotation marks and dashes are not turned into something else."""
    assert _words(_read(tmp_path, "a.md", source, "zh")) == [wanted]


def test_words_that_look_like_tags(tmp_path: Path) -> None:
    """Cannot pass for the numbered tags of a segment."""
    document = _read(tmp_path, "a.html", "<p>Use &lt;g1&gt; and &lt;x2/&gt; <b>so</b>.</p>")
    assert _words(document) == ["Use ‹g1› and ‹x2/› <g1>so</g1>."]
    assert len(document.untaken) == 1


def test_links_to_headings_by_their_words(tmp_path: Path) -> None:
    """As GitHub and others make them."""
    document = _read(
        tmp_path, "a.md", "# T\n\nSee [a](#first-aid--now) and [b](#none).\n\n## First aid & now\n"
    )
    assert document.blocks == [
        Block(
            BlockKind.PARAGRAPH,
            Text(
                "See <g1>a</g1> and b.",
                (Inline(1, InlineKind.LINK, "#first-aid--now"),),
            ),
        ),
        Block(BlockKind.HEADING, Text("First aid & now"), level=1, anchor="first-aid--now"),
    ]
    assert [thing.what for thing in document.untaken] == ["A link to “#none”; its words are kept"]


def test_metadata_before_the_text(tmp_path: Path) -> None:
    """The title page is text; other entries are reported."""
    document = _read(
        tmp_path,
        "a.md",
        "---\ntitle: T\nsubtitle: S\nauthor: [A, B]\ndate: 2024\nabstract: |\n  One\n\n  Two\n"
        "custom: x\nlang: en\n---\n\nText",
    )
    assert document.title == "T"
    assert _words(document) == ["S", "A, B", "2024", "One", "Two", "Text"]
    assert [thing.what for thing in document.untaken] == ["The entry “custom” before the text"]


@pytest.mark.parametrize(
    ("text", "given", "title", "words"),
    [
        ("# Only\n\n## A\n\n### B", None, "Only", [("A", 1), ("B", 2)]),
        ("# One\n\n# Two", None, "document", [("One", 1), ("Two", 1)]),
        ("# Only\n\n## A", "Mine", "Mine", [("Only", 1), ("A", 2)]),
        ("# Mine\n\n## A", "mine", "mine", [("A", 1)]),
        ("---\ntitle: Meta\n---\n\n# One", None, "Meta", [("One", 1)]),
        ("Text", None, "document", [("Text", 0)]),
    ],
)
def test_titles(
    tmp_path: Path, text: str, given: str | None, title: str, words: list[tuple[str, int]]
) -> None:
    """The one given; else the document's; else its only first heading; else the file's name."""
    path = tmp_path / "document.md"
    path.write_text(text, encoding="utf-8")
    document = read(path, language="en", title=given)
    assert document.title == title
    assert [(b.text.text, b.level) for b in document.blocks] == words


def test_characters_are_cleaned(tmp_path: Path) -> None:
    """NFC; no overrides of direction, control characters or stray zero widths."""
    text = "e\u0301 \u202e5 mg\u202c a\u200bb\ufeff\u00adc می\u200cشود \u200f."
    document = _read(tmp_path, "a.html", f"<p>{text}</p>")
    assert _words(document) == ["\u00e9 5 mg abc می\u200cشود \u200f."]
    khmer = _read(tmp_path, "b.md", "លាង\u200bដៃ", "km")
    assert _words(khmer) == ["លាង\u200bដៃ"]


def test_long_reports_are_cut(tmp_path: Path) -> None:
    """Two hundred, then a number."""
    text = "\n\n".join(f"[x](other{number}.html)" for number in range(250))
    document = _read(tmp_path, "a.md", text)
    assert len(document.untaken) == 201
    assert document.untaken[-1].what == "50 more things could not be taken"
