"""The pages of the catalogue: everybody reads it, keepers change it, readers propose names."""

import re
from decimal import Decimal

import pytest

from medixchange.relief.actions import catalogue
from medixchange.relief.actions.catalogue import PackOf
from medixchange.relief.models import Item
from medixchange.translation import actions as translating


def page(browser, path, status=200, **data):
    answer = browser.post(path, data) if data else browser.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def new_item(**more):
    """What the form of a new item sends."""
    return {
        "code": "gown",
        "name": "Isolation gown",
        "language": "en",
        "unit": "piece",
        "category": "PPE",
        "packs-TOTAL_FORMS": "2",
        "packs-INITIAL_FORMS": "0",
        "packs-0-name": "carton",
        "packs-0-units": "100",
    } | more


@pytest.mark.parametrize("who", ["giver", "nurse", "outsider", "visitor", None])
def test_everybody_reads_the_catalogue(relief, browser_of, who):
    browser = browser_of(getattr(relief, who) if who else None)
    listed = page(browser, "/relief/items/")
    assert "Surgical mask" in listed
    assert "Test kit" in listed
    assert "Surgical mask" in page(browser, "/relief/items/mask/")
    assert browser.get("/relief/items/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("giver", 200), ("agent", 200), ("agency_head", 200), ("staff", 200), ("storekeeper", 403),
     ("nurse", 403), ("outsider", 403), ("visitor", 403), ("clinician_of_donor", 403),
     (None, 302)],
)  # fmt: skip
def test_only_keepers_open_the_forms(relief, browser_of, who, status):
    browser = browser_of(getattr(relief, who) if who else None)
    assert browser.get("/relief/add-item/").status_code == status
    assert browser.get("/relief/items/mask/change/").status_code == status
    if status != 200:
        assert browser.post("/relief/items/mask/fill/").status_code == status


def test_an_item_is_found_by_code_name_category_and_by_its_name_in_another_language(
    relief, browser_of
):
    catalogue.change_item(item=relief.kit, by=None, category="Tests", gtin="4006381333931")
    catalogue.propose_name(
        item=relief.mask, language="id", text="Masker bedah", by=relief.nurse_both
    )
    browser = browser_of(None)

    def found(query):
        text = page(browser, f"/relief/items/?{query}")
        return ("items/mask/" in text, "items/test-kit/" in text)

    assert found("q=surg") == (True, False)
    assert found("q=mask+surgical") == (True, False)
    assert found("q=BEDAH") == (True, False)
    assert found("q=test-k") == (False, True)
    assert found("q=4006381333931") == (False, True)
    assert found("category=Tests") == (False, True)
    assert "No item is called so." in page(browser, "/relief/items/?q=ventilator")


def test_retired_items_are_shown_only_when_asked_for(relief, browser_of):
    catalogue.retire(item=relief.mask, reason="old", by=None)
    browser = browser_of(None)
    assert "items/mask/" not in page(browser, "/relief/items/")
    assert "items/mask/" in page(browser, "/relief/items/?retired=1")
    assert "Retired: no new pledge may name it." in page(browser, "/relief/items/mask/")


def test_an_item_shows_its_facts_packing_contents_and_kits(relief, browser_of):
    catalogue.change_item(
        item=relief.mask,
        by=None,
        weight_g=Decimal("3.5"),
        cold_min_c=Decimal(2),
        cold_max_c=Decimal(8),
        shelf_life_days=1095,
        unspsc="42131713",
    )
    catalogue.set_packs(item=relief.mask, packs=[PackOf(name="carton", units=2000)], by=None)
    catalogue.set_kit(kit=relief.kit, parts=[(relief.mask, 50)], by=None)
    text = page(browser_of(None), "/relief/items/mask/")
    for said in ("3.5 g", "2 – 8 °C", "1095 days", "42131713", "carton", "2,000", "× 50"):
        assert said in text
    assert "What one kit holds" in page(browser_of(None), "/relief/items/test-kit/")


def test_a_keeper_adds_an_item(relief, browser_of):
    answer = browser_of(relief.agent).post("/relief/add-item/", new_item())
    assert answer.url == "/relief/items/gown/"
    item = Item.objects.get(code="gown")
    assert (item.name.text, item.category) == ("Isolation gown", "PPE")
    assert list(item.packs.values_list("name", "units")) == [("carton", 100)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "mask"}, "There is an item with the code “mask” already."),
        ({"gtin": "4006381333932"}, "its last digit should be 1"),
        ({"cold_min_c": "8", "cold_max_c": "2"}, "lower than the coldest"),
        ({"packs-1-name": "box", "packs-1-units": "100"}, "Two packs hold 100 units."),
        ({"packs-1-name": "box"}, "This field is required."),
    ],
)
def test_a_refused_item_is_shown_again_with_what_was_typed(relief, browser_of, change, said):
    text = page(browser_of(relief.agent), "/relief/add-item/", 422, **(new_item() | change))
    assert said in text
    assert 'value="Isolation gown"' in text
    assert 'value="carton"' in text
    assert not Item.objects.filter(code="gown").exists()


