"""A recall: everywhere the lot went, nobody can use it, and everybody is told in their language."""

import csv
import io

import pytest
from django.core import mail

from medixchange.core.models import AuditEntry
from medixchange.network.models import Role
from medixchange.relief.actions import recalling
from medixchange.relief.actions import stock as stock_actions
from medixchange.relief.models import Lot
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed

ADDRESS = "/relief/recall/?number=K1&item=test-kit"


@pytest.fixture
def spread(relief, lot_of, stock, sent, came, in_days):
    """A lot of 500 tests: 300 in the store, 100 on the way to the ward, 60 there, 40 used."""
    lot = lot_of(relief.kit, "K1", expires_on=in_days(100))
    lot_of(relief.mask, "K1")
    stock(relief.store, lot, 500)
    came(sent(relief.store, relief.ward, lot, 100), lot, 100)
    sent(relief.store, relief.ward, lot, 100)
    stock_actions.use(place=relief.ward, item=relief.kit, quantity=40, key="u", by=relief.nurse)
    return lot


def told():
    return {message.to[0]: message for message in mail.outbox}


def test_who_may_look_and_recall(relief, spread, browser_of):
    for who, status in (
        (None, 302),
        (relief.agent, 200),
        (relief.agency_head, 200),
        (relief.giver, 200),
        (relief.staff, 200),
        (relief.storekeeper, 403),
        (relief.nurse, 403),
        (relief.outsider, 403),
        (relief.visitor, 403),
    ):
        browser = browser_of(who)
        assert browser.get(ADDRESS).status_code == status, who
        assert browser.get(ADDRESS.replace("/?", ".csv?")).status_code == status, who
        if status == 403:
            assert browser.post(ADDRESS, {"what": "recall", "reason": "?"}).status_code == 403
    assert not Lot.objects.filter(recalled_at__isnull=False).exists()
    with pytest.raises(NotAllowed):
        recalling.recall(
            number="K1", item=relief.kit, reason="?", reason_language="en", by=relief.nurse
        )


def test_every_place_is_listed_with_what_is_there_came_and_was_used(relief, spread, browser_of):
    browser = browser_of(relief.agent)
    found = browser.get(ADDRESS.replace("/?", ".csv?")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(found)))[1:]
    sums = {r["kind"]: (r["now"], r["came"], r["used"]) for r in rows}
    assert sums == {
        "store": ("300", "500", "0"),
        "transport": ("100", "100", "0"),
        "facility": ("60", "100", "40"),
    }
    page = browser.get(ADDRESS).content.decode()
    assert "460" in page


def test_a_number_of_two_items_asks_which(relief, spread, browser_of):
    page = browser_of(relief.agent).get("/relief/recall/?number=%20k1%20").content.decode()
    assert "Of which item?" in page
    assert "item=mask" in page
    assert "item=test-kit" in page
    page = browser_of(relief.agent).get("/relief/recall/?number=NONE").content.decode()
    assert "No lot “NONE” is known" in page


def test_a_recall_stops_the_lot_and_tells_everybody_once_in_their_language(
    relief, spread, browser_of, django_capture_on_commit_callbacks
):
    relief.storekeeper.interface_language = "id"
    relief.storekeeper.save()
    with django_capture_on_commit_callbacks(execute=True):
        page = browser_of(relief.agent).post(
            ADDRESS, {"what": "recall", "reason": "Wrong primer."}, follow=True
        )
    assert "The lot is recalled." in page.content.decode()
    spread.refresh_from_db()
    assert spread.recalled_at is not None
    assert Lot.objects.get(item=relief.mask).recalled_at is None
    seen = told()
    # The hospital's and the agency's logistics officers and coordinators; no nurse, no outsider.
    assert set(seen) == {
        relief.storekeeper.email,
        relief.agent.email,
        relief.agency_head.email,
    }
    assert "Wrong primer." in seen[relief.storekeeper.email].body
    assert "60" in seen[relief.storekeeper.email].body
    assert "Agency store" not in seen[relief.storekeeper.email].body
    assert "Agency store" in seen[relief.agent.email].body
    assert "Test kit" in seen[relief.agent.email].subject
    with pytest.raises(Refused):
        stock_actions.use(place=relief.ward, item=relief.kit, quantity=1, key="v", by=relief.nurse)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        browser_of(relief.agent).post(ADDRESS, {"what": "recall", "reason": "Again."})
    assert mail.outbox == []
    assert AuditEntry.objects.filter(action="lot.recalled").count() == 1


def test_a_recall_is_lifted_with_a_reason(
    relief, spread, browser_of, django_capture_on_commit_callbacks
):
    browser = browser_of(relief.agent)
    browser.post(ADDRESS, {"what": "recall", "reason": "Wrong primer."})
    assert "K1" in browser.get("/relief/recall/").content.decode()
    assert browser.post(ADDRESS, {"what": "lift", "reason": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(ADDRESS, {"what": "lift", "reason": "Tested, and right."})
    spread.refresh_from_db()
    assert spread.recalled_at is None
    assert set(told()) == {
        relief.storekeeper.email,
        relief.agent.email,
        relief.agency_head.email,
    }
    assert "No lot is under recall." in browser.get("/relief/recall/").content.decode()
    stock_actions.use(place=relief.ward, item=relief.kit, quantity=1, key="v", by=relief.nurse)


def test_people_of_the_other_end_are_told_of_goods_on_their_way(
    relief, lot_of, stock, sent, join, in_days, django_capture_on_commit_callbacks
):
    lot = lot_of(relief.kit, "Z", expires_on=in_days(100))
    stock(relief.store, lot, 10)
    sent(relief.store, relief.other_ward, lot, 10)
    translator = join("translating", relief.elsewhere, Role.TRANSLATOR)
    with django_capture_on_commit_callbacks(execute=True):
        recalling.recall(
            number="z", item=relief.kit, reason="?", reason_language="en", by=relief.staff
        )
    assert relief.outsider.email in told()
    assert translator.email not in told()
