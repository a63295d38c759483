"""The catalogue: what may be said of an item, and who may say it."""

from decimal import Decimal

import pytest

from medixchange.core.models import AuditEntry
from medixchange.relief import rules
from medixchange.relief.actions import catalogue
from medixchange.relief.actions.catalogue import PackOf
from medixchange.relief.models import Item, KitPart, Unit
from medixchange.relief.refusals import Refused
from medixchange.translation.models import Segment


def problems_of(function, **arguments):
    """The (where, code) pairs of a refusal."""
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    return [(problem.where, problem.code) for problem in refusal.value.problems]


def gown(**more):
    """An item as the operator adds it."""
    given = {"code": "gown", "name": "Isolation gown", "language": "en", "by": None} | more
    return catalogue.add_item(**given)


def test_an_item_is_kept_with_all_that_is_said_of_it(relief):
    item = gown(
        by=relief.giver,
        unit=Unit.PIECE,
        category="PPE",
        weight_g=Decimal("85.5"),
        volume_ml=Decimal(900),
        shelf_life_days=1825,
        expires=True,
        unspsc="42131707",
        gmdn="35492",
        gtin="4006381333931",
        packs=[PackOf(name="carton", units=100), PackOf(name="bag", units=10)],
    )
    item.refresh_from_db()
    assert (item.code, item.name.text, item.name.language) == ("gown", "Isolation gown", "en")
    # GS1: shorter numbers are filled with zeros at the left.
    assert item.gtin == "04006381333931"
    assert (item.weight_g, item.expires, item.shelf_life_days) == (Decimal("85.5"), True, 1825)
    assert [(pack.name, pack.units) for pack in item.packs.all()] == [("bag", 10), ("carton", 100)]
    entry = AuditEntry.objects.get(action="item.added")
    assert (entry.actor, entry.details["name"]) == (relief.giver, "Isolation gown")


def test_a_name_is_a_segment_that_others_share(relief):
    before = Segment.objects.count()
    item = gown(code="mask-2", name="Surgical  mask")
    assert item.name == relief.mask.name
    assert Segment.objects.count() == before


def test_a_code_is_made_from_the_name_where_none_is_given(db):
    assert gown(code="").code == "isolation-gown"


def test_a_name_in_a_script_without_latin_letters_needs_a_code(db):
    assert problems_of(gown, code="", name="隔离衣", language="zh") == [("code", "code")]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"code": "mask"}, ("code", "code_used")),
        ({"name": "  "}, ("name", "name_missing")),
        ({"name": "x" * 201}, ("name", "name_long")),
        ({"weight_g": Decimal(0)}, ("weight_g", "not_positive")),
        ({"volume_ml": Decimal(-1)}, ("volume_ml", "not_positive")),
        ({"cold_min_c": Decimal(2)}, ("cold_max_c", "cold_range")),
        ({"cold_min_c": Decimal(8), "cold_max_c": Decimal(2)}, ("cold_max_c", "cold_range")),
        ({"unspsc": "4213170"}, ("unspsc", "unspsc")),
        ({"gmdn": "3549x"}, ("gmdn", "gmdn")),
        ({"gtin": "123456789"}, ("gtin", "gtin")),
        ({"gtin": "4006381333932"}, ("gtin", "check_digit")),
        ({"packs": [PackOf(name="", units=10)]}, ("packs.0.name", "name")),
        ({"packs": [PackOf(name="box", units=0)]}, ("packs.0.units", "not_positive")),
        (
            {"packs": [PackOf(name="box", units=1), PackOf(name="Box", units=2)]},
            ("packs.1.name", "twice"),
        ),
        (
            {"packs": [PackOf(name="box", units=2), PackOf(name="bag", units=2)]},
            ("packs.1.units", "twice"),
        ),
        (
            {
                "gtin": "4006381333931",
                "packs": [PackOf(name="box", units=2, gtin="04006381333931")],
            },
            ("packs.0.gtin", "twice"),
        ),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field(relief, facts, expected):
    before = Item.objects.count()
    assert problems_of(gown, **facts) == [expected]
    assert Item.objects.count() == before


def test_all_problems_are_told_at_once(relief):
    assert problems_of(gown, name="", unspsc="1", gtin="1") == [
        ("name", "name_missing"),
        ("unspsc", "unspsc"),
        ("gtin", "gtin"),
    ]


def test_a_gtin_belongs_to_one_item_or_pack_only(relief):
    gown(gtin="4006381333931", packs=[PackOf(name="box", units=5, gtin="96385074")])
    assert problems_of(gown, code="g2", gtin="4006381333931") == [("gtin", "gtin_used")]
    assert problems_of(gown, code="g2", gtin="96385074") == [("gtin", "gtin_used")]
    assert problems_of(gown, code="g2", packs=[PackOf(name="b", units=5, gtin="96385074")]) == [
        ("packs.0.gtin", "gtin_used")
    ]


def test_the_wrong_digit_is_named():
    with pytest.raises(Refused) as refusal:
        catalogue.gtin("4006381333932")
    assert str(refusal.value) == (
        "GTIN 4006381333932 is wrong: its last digit should be 1. "
        "Compare it with the box digit by digit."
    )


@pytest.mark.parametrize("who", ["storekeeper", "nurse", "outsider", "visitor", "carrier"])
def test_only_keepers_of_the_catalogue_change_it(relief, who):
    with pytest.raises(rules.NotAllowed):
        gown(by=getattr(relief, who))
    with pytest.raises(rules.NotAllowed):
        catalogue.retire(item=relief.mask, reason="x", by=getattr(relief, who))


@pytest.mark.parametrize("who", ["giver", "agent", "agency_head", "staff"])
def test_agencies_foundations_and_staff_keep_the_catalogue(relief, who):
    assert gown(by=getattr(relief, who)).pk


