"""The sender's pages: who sees them, what they say, and that they cost the same however long."""

import re

import pytest
from django.utils import timezone

from medixchange.relief.actions import consignments
from medixchange.relief.models import Consignment, Document, Lot


def url(consignment, *rest):
    return "/".join(["/relief/consignments", consignment.reference, *rest, ""])


def when():
    return timezone.now().strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("who", "status"),
    [("giver", 200), ("agent", 200), ("agency_head", 200), ("staff", 200),
     ("nurse", 404), ("outsider", 404), ("visitor", 404), (None, 302)],
)  # fmt: skip
def test_both_ends_see_a_consignment_and_nobody_else(relief, packed, browser_of, who, status):
    browser = browser_of(getattr(relief, who) if who else None)
    assert browser.get(url(packed)).status_code == status
    assert browser.get(url(packed, "labels.pdf").rstrip("/")).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("giver", 200), ("agent", 403), ("staff", 403), ("outsider", 404)]
)
def test_only_the_sender_packs(relief, packed, browser_of, who, status):
    assert browser_of(getattr(relief, who)).get(url(packed, "packing")).status_code == status


def test_the_packing_list_is_told_by_runs_of_equal_boxes(relief, packed, browser_of):
    page = browser_of(relief.giver).get(url(packed)).content.decode()
    assert "1–2" in page
    assert "500 × <span" in page
    assert "Surgical mask" in page
    assert "4 kg" in page


