"""Who may approve a run is told by mail that it waits, each in their language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from medixchange.network.models import Member, Role
from medixchange.relief.actions import allocating
from medixchange.relief.models import AllocationLine


@pytest.fixture
def held(mailoutbox, django_capture_on_commit_callbacks):
    """Runs something and gives the mail that is sent once its transaction holds, by address."""

    def run(act):
        mailoutbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
            assert mailoutbox == []
        return {message.to[0]: message for message in mailoutbox}

    return run


def test_all_who_may_approve_are_told_each_in_their_language_and_the_maker_is_not(
    relief, scarce, join, held
):
    second = join("second_officer", relief.agency, Role.LOGISTICS)
    join("agency_clinician", relief.agency, Role.CLINICIAN)
    Member.objects.filter(pk=relief.agency_head.pk).update(interface_language="id")
    Member.objects.filter(pk=second.pk).update(interface_language="fr")
    made = []
    told = held(lambda: made.append(scarce.plan()))
    (run,) = made
    assert set(told) == {relief.agency_head.email, second.email}
    for reader, language in ((relief.agency_head, "id"), (second, "fr")):
        with translation.override(language):
            subject = gettext("%(reference)s waits for approval") % {"reference": run.reference}
        assert told[reader.email].subject == subject
        assert f"/relief/runs/{run.reference}/" in told[reader.email].body
    with translation.override("en"):
        told = held(scarce.plan)
    body = told[relief.agency_head.email].body
    assert "Agent" in body
    assert "Agency store" in body
    assert "3" in body


def test_who_made_it_before_is_told_when_another_has_changed_it(relief, scarce, held):
    run = scarce.plan()

    def change(by):
        allocating.change_line(
            line=AllocationLine.objects.get(run=run, facility=scarce.c),
            quantity=50,
            reason="Mereka punya cadangan.",
            reason_language="id",
            by=by,
        )

    assert set(held(lambda: change(relief.agency_head))) == {relief.agent.email}
    # Changed again by the same person, it waits for those who know.
    assert held(lambda: change(relief.agency_head)) == {}
    again = held(lambda: allocating.plan_again(run=run, by=relief.agent))
    assert set(again) == {relief.agency_head.email}


def test_nobody_is_told_of_what_was_decided_before_the_mail_left(relief, scarce, held):
    def decided():
        allocating.discard(run=scarce.plan(), reason="Keliru.", by=relief.agent)

    assert held(decided) == {}
