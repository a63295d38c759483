"""Examples stand apart from what happened: their goods, their places, and the sample content."""

import pytest
from django.urls import reverse
from django.utils import timezone

from medixchange.network.models import Role
from medixchange.portal.samples import relief as samples
from medixchange.relief.actions import consignments
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.counted import Counted, Unlisted
from medixchange.relief.actions.places import add_place
from medixchange.relief.actions.receiving import receive
from medixchange.relief.models import DocumentKind, Outcome, Place, PlaceKind
from medixchange.relief.queries.public import asking, overview
from medixchange.relief.refusals import Refused
from tests.relief.public.test_figures import figures, look


def made_up(name, kind, organisation, **more):
    return add_place(
        name=name, kind=kind, country="ID", organisation=organisation, is_example=True, by=None,
        **more,
    )  # fmt: skip


def test_places_of_examples_put_a_country_on_the_map_for_examples_alone(relief):
    made_up("Example ward", PlaceKind.FACILITY, relief.hospital, latitude=-6.0, longitude=106.0)
    assert overview.positions(["ID"], example=False) == {}
    assert overview.positions(["ID"], example=True) == {"ID": (-6.0, 106.0)}


def test_what_is_really_there_is_not_sent_to_an_example(relief, lot_of, books):
    ward = made_up("Example ward", PlaceKind.FACILITY, relief.hospital)
    row = consignments.add_consignment(origin=relief.store, destination=ward, by=None)
    with pytest.raises(Refused) as refused:
        consignments.pack(
            consignment=row, boxes=[Contents(1, [(lot_of(relief.mask, "M"), 5)])], by=None
        )
    assert [problem.code for problem in refused.value.problems] == ["example"]
    assert not row.boxes.exists()


def test_the_way_to_a_place_of_an_example_says_that_it_did_not_happen(relief, books, stock, client):
    """Also where the place was named an example only after the goods had come."""
    lot = books.lot(relief.mask, "M", relief.donor)
    stock(relief.store, lot, 5)
    row = books.send(relief.store, relief.ward, [(lot, 5)], 2)
    address = reverse("relief_way", args=[row.reference])
    assert "did not happen" not in client.get(address).content.decode()
    Place.objects.filter(pk=relief.ward.pk).update(is_example=True)
    assert "did not happen" in client.get(address).content.decode()


def test_goods_that_a_store_of_an_example_had_not_counted_are_an_example_too(
    relief, example, books
):
    store = made_up("Example store", PlaceKind.STORE, relief.agency)
    ward = made_up("Example ward", PlaceKind.FACILITY, relief.hospital)
    lot = books.lot(relief.mask, "E2", example)
    books.post(DocumentKind.OPENING, 1, (lot, 50, example, store))
    facts = figures(look(item=relief.mask).rows[0])
    row = books.send(store, ward, [(lot, 50)], 2)
    receive(
        consignment=row,
        key="more",
        happened_at=timezone.now(),
        counts=[
            Counted(lot, 50, Outcome.ACCEPTED),
            Counted(Unlisted(relief.mask, "NOT ON THE LIST", None), 7, Outcome.WRONG),
        ],
        complete=True,
        by=None,
    )
    correction = Place.objects.get(parent=store, kind=PlaceKind.CORRECTION)
    assert correction.is_example
    assert correction.pk in asking.example_accounts()
    assert figures(look(item=relief.mask).rows[0]) == facts


def test_the_sample_content_adds_up_and_its_facts_are_only_what_was_published(db, join, client):
    people = iter(range(100))

    def account(name, shown, role, organisation, reads, interface):
        return join(f"sample{next(people)}", organisation, role, reads=reads)

    hospital = samples._organisation("Somewhere", "hospital", "ID")
    every = ["en", "id", "fr", "ar", "zh"]
    samples.load(account, translator=join("wordsmith", hospital, Role.TRANSLATOR, reads=every))
    facts = {row.item.code: figures(row) for row in look().rows}
    announced = {
        "mask": 2_000_000,
        "test-kit": 150_000,
        "protective-suit": 20_000,
        "face-shield": 20_000,
    }
    assert {code: row["pledged"] for code, row in facts.items()} == announced
    assert {
        value for row in facts.values() for name, value in row.items() if name != "pledged"
    } == {0}
    invented = Place.objects.exclude(organisation__name__startswith="Jack Ma Foundation")
    doors = invented.filter(kind__in=[PlaceKind.DONOR, PlaceKind.STORE, PlaceKind.FACILITY])
    assert doors.count() == 5
    assert not doors.filter(is_example=False).exists()
    made = look(example=True)
    assert {row.item.code: row.value("received") for row in made.rows} == {
        "mask": 20_000,
        "test-kit": 400,
    }
    for between in made.close.between:
        lying = sum(part.quantity for part in between.parts)
        assert made.close.row.value(between.first) - lying == made.close.row.value(between.then)
    page = client.get(reverse("relief")).content.decode()
    assert "Example ward" not in page
    assert "Example donor" not in page
