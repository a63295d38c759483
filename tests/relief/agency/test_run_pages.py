"""Pages of allocation: who may, what they show, and a whole run from needs to packed goods."""

import csv
import io

import pytest

from medixchange.relief.actions import allocating, places
from medixchange.relief.actions import needs as need_actions
from medixchange.relief.actions import stock as stock_actions
from medixchange.relief.models import AllocationLine, AllocationRun, Consignment, PlaceKind
from medixchange.relief.sharing import Parameters
from medixchange.relief.states import RunState
from tests.relief.agency.scarce import given
from tests.relief.conftest import make_item

RUNS = "/relief/runs/"


@pytest.fixture
def run(scarce):
    return scarce.plan()


def address(run, rest=""):
    return f"{RUNS}{run.reference}/{rest}"


def change_of(run, facility="ward-c"):
    return address(run, f"change/mask/{facility}/")


def test_who_sees_and_who_shares_out(relief, run, browser_of):
    for who, new, sees, changes, posts in (
        (None, 302, 302, 302, 302),
        (relief.agent, 200, 200, 200, 302),
        (relief.agency_head, 200, 200, 200, 302),
        (relief.staff, 403, 200, 403, 403),
        (relief.storekeeper, 403, 404, 404, 404),
        (relief.nurse, 403, 404, 404, 404),
        (relief.outsider, 403, 404, 404, 404),
        (relief.giver, 403, 404, 404, 404),
        (relief.visitor, 403, 404, 404, 404),
    ):
        browser = browser_of(who)
        assert browser.get(f"{RUNS}new/").status_code == new, who
        assert browser.get(address(run)).status_code == sees, who
        assert browser.get(address(run, "plan.csv")).status_code == sees, who
        assert browser.get(change_of(run)).status_code == changes, who
        again = browser.post(address(run, "step/method/"), {"method": "proportional"})
        assert again.status_code == posts, who
        if who is not None:
            listed = run.reference in browser.get(RUNS).content.decode()
            assert listed is (sees == 200), who


def test_a_plan_from_the_form_to_packed_consignments(relief, scarce, browser_of):
    officer, head = browser_of(relief.agent), browser_of(relief.agency_head)
    page = officer.get(f"{RUNS}new/").content.decode()
    assert "Surgical mask: 1,000 to give out, 1,600 piece needed by 3 facilities" in page
    refused = officer.post(f"{RUNS}new/", {"method": "maxmin"})
    assert refused.status_code == 422
    made = officer.post(
        f"{RUNS}new/",
        {"items": [relief.mask.pk], "method": "proportional", "left_out": [scarce.b.pk]},
    )
    run = AllocationRun.objects.get()
    assert made["Location"] == address(run)
    assert given(run) == {"ward": 800, "ward-c": 200}
    officer.post(address(run, "step/discard/"), {"reason": "Ward B takes part."})
    officer.post(f"{RUNS}new/", {"items": [relief.mask.pk], "method": "proportional"})
    run = AllocationRun.objects.order_by("-pk").first()
    changed = officer.post(
        change_of(run), {"what": "quantity", "quantity": "200", "reason": "Dialysis unit."}
    )
    assert changed["Location"] == address(run, "?item=mask#ward-c")
    page = officer.get(address(run)).content.decode()
    assert "Dialysis unit." in page
    assert "Changed by hand from 100" in page
    assert "Another person of your organisation has to look at this plan" in page
    assert officer.post(address(run, "step/approve/")).status_code == 403
    assert "Approve the plan" in head.get(address(run)).content.decode()
    page = head.post(address(run, "step/approve/"), follow=True).content.decode()
    assert "Issue the documents" in page
    page = officer.post(address(run, "step/issue/"), follow=True).content.decode()
    assert "3 consignments are packed and ready to leave." in page
    officer.post(address(run, "step/issue/"))
    rows = Consignment.objects.filter(run=run)
    assert rows.count() == 3
    assert all(row.reference in page for row in rows)
    run.refresh_from_db()
    assert run.state == RunState.ISSUED
    late = officer.post(address(run, "step/discard/"), {"reason": "?"}, follow=True)
    assert "cannot become" in late.content.decode()


def test_all_methods_stand_side_by_side_and_another_can_be_taken(relief, run, browser_of):
    browser = browser_of(relief.agent)
    page = browser.get(address(run)).content.decode()
    assert page.count('class="method-name"') == 4
    assert "In proportion to need" in page
    look = browser.get(address(run, "?method=maxmin")).content.decode()
    assert "Take this method" in look
    run.refresh_from_db()
    assert run.method == "proportional"
    browser.post(address(run, "step/method/"), {"method": "maxmin"})
    run.refresh_from_db()
    assert run.method == "maxmin"
    refused = browser.post(address(run, "step/method/"), {"method": "fairest"})
    assert refused.status_code == 422
    assert "Choose one of the methods." in refused.content.decode()


def test_every_facility_has_its_sentence(relief, scarce, browser_of):
    browser = browser_of(relief.agent)

    def page(method="proportional", **parameters):
        return browser.get(address(scarce.plan(method, **parameters))).content.decode()

    assert "62% of what it still needs, as everybody, in whole packs." in page()
    assert "Up to the cap of 50% of its need." in page(cap_percent=50)
    assert "All that it still needs." in page("utility", priorities={"ward-c": "50"})
    assert "Lifted to " in page("maxmin")
    assert "Its share by the 4,000 people it serves, in whole packs." in page("population")
    assert "The store has nothing to give out now." in page(reserve_percent=100)
    floor = page("population", floor_percent=50)
    assert "Its floor, 50% of its need, in whole packs." in floor


