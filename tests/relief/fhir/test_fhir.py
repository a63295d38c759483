"""FHIR R5: each resource is one, tells what is so, and nothing that is not public."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.utils import timezone
from fhir.resources import get_fhir_model_class

from medixchange.relief.actions import catalogue, needs, places
from medixchange.relief.cli.exporting import export
from medixchange.relief.models import Consignment, Item, Place, PlaceKind, Unit
from medixchange.relief.queries import giving as queries

KINDS = ("InventoryItem", "Location", "Organization", "SupplyRequest", "SupplyDelivery")


def valid(resource):
    """The resource, after the models of ``fhir.resources`` have taken it."""
    made = get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    # What is left out or misspelt would not come back.
    assert json.loads(made.model_dump_json()).keys() == resource.keys()
    return resource


def get(browser, path, status=200):
    answer = browser.get(f"/relief/fhir/{path}")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/fhir+json; fhirVersion=5.0"
    return valid(answer.json())


def resources(bundle):
    return [valid(entry["resource"]) for entry in bundle.get("entry", [])]


@pytest.fixture
def ask(relief):
    """A need of the ward."""
    return needs.state_need(
        facility=relief.ward, item=relief.mask, quantity=50,
        by_when=timezone.now().date() + timedelta(days=9), by=relief.nurse,
    )  # fmt: skip


@pytest.fixture
def full_item(relief):
    """An item of which all is said."""
    item = catalogue.add_item(
        code="vaccine",
        name="Vaccine",
        language="en",
        unit=Unit.VIAL,
        category="medicines",
        weight_g=Decimal("12.5"),
        volume_ml=Decimal(10),
        cold_min_c=Decimal(2),
        cold_max_c=Decimal(8),
        shelf_life_days=720,
        expires=True,
        unspsc="51201600",
        gmdn="35492",
        gtin="4006381333931",
        by=None,
    )
    catalogue.propose_name(item=item, language="id", text="Vaksin", by=relief.nurse_both)
    catalogue.set_kit(kit=item, parts=[(relief.mask, 2)], by=None)
    return item


def test_the_server_says_what_it_can_do(relief, browser_of):
    told = get(browser_of(None), "metadata")
    assert told["fhirVersion"] == "5.0.0"
    assert [row["type"] for row in told["rest"][0]["resource"]] == list(KINDS)


def test_an_item_is_told_with_names_storage_codes_and_contents(relief, full_item, browser_of):
    told = get(browser_of(None), f"InventoryItem/{full_item.pk}")
    assert told["status"] == "active"
    assert [(row["language"], row["name"]) for row in told["name"]] == [
        ("en", "Vaccine"),
        ("id", "Vaksin"),
    ]
    assert told["identifier"] == [
        {"system": "http://127.0.0.1:8000/relief/items", "value": "vaccine"},
        {"system": "https://www.gs1.org/gtin", "value": "04006381333931"},
    ]
    by_name = {row["characteristicType"]["text"]: row for row in told["characteristic"]}
    assert by_name["weight of one unit"]["valueQuantity"]["value"] == 12.5
    assert by_name["storage"]["valueRange"]["low"]["value"] == 2
    assert by_name["UNSPSC"]["valueString"] == "51201600"
    assert by_name["has an expiry date"]["valueBoolean"] is True
    (part,) = told["association"]
    assert part["relatedItem"]["reference"] == f"InventoryItem/{relief.mask.pk}"
    assert part["quantity"]["numerator"] == {"value": 2, "unit": "piece"}


def test_a_measure_has_its_ucum_code(relief, browser_of):
    item = catalogue.add_item(code="soap", name="Soap", language="en", unit=Unit.LITRE, by=None)
    told = get(browser_of(None), f"InventoryItem/{item.pk}")
    assert told["baseUnit"]["coding"] == [{"system": "http://unitsofmeasure.org", "code": "L"}]


def test_a_retired_item_is_inactive(relief, browser_of):
    catalogue.retire(item=relief.mask, reason="old", by=None)
    assert get(browser_of(None), f"InventoryItem/{relief.mask.pk}")["status"] == "inactive"


def test_places_and_organisations_are_told_but_for_the_restricted(relief, browser_of):
    hidden = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    browser = browser_of(None)
    told = resources(get(browser, "Location"))
    assert {row["name"] for row in told} == {"Foundation", "Agency store", "Ward", "Other ward"}
    assert get(browser, f"Location/{hidden.pk}", 404)["issue"][0]["code"] == "not-found"
    ward = get(browser, f"Location/{relief.ward.pk}")
    assert ward["address"] == {"country": "ID"}
    reference = ward["managingOrganization"]["reference"]
    assert get(browser, reference)["name"] == "Hospital"
    # An organisation that answers for no place that may be named is not given.
    assert get(browser, f"Organization/{relief.carrier_organisation.pk}", 404)


@pytest.mark.parametrize(
    ("who", "seen"),
    [("nurse", True), ("agent", True), ("staff", True), ("giver", False), ("outsider", False),
     ("visitor", False)],
)  # fmt: skip
def test_needs_are_told_to_who_may_see_them(relief, ask, browser_of, who, seen):
    browser = browser_of(getattr(relief, who))
    bundle = get(browser, "SupplyRequest")
    assert bundle["total"] == (1 if seen else 0)
    one = get(browser, f"SupplyRequest/{ask.pk}", 200 if seen else 404)
    if seen:
        assert one["status"] == "active"
        assert one["quantity"] == {"value": 50, "unit": "piece"}
        assert one["item"]["reference"]["reference"] == f"InventoryItem/{relief.mask.pk}"
        assert one["deliverTo"]["reference"] == f"Location/{relief.ward.pk}"
        assert one["occurrencePeriod"] == {"end": ask.by_when.isoformat()}


def test_needs_ask_for_a_sign_in(relief, ask, browser_of):
    for path in ("SupplyRequest", f"SupplyRequest/{ask.pk}"):
        assert get(browser_of(None), path, 401)["issue"][0]["code"] == "login"


def test_a_delivery_tells_what_was_shipped(relief, promise, send, browser_of):
    sent = send(promise(relief.mask, 1000), relief.mask, 250)
    told = get(browser_of(None), f"SupplyDelivery/{sent.pk}")
    assert told["status"] == "in-progress"
    assert told["identifier"][0]["value"] == sent.reference
    assert told["suppliedItem"] == [
        {
            "quantity": {"value": 250, "unit": "piece"},
            "itemReference": {"reference": f"InventoryItem/{relief.mask.pk}", "display": "mask"},
        }
    ]
    assert told["supplier"]["reference"] == f"Organization/{relief.foundation.pk}"
    assert told["destination"]["reference"] == f"Location/{relief.store.pk}"
    assert "T" in told["occurrenceDateTime"]


def test_a_delivery_to_a_restricted_place_tells_its_country_and_day_alone(
    relief, promise, send, browser_of
):
    hidden = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    sent = send(promise(relief.mask, 1000), relief.mask, 250, to=hidden)
    told = get(browser_of(None), f"SupplyDelivery/{sent.pk}")
    assert told["destination"] == {"display": "a facility in Indonesia"}
    assert told["occurrenceDateTime"] == timezone.now().date().isoformat()
    assert "Hidden" not in json.dumps(told)


def test_what_is_being_packed_is_not_told(relief, browser_of):
    from medixchange.relief.actions import consignments

    draft = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )
    get(browser_of(relief.giver), f"SupplyDelivery/{draft.pk}", 404)


def test_an_example_says_that_it_is_one(relief, promise, send, browser_of):
    sent = send(promise(relief.mask, 1000), relief.mask, 250)
    Consignment.objects.filter(pk=sent.pk).update(is_example=True)
    told = get(browser_of(None), f"SupplyDelivery/{sent.pk}")
    assert told["meta"]["tag"][0]["code"] == "HTEST"


def test_a_search_is_paged_with_links(relief, browser_of):
    for number in range(5):
        catalogue.add_item(code=f"i{number}", name=f"I {number}", language="en", by=None)
    browser = browser_of(None)
    first = get(browser, "InventoryItem?_count=3")
    assert (first["total"], len(first["entry"])) == (7, 3)
    links = {link["relation"]: link["url"] for link in first["link"]}
    assert set(links) == {"self", "first", "next", "last"}
    assert links["next"] == ("http://127.0.0.1:8000/relief/fhir/InventoryItem?_count=3&_page=2")
    seen = []
    for number in (1, 2, 3):
        seen += [
            row["id"] for row in resources(get(browser, f"InventoryItem?_count=3&_page={number}"))
        ]
    assert seen == [str(pk) for pk in Item.objects.order_by("pk").values_list("pk", flat=True)]
    assert "next" not in {
        link["relation"] for link in get(browser, "InventoryItem?_count=3&_page=3")["link"]
    }


def test_an_empty_search_has_no_entries(db, browser_of):
    assert "entry" not in get(browser_of(None), "SupplyDelivery")


def test_what_is_not_there_is_told_as_an_outcome(relief, browser_of):
    browser = browser_of(None)
    assert get(browser, "Patient", 404)["issue"][0]["code"] == "not-supported"
    assert get(browser, "Patient/1", 404)["issue"][0]["code"] == "not-supported"
    assert get(browser, "InventoryItem/999999", 404)["issue"][0]["code"] == "not-found"
    assert get(browser, "InventoryItem?_count=many", 400)["issue"][0]["code"] == "value"


@pytest.mark.parametrize(
    ("kind", "number"),
    [("InventoryItem", 4), ("Location", 2), ("Organization", 2), ("SupplyDelivery", 4)],
)
def test_a_search_costs_the_same_for_one_and_for_many(
    relief, promise, send, browser_of, django_assert_num_queries, kind, number
):
    browser = browser_of(None)
    send(promise(relief.mask, 10), relief.mask, 5)
    with django_assert_num_queries(number):
        get(browser, kind)
    for _again in range(3):
        send(promise(relief.kit, 10), relief.kit, 5)
        catalogue.add_item(code=f"i{_again}", name=f"I {_again}", language="en", by=None)
    with django_assert_num_queries(number):
        get(browser, kind)


def run(*arguments):
    return CliRunner().invoke(export, ["fhir", *arguments])


def test_all_of_it_is_exported_by_command_and_validated(
    relief, full_item, ask, promise, send, tmp_path
):
    send(promise(relief.mask, 1000), relief.mask, 250)
    path = tmp_path / "relief.json"
    answer = run("-o", str(path), "--validate")
    assert answer.exit_code == 0, answer.output
    bundle = valid(json.loads(path.read_bytes()))
    told = resources(bundle)
    assert {row["resourceType"] for row in told} == set(KINDS)
    named = {f"{row['resourceType']}/{row['id']}" for row in told}
    # Every reference leads to something in the file.
    for found in json.dumps(told).split('"reference": "')[1:]:
        assert found.split('"')[0] in named
    lines = run("--ndjson", "--type", "Location").stdout.splitlines()
    assert len(lines) == Place.objects.filter(kind__in=("donor", "store", "facility")).count()
    assert valid(json.loads(lines[0]))["resourceType"] == "Location"


def test_an_empty_export_is_a_bundle_too(db):
    assert valid(json.loads(run().stdout))["type"] == "collection"


def test_what_was_moved_is_the_same_as_on_the_pages(relief, promise, send):
    sent = send(promise(relief.mask, 1000), relief.mask, 250)
    (row,) = queries.moved_by_consignment([sent])
    assert (row.consignment, row.item, row.shipped) == (sent.pk, relief.mask, 250)
