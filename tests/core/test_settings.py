"""Settings fail loudly and by name; the operator's page tells of each."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medixchange", "audit", "--help"],
        env={**os.environ, "MEDIXCHANGE_DATA": str(tmp_path), "DATABASE_URL": "", **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("name", "value"), [
    ("MEDIXCHANGE_DEBUG", "perhaps"),
    ("MEDIXCHANGE_PROXIES", "one"),
    ("MEDIXCHANGE_SECRET_KEY", "short"),
    ("DATABASE_URL", "mysql://somewhere/x"),
    ("MEDIXCHANGE_DATA", "/proc/nowhere"),
])  # fmt: skip
def test_a_bad_value_stops_the_start_and_is_named(tmp_path, name, value):
    done = start(tmp_path, **{name: value})
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    assert start(tmp_path).returncode == 0
    key = tmp_path / "secret_key"
    first = key.read_text()
    assert len(first) > 40
    assert key.stat().st_mode & 0o077 == 0
    assert start(tmp_path).returncode == 0
    assert key.read_text() == first


def test_the_operators_page_tells_of_every_setting():
    code = (ROOT / "medixchange" / "settings.py").read_text()
    told = (ROOT / "docs" / "operations.md").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', code))
    assert len(read) > 8
    assert {name for name in read if f"`{name}`" not in told} == set()
    in_table = set(re.findall(r"^\| `([A-Z_]+)`", told, re.M))
    assert in_table - read == set()