def test_a_keeper_changes_facts_packing_contents_and_use(relief, browser_of):
    browser, path = browser_of(relief.giver), "/relief/items/mask/change/"
    catalogue.set_packs(item=relief.mask, packs=[PackOf(name="box", units=50)], by=None)
    page(browser, path)
    facts = {"what": "facts", "name": "Mask", "language": "en", "unit": "piece", "weight_g": "3"}
    assert browser.post(path, facts).status_code == 302
    packs = {
        "what": "packs", "packs-TOTAL_FORMS": "3", "packs-INITIAL_FORMS": "1",
        "packs-0-name": "box", "packs-0-units": "50", "packs-0-DELETE": "on",
        "packs-1-name": "case", "packs-1-units": "500",
    }  # fmt: skip
    assert browser.post(path, packs).status_code == 302
    parts = {
        "what": "parts", "parts-TOTAL_FORMS": "1", "parts-INITIAL_FORMS": "0",
        "parts-0-item": relief.kit.pk, "parts-0-quantity": "2",
    }  # fmt: skip
    assert browser.post(path, parts).status_code == 302
    own = parts | {"parts-0-item": relief.mask.pk}
    assert "it cannot be a part of it" in page(browser, path, 422, **own)
    page(browser, path, 422, what="current", **{"current-reason": " "})
    assert browser.post(path, {"what": "current", "current-reason": "Old"}).status_code == 302
    item = Item.objects.get(pk=relief.mask.pk)
    assert (item.name.text, item.weight_g, item.is_current) == ("Mask", Decimal(3), False)
    assert list(item.packs.values_list("name", "units")) == [("case", 500)]
    assert list(item.parts.values_list("item__code", "quantity")) == [("test-kit", 2)]


def test_the_unit_of_counted_goods_is_refused_at_its_field(relief, browser_of, lot_of, stock):
    stock(relief.store, lot_of(relief.mask, "M1"), 10)
    facts = {"what": "facts", "name": "Mask", "language": "en", "unit": "pair"}
    text = page(browser_of(relief.giver), "/relief/items/mask/change/", 422, **facts)
    assert text.count("is counted in this unit in the ledger") == 2


def test_who_reads_both_languages_proposes_a_name(relief, browser_of):
    path = "/relief/items/mask/"
    offered = "Propose a name in my language"
    assert offered in page(browser_of(relief.nurse_both), path)
    for who in (relief.nurse, relief.agent, relief.visitor, None):
        assert offered not in page(browser_of(who), path)
    data = {"language": "id", "text": "Masker bedah"}
    assert browser_of(relief.nurse).post(f"{path}name/", data).status_code == 403
    assert browser_of(None).post(f"{path}name/", data).status_code == 302
    browser = browser_of(relief.nurse_both)
    page(browser, f"{path}name/", 422, language="fr", text="Masque")
    assert browser.post(f"{path}name/", data).url == path
    text = page(browser_of(None), path)
    assert "Masker bedah" in text
    assert "Translated, not reviewed" in text


def test_a_name_is_shown_in_the_readers_language_with_its_mark(relief, browser_of):
    row = catalogue.propose_name(
        item=relief.mask, language="id", text="Masker bedah", by=relief.nurse_both
    )
    browser = browser_of(None)
    browser.cookies["language"] = "id"
    text = page(browser, "/relief/items/")
    assert 'Masker bedah</span> <span class="mark mark-proposed">' in text
    assert 'Test kit</span> <span class="mark mark-missing">' in text
    relief.nurse.reads = ["id", "en"]
    relief.nurse.save()
    translating.approve(translation=row, by=relief.nurse)
    assert re.search(r"Masker bedah</span>\s*</a>", page(browser, "/relief/items/"))


def test_missing_names_are_made_by_machine_on_request(relief, browser_of):
    answer = browser_of(relief.giver).post("/relief/items/mask/fill/")
    assert answer.url == "/relief/items/mask/"
    made = relief.mask.name.translations.filter(status="machine").count()
    text = page(browser_of(None), "/relief/items/mask/")
    assert text.count("Machine, not reviewed") == made


def test_the_list_costs_the_same_for_one_and_for_many(
    relief, browser_of, django_assert_num_queries
):
    browser = browser_of(None)
    browser.cookies["language"] = "id"
    with django_assert_num_queries(4):
        page(browser, "/relief/items/?q=mask")
    for number in range(5):
        catalogue.add_item(code=f"mask-{number}", name=f"Mask {number}", language="en", by=None)
    with django_assert_num_queries(4):
        page(browser, "/relief/items/?q=mask")
