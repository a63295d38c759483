"""Programs that end between two steps of a mail, and two at once; run by ``test_saving``."""

import json
import os
import sys
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from medixchange.core.commands import ensure_database  # noqa: E402
from medixchange.guidelines import actions as guidelines  # noqa: E402
from medixchange.guidelines.documents.model import Block, BlockKind, Document, Text  # noqa: E402
from medixchange.network import actions as network  # noqa: E402
from medixchange.search.actions import alerting, saving  # noqa: E402
from medixchange.search.models import Alert, Every  # noqa: E402
from medixchange.search.queries import Wanted  # noqa: E402

ensure_database()
now = timezone.now() + timedelta(hours=1)
hospital = network.add_organisation(
    name="Hospital", kind="hospital", country="ID", verified=True, by=None
)
nurse = network.add_member(
    email="nurse@test.example", name="Nurse", password=None, reads=["en"], by=None
)


def publish(slug: str, sentence: str) -> None:
    document = Document(
        title=slug, language="en", blocks=[Block(BlockKind.PARAGRAPH, Text(sentence))]
    )
    made = guidelines.add_guideline(document=document, slug=slug, owner=hospital, by=None)
    guidelines.publish(guideline=made.guideline, language="en", by=None)


def mails() -> list[str]:
    """The texts of all mails that the server has."""
    found = []
    for path in sorted(
        Path(settings.EMAIL_FILE_PATH).glob("*"), key=lambda path: path.stat().st_mtime_ns
    ):
        for part in path.read_bytes().split(b"-" * 79 + b"\n"):
            if part.strip():
                mail = message_from_bytes(part, policy=policy.default)
                found.append(mail.get_content())
    return found


def elsewhere(work, programs: int = 1) -> list[int]:
    """Do it in other programs at once; gives how each of them ended."""
    connections.close_all()
    children = []
    for _number in range(programs):
        child = os.fork()
        if child == 0:
            work()
            os._exit(0)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def prepared_and_ended() -> None:
    alerting.prepare(saved.pk, now)
    os._exit(9)


def given_and_ended() -> None:
    settings.EMAIL_BACKEND = "tests.search.mail_servers.Ending"
    alerting.send_due(now + timedelta(days=2))


publish("known", "Oxygen was known.")
saved = saving.save(wanted=Wanted("oxygen", "en"), every=Every.DAY, by=nurse)
told = {}

publish("first", "Oxygen is first.")
told["prepared"] = elsewhere(prepared_and_ended)
alerting.send_due(now)
told["after prepared"] = mails()

publish("second", "Oxygen is second.")
told["given"] = elsewhere(given_and_ended)
told["after given"] = mails()
alerting.send_due(now + timedelta(days=2))
Alert.objects.filter(state="handing").update(handed_at=now - timedelta(hours=3))
alerting.send_due(now + timedelta(days=2))
told["same day"] = mails()
alerting.send_due(now + timedelta(days=3))
told["next day"] = mails()
alerting.send_due(now + timedelta(days=4))
told["day after"] = mails()

publish("third", "Oxygen is third.")
told["at once"] = elsewhere(lambda: alerting.send_due(now + timedelta(days=9)), programs=3)
told["after at once"] = mails()
json.dump(told, sys.stdout)
