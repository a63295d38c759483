"""The public figures: they add up whatever they are told by, and what was taken back is out.

That they are what a person would count over any history is held by ``test_ledger_properties.py``.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import transaction
from django.utils import timezone

from medixchange.relief.actions import consignments, ledger, places
from medixchange.relief.models import Consignment, Document, DocumentKind, Place, PlaceKind
from medixchange.relief.queries import figures
from medixchange.relief.queries.figures import Figures

D, T, C, P = PlaceKind.DONOR, PlaceKind.TRANSIT, PlaceKind.CUSTOMS, PlaceKind.TRANSPORT
X, L, Q, U, K = (
    PlaceKind.DAMAGED,
    PlaceKind.LOST,
    PlaceKind.QUARANTINE,
    PlaceKind.USED,
    PlaceKind.CORRECTION,
)


@pytest.fixture
def account(relief) -> Callable[..., Place]:
    """The account of a place or a consignment."""

    def find(of: Place | Consignment, kind: PlaceKind) -> Place:
        with transaction.atomic():
            if isinstance(of, Consignment):
                return places.account_of_consignment(of, kind)
            return places.account_of(of, kind)

    return find


@pytest.fixture
def way(relief) -> Callable[..., Consignment]:
    """A consignment between two places."""

    def make(origin: Place, destination: Place) -> Consignment:
        return consignments.add_consignment(origin=origin, destination=destination, by=None)

    return make


@pytest.fixture
def move() -> Callable[..., Document]:
    """Posts one document: ``move(lot, (100, here, there), (20, there, elsewhere))``."""
    made = []

    def post(lot, *moves, at=None) -> Document:
        made.append(lot)
        return ledger.post(
            kind=DocumentKind.SETTLEMENT,
            key=f"move {len(made)}",
            happened_at=at or timezone.now(),
            lines=[ledger.Line(lot, quantity, start, end) for quantity, start, end in moves],
            by=None,
            organisation=None,
        ).document

    return post


def take_back(document: Document) -> None:
    ledger.reverse(
        document=document, key=f"back {document.pk}", note="Wrong.", note_language="en", by=None,
        organisation=None,
    )  # fmt: skip


def test_without_goods_every_figure_is_nothing(relief):
    assert figures.totals() == Figures()
    assert figures.by("week") == []
    assert figures.ways() == {}


def test_goods_are_counted_where_they_are_on_their_way(relief, lot_of, way, account, move):
    lot = lot_of(relief.mask, "M1")
    there = way(relief.donor, relief.store)
    transit, customs = account(there, T), account(there, C)
    move(lot, (1000, relief.donor, transit))
    assert figures.totals() == Figures(shipped=1000, on_the_way=1000)
    # 100 are lost on the way, the rest lands.
    move(lot, (100, transit, account(relief.store, L)), (900, transit, customs))
    assert figures.totals() == Figures(
        shipped=1000, arrived=900, at_customs=900, lost=100, lost_on_the_way=100
    )
    # The agency takes 700 and sets 100 aside, 50 are broken, 50 are still at customs.
    move(
        lot, (700, customs, relief.store), (50, customs, account(relief.store, X)),
        (100, customs, account(relief.store, Q)),
    )  # fmt: skip
    assert figures.totals() == Figures(
        shipped=1000, arrived=900, handed_over=800, damaged=50, damaged_before=50, lost=100,
        lost_on_the_way=100, at_customs=50, in_stores=700, in_quarantine=100,
    )  # fmt: skip
    # 300 go to a ward, which uses 120, breaks 10, and counts 5 fewer.
    road = account(way(relief.store, relief.ward), P)
    move(lot, (300, relief.store, road))
    move(lot, (280, road, relief.ward))
    move(
        lot, (120, relief.ward, account(relief.ward, U)),
        (10, relief.ward, account(relief.ward, X)), (5, relief.ward, account(relief.ward, K)),
    )  # fmt: skip
    assert figures.totals() == Figures(
        shipped=1000, arrived=900, handed_over=800, received=280, used=120, damaged=60,
        damaged_before=50, lost=100, lost_on_the_way=100, at_customs=50, in_transport=20,
        in_stores=400, at_facilities=145, in_quarantine=100, counted_off=5,
    )  # fmt: skip


def test_what_is_taken_back_was_never_there(relief, lot_of, way, account, move):
    lot = lot_of(relief.mask, "M1")
    there = way(relief.donor, relief.store)
    transit, customs = account(there, T), account(there, C)
    move(lot, (1000, relief.donor, transit))
    landed = move(lot, (900, transit, customs))
    before = figures.totals()
    taken = move(lot, (800, customs, relief.store))
    take_back(taken)
    assert figures.totals() == before
    take_back(landed)
    assert figures.totals() == Figures(shipped=1000, on_the_way=1000)
    assert figures.ways() == {("donor", "transit"): 1000}


def test_what_a_ward_sends_back_it_has_not_received(relief, lot_of, way, account, move):
    lot = lot_of(relief.mask, "M1")
    road, back = (
        account(way(relief.store, relief.ward), P),
        account(way(relief.ward, relief.store), P),
    )
    move(lot, (1000, relief.donor, relief.store))
    move(lot, (300, relief.store, road), (300, road, relief.ward))
    move(lot, (80, relief.ward, back))
    assert figures.totals().received == 220
    move(lot, (80, back, relief.store))
    assert figures.totals() == Figures(
        shipped=1000, arrived=1000, handed_over=1000, received=220, in_stores=780, at_facilities=220
    )
    # Unlike a reversal, a return is a way of its own.
    assert figures.ways()["facility", "transport"] == 80
    assert figures.ways()["transport", "facility"] == 300


def test_goods_set_aside_count_as_received_when_they_are_taken_over(
    relief, lot_of, way, account, move
):
    lot = lot_of(relief.mask, "M1")
    road, aside = account(way(relief.store, relief.ward), P), account(relief.ward, Q)
    move(lot, (1000, relief.donor, relief.store), (300, relief.store, road))
    move(lot, (280, road, relief.ward), (20, road, aside))
    assert figures.totals().received == 280
    move(lot, (20, aside, relief.ward))
    assert figures.totals().received == 300


def test_more_than_was_listed_was_shipped_too(relief, lot_of, way, account, move):
    lot = lot_of(relief.mask, "M1")
    there = way(relief.donor, relief.store)
    transit, customs = account(there, T), account(there, C)
    aside = account(relief.store, Q)
    move(lot, (1000, relief.donor, transit))
    move(lot, (1000, transit, customs))
    move(
        lot, (1000, customs, relief.store),
        # In the order in which nobody would write them.
        (30, customs, aside), (30, transit, customs), (30, relief.donor, transit),
    )  # fmt: skip
    assert figures.totals() == Figures(
        shipped=1030, arrived=1030, handed_over=1030, in_stores=1000, in_quarantine=30
    )
    # And when it goes back, it was never given.
    move(lot, (30, aside, relief.donor))
    assert figures.totals() == Figures(shipped=1000, arrived=1000, handed_over=1000, in_stores=1000)


def test_goods_passed_on_to_another_country_are_told_where_they_went(
    relief, lot_of, way, account, move
):
    lot = lot_of(relief.mask, "M1")
    move(lot, (1000, relief.donor, relief.store))
    on = way(relief.store, relief.other_ward)
    transit, customs = account(on, T), account(on, C)
    sent = move(lot, (400, relief.store, transit))
    assert dict(figures.by("country")) == {
        "FR": Figures(shipped=400, on_the_way=400),
        "ID": Figures(shipped=600, arrived=600, handed_over=600, in_stores=600),
    }
    assert figures.totals() == Figures(
        shipped=1000, arrived=600, handed_over=600, on_the_way=400, in_stores=600
    )
    move(lot, (400, transit, customs), (400, customs, relief.other_ward))
    assert figures.totals(country="FR") == Figures(
        shipped=400, arrived=400, handed_over=400, received=400, at_facilities=400
    )
    assert figures.totals().shipped == 1000
    assert figures.totals().handed_over == 1000
    assert sent.number.startswith("ST-")


def test_an_undone_dispatch_abroad_leaves_both_countries_as_they_were(
    relief, lot_of, way, account, move
):
    lot = lot_of(relief.mask, "M1")
    move(lot, (1000, relief.donor, relief.store))
    before = figures.by("country")
    take_back(move(lot, (400, relief.store, account(way(relief.store, relief.other_ward), T))))
    after = dict(figures.by("country"))
    assert after.pop("FR") == Figures()
    assert list(after.items()) == before


@pytest.fixture
def history(relief, lot_of, move) -> dict[str, object]:
    """Goods of two items and two donors, in two countries, over some weeks."""
    other_donor = places.add_place(name="Other", kind=D, country="JP", by=None)
    masks, kits = lot_of(relief.mask, "M1"), lot_of(relief.kit, "K1")
    others = lot_of(relief.mask, "M2")
    others = type(others).objects.create(item=relief.mask, number="M3", source=other_donor)
    monday = datetime(2026, 3, 23, tzinfo=UTC)
    move(masks, (100, relief.donor, relief.store), at=monday)
    move(kits, (50, relief.donor, relief.ward), at=monday + timedelta(days=6, hours=23))
    move(others, (20, other_donor, relief.other_ward), at=monday + timedelta(days=7))
    move(others, (5, other_donor, relief.store), at=monday + timedelta(days=14))
    return {"monday": monday.date(), "other": other_donor}


def shipped(rows: list[tuple[object, Figures]]) -> dict[object, int]:
    return {key: part.shipped for key, part in rows}


def test_figures_are_told_by_item_country_donor_and_week(relief, history):
    monday, other = history["monday"], history["other"]
    week = timedelta(days=7)
    assert shipped(figures.by("item")) == {relief.mask.pk: 125, relief.kit.pk: 50}
    assert shipped(figures.by("country")) == {"FR": 20, "ID": 155}
    assert shipped(figures.by("source")) == {relief.donor.pk: 150, other.pk: 25}
    assert shipped(figures.by("week")) == {monday: 150, monday + week: 20, monday + 2 * week: 5}


def test_every_choice_gives_the_same_goods_whatever_they_are_told_by(relief, history):
    monday = history["monday"]
    sent = [
        (100, 0, "ID", relief.mask, relief.donor),
        (50, 0, "ID", relief.kit, relief.donor),
        (20, 1, "FR", relief.mask, history["other"]),
        (5, 2, "ID", relief.mask, history["other"]),
    ]
    for since, until, country, item, source in product(
        (None, 0, 3, 7, 21),
        (None, 0, 6, 7, 20),
        (None, "FR", "ID", "KE"),
        (None, relief.mask, relief.kit),
        (None, relief.donor, history["other"]),
    ):
        wanted = sum(
            quantity
            for quantity, week, to, what, giver in sent
            if country in (None, to)
            and item in (None, what)
            and source in (None, giver)
            and (since is None or week >= since // 7)
            and (until is None or week <= until // 7)
        )
        chosen = {
            "source": source,
            "country": country,
            "item": item,
            "since": None if since is None else monday + timedelta(days=since),
            "until": None if until is None else monday + timedelta(days=until),
        }
        assert figures.totals(**chosen).shipped == wanted
        for dimension in ("item", "country", "source", "week"):
            assert sum(shipped(figures.by(dimension, **chosen)).values()) == wanted


@pytest.mark.parametrize("dimension", ["item", "country", "source", "week"])
def test_figures_are_one_query(relief, history, dimension, django_assert_num_queries):
    with django_assert_num_queries(1):
        figures.by(dimension, country="ID", item=relief.mask, since=history["monday"])
    with django_assert_num_queries(1):
        figures.totals(source=relief.donor)
