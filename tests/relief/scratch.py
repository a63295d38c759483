"""A database of its own for programs that a test starts: SQLite in a folder, or a new one on the
PostgreSQL server the tests run on. What such a program commits, no other test sees."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[2]
SERVER = os.environ.get("DATABASE_URL", "")
#: What transactions can be run at. SQLite knows only one level, and that is the strictest.
LEVELS = ("read committed", "repeatable read", "serializable") if SERVER else ("serializable",)


@contextmanager
def database(folder: Path, level: str = "") -> Iterator[dict[str, str]]:
    """The environment of a program that has an empty database; ``level`` of isolation, on
    PostgreSQL only."""
    environment = {
        **os.environ,
        "MEDIXCHANGE_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "medixchange.settings",
        "PYTHONWARNINGS": "ignore",
    }
    if not SERVER:
        yield environment
        return
    name = f"scratch_{uuid.uuid4().hex[:12]}"
    # Those who wait for each other are told so soon.
    options = "-c deadlock_timeout=100ms"
    if level:
        options += " -c default_transaction_isolation=" + level.replace(" ", "\\ ")
    with psycopg.connect(SERVER, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            url = urlsplit(SERVER)._replace(path=f"/{name}", query=f"options={quote(options)}")
            yield {**environment, "DATABASE_URL": url.geturl()}
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def run(environment: dict[str, str], *arguments: object) -> Any:
    """What a function of ``ledger_scripts.py`` gives, run as a program of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.relief.ledger_scripts", *map(str, arguments)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-5000:]
    return json.loads(done.stdout)
