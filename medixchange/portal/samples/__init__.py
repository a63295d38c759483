"""Loads the sample content through the same doors as anybody's: import, propose, approve, publish.

The accounts are named by role; no person is meant.
"""

import csv
import secrets
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from medixchange.core import audit
from medixchange.guidelines import actions as guideline_actions
from medixchange.guidelines import queries
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.models import Guideline, Revision
from medixchange.network import actions as network
from medixchange.network.models import Kind, Member, Organisation, Role
from medixchange.portal.samples import relief
from medixchange.relief.models import Item
from medixchange.translation import actions as translation
from medixchange.translation.glossary import keep_terms

HERE = Path(__file__).parent
GUIDELINE = "respiratory-infection"
#: Where the password of the demo accounts is kept, so that a second start can print it again.
PASSWORD_FILE = "demo_password"  # noqa: S105 - a file's name

#: Address, name, role, languages read, language of the site; what the account shows.
_CAST = (
    ("coordinator", "Demo coordinator", Role.COORDINATOR, ["en", "zh", "fr"], "en",
     "brings in and publishes guidelines"),
    ("translator", "Demo translator", Role.TRANSLATOR,
     ["en", "id", "fr", "ar", "zh", "pt-BR", "sw"], "en", "translates in the workbench"),
    ("reviewer", "Demo language reviewer", Role.REVIEWER,
     ["en", "id", "fr", "ar", "zh", "pt-BR"], "en", "marks translations as reviewed"),
    ("clinician.id", "Demo clinician for Indonesian", Role.CLINICIAN, ["id", "en"], "id",
     "approves Indonesian"),
    ("clinician.fr", "Demo clinician for French", Role.CLINICIAN, ["fr", "en"], "fr",
     "approves French"),
    ("clinician.ar", "Demo clinician for Arabic", Role.CLINICIAN, ["ar", "en"], "ar",
     "approves Arabic"),
    ("clinician.zh", "Demo clinician for Chinese", Role.CLINICIAN, ["zh", "en"], "zh-hans",
     "approves Chinese, and English from Chinese"),
    ("clinician.pt", "Demo clinician for Portuguese", Role.CLINICIAN, ["pt-BR", "en"], "en",
     "approves Portuguese"),
    ("staff", "Demo platform staff", Role.STAFF, ["en"], "en", "may publish for any organisation"),
)  # fmt: skip


def load(*, password: str = "") -> dict[str, Any]:
    """Add accounts and sample guidelines where they are missing.

    Returns the accounts, and their password where it is known.
    """
    kept = Path(settings.DATA_DIR) / PASSWORD_FILE
    if not password:
        password = kept.read_text() if kept.exists() else secrets.token_urlsafe(9)
    with audit.origin("sample content"), transaction.atomic():
        cast = _add_cast(password)
        if not Guideline.objects.filter(slug=GUIDELINE).exists():
            _add_guidelines(cast)
        if not Item.objects.exists():
            relief.load(partial(_account, password), translator=cast["translator"])
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(password)
    return {
        "accounts": [
            {"email": _address(name), "role": role.value, "what": what}
            for name, role, what in (
                *((row[0], row[2], row[5]) for row in _CAST),
                *((row[0], row[2], row[6]) for row in relief.CAST),
            )
        ],
        "password": password,
    }


def _address(name: str) -> str:
    return f"{name}@demo.example"


def _add_cast(password: str) -> dict[str, Member]:
    organisation = Organisation.objects.filter(name="Demo hospital network").first()
    if organisation is None:
        organisation = network.add_organisation(
            name="Demo hospital network", kind=Kind.AGENCY, country="ID", verified=True, by=None
        )
    return {
        name: _account(password, name, shown, role, organisation, reads, interface)
        for name, shown, role, reads, interface, _what in _CAST
    }


def _account(
    password: str,
    name: str,
    shown: str,
    role: Role,
    organisation: Organisation,
    reads: list[str],
    interface: str,
) -> Member:
    """The demo account of this name, made where it is missing."""
    member = Member.objects.filter(email=_address(name)).first()
    if member is None:
        member = network.add_member(
            email=_address(name),
            name=shown,
            password=password,
            reads=reads,
            interface_language=interface,
            by=None,
        )
        network.confirm_address(member=member)
        network.give_role(member=member, organisation=organisation, role=role, by=None)
    return member


def _add_guidelines(cast: dict[str, Member]) -> None:
    with (HERE / "glossary.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for tag in ("id", "fr", "ar", "zh"):
        keep_terms(
            [(row["en"], row[tag]) for row in rows],
            source="en",
            target=tag,
            name="Sample glossary",
        )
    revision = _import("ipc.en.md", "en", GUIDELINE, cast)
    for tag, share in (("id", 100), ("fr", 100), ("ar", 100), ("zh", 60)):
        _translate(revision, tag, share, cast)
    _import("ventilation.zh.md", "zh", "ventilation", cast)


def _import(name: str, language: str, slug: str, cast: dict[str, Member]) -> Revision:
    path = HERE / name
    owner = cast["coordinator"].organisation_as(Role.COORDINATOR)
    assert owner is not None  # noqa: S101 - just given
    revision = guideline_actions.add_guideline(
        document=read(path, language=language),
        slug=slug,
        owner=owner,
        by=cast["coordinator"],
        original=(name, path.read_bytes()),
    )
    guideline_actions.publish(
        guideline=revision.guideline, language=language, by=cast["coordinator"]
    )
    return revision


def _translate(revision: Revision, tag: str, share: int, cast: dict[str, Member]) -> None:
    """Propose the sample translation; the clinician approves the first ``share`` percent of it."""
    with (HERE / f"ipc.{tag}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        wording = dict(rows)
    proposed = []
    for segment in queries.segments(revision):
        text = wording.get(segment.text)
        if text:
            proposed.append(
                translation.propose(segment=segment, language=tag, text=text, by=cast["translator"])
            )
    for row in proposed[: len(proposed) * share // 100]:
        # What a check stops is left for a person to decide, as anybody's would be.
        with suppress(translation.Refused):
            translation.approve(translation=row, by=cast[f"clinician.{tag}"])
    if share == 100:
        guideline_actions.publish(
            guideline=revision.guideline, language=tag, by=cast["coordinator"]
        )
