"""Everything as tables: what anybody may have, what the parties may, and nothing else."""

import csv
import io
import json
from datetime import timedelta

import openpyxl
import pytest
from click.testing import CliRunner
from django.utils import timezone

from medixchange.relief.actions import catalogue, consignments, importing, needs, places
from medixchange.relief.actions.catalogue import PackOf
from medixchange.relief.cli.exporting import export
from medixchange.relief.exports import TABLES, Asker, stream
from medixchange.relief.interchange import hashtags
from medixchange.relief.models import PlaceKind

PUBLIC = ("items", "places", "pledges", "consignments", "documents")


def body(browser, name, kind="csv"):
    answer = browser.get(f"/relief/export/{name}.{kind}")
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content)


def rows(content):
    """Rows of a CSV by heading; the row of hashtags first."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def of(name, asker=None):
    return rows(b"".join(stream(TABLES[name], "csv", asker or Asker("en"))))[1:]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_hashtags_that_are_hashtags(name):
    table = TABLES[name]
    assert all(hashtags.parse(tag) for tag in table.hashtags), table.hashtags
    assert len(set(table.headings)) == len(table.headings)


@pytest.mark.parametrize("name", PUBLIC)
def test_anybody_may_have_the_public_tables(relief, browser_of, name):
    answer = browser_of(None).get(f"/relief/export/{name}.csv")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith(f'attachment; filename="relief-{name}-')


@pytest.mark.parametrize("name", ["needs", "movements"])
def test_the_other_tables_ask_for_a_sign_in(relief, browser_of, name):
    answer = browser_of(None).get(f"/relief/export/{name}.csv")
    assert answer.url == f"/account/login/?next=/relief/export/{name}.csv"
    answer = browser_of(relief.visitor).get(f"/relief/export/{name}.csv")
    assert answer["Cache-Control"] == "private, no-store"
    assert len(rows(b"".join(answer.streaming_content))) == 1


def test_what_is_no_table_or_format_is_not_found(relief, browser_of):
    for path in ("nothing.csv", "items.exe", "items.html"):
        assert browser_of(None).get(f"/relief/export/{path}").status_code == 404


def test_the_page_lists_what_one_may_have(relief, browser_of):
    text = browser_of(None).get("/relief/export/").content.decode()
    assert "/relief/export/pledges.xlsx" in text
    assert "/relief/export/movements.csv" not in text
    assert "Sign in to have yours." in text
    text = browser_of(relief.agent).get("/relief/export/").content.decode()
    assert "/relief/export/movements.csv" in text


def test_items_come_back_as_they_were(relief, tmp_path):
    catalogue.add_item(
        code="gown",
        name="=Gown",
        language="en",
        expires=True,
        gtin="4006381333931",
        packs=[PackOf(name="box", units=50), PackOf(name="carton", units=2500)],
        by=None,
    )
    (gown,) = [row for row in of("items") if row["code"] == "gown"]
    assert gown["name"] == "'=Gown"
    assert (gown["packs"], gown["expires"]) == ("box=50; carton=2500", "yes")
    assert (gown["gtin"], gown["unit"], gown["in_use"]) == ("04006381333931", "piece", "yes")
    for kind in ("csv", "xlsx"):
        path = tmp_path / f"items.{kind}"
        path.write_bytes(b"".join(stream(TABLES["items"], kind, Asker("en"))))
        assert {str(row.outcome) for row in importing.import_items(
            path, language="en", by=None
        ).rows} == {"same"}  # fmt: skip


def test_names_are_told_in_the_readers_language_with_their_state(relief):
    catalogue.propose_name(
        item=relief.mask, language="id", text="Masker bedah", by=relief.nurse_both
    )
    mask, kit = of("items", Asker("id"))
    assert (mask["name"], mask["name_shown"], mask["name_shown_language"]) == (
        "Surgical mask",
        "Masker bedah",
        "id",
    )
    assert (mask["name_shown_state"], kit["name_shown_state"]) == ("proposed", "missing")


def test_restricted_places_and_accounts_stay_out(relief):
    places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    assert [(row["code"], row["kind"], row["country"]) for row in of("places")] == [
        ("foundation", "donor", "CN"),
        ("other-ward", "facility", "FR"),
        ("agency-store", "store", "ID"),
        ("ward", "facility", "ID"),
    ]


def test_a_pledge_is_a_row_for_each_country_with_its_part(relief, promise):
    pledge = promise(relief.mask, 1000, {"ID": 400, "MY": None})
    assert [
        (row["pledge"], row["donor"], row["quantity"], row["country"], row["part"], row["example"])
        for row in of("pledges")
    ] == [
        (pledge.reference, "Foundation", "1000", "ID", "400", "no"),
        (pledge.reference, "Foundation", "1000", "MY", "", "no"),
    ]


def test_consignments_that_left_are_told_with_what_became_of_them(relief, promise, send):
    pledge = promise(relief.mask, 1000)
    hidden = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    sent = send(pledge, relief.mask, 250)
    consignments.arrive(consignment=sent, key="a", happened_at=timezone.now(), by=relief.agent)
    send(pledge, relief.mask, 5, to=hidden)
    back = send(pledge, relief.mask, 9)
    consignments.undo_dispatch(
        consignment=back, key="u", note="Wrong", note_language="en", by=relief.giver
    )
    assert [
        (row["consignment"], row["destination"], row["pledge"], row["shipped"], row["arrived"])
        for row in of("consignments")
    ] == [
        (sent.reference, "Agency store", pledge.reference, "250", "250"),
        (f"C-{timezone.now().year}-00002", "a facility in Indonesia", pledge.reference, "5", "0"),
    ]


def test_goods_from_a_store_are_shipped_and_received_too(relief, lot_of, stock):
    stock(relief.store, lot_of(relief.mask, "M1"), 100)
    sent = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    lot = relief.mask.lots.get()
    consignments.pack(
        consignment=sent, boxes=[consignments.Contents(1, [(lot, 40)])], by=relief.agent
    )
    consignments.dispatch(consignment=sent, key="d", happened_at=timezone.now(), by=relief.agent)
    (row,) = of("consignments")
    assert (row["shipped"], row["arrived"], row["received"]) == ("40", "0", "0")
    (way,) = consignments.on_the_way(sent)
    from medixchange.relief.actions import ledger
    from medixchange.relief.models import DocumentKind

    ledger.post(
        kind=DocumentKind.DELIVERY, key="p", happened_at=timezone.now(),
        lines=[ledger.Line(way.lot, 40, way.place, relief.ward)], by=None, organisation=None,
        consignment=sent,
    )  # fmt: skip
    (row,) = of("consignments")
    assert (row["shipped"], row["arrived"], row["received"]) == ("40", "40", "40")


def test_needs_are_had_by_who_may_see_them(relief):
    needs.state_need(
        facility=relief.ward, item=relief.mask, quantity=50,
        by_when=timezone.now().date() + timedelta(days=9), by=relief.nurse,
    )  # fmt: skip
    # Its own people; the agency that shares out in its country; platform staff; the operator.
    for who in (relief.nurse, relief.storekeeper, relief.agent, relief.staff):
        assert [row["need"] for row in of("needs", Asker("en", who))] == ["50"]
    for who in (relief.giver, relief.outsider, relief.visitor, relief.carrier):
        assert of("needs", Asker("en", who)) == []
    assert [row["facility"] for row in of("needs", Asker("en", is_operator=True))] == ["ward"]


def test_movements_are_had_by_their_parties(relief, promise, send, lot_of, stock):
    send(promise(relief.mask, 1000), relief.mask, 250)
    stock(relief.other_ward, lot_of(relief.kit, "K1"), 7)

    def had(who):
        return [(row["kind"], row["quantity"]) for row in of("movements", Asker("en", who))]

    both = [("dispatch", "250"), ("opening", "7")]
    assert had(relief.giver) == both
    assert had(relief.agent) == [("dispatch", "250")]
    assert had(relief.outsider) == [("opening", "7")]
    assert had(relief.nurse) == []
    assert had(relief.visitor) == []
    assert had(relief.staff) == both
    (row, _other) = of("movements", Asker("en", relief.giver))
    assert (row["from"], row["to_kind"], row["lot"], row["donor"]) == (
        "foundation",
        "transit",
        "L1",
        "Foundation",
    )


def test_documents_are_told_without_words_or_people(relief, promise, send):
    sent = send(promise(relief.mask, 1000), relief.mask, 250)
    consignments.undo_dispatch(
        consignment=sent, key="u", note="A secret reason", note_language="en", by=relief.giver
    )
    dispatch, reversal = of("documents")
    assert (dispatch["kind"], dispatch["consignment"]) == ("dispatch", sent.reference)
    assert reversal["reverses"] == dispatch["document"]
    assert "secret" not in str(reversal)


def test_json_and_workbooks_hold_the_same_rows(relief, promise, browser_of):
    promise(relief.mask, 1000, {"ID": 400, "MY": None})
    told = json.loads(body(browser_of(None), "pledges", "json"))
    assert told["table"] == "pledges"
    assert [(row["country"], row["part"], row["announced_on"]) for row in told["rows"]] == [
        ("ID", 400, "2020-03-19"),
        ("MY", None, "2020-03-19"),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(body(browser_of(None), "pledges", "xlsx"))).active
    headings, tags, *data = sheet.iter_rows(values_only=True)
    assert headings[0] == "pledge"
    assert tags[0] == "#activity+code"
    assert [row[headings.index("quantity")] for row in data] == [1000, 1000]
    assert json.loads(b"".join(stream(TABLES["needs"], "json", Asker("en"))))["rows"] == []


def test_names_in_a_streamed_table_are_of_the_readers_language(relief, promise, send, browser_of):
    hidden = places.add_place(
        name="Hidden", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    send(promise(relief.mask, 10), relief.mask, 5, to=hidden)
    browser = browser_of(None)
    browser.cookies["language"] = "fr"
    assert "Indonésie" in body(browser, "consignments").decode()


def test_tables_are_exported_by_command(relief, promise, tmp_path):
    promise(relief.mask, 1000)
    path = tmp_path / "pledges.json"
    answer = CliRunner().invoke(export, ["pledges", "-o", str(path)])
    assert answer.exit_code == 0
    assert json.loads(path.read_bytes())["rows"][0]["quantity"] == 1000
    answer = CliRunner().invoke(export, ["items", "--language", "id"])
    assert rows(answer.stdout_bytes)[1]["code"] == "mask"
    answer = CliRunner().invoke(export, ["items", "-o", str(path), "--format", "xlsx"])
    assert path.read_bytes().startswith(b"PK")
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["pledges.json"]


def test_an_export_costs_the_same_for_one_row_and_for_many(
    relief, promise, send, django_assert_num_queries
):
    send(promise(relief.mask, 10), relief.mask, 5)
    counts = {"pledges": 2, "consignments": 3, "documents": 1, "items": 2, "places": 1}
    for name, number in counts.items():
        with django_assert_num_queries(number):
            of(name)
    for _number in range(3):
        send(promise(relief.kit, 10), relief.kit, 5)
    for name, number in counts.items():
        with django_assert_num_queries(number):
            of(name)
