"""Notes become passages: all of them, once, and whatever fails in between."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from medixchange.core import searchable
from medixchange.core.models import Touched
from medixchange.search.actions import taking_in
from medixchange.search.models import Head, Passage, Stuck
from tests.search.conftest import kept, take_in, versions


def test_what_was_written_is_taken_in_and_its_note_is_gone(notebook):
    notebook.write("one", "Wash your hands.", state="approved", topics=("hygiene",), country="ID")
    taken = take_in()
    assert (taken.units, taken.passages, taken.failed) == (1, 1, 0)
    assert not Touched.objects.exists()
    row = Passage.objects.get()
    assert (row.kind, row.unit, row.place, row.language) == ("note", "one", "one", "en")
    assert (row.text, row.state, row.topics, row.country) == (
        "Wash your hands.", "approved", ["hygiene"], "ID",
    )  # fmt: skip
    assert (row.audience, row.said_in) == (searchable.PUBLIC, "en")


def test_taking_in_twice_changes_nothing(notebook):
    notebook.write("one", "Wash your hands.")
    notebook.write("one", "Cuci tangan.", "id", said_in="en")
    take_in()
    before = versions(), Head.objects.get().version
    searchable.touched("note", "one", "one")
    assert take_in().passages == 0
    assert (versions(), Head.objects.get().version) == before


def test_a_change_takes_the_next_version_and_the_rest_keeps_its_own(notebook):
    notebook.write("one", "Wash your hands.")
    notebook.write("two", "Wear a mask.")
    take_in()
    before = versions()
    notebook.write("two", "Wear two masks.")
    take_in()
    after = versions()
    changed = Passage.objects.get(place="two")
    assert changed.text == "Wear two masks."
    assert after[changed.pk] > max(before.values())
    assert {pk: v for pk, v in after.items() if pk != changed.pk} == {
        pk: v for pk, v in before.items() if pk != changed.pk
    }


def test_what_is_gone_leaves_no_words_and_a_later_version_and_may_come_back(notebook):
    notebook.write("one", "Wash your hands.", heading="Hygiene")
    take_in()
    was = Passage.objects.get()
    notebook.erase("one")
    take_in()
    row = Passage.objects.get()
    assert (row.gone, row.text, row.heading) == (True, "", "")
    assert row.version > was.version
    notebook.write("one", "Wash them again.")
    take_in()
    assert kept() == {("one", "en"): "Wash them again."}
    assert Passage.objects.get().pk == was.pk


def test_a_place_that_moves_to_another_unit_stays_when_the_old_one_is_taken_in(notebook):
    notebook.write("one", "Wash your hands.")
    take_in()
    notebook.pages["two"] = notebook.pages.pop("one")
    searchable.touched("note", "two", "one")
    take_in()
    assert kept() == {("one", "en"): "Wash your hands."}
    assert Passage.objects.get().unit == "two"


def test_a_change_that_is_undone_leaves_no_note(notebook):
    take_in()
    with transaction.atomic():
        notebook.write("one", "Wash your hands.")
        transaction.set_rollback(True)
    assert not Touched.objects.exists()


def test_a_unit_that_cannot_be_read_stops_no_other_and_is_tried_again(notebook):
    notebook.torn.add("bad")
    notebook.write("bad", "Torn.")
    notebook.write("good", "Whole.")
    taken = take_in()
    assert (taken.units, taken.failed) == (2, 1)
    assert kept() == {("good", "en"): "Whole."}
    assert not Touched.objects.exists()
    stuck = Stuck.objects.get()
    assert (stuck.kind, stuck.unit, stuck.tries) == ("note", "bad", 1)
    assert stuck.problem == "OSError: the page is torn"
    first = stuck.retry_at
    assert take_in().units == 0  # not due yet

    Stuck.objects.update(retry_at=timezone.now())
    assert take_in().failed == 1
    stuck.refresh_from_db()
    assert stuck.tries == 2
    assert stuck.retry_at - timezone.now() > timedelta(seconds=5)
    assert stuck.retry_at > first

    notebook.torn.clear()
    Stuck.objects.update(retry_at=timezone.now())
    assert take_in().failed == 0
    assert kept()["bad", "en"] == "Torn."
    assert not Stuck.objects.exists()


def test_a_change_of_a_stuck_unit_is_tried_at_once(notebook):
    notebook.torn.add("bad")
    notebook.write("bad", "Torn.")
    take_in()
    notebook.torn.clear()
    notebook.write("bad", "Mended.")
    take_in()
    assert kept() == {("bad", "en"): "Mended."}
    assert not Stuck.objects.exists()


def test_a_source_that_is_new_is_asked_for_all_it_has(notebook):
    notebook.write("one", "Wash your hands.")
    Touched.objects.all().delete()  # as of content older than search
    take_in()
    assert kept() == {("one", "en"): "Wash your hands."}
    assert "note" in Head.objects.get().kinds


def test_everything_anew_finds_what_no_note_told_of(notebook):
    notebook.write("one", "Wash your hands.")
    notebook.write("two", "Wear a mask.")
    take_in()
    del notebook.pages["one"]
    notebook.write("three", "Keep apart.")
    Touched.objects.all().delete()
    taking_in.note_everything()
    take_in()
    assert kept() == {("two", "en"): "Wear a mask.", ("three", "en"): "Keep apart."}


def test_rows_of_what_is_gone_are_forgotten_in_time_and_the_head_says_so(notebook):
    notebook.write("one", "Wash your hands.")
    take_in()
    notebook.erase("one")
    take_in()
    version = Passage.objects.get().version
    assert taking_in.forget_gone() == 0
    Passage.objects.update(changed_at=timezone.now() - taking_in.KEEP_GONE * 2)
    assert taking_in.forget_gone() == 1
    assert not Passage.objects.exists()
    assert Head.objects.get().forgotten == version
