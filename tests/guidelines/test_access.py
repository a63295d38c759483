"""Who may open what: nobody, an outsider, a teammate and those with a role, for every page."""

import pytest

from medixchange.guidelines import actions
from medixchange.translation import actions as translation
from medixchange.translation.models import Segment

pytestmark = pytest.mark.django_db

#: Everybody but those who are signed out, who are sent to sign in or not told that it exists.
EVERYBODY = [
    "coordinator", "translator", "reviewer", "clinician", "outside_clinician",
    "outside_coordinator", "unverified_clinician", "french_clinician", "logistics", "staff",
    "outsider",
]  # fmt: skip
#: Who belongs to the owning organisation, is staff, or works on English to Indonesian.
WORKERS = {
    "coordinator", "translator", "reviewer", "clinician", "outside_clinician", "french_clinician",
    "logistics", "staff",
}  # fmt: skip


def answers(cast, browser_of, path: str) -> dict[str, int]:
    return {name: browser_of(getattr(cast, name)).get(path).status_code for name in EVERYBODY}


@pytest.mark.parametrize("path", [
    "/guidelines/hands/en/", "/guidelines/hands/id/", "/guidelines/hands/en/file.md",
    "/guidelines/hands/id/original/b0000000000/", "/guidelines/hands/",
])  # fmt: skip
def test_what_is_not_published_exists_only_for_those_who_work_on_it(
    revision, cast, browser_of, path
):
    assert browser_of(None).get(path).status_code == 404
    for name, status in answers(cast, browser_of, path).items():
        if name in WORKERS and path.endswith("/hands/"):
            assert status == 302, name
        elif name in WORKERS and "original" not in path:
            assert status == 200, name
        else:
            assert status == 404, name


def test_what_is_published_anybody_reads(revision, cast, browser_of):
    actions.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    assert browser_of(None).get("/guidelines/hands/en/").status_code == 200
    assert set(answers(cast, browser_of, "/guidelines/hands/en/").values()) == {200}
    # But only in the language in which it was published.
    assert browser_of(None).get("/guidelines/hands/id/").status_code == 404


def test_what_is_withdrawn_is_gone_at_once(revision, cast, browser_of):
    edition = actions.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    assert browser_of(None).get("/guidelines/hands/en/").status_code == 200
    actions.withdraw(edition=edition, reason="A dose is wrong.", by=cast.coordinator)
    for path in ("/guidelines/hands/en/", "/guidelines/hands/en/file.html"):
        assert browser_of(None).get(path).status_code == 404


@pytest.mark.parametrize("path", [
    "/guidelines/hands/id/translate/", "/guidelines/hands/id/review/", "/guidelines/hands/manage/",
    "/guidelines/import/", "/work/",
])  # fmt: skip
def test_working_pages_ask_to_sign_in(revision, browser_of, path):
    answer = browser_of(None).get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


def test_who_may_open_the_workbench(revision, cast, browser_of):
    assert answers(cast, browser_of, "/guidelines/hands/id/translate/") == {
        "coordinator": 403, "translator": 200, "reviewer": 200, "clinician": 200,
        "outside_clinician": 200, "outside_coordinator": 404, "unverified_clinician": 404,
        "french_clinician": 403, "logistics": 403, "staff": 403, "outsider": 404,
    }  # fmt: skip


def test_who_may_manage(revision, cast, browser_of):
    assert answers(cast, browser_of, "/guidelines/hands/manage/") == {
        "coordinator": 200, "translator": 200, "reviewer": 200, "clinician": 200,
        "outside_clinician": 200, "outside_coordinator": 404, "unverified_clinician": 404,
        "french_clinician": 200, "logistics": 200, "staff": 200, "outsider": 404,
    }  # fmt: skip


def test_who_may_bring_in_a_guideline(cast, browser_of):
    assert answers(cast, browser_of, "/guidelines/import/") == {
        "coordinator": 200, "translator": 403, "reviewer": 403, "clinician": 200,
        "outside_clinician": 200, "outside_coordinator": 200, "unverified_clinician": 403,
        "french_clinician": 200, "logistics": 403, "staff": 200, "outsider": 403,
    }  # fmt: skip


def test_only_the_owners_coordinator_or_staff_publishes(revision, cast, browser_of):
    path = "/guidelines/hands/en/publish/"
    for name in EVERYBODY:
        if name in ("coordinator", "staff"):
            continue
        assert browser_of(getattr(cast, name)).post(path).status_code == 403, name
    assert not revision.guideline.editions.exists()
    assert browser_of(cast.coordinator).post(path).status_code == 302
    assert revision.guideline.editions.count() == 1


def test_only_a_clinician_of_the_pair_approves_over_the_web(revision, cast, browser_of):
    segment = Segment.objects.get(text="When")
    row = translation.propose(segment=segment, language="id", text="Kapan", by=cast.translator)
    path = f"/guidelines/hands/id/review/{row.pk}/"
    for name in EVERYBODY:
        if name in ("clinician", "outside_clinician"):
            continue
        answer = browser_of(getattr(cast, name)).post(path, {"do": "approve"})
        assert answer.status_code in (403, 404), name
        row.refresh_from_db()
        assert row.status == "proposed", name
    assert browser_of(cast.outside_clinician).post(path, {"do": "approve"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.signed_for) == ("approved", cast.elsewhere)


def test_a_translation_of_another_guideline_is_not_decided_here(revision, cast, browser_of):
    other = translation.ensure_segments(["Another text."], language="en")[0]
    row = translation.propose(segment=other, language="id", text="Teks lain.", by=cast.translator)
    path = f"/guidelines/hands/id/review/{row.pk}/"
    assert browser_of(cast.clinician).post(path, {"do": "approve"}).status_code == 404


def test_nobody_sees_the_draft_of_another_by_asking_for_it(revision, cast, browser_of):
    segment = Segment.objects.get(text="When")
    draft = translation.save_draft(
        segment=segment, language="id", text="Belum selesai", by=cast.translator
    )
    path = f"/guidelines/hands/id/translate/?at={segment.pk}&take={draft.pk}"
    assert "Belum selesai" in browser_of(cast.translator).get(path).content.decode()
    for name in ("second_translator", "clinician", "reviewer"):
        assert "Belum selesai" not in browser_of(getattr(cast, name)).get(path).content.decode()


def test_a_form_without_its_token_is_refused_in_words(revision, cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.coordinator)
    answer = client.post("/guidelines/hands/en/publish/")
    assert answer.status_code == 403
    assert b"The form is too old" in answer.content
