"""What a query is called in other languages: agreed terms, and words learnt from translations."""

import pytest

from medixchange.search.retrieval.analysis import words
from medixchange.search.retrieval.expansion import Lexicon
from medixchange.search.retrieval.expansion.association import associate


def _senses(lexicon: Lexicon, text: str, language: str) -> set[tuple[str, str, float]]:
    return {
        (sense.language, " ".join(sense.stems), sense.weight)
        for sense in lexicon.senses(list(words(text, language)), language)
    }


@pytest.fixture
def lexicon():
    made = Lexicon()
    made.add("en", "shortness of breath", "id", "sesak napas")
    made.add("en", "shortness of breath", "fr", "essoufflement")
    made.add("en", "mask", "sw", "barakoa")
    made.add("en", "virus", "am", "ቫይረስ")
    return made


def test_a_term_of_several_words_is_found_from_both_sides_and_through_another(lexicon):
    assert _senses(lexicon, "Sesak napas berat", "id") == {
        ("en", "short of breath", 1.0),
        ("fr", "essouffl", 0.7),
    }
    assert _senses(lexicon, "shortness of breath", "en-GB") == {
        ("id", "sesak napas", 1.0),
        ("fr", "essouffl", 1.0),
    }


def test_forms_of_a_term_are_found_by_their_stem_or_within_a_word(lexicon):
    assert _senses(lexicon, "masks", "en") == {("sw", "barakoa", 1.0)}
    assert _senses(lexicon, "ቫይረሱን ቫይረስን", "am") == {("en", "virus", 0.7)}
    assert _senses(lexicon, "breath", "en") == set()
    assert _senses(lexicon, "masks", "ti") == set()


def test_words_that_go_together_are_learnt_in_both_directions():
    lexicon = Lexicon()
    learnt = lexicon.learn(
        "sw",
        "en",
        [
            ("osha mikono", "wash hands"),
            ("osha uso", "wash face"),
            ("mikono safi", "clean hands"),
            ("uso safi", "clean face"),
        ],
    )
    assert learnt == 8
    for swahili, english in (("osha", "wash"), ("mikono", "hand"), ("uso", "face")):
        assert max(_senses(lexicon, swahili, "sw"), key=lambda one: one[2])[:2] == ("en", english)
    assert max(_senses(lexicon, "clean", "en"), key=lambda one: one[2])[:2] == ("sw", "safi")


def test_nothing_is_learnt_of_nothing():
    assert associate([]) == {}
    assert associate([([], ["a"]), (["b"], [])]) == {}
    assert Lexicon().learn("sw", "en", []) == 0
    assert len(Lexicon()) == 0


def test_what_always_stands_together_is_certain():
    assert associate([(["a"], ["x"]), (["b"], ["y"])]) == {
        "a": {"x": pytest.approx(1)},
        "b": {"y": pytest.approx(1)},
    }
