"""Joining and signing in, as a visitor meets it."""

import re

import pytest
from django.core import mail

from medixchange.network.models import Member
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW = {
    "name": "A nurse",
    "email": "nurse@test.example",
    "password1": "a long enough secret",
    "reads": ["id", "en"],
}


@pytest.fixture(autouse=True)
def _no_limits(settings):
    """Rate limits are allauth's; they would count over tests."""
    settings.ACCOUNT_RATE_LIMITS = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_who_joins_confirms_the_address_and_has_no_powers(client):
    answer = client.post("/account/signup/", NEW, headers={"Accept-Language": "id"})
    assert answer.status_code == 302
    member = Member.objects.get()
    assert (member.name, member.reads, member.interface_language) == ("A nurse", ["id", "en"], "id")
    assert member.roles() == set()
    link = re.search(r"http://\S+(/account/confirm-email/\S+/)", mail.outbox[0].body)
    assert link
    client.post("/account/login/", {"login": NEW["email"], "password": NEW["password1"]})
    assert client.get("/work/").status_code == 302
    client.post(link[1])
    client.post("/account/login/", {"login": NEW["email"], "password": NEW["password1"]})
    page = client.get("/work/")
    assert page.status_code == 200
    assert "A nurse" in page.content.decode()


def test_joining_with_a_known_address_tells_a_stranger_nothing(client, cast):
    fresh = client.post("/account/signup/", NEW)
    known = client.post("/account/signup/", {**NEW, "email": cast.clinician.email})
    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])
    assert Member.objects.filter(email=cast.clinician.email).count() == 1
    assert Member.objects.get(email=cast.clinician.email).name == "Clinician"


@pytest.mark.parametrize(("login", "password"), [
    ("clinician@test.example", "wrong password"), ("nobody@test.example", PASSWORD),
])  # fmt: skip
def test_a_wrong_sign_in_says_the_same_whoever_it_was(client, cast, login, password):
    answer = client.post("/account/login/", {"login": login, "password": password})
    assert answer.status_code == 200
    page = answer.content.decode()
    errors = re.search(r'<div class="notice stop".*?</div>', page, re.S)
    assert errors
    assert client.get("/work/").status_code == 302


def test_signing_in_shows_the_site_in_the_members_language(client, cast):
    cast.clinician.interface_language = "fr"
    cast.clinician.save()
    client.post("/account/login/", {"login": "CLINICIAN@test.example", "password": PASSWORD})
    assert '<html lang="fr"' in client.get("/").content.decode()
    # A choice made on this device wins, and is remembered as the member's.
    client.get("/language/ar/?next=/guidelines/")
    assert '<html lang="ar" dir="rtl"' in client.get("/").content.decode()
    assert Member.objects.get(pk=cast.clinician.pk).interface_language == "ar"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_the_language_switch_leads_nowhere_else(client, back):
    assert client.get("/language/id/", {"next": back})["Location"] == "/"


def test_mail_comes_in_the_members_language(client, cast):
    cast.clinician.interface_language = "fr"
    cast.clinician.save()
    client.post("/account/password/reset/", {"email": cast.clinician.email})
    assert "mot de passe" in mail.outbox[0].body


def test_a_session_ends_with_signing_out(client, cast):
    client.force_login(cast.translator)
    assert client.get("/work/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/work/").status_code == 302
