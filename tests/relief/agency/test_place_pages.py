"""The dashboard, the page of a place, and the forms of its stock."""

import re

import pytest
from django.utils import timezone

from medixchange.network.models import Role
from medixchange.relief.actions import consignments, places
from medixchange.relief.actions import needs as need_actions
from medixchange.relief.actions import stock as actions
from medixchange.relief.models import Balance, Consignment, Document, DocumentKind, PlaceKind
from tests.relief.conftest import make_item

KINDS = ("use", "write-off", "quarantine", "count", "return", "opening", "release", "destroy")


@pytest.fixture
def filled(relief, lot_of, stock, in_days):
    """A ward with masks and two lots of tests, one of which expires soon."""
    masks = lot_of(relief.mask, "M1")
    soon = lot_of(relief.kit, "SOON", expires_on=in_days(30))
    late = lot_of(relief.kit, "LATE", expires_on=in_days(300))
    stock(relief.ward, masks, 1200)
    stock(relief.ward, soon, 40)
    stock(relief.ward, late, 60)
    return {"masks": masks, "soon": soon, "late": late}


def address(kind="use", code="ward"):
    return f"/relief/places/{code}/change/{kind}/"


def key_of(page):
    return re.search(r'name="key" value="([^"]+)"', page.content.decode()).group(1)


def test_who_opens_which_page(relief, filled, browser_of):
    expected = {
        # place, use, set aside, write off, count, return, opening
        None: (302, 302, 302, 302, 302, 302, 302),
        relief.nurse: (200, 200, 200, 403, 403, 403, 403),
        relief.storekeeper: (200, 200, 200, 200, 200, 200, 200),
        relief.agent: (404,) * 7,
        relief.outsider: (404,) * 7,
        relief.visitor: (404,) * 7,
        relief.staff: (200, 403, 403, 403, 403, 403, 403),
    }
    for who, statuses in expected.items():
        browser = browser_of(who)
        seen = [browser.get("/relief/places/ward/").status_code] + [
            browser.get(address(kind)).status_code
            for kind in ("use", "quarantine", "write-off", "count", "return", "opening")
        ]
        assert tuple(seen) == statuses, who


def test_a_donor_account_and_an_unknown_kind_have_no_page(relief, browser_of):
    assert browser_of(relief.giver).get(f"/relief/places/{relief.donor.code}/").status_code == 404
    assert browser_of(relief.storekeeper).get(address("burn")).status_code == 404


def test_the_place_shows_lots_first_expiry_first(relief, filled, browser_of):
    page = browser_of(relief.nurse).get("/relief/places/ward/").content.decode()
    assert page.index("SOON") < page.index("LATE")
    assert "in 30 days" in page
    assert "1,200" in page


def test_use_is_recorded_from_the_phone_and_pressed_twice_it_counts_once(
    relief, filled, browser_of
):
    browser = browser_of(relief.nurse)
    sent = {
        "item": relief.kit.pk,
        "quantity": "50",
        "key": key_of(browser.get(address())),
    }
    first = browser.post(address(), sent, follow=True)
    second = browser.post(address(), sent, follow=True)
    for page in (first, second):
        assert page.status_code == 200
        assert "40 of lot SOON" in page.content.decode()
        assert "10 of lot LATE" in page.content.decode()
    assert Document.objects.filter(kind=DocumentKind.USE).count() == 1
    assert Balance.objects.get(place=relief.ward, lot=filled["late"]).quantity == 50


def test_a_refused_use_keeps_what_was_typed_and_says_why_at_its_field(relief, filled, browser_of):
    browser = browser_of(relief.nurse)
    for quantity, said in (
        ("101", "holds 100 test of test-kit that may be used"),
        ("-3", "greater than or equal to 1"),
        ("", "This field is required"),
        ("99999999999999999999", "less than or equal to 10000000000"),
    ):
        page = browser.post(
            address(), {"item": relief.kit.pk, "quantity": quantity, "note": "Malam", "key": "k"}
        )
        assert page.status_code == 422
        text = page.content.decode()
        assert said in text
        assert "Malam" in text
    assert not Document.objects.filter(kind=DocumentKind.USE).exists()


def test_a_lot_of_another_item_or_place_is_refused(relief, filled, lot_of, stock, browser_of):
    elsewhere = lot_of(relief.mask, "ELSE")
    stock(relief.other_ward, elsewhere, 10)
    browser = browser_of(relief.nurse)
    for lot in (filled["masks"], elsewhere):
        page = browser.post(
            address(), {"item": relief.kit.pk, "quantity": "1", "lot": lot.pk, "key": "k"}
        )
        assert page.status_code == 422
    assert not Document.objects.filter(kind=DocumentKind.USE).exists()


