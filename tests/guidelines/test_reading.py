"""The reading page: what a reader is shown, in which language, and what they are told of it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from medixchange.guidelines import actions
from medixchange.guidelines.models import Block
from medixchange.translation import actions as translation
from medixchange.translation.models import Segment

pytestmark = pytest.mark.django_db


def html(client, path="/guidelines/hands/id/", **headers) -> str:
    answer = client.get(path, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def passage(page: str, words: str) -> str:
    """The HTML of the passage that holds some words."""
    return next(part for part in page.split('<div class="passage ')[1:] if words in part)


@pytest.fixture
def published(revision, cast, translate):
    translate(revision)
    for language in ("en", "id"):
        actions.publish(guideline=revision.guideline, language=language, by=cast.coordinator)
    return revision


def test_the_whole_document_in_the_readers_language(published, browser_of):
    page = html(browser_of(None))
    assert '<article lang="id" dir="ltr"' in page
    assert "<h1>Kebersihan tangan</h1>" in page
    assert "<h2>Kapan</h2>" in page
    assert (
        '<p>Gosok tangan selama 20 hingga 30 detik.<sup><a href="#fn-1" id="fnref-1">1</a></sup> '
        "<strong>Jangan</strong> sentuh wajah Anda.</p>"
    ) in page
    assert re.search(
        r"<ul><li><div.*?Sebelum menyentuh pasien.*?</li><li>.*?</li></ul>", page, re.S
    )
    assert '<th scope="col">Langkah</th>' in page
    assert "<td>3 mL</td>" in page
    assert "<pre>raw &lt;b&gt;</pre>" in page
    assert 'id="fn-1"' in page


def test_every_passage_says_who_approved_it_where_and_when(published, browser_of):
    page = html(browser_of(None))
    mark = passage(page, "Kapan")
    assert "mark-approved" in mark
    assert "<bdi>Clinician</bdi>, <bdi>Hospital</bdi>" in mark
    assert "<time datetime=" in mark
    assert "11 of 11 sentences approved" in page
    assert "Parts of this text are not approved" not in page


def test_the_original_has_no_marks(published, browser_of):
    page = html(browser_of(None), "/guidelines/hands/en/")
    assert "This is the original language." in page
    assert 'class="mark' not in page


def test_what_is_not_translated_is_shown_in_the_source_and_says_so(
    revision, cast, translate, browser_of
):
    translate(revision, only={"When", "Hand hygiene"})
    actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    page = html(browser_of(None))
    part = passage(page, "Before you touch a patient")
    assert '<span lang="en" dir="ltr">Before you touch a patient</span>' in part
    assert "Not translated yet" in part
    assert "Parts of this text are not approved" in page


def test_a_passage_is_as_good_as_its_worst_sentence(revision, cast, translate, browser_of):
    translate(revision, only={"Rub your hands for 20 to 30 seconds.<x1/>", "When"})
    actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    part = passage(html(browser_of(None)), "Gosok tangan")
    assert "mark-missing" in part
    assert "partly:" in part


def test_machine_text_names_its_engine(revision, cast, translate, browser_of):
    translate(revision, only={"When"})
    translation.keep_memory(
        [("Before you touch a patient", "Sebelum menyentuh pasien")],
        source="en", target="id", name="Old handbook",
    )  # fmt: skip
    actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    part = passage(html(browser_of(None)), "Sebelum menyentuh pasien")
    assert "Machine, not reviewed" in part
    assert "Old handbook" in part


def test_the_original_of_one_passage_stands_beside_it(published, browser_of):
    block = Block.objects.get(revision=published, kind="paragraph")
    anchor = f"b{block.identity.hex[:10]}"
    page = html(browser_of(None), f"/guidelines/hands/id/?original={anchor}")
    assert page.count('<div class="source"') == 1
    assert "Do <strong>not</strong> touch your face." in passage(page, "Gosok tangan")
    alone = html(browser_of(None), f"/guidelines/hands/id/original/{anchor}/")
    assert "Do <strong>not</strong> touch your face." in alone
    every = html(browser_of(None), "/guidelines/hands/id/?original=all")
    assert every.count('<div class="source"') == 6


def test_a_new_approval_is_seen_at_once_by_everybody(published, cast, browser_of):
    assert "Kapan" in html(browser_of(None))
    segment = Segment.objects.get(text="When")
    row = translation.propose(segment=segment, language="id", text="Bilamana", by=cast.translator)
    assert "Kapan" in html(browser_of(None))
    translation.approve(translation=row, by=cast.clinician)
    page = html(browser_of(None))
    assert "Bilamana" in page
    assert "Kapan" not in page


def test_an_unchanged_page_is_answered_with_304(published, cast, browser_of):
    client = browser_of(None)
    tag = client.get("/guidelines/hands/id/")["ETag"]
    assert client.get("/guidelines/hands/id/", headers={"If-None-Match": tag}).status_code == 304
    segment = Segment.objects.get(text="When")
    row = translation.propose(segment=segment, language="id", text="Bilamana", by=cast.translator)
    translation.approve(translation=row, by=cast.clinician)
    assert client.get("/guidelines/hands/id/", headers={"If-None-Match": tag}).status_code == 200


def test_the_finished_page_is_kept_for_each_language_of_the_site(published, browser_of):
    client = browser_of(None)
    english = html(client, headers={"Accept-Language": "en"})
    french = html(client, headers={"Accept-Language": "fr"})
    assert '<html lang="en"' in english
    assert '<html lang="fr"' in french
    assert html(client, headers={"Accept-Language": "en"}) == english


def test_a_page_for_one_member_is_never_kept_for_another(published, cast, browser_of):
    assert "Manage" in html(browser_of(cast.coordinator))
    assert "Manage" not in html(browser_of(None))


def test_choosing_goes_to_the_readers_language_else_to_the_original(published, browser_of):
    client = browser_of(None)
    for wanted, place in (("id", "/guidelines/hands/id/"), ("fr", "/guidelines/hands/en/")):
        answer = client.get("/guidelines/hands/", headers={"Accept-Language": wanted})
        assert answer["Location"] == place


def test_the_number_of_queries_does_not_grow_with_the_document(published, cast, browser_of):
    def count(path: str) -> int:
        client = browser_of(cast.clinician)
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            client.get(path)
        return len(seen)

    paths = [
        "/guidelines/hands/id/",
        "/guidelines/hands/id/translate/",
        "/guidelines/hands/id/review/",
        "/guidelines/hands/id/review/?machine=1",
        "/work/",
        "/guidelines/",
    ]

    def grow(numbers: range) -> None:
        for number in numbers:
            text = f"Sentence {number} more."
            segment = translation.ensure_segments([text], language="en")[0]
            block = Block.objects.create(
                revision=published, position=100 + number, kind="paragraph"
            )
            block.passages.create(cell=0, position=0, segment=segment)
            if number % 2:
                translation.keep_memory(
                    [(text, f"Kalimat {number} lagi.")], source="en", target="id", name="Memory"
                )
            else:
                translation.propose(
                    segment=segment, language="id", text=f"{text} (id)", by=cast.translator
                )

    grow(range(2))
    small = {path: count(path) for path in paths}
    grow(range(2, 22))
    large = {path: count(path) for path in paths}
    assert all(large[path] <= small[path] for path in paths), (small, large)


def test_a_finished_page_costs_one_query(published, browser_of, django_assert_num_queries):
    client = browser_of(None)
    client.get("/guidelines/hands/id/")
    with django_assert_num_queries(1):
        client.get("/guidelines/hands/id/")


@pytest.mark.parametrize("wording", [
    "<script>alert(1)</script>Kapan", "<img src=x onerror=alert(1)>Kapan",
    "<g1 onclick='x'>Kapan</g1>", "Kapan<x9/>", "&lt;script&gt;Kapan", "</li></ul><b>Kapan",
])  # fmt: skip
def test_no_markup_of_a_translator_reaches_a_reader(revision, cast, browser_of, wording):
    segment = Segment.objects.get(text="When")
    row = translation.propose(segment=segment, language="id", text=wording, by=cast.translator)
    translation.approve(translation=row, by=cast.clinician, override_reason="test")
    actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    page = html(browser_of(None))
    part = passage(page, "Kapan")
    assert "<script" not in part
    assert "<img" not in part
    assert "<g1" not in part
    assert "<b>Kapan" not in part


def test_what_is_kept_of_a_page_is_the_same_for_everybody(published, cast, browser_of):
    first = html(browser_of(cast.coordinator))
    assert "Manage" in first
    assert "/translate/" not in first
    second = html(browser_of(cast.clinician))
    assert "Manage" not in second
    assert "/guidelines/hands/id/translate/" in second
    third = html(browser_of(cast.outsider))
    assert "Manage" not in third
    assert "/translate/" not in third
    assert "Kapan" in first
    assert "Kapan" in second
    assert "Kapan" in third
