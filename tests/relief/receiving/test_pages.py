"""The counting page as a plain form: who may open it, what it takes, and what it says back."""

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from medixchange.relief.models import Document, Lot, Photo, Signature, StageKind
from medixchange.relief.queries import stock as stock_of
from tests.relief.receiving.conftest import held
from tests.relief.receiving.test_photos import picture


@pytest.fixture(autouse=True)
def _sums_hold(db):
    yield
    assert list(stock_of.faults()) == []


def address(consignment):
    return reverse("relief_receive", args=[consignment.reference])


def filled(consignment, lot, **outcomes):
    """The form as a person fills it: ``filled(consignment, lot, accepted="90")``."""
    box = consignment.boxes.get(contents__lot=lot)
    return {
        "key": "a key of a form",
        "happened_at": timezone.now().strftime("%Y-%m-%dT%H:%M"),
        "complete": "no",
        "receiver-name": "Nurse Ani",
        **{
            f"line-{box.pk}-{lot.pk}-{outcome}": value
            for outcome, value in outcomes.items()
            if outcome in ("accepted", "damaged", "missing", "quarantined", "remark")
        },
    }


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 200), ("agency_head", 200), ("giver", 403), ("carrier", 403), ("staff", 403),
     ("nurse", 404), ("outsider", 404), ("visitor", 404)],
)  # fmt: skip
def test_the_receiving_side_opens_the_page(relief, lot_of, send, browser_of, who, status):
    consignment = send([(lot_of(relief.mask, "M1"), 100)], carrier=relief.carrier_organisation)
    assert browser_of(getattr(relief, who)).get(address(consignment)).status_code == status


def test_nobody_counts_without_signing_in(relief, lot_of, send, client):
    consignment = send([(lot_of(relief.mask, "M1"), 100)])
    assert client.get(address(consignment)).status_code == 302


def test_a_nurse_counts_at_her_ward(relief, lot_of, stock, send, browser_of):
    lot = lot_of(relief.mask, "M1")
    stock(relief.store, lot, 100)
    consignment = send([(lot, 60)], origin=relief.store, destination=relief.ward)
    browser = browser_of(relief.nurse)
    answer = browser.post(address(consignment), filled(consignment, lot, accepted="60"))
    assert answer.status_code == 302
    assert held(lot) == {"donor": -100, "store": 40, "facility": 60}
    assert Document.objects.get(kind="delivery").signatures.get().name == "Nurse Ani"


def test_the_plain_form_posts_all_it_is_given(relief, lot_of, send, browser_of):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    expires = timezone.now().date() + timedelta(days=90)
    form = filled(
        consignment, lot, accepted=" 90 ", damaged="٣", missing="7", quarantined="0", remark="Wet"
    ) | {
        "more-1-item": "test-kit", "more-1-number": "K7", "more-1-quantity": "5",
        "more-1-expires_on": expires.isoformat(), "more-1-remark": "Loose",
        "giver-name": "Driver", "giver-function": "driver",
        "giver-organisation": str(relief.foundation.pk),
        "receiver-function": "store keeper", "note": "Rain on the way",
    }  # fmt: skip
    answer = browser_of(relief.agent).post(address(consignment), form, follow=True)
    assert answer.redirect_chain[0][0] == reverse(
        "relief_consignment", args=[consignment.reference]
    )
    document = Document.objects.get(kind="receipt")
    assert {(row.outcome, row.quantity, row.remark) for row in document.counts.all()} == {
        ("accepted", 90, "Wet"), ("damaged", 3, "Wet"), ("missing", 7, "Wet"), ("wrong", 5, "Loose")
    }  # fmt: skip
    assert document.note == "Rain on the way"
    giver = document.signatures.get(side=Signature.Side.GIVER)
    assert (giver.name, giver.function, giver.organisation) == (
        "Driver", "driver", relief.foundation
    )  # fmt: skip
    assert document.signatures.get(side="receiver").organisation == relief.agency
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == f"Posted as {document.number}."
    assert said[-1] == "3 cases were opened, and the sender is told."
    assert StageKind.HANDED_OVER in {stage.kind for stage in consignment.stages.all()}
    assert Lot.objects.get(number="K7").expires_on == expires