def test_a_method_that_cannot_be_says_why(relief, scarce, browser_of):
    scarce.c.population = None
    scarce.c.save()
    run = scarce.plan()
    page = browser_of(relief.agent).get(address(run, "?method=population"))
    assert page.status_code == 200
    assert "the population of ward-c is not given" in page.content.decode()


def test_planning_again_keeps_what_was_typed_when_it_is_refused(relief, run, browser_of):
    browser = browser_of(relief.agent)
    sent = {
        "reserve_percent": "10",
        "floor_percent": "60",
        "cap_percent": "50",
        "pack-mask": "200",
        "count_arrivals": "on",
    }
    refused = browser.post(address(run, "step/again/"), sent)
    assert refused.status_code == 422
    assert "The floor is above the cap." in refused.content.decode()
    assert 'value="60"' in refused.content.decode()
    done = browser.post(address(run, "step/again/"), sent | {"floor_percent": "0"})
    assert done.status_code == 302
    run.refresh_from_db()
    assert run.parameters["reserve_percent"] == 10
    assert run.parameters["packs"] == {"mask": 200}
    assert all(quantity % 200 == 0 for quantity in given(run).values())


def test_a_bad_change_is_refused_at_its_field(relief, run, browser_of):
    browser = browser_of(relief.agent)
    for sent, said in (
        ({"quantity": "130", "reason": "?"}, "Choose 100 or 150."),
        ({"quantity": "5000", "reason": "?"}, "and 1000 can be given out"),
        ({"quantity": "-50", "reason": "?"}, "greater than or equal to 0"),
        ({"quantity": "100", "reason": ""}, "This field is required"),
    ):
        page = browser.post(change_of(run), {"what": "quantity", **sent})
        assert page.status_code == 422
        assert said in page.content.decode()
    assert not AllocationLine.objects.filter(changed_by__isnull=False).exists()
    assert browser.get(address(run, "change/mask/nowhere/")).status_code == 404


def test_a_priority_and_undoing_a_change(relief, run, browser_of):
    browser = browser_of(relief.agent)
    browser.post(change_of(run), {"what": "quantity", "quantity": "0", "reason": "?"})
    assert given(run)["ward-c"] == 0
    browser.post(change_of(run), {"what": "undo"})
    assert given(run)["ward-c"] == 100
    browser.post(change_of(run), {"what": "priority", "priority": "2.50"})
    run.refresh_from_db()
    assert run.parameters["priorities"] == {"ward-c": "2.5"}
    page = browser.post(change_of(run), {"what": "priority", "priority": "0"})
    assert page.status_code == 422


def test_stock_that_changed_is_named_on_the_page(relief, scarce, run, browser_of):
    stock_actions.write_off(
        place=relief.store,
        lot=scarce.young,
        quantity=100,
        fate=PlaceKind.LOST,
        reason="?",
        reason_language="en",
        key="w",
        by=relief.agent,
    )
    page = browser_of(relief.agency_head).post(address(run, "step/approve/"))
    assert page.status_code == 422
    assert "has 900 piece of mask to give out now" in page.content.decode()


def test_the_plan_as_a_table(relief, run, browser_of):
    content = browser_of(relief.agent).get(address(run, "plan.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))[1:]
    assert [
        (r["facility"], r["item"], r["need"], r["allocated"], r["fill_rate"]) for r in rows
    ] == [
        ("ward", "mask", "800", "500", "0.625"),
        ("ward-b", "mask", "600", "400", "0.6667"),
        ("ward-c", "mask", "200", "100", "0.5"),
    ]


def test_with_several_stores_one_is_chosen_first(relief, scarce, browser_of):
    places.add_place(
        name="Second store",
        kind=PlaceKind.STORE,
        country="ID",
        organisation=relief.agency,
        by=None,
    )
    browser = browser_of(relief.agent)
    assert "Of which store?" in browser.get(f"{RUNS}new/").content.decode()
    page = browser.get(f"{RUNS}new/?store=second-store").content.decode()
    assert "No facility of the country has an open need" in page


def test_the_list_asks_as_often_for_one_run_as_for_many(
    relief, scarce, run, browser_of, django_assert_max_num_queries
):
    def look():
        with django_assert_max_num_queries(60) as seen:
            assert browser_of(relief.agent).get(RUNS).status_code == 200
        return len(seen)

    one = look()
    for _again in range(4):
        scarce.plan()
    assert look() == one


def test_a_run_asks_as_often_for_few_facilities_as_for_many(
    relief, scarce, stock, lot_of, in_days, browser_of, django_assert_max_num_queries
):
    def look(run):
        with django_assert_max_num_queries(60) as seen:
            assert browser_of(relief.agent).get(address(run)).status_code == 200
        return len(seen)

    one = look(scarce.plan())
    codes, items = ["ward", "ward-b", "ward-c"], [relief.mask]
    for number in range(4):
        ward = places.add_place(
            name=f"Extra {number}",
            kind=PlaceKind.FACILITY,
            country="ID",
            organisation=relief.hospital,
            population=10,
            by=None,
        )
        item = make_item(f"item-{number}", f"Item {number}")
        stock(relief.store, lot_of(item, "X"), 100)
        for asked in (relief.mask, item):
            need_actions.state_need(
                facility=ward, item=asked, quantity=70, by_when=in_days(3), by=None
            )
        codes.append(ward.code)
        items.append(item)
    many = allocating.draft(
        store=relief.store,
        items=items,
        facilities=codes,
        method="proportional",
        parameters=Parameters(),
        by=relief.agent,
    )
    assert look(many) == one
