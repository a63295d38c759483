"""How a translation goes from a draft to a signed text, and what stops it on the way."""

import pytest
from django.db import IntegrityError, transaction

from medixchange.core.models import AuditEntry
from medixchange.translation import actions, memory, queries, rules, states
from medixchange.translation.models import Segment, Translation
from medixchange.translation.states import TRANSITIONS, Origin, Status

pytestmark = pytest.mark.django_db

SOURCE = "Give 5 mg once a day."
RIGHT = "Berikan 5 mg sekali sehari."
WRONG = "Berikan 50 mg sekali sehari."


@pytest.fixture
def segment(db) -> Segment:
    return actions.ensure_segments([SOURCE], language="en")[0]


def propose(segment, cast, text=RIGHT, by=None) -> Translation:
    return actions.propose(segment=segment, language="id", text=text, by=by or cast.translator)


def shown(segment) -> queries.Shown:
    return queries.for_reader([segment], "id")[0]


def test_one_segment_for_one_text_however_often_it_occurs(db):
    made = actions.ensure_segments(["One.", "Two.", "One.", " One. "], language="en")
    assert made[0] == made[2] == made[3] != made[1]
    assert Segment.objects.count() == 2
    assert actions.ensure_segments(["One."], language="fr")[0] != made[0]


def test_a_reader_sees_the_source_and_is_told_so_while_there_is_nothing_else(segment):
    assert (shown(segment).text, shown(segment).provenance.state) == (SOURCE, "missing")


def test_a_draft_is_its_authors_alone(segment, cast):
    actions.save_draft(segment=segment, language="id", text="Ber", by=cast.translator)
    assert shown(segment).provenance.state == "missing"
    assert queries.working([segment.pk], "id", cast.translator)[segment.pk].text == "Ber"
    assert queries.working([segment.pk], "id", cast.second_translator) == {}


def test_autosave_keeps_one_draft(segment, cast):
    for text in ("B", "Be", "Ber"):
        actions.save_draft(segment=segment, language="id", text=text, by=cast.translator)
    assert [row.text for row in Translation.objects.all()] == ["Ber"]


def test_the_whole_way(segment, cast):
    row = propose(segment, cast)
    assert shown(segment).provenance.state == "proposed"
    actions.review(translation=row, by=cast.reviewer)
    assert shown(segment).provenance.state == "reviewed"
    actions.approve(translation=row, by=cast.clinician)
    what = shown(segment)
    assert what.text == RIGHT
    assert what.provenance.state == "approved"
    assert what.provenance.who == "Clinician"
    assert what.provenance.organisation == "Hospital"
    assert what.provenance.at is not None
    assert [
        entry.action for entry in AuditEntry.objects.filter(action__startswith="translation")
    ] == [
        "translation.proposed",
        "translation.reviewed",
        "translation.approved",
    ]


def test_a_wrong_dose_is_not_shown_to_readers_and_cannot_be_approved(segment, cast):
    row = propose(segment, cast, WRONG)
    assert row.blocked
    assert shown(segment).provenance.state == "missing"
    with pytest.raises(actions.Refused, match="50"):
        actions.approve(translation=row, by=cast.clinician)
    row.refresh_from_db()
    assert row.status == Status.PROPOSED


def test_an_override_needs_a_reason_and_is_kept(segment, cast):
    row = propose(segment, cast, WRONG)
    with pytest.raises(actions.Refused):
        actions.approve(translation=row, by=cast.clinician, override_reason="   ")
    actions.approve(translation=row, by=cast.clinician, override_reason="Local strength is 50 mg.")
    row.refresh_from_db()
    assert row.override_reason == "Local strength is 50 mg."
    assert shown(segment).text == WRONG
    entry = AuditEntry.objects.get(action="translation.approved")
    assert entry.details["override"] == "Local strength is 50 mg."
    assert entry.details["findings"] == ["numbers"]


def test_no_reason_is_kept_where_none_was_needed(segment, cast):
    row = actions.approve(
        translation=propose(segment, cast), by=cast.clinician, override_reason="just so"
    )
    assert row.override_reason == ""


def test_readers_keep_the_approved_text_until_a_new_one_is_approved(segment, cast):
    first = actions.approve(translation=propose(segment, cast), by=cast.clinician)
    second = propose(segment, cast, "Berikan 5 mg satu kali sehari.")
    assert shown(segment).text == RIGHT
    actions.approve(translation=second, by=cast.clinician)
    assert shown(segment).text == "Berikan 5 mg satu kali sehari."
    first.refresh_from_db()
    assert first.status == Status.SUPERSEDED


