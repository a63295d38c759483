"""Quotations: word for word, whole sentences, every mark where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from medixchange.core import languages
from medixchange.search.quoting import WHOLE, Piece, quote

EN, TH, AR = (languages.get(tag) for tag in ("en", "th", "ar"))
SENTENCES = ["Wash your hands.", "Do not touch your face!", "Is the mask dry?", "Change it at 8."]


def test_a_short_passage_is_quoted_whole_with_its_marks():
    assert quote("Wash your hands.", EN, [(5, 9), (0, 4)]).pieces == (
        Piece("Wash", marked=True),
        Piece(" "),
        Piece("your", marked=True),
        Piece(" hands."),
    )


def test_marks_that_overlap_are_one_and_those_outside_are_none():
    pieces = quote("abcdef", EN, [(1, 3), (2, 4), (5, 99), (-3, 0), (40, 50)]).pieces
    assert pieces == (Piece("a"), Piece("bcd", True), Piece("e"), Piece("f", True))


def test_of_a_long_passage_the_sentences_that_hold_the_words_are_quoted():
    text = "It is only air. " * 40 + "Do not give oxygen above 96 percent. " + "Then wait. " * 40
    at = text.index("oxygen")
    quoted = quote(text, EN, [(at, at + 6)])
    assert "Do not give oxygen above 96 percent." in quoted.text
    assert quoted.text.startswith("… It is only air.")
    assert quoted.text.endswith("Then wait. …")
    assert len(quoted.text) <= WHOLE + 4


def test_a_sentence_is_never_cut_however_long_it_is():
    text = "ห้ามให้ยานี้แก่เด็ก" * 60
    assert quote(text, TH).text == text


@given(
    st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=60),
    st.lists(st.tuples(st.integers(0, 1200), st.integers(0, 1200)), max_size=8),
)
def test_a_quotation_is_a_run_of_whole_sentences_of_the_passage(sentences, spans):
    text = " ".join(sentences)
    quoted = quote(text, EN, spans)
    words = "".join(piece.text for piece in quoted.pieces)
    assert words in text
    assert words == words.strip()
    assert any(words.startswith(sentence) for sentence in SENTENCES)
    assert any(words.endswith(sentence) for sentence in SENTENCES)
    assert len(words) <= WHOLE


@given(st.text(max_size=900), st.lists(st.tuples(st.integers(-5, 950), st.integers(-5, 950))))
def test_any_text_is_quoted_word_for_word(text, spans):
    for language in (EN, TH, AR):
        quoted = quote(text, language, spans)
        assert "".join(piece.text for piece in quoted.pieces) in text
        assert all(piece.text for piece in quoted.pieces)