def test_boxes_are_added_and_taken_off(relief, packed, browser_of):
    browser = browser_of(relief.giver)
    added = browser.post(
        url(packed, "packing"),
        {
            "what": "add",
            "first": 4,
            "boxes": 3,
            "item": relief.mask.pk,
            "quantity": 200,
            "lot": "m2",
        },
    )
    assert added.status_code == 302
    assert packed.boxes.count() == 6
    assert Lot.objects.get(number="M2").source == relief.donor
    removed = browser.post(
        url(packed, "packing"), {"what": "remove", "remove-first": 5, "remove-last": 6}
    )
    assert removed.status_code == 302
    assert list(packed.boxes.values_list("number", flat=True)) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"first": 2}, "Boxes 1 to 2 are on the list already"),
        ({"quantity": 0}, "greater than or equal to 1"),
        ({"item": "kit"}, "carries an expiry date"),
    ],
)
def test_boxes_that_cannot_be_added_are_refused_with_what_was_typed(
    relief, packed, browser_of, change, said
):
    fields = {
        "what": "add", "first": 4, "boxes": 1, "item": relief.mask.pk, "quantity": 7, "lot": "ODD7",
        **change,
    }  # fmt: skip
    if fields["item"] == "kit":
        fields["item"] = relief.kit.pk
    answer = browser_of(relief.giver).post(url(packed, "packing"), fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="ODD7"' in answer.content.decode()
    assert packed.boxes.count() == 3


def test_a_store_packs_what_expires_first(relief, browser_of, lot_of, stock):
    today = timezone.now().date()
    late = lot_of(relief.kit, "LATE", expires_on=today + timezone.timedelta(days=300))
    soon = lot_of(relief.kit, "SOON", expires_on=today + timezone.timedelta(days=30))
    stock(relief.store, late, 100)
    stock(relief.store, soon, 30)
    made = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    answer = browser_of(relief.agent).post(
        url(made, "packing"),
        {"what": "add", "first": 1, "boxes": 2, "item": relief.kit.pk, "quantity": 20},
    )
    assert answer.status_code == 302
    contents = [
        [(held.lot.number, held.quantity) for held in box.contents.all()]
        for box in made.boxes.all()
    ]
    assert contents == [[("SOON", 20)], [("SOON", 10), ("LATE", 10)]]


def test_the_way_is_walked_on_the_page(relief, packed, browser_of):
    giver, agent = browser_of(relief.giver), browser_of(relief.agent)
    page = giver.get(url(packed)).content.decode()
    key = re.search(r'name="dispatch-key" value="([^"]+)"', page)[1]
    fields = {"dispatch-key": key, "dispatch-happened_at": when(), "dispatch-location": "Hangzhou"}
    assert giver.post(url(packed, "step", "dispatch"), fields).status_code == 302
    # Pressed again, from the same page: nothing happens twice.
    assert giver.post(url(packed, "step", "dispatch"), fields).status_code == 302
    assert Document.objects.filter(consignment=packed).count() == 1
    assert agent.post(
        url(packed, "step", "arrive"),
        {"arrive-key": "k", "arrive-happened_at": when(), "arrive-location": "CGK"},
    ).status_code == 302  # fmt: skip
    page = agent.get(url(packed)).content.decode()
    assert "Hangzhou" in page
    assert "CGK" in page
    assert f"AN-{timezone.now().year}-00001" in page


def test_a_step_out_of_order_is_answered_and_nothing_changes(relief, packed, browser_of):
    answer = browser_of(relief.agent).post(
        url(packed, "step", "arrive"), {"arrive-key": "k", "arrive-happened_at": when()}
    )
    assert answer.status_code == 422
    assert "cannot become" in answer.content.decode()
    packed.refresh_from_db()
    assert packed.state == "draft"


def test_a_time_in_the_future_is_refused_at_its_field(relief, packed, browser_of):
    answer = browser_of(relief.giver).post(
        url(packed, "step", "dispatch"),
        {"dispatch-key": "k", "dispatch-happened_at": "2099-01-01T10:00"},
    )
    assert answer.status_code == 422
    assert "is in the future" in answer.content.decode()


def test_a_destination_is_found_by_a_part_of_its_name(relief, browser_of):
    answer = browser_of(relief.agent).post(
        "/relief/consignments/new/", {"origin": relief.store.pk, "destination": "other wa"}
    )
    assert answer.status_code == 302
    assert Consignment.objects.get().destination == relief.other_ward


def test_a_name_that_fits_several_places_asks_which(relief, browser_of):
    browser = browser_of(relief.agent)
    fields = {"origin": relief.store.pk, "destination": "war"}
    answer = browser.post("/relief/consignments/new/", fields)
    assert answer.status_code == 422
    assert "Choose one below" in answer.content.decode()
    chosen = browser.post("/relief/consignments/new/", {**fields, "chosen": relief.ward.pk})
    assert chosen.status_code == 302
    assert Consignment.objects.get().destination == relief.ward


def test_an_unknown_destination_is_told(relief, browser_of):
    answer = browser_of(relief.agent).post(
        "/relief/consignments/new/", {"origin": relief.store.pk, "destination": "Nowhere"}
    )
    assert answer.status_code == 422
    assert "No store or facility is called “Nowhere”" in answer.content.decode()


@pytest.mark.parametrize("who", ["visitor", "nurse"])
def test_who_handles_no_goods_begins_no_consignment(relief, browser_of, who):
    assert browser_of(getattr(relief, who)).get("/relief/consignments/new/").status_code == 403


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_costs_the_same_however_long(relief, browser_of, django_assert_num_queries, count):
    for _ in range(count):
        consignments.add_consignment(origin=relief.donor, destination=relief.store, by=relief.giver)
    browser = browser_of(relief.giver)
    with django_assert_num_queries(6):
        page = browser.get("/relief/consignments/?show=packing").content.decode()
    assert page.count('href="/relief/consignments/C-') == count


@pytest.mark.parametrize("boxes", [1, 60])
def test_a_consignment_costs_the_same_however_many_boxes(
    relief, packed, browser_of, lot_of, django_assert_num_queries, boxes
):
    lot = lot_of(relief.mask, "M9")
    consignments.pack(
        consignment=packed,
        boxes=[consignments.Contents(number, [(lot, number)]) for number in range(1, boxes + 1)],
        by=relief.giver,
    )
    browser = browser_of(relief.giver)
    with django_assert_num_queries(9):
        assert browser.get(url(packed)).status_code == 200


def test_a_stranger_with_a_label_is_led_to_what_is_public(relief, packed, browser_of):
    known = browser_of(relief.agent).get(f"/relief/r/consignment/{packed.reference}/")
    assert known.headers["Location"] == url(packed)
    assert browser_of(None).get("/relief/r/consignment/C-0000-00000/").status_code == 404
