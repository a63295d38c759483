"""The reading page: bytes, queries, and requests a second beside a bare Django page of 20 rows.

Serves both from the same program (granian, WSGI, one worker, pinned to one core), in turn, and asks
them from another core; medians of several rounds, as ratios. ``bin/bench reading --json``
"""

import argparse
import gzip
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = "/guidelines/respiratory-infection/id/"
SETTINGS = """
import os
SECRET_KEY = "x" * 40
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bare"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["BARE_DB"]}}
PAGE = (
    "<!doctype html><title>Bare</title><table>{% for r in rows %}<tr><td>{{ r.id }}"
    "<td>{{ r.name }}<td>{{ r.text }}</tr>{% endfor %}</table>"
)
LOADER = ("django.template.loaders.locmem.Loader", {"page": PAGE})
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "OPTIONS": {"loaders": [("django.template.loaders.cached.Loader", [LOADER])]},
}]
"""
BARE = """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()

from django.db import models
from django.shortcuts import render
from django.urls import path

class Row(models.Model):
    name = models.CharField(max_length=50)
    text = models.TextField()
    class Meta:
        app_label = "bare"
        managed = False
        db_table = "row"

def page(request):
    return render(request, "page", {"rows": Row.objects.all()[:20]})

urlpatterns = [path("", page)]
"""


class Server:
    """A WSGI application served by granian on one core."""

    def __init__(self, target: str, port: int, environment: dict[str, str], cwd: str) -> None:
        self.port = port
        command = [
            str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port",
            str(port), "--workers", "1", "--blocking-threads", "2", "--no-ws",
            "--log-level", "warning", target,
        ]  # fmt: skip
        self.process = subprocess.Popen(
            ["taskset", "--cpu-list", "0", *command], env=environment, cwd=cwd
        )

    def wait(self, path: str) -> None:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the server for {path} did not answer")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def rate(port: int, path: str, seconds: float, clients: int = 4) -> float:
    """Requests a second, asked by some clients that keep their connection."""
    counts = [0] * clients
    end = time.monotonic() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < end:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def weigh(port: int, path: str) -> dict[str, int]:
    """Bytes on the wire of a page, and with all that it loads."""

    def get(address: str) -> tuple[bytes, bytes]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{address}", headers={"Accept-Encoding": "gzip"}
        )
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
            packed = answer.headers.get("Content-Encoding") == "gzip"
            return body, gzip.decompress(body) if packed else body

    body, html = get(path)
    text = html.decode()
    parts = {part.split('"')[0] for key in ('href="', 'src="') for part in text.split(key)[1:]}
    files = [address for address in parts if address.startswith("/static/")]
    return {
        "html_compressed": len(body),
        "html": len(html),
        "all_compressed": len(body) + sum(len(get(address)[0]) for address in files),
    }


def queries(environment: dict[str, str]) -> dict[str, int]:
    """How many queries the page asks, made the first time and from its finished file."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext\n"
        "from django.db import connection\n"
        "import shutil, json; from django.conf import settings\n"
        "shutil.rmtree(settings.FINISHED_DIR, ignore_errors=True)\n"
        "out = []\n"
        "for _ in range(2):\n"
        "    with CaptureQueriesContext(connection) as seen:\n"
        f"        assert Client(SERVER_NAME='127.0.0.1').get('{PAGE}').status_code == 200\n"
        "    out.append(len(seen))\n"
        "print(json.dumps(out))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**environment, "DJANGO_SETTINGS_MODULE": "medixchange.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    made, kept = json.loads(done.stdout)
    return {"made": made, "kept": kept}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder), options.rounds, options.seconds)
    if options.json:
        print(json.dumps(result, indent=2))
        return
    print("| page | requests a second, one core | beside the bare page |\n| --- | --- | --- |")
    for name, row in result["rates"].items():
        print(f"| {name} | {row['median']:.0f} | {row['ratio']:.2f} |")
    print(f"\nbytes: {result['bytes']}\nqueries: {result['queries']}")


def measure(folder: Path, rounds: int, seconds: float) -> dict:
    """Set both sites up in a folder and measure them in turn."""
    environment = {
        **os.environ,
        "MEDIXCHANGE_DATA": str(folder / "data"),
        "DATABASE_URL": "",
        "PYTHONPATH": str(ROOT),
    }
    for command in (["setup"], ["demo", "--password", "for the bench only"]):
        subprocess.run(
            [sys.executable, "-m", "medixchange", *command],
            env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    (folder / "bare.py").write_text(BARE)
    (folder / "bare_settings.py").write_text(SETTINGS)
    database = folder / "bare.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, name TEXT, text TEXT)")
        connection.executemany(
            "INSERT INTO row (name, text) VALUES (?, ?)",
            [(f"row {n}", f"text of row number {n}") for n in range(20)],
        )
    ours = Server("medixchange.wsgi:application", 8361, environment, str(ROOT))
    bare = Server(
        "bare:application",
        8362,
        {
            **os.environ,
            "BARE_DB": str(database),
            "DJANGO_SETTINGS_MODULE": "bare_settings",
            "PYTHONPATH": str(folder),
        },
        str(folder),
    )
    os.sched_setaffinity(0, {min(1, (os.cpu_count() or 1) - 1)})
    try:
        ours.wait(PAGE)
        bare.wait("/")
        bytes_ = weigh(ours.port, PAGE)
        asked = {
            "bare Django page of 20 rows": (bare.port, "/"),
            "reading page, not signed in": (ours.port, PAGE),
            "reading page, made anew each time": (ours.port, f"{PAGE}?original=none"),
        }
        seen: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(rounds + 1):
            for name, (port, path) in asked.items():
                value = rate(port, path, seconds if number else 1.0)
                if number:  # the first round only warms up
                    seen[name].append(value)
            print(f"round {number} of {rounds}", file=sys.stderr)
    finally:
        ours.stop()
        bare.stop()
    medians = {name: statistics.median(values) for name, values in seen.items()}
    base = medians["bare Django page of 20 rows"]
    return {
        "rates": {
            name: {"median": value, "ratio": base / value, "rounds": seen[name]}
            for name, value in medians.items()
        },
        "bytes": bytes_,
        "queries": queries(environment),
    }


if __name__ == "__main__":
    main()
