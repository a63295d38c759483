"""Words and meaning together, with the real engine."""

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medixchange.search.retrieval import fusion, meaning
from medixchange.search.retrieval.entries import Entry, Narrow
from medixchange.search.retrieval.expansion import Lexicon, Rendering
from medixchange.search.retrieval.finding import Index
from medixchange.search.retrieval.meaning import EngineUnavailable, centred
from medixchange.search.retrieval.meaning.centres import table
from medixchange.search.retrieval.vectors import as_bytes, unit

ENTRIES = [
    Entry(1, "en", "Wash your hands before you touch a patient.", labels={"audience": ("all",)}),
    Entry(2, "en", "Give oxygen when saturation falls below 90 %.", labels={"audience": ("all",)}),
    Entry(3, "fr", "Portez un masque chirurgical.", labels={"audience": ("few",)}),
    Entry(4, "zh", "患者应卧床休息。", labels={"audience": ("all",)}),
    Entry(5, "en", "The parcel arrived at customs on Monday.", labels={"audience": ("all",)}),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    engine = meaning.engine()
    made = Index(tmp_path_factory.mktemp("index") / "words", ["audience"], engine, Lexicon())
    made.words.change(ENTRIES, [], 1)
    made.labels.put(ENTRIES)
    vectors = engine.passages([entry.text for entry in ENTRIES])
    made.put_vectors(
        [entry.id for entry in ENTRIES], [entry.language for entry in ENTRIES], *as_bytes(vectors)
    )
    return made


@pytest.mark.parametrize(
    ("asked", "language", "first"),
    [
        ("cuci tangan sebelum menyentuh pasien", "id", 1),
        ("cusi tangn sebelum menyentuh pasein", "id", 1),
        ("oksijeni wakati kiwango kiko chini", "sw", 2),
        ("mask", "en", 3),
        ("bed rest", "en", 4),
        ("洗手", "en", 1),
        ("oxygen saturation", "fr", 2),
    ],
)
def test_the_passage_is_found_whatever_language_it_is_in(index, asked, language, first):
    assert index.find(asked, language)[0].id == first


def test_it_says_what_found_it(index):
    found = {one.id: one for one in index.find("oxygen", "en")}
    assert found[2].by == "both"
    assert found[2].words > 0
    assert found[5].by == "meaning"
    assert found[5].words == 0
    assert {"oxygen", "~oxygen"} <= set(found[2].matched)


def test_what_is_not_allowed_is_never_found(index):
    narrow = Narrow(({"audience": ["all"]},))
    assert 3 not in {one.id for one in index.find("masque chirurgical", "fr", narrow)}
    assert index.find("masque", "fr", Narrow(({"audience": []},))) == []
    assert index.find("masque", "fr", Narrow(since=date.max.toordinal())) == []


def test_a_passage_is_found_by_its_words_before_its_meaning_is_known(index):
    late = Entry(6, "en", "Oxygen concentrators need power.", labels={"audience": ("all",)})
    index.words.change([late], [], 2)
    index.labels.put([late])
    try:
        assert index.find("concentrators power", "en")[0].id == 6
    finally:
        index.words.change([], [6], 3)
        index.labels.remove([6])


def test_the_query_in_other_words_counts_by_its_weight(index):
    also = [Rendering("surgical mask", "en", 1.0), Rendering("masque chirurgical", "fr", 1.0)]
    assert index.find("zzzz", "sw", also=also)[0].id == 3


def test_without_an_engine_or_with_one_that_is_away_words_still_find(index, tmp_path):
    class Away:
        name, dimensions = "away", 384

        def passages(self, texts):
            raise EngineUnavailable("away")

        def query(self, text):
            raise EngineUnavailable("away")

    for engine in (None, Away()):
        other = Index(tmp_path / str(engine is None), ["audience"], engine)
        other.words.change(ENTRIES, [], 1)
        other.labels.put(ENTRIES)
        if engine is not None:
            other.put_vectors([1], ["en"], *as_bytes(np.ones((1, 384), np.float32)))
        assert [(one.id, one.by) for one in other.find("oxygen", "en")] == [(2, "words")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters() | st.sampled_from("\ud800\x00😀\u202eمى患 "), max_size=40),
    st.sampled_from(["en", "zh", "ar", "xx", ""]),
)
def test_nothing_that_is_typed_is_an_error(index, text, language):
    found = index.find(text, language)
    assert len({one.id for one in found}) == len(found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "the of and " * 900,
        "AND OR NOT",
        '"* ( ) : ^ ~',
        "😀😀😀",
        "'; DROP TABLE search_passage; --",
        "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }} ${jndi:ldap://x}",
        "\x00\x1b[31m",
        "\ud800\udfff",
        "oxygen 洗手 أكسجين ऑक्सीजन",
    ],
)
def test_odd_searches_get_a_sensible_answer(index, text):
    found = index.find(text, "en")
    assert {one.id for one in found} <= {1, 2, 3, 4, 5}
    if "oxygen" in text:
        assert found[0].id in {1, 2}
    if not any(map(str.isalnum, text)):
        assert found == []


def test_scores_add_up_and_equal_ones_go_by_id():
    assert fusion.fuse({}, {}, 0) == {}
    assert fusion.fuse({}, {2: 0.5, 1: 0.5}, 9) == {1: 0.5, 2: 0.5}
    scores = fusion.fuse({1: 2.0, 3: 4.0}, {1: 0.4, 2: 0.3}, 100)
    assert scores[2] == 0.3
    assert scores[1] > 0.4
    assert scores[3] - scores[1] == pytest.approx(scores[1] - 0.4)  # as near as 1 is
    assert fusion.rerank({2: 1.0, 1: 1.0, 3: 1.0}, lambda id: 2.0 if id == 3 else 1.0) == [
        (3, 2.0),
        (1, 1.0),
        (2, 1.0),
    ]


def test_each_language_of_ours_has_a_mean_and_taking_it_away_leaves_length_one():
    name = meaning.engine().name
    assert len(table(name)) == 30
    vectors = unit(np.random.default_rng(1).normal(size=(3, 384)).astype(np.float32))
    for language in ("om", "pt-BR", "ti-ER", "xx"):
        away = centred(vectors, language, name)
        assert np.linalg.norm(away, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
        assert np.abs(away - vectors).max() > 0.01
    assert np.array_equal(centred(vectors, "om", "another engine"), vectors)


def test_one_text_gets_one_vector_whatever_is_asked_with_it():
    engine = meaning.engine()
    alone = engine.passages(["Wash your hands."])[0]
    together = engine.passages(["A longer text about quite another thing.", "Wash your hands.", ""])
    assert float(alone @ together[1]) == pytest.approx(1, abs=2e-3)
    assert together.shape == (3, engine.dimensions)
    assert engine.passages([]).shape == (0, engine.dimensions)


def test_languages_we_carry_lie_in_the_table():
    from medixchange.core import languages

    assert {language.base for language in languages.every()} <= set(table(meaning.engine().name))
