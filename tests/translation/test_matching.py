"""Memory matching: scores, exact recall, and differences."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from medixchange.translation.matching import Difference, Match, MemoryIndex, difference, folded


def index_of(*texts: str) -> MemoryIndex[int]:
    index: MemoryIndex[int] = MemoryIndex()
    for number, text in enumerate(texts):
        index.add(number, text)
    return index


def test_exact_first_then_by_score() -> None:
    index = index_of("Wash your hands now.", "Wash your hands.", "Something else entirely here")
    assert index.search("Wash your hands.") == [
        Match(1, 100.0),
        Match(0, pytest.approx(100 * 2 * 16 / 36)),
    ]


def test_score_is_the_indel_ratio() -> None:
    (match,) = index_of("abcd").search("abxd", at_least=0)
    assert match.score == pytest.approx(100 * 2 * 3 / 8)


def test_tags_and_white_space_do_not_count_and_case_does() -> None:
    index = index_of("Give <g1>5 mg</g1>  daily", "give 5 mg daily")
    assert [m.id for m in index.search("Give 5 mg daily")] == [0, 1]
    assert [m.score == 100 for m in index.search("Give 5 mg daily")] == [True, False]


def test_limit_threshold_and_empty() -> None:
    index = index_of("aaaa", "aaab", "aabb", "")
    assert len(index) == 3
    assert [m.id for m in index.search("aaaa", limit=2)] == [0, 1]
    assert [m.id for m in index.search("aaaa", at_least=80)] == [0]
    assert index.search("  ") == []
    assert index.search("aaaa", limit=0) == []
    assert MemoryIndex[int]().search("x") == []


def test_same_text_under_two_ids_and_added_later() -> None:
    index = index_of("Wash.")
    index.add(7, "Wash.")
    index.add(7, "Wash.")
    assert [m.id for m in index.search("Wash.")] == [0, 7]
    index.add(8, "Wash it.")
    assert [m.id for m in index.search("Wash it.", at_least=90)] == [8]


@given(
    st.lists(st.text(alphabet="ab cdé洗", min_size=1, max_size=14), min_size=1, max_size=40),
    st.text(alphabet="ab cdé洗", min_size=1, max_size=14),
    st.sampled_from([50, 70, 90]),
    st.integers(1, 9),
)
@settings(max_examples=300, deadline=None)
def test_finds_what_comparing_with_all_finds(
    texts: list[str], query: str, at_least: int, limit: int
) -> None:
    index = index_of(*texts)
    scores = sorted(
        (
            score
            for text in texts
            if folded(text) and folded(query)
            if (score := fuzz.ratio(folded(query), folded(text))) >= at_least
        ),
        reverse=True,
    )
    found = [m.score for m in index.search(query, at_least=at_least, limit=limit)]
    assert found == pytest.approx(scores[:limit])


def test_recall_at_size() -> None:
    chance = random.Random(5)
    words = ["wash", "your", "hands", "with", "soap", "and", "water", "for", "20", "seconds"]
    texts = list(
        dict.fromkeys(" ".join(chance.choices(words, k=chance.randint(3, 30))) for _ in range(3000))
    )
    index = index_of(*texts)
    for query in (" ".join(chance.choices(words, k=12)) for _ in range(20)):
        best = sorted((fuzz.ratio(query, text) for text in texts), reverse=True)
        wanted = [score for score in best if score >= 60][:9]
        assert [m.score for m in index.search(query, at_least=60)] == pytest.approx(wanted)


def test_difference_by_words() -> None:
    assert difference("Give 5 mg now.", "Give 50 mg right now.", "en") == [
        Difference("equal", "Give "),
        Difference("delete", "5"),
        Difference("insert", "50"),
        Difference("equal", " mg"),
        Difference("insert", " right"),
        Difference("equal", " now."),
    ]


def test_difference_by_characters_in_chinese_and_keeps_marks_on_their_letters() -> None:
    assert difference("每日5毫克", "每日5微克", "zh") == [
        Difference("equal", "每日5"),
        Difference("delete", "毫"),
        Difference("insert", "微"),
        Difference("equal", "克"),
    ]
    parts = difference("ကို", "ကို၊", "my")
    assert parts == [Difference("equal", "ကို"), Difference("insert", "၊")]


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["en", "zh", "my", ""]))
@settings(max_examples=200, deadline=None)
def test_difference_gives_both_texts(a: str, b: str, language: str) -> None:
    parts = difference(a, b, language)
    assert "".join(p.text for p in parts if p.op != "insert") == folded(a)
    assert "".join(p.text for p in parts if p.op != "delete") == folded(b)
    assert all(p.text for p in parts)