def test_a_time_in_the_future_is_refused(relief, filled, browser_of):
    page = browser_of(relief.nurse).post(
        address(),
        {"item": relief.kit.pk, "quantity": "1", "happened_at": "2199-01-01T10:00", "key": "k"},
    )
    assert page.status_code == 422
    assert "in the future" in page.content.decode()


def test_a_storekeeper_sets_aside_releases_and_destroys(relief, filled, browser_of):
    browser = browser_of(relief.storekeeper)
    lot = filled["masks"]
    for kind, key, more in (
        ("quarantine", "1", {}),
        ("release", "2", {}),
        ("quarantine", "3", {}),
        ("destroy", "4", {"fate": "damaged"}),
        ("write-off", "5", {"fate": "lost"}),
    ):
        page = browser.post(
            address(kind), {"lot": lot.pk, "quantity": "100", "reason": "?", "key": key, **more}
        )
        assert (page.status_code, page["Location"]) == (302, "/relief/places/ward/"), kind
    assert Balance.objects.get(place=relief.ward, lot=lot).quantity == 1000
    assert Balance.objects.get(place__kind="damaged", lot=lot).quantity == 100
    assert Balance.objects.get(place__kind="lost", lot=lot).quantity == 100
    page = browser.get("/relief/places/ward/").content.decode()
    assert "Nothing is set aside." in page


def test_a_count_of_some_lots_leaves_the_others_alone(relief, filled, browser_of):
    browser = browser_of(relief.storekeeper)
    page = browser.get(address("count"))
    lot = filled["masks"]
    sent = {f"seen-{one.pk}": "40" for one in filled.values()}
    sent |= {f"seen-{lot.pk}": "1200", f"lot-{lot.pk}": "1190", "key": key_of(page)}
    refused = browser.post(address("count"), sent)
    assert refused.status_code == 422
    assert "Say why the stock differs" in refused.content.decode()
    done = browser.post(address("count"), sent | {"reason": "Dihitung."})
    assert done.status_code == 302
    assert Balance.objects.get(place=relief.ward, lot=lot).quantity == 1190
    assert Document.objects.get(kind=DocumentKind.COUNT).movements.count() == 1
    assert browser.post(address("count"), {"key": "k"}).status_code == 422


def test_a_return_goes_on_to_the_page_of_its_consignment(relief, filled, browser_of):
    browser = browser_of(relief.storekeeper)
    lot = filled["masks"]
    page = browser.post(address("return"), {"destination": relief.store.pk, f"lot-{lot.pk}": "200"})
    row = Consignment.objects.get()
    assert page["Location"] == f"/relief/consignments/{row.reference}/"
    empty = browser.post(address("return"), {"destination": relief.store.pk})
    assert empty.status_code == 422
    assert "Nothing is listed" in empty.content.decode()


def test_opening_stock_is_entered_lot_by_lot(relief, browser_of, in_days):
    browser = browser_of(relief.storekeeper)
    sent = {
        "item-0": relief.mask.pk,
        "quantity-0": "500",
        "item-2": relief.kit.pk,
        "quantity-2": "20",
        "number-2": "k9",
        "expires-2": in_days(50).isoformat(),
        "key": "k",
    }
    refused = browser.post(address("opening"), sent | {"expires-2": ""})
    assert refused.status_code == 422
    assert "carries an expiry date" in refused.content.decode()
    refused = browser.post(address("opening"), sent | {"quantity-0": "", "quantity-4": "4"})
    assert "Give the quantity that is there." in refused.content.decode()
    assert "Say what this is." in refused.content.decode()
    assert not Balance.objects.exists()
    assert browser.post(address("opening"), sent).status_code == 302
    assert sorted(
        Balance.objects.filter(place=relief.ward).values_list("lot__number", "quantity")
    ) == [("", 500), ("K9", 20)]