def test_the_time_is_that_of_the_place(relief, lot_of, send, browser_of):
    relief.store.time_zone = "Asia/Jakarta"
    relief.store.save()
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    form = filled(consignment, lot, accepted="1") | {"happened_at": "2026-01-02T09:30"}
    browser_of(relief.agent).post(address(consignment), form)
    at = Document.objects.get(kind="receipt").happened_at
    assert at.isoformat() == "2026-01-02T02:30:00+00:00"


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ({"accepted": "1.000"}, "accepted", "is no whole number"),
        ({"accepted": "ten"}, "accepted", "is no whole number"),
        ({"accepted": "-4"}, "accepted", "must be more than nothing"),
        ({"missing": "101"}, "missing", "only 100 are still open"),
        ({}, "", "Nothing is counted yet"),
        ({"accepted": "1", "receiver-name": " "}, "receiver-name", "must sign"),
        ({"accepted": "1", "happened_at": ""}, "happened_at", "date and time"),
        ({"accepted": "1", "happened_at": "2999-01-01T00:00"}, "happened_at", "in the future"),
        ({"accepted": "1", "key": ""}, "key", "no key"),
        ({"more-1-quantity": "4"}, "more-1-item", "Choose which goods"),
        ({"more-1-item": "no-such", "more-1-quantity": "4"}, "more-1-item", "Choose which goods"),
        ({"more-1-item": "test-kit", "more-1-quantity": "4"}, "more-1-quantity", "expiry date"),
        ({"more-1-item": "mask", "more-1-quantity": ""}, "more-1-quantity", "no whole number"),
        ({"more-2-item": "test-kit", "more-2-quantity": "4", "more-2-expires_on": "31/12/27"},
         "more-2-expires_on", "year, month, day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field_and_nothing_is_lost(
    relief, lot_of, send, browser_of, change, where, words
):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    form = filled(consignment, lot, **change) | {"note": "Kept words"}
    form |= {name: value for name, value in change.items() if "-" in name or name in form}
    answer = browser_of(relief.agent).post(address(consignment), form)
    assert answer.status_code == 422
    problems = answer.context["problems"]
    assert len(problems) == 1
    assert problems[0].where.endswith(where)
    assert words in problems[0].what
    html = answer.content.decode()
    assert problems[0].what.split("“")[0] in html
    assert "Kept words" in html
    for outcome in ("accepted", "missing"):
        if outcome in change:
            assert f'value="{change[outcome]}"' in html
    assert not Document.objects.filter(kind="receipt").exists()


def test_a_line_of_another_list_is_refused(relief, lot_of, send, browser_of):
    lot = lot_of(relief.mask, "M1")
    consignment, other = send([(lot, 100)]), send([(lot, 100)])
    form = filled(consignment, lot) | {f"line-{other.boxes.get().pk}-{lot.pk}-accepted": "1"}
    assert browser_of(relief.agent).post(address(consignment), form).status_code == 422
    form = filled(consignment, lot) | {"line-x-y-accepted": "1", "line-1-2-stolen": "1"}
    assert browser_of(relief.agent).post(address(consignment), form).status_code == 422
    assert not Document.objects.filter(kind="receipt").exists()


def test_pressed_twice_the_form_posts_once(relief, lot_of, send, browser_of):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    form = filled(consignment, lot, accepted="40")
    browser = browser_of(relief.agent)
    browser.post(address(consignment), form)
    again = browser.post(address(consignment), form, follow=True)
    assert "was posted before" in str(list(again.context["messages"])[1])
    assert held(lot) == {"donor": -100, "store": 40, "customs": 60}


def test_photos_go_with_the_form_and_bad_ones_do_not_stop_it(relief, lot_of, send, browser_of):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    form = filled(consignment, lot, accepted="100") | {
        "photos": [
            SimpleUploadedFile("box.jpg", picture()),
            SimpleUploadedFile("notes.pdf", b"%PDF-1.4"),
        ]
    }
    answer = browser_of(relief.agent).post(address(consignment), form, follow=True)
    assert Photo.objects.count() == 1
    assert any("notes.pdf" in str(message) for message in answer.context["messages"])


@pytest.mark.parametrize("state", ["draft", "held", "received", "cancelled"])
def test_what_cannot_be_counted_now_says_so(relief, lot_of, send, browser_of, state):
    consignment = send([(lot_of(relief.mask, "M1"), 100)])
    consignment.state = state
    consignment.save()
    html = browser_of(relief.agent).get(address(consignment)).content.decode()
    assert "nothing of it can be counted now" in html
    assert "<form" in html  # to sign out
    assert "data-plain" not in html


