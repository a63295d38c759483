"""What Markdown can carry comes back from Markdown as it was."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    InlineKind,
    Text,
)
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.tree import Node, Pair, Point, tidy, to_text
from medixchange.guidelines.documents.words import clean
from medixchange.guidelines.documents.writing import to_markdown
from medixchange.translation.inline import plain

_SIGNS = "\\`*_{}[]<>()#+-.!|~^$\"'&:;,/=@%?0123456789abcdeiIvxA "
_WORDS = st.one_of(
    st.text(_SIGNS, min_size=1, max_size=12),
    st.sampled_from(
        [
            "1. ", "- ", "# ", "+ x", "(2) x", "a) ", "A. B", "> x", "| x", "::: x", "---", "===",
            "Table: x", ": x", "```", "~~~", "http://a.example", "a@b.example", "&amp;", "&copy",
            "*x*", "**", "[x](y)", "[^1]", "<b>", "<!-- x -->", "$x$", "10 mg", "5–6", "文字。",
            "后，", "الجرعة ٥", "खुराक", "e.g. ", "Dr. ", "\u00a0", "x\u00a0", "½", "’", "\\\\",
            "%", "@x", "^[", "!", "{#x}", "{.x}", "i. ", "#. ", "=", "-", "’s", "…", "--", "...",
        ]
    ),
)  # fmt: skip
_PAIRS = [
    InlineKind.STRONG,
    InlineKind.EMPHASIS,
    InlineKind.SUPERSCRIPT,
    InlineKind.SUBSCRIPT,
    InlineKind.STRIKE,
]
_ADDRESSES = st.sampled_from(
    ["https://a.example/x?y=1&copy=2", "mailto:a@b.example", "http://a.example/(x)_y*z"]
)


def _nodes(*, breaks: bool = True) -> st.SearchStrategy[list[Node]]:
    leaves: list[st.SearchStrategy[Node]] = [_WORDS, _WORDS]
    if breaks:
        leaves.append(st.just(Point(InlineKind.LINE_BREAK)))
    leaves.append(
        st.text("abc`|*<>& 0", min_size=1, max_size=6).map(
            lambda words: Pair(InlineKind.CODE, (words,))
        )
    )

    def wider(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        children = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Pair, st.sampled_from(_PAIRS), children),
            st.builds(Pair, st.just(InlineKind.LINK), children, _ADDRESSES),
        )

    return st.lists(st.recursive(st.one_of(leaves), wider, max_leaves=5), min_size=1, max_size=4)


def _as_read(nodes: list[Node]) -> Text:
    """A text as a reader would have made it."""
    return to_text(tidy(tidy([_clean(node) for node in nodes]))).text


def _clean(node: Node) -> Node:
    if isinstance(node, str):
        return clean(node, "en")
    if isinstance(node, Pair):
        return replace(node, children=tuple(map(_clean, node.children)))
    return node


def _texts(*, breaks: bool = True) -> st.SearchStrategy[Text]:
    return _nodes(breaks=breaks).map(_as_read).filter(lambda text: bool(plain(text.text).strip()))


_PARAGRAPHS = st.builds(Block, st.just(BlockKind.PARAGRAPH), _texts())
_QUOTES = st.builds(Block, st.just(BlockKind.QUOTE), _texts())
_HEADINGS = st.builds(
    Block, st.just(BlockKind.HEADING), _texts(breaks=False), level=st.integers(1, 5)
).filter(lambda block: not _all_marked(block.text))
_VERBATIM = st.builds(
    Block,
    st.just(BlockKind.VERBATIM),
    st.text("ab `~\n*#", min_size=1, max_size=20)
    .map(lambda text: text.strip("\n"))
    .filter(lambda text: bool(text.strip()))
    .map(Text),
)


def _all_marked(text: Text) -> bool:
    """A heading that is bold as a whole is read as not bold."""
    return bool(text.inline) and text.text.startswith("<g1>") and text.text.endswith("</g1>")


@st.composite
def _tables(draw: st.DrawFn) -> Block:
    columns = draw(st.integers(1, 3))
    cells = st.one_of(_texts(), st.just(Text()))
    head = draw(st.booleans())
    rows = draw(
        st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=2, max_size=3)
    )
    made = tuple(
        tuple(Cell(text, header=head and number == 0) for text in row)
        for number, row in enumerate(rows)
    )
    if not any(cell.text.text for cell in made[0]) or not any(
        cell.text.text for row in made[1:] for cell in row
    ):
        made = (tuple(replace(cell, text=Text("x")) for cell in made[0]), *made[1:])
    caption = draw(st.one_of(st.just(Text()), _texts(breaks=False)))
    return Block(BlockKind.TABLE, caption, rows=made)


@st.composite
def _lists(draw: st.DrawFn) -> list[Block]:
    """Items as a reader makes them: a level is entered one at a time, counting goes on."""
    blocks: list[Block] = []
    counts: list[tuple[bool, int]] = []
    for _number in range(draw(st.integers(1, 5))):
        level = draw(st.integers(1, min(3, len(counts) + 1)))
        counts = counts[:level]
        if len(counts) < level:
            counts.append((draw(st.booleans()), draw(st.integers(0, 12))))
        ordered, count = counts[-1]
        counts[-1] = (ordered, count + 1)
        item = Block(
            BlockKind.ITEM,
            draw(_texts()),
            level=level,
            ordered=ordered,
            number=count + 1 if ordered else 0,
        )
        blocks.append(item)
        if draw(st.integers(0, 5)) == 0:
            blocks.append(replace(item, text=draw(_texts()), continued=True))
    return blocks


_BLOCKS = st.lists(
    st.one_of(
        _PARAGRAPHS.map(lambda block: [block]),
        _QUOTES.map(lambda block: [block]),
        _HEADINGS.map(lambda block: [block]),
        _VERBATIM.map(lambda block: [block]),
        _tables().map(lambda block: [block]),
        _lists(),
    ),
    min_size=1,
    max_size=5,
).map(lambda groups: [block for group in groups for block in group])


def _read_back(blocks: list[Block]) -> list[Block]:
    document = Document("The title", "en", blocks)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "document.md"
        path.write_text(to_markdown(document), encoding="utf-8")
        found = read(path, language="en")
    assert found.title == "The title"
    return list(found.blocks)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_BLOCKS)
@example([Block(BlockKind.PARAGRAPH, Text("2. x"))])
def test_markdown_carries_blocks(blocks: list[Block]) -> None:
    """Any blocks without merged cells, header columns, pictures, notes: the same come back."""
    assert _read_back(blocks) == blocks