def test_the_dashboard_says_what_waits_comes_lasts_and_expires(
    relief, filled, lot_of, stock, sent, in_days, browser_of
):
    lot = lot_of(relief.mask, "S")
    stock(relief.store, lot, 500)
    row = sent(relief.store, relief.ward, lot, 300, expected_on=in_days(-2))
    need_actions.state_need(
        facility=relief.ward,
        item=relief.mask,
        quantity=1000,
        by_when=in_days(10),
        daily_use=100,
        by=relief.nurse,
    )
    actions.use(place=relief.ward, item=relief.kit, quantity=10, key="u", by=relief.nurse)
    page = browser_of(relief.nurse).get("/relief/mine/").content.decode()
    assert f"Receive {row.reference}" in page
    assert "late" in page
    assert "300 piece" in page
    assert "1 need is open" in page
    assert "12 days" in page  # 1200 masks at 100 a day
    assert "100 a day, as stated" in page
    assert "9 days" in page  # 90 tests at 10 a day, used today
    assert "10 a day, by the use of 1 day" in page
    assert "in 30 days" in page
    assert "LATE" not in page
    agency = browser_of(relief.agent).get("/relief/mine/").content.decode()
    assert "Agency store" in agency
    assert "Ward" not in agency.replace("Ward</bdi>", "")
    assert browser_of(None).get("/relief/mine/").status_code == 302
    empty = browser_of(relief.visitor).get("/relief/mine/").content.decode()
    assert "You have none yet." in empty


def test_daily_use_is_the_average_since_the_first_use_and_of_28_days_at_most(
    relief, filled, browser_of
):
    for days, quantity in ((40, 999), (27, 28), (3, 28)):
        actions.use(
            place=relief.ward,
            item=relief.mask,
            quantity=1 if quantity == 999 else quantity,
            key=f"u{days}",
            by=relief.nurse,
            happened_at=timezone.now() - timezone.timedelta(days=days),
        )
    page = browser_of(relief.nurse).get("/relief/places/ward/").content.decode()
    assert "2 a day, by the use of the last 28 days" in page


def test_a_dashboard_asks_as_often_for_one_place_as_for_many(
    relief, filled, lot_of, stock, sent, in_days, browser_of, join, django_assert_max_num_queries
):
    def look():
        with django_assert_max_num_queries(60) as seen:
            assert browser_of(relief.storekeeper).get("/relief/mine/").status_code == 200
        return len(seen)

    def fill(place):
        lot = lot_of(relief.mask, f"S{place.pk}")
        stock(relief.store, lot, 500)
        sent(relief.store, place, lot, 300)
        stock(place, lot, 10)
        need_actions.state_need(
            facility=place, item=relief.mask, quantity=10, by_when=in_days(3), daily_use=2, by=None
        )

    fill(relief.ward)
    one = look()
    for number in range(4):
        ward = places.add_place(
            name=f"Ward {number}",
            kind=PlaceKind.FACILITY,
            country="ID",
            organisation=relief.hospital,
            by=None,
        )
        fill(ward)
        stock(ward, lot_of(make_item(f"item-{number}", f"Item {number}"), "X"), 5)
    assert look() == one


def test_a_place_asks_as_often_for_one_lot_as_for_many(
    relief, lot_of, stock, browser_of, django_assert_max_num_queries
):
    def look():
        with django_assert_max_num_queries(60) as seen:
            assert browser_of(relief.storekeeper).get("/relief/places/ward/").status_code == 200
        return len(seen)

    stock(relief.ward, lot_of(relief.mask, "A"), 5)
    actions.quarantine(
        place=relief.ward,
        lot=Balance.objects.get(place=relief.ward).lot,
        quantity=2,
        reason="?",
        reason_language="en",
        key="q",
        by=relief.storekeeper,
    )
    one = look()
    for number in range(5):
        stock(relief.ward, lot_of(make_item(f"item-{number}", f"Item {number}"), "X"), 5)
        stock(relief.ward, lot_of(relief.kit, f"K{number}"), 5)
    assert look() == one


def test_a_clinician_without_logistics_sees_no_buttons_that_are_not_theirs(
    relief, filled, browser_of, join
):
    page = browser_of(relief.nurse).get("/relief/places/ward/").content.decode()
    assert "Record use" in page
    assert "Count the stock" not in page
    translator = join("only_translates", relief.hospital, Role.TRANSLATOR)
    page = browser_of(translator).get("/relief/places/ward/").content.decode()
    assert "Record use" not in page


def test_a_dashboard_shows_the_first_of_many_and_says_how_many_more(
    relief, filled, browser_of, stock, lot_of
):
    stock(relief.store, lot_of(relief.mask, "S"), 500)
    for _number in range(9):
        consignments.add_consignment(origin=relief.store, destination=relief.ward, by=relief.agent)
    page = browser_of(relief.agent).get("/relief/mine/").content.decode()
    assert page.count("Send C-") == 6
    assert "and 3 more to send" in page
