"""Bringing in a document: what is kept of a good one, and that nothing is kept of a bad one."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from medixchange.guidelines import actions, queries
from medixchange.guidelines.documents.model import Document
from medixchange.guidelines.models import Block, Guideline, Picture
from medixchange.translation.actions import Refused
from medixchange.translation.models import Segment
from medixchange.translation.rules import NotAllowed
from tests.guidelines.conftest import small_document

pytestmark = pytest.mark.django_db

GOOD = b"""---
title: Oxygen
---

# When

Give oxygen when SpO~2~ is below 90%. Do **not** wait.[^1]

- first
- second

[^1]: World Health Organization, 2021.
"""
INDONESIAN = "Cuci tangan Anda dengan sabun dan air mengalir selama empat puluh detik. " * 6


def send(client, cast, name: str, content: bytes, **fields: str):
    return client.post(
        "/guidelines/import/",
        {
            "file": SimpleUploadedFile(name, content),
            "language": "en",
            "slug": "oxygen",
            "owner": cast.hospital.pk,
            **fields,
        },
    )


def zipped(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_good_file_becomes_a_guideline_that_only_its_people_see(cast, browser_of):
    answer = send(browser_of(cast.coordinator), cast, "oxygen.md", GOOD)
    assert answer["Location"] == "/guidelines/oxygen/manage/"
    guideline = Guideline.objects.get()
    revision = queries.newest(guideline)
    assert revision.title.text == "Oxygen"
    assert revision.file_name == "oxygen.md"
    assert actions.file_path("originals", revision.file_sha256).read_bytes() == GOOD
    assert [block.kind for block in Block.objects.all()] == [
        "heading", "paragraph", "item", "item", "footnote",
    ]  # fmt: skip
    assert [segment.text for segment in queries.segments(revision)] == [
        "Oxygen",
        "When",
        "Give oxygen when SpO<g1>2</g1> is below 90%.",
        "Do <g1>not</g1> wait.<x2/>",
        "first",
        "second",
        "World Health Organization, 2021.",
    ]
    assert browser_of(None).get("/guidelines/oxygen/en/").status_code == 404


@pytest.mark.parametrize(("name", "content", "said"), [
    ("broken.docx", b"PK\x03\x04 not really a zip", "broken.docx"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.doc"),
    ("bomb.docx", zipped({"word/document.xml": b"0" * 300_000_000}), "bomb.docx"),
    ("empty.md", b"", "empty.md"),
    ("latin1.txt", "Température élevée".encode("latin-1"), "latin1.txt"),
    ("line.txt", b"a" * 3_000_000, "line.txt"),
    ("picture.png", b"\x89PNG\r\n\x1a\n", "picture.png"),
    ("wrong.md", INDONESIAN.encode(), "Bahasa Indonesia"),
])  # fmt: skip
def test_of_a_bad_file_nothing_is_kept_and_the_page_says_why(cast, browser_of, name, content, said):
    answer = send(browser_of(cast.coordinator), cast, name, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    error = page.split('class="errors"')[1].split("</ul>")[0]
    assert len(error) > 40
    assert said in error
    assert not Guideline.objects.exists()
    assert not Segment.objects.exists()


def test_a_taken_short_name_is_refused(revision, cast, browser_of):
    answer = send(browser_of(cast.coordinator), cast, "a.md", GOOD, slug="hands")
    assert answer.status_code == 422
    assert "hands" in answer.content.decode()
    assert Guideline.objects.count() == 1


def test_a_guideline_cannot_be_given_to_another_organisation(cast, browser_of):
    answer = send(browser_of(cast.coordinator), cast, "a.md", GOOD, owner=str(cast.elsewhere.pk))
    assert answer.status_code == 422
    assert not Guideline.objects.exists()


def test_script_in_a_document_is_left_out_and_told(cast, browser_of):
    html = (
        b"<html lang=en><title>T</title><body><h1 onclick=alert(1)>Head</h1>"
        b"<script>alert(1)</script>"
        b"<p>Text <a href='javascript:alert(1)'>link</a></p><iframe src='http://x'></iframe>"
        b"<img src='file:///etc/passwd'></body></html>"
    )
    answer = send(browser_of(cast.coordinator), cast, "page.html", html)
    assert answer.status_code == 302
    revision = queries.newest(Guideline.objects.get())
    assert revision.untaken
    page = browser_of(cast.coordinator).get("/guidelines/oxygen/en/").content.decode()
    article = page.split("<article")[1].split("</article")[0]
    for bad in ("alert", "javascript:", "<iframe", "passwd", "onclick"):
        assert bad not in article
    assert "Text" in article
    assert not Picture.objects.exists()


def test_a_failure_half_way_leaves_nothing(cast, monkeypatch):
    def fail(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(actions.Passage.objects, "bulk_create", fail)
    with pytest.raises(RuntimeError):
        actions.add_guideline(
            document=small_document(), slug="x", owner=cast.hospital, by=cast.coordinator
        )
    assert not Guideline.objects.exists()
    assert not Segment.objects.exists()


def test_a_document_without_words_is_refused(cast):
    with pytest.raises(Refused):
        actions.add_guideline(
            document=Document("T", "en", []), slug="x", owner=cast.hospital, by=cast.coordinator
        )


def test_an_outsider_cannot_add_one_by_calling_the_action(cast):
    with pytest.raises(NotAllowed):
        actions.add_guideline(
            document=small_document(), slug="x", owner=cast.hospital, by=cast.outsider
        )


def test_publishing_a_language_without_any_approval_is_refused(revision, cast):
    with pytest.raises(Refused):
        actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
