"""What an address asks for, read forgivingly and written back the same."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from medixchange.core import languages
from medixchange.search import asking
from medixchange.search.queries import LONGEST, Wanted

TAGS = st.sampled_from([language.tag for language in languages.every()])
WORDS = st.text(max_size=LONGEST).map(asking.cleaned).map(lambda text: text[:LONGEST].strip())


def read(query: str) -> asking.Asked:
    return asking.read(QueryDict(query), "en")


@given(
    text=WORDS,
    language=TAGS,
    kinds=st.lists(st.sampled_from(["guideline", "item"]), unique=True).map(tuple),
    countries=st.lists(st.sampled_from(["ID", "CN", "XK"]), unique=True).map(tuple),
    said_in=st.lists(TAGS, unique=True).map(tuple),
    topics=st.lists(WORDS.filter(bool), unique=True, max_size=3).map(tuple),
    since=st.none() | st.dates(),
    approved=st.booleans(),
    page=st.integers(1, asking.LAST_PAGE),
)
def test_what_is_written_into_an_address_is_read_out_of_it(
    text, language, kinds, countries, said_in, topics, since, approved, page
):
    wanted = Wanted(
        text, language, kinds, countries, said_in, topics, since, approved_only=approved, page=page
    )
    assert read(asking.address(wanted)) == asking.Asked(wanted)


@given(st.text(max_size=400))
def test_words_come_out_clean_and_cleaning_again_changes_nothing(text):
    clean = asking.cleaned(text)
    assert asking.cleaned(clean) == clean
    assert clean == clean.strip()
    assert "  " not in clean
    clean.encode()


@given(st.binary(max_size=300))
def test_no_address_breaks_it(raw):
    asked = asking.read(QueryDict(raw), "en")
    assert len(asked.wanted.text) <= LONGEST
    assert 1 <= asked.wanted.page <= asking.LAST_PAGE


def test_control_characters_part_words_and_marks_of_direction_vanish():
    assert asking.cleaned("a\x00b\tc\u202ed\u00ade") == "a b cde"
    assert asking.cleaned("می‌خواهم") == "می‌خواهم"


def test_a_long_question_is_cut_and_says_so():
    asked = read("q=" + "word+" * 2000)
    assert asked.cut
    assert len(asked.wanted.text) <= LONGEST
    assert not read("q=" + "a" * LONGEST).cut


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("language=xx", "language"),
        ("said_in=id&said_in=klingon", "said_in"),
        ("kind=poem", "kind"),
        ("country=ZZ", "country"),
        ("since=yesterday", "since"),
        ("approved=maybe", "approved"),
        ("page=0", "page"),
        ("page=٣", "page"),
        ("page=99999", "page"),
        ("page=-1", "page"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_told_of(query, where):
    asked = read("q=mask&" + query)
    (problem,) = asked.problems
    assert (problem.where, bool(problem.what), bool(problem.next)) == (where, True, True)
    plain = read("q=mask").wanted
    assert asked.wanted == (plain if where != "said_in" else Wanted("mask", "en", said_in=("id",)))


def test_other_forms_of_tags_and_codes_are_understood():
    wanted = read("q=x&language=zh-Hans&country=IDN&country=id&since=2020-03-01").wanted
    assert (wanted.language, wanted.countries, wanted.since) == ("zh", ("ID",), date(2020, 3, 1))
