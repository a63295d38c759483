"""The word index: a real one in a folder."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medixchange.search.retrieval.analysis import analyse
from medixchange.search.retrieval.asking import ask
from medixchange.search.retrieval.entries import Entry, Narrow, OutOfDate
from medixchange.search.retrieval.words import WordIndex

LABELS = ("audience", "kind")


def _terms(text: str, language: str = "en") -> dict[str, float]:
    return dict.fromkeys(analyse(text, language), 1.0)


def _ids(index: WordIndex, text: str, narrow: Narrow | None = None) -> list[int]:
    return [id for id, _score in index.search(_terms(text), narrow or Narrow())]


@pytest.fixture
def index(tmp_path):
    made = WordIndex(tmp_path / "words", LABELS)
    made.change(
        [
            Entry(
                1, "en", "Wash your hands.", labels={"audience": ("all",), "kind": ("a",)}, day=5
            ),
            Entry(2, "en", "Washing hands and masks.", labels={"audience": ("few",)}, day=6),
            Entry(3, "id", "Cuci tangan Anda.", "Hands", labels={"audience": ("all",)}, day=7),
            Entry(4, "zh", "患者应经常洗手。", labels={"audience": ("all", "few")}, day=8),
        ],
        [],
        1,
    )
    return made


def test_passages_are_found_by_any_of_the_words_the_heading_weighing_less(index):
    assert _ids(index, "hands") == [1, 2, 3]
    assert _ids(index, "mask") == [2]
    assert _ids(index, "nothing of it") == []
    assert [i for i, _s in index.search(_terms("洗手", "zh"))] == [4]


def test_what_is_not_allowed_is_neither_found_nor_counted_nor_suggested(index):
    few = Narrow(({"audience": ["few"]},))
    assert _ids(index, "hands", few) == [2]
    assert index.count(_terms("hands"), few) == 1
    assert index.count(_terms("hands")) == 3
    everybody = Narrow(({"audience": ["all"]},))
    assert index.suggestion("maskx", "en", few) == "masks"
    assert index.suggestion("maskx", "en", everybody) == ""
    assert _ids(index, "hands", Narrow(({"audience": ["all"]}, {"kind": ["a"]}))) == [1]
    assert _ids(index, "hands", Narrow(({"audience": ["all"], "kind": ["a", "b"]},))) == [1]
    assert _ids(index, "hands", Narrow(({"audience": []},))) == []
    assert _ids(index, "hands", Narrow(since=6)) == [2, 3]
    assert index.count(_terms("hands"), Narrow(({"audience": ["all"]},), since=6)) == 1


def test_the_score_of_what_is_asked_for_by_id_is_that_of_the_search(index):
    found = dict(index.search(_terms("wash hands")))
    assert index.scores(_terms("wash hands"), [1, 3, 4]) == pytest.approx(
        {1: found[1], 3: found[3]}
    )


def test_a_change_replaces_removes_and_can_be_taken_in_twice(index):
    for _twice in range(2):
        index.change([Entry(1, "en", "Wear gloves.")], [2, 99], 7)
        assert index.version == 7
        assert _ids(index, "hands") == [3]
        assert _ids(index, "gloves") == [1]
        assert len(index) == 3


def test_another_process_sees_a_change_when_it_looks(index, tmp_path):
    other = WordIndex(tmp_path / "words", LABELS)
    script = (
        "import sys; from pathlib import Path\n"
        "from medixchange.search.retrieval.words import WordIndex\n"
        "from medixchange.search.retrieval.entries import Entry\n"
        f"WordIndex(Path(sys.argv[1]), {LABELS}).change([Entry(9, 'en', 'Oxygen')], [1], 2)\n"
    )
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "words")], cwd=root, check=True)
    assert _ids(other, "oxygen") == []
    assert other.refresh() == 2
    assert _ids(other, "oxygen") == [9]
    assert _ids(other, "hands") == [2, 3]
    index.change([Entry(10, "en", "Oxygen")], [], 3)
    assert _ids(index, "oxygen") == [9, 10]


def test_a_failed_change_leaves_everything_as_it_was(index):
    def broken():
        yield Entry(8, "en", "Oxygen")
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        index.change(broken(), [1], 2)
    assert index.version == index.refresh() == 1
    index.change([], [], 2)
    assert _ids(index, "oxygen") == []
    assert _ids(index, "hands") == [1, 2, 3]


def test_a_folder_of_another_layout_is_refused_and_can_be_cleared(index, tmp_path):
    state = tmp_path / "words" / "state.json"
    written = state.read_text()
    with pytest.raises(OutOfDate):
        WordIndex(tmp_path / "words", ("kind",))
    state.write_text(written.replace('"layout": ', '"layout": 9'))
    with pytest.raises(OutOfDate):
        index.refresh()
    index.clear()
    assert index.version == len(index) == 0
    index.change([Entry(1, "en", "Oxygen")], [], 4)
    assert _ids(WordIndex(tmp_path / "words", LABELS), "oxygen") == [1]


@pytest.mark.parametrize(
    ("asked", "language", "meant"),
    [
        ("cuci tangann", "id", "cuci tangan"),
        ("wsah your hnads", "en", "wash your hands"),
        ("Wash, your (hamds)!", "en", "Wash, your (hands)!"),
        ("wash hands", "en", ""),
        ("zzzzzz", "en", ""),
    ],
)
def test_a_misspelt_word_is_exchanged_for_one_that_occurs(index, asked, language, meant):
    assert index.suggestion(asked, language, Narrow()) == meant


def test_five_words_with_a_letter_wrong_in_each_still_find_the_passage(index):
    index.change([Entry(5, "id", "Cuci tangan sebelum menyentuh setiap pasien baru")], [], 2)
    asked = ask("cusi tamgan sebelm menyentu pasiem", "id", index)
    assert index.search(asked.terms)[0][0] == 5
    assert asked.known == 0.0


@pytest.mark.parametrize(
    ("asked", "language"), [("коронавирус", "ru"), ("ኮሮናቫይረስ", "am"), ("কোরোনাভাইরাস", "bn")]
)
def test_a_word_that_languages_share_is_found_in_other_letters(index, asked, language):
    index.change([Entry(5, "en", "The coronavirus spreads."), Entry(6, "en", "Cold.")], [], 2)
    assert [i for i, _s in index.search(ask(asked, language, index).terms)] == [5]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            ["AND", "OR", "NOT", '"', "*", "(", ")", ":", "^", "~", "hands", "text:", "[a TO b]"]
        ),
        max_size=12,
    ).map(" ".join),
    st.sampled_from(["en", "id", "zh", "ar", "am", "xx"]),
)
def test_anything_can_be_asked_and_suggested(index, text, language):
    terms = ask(text, language, index).terms
    found = index.search(terms, limit=3)
    assert {id for id, _score in found} <= {1, 2, 3, 4}
    assert index.count(terms) >= len(found)
    index.suggestion(text, language, Narrow())


def test_operators_are_words_like_any_other(index):
    assert _ids(index, 'hands AND NOT "masks"') == _ids(index, "hands and not masks") == [2, 1, 3]


def test_a_very_long_query_is_read_to_its_first_words(index):
    assert [i for i, _s in index.search(ask("hands " + "x" * 10_000, "en", index).terms)] == [
        1,
        2,
        3,
    ]
    assert ask("word " * 5_000 + "hands", "en", index).terms == {}
