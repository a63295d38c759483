"""What a phone sends: posted once, put right by its clock, refused with words, and never lost."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medixchange.relief.models import Count, Document, Signature
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.views.receiving import said
from tests.relief.receiving.conftest import held


@pytest.fixture(autouse=True)
def _sums_hold(db):
    yield
    assert list(stock_of.faults()) == []


def counted(consignment, lot, *, key="a key of a phone", at=None, **outcomes):
    """A document as ``receive.js`` makes it."""
    return {
        "key": key,
        "reference": consignment.reference,
        "happened_at": (at or timezone.now()).isoformat(),
        "complete": False,
        "note": "",
        "note_language": "en",
        "counts": [
            {
                "box": consignment.boxes.get(contents__lot=lot).pk,
                "lot": lot.pk,
                "outcome": outcome,
                "quantity": quantity,
                "remark": "",
            }
            for outcome, quantity in outcomes.items()
        ],
        "more": [],
        "signatures": [
            {"side": "receiver", "name": "Ani", "function": "nurse", "strokes": [[[0, 0], [9, 9]]],
             "latitude": -6.12, "longitude": 106.65},
            {"side": "giver", "name": "Budi", "function": "", "strokes": [], "organisation": ""},
        ],
    }  # fmt: skip


def send_in(browser, *documents, now=None, **more):
    return browser.post(
        reverse("relief_sync"),
        json.dumps(
            {"now": (now or timezone.now()).isoformat(), "documents": list(documents), **more}
        ),
        content_type="application/json",
    )


@pytest.fixture
def consignment(relief, lot_of, send):
    return send([(lot_of(relief.mask, "M1"), 100)], [(lot_of(relief.mask, "M2"), 50)])


@pytest.fixture
def lot(consignment):
    return consignment.boxes.get(number=1).contents.get().lot


def test_a_count_is_posted_and_answered_with_its_number(relief, consignment, lot, browser_of):
    answer = send_in(
        browser_of(relief.agent), counted(consignment, lot, accepted=90, damaged=10)
    ).json()["answers"]
    document = Document.objects.get(kind="receipt")
    assert answer == [
        {
            "key": "a key of a phone",
            "state": "posted",
            "number": document.number,
            "address": f"/relief/consignments/{consignment.reference}/",
            "told": [],
            "cases": [consignment.cases.get().reference],
        }
    ]
    assert held(lot) == {"donor": -100, "store": 90, "damaged": 10}
    signature = document.signatures.get(side=Signature.Side.RECEIVER)
    assert signature.strokes == [[[0, 0], [9, 9]]]
    assert (signature.latitude, signature.longitude) == (-6.12, 106.65)


def test_sent_again_after_a_lost_answer_it_is_posted_once(relief, consignment, lot, browser_of):
    browser, sent = browser_of(relief.agent), counted(consignment, lot, accepted=90)
    first = send_in(browser, sent).json()["answers"][0]
    # The phone's clock has moved on by a hair, and it has another session.
    again = send_in(
        browser_of(relief.agent), sent, now=timezone.now() - timedelta(milliseconds=400)
    ).json()["answers"][0]
    assert (first["state"], again["state"]) == ("posted", "posted_before")
    assert first["number"] == again["number"]
    assert held(lot) == {"donor": -100, "store": 90, "customs": 10}


def test_several_go_in_order_and_a_refused_one_does_not_stop_the_rest(
    relief, consignment, lot, browser_of
):
    second = consignment.boxes.get(number=2).contents.get().lot
    answers = send_in(
        browser_of(relief.agent),
        counted(consignment, lot, key="key number 1", accepted=40),
        counted(consignment, lot, key="key number 2", accepted=0),
        counted(consignment, lot, key="key number 3", accepted=60),
        counted(consignment, second, key="key number 4", accepted=50),
    ).json()["answers"]
    assert [answer["state"] for answer in answers] == ["posted", "refused", "posted", "posted"]
    assert answers[1]["problems"][0]["code"] == "not_positive"
    numbers = [answer["number"][-5:] for answer in answers if "number" in answer]
    assert numbers == ["00001", "00002", "00003"]
    consignment.refresh_from_db()
    assert consignment.state == "received"


@pytest.mark.parametrize("hours", [-30, 26, 24 * 400])
def test_a_clock_that_is_wrong_is_put_right(relief, consignment, lot, browser_of, hours):
    wrong_now = timezone.now() + timedelta(hours=hours)
    claimed = wrong_now - timedelta(minutes=20)
    send_in(
        browser_of(relief.agent),
        counted(consignment, lot, at=claimed, accepted=90),
        now=wrong_now,
    )
    document = Document.objects.get(kind="receipt")
    off = abs(document.happened_at - (timezone.now() - timedelta(minutes=20)))
    assert off < timedelta(minutes=1)
    assert abs(document.details["clock_off_seconds"] + hours * 3600) < 60
    assert document.details["claimed_at"][:16] == claimed.isoformat()[:16]


def test_a_time_in_the_phone_s_own_future_is_refused(relief, consignment, lot, browser_of):
    ahead = timezone.now() + timedelta(hours=2)
    sent = counted(consignment, lot, at=ahead, accepted=90)
    answer = send_in(browser_of(relief.agent), sent).json()["answers"][0]
    assert (answer["state"], answer["problems"][0]["code"]) == ("refused", "clock")


def test_who_is_not_signed_in_is_told_so_and_not_sent_elsewhere(client, consignment, lot):
    for answer in (
        client.get(reverse("relief_sync")),
        client.get(reverse("relief_phone_lists")),
        send_in(client, counted(consignment, lot, accepted=1)),
    ):
        assert answer.status_code == 401
        assert answer.json() == {"problem": "Sign in again. Nothing that was counted is lost."}
    assert not Document.objects.filter(kind="receipt").exists()


def test_a_message_from_elsewhere_is_not_taken(relief, consignment, lot):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(relief.agent)
    assert send_in(browser, counted(consignment, lot, accepted=1)).status_code == 403
    token = browser.get(reverse("relief_sync")).json()["token"]
    answer = browser.post(
        reverse("relief_sync"),
        json.dumps(
            {
                "now": timezone.now().isoformat(),
                "documents": [counted(consignment, lot, accepted=1)],
            }
        ),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.json()["answers"][0]["state"] == "posted"


@pytest.mark.parametrize(
    ("who", "code"),
    [("giver", "role"), ("staff", "role"), ("nurse", "unknown"), ("outsider", "unknown")],
)
def test_who_does_not_receive_is_refused(relief, consignment, lot, browser_of, who, code):
    answer = send_in(
        browser_of(getattr(relief, who)), counted(consignment, lot, accepted=1)
    ).json()["answers"][0]
    assert (answer["state"], answer["problems"][0]["code"]) == ("refused", code)
    assert not Document.objects.filter(kind="receipt").exists()


def test_the_same_key_with_other_figures_needs_somebody(relief, consignment, lot, browser_of):
    browser = browser_of(relief.agent)
    send_in(browser, counted(consignment, lot, accepted=90))
    answer = send_in(browser, counted(consignment, lot, accepted=80)).json()["answers"][0]
    assert (answer["state"], answer["problems"][0]["code"]) == ("refused", "key_used")


def test_refusals_are_in_the_language_of_who_reads_them(relief, consignment, lot, browser_of):
    browser = browser_of(relief.agent)
    browser.cookies["language"] = "ar"
    answer = send_in(browser, counted(consignment, lot, accepted=-1)).json()["answers"][0]
    with translation.override("ar"):
        words = translation.gettext("The quantity must be more than nothing, and is %(quantity)d.")
    assert answer["problems"][0]["what"] == words % {"quantity": -1}


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"now": "x", "documents": []}', '{"documents": []}',
     '{"now": "2026-01-01T00:00:00", "documents": []}',
     '{"now": "2026-01-01T00:00:00Z", "documents": {}}', '{"now": 5, "documents": []}',
     '{"now": "2026-01-01T00:00:00Z", "documents": ' + str([1] * 51) + "}", "[" * 100_000],
)  # fmt: skip
def test_a_message_that_is_none_is_refused_whole(relief, browser_of, body):
    answer = browser_of(relief.agent).post(
        reverse("relief_sync"), body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["problem"]


@pytest.mark.parametrize("document", [None, 5, "x", [], {}, {"reference": 7}, {"reference": "C-1"}])
def test_a_document_that_is_none_is_refused_alone(relief, browser_of, document):
    answer = send_in(browser_of(relief.agent), document)
    assert answer.status_code == 200
    assert answer.json()["answers"][0]["state"] == "refused"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


# Reading changes nothing, so that all examples may share the rows.
reading = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@reading
@given(
    field=st.sampled_from(
        ["key", "happened_at", "complete", "note", "note_language", "counts", "more", "signatures"]
    ),
    value=anything,
)
def test_whatever_a_phone_sends_is_read_or_refused(relief, consignment, lot, field, value):
    sent = counted(consignment, lot, accepted=1) | {field: value}
    said.read(sent, consignment, ahead=timedelta(), language="en")


@reading
@given(
    place=st.sampled_from(["counts", "more", "signatures"]),
    row=st.dictionaries(
        st.sampled_from(
            ["lot", "box", "outcome", "quantity", "remark", "item", "number", "expires_on", "side",
             "name", "strokes", "latitude", "longitude", "signed_at", "organisation"]
        ),
        anything | st.sampled_from(["accepted", "mask", "receiver"]),
    ),
)  # fmt: skip
def test_whatever_is_in_a_line_is_read_or_refused(relief, consignment, lot, place, row):
    sent = counted(consignment, lot, accepted=1) | {place: [row]}
    read = said.read(sent, consignment, ahead=timedelta(), language="en")
    assert all(isinstance(count.quantity, int) for count in read.counts)


@pytest.mark.parametrize("name", ["lot", "box"])
@pytest.mark.parametrize("value", [[], {}, "1", True, 10**30, -1, 1.0])
def test_a_line_that_names_no_row_is_refused(relief, consignment, lot, browser_of, name, value):
    sent = counted(consignment, lot, accepted=1)
    sent["counts"][0][name] = value
    answer = send_in(browser_of(relief.agent), sent).json()["answers"][0]
    assert (answer["state"], answer["problems"][0]["code"]) == ("refused", "malformed")


@pytest.mark.parametrize(
    "strokes",
    [[[0, 0]], [[[0]]], [[[0, 1001]]], [[[-1, 0]]], [[["0", 0]]], "M0 0", [[[0.5, 1]]], {"a": 1},
     [[[True, None]]], [[[1, 1]] * 20_001]],
)  # fmt: skip
def test_a_drawing_that_is_none_is_asked_for_again(relief, consignment, lot, browser_of, strokes):
    sent = counted(consignment, lot, accepted=1)
    sent["signatures"][0]["strokes"] = strokes
    answer = send_in(browser_of(relief.agent), sent).json()["answers"][0]
    assert answer["state"] == "refused"
    assert "Sign again" in answer["problems"][0]["what"]


def test_remarks_stay_with_their_lines(relief, consignment, lot, browser_of):
    sent = counted(consignment, lot, accepted=90, damaged=10)
    sent["counts"][1]["remark"] = "Wet cartons"
    sent["more"] = [
        {"item": "mask", "number": "Z9", "expires_on": "", "quantity": 3, "remark": "Loose"}
    ]
    send_in(browser_of(relief.agent), sent)
    assert {(row.outcome, row.remark) for row in Count.objects.all()} == {
        ("accepted", ""), ("damaged", "Wet cartons"), ("wrong", "Loose")
    }  # fmt: skip


def test_the_lists_are_the_member_s_own(relief, consignment, lot_of, stock, send, browser_of):
    other = lot_of(relief.mask, "W")
    stock(relief.store, other, 9)
    to_ward = send([(other, 9)], origin=relief.store, destination=relief.ward)

    def references(who):
        answer = browser_of(who).get(reverse("relief_phone_lists")).json()
        assert answer["member"]["id"] == who.pk
        return [sheet["reference"] for sheet in answer["sheets"]]

    assert references(relief.agent) == [consignment.reference]
    assert references(relief.nurse) == [to_ward.reference]
    assert references(relief.giver) == references(relief.staff) == []


def test_a_list_says_all_that_a_phone_needs(relief, consignment, lot, count, browser_of):
    relief.mask.gtin = "04012345678901"
    relief.mask.save()
    relief.mask.packs.create(name="carton", units=2000, gtin="14012345678908")
    count(consignment, accepted=(lot, 30))
    answer = browser_of(relief.agent).get(reverse("relief_phone_lists")).json()
    (sheet,) = answer["sheets"]
    box = consignment.boxes.get(number=1)
    assert sheet["lines"][0] == {
        "key": f"{box.pk}-{lot.pk}", "box": box.pk, "number": 1, "sscc": box.sscc, "lot": lot.pk,
        "lot_number": "M1", "expires_on": "", "item": "mask", "listed": 100, "open": 70,
        "missing": 0,
    }  # fmt: skip
    assert sheet["givers"] == [{"id": str(relief.foundation.pk), "name": "Foundation"}]
    (mask,) = [item for item in answer["catalogue"] if item["code"] == "mask"]
    assert (mask["name"], mask["gtins"]) == ("Surgical mask", ["04012345678901", "14012345678908"])


@pytest.mark.parametrize("name", ["relief_phone", "relief_phone_count", "relief_phone_use"])
def test_the_phone_s_pages_are_the_same_for_everybody(relief, browser_of, client, name):
    pages = {
        browser.get(reverse(name)).content
        for browser in (client, browser_of(relief.agent), browser_of(relief.nurse))
    }
    assert len(pages) == 1
    assert b"csrf" not in pages.pop()


def test_the_worker_looks_after_relief_and_changes_with_the_language(client):
    answer = client.get(reverse("relief_worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert reverse("relief_worker").rpartition("/")[0] == "/relief"
    client.cookies["language"] = "fr"
    assert client.get(reverse("relief_worker")).content != answer.content


def test_every_file_of_the_phone_s_pages_is_kept_by_the_worker(client):
    worker = client.get(reverse("relief_worker")).content.decode()
    for name in ("relief_phone", "relief_phone_count", "relief_phone_use"):
        html = client.get(reverse(name)).content.decode()
        files = re.findall(r'"(/static/[^"]+)"', html)
        assert len(files) > 8
        for file in files:
            assert f'"{file}"' in worker


def test_the_manifest_opens_the_phone_s_page(client):
    answer = client.get(reverse("relief_phone_manifest"))
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert (manifest["start_url"], manifest["scope"]) == ("/relief/phone/", "/relief/")
