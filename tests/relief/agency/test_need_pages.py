"""The list of needs, and stating and withdrawing one."""

import pytest

from medixchange.relief.actions import needs as actions
from medixchange.relief.actions import places
from medixchange.relief.models import Need, PlaceKind
from medixchange.relief.states import NeedState
from tests.relief.conftest import make_item


@pytest.fixture
def need(relief, in_days):
    return actions.state_need(
        facility=relief.ward,
        item=relief.mask,
        quantity=1000,
        by_when=in_days(7),
        note="Perlu segera.",
        note_language="id",
        by=relief.nurse,
    )


def test_who_sees_the_need_and_who_may_change_it(relief, need, browser_of):
    for who, sees, states, withdraws in (
        (relief.nurse, True, 200, 200),
        (relief.storekeeper, True, 200, 200),
        (relief.agent, True, 404, 403),
        (relief.outsider, False, 404, 404),
        (relief.visitor, False, 404, 404),
        (relief.giver, False, 404, 404),
        (relief.staff, True, 403, 403),
    ):
        browser = browser_of(who)
        page = browser.get("/relief/needs/")
        assert page.status_code == 200
        assert ("1,000" in page.content.decode()) is sees, who
        assert browser.get("/relief/places/ward/need/").status_code == states, who
        assert browser.get(f"/relief/needs/{need.pk}/withdraw/").status_code == withdraws, who
    for path in ("needs/", "places/ward/need/", f"needs/{need.pk}/withdraw/"):
        assert browser_of(None).get(f"/relief/{path}").status_code == 302


def test_a_need_is_stated_on_the_page(relief, browser_of, in_days):
    browser = browser_of(relief.nurse)
    sent = {"item": relief.mask.pk, "quantity": "500", "by_when": in_days(5).isoformat()}
    for change, said in (
        ({"quantity": "0"}, "greater than or equal to 1"),
        ({"by_when": in_days(-3).isoformat()}, "is past"),
        ({"item": ""}, "This field is required"),
    ):
        page = browser.post("/relief/places/ward/need/", sent | change)
        assert page.status_code == 422
        assert said in page.content.decode()
    assert not Need.objects.exists()
    page = browser.post("/relief/places/ward/need/", sent, follow=True)
    assert "still open: 500" in page.content.decode()
    assert Need.objects.get().stated_by == relief.nurse


def test_the_form_shows_what_was_stated_before(relief, need, browser_of):
    page = browser_of(relief.nurse).get("/relief/places/ward/need/?item=mask").content.decode()
    assert 'value="1000"' in page
    assert "takes its place" in page
    assert "0 piece here now" in page


def test_withdrawing_asks_why(relief, need, browser_of):
    browser = browser_of(relief.nurse)
    address = f"/relief/needs/{need.pk}/withdraw/"
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "Ditutup."}).status_code == 302
    need.refresh_from_db()
    assert need.state == NeedState.WITHDRAWN
    assert browser.post(address, {"reason": "Ditutup."}).status_code == 422
    page = browser.get("/relief/needs/").content.decode()
    assert "No need is open here." in page
    assert "withdrawn" in browser.get("/relief/needs/?state=all").content.decode()


def test_the_list_is_narrowed_by_item_and_facility(relief, need, browser_of, in_days):
    actions.state_need(
        facility=relief.ward, item=relief.kit, quantity=77, by_when=in_days(2), by=None
    )
    browser = browser_of(relief.agent)
    all_of_it = browser.get("/relief/needs/").content.decode()
    assert all_of_it.index("77") < all_of_it.index("1,000")
    page = browser.get("/relief/needs/?item=mask").content.decode()
    assert "1,000" in page
    assert "<b>77</b>" not in page
    page = browser.get("/relief/needs/?facility=nowhere").content.decode()
    assert "1,000" not in page


def test_the_list_asks_as_often_for_one_need_as_for_many(
    relief, need, browser_of, in_days, django_assert_max_num_queries
):
    def look():
        with django_assert_max_num_queries(60) as seen:
            assert browser_of(relief.agent).get("/relief/needs/").status_code == 200
        return len(seen)

    one = look()
    for number in range(5):
        ward = places.add_place(
            name=f"Ward {number}",
            kind=PlaceKind.FACILITY,
            country="ID",
            organisation=relief.hospital,
            by=None,
        )
        for item in (relief.mask, make_item(f"item-{number}", f"Item {number}")):
            actions.state_need(
                facility=ward,
                item=item,
                quantity=10,
                by_when=in_days(3),
                note=f"Catatan {number}.",
                note_language="id",
                by=None,
            )
    assert look() == one
