"""Many writers at once, on a real database outside of any test transaction: nothing is lost, the
audit trail stays one chain, and one wording is approved."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, threading
import django
django.setup()
from django.db import connection
from medixchange.core import audit
from medixchange.core.commands import ensure_database
from medixchange.core.models import AuditEntry
from medixchange.network import actions as network
from medixchange.network.models import Role
from medixchange.translation import actions
from medixchange.translation.models import Translation

ensure_database()
hospital = network.add_organisation(
    name="Hospital", kind="hospital", country="ID", verified=True, by=None)
def join(name, role):
    member = network.add_member(
        email=name + "@test.example", name=name, password=None, reads=["en", "id"], by=None)
    network.give_role(member=member, organisation=hospital, role=role, by=None)
    return member
translators = [join(f"t{n}", Role.TRANSLATOR) for n in range(6)]
clinicians = [join(f"c{n}", Role.CLINICIAN) for n in range(6)]
segments = actions.ensure_segments([f"Sentence {n}." for n in range(10)], language="en")
before = AuditEntry.objects.count()
errors, start = [], threading.Barrier(6)

def work(number):
    try:
        start.wait()
        for segment in segments:
            row = actions.propose(segment=segment, language="id",
                text=segment.text.replace("Sentence", f"Kalimat ({'abcdef'[number]})"),
                by=translators[number])
            actions.approve(translation=row, by=clinicians[number], override_reason="test")
    except Exception as error:
        errors.append(repr(error))
    finally:
        connection.close()

threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
states = list(Translation.objects.values_list("segment_id", "status"))
print(json.dumps({
    "errors": errors,
    "approved": sorted(s for s, status in states if status == "approved"),
    "superseded": sum(status == "superseded" for _s, status in states),
    "segments": sorted(s.pk for s in segments),
    "lines": AuditEntry.objects.count() - before,
    "faults": [fault.as_json() for fault in audit.verify()],
}))
"""


@pytest.mark.postgres
def test_six_people_approve_the_same_sentences_at_once(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={
            **os.environ,
            "MEDIXCHANGE_DATA": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "medixchange.settings",
        },
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["errors"] == []
    assert seen["approved"] == seen["segments"]
    assert seen["superseded"] == 50
    assert seen["lines"] == 120
    assert seen["faults"] == []
