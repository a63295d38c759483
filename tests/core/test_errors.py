"""Error pages: in words, in the reader's language, whatever broke."""

import pytest
from django.test import Client, RequestFactory

from medixchange.core import views
from medixchange.portal import views as portal

pytestmark = pytest.mark.django_db


def test_a_broken_page_says_so_without_telling_its_insides(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(portal.queries, "published", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/")
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
    assert b"secret detail" not in answer.content


def test_the_error_page_comes_even_where_no_page_can_be_made(monkeypatch):
    def broken(*_args, **_kwargs):
        raise ValueError("no template")

    monkeypatch.setattr(views, "render", broken)
    answer = views.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content


def test_health_tells_a_monitor(client, monkeypatch):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True

    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(portal.AuditHead.objects, "select_for_update", broken)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.json()["ok"] is False
