"""Use at a ward as a phone sends it: posted once, at the time it was, refused with words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from medixchange.relief.models import Document, DocumentKind
from medixchange.relief.queries import stock as stock_of
from tests.relief.receiving.test_sync import send_in


@pytest.fixture
def masks(relief, lot_of, stock):
    """A hundred masks at the ward."""
    lot = lot_of(relief.mask, "M")
    stock(relief.ward, lot, 100)
    return lot


def use(relief, quantity=30, *, key="a use on a phone", at=None, **fields):
    """A document as ``use.js`` makes it."""
    return {
        "kind": "use",
        "key": key,
        "place": relief.ward.code,
        "item": "mask",
        "quantity": quantity,
        "happened_at": (at or timezone.now()).isoformat(),
    } | fields


def uses():
    return Document.objects.filter(kind=DocumentKind.USE)


def test_use_is_posted_once_however_often_it_is_sent(relief, masks, browser_of):
    sent = use(relief)
    first = send_in(browser_of(relief.nurse), sent, sent).json()["answers"]
    document = uses().get()
    assert first[0] == {
        "key": "a use on a phone",
        "state": "posted",
        "number": document.number,
        "address": "/relief/places/ward/",
        "told": [],
        "cases": [],
    }
    assert (first[1]["state"], first[1]["number"]) == ("posted_before", document.number)
    assert document.posted_by == relief.nurse
    assert stock_of.quantity(relief.ward, relief.mask) == 70


def test_a_clock_that_is_off_is_put_right_and_the_same_use_is_still_known(
    relief, masks, browser_of
):
    browser, slow = browser_of(relief.nurse), timedelta(hours=3)
    now = timezone.now()
    sent = use(relief, at=now - slow - timedelta(minutes=10))
    send_in(browser, sent, now=now - slow)
    # Sent again, the error is reckoned anew and comes out a little different.
    (again,) = send_in(browser, sent, now=now - slow + timedelta(seconds=2)).json()["answers"]
    assert again["state"] == "posted_before"
    ten_minutes_ago = now - timedelta(minutes=10)
    assert abs(uses().get().happened_at - ten_minutes_ago) < timedelta(seconds=30)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"quantity": 101}, "below_zero"),
        ({"quantity": 0}, "not_positive"),
        ({"quantity": -4}, "not_positive"),
        ({"quantity": "1.000"}, "not_a_number"),
        ({"item": "nothing"}, "item_unknown"),
        ({"item": None}, "item_unknown"),
        ({"place": "other-ward"}, "unknown"),
        ({"place": "nowhere"}, "unknown"),
        ({"place": ["ward"]}, "unknown"),
        ({"key": "k"}, "refused"),
        ({"happened_at": "yesterday"}, "refused"),
        ({"happened_at": "2031-01-01T00:00:00+00:00"}, "clock"),
    ],
)
def test_what_cannot_be_is_refused_and_does_not_stop_the_others(
    relief, masks, browser_of, fields, code
):
    good = use(relief, 5, key="a good use on it")
    answers = send_in(browser_of(relief.nurse), use(relief, **fields), good).json()["answers"]
    assert [answer["state"] for answer in answers] == ["refused", "posted"]
    assert answers[0]["problems"][0]["code"] == code
    assert answers[0]["problems"][0]["what"]
    assert stock_of.quantity(relief.ward, relief.mask) == 95


def test_the_same_key_with_another_quantity_is_refused(relief, masks, browser_of):
    now = timezone.now()
    send_in(browser_of(relief.nurse), use(relief, 30, at=now))
    (answer,) = send_in(browser_of(relief.nurse), use(relief, 31, at=now)).json()["answers"]
    assert answer["problems"][0]["code"] == "key_used"
    assert stock_of.quantity(relief.ward, relief.mask) == 70


def test_only_people_of_the_place_record_use_there(relief, masks, browser_of):
    for who in (relief.agent, relief.outsider, relief.staff, relief.visitor):
        (answer,) = send_in(browser_of(who), use(relief)).json()["answers"]
        assert answer["problems"][0]["code"] == "unknown"
    assert not uses().exists()


def test_a_phone_keeps_the_stock_of_its_member_s_wards_and_of_no_others(
    relief, masks, lot_of, stock, browser_of
):
    old = lot_of(relief.kit, "OLD", expires_on=timezone.now().date() - timedelta(days=2))
    stock(relief.ward, old, 9)
    stock(relief.other_ward, lot_of(relief.mask, "N"), 7)

    def places(who):
        return browser_of(who).get(reverse("relief_phone_lists")).json()["places"]

    assert places(relief.nurse) == [
        {
            "code": "ward",
            "name": "Ward",
            "items": [
                {
                    "code": "mask",
                    "name": "Surgical mask",
                    "lang": "en",
                    "unit": "piece",
                    "usable": 100,
                }
            ],
        }
    ]
    assert [place["code"] for place in places(relief.outsider)] == ["other-ward"]
    assert places(relief.agent) == places(relief.visitor) == []


def test_the_lists_ask_as_often_for_one_item_as_for_many(
    relief, masks, lot_of, stock, browser_of, django_assert_num_queries
):
    browser = browser_of(relief.nurse)
    browser.get(reverse("relief_phone_lists"))
    with CaptureQueriesContext(connection) as asked:
        browser.get(reverse("relief_phone_lists"))
    stock(relief.ward, lot_of(relief.kit, "K"), 5)
    with django_assert_num_queries(len(asked)):
        assert len(browser.get(reverse("relief_phone_lists")).json()["places"][0]["items"]) == 2
