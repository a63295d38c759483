"""The pages of search: quoted answers with where they come from, for who may see them."""

import re
from datetime import UTC, datetime
from urllib.parse import quote as quoted

import pytest

from medixchange.core import languages
from medixchange.core.components import Provenance
from medixchange.core.searchable import Card
from medixchange.guidelines import actions as guidelines
from medixchange.guidelines.documents.model import Block, BlockKind, Document, Text
from medixchange.search import telling
from medixchange.search.models import Missed
from medixchange.search.queries import LONGEST, PAGE, Hit
from tests.search.conftest import of, take_in

pytestmark = pytest.mark.django_db

WHEN = datetime(2020, 5, 4, 12, tzinfo=UTC)


def page_of(client, address: str = "/search/?q=oxygen", status: int = 200, **headers: str) -> str:
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    return answer.content.decode()


def answers(page: str) -> list[str]:
    """The quotations of a page, without their marks."""
    found = re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", page, re.DOTALL)
    return [re.sub(r"</?mark>", "", text) for text in found]


def count(page: str) -> str:
    found = re.search(r'<h2 id="count"[^>]*>(.*?)</h2>', page)
    return found.group(1) if found else ""


# -- The page ----------------------------------------------------------------------------------


def test_the_empty_page_says_what_can_be_searched_and_its_examples_are_searches(client, notebook):
    page = page_of(client, "/search/")
    assert "You can search: Relief goods, Guidelines, Notes." in page
    (example,) = re.findall(r'href="(/search/\?q=when[^"]*)">when to wash hands', page)
    assert 'value="when to wash hands"' in page_of(client, example)
    assert count(page) == ""


def test_an_answer_is_quoted_word_for_word_with_its_place_and_the_words_marked(client, notebook):
    notebook.write("n1", "Give <b>oxygen</b> & wait.", heading="When to give it")
    take_in()
    page = page_of(client)
    assert count(page) == "1 answer"
    assert "Give &lt;b&gt;<mark>oxygen</mark>&lt;/b&gt; &amp; wait.</blockquote>" in page
    assert '<p class="kind">Notes</p>' in page
    assert '<h3><a href="/notes/n1"><span lang="en" dir="ltr">Notes</span></a></h3>' in page
    assert '<time datetime="2020-05-04">May 4, 2020</time>' in page


def test_text_of_a_language_says_so_and_runs_its_way(client, notebook):
    notebook.write("n1", "أعط الأكسجين ببطء", "ar")
    take_in()
    page = page_of(client, f"/search/?q={quoted('الأكسجين')}", **{"Accept-Language": "ar"})
    assert '<html lang="ar" dir="rtl">' in page
    assert re.search(r'<blockquote[^>]* lang="ar" dir="rtl">أعط <mark>الأكسجين</mark> ببطء', page)


def test_an_answer_found_in_another_language_says_in_which(client, notebook):
    notebook.write("n1", "Oxygène pour un enfant", "fr")
    notebook.write("n1", "Oxygen for a child", "en")
    notebook.write("n2", "Oxygène à domicile", "fr")
    take_in()
    page = page_of(client, f"/search/?q={quoted('oxygène')}")
    assert sorted(answers(page)) == ["Oxygen for a child", "Oxygène à domicile"]
    assert page.count('found in <span lang="fr" dir="ltr">français</span>') == 2


@pytest.mark.parametrize(
    ("changed", "country", "warnings", "written_for"),
    [
        ({}, "ID", (), ""),
        ({"made_for": "ID"}, "ID", (), ""),
        ({"made_for": "KE"}, "", (), "Kenya"),
        (
            {"made_for": "KE"},
            "ID",
            ("Not your country's version: written for Kenya.",),
            "",
        ),
        (
            {
                "source_changed": True,
                "provenance": Provenance("machine", languages.get("fr"), engine="engine 1"),
            },
            "ID",
            (
                "The original has changed since this was translated.",
                "Machine translation: compare it with the original.",
            ),
            "",
        ),
    ],
)
def test_what_a_reader_must_know_first_is_said_in_words(changed, country, warnings, written_for):
    english = languages.get("en")
    card = Card(
        **{
            "text": "Give oxygen.",
            "language": english,
            "provenance": Provenance("original", english),
            "address": "/notes/1",
            "work": "Notes",
            "work_language": english,
            "said_at": WHEN,
            **changed,
        }
    )
    told = telling.answer(Hit("note", "1", card, (), "words", "en", 1.0), "en", country)
    assert (told.warnings, told.written_for) == (warnings, written_for)


