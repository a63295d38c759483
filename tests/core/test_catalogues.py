"""The interface's words: every text of the code stands in every catalogue, and agrees with it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

import medixchange

PACKAGE = Path(medixchange.__file__).parent
#: The site's languages that have a catalogue; English is what the code is written in.
TAGS = ["id", "fr", "zh_Hans", "ar"]
_PLACE = re.compile(r"%\(\w+\)[sd]|%%|\{\{.*?\}\}|\{\w*\}")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    """The catalogues as they would be if they were brought up to date now."""
    copy = tmp_path_factory.mktemp("code") / "medixchange"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    command = [sys.executable, "-m", "django", "makemessages", "--no-wrap", "--no-obsolete"]
    for tag in TAGS:
        command += ["-l", tag]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return copy / "locale"


def entries(path: Path):
    with path.open("rb") as file:
        return {message.id: message for message in read_po(file) if message.id}


@pytest.mark.parametrize("tag", TAGS)
def test_no_entry_is_missing(fresh, tag):
    place = Path(tag) / "LC_MESSAGES" / "django.po"
    wanted, have = entries(fresh / place), entries(PACKAGE / "locale" / place)
    missing = [
        id_
        for id_ in wanted
        if id_ not in have
        or have[id_].fuzzy
        or not (all(have[id_].string) if isinstance(have[id_].string, tuple) else have[id_].string)
    ]
    assert missing == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_translation_keeps_its_places(tag):
    for id_, message in entries(PACKAGE / "locale" / tag / "LC_MESSAGES" / "django.po").items():
        source = id_ if isinstance(id_, tuple) else (id_,)
        given = message.string if isinstance(message.string, tuple) else (message.string,)
        allowed = [set(_PLACE.findall(text)) for text in source]
        for text in given:
            assert set(_PLACE.findall(text)) in allowed, (id_, text)


@pytest.mark.parametrize(("code", "word"), [
    ("en", "Guidelines"), ("id", "Pedoman"), ("fr", "Lignes directrices"), ("zh-hans", "指南"),
])  # fmt: skip
@pytest.mark.django_db
def test_the_start_page_speaks_every_language(client, code, word):
    page = client.get("/", headers={"Accept-Language": code}).content.decode()
    assert word in page
    assert f'lang="{translation.to_locale(code).split("_")[0]}"' in page


@pytest.mark.django_db
def test_arabic_runs_from_the_right(client):
    page = client.get("/", headers={"Accept-Language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page


@pytest.mark.django_db
def test_an_error_page_speaks_the_readers_language(client):
    for code, _name in settings.LANGUAGES:
        answer = client.get("/nowhere/", headers={"Accept-Language": code})
        assert answer.status_code == 404
        with translation.override(code):
            assert translation.gettext("There is no such page") in answer.content.decode()
            if code != "en":
                assert translation.gettext("There is no such page") != "There is no such page"
