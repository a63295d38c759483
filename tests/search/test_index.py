"""The index in files: made from the database, in step with it, and anew where it is broken."""

import json
import shutil

import pytest
from click.testing import CliRunner
from django.utils import timezone

from medixchange.search import index, queries
from medixchange.search.actions import rebuilding, taking_in, working
from medixchange.search.cli.keeping import rebuild as rebuild_command
from medixchange.search.cli.keeping import status as status_command
from medixchange.search.index import folders, snapshots
from medixchange.search.models import Head, Passage, Stuck
from medixchange.search.queries import Wanted
from medixchange.search.queries.status import status


def found(text: str) -> list[str]:
    return sorted(hit.place for hit in queries.search(Wanted(text, "en"), None).hits)


@pytest.fixture
def pages(notebook):
    for number in range(3):
        notebook.write(f"p{number}", f"Oxygen on page {number}.")
    assert found("oxygen") == ["p0", "p1", "p2"]
    return notebook


def test_a_change_is_found_by_a_process_that_had_the_index_open(pages):
    mine = index.held()
    pages.write("p1", "Nitrogen on page 1.")
    assert found("oxygen") == ["p0", "p2"]
    assert found("nitrogen") == ["p1"]
    assert index.held() is mine
    assert mine.words_at == mine.at == Head.objects.get().version


def test_folder_taken_away(pages, settings):
    shutil.rmtree(settings.SEARCH_DIR)
    assert found("oxygen") == ["p0", "p1", "p2"]
    index.forget()
    shutil.rmtree(settings.SEARCH_DIR)
    assert found("oxygen") == ["p0", "p1", "p2"]


@pytest.mark.parametrize("is_open", [True, False])
def test_files_full_of_rubbish_or_cut_short(pages, is_open):
    for damage in (lambda path: path.write_bytes(b"rubbish"), lambda path: path.write_bytes(b""),
                   lambda path: path.unlink()):  # fmt: skip
        if not is_open:
            index.forget()
        for path in [*folders.root().rglob("*")]:
            if path.is_file():
                damage(path)
        assert found("oxygen") == ["p0", "p1", "p2"]
        pages.write("p3", "Oxygen on page 3.")
        assert found("oxygen") == ["p0", "p1", "p2", "p3"]
        pages.erase("p3")
        assert found("oxygen") == ["p0", "p1", "p2"]


def test_an_index_ahead_of_the_database_is_made_anew(pages):
    """As after a backup of the database was put back."""
    Passage.objects.filter(place="p2").delete()
    Head.objects.update(version=2)
    assert found("oxygen") == ["p0", "p1"]
    assert index.held().words_at == 2


def test_an_index_that_slept_over_what_was_forgotten_is_made_anew(pages):
    mine = index.held()
    slept_at = mine.at
    pages.erase("p0")
    pages.write("p4", "Oxygen on page 4.")
    taking_in.catch_up()
    Passage.objects.update(changed_at=timezone.now() - taking_in.KEEP_GONE * 2)
    assert taking_in.forget_gone() == 1
    assert mine.at == slept_at
    assert found("oxygen") == ["p1", "p2", "p4"]
    assert index.held().folder != mine.folder


def test_rebuild_makes_all_anew_and_takes_the_old_folder_away(pages):
    old = folders.current()
    del pages.pages["p0"]  # and no note tells of it
    told: list[tuple[str, int, int]] = []
    done = rebuilding.rebuild(tell=lambda *step: told.append(step))
    assert (done.units, done.changed, done.failed, done.passages) == (3, 1, 0, 2)
    assert {step for step, _done, _total in told} == {"read", "index"}
    assert told[-1][1] == told[-1][2] == Head.objects.get().version
    assert folders.current() != old
    assert not old.exists()
    assert found("oxygen") == ["p1", "p2"]


def test_while_it_is_made_anew_the_old_one_answers(pages):
    answers = []
    rebuilding.rebuild(tell=lambda *_step: answers.append(found("oxygen")))
    assert len(answers) >= 2
    assert all(answer == ["p0", "p1", "p2"] for answer in answers)


def test_what_is_left_of_a_rebuild_that_died_is_swept_away(pages):
    left = folders.new(filling=True)
    found("oxygen")
    assert left.exists()
    rebuilding.rebuild()
    assert not left.exists()
    assert len([path for path in folders.root().iterdir() if path.is_dir()]) == 1


def test_two_rebuilds_at_once_are_one(pages):
    with folders.locked("rebuilding") as is_mine:
        assert is_mine
        with pytest.raises(rebuilding.Busy):
            rebuilding.rebuild()


def test_a_snapshot_saves_reading_the_database(pages):
    mine = index.held()
    snapshots.save(mine)
    index.forget()
    fresh = index.held()
    assert fresh.at == mine.at == fresh.saved_at
    pages.write("p1", "Nitrogen on page 1.")
    assert found("oxygen") == ["p0", "p2"]
    index.forget()
    assert found("oxygen") == ["p0", "p2"]


def test_the_worker_takes_in_and_writes_a_snapshot(pages, monkeypatch):
    monkeypatch.setattr(snapshots, "EVERY", 2)
    for number in range(3, 6):
        pages.write(f"p{number}", f"Oxygen on page {number}.")
    worker = working.Worker()
    assert worker.round()
    assert not worker.round()
    assert (folders.current() / "snapshot.json").exists()
    assert len(Passage.objects.filter(gone=False)) == 6


def test_status_tells_what_there_is_and_what_waits(pages):
    pages.write("p0", "Oksigen di halaman 0.", "id", said_in="en")
    pages.torn.add("bad")
    pages.write("bad", "Torn.")
    taking_in.catch_up()
    pages.write("p9", "Not taken in yet.")
    now = status()
    assert now.passages == {"note": {"en": 3, "id": 1}}
    assert now.total == 4
    assert now.notes_waiting == 1
    assert [(row.kind, row.unit, row.tries) for row in now.failing] == [("note", "bad", 1)]
    assert (now.engine, now.vectors, now.vectors_waiting) == ("", {}, 0)
    assert now.version == 4
    assert now.words_at == 3
    assert now.bytes > 0


def test_commands_of_the_index(pages):
    runner = CliRunner()
    done = runner.invoke(rebuild_command, ["--json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"units": 3, "changed": 0, "failed": 0, "passages": 3}
    assert "reading: 3 of 3" in done.stderr
    assert "indexing: 3 of 3" in done.stderr
    told = json.loads(runner.invoke(status_command, ["--json"]).stdout)
    assert told["passages"] == {"note": {"en": 3}}
    assert told["words_at"] == told["version"] == 3
    Stuck.objects.create(kind="note", unit="bad", problem="Torn.", retry_at=timezone.now(), tries=2)
    words = runner.invoke(status_command, []).stdout
    assert "3 passages" in words
    assert "note bad, 2 times: Torn." in words