def test_warnings_and_the_mark_stand_on_the_page(client, notebook, cast, browser_of):
    notebook.write("n1", "Give oxygen.", country="KE", state="machine")
    take_in()
    page = page_of(browser_of(cast.clinician))
    assert "Machine translation: compare it with the original." in page
    assert "Not your country&#x27;s version: written for Kenya." in page
    assert "Machine, not reviewed" in page
    assert "written for Kenya ·" in page_of(client)


# -- Who finds what ----------------------------------------------------------------------------


def test_only_who_may_read_it_finds_it_counts_it_or_sees_its_country(
    client, notebook, cast, browser_of
):
    notebook.write("open", "Oxygen for all")
    notebook.write("own", "Oxygen of our ward", audience=of(cast.hospital), country="KE")
    notebook.write("theirs", "Oxygen over there", audience=of(cast.elsewhere), country="RW")
    take_in()
    everybody = ["Oxygen for all"]
    for member, found in (
        (None, everybody),
        (cast.outsider, everybody),
        (cast.clinician, ["Oxygen for all", "Oxygen of our ward"]),
        (cast.coordinator, ["Oxygen for all", "Oxygen of our ward"]),
        (cast.outside_clinician, ["Oxygen for all", "Oxygen over there"]),
    ):
        for address in ("/search/?q=oxygen", "/search/results/?q=oxygen"):
            page = page_of(browser_of(member), address)
            assert sorted(answers(page)) == sorted(found)
            assert ("Kenya" in page) is ("Oxygen of our ward" in found)
            assert ("Rwanda" in page) is ("Oxygen over there" in found)


def test_a_role_that_ends_ends_what_is_found(notebook, cast, browser_of):
    notebook.write("own", "Oxygen of our ward", audience=of(cast.hospital))
    take_in()
    browser = browser_of(cast.clinician)
    assert answers(page_of(browser)) == ["Oxygen of our ward"]
    held = cast.clinician.memberships.get()
    held.ended_at = WHEN
    held.save()
    assert answers(page_of(browser)) == []


def test_no_cache_between_keeps_what_one_has_found(client, notebook):
    answer = client.get("/search/?q=oxygen")
    assert "private" in answer["Cache-Control"]
    assert {"Cookie", "Accept-Language"} <= {v.strip() for v in answer["Vary"].split(",")}


def test_many_answers_cost_no_more_queries_than_one(
    client, notebook, django_assert_max_num_queries, django_assert_num_queries
):
    notebook.write("n0", "Oxygen 0")
    take_in()
    page_of(client)
    with django_assert_max_num_queries(20) as one:
        page_of(client)
    wanted = len(one)
    for number in range(1, 30):
        notebook.write(f"n{number}", f"Oxygen {number}")
    take_in()
    page_of(client)
    with django_assert_num_queries(wanted):
        assert len(answers(page_of(client))) == PAGE


# -- Narrowing, pages, languages -----------------------------------------------------------------


