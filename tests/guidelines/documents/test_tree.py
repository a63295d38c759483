"""Words and markup: to numbered tags and back."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medixchange.guidelines.documents.model import Inline, InlineKind, Text
from medixchange.guidelines.documents.tree import (
    SOFT,
    Node,
    Pair,
    Point,
    from_text,
    tidy,
    to_text,
)
from medixchange.translation.inline import plain, well_formed

_KINDS = [InlineKind.STRONG, InlineKind.EMPHASIS, InlineKind.LINK, InlineKind.CODE]
_LEAVES = st.one_of(
    st.text("ab <>/gx12\u0301\u0338\u00a0" + SOFT, max_size=8),
    st.sampled_from(
        [Point(InlineKind.LINE_BREAK), Point(InlineKind.PICTURE, "1"), "<g1>", "</g1>", "<x2/>"]
    ),
)
_TREES = st.lists(
    st.recursive(
        _LEAVES,
        lambda inner: st.builds(
            Pair, st.sampled_from(_KINDS), st.lists(inner, max_size=3).map(tuple)
        ),
        max_leaves=8,
    ),
    max_size=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_TREES)
def test_numbering_comes_back(nodes: list[Node]) -> None:
    """Tags nest, text is in NFC, the tree is the same, and tidying is done once."""
    neat = tidy(nodes)
    text = to_text(neat).text
    assert well_formed(text.text)
    assert [inline.number for inline in text.inline] == list(range(1, len(text.inline) + 1))
    again = tidy(from_text(text))
    assert to_text(again).text == text
    assert text.text == text.text.strip(" ")
    assert "  " not in text.text


def test_tidying() -> None:
    """White space out of markup, empty markup gone, neighbours joined."""
    strong, emphasis = InlineKind.STRONG, InlineKind.EMPHASIS
    nodes: list[Node] = [
        "  a ",
        Pair(strong, (" b", Pair(strong, ("c ",)))),
        Pair(strong, ("d",)),
        Pair(emphasis, (" ",)),
        Point(InlineKind.LINE_BREAK),
        " e",
        Point(InlineKind.LINE_BREAK),
    ]
    assert to_text(tidy(nodes)).text == Text(
        "a <g1>bc d</g1><x2/>e", (Inline(1, strong), Inline(2, InlineKind.LINE_BREAK))
    )


def test_tags_that_mean_nothing_leave_their_words() -> None:
    """A translator's slip must not lose a word."""
    assert from_text(Text("a <g1>b</g1> <x2/>c")) == ("a ", "b", " ", "c")
    assert from_text(Text("a <g1>b", (Inline(1, InlineKind.STRONG),))) == ("a b",)


def test_more_than_999_tags() -> None:
    """The rest is words only, and this is said."""
    numbered = to_text([Pair(InlineKind.STRONG, ("x",)), " "] * 1_200)
    assert numbered.unmarked
    assert len(numbered.text.inline) == 999
    assert plain(numbered.text.text) == "x " * 1_200