def test_a_change_is_kept_with_what_was_before(relief):
    item = gown(weight_g=Decimal(80))
    catalogue.change_item(item=item, by=relief.giver, weight_g=Decimal(85), name="Gown")
    item.refresh_from_db()
    assert (item.weight_g, item.name.text, item.category) == (Decimal(85), "Gown", "")
    details = AuditEntry.objects.get(action="item.changed").details
    assert details["before"] == {"weight_g": "80.000", "name": "Isolation gown"}
    assert details["after"] == {"weight_g": "85", "name": "Gown"}


def test_a_change_that_changes_nothing_leaves_no_line(relief):
    item = gown(category="PPE")
    catalogue.change_item(item=item, by=None, category="PPE", name="Isolation gown", language="en")
    assert not AuditEntry.objects.filter(action="item.changed").exists()


def test_half_a_change_is_checked_with_what_stays(relief):
    item = gown(cold_min_c=Decimal(2), cold_max_c=Decimal(8))
    assert problems_of(catalogue.change_item, item=item, by=None, cold_max_c=Decimal(1)) == [
        ("cold_max_c", "cold_range")
    ]


def test_the_unit_changes_only_while_nothing_is_counted_in_it(relief, lot_of, stock):
    catalogue.change_item(item=relief.mask, by=None, unit=Unit.PAIR)
    stock(relief.store, lot_of(relief.mask, "M1"), 10)
    assert problems_of(
        catalogue.change_item, item=relief.mask, by=None, unit=Unit.PIECE, category="PPE"
    ) == [("unit", "unit_fixed")]
    relief.mask.refresh_from_db()
    assert (relief.mask.unit, relief.mask.category) == (Unit.PAIR, "")


def test_packs_are_put_in_place_of_what_was_there(relief):
    item = gown(packs=[PackOf(name="box", units=5, gtin="96385074")])
    catalogue.set_packs(
        item=item,
        packs=[PackOf(name="case", units=50), PackOf(name="bag", units=5, gtin="96385074")],
        by=relief.giver,
    )
    assert [(pack.name, pack.units, pack.gtin) for pack in item.packs.all()] == [
        ("bag", 5, "00000096385074"),
        ("case", 50, ""),
    ]
    assert AuditEntry.objects.get(action="item.packed").details["before"] == [
        {"name": "box", "units": 5, "gtin": "00000096385074"}
    ]


def test_a_kit_holds_items_and_kits_but_never_itself(relief):
    inner, outer = gown(code="inner", name="Inner"), gown(code="outer", name="Outer")
    catalogue.set_kit(kit=inner, parts=[(relief.mask, 10)], by=relief.giver)
    catalogue.set_kit(kit=outer, parts=[(inner, 2), (relief.kit, 1)], by=relief.giver)
    assert problems_of(catalogue.set_kit, kit=inner, parts=[(outer, 1)], by=None) == [
        ("parts.0", "circle")
    ]
    assert problems_of(catalogue.set_kit, kit=inner, parts=[(inner, 1)], by=None) == [
        ("parts.0", "circle")
    ]
    assert problems_of(
        catalogue.set_kit, kit=inner, parts=[(relief.mask, 0), (relief.mask, 1)], by=None
    ) == [("parts.0", "not_positive"), ("parts.1", "twice")]
    assert list(KitPart.objects.filter(kit=inner).values_list("item__code", "quantity")) == [
        ("mask", 10)
    ]
    catalogue.set_kit(kit=inner, parts=[], by=None)
    assert not KitPart.objects.filter(kit=inner).exists()


def test_an_item_is_retired_and_taken_into_use_again_with_a_reason(relief):
    assert problems_of(catalogue.retire, item=relief.mask, reason=" ", by=None) == [
        ("reason", "reason_missing")
    ]
    catalogue.retire(item=relief.mask, reason="Replaced by a new model", by=relief.giver)
    relief.mask.refresh_from_db()
    assert not relief.mask.is_current
    with pytest.raises(Refused, match="retired already"):
        catalogue.retire(item=relief.mask, reason="again", by=relief.giver)
    catalogue.restore(item=relief.mask, reason="Still made", by=relief.giver)
    relief.mask.refresh_from_db()
    assert relief.mask.is_current
    assert list(
        AuditEntry.objects.filter(subject=f"relief.item:{relief.mask.pk}")
        .order_by("sequence")
        .values_list("action", "details__reason")
    ) == [("item.retired", "Replaced by a new model"), ("item.restored", "Still made")]


def test_a_name_is_proposed_by_who_reads_both_languages(relief):
    row = catalogue.propose_name(
        item=relief.mask, language="id", text="Masker bedah", by=relief.nurse_both
    )
    assert (row.status, row.segment, row.language) == ("proposed", relief.mask.name, "id")
    with pytest.raises(rules.NotAllowed):
        catalogue.propose_name(item=relief.mask, language="id", text="Masker", by=relief.nurse)
    with pytest.raises(rules.NotAllowed):
        catalogue.propose_name(item=relief.mask, language="id", text="Masker", by=relief.agent)


def test_names_are_filled_by_machine_only_when_asked(relief):
    assert not relief.mask.name.translations.exists()
    done = catalogue.fill_names(items=[relief.mask], by=relief.giver)
    # English into Indonesian, French, Chinese and Arabic, each by the engine that is there.
    assert len(done) == 4
    assert [part.engine + part.left for part in done] == [1, 1, 1, 1]
    made = relief.mask.name.translations.values_list("status", "origin")
    assert set(made) <= {("machine", "engine")}
    assert len(made) == sum(part.engine for part in done)