def test_what_it_is_narrowed_by_is_ticked_and_taken_away_by_a_link(client, notebook):
    notebook.write("n1", "Oxygen here", country="ID")
    notebook.write("n2", "Oxygen there", country="FR")
    take_in()
    page = page_of(client)
    assert re.search(r'name="country" value="ID"> <span><bdi>Indonesia</bdi> <[^>]*>1<', page)
    page = page_of(client, "/search/?q=oxygen&country=ID&approved=1&since=2020-05-04")
    assert answers(page) == ["Oxygen here"]
    assert 'name="country" value="ID" checked' in page
    assert 'name="approved" value="1" checked' in page
    assert 'name="since" value="2020-05-04"' in page
    assert 'href="/search/?q=oxygen&amp;since=2020-05-04&amp;approved=1"' in page
    assert 'href="/search/?q=oxygen&amp;country=ID&amp;since=2020-05-04"' in page
    assert 'href="/search/?q=oxygen&amp;country=ID&amp;approved=1"' in page


def test_what_nothing_is_left_of_can_still_be_taken_away(client, notebook):
    notebook.write("n1", "Oxygen here", country="ID")
    take_in()
    page = page_of(client, "/search/?q=oxygen&country=KE&kind=item&said_in=am")
    assert answers(page) == []
    for name in ("Kenya", "Relief goods", "አማርኛ"):
        assert f"<bdi>{name}</bdi>" in page
    assert '<a href="/search/?q=oxygen">Search without narrowing</a>' in page


def test_pages_follow_one_another(client, notebook):
    for number in range(PAGE + 2):
        notebook.write(f"n{number}", f"Oxygen {number}")
    take_in()
    first = page_of(client)
    second = page_of(client, "/search/?q=oxygen&page=2")
    assert 'rel="next" href="/search/?q=oxygen&amp;page=2"' in first
    assert 'rel="prev" href="/search/?q=oxygen"' in second
    assert (len(answers(first)), len(answers(second))) == (PAGE, 2)
    assert set(answers(first)).isdisjoint(answers(second))
    beyond = page_of(client, "/search/?q=oxygen&page=900")
    assert answers(beyond) == []
    assert 'rel="prev" href="/search/?q=oxygen' in beyond


def test_answers_are_shown_in_the_language_that_is_asked_for(client, notebook):
    notebook.write("n1", "Oxygen for a child")
    notebook.write("n1", "Oksijeni kwa mtoto", "sw")
    take_in()
    page = page_of(client, "/search/?q=oxygen&language=sw")
    assert answers(page) == ["Oksijeni kwa mtoto"]
    assert '<option value="sw" lang="sw" dir="ltr" selected>' in page
    assert "language=sw" in re.findall(r'href="(/search/saved/new/[^"]*)"', page)[0]


def test_a_member_is_offered_the_languages_they_read_first(cast, browser_of, notebook):
    notebook.write("n1", "Oxygen")
    take_in()
    page = page_of(browser_of(cast.french_clinician))
    assert re.findall(r'<option value="([\w-]+)"', page)[:3] == ["en", "fr", "am"]


# -- What is asked badly, and what finds nothing ---------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "oxygen " * 1500,
        "x" * 10_000,
        'AND OR NOT NEAR/3 "oxygen* -(+:^~?{}[]\\',
        "😷🩺👩🏽‍⚕️",
        "'; DROP TABLE search_passage; --",
        "<script>alert(1)</script>",
        "{{ 7|add:7 }} {% load x %} %(name)s %s",
        "\x00",
        "\x1b[31m\x07\u2028\u202e",
        "the of and",
        "oxygen кислород 酸素 أكسجين ออกซิเจน",
        "؟!?。",
        "../../etc/passwd",
    ],
)
def test_whatever_is_typed_gets_a_page(client, notebook, text):
    notebook.write("n1", "Give oxygen slowly.")
    take_in()
    for address in ("/search/", "/search/results/", "/search/compare/", "/search/saved/new/"):
        page = client.get(address, {"q": text, "go": "1"}, follow=True)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.content.decode()


def test_no_parameter_breaks_the_page(client, notebook):
    query = "&".join(
        f"{name}=%00%ff&{name}=%F0%9F%98%B7"
        for name in ("q", "kind", "country", "said_in", "topic", "since", "approved", "page", "a")
    )
    for address in ("/search/", "/search/compare/"):
        assert client.get(f"{address}?{query}").status_code == 200


