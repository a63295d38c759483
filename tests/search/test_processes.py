"""Several processes on one database, and processes that end in the middle: nothing is lost,
nothing is there twice."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
START = """
import os, sys, time
import django
django.setup()
from medixchange.core.commands import ensure_database
ensure_database()
from medixchange.core import searchable
from medixchange.core.models import Touched
from medixchange.relief.actions import catalogue
from medixchange.relief.models import Item
from medixchange.search.actions import taking_in
from medixchange.search.models import Passage
folder, mark = sys.argv[1:3]
"""
WRITE = """
import json
items = [catalogue.add_item(code=f"{mark}-{n}", name=f"Item {mark} {n}", language="en", by=None)
         for n in range(30)]
for number, item in enumerate(items):
    if number % 3 == 0:
        catalogue.change_item(item=item, by=None, name=f"Better item {mark} {number}")
    if number % 5 == 0:
        catalogue.retire(item=item, reason="Test.", by=None)
open(os.path.join(folder, "written"), "w").close()
"""
TAKE = """
while True:
    was_written = os.path.exists(os.path.join(folder, "written"))
    taking_in.catch_up()
    if was_written and not Touched.objects.filter(unit__startswith=mark).exists():
        break
    time.sleep(0.01)
"""
TELL = """
import json
rows = list(Passage.objects.filter(place__startswith=mark + "-"))
print(json.dumps({
    "kept": sorted(row.text for row in rows if not row.gone),
    "gone": sum(row.gone for row in rows),
    "versions": len({row.version for row in rows}) == len(rows),
    "notes": Touched.objects.filter(unit__startswith=mark).count(),
}))
"""
DYING = """
class Dying:
    kind, label = "dying", "Dying"
    def units(self): return iter(())
    def holding(self, segments, language): return ()
    def audiences(self, viewer): return ()
    def cards(self, places, language, viewer): return {}
    def said(self, unit):
        yield searchable.Said(place=unit, language="en", text=unit, said_at=timezone.now())
        if "dies" in sys.argv: os._exit(9)
from django.utils import timezone
searchable.register(Dying())
"""


def start(script: str, folder: Path, mark: str, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START + script, str(folder), mark, *more],
        env={
            **os.environ,
            "MEDIXCHANGE_DATA": str(folder),
            "MEDIXCHANGE_MEANING": "off",
            "DJANGO_SETTINGS_MODULE": "medixchange.settings",
        },
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err
    return out


def test_two_that_take_in_while_a_third_writes_lose_and_double_nothing(tmp_path):
    mark = f"t{uuid.uuid4().hex[:8]}"
    ended(start("", tmp_path, mark))
    running = [start(TAKE, tmp_path, mark) for _n in range(2)]
    ended(start(WRITE, tmp_path, mark))
    for process in running:
        ended(process)
    seen = json.loads(ended(start(TELL, tmp_path, mark)))
    kept = sorted(
        f"{'Better item' if number % 3 == 0 else 'Item'} {mark} {number}"
        for number in range(30)
        if number % 5
    )
    assert seen["kept"] == kept
    assert seen["versions"]
    assert seen["notes"] == 0


def test_a_note_outlives_the_process_that_took_it_in_and_died(tmp_path):
    mark = f"d{uuid.uuid4().hex[:8]}"
    note = f"{DYING}\nsearchable.touched('dying', mark + '-1')\n"
    ended(start(f"{note}taking_in.catch_up()", tmp_path, mark, "dies"), code=9)
    seen = json.loads(ended(start(TELL, tmp_path, mark)))
    assert (seen["kept"], seen["notes"]) == ([], 1)
    ended(start(f"{DYING}taking_in.catch_up()", tmp_path, mark))
    seen = json.loads(ended(start(TELL, tmp_path, mark)))
    assert (seen["kept"], seen["notes"]) == ([f"{mark}-1"], 0)


ASK = """
from medixchange.search import queries
from medixchange.search.queries import Wanted
def found():
    return [hit.place for hit in queries.search(Wanted(mark, "en"), None).hits]
print(found(), flush=True)
while not os.path.exists(os.path.join(folder, "written")):
    time.sleep(0.05)
print(len(found()))
"""


def test_what_one_process_writes_another_that_has_the_index_open_finds_at_once(tmp_path):
    mark = f"f{uuid.uuid4().hex[:8]}"
    asking = start(ASK, tmp_path, mark)
    assert asking.stdout is not None
    assert asking.stdout.readline().strip() == "[]"
    ended(start(WRITE, tmp_path, mark))
    # Ten of the 24 that are in use are on its first page.
    assert ended(asking).strip() == "10"