def test_returning_needs_a_reason_and_the_translator_sees_it(segment, cast):
    row = propose(segment, cast)
    with pytest.raises(actions.Refused):
        actions.send_back(translation=row, reason=" ", by=cast.clinician)
    actions.send_back(translation=row, reason="Say “setiap hari”.", by=cast.clinician)
    held = queries.working([segment.pk], "id", cast.translator)[segment.pk]
    assert (held.status, held.return_reason) == (Status.RETURNED, "Say “setiap hari”.")
    assert shown(segment).provenance.state == "missing"


def test_proposing_the_same_wording_again_changes_nothing(segment, cast):
    row = propose(segment, cast)
    assert propose(segment, cast, by=cast.second_translator) == row
    assert Translation.objects.count() == 1


def test_a_clinician_may_sign_machine_text_and_it_stays_labelled_as_such(segment, cast):
    actions.keep_memory([(SOURCE, RIGHT)], source="en", target="id", name="Old handbook")
    assert shown(segment).provenance.state == "machine"
    row = Translation.objects.get()
    actions.approve(translation=row, by=cast.clinician)
    row.refresh_from_db()
    assert (row.status, row.origin, row.origin_name) == (
        Status.APPROVED,
        Origin.MEMORY,
        "Old handbook",
    )


def test_taking_a_suggestion_as_it_is_keeps_its_origin_and_changing_it_does_not(segment, cast):
    actions.keep_memory([(SOURCE, RIGHT)], source="en", target="id", name="Old handbook")
    offered = memory.suggestions(segment, "id")[0].translation
    draft = actions.save_draft(
        segment=segment, language="id", text=RIGHT, by=cast.translator, based_on=offered
    )
    assert (draft.origin, draft.origin_name) == (Origin.MEMORY, "Old handbook")
    draft = actions.save_draft(segment=segment, language="id", text=RIGHT + "!", by=cast.translator)
    assert (draft.origin, draft.origin_name) == (Origin.PERSON, "")
    assert draft.based_on == offered


# -- Who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("translator", True), ("second_translator", True), ("reviewer", True),
        ("clinician", True), ("outside_clinician", True), ("coordinator", False),
        ("logistics", False), ("staff", False), ("outsider", False),
        ("unverified_clinician", False), ("french_clinician", False),
    ],
)  # fmt: skip
def test_who_may_translate(segment, cast, who, may):
    member = getattr(cast, who)
    if may:
        propose(segment, cast, by=member)
    else:
        with pytest.raises(rules.NotAllowed):
            propose(segment, cast, by=member)
        assert not Translation.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("clinician", True), ("second_clinician", True), ("outside_clinician", True),
        ("translator", False), ("second_translator", False), ("reviewer", False),
        ("coordinator", False), ("logistics", False), ("staff", False), ("outsider", False),
        ("unverified_clinician", False), ("french_clinician", False),
    ],
)  # fmt: skip
def test_who_may_approve(segment, cast, who, may):
    row = propose(segment, cast)
    member = getattr(cast, who)
    if may:
        actions.approve(translation=row, by=member)
    else:
        with pytest.raises(rules.NotAllowed):
            actions.approve(translation=row, by=member)
    row.refresh_from_db()
    assert (row.status == Status.APPROVED) is may


def test_nobody_approves_reviews_or_returns_their_own_wording(segment, cast):
    row = propose(segment, cast, by=cast.clinician)
    with pytest.raises(rules.NotAllowed):
        actions.approve(translation=row, by=cast.clinician)
    with pytest.raises(rules.NotAllowed):
        actions.send_back(translation=row, reason="x", by=cast.clinician)
    actions.approve(translation=row, by=cast.second_clinician)


def test_the_database_refuses_a_signature_by_the_author(segment, cast):
    row = propose(segment, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Translation.objects.filter(pk=row.pk).update(signed_by=cast.translator)


def test_the_database_refuses_an_approval_without_signature(segment, cast):
    row = propose(segment, cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Translation.objects.filter(pk=row.pk).update(status=Status.APPROVED)


# -- The table -------------------------------------------------------------------------------------


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("wanted", Status)
def test_the_table_is_the_only_way(now, wanted):
    if wanted in TRANSITIONS[now]:
        states.require(now, wanted)
    else:
        with pytest.raises(states.TransitionRefused):
            states.require(now, wanted)


def test_every_status_stands_in_the_table():
    assert set(TRANSITIONS) == set(Status)
