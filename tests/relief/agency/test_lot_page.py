"""The page of a lot: who sees it, who puts its expiry date right, and how one comes there."""

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief.actions import consignments, lots
from medixchange.relief.models import Lot
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed


@pytest.fixture
def lot(relief, lot_of, in_days, stock, sent) -> Lot:
    """Test kits in the store, some of them on their way to the ward."""
    lot = lot_of(relief.kit, "T1", expires_on=in_days(100))
    stock(relief.store, lot, 100)
    sent(relief.store, relief.ward, lot, 40)
    return lot


def address(lot):
    return f"/relief/lots/{lot.pk}/"


def test_who_sees_a_lot_and_who_puts_it_right(relief, lot, browser_of, client):
    page = {
        name: browser_of(getattr(relief, name)).get(address(lot))
        for name in ("agent", "agency_head", "giver", "storekeeper", "nurse", "staff", "outsider",
                     "visitor", "carrier")
    }  # fmt: skip
    assert {name for name, answer in page.items() if answer.status_code == 200} == {
        "agent",
        "agency_head",
        "giver",
        "storekeeper",
        "nurse",
        "staff",
    }
    assert {page[name].status_code for name in ("outsider", "visitor", "carrier")} == {404}
    may = {
        name
        for name, answer in page.items()
        if answer.status_code == 200 and 'name="expires_on"' in answer.content.decode()
    }
    assert may == {"agent", "agency_head", "giver", "staff"}
    assert client.get(address(lot)).status_code == 302
    assert browser_of(relief.agent).get("/relief/lots/999999/").status_code == 404


def test_a_date_is_put_right_once_with_who_why_and_the_old_date_on_record(
    relief, lot, browser_of, in_days
):
    browser, before = browser_of(relief.giver), lot.expires_on
    sent = {"expires_on": in_days(200).isoformat(), "reason": "The box says so."}
    for _twice in range(2):
        assert browser.post(address(lot), sent).status_code == 302
    lot.refresh_from_db()
    assert lot.expires_on == in_days(200)
    entry = AuditEntry.objects.get(action="lot.expiry_corrected")
    assert entry.actor == relief.giver
    assert entry.details == {
        "before": before.isoformat(),
        "after": in_days(200).isoformat(),
        "reason": "The box says so.",
    }
    page = browser_of(relief.nurse).get(address(lot)).content.decode()
    assert before.isoformat() in page
    assert "The box says so." in page


def test_what_cannot_be_is_refused_with_all_that_was_typed(relief, lot, browser_of, in_days):
    browser, before = browser_of(relief.agent), lot.expires_on
    for sent, said in (
        ({"expires_on": "", "reason": "No date on it."}, "No date on it."),
        ({"expires_on": in_days(3).isoformat(), "reason": " "}, in_days(3).isoformat()),
        ({"expires_on": "31/12/2026", "reason": "x"}, "31/12/2026"),
    ):
        answer = browser.post(address(lot), sent)
        assert answer.status_code == 422
        assert said in answer.content.decode()
    with pytest.raises(Refused) as refused:
        lots.correct_expiry(lot=lot, expires_on=None, reason="x", by=relief.agent)
    assert [problem.code for problem in refused.value.problems] == ["expiry_missing"]
    lot.refresh_from_db()
    assert lot.expires_on == before


def test_nobody_else_puts_a_date_right(relief, lot, browser_of, in_days):
    sent = {"expires_on": in_days(5).isoformat(), "reason": "x"}
    assert browser_of(relief.nurse).post(address(lot), sent).status_code == 403
    assert browser_of(relief.outsider).post(address(lot), sent).status_code == 404
    for who in (relief.nurse, relief.storekeeper, relief.outsider, relief.visitor):
        with pytest.raises(NotAllowed):
            lots.correct_expiry(lot=lot, expires_on=in_days(5), reason="x", by=who)


def test_a_lot_without_a_number_or_date_has_a_page_too(relief, lot_of, browser_of):
    bare = lot_of(relief.mask)
    page = browser_of(relief.agent).get(address(bare)).content.decode()
    assert "no lot number" in page
    answer = browser_of(relief.agent).post(address(bare), {"expires_on": "", "reason": "None."})
    assert answer.status_code == 302


def test_a_name_that_is_not_public_is_not_told(relief, lot, browser_of):
    relief.donor.is_restricted = True
    relief.donor.save()
    page = browser_of(relief.nurse).get(address(lot)).content.decode()
    assert "a donor in China" in page
    assert "Foundation" not in page


def test_the_stock_page_leads_there(relief, lot, browser_of):
    page = browser_of(relief.agent).get("/relief/places/agency-store/").content.decode()
    assert address(lot) in page


def test_the_refusal_that_a_lot_is_known_with_another_date_leads_there(
    relief, lot, lot_of, sent, stock, browser_of, in_days
):
    masks = lot_of(relief.mask, "M")
    stock(relief.store, masks, 5)
    row = sent(relief.store, relief.ward, masks, 5)
    now = timezone.now()
    form = {
        "key": "0001-receive",
        "happened_at": now.strftime("%Y-%m-%dT%H:%M"),
        "complete": "no",
        "receiver-name": "Perawat",
        "more-1-item": "test-kit",
        "more-1-number": "T1",
        "more-1-expires_on": in_days(7).isoformat(),
        "more-1-quantity": "3",
    }
    browser = browser_of(relief.nurse)
    answer = browser.post(f"/relief/consignments/{row.reference}/receive/", form)
    assert answer.status_code == 422
    assert f'<a href="{address(lot)}">Put it right there</a>' in answer.content.decode()
    # The same on a phone, which shows the problems as they come.
    document = {
        "key": "0002-receive",
        "reference": row.reference,
        "happened_at": now.isoformat(),
        "complete": False,
        "counts": [],
        "more": [
            {
                "item": "test-kit",
                "number": "T1",
                "expires_on": in_days(7).isoformat(),
                "quantity": 3,
            }
        ],
        "signatures": [{"side": "receiver", "name": "Perawat"}],
    }
    answer = browser.post(
        "/relief/sync/",
        {"now": now.isoformat(), "documents": [document]},
        content_type="application/json",
    )
    (said,) = answer.json()["answers"]
    assert [(problem["code"], problem["page"]) for problem in said["problems"]] == [
        ("expiry_differs", address(lot))
    ]


def test_a_refused_form_of_a_sender_leads_there_too(relief, lot, browser_of, in_days):
    row = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )
    answer = browser_of(relief.giver).post(
        f"/relief/consignments/{row.reference}/packing/",
        {
            "what": "add",
            "item": relief.kit.pk,
            "lot": "T1",
            "expires_on": in_days(7).isoformat(),
            "first": "1",
            "boxes": "1",
            "quantity": "50",
        },
    )
    assert answer.status_code == 422
    assert f'<a href="{address(lot)}">Put it right there</a>' in answer.content.decode()
