"""Beneath each figure are its documents, and they sum to it."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.actions import consignments
from medixchange.relief.models import DocumentKind, Flow, Movement, PlaceKind
from medixchange.relief.queries.public import adding_up, asking, documents
from medixchange.relief.queries.public.asking import Asked
from medixchange.relief.queries.public.overview import items, overview
from tests.relief.public.conftest import BEGAN


def ask(**asked):
    return Asked(examples=asking.example_accounts(), **asked)


def sums(asked, figure):
    """What all documents beneath a figure add, by item, walking through small pages."""
    found, after = {}, ""
    while True:
        page = documents.beneath(asked, figure, after=after, size=2)
        for row in page.listed:
            for item, quantity in row.adds.items():
                found[item] = found.get(item, 0) + quantity
        if not page.after:
            return {item: quantity for item, quantity in found.items() if quantity}
        after = page.after


def told(asked, figure):
    rows = overview(asked, items(), asking.givers()).rows
    return {row.item.pk: row.value(figure) for row in rows if row.value(figure)}


@pytest.mark.parametrize("figure", adding_up.COUNTED)
def test_the_documents_sum_to_the_figure(history, example, figure):
    week = asking.week_of(BEGAN)
    for asked in (
        ask(),
        ask(item=history.mask),
        ask(item=history.kit),
        ask(country="ID"),
        ask(country="FR", item=history.mask),
        ask(donor=history.donor, country="ID"),
        ask(until=week[1]),
        ask(example=True),
        ask(donor=example, example=True, item=history.mask),
    ):
        assert sums(asked, figure) == told(asked, figure), asked


@pytest.mark.parametrize("figure", adding_up.COUNTED)
def test_goods_passed_on_to_another_country_leave_one_and_enter_the_other(history, books, figure):
    onward = books.send(history.store, history.other_ward, [(history.lot, 50)], 30)
    books.arrive(onward, 31)
    customs = books.of(onward, PlaceKind.CUSTOMS)
    books.post(
        DocumentKind.DELIVERY, 32, (history.lot, 45, customs, history.other_ward),
        (history.lot, 5, customs, books.account(history.other_ward, PlaceKind.DAMAGED)),
        consignment=onward,
    )  # fmt: skip
    for asked in (ask(), ask(country="ID"), ask(country="FR"), ask(country="FR", until=None)):
        assert sums(asked, figure) == told(asked, figure), asked
    assert told(ask(country="ID"), "shipped")[history.mask.pk] == 750
    assert told(ask(country="FR"), "shipped")[history.mask.pk] == 250
    assert told(ask(), "shipped")[history.mask.pk] == 1000


_KIND = st.sampled_from([kind.value for kind in PlaceKind])


@given(_KIND, st.sampled_from("AB"), _KIND, st.sampled_from("AB"), st.booleans())
def test_a_movement_is_reckoned_the_same_way_there_and_back(start, a, end, b, is_reversal):
    there = documents.ways(start, a, end, b, 7, is_reversal=False)
    undone = documents.ways(end, b, start, a, 7, is_reversal=True)
    assert [(*way[:3], -way[3]) for way in there] == undone
    assert len(there) == 2 if a != b and "donor" not in (start, end) else len(there) == 1


@pytest.mark.django_db
def test_movements_are_reckoned_as_the_database_reckons_them(history):
    kept = {(flow.country, flow.from_kind, flow.to_kind): 0 for flow in Flow.objects.all()}
    for flow in Flow.objects.all():
        kept[flow.country, flow.from_kind, flow.to_kind] += flow.quantity
    counted = dict.fromkeys(kept, 0)
    for move in Movement.objects.select_related("document", "from_place", "to_place"):
        for country, start, end, quantity in documents.ways(
            move.from_place.kind, move.from_place.country, move.to_place.kind,
            move.to_place.country, move.quantity,
            is_reversal=move.document.reverses_id is not None,
        ):  # fmt: skip
            counted[country, start, end] += quantity
    assert counted == kept


def test_a_mistake_and_its_reversal_are_both_listed(client, history):
    page = client.get(
        reverse("relief_documents"), {"figure": "used", "item": "mask"}
    ).content.decode()
    assert "All together: <b>120 pieces</b>" in page
    for number in (history.mistake.number, history.reversal.number):
        assert reverse("relief_document", args=[number]) in page
    assert "<b>−7 pieces</b> (taken off)" in page


def test_a_page_of_documents_ends_where_the_next_begins(history):
    numbers = []
    after = ""
    for _page in range(20):
        page = documents.beneath(ask(item=history.mask), "received", after=after, size=1)
        numbers += [row.document.number for row in page.listed]
        after = page.after
        if not after:
            break
    assert numbers == ["POD-2025-00002", "DN-2025-00003", "POD-2025-00001"]


@pytest.mark.parametrize("after", ["x", "2025-03-03", "2025-99-99_1", "_", "2025-03-03_x"])
def test_an_address_that_was_altered_begins_at_the_first_page(client, history, after):
    asked = {"figure": "lost", "item": "mask", "after": after}
    page = client.get(reverse("relief_documents"), asked)
    assert page.status_code == 200
    assert "ST-2025-00001" in page.content.decode()


def test_pledges_beneath_a_figure_say_what_is_not_split(client, history):
    page = client.get(reverse("relief_documents"), {"figure": "pledged", "item": "mask"})
    text = page.content.decode()
    assert "1,000 split between Indonesia and Malaysia not published" in text
    assert 'href="https://news.example/pledge"' in text
    assert "France 300" in text
    assert "a secret note" not in text


def test_allocations_beneath_a_figure_name_no_facility(client, history, allocate):
    allocate("approved", 450)
    page = client.get(reverse("relief_documents"), {"figure": "allocated", "item": "mask"})
    text = page.content.decode()
    assert "A-approved" in text
    assert "450 pieces" in text
    assert "Ward" not in text


def test_a_figure_that_does_not_exist_has_no_page(client, db):
    assert client.get(reverse("relief_documents"), {"figure": "password"}).status_code == 404


def test_a_document_tells_what_moved_from_where_to_where(client, history):
    page = client.get(reverse("relief_document", args=[history.receipt.number]))
    text = page.content.decode()
    assert "goods received note" in text
    assert "Agency store: damaged" in text
    assert "700 pieces" in text
    assert history.first.reference in text
    assert 'href="https://news.example/landed"' in text
    assert "An airport" in text
    assert client.get(reverse("relief_document", args=["GRN-1999-00001"])).status_code == 404


def test_a_document_that_was_taken_back_says_so(client, history):
    mistake = client.get(reverse("relief_document", args=[history.mistake.number]))
    assert "This document was taken back." in mistake.content.decode()
    assert history.reversal.number in mistake.content.decode()
    reversal = client.get(reverse("relief_document", args=[history.reversal.number]))
    assert "This document takes back" in reversal.content.decode()


def test_the_way_of_a_consignment_says_where_its_goods_are(client, history):
    text = client.get(reverse("relief_way", args=[history.first.reference])).content.decode()
    assert "700 pieces taken into a store" in text
    assert "30 pieces found damaged" in text
    assert "60 pieces given up as lost" in text
    assert "<b>10 pieces</b> not accounted for yet" in text
    second = client.get(reverse("relief_way", args=[history.second.reference])).content.decode()
    assert "450 pieces taken in by a facility" in second
    assert "<b>40 pieces</b> not accounted for yet" in second


def test_a_consignment_that_has_not_left_has_no_public_page(client, history):
    made = consignments.add_consignment(origin=history.donor, destination=history.store, by=None)
    assert client.get(reverse("relief_way", args=[made.reference])).status_code == 404


def test_an_example_is_marked_on_every_page_of_it(client, history, example):
    (row,) = documents.beneath(ask(example=True), "shipped").listed
    for page in (
        reverse("relief") + "?example=1",
        reverse("relief_documents") + "?example=1&item=mask&figure=shipped",
        reverse("relief_document", args=[row.document.number]),
    ):
        assert "Example. This did not happen." in client.get(page).content.decode(), page
    for page in (reverse("relief"), reverse("relief_document", args=[history.receipt.number])):
        assert "Example. This did not happen." not in client.get(page).content.decode(), page
