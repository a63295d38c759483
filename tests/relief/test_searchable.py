"""What relief says to search: the catalogue's items in use, in every language they are named in."""

from medixchange.core.models import Touched
from medixchange.relief.actions import catalogue
from medixchange.relief.searchable import Items
from medixchange.translation.models import Translation

SOURCE = Items()


def add(**more: object):
    return catalogue.add_item(
        code="mask-surgical", name="Surgical mask", language="en", by=None, category="Masks",
        gtin="0614141000036", **more,
    )  # fmt: skip


def test_an_item_is_said_in_every_language_that_it_is_named_in(db):
    item = add()
    Translation.objects.create(
        segment=item.name, language="id", text="Masker bedah", status="machine", origin="engine",
        origin_name="Engine 1",
    )  # fmt: skip
    english, indonesian = SOURCE.said("mask-surgical")
    assert (english.text, english.language, english.state) == ("Surgical mask", "en", "original")
    assert (indonesian.text, indonesian.language, indonesian.state) == (
        "Masker bedah", "id", "machine",
    )  # fmt: skip
    assert {english.place, indonesian.place} == {"mask-surgical"}
    assert indonesian.said_in == "en"
    assert english.heading == "Masks · mask-surgical · 00614141000036"
    assert SOURCE.holding([item.name_id], "id") == ["mask-surgical"]


def test_a_card_names_the_item_in_the_readers_language(db):
    item = add()
    Translation.objects.create(
        segment=item.name, language="id", text="Masker bedah", status="machine", origin="engine",
        origin_name="Engine 1",
    )  # fmt: skip
    card = SOURCE.cards(["mask-surgical", "nothing"], "id", None)["mask-surgical"]
    assert (card.text, card.language.tag, card.provenance.state) == (
        "Masker bedah",
        "id",
        "machine",
    )
    assert card.address == "/relief/items/mask-surgical/"
    assert SOURCE.cards(["mask-surgical"], "fr", None)["mask-surgical"].text == "Surgical mask"


def test_a_retired_item_says_nothing_and_each_change_is_noted(db):
    item = add()
    assert noted() == 1
    catalogue.change_item(item=item, by=None, category="PPE")
    assert noted() == 2
    catalogue.change_item(item=item, by=None, category="PPE")  # nothing changes
    assert noted() == 2
    catalogue.retire(item=item, reason="Not made any more.", by=None)
    assert noted() == 3
    assert list(SOURCE.units()) == []
    assert list(SOURCE.said("mask-surgical")) == []
    assert SOURCE.cards(["mask-surgical"], "en", None) == {}
    catalogue.restore(item=item, reason="It is.", by=None)
    assert noted() == 4
    assert list(SOURCE.units()) == ["mask-surgical"]


def noted() -> int:
    return Touched.objects.filter(kind="item", unit="mask-surgical").count()


def test_cards_take_the_same_queries_for_one_item_and_many(db, django_assert_max_num_queries):
    add()
    for number in range(5):
        catalogue.add_item(code=f"gown-{number}", name=f"Gown {number}", language="en", by=None)
    every = list(SOURCE.units())
    with django_assert_max_num_queries(6) as one:
        SOURCE.cards(["mask-surgical"], "id", None)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert len(SOURCE.cards(every, "id", None)) == 6
