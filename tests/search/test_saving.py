"""Saved searches: their owner alone, mails told once, feeds by a secret address."""

import json
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree
from django.core import mail
from django.test import Client
from django.utils import timezone

from medixchange.network import actions as network
from medixchange.search import rules
from medixchange.search.actions import alerting, saving
from medixchange.search.models import Alert, AlertState, Every, SavedSearch
from medixchange.search.queries import Wanted
from tests.search.conftest import of, take_in

DAY = timedelta(days=1)
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def now():
    return timezone.now() + timedelta(minutes=1)


@pytest.fixture
def saved(notebook, cast) -> SavedSearch:
    notebook.write("old", "Oxygen was known.")
    take_in()
    return saving.save(wanted=Wanted("oxygen", "en"), every=Every.DAY, by=cast.clinician)


def write(notebook, place: str, **more) -> None:
    notebook.write(place, f"Oxygen in {place}.", **more)
    take_in()


def told() -> list[str]:
    """The places that each mail so far has told of."""
    return [" ".join(re.findall(r"/notes/(\w+)", message.body)) for message in mail.outbox]


# -- Saving ------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestSaving:
    def test_a_search_is_saved_as_it_was_asked_and_found_again(self, notebook, cast, browser_of):
        browser = browser_of(cast.clinician)
        address = "/search/saved/new/?q=oxygen&country=ID&since=2020-01-02&language=fr&page=3"
        page = browser.get(address).content.decode()
        assert "“oxygen”" in page
        assert "Indonésie" in page
        answer = browser.post(address, {"every": "week"})
        assert (answer.status_code, answer["Location"]) == (302, "/search/saved/")
        row = SavedSearch.objects.get()
        assert (row.member, row.every, row.language) == (cast.clinician, Every.WEEK, "fr")
        page = browser.get("/search/saved/").content.decode()
        again = "/search/?q=oxygen&amp;country=ID&amp;since=2020-01-02&amp;language=fr"
        assert f'href="{again}"' in page

    def test_nobody_else_sees_or_changes_it(self, saved, cast, browser_of):
        for member in (cast.coordinator, cast.outside_clinician, cast.staff, cast.outsider):
            browser = browser_of(member)
            assert "oxygen" not in browser.get("/search/saved/").content.decode()
            for data in ({"do": "remove"}, {"do": "renew"}, {"every": "never"}):
                assert browser.post(f"/search/saved/{saved.pk}/", data).status_code == 404
            with pytest.raises(rules.NotAllowed):
                saving.remove(saved=saved, by=member)
        for address in ("/search/saved/", "/search/saved/new/?q=x"):
            assert browser_of(None).get(address)["Location"].startswith("/account/login/")
        row = SavedSearch.objects.get()
        assert (row.every, row.feed_number) == (Every.DAY, 1)

    def test_saved_twice_it_is_one(self, saved, cast):
        again = saving.save(
            wanted=Wanted("oxygen", "en", page=2), every=Every.WEEK, by=saved.member
        )
        assert again == saved
        assert SavedSearch.objects.get().every == Every.WEEK
        saving.save(wanted=Wanted("oxygen", "id"), every=Every.DAY, by=saved.member)
        assert SavedSearch.objects.count() == 2

    def test_nothing_and_too_many_are_refused_with_what_to_do(
        self, notebook, cast, browser_of, monkeypatch
    ):
        with pytest.raises(saving.Refused):
            saving.save(wanted=Wanted("", "en"), every=Every.DAY, by=cast.clinician)
        monkeypatch.setattr(saving, "MOST", 1)
        saving.save(wanted=Wanted("one", "en"), every=Every.DAY, by=cast.clinician)
        answer = browser_of(cast.clinician).post("/search/saved/new/?q=two", {"every": "day"})
        assert answer.status_code == 422
        assert "Take one away first." in answer.content.decode()
        answer = browser_of(cast.clinician).post("/search/saved/new/?q=two", {"every": "hour"})
        assert answer.status_code == 422

    def test_it_is_taken_away(self, saved, browser_of):
        answer = browser_of(saved.member).post(f"/search/saved/{saved.pk}/", {"do": "remove"})
        assert answer.status_code == 302
        assert not SavedSearch.objects.exists()

    def test_the_list_costs_the_same_for_one_and_for_many(
        self, saved, browser_of, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser = browser_of(saved.member)
        with django_assert_max_num_queries(8) as one:
            browser.get("/search/saved/")
        wanted = len(one)
        for word in ("mask", "gown", "glove"):
            saving.save(wanted=Wanted(word, "en"), every=Every.DAY, by=saved.member)
        with django_assert_num_queries(wanted):
            browser.get("/search/saved/")


# -- Mail --------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestMail:
    def test_only_what_is_new_is_told_and_each_once(self, notebook, saved, now):
        assert alerting.send_due(now) == 0
        write(notebook, "first")
        write(notebook, "second")
        assert alerting.send_due(now + 2 * alerting.AGAIN) == 1
        write(notebook, "third")
        # At most once a day, however much there is.
        assert alerting.send_due(now + 3 * alerting.AGAIN) == 0
        assert alerting.send_due(now + 2 * DAY) == 1
        assert alerting.send_due(now + 9 * DAY) == 0
        assert [set(mail.split()) for mail in told()] == [{"first", "second"}, {"third"}]

    def test_by_the_week_it_writes_once_a_week(self, notebook, saved, now):
        saving.change(saved=saved, every=Every.WEEK, by=saved.member)
        write(notebook, "first")
        assert alerting.send_due(now) == 1
        write(notebook, "second")
        assert alerting.send_due(now + 6 * DAY) == 0
        assert alerting.send_due(now + 7 * DAY) == 1
        assert told() == ["first", "second"]

    def test_the_mail_speaks_its_readers_language_and_leads_to_the_places(
        self, notebook, saved, now, settings
    ):
        network.choose_language(member=saved.member, language="fr")
        write(notebook, "first", state="machine")
        alerting.send_due(now)
        (message,) = mail.outbox
        assert message.to == [saved.member.email]
        assert "“Oxygen in first.”" in message.body
        assert f"{settings.ORIGIN}/notes/first" in message.body
        assert "Automatique, non relu" in message.body
        assert "{" not in message.body
        assert "&" not in re.sub(r"http\S+", "", message.body)
        stop = re.search(r"(http\S+/search/stop/\S+)", message.body).group(1)
        assert message.extra_headers["List-Unsubscribe"] == f"<{stop}>"
        assert message.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_what_its_reader_may_not_see_is_not_told(self, notebook, saved, cast, now):
        write(notebook, "own", audience=of(cast.hospital))
        write(notebook, "theirs", audience=of(cast.elsewhere))
        alerting.send_due(now)
        assert told() == ["own"]

    def test_a_right_that_ends_before_the_mail_goes_takes_its_answers_out(
        self, notebook, saved, cast, now
    ):
        write(notebook, "own", audience=of(cast.hospital))
        assert alerting.prepare(saved.pk, now) is not None
        held = cast.clinician.memberships.get()
        held.ended_at = now
        held.save()
        assert alerting.send_due(now) == 0
        assert Alert.objects.get().state == AlertState.DROPPED
        write(notebook, "open")
        alerting.send_due(now + DAY)
        assert told() == ["open"]

    def test_who_may_not_sign_in_any_more_gets_no_mail(self, notebook, saved, now):
        saved.member.is_active = False
        saved.member.save()
        write(notebook, "first")
        assert alerting.send_due(now) == 0

    def test_what_does_not_fit_into_one_mail_comes_with_the_next(
        self, notebook, saved, now, monkeypatch
    ):
        monkeypatch.setattr(alerting, "MOST", 2)
        for place in ("a", "b", "c"):
            write(notebook, place)
        alerting.send_due(now)
        alerting.send_due(now + DAY)
        alerting.send_due(now + 2 * DAY)
        assert sorted(" ".join(told()).split()) == ["a", "b", "c"]
        assert len(mail.outbox) == 2

    def test_while_it_writes_no_mail_what_comes_is_taken_as_known(self, notebook, saved, now):
        saving.stop(saved=saved)
        write(notebook, "first")
        assert alerting.send_due(now + DAY) == 0
        saved.refresh_from_db()
        saving.change(saved=saved, every=Every.DAY, by=saved.member)
        write(notebook, "second")
        alerting.send_due(now + DAY)
        assert told() == ["second"]

    def test_on_and_off_does_not_make_it_write_sooner(self, notebook, saved, now):
        write(notebook, "first")
        alerting.send_due(now)
        saving.stop(saved=saved)
        saved.refresh_from_db()
        saving.change(saved=saved, every=Every.DAY, by=saved.member)
        write(notebook, "second")
        assert alerting.send_due(now + DAY / 2) == 0
        assert alerting.send_due(now + DAY) == 1


@pytest.mark.django_db
class TestMailThatFails:
    def test_a_mail_that_the_server_refuses_is_tried_again_later(
        self, notebook, saved, now, settings
    ):
        write(notebook, "first")
        working = settings.EMAIL_BACKEND
        for server in ("Refusing", "Unreachable"):
            settings.EMAIL_BACKEND = f"tests.search.mail_servers.{server}"
            assert alerting.send_due(now) == 0
            assert Alert.objects.get().state == AlertState.WAITING
            now += timedelta(hours=1)
        settings.EMAIL_BACKEND = working
        assert alerting.send_due(now - timedelta(minutes=59)) == 0
        assert alerting.send_due(now) == 1
        assert alerting.send_due(now + DAY) == 0
        assert told() == ["first"]

    def test_a_mail_that_may_have_been_sent_is_not_sent_again_but_told_with_the_next(
        self, notebook, saved, now, settings
    ):
        write(notebook, "first")
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "tests.search.mail_servers.Breaking"
        assert alerting.send_due(now) == 0
        settings.EMAIL_BACKEND = working
        assert alerting.send_due(now + DAY / 2) == 0
        write(notebook, "second")
        assert alerting.send_due(now + DAY) == 1
        assert alerting.send_due(now + 3 * DAY) == 0
        assert told() == ["first", "second first"]
        assert "You may have had these already." in mail.outbox[1].body
        assert "You may have had these already." not in mail.outbox[0].body


def test_programs_that_end_between_two_steps_lose_nothing_and_send_nothing_twice(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.search.alerting_script"],
        env={
            **os.environ,
            "MEDIXCHANGE_DATA": str(tmp_path),
            "MEDIXCHANGE_MEANING": "off",
            "MEDIXCHANGE_EMAIL_URL": "",
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "medixchange.settings",
        },
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)

    def sentences(step: str) -> list[list[str]]:
        return [re.findall(r"Oxygen is (\w+)\.", text) for text in seen[step]]

    assert (seen["prepared"], seen["given"]) == ([9], [9])
    assert sentences("after prepared") == [["first"]]
    assert sentences("after given") == sentences("same day") == [["first"], ["second"]]
    assert sentences("next day") == [["first"], ["second"], ["second"]]
    assert "You may have had these already." in seen["next day"][2]
    assert seen["day after"] == seen["next day"]
    assert seen["at once"] == [0, 0, 0]
    assert sentences("after at once") == [*sentences("next day"), ["third"]]


# -- Ending mails without signing in -------------------------------------------------------------


@pytest.mark.django_db
class TestStopping:
    def test_the_link_asks_first_and_needs_no_sign_in(self, saved):
        browser = Client(enforce_csrf_checks=True)
        address = f"/search/stop/{saving.stop_token(saved)}/"
        page = browser.get(address).content.decode()
        assert "Shall mail about new answers to this search end?" in page
        assert saved.member.email not in page
        assert SavedSearch.objects.get().every == Every.DAY
        answer = browser.post(address)
        assert "You get no more mail about this search." in answer.content.decode()
        assert answer["Referrer-Policy"] == "no-referrer"
        assert SavedSearch.objects.get().every == Every.NEVER

    def test_a_mail_program_ends_it_with_one_click(self, saved):
        browser = Client(enforce_csrf_checks=True)
        address = f"/search/stop/{saving.stop_token(saved)}/"
        answer = browser.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert SavedSearch.objects.get().every == Every.NEVER

    def test_made_up_links_end_nothing(self, saved, client):
        good = saving.stop_token(saved)
        for token in ("x", good[:-1], f"a{good}", saving.feed_token(saved), f"{saved.pk}"):
            for ask in (client.get, client.post):
                assert ask(f"/search/stop/{token}/").status_code == 404
        assert SavedSearch.objects.get().every == Every.DAY


# -- Feed --------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestFeed:
    def entries(self, saved: SavedSearch) -> list[str]:
        answer = Client().get(f"/search/feed/{saving.feed_token(saved)}/")
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(answer.content)
        links = feed.findall("a:entry/a:link", ATOM)
        return sorted(link.get("href").rpartition("/")[2] for link in links)

    def test_it_gives_the_answers_with_lasting_names(self, notebook, saved, settings):
        write(notebook, "first", state="machine")
        answer = Client().get(f"/search/feed/{saving.feed_token(saved)}/")
        feed = ElementTree.fromstring(answer.content)
        entry = next(
            found
            for found in feed.findall("a:entry", ATOM)
            if "first" in found.findtext("a:id", "", ATOM)
        )
        assert entry.findtext("a:id", "", ATOM) == f"{settings.ORIGIN}/#note/first"
        assert entry.findtext("a:updated", "", ATOM) == "2020-05-04T12:00:00+00:00"
        assert entry.find("a:link", ATOM).get("href") == f"{settings.ORIGIN}/notes/first"
        summary = entry.findtext("a:summary", "", ATOM)
        assert summary.startswith("Oxygen in first.")
        assert "Machine translation: compare it with the original." in summary

    def test_it_has_the_rights_its_member_has_now(self, notebook, saved, cast):
        write(notebook, "own", audience=of(cast.hospital))
        write(notebook, "theirs", audience=of(cast.elsewhere))
        assert self.entries(saved) == ["old", "own"]
        held = cast.clinician.memberships.get()
        held.ended_at = timezone.now()
        held.save()
        assert self.entries(saved) == ["old"]

    def test_a_renewed_address_ends_the_old_one(self, saved, browser_of):
        old = f"/search/feed/{saving.feed_token(saved)}/"
        browser_of(saved.member).post(f"/search/saved/{saved.pk}/", {"do": "renew"})
        assert Client().get(old).status_code == 404
        saved.refresh_from_db()
        assert self.entries(saved) == ["old"]

    def test_made_up_addresses_and_ended_members_have_none(self, saved, client):
        good = saving.feed_token(saved)
        for token in ("x", good[:-1], saving.stop_token(saved), "..."):
            assert client.get(f"/search/feed/{token}/").status_code == 404
        saved.member.is_active = False
        saved.member.save()
        assert client.get(f"/search/feed/{good}/").status_code == 404

    def test_an_unchanged_feed_is_not_sent_again(self, notebook, saved, client):
        address = f"/search/feed/{saving.feed_token(saved)}/"
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        write(notebook, "first")
        assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200