def test_a_question_that_was_cut_says_so(client, notebook):
    said = f"Your question was cut after {LONGEST} characters."
    assert said in page_of(client, "/search/?q=" + "oxygen+" * 1500)
    assert said not in page_of(client)


def test_without_an_answer_the_page_says_what_to_do_next(client, notebook):
    page = page_of(client, "/search/?q=zzzzqqqq")
    assert count(page) == "No answer was found"
    assert "Use fewer words, or other words for the same thing." in page
    assert "Nobody has answered this yet" in page
    assert '<input type="hidden" name="q" value="zzzzqqqq">' in page
    assert 'href="/search/saved/new/?q=zzzzqqqq"' in page
    assert "Tell the editors" in page
    assert 'id="narrow"' not in page


def test_only_what_was_sent_off_counts_as_asked(client, notebook):
    for address in ("/search/?q=zzzzqqqq", "/search/results/?q=zzzzqqqq"):
        page_of(client, address)
    assert not Missed.objects.exists()
    page_of(client, "/search/?q=zzzzqqqq&go=1&country=ID")
    assert not Missed.objects.exists()
    page_of(client, "/search/?q=zzzzqqqq&go=1")
    page_of(client, "/search/results/?q=zzzzqqqq&go=1")
    assert Missed.objects.get().searches == 2


# -- Beside it ---------------------------------------------------------------------------------


def test_the_results_alone_are_those_of_the_page(client, notebook):
    notebook.write("n1", "Give oxygen slowly.")
    take_in()
    alone = page_of(client, "/search/results/?q=oxygen")
    assert "<html" not in alone
    assert alone in page_of(client).replace("\r", "")


def test_the_start_page_has_the_box_and_every_page_the_link(client):
    page = page_of(client, "/")
    assert '<form class="search" role="search" id="search" action="/search/">' in page
    assert '<a href="/search/">Search</a>' in page


def document(*sentences: str) -> Document:
    return Document(
        title="Oxygen",
        language="en",
        blocks=[Block(BlockKind.PARAGRAPH, Text(sentence)) for sentence in sentences],
    )


@pytest.fixture
def two_countries(cast) -> None:
    for slug, owner, by, sentence in (
        ("here", cast.hospital, cast.coordinator, "Give oxygen below 90 percent."),
        ("there", cast.elsewhere, cast.outside_coordinator, "Give oxygen below 92 percent."),
    ):
        made = guidelines.add_guideline(document=document(sentence), slug=slug, owner=owner, by=by)
        guidelines.publish(guideline=made.guideline, language="en", by=by)
    take_in()


def test_two_countries_stand_side_by_side(client, two_countries):
    page = page_of(client, "/search/?q=oxygen+percent")
    (link,) = re.findall(r'href="(/search/compare/[^"]*)"', page)
    page = page_of(client, link.replace("&amp;", "&"))
    sides = dict(re.findall(r'<h2 id="country-\w">(\w+)</h2>(.*?)</section>', page, re.DOTALL))
    assert answers(sides["Indonesia"])[0] == "Give oxygen below 90 percent."
    assert answers(sides["France"])[0] == "Give oxygen below 92 percent."
    assert "Hospital" in sides["Indonesia"]
    assert "92 percent" not in sides["Indonesia"]
    assert "90 percent" not in sides["France"]


def test_a_members_own_country_stands_first(two_countries, cast, browser_of):
    for member, first in ((cast.clinician, "ID"), (cast.outside_clinician, "FR")):
        page = page_of(browser_of(member), "/search/?q=oxygen+percent")
        assert f"&amp;a={first}&amp;b=" in page


def test_a_country_without_an_answer_says_so(client, two_countries):
    page = page_of(client, "/search/compare/?q=oxygen&a=KE&b=ID")
    assert "No guideline of this country that you can read answers this." in page
    assert '<option value="KE" selected>Kenya</option>' in page