def test_a_list_longer_than_a_form_comes_page_by_page(relief, lot_of, send, browser_of):
    lots = [lot_of(relief.mask, f"M{number:03}") for number in range(50)]
    consignment = send(*([(lot, 10)] for lot in lots))
    browser = browser_of(relief.agent)
    first = browser.get(address(consignment)).content.decode()
    assert (first.count('class="plain-line"'), "M039" in first) == (40, True)
    second = browser.get(address(consignment), {"page": 2}).content.decode()
    assert second.count('class="plain-line"') == 10
    form = filled(consignment, lots[0], accepted="10") | {"pages": "more"}
    answer = browser.post(address(consignment), form)
    assert answer["Location"] == address(consignment)
    # The script has the whole list, whatever the page.
    for html in (first, second):
        found = re.search(r'id="receiving-data"[^>]*>(.*?)</script>', html, re.S)
        assert found is not None
        assert len(json.loads(found[1])["sheet"]["lines"]) == 50


def test_what_is_counted_is_no_longer_asked_for(relief, lot_of, send, count, browser_of):
    lot, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    consignment = send([(lot, 100)], [(other, 50)])
    count(consignment, accepted=(lot, 60))
    html = browser_of(relief.agent).get(address(consignment)).content.decode()
    assert "Should be there: 40 piece" in html
    assert "Should be there: 50 piece" in html
    count(consignment, accepted=(lot, 30), complete=True)
    html = browser_of(relief.agent).get(address(consignment)).content.decode()
    assert html.count("Should be there: 0 piece") == 2
    assert html.count("Said to be missing, and may still come: 10 piece") == 1
    assert html.count("Said to be missing, and may still come: 50 piece") == 1


@pytest.mark.parametrize("lines", [1, 60])
def test_the_page_asks_the_database_the_same_for_any_length(
    relief, lot_of, send, browser_of, django_assert_num_queries, lines
):
    lots = [lot_of(relief.mask, f"M{number}") for number in range(lines)]
    consignment = send(*([(lot, 10)] for lot in lots))
    browser = browser_of(relief.agent)
    browser.get(address(consignment))
    with django_assert_num_queries(12):
        browser.get(address(consignment))


def test_names_are_shown_as_they_are_and_never_as_markup(relief, lot_of, send, browser_of):
    relief.donor.name = "</script><script>alert(1)</script>"
    relief.donor.save()
    consignment = send([(lot_of(relief.mask, "M1"), 100)])
    html = browser_of(relief.agent).get(address(consignment)).content.decode()
    assert "<script>alert" not in html


def test_a_receipt_is_taken_back_on_its_page(relief, lot_of, send, count, browser_of):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    document = count(consignment, accepted=(lot, 100)).document
    back = reverse("relief_take_back", args=[document.number])
    browser = browser_of(relief.agent)
    assert back in browser.get(address(consignment)).content.decode()
    assert browser.get(back).status_code == 200
    refused = browser.post(back, {"key": "a key", "text": " "})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["text"])
    answer = browser.post(back, {"key": "a key", "text": "Counted twice"})
    assert answer["Location"] == address(consignment)
    assert held(lot) == {"donor": -100, "customs": 100}
    assert back not in browser.get(address(consignment)).content.decode()


def test_a_receipt_whose_goods_moved_on_is_not_taken_back(relief, lot_of, send, count, browser_of):
    lot = lot_of(relief.mask, "M1")
    document = count(send([(lot, 100)]), accepted=(lot, 100)).document
    send([(lot, 1)], origin=relief.store, destination=relief.ward)
    back = reverse("relief_take_back", args=[document.number])
    answer = browser_of(relief.agent).post(back, {"key": "a key", "text": "Wrong"})
    assert answer.status_code == 422
    assert held(lot) == {"donor": -100, "store": 99, "transport": 1}


@pytest.mark.parametrize(
    ("who", "status"),
    [("giver", 403), ("staff", 403), ("nurse", 404), ("outsider", 404), ("visitor", 404)],
)
def test_only_who_handles_the_goods_takes_a_receipt_back(
    relief, lot_of, send, count, browser_of, who, status
):
    lot = lot_of(relief.mask, "M1")
    document = count(send([(lot, 100)]), accepted=(lot, 100)).document
    back = reverse("relief_take_back", args=[document.number])
    assert browser_of(getattr(relief, who)).get(back).status_code == status
