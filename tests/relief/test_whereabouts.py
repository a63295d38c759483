"""Where a lot is: every place it came to is told once, with what is there, came, and was used."""

import pytest
from django.db import transaction
from django.utils import timezone

from medixchange.relief.actions import consignments, ledger, places
from medixchange.relief.models import DocumentKind, PlaceKind
from medixchange.relief.queries import stock as stock_of


@pytest.fixture
def told(relief):
    """What is told of a lot: ``{place: (now, came, used)}`` by the name of its kind and code."""

    def ask(*lots):
        return {
            (row.place.kind, row.place.owner.name): (row.now, row.came, row.used)
            for row in stock_of.whereabouts(lots)
        }

    return ask


@pytest.fixture
def move(relief):
    """Posts a movement, and gives its document."""
    made = []

    def post(lot, quantity, start, end):
        made.append(lot)
        return ledger.post(
            kind=DocumentKind.SETTLEMENT,
            key=f"move {len(made)}",
            happened_at=timezone.now(),
            lines=[ledger.Line(lot, quantity, start, end)],
            by=None,
            organisation=None,
        ).document

    return post


def account(place, kind):
    with transaction.atomic():
        return places.account_of(place, kind)


def take_back(document):
    ledger.reverse(
        document=document, key=f"back {document.pk}", note="Wrong.", note_language="en", by=None,
        organisation=None,
    )  # fmt: skip


def test_a_lot_that_never_came_is_nowhere(relief, lot_of, told):
    assert told(lot_of(relief.mask, "M1")) == {}


def test_what_came_and_what_was_used_is_told_with_each_place(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    move(lot, 100, relief.donor, relief.store)
    move(lot, 60, relief.store, relief.ward)
    move(lot, 25, relief.ward, account(relief.ward, PlaceKind.USED))
    assert told(lot) == {
        ("store", "Agency store"): (40, 100, 0),
        ("facility", "Ward"): (35, 60, 25),
    }


def test_a_place_that_has_nothing_left_is_told_still(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    move(lot, 60, relief.donor, relief.ward)
    move(lot, 60, relief.ward, account(relief.ward, PlaceKind.USED))
    assert told(lot) == {("facility", "Ward"): (0, 60, 60)}


def test_goods_on_the_way_are_told_while_they_are_on_it(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    with transaction.atomic():
        road = places.account_of_consignment(
            consignments.add_consignment(origin=relief.store, destination=relief.ward, by=None),
            PlaceKind.TRANSPORT,
        )
    move(lot, 100, relief.donor, relief.store)
    move(lot, 30, relief.store, road)
    assert sorted(told(lot).values()) == [(30, 30, 0), (70, 100, 0)]
    move(lot, 30, road, relief.ward)
    assert told(lot) == {("store", "Agency store"): (70, 100, 0), ("facility", "Ward"): (30, 30, 0)}


def test_what_was_taken_back_never_came(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    move(lot, 100, relief.donor, relief.store)
    take_back(move(lot, 30, relief.store, relief.ward))
    assert told(lot) == {("store", "Agency store"): (100, 100, 0)}


def test_what_a_place_moves_about_in_its_own_house_came_once(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    used, aside = (account(relief.ward, kind) for kind in (PlaceKind.USED, PlaceKind.QUARANTINE))
    move(lot, 100, relief.donor, relief.ward)
    take_back(move(lot, 30, relief.ward, used))
    move(lot, 20, relief.ward, aside)
    move(lot, 15, aside, relief.ward)
    assert told(lot) == {("facility", "Ward"): (95, 100, 0), ("quarantine", "Ward"): (5, 0, 0)}


def test_goods_set_aside_when_they_came_have_come(relief, lot_of, move, told):
    lot = lot_of(relief.mask, "M1")
    move(lot, 100, relief.donor, account(relief.ward, PlaceKind.QUARANTINE))
    assert told(lot) == {("facility", "Ward"): (0, 100, 0), ("quarantine", "Ward"): (100, 0, 0)}


def test_lots_of_several_givers_are_told_together(relief, lot_of, move, told):
    one, other = lot_of(relief.mask, "M1"), lot_of(relief.mask, "M2")
    move(one, 100, relief.donor, relief.ward)
    move(other, 10, relief.donor, relief.ward)
    assert told(one, other) == {("facility", "Ward"): (110, 110, 0)}


def test_it_asks_five_times_however_many_places_there_are(
    relief, lot_of, move, django_assert_num_queries
):
    lot = lot_of(relief.mask, "M1")
    for place in (relief.store, relief.ward, relief.other_ward):
        move(lot, 10, relief.donor, place)
    with django_assert_num_queries(5):
        assert len(stock_of.whereabouts([lot])) == 3
