"""Importing files: every row is told, nothing is guessed, and the same file adds nothing."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief import rules
from medixchange.relief.actions import catalogue, consignments, importing
from medixchange.relief.actions.giving import Promised
from medixchange.relief.cli.importing import import_
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.models import Item, Lot, Need, Place, Pledge, PledgeLine, ToSettle
from medixchange.relief.refusals import Refused

SOON = timezone.now().date() + timedelta(days=30)


@pytest.fixture
def file(tmp_path):
    """Writes a file: ``file("a,b", "1,2")``."""

    def write(*lines, name="list.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def outcomes(done):
    return [(row.row, str(row.outcome)) for row in done.rows]


# -- items ---------------------------------------------------------------------------------------


def items(path, **more):
    return importing.import_items(path, **({"language": "en", "by": None} | more))


def test_items_are_added_changed_and_left_alone(relief, file):
    path = file(
        "code,name,unit,category,weight_g,expires,gtin,packs",
        "gown,Isolation gown,piece,PPE,85.5,no,4006381333931,bag=10; carton=100",
        "mask,Surgical mask,piece,PPE,,,,box=50",
        "test-kit,Test kit,test,,,yes,,",
    )
    done = items(path, by=relief.giver)
    assert outcomes(done) == [(2, "taken"), (3, "changed"), (4, "same")]
    gown = Item.objects.get(code="gown")
    assert (gown.category, gown.weight_g, gown.gtin) == ("PPE", Decimal("85.5"), "04006381333931")
    assert list(gown.packs.values_list("name", "units")) == [("bag", 10), ("carton", 100)]
    assert list(relief.mask.packs.values_list("units", flat=True)) == [50]
    assert outcomes(items(path)) == [(2, "same"), (3, "same"), (4, "same")]
    assert AuditEntry.objects.filter(action="item.added").count() == 1


def test_rows_that_cannot_be_are_refused_and_the_others_kept(relief, file):
    path = file(
        "#item+code,#item+name,#item+unit,#item+weight+g,#item+gtin,#item+packs,#item+lang",
        "a,A,piece,heavy,,,",
        "b,B,piece,,4006381333932,,",
        "c,C,barrel,,,,",
        "d,D,piece,,,ten per box,",
        "e,E,piece,,,,xx",
        ",隔离衣,piece,,,,zh",
        "g,,piece,,,,",
        "h,H,piece,,,,",
    )
    done = items(path)
    assert outcomes(done) == [(n, "refused") for n in range(2, 9)] + [(9, "taken")]
    said = [row.findings[0].what for row in done.rows if row.findings]
    assert said[0] == "“heavy” is no number. Write it with a point, such as 3.5."
    assert "its last digit should be 1" in said[1]
    assert said[2] == "“barrel” is none of the words for it."
    assert said[3] == "“ten per box” is no pack. Write it such as box=50; carton=2500."
    assert "is not a language MediXchange knows" in said[4]
    assert said[5] == "Give a code in Latin letters, such as mask-surgical."
    assert said[6] == "the cell is blank."
    assert list(Item.objects.order_by("code").values_list("code", flat=True)) == [
        "h",
        "mask",
        "test-kit",
    ]


def test_a_dry_run_tells_the_same_and_keeps_nothing(relief, file):
    path = file("code,name,unit", "gown,Gown,piece", "mask,Surgical mask,pair")
    before = AuditEntry.objects.count()
    trial = items(path, dry_run=True)
    assert outcomes(trial) == [(2, "taken"), (3, "changed")]
    assert AuditEntry.objects.count() == before
    assert not Item.objects.filter(code="gown").exists()
    assert outcomes(items(path)) == outcomes(trial)


def test_the_who_list_of_essentials_is_imported_with_its_name(relief, shared_data):
    done = items(shared_data / "relief" / "esft" / "equipment.csv", essential="WHO ESFT")
    assert done.totals() == {
        "rows": 53, "taken": 53, "changed": 0, "same": 0, "settle": 0, "left": 0, "refused": 0,
    }  # fmt: skip
    gloves = Item.objects.select_related("name").get(code="gloves-examination")
    assert (gloves.name.text, gloves.unit) == ("Gloves, examination", "pair")
    assert (gloves.essential, gloves.category) == ("WHO ESFT", "IPC")
    assert Item.objects.filter(essential="WHO ESFT").count() == 53


def test_only_keepers_import_items_and_places(relief, file):
    path = file("code,name,unit", "gown,Gown,piece")
    for who in (relief.storekeeper, relief.nurse, relief.outsider, relief.visitor):
        with pytest.raises(rules.NotAllowed):
            items(path, by=who)
        with pytest.raises(rules.NotAllowed):
            importing.import_places(path, by=who)


def test_a_file_of_another_kind_is_named(relief, file):
    path = file("facility,item,need", "Ward,mask,5")
    with pytest.raises(Unreadable, match="this is a file of needs, not of items"):
        items(path)


def test_formulas_are_refused(relief, file):
    path = file("code,name,unit", 'gown,"=HYPERLINK(""http://x"")",piece')
    (row,) = items(path).rows
    assert row.outcome == "refused"
    assert "begins like a formula" in row.findings[0].what


# -- places --------------------------------------------------------------------------------------


def test_places_are_added_once_and_doubtful_points_left_out(relief, file):
    path = file(
        "name,country,province,lat,lon",
        "Rumah Sakit A,ID,Aceh,5.5,95.3",
        "Rumah Sakit B,IDN,Aceh,-95.3,5.5",
        "Rumah Sakit C,Indonesia,Bali,,",
        "Nowhere,Atlantis,,1,1",
    )
    done = importing.import_places(path, by=relief.agent)
    assert outcomes(done) == [(2, "taken"), (3, "changed"), (4, "taken"), (5, "refused")]
    assert list(
        Place.objects.filter(region__in=["Aceh", "Bali"])
        .order_by("name")
        .values_list("name", "country", "kind", "latitude", "organisation")
    ) == [
        ("Rumah Sakit A", "ID", "facility", 5.5, None),
        ("Rumah Sakit B", "ID", "facility", None, None),
        ("Rumah Sakit C", "ID", "facility", None, None),
    ]
    again = importing.import_places(path, by=relief.agent)
    assert outcomes(again) == [(2, "same"), (3, "same"), (4, "same"), (5, "refused")]


def test_a_place_gets_coordinates_it_had_not_and_keeps_those_it_had(relief, file):
    importing.import_places(
        file("name,country,province,lat,lon", "A,ID,Bali,-8.5,115.2", "B,ID,Bali,,"), by=None
    )
    done = importing.import_places(
        file("name,country,province,lat,lon", "A,ID,Bali,-8.6,115.3", "B,ID,Bali,-8.4,115.1"),
        by=None,
    )
    assert outcomes(done) == [(2, "same"), (3, "changed")]
    assert "is here with other coordinates" in done.rows[0].findings[0].what
    assert list(
        Place.objects.filter(region="Bali").order_by("name").values_list("latitude", flat=True)
    ) == [-8.5, -8.4]


def test_the_published_list_of_referral_hospitals_is_imported(relief, shared_data):
    done = importing.import_places(
        shared_data / "relief" / "indonesia_referral_hospitals.csv", country="ID", by=None
    )
    totals = done.totals()
    assert totals["rows"] == 128
    assert totals["refused"] == 0
    assert totals["taken"] + totals["changed"] + totals["same"] == 128
    assert Place.objects.filter(country="ID", organisation=None).count() == 128 - totals["same"]


# -- needs ---------------------------------------------------------------------------------------


def test_needs_are_stated_by_name_or_code(relief, file):
    path = file(
        "facility,item,need,by_when,floor",
        f'Ward,Surgical mask,"1,000",{SOON},5',
        f"{relief.other_ward.code},test-kit,20,{SOON},",
        f"Nobody,mask,5,{SOON},",
        f"Ward,ventilator,5,{SOON},",
        "Ward,test-kit,5,,",
        f"Agency store,mask,5,{SOON},",
    )
    done = importing.import_needs(path, by=None)
    assert outcomes(done) == [
        (2, "taken"), (3, "taken"), (4, "refused"), (5, "refused"), (6, "refused"), (7, "refused"),
    ]  # fmt: skip
    assert [row.findings[0].what for row in done.of(importing.Outcome.REFUSED)] == [
        "No facility is called “Nobody”. Check the name, or write its code.",
        "“ventilator” is no item of the catalogue. Add it there, or write its code.",
        "No day is given by which it is needed. Fill it in.",
        "No facility is called “Agency store”. Check the name, or write its code.",
    ]
    assert any("these columns are not part of a need: floor" in note.what for note in done.notes)
    assert list(Need.objects.values_list("facility__name", "item__code", "quantity")) == [
        ("Ward", "mask", 1000),
        ("Other ward", "test-kit", 20),
    ]
    again = importing.import_needs(path, by=None, by_when=SOON)
    assert outcomes(again)[:2] == [(2, "same"), (3, "same")]
    assert outcomes(again)[4] == (6, "taken")


def test_a_member_states_the_needs_of_their_own_facility_alone(relief, file):
    path = file("facility,item,need,by_when", f"Ward,mask,10,{SOON}", f"Other ward,mask,10,{SOON}")
    assert outcomes(importing.import_needs(path, by=relief.nurse)) == [
        (2, "taken"),
        (3, "refused"),
    ]
    assert outcomes(importing.import_needs(path, by=relief.visitor)) == [
        (2, "refused"),
        (3, "refused"),
    ]


# -- packing lists -------------------------------------------------------------------------------


@pytest.fixture
def draft(relief):
    return consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )


def test_a_packing_list_is_taken_whole(relief, file, draft):
    path = file(
        "box,item,quantity,lot,expires_on,sscc,weight_kg",
        "1,mask,500,m1,,006141411234567890,12.5",
        "1,test-kit,20,k1,2090-12-31,,",
        "2,Surgical mask,500,m1,,,",
    )
    done = importing.import_packing_list(path, consignment=draft, by=relief.giver)
    assert outcomes(done) == [(2, "taken"), (3, "taken"), (4, "taken")]
    boxes = list(draft.boxes.order_by("number"))
    assert [(b.number, b.sscc, b.gross_weight_g) for b in boxes] == [
        (1, "006141411234567890", 12500),
        (2, "", None),
    ]
    assert list(boxes[0].contents.values_list("lot__number", "quantity")) == [
        ("M1", 500),
        ("K1", 20),
    ]
    assert Lot.objects.get(number="K1").expires_on == date(2090, 12, 31)


def test_a_packing_list_with_a_row_that_is_refused_packs_nothing(relief, file, draft):
    path = file(
        "box,item,quantity,lot,expires_on,sscc",
        "1,mask,500,m1,,",
        "1,mask,5,M1,,",
        "2,test-kit,20,k1,,",
        "3,mask,1,m2,,006141411234567891",
    )
    done = importing.import_packing_list(path, consignment=draft, by=relief.giver)
    assert outcomes(done) == [(2, "left"), (3, "refused"), (4, "refused"), (5, "refused")]
    assert "Write it in one row." in done.rows[1].findings[0].what
    assert "carries an expiry date" in done.rows[2].findings[0].what
    assert "is no SSCC" in done.rows[3].findings[0].what
    assert not draft.boxes.exists()
    assert not Lot.objects.exists()


def test_a_store_packs_only_lots_that_it_holds(relief, file, lot_of, stock):
    stock(relief.store, lot_of(relief.mask, "M1"), 10)
    draft = consignments.add_consignment(
        origin=relief.store, destination=relief.ward, by=relief.agent
    )
    path = file("box,item,quantity,lot", "1,mask,5,m1", "1,mask,5,m9")
    done = importing.import_packing_list(path, consignment=draft, by=relief.agent, dry_run=True)
    assert outcomes(done) == [(2, "left"), (3, "refused")]
    with pytest.raises(rules.NotAllowed):
        importing.import_packing_list(path, consignment=draft, by=relief.giver)


# -- donations -----------------------------------------------------------------------------------

PUBLISHED = (
    "country,goods,qty,progress,recipient",
    'Japan,Face Mask,"300,000",Arrived,"ALOGJAPAN CO.,LTD"',
    'Republic of Korea,Face Mask,"1,000,000",Accepted,Korean Red Cross',
    "Japan,Detection Kit,100,In Transit,Another one",
    '"Malaysia, Republic of Indonesia",Face Mask,"2,000,000",In Preparation,To be determined',
    'Africa,Face Mask,"6,000,000",In Transit,Recepient to be determined',
    "Japan,Ventilator,5,Arrived,Red Cross",
    "Japan,Face Mask,-5,Arrived,Red Cross",
)


def published(relief, path, **more):
    given = {"donor": relief.donor, "announced_on": date(2020, 3, 19), "by": relief.giver}
    return importing.import_donations(path, **(given | more))


def test_what_can_be_read_becomes_pledges_and_the_rest_waits(relief, file):
    done = published(relief, file(*PUBLISHED), source_url="https://example.org/list")
    assert outcomes(done) == [
        (2, "taken"), (3, "taken"), (4, "taken"), (5, "settle"), (6, "settle"), (7, "settle"),
        (8, "refused"),
    ]  # fmt: skip
    japan, korea = Pledge.objects.order_by("pk")
    assert list(japan.lines.values_list("item__code", "quantity", "splits__country")) == [
        ("mask", 300_000, "JP"),
        ("test-kit", 100, "JP"),
    ]
    assert (japan.source_url, japan.announced_on) == ("https://example.org/list", date(2020, 3, 19))
    line = korea.lines.get()
    assert (line.recipient_as_published, line.progress_as_published) == (
        "Korean Red Cross",
        "Accepted",
    )
    waiting = list(ToSettle.objects.order_by("row"))
    assert [row.row for row in waiting] == [5, 6, 7]
    assert waiting[0].text == (
        "Malaysia, Republic of Indonesia | Face Mask | 2,000,000 | In Preparation"
        " | To be determined"
    )
    assert waiting[0].lines[0]["countries"] == ["MY", "ID"]
    assert "the catalogue has no item “ventilator”." in [r["what"] for r in waiting[2].reasons]


def test_the_same_list_again_adds_nothing(relief, file):
    path = file(*PUBLISHED)
    published(relief, path)
    before = (Pledge.objects.count(), PledgeLine.objects.count(), ToSettle.objects.count())
    again = published(relief, path)
    assert outcomes(again)[:3] == [(2, "same"), (3, "same"), (4, "same")]
    assert (Pledge.objects.count(), PledgeLine.objects.count(), ToSettle.objects.count()) == before


def test_a_row_that_waited_for_an_item_becomes_a_pledge_when_it_is_there(relief, file):
    path = file(*PUBLISHED)
    published(relief, path)
    catalogue.add_item(code="ventilator", name="Ventilator", language="en", by=None)
    assert outcomes(published(relief, path))[5] == (7, "taken")
    row = ToSettle.objects.get(row=7)
    assert (row.settled_by, row.pledge.lines.get().item.code) == (relief.giver, "ventilator")
    assert outcomes(published(relief, path))[5] == (7, "same")


def test_a_dry_run_of_donations_keeps_nothing(relief, file):
    path = file(*PUBLISHED)
    done = published(relief, path, dry_run=True)
    assert done.totals()["taken"] == 3
    assert not Pledge.objects.exists()
    assert not ToSettle.objects.exists()


def test_only_the_donor_and_staff_import_its_list(relief, file):
    for who in (relief.agent, relief.visitor, relief.outsider):
        with pytest.raises(rules.NotAllowed):
            published(relief, file(*PUBLISHED), by=who)


def test_a_person_settles_a_row(relief, file):
    published(relief, file(*PUBLISHED))
    row = ToSettle.objects.get(row=5)
    lines = [Promised(relief.mask, 2_000_000, {"MY": None, "ID": None})]
    for who in (relief.agent, relief.visitor):
        with pytest.raises(rules.NotAllowed):
            importing.settle(row=row, lines=lines, by=who)
    pledge = importing.settle(row=row, lines=lines, by=relief.giver)
    assert pledge.announced_on == date(2020, 3, 19)
    with pytest.raises(Refused, match="settled this row already"):
        importing.settle(row=row, lines=lines, by=relief.giver)
    other = ToSettle.objects.get(row=6)
    more = [Promised(relief.mask, 6_000_000, region="Africa")]
    assert importing.settle(row=other, lines=more, pledge=pledge, by=relief.giver) == pledge
    assert pledge.lines.count() == 2
    other.refresh_from_db()
    assert (other.pledge, other.settled_by, other.set_aside) == (pledge, relief.giver, "")


def test_a_person_sets_a_row_aside_with_a_reason(relief, file):
    path = file(*PUBLISHED)
    published(relief, path)
    row = ToSettle.objects.get(row=6)
    with pytest.raises(Refused, match="Say why"):
        importing.set_aside(row=row, reason=" ", by=relief.giver)
    importing.set_aside(row=row, reason="Countries follow", by=relief.giver)
    row.refresh_from_db()
    assert (row.set_aside, row.pledge) == ("Countries follow", None)
    assert outcomes(published(relief, path))[4] == (6, "same")


def test_the_published_list_of_2020_is_imported_without_a_guess(relief, shared_data):
    for code in ("extraction-reagent", "protective-suit", "face-shield"):
        catalogue.add_item(code=code, name=code, language="en", by=None)
    path = shared_data / "relief" / "donations_published_2020.csv"
    totals = published(relief, path).totals()
    assert totals["rows"] == 20
    assert totals["taken"] + totals["settle"] == 20
    assert PledgeLine.objects.count() == totals["taken"]
    assert ToSettle.objects.count() == totals["settle"]
    # Nothing that names a region, several countries or half a shipment was taken.
    assert not PledgeLine.objects.filter(splits__country__in=["ID", "MY", "PH", "TH"]).exists()
    assert list(
        PledgeLine.objects.filter(splits__country="US").values_list("item__code", "quantity")
    ) == [("mask", 1_000_000)]


# -- commands ------------------------------------------------------------------------------------


def run(*arguments):
    return CliRunner().invoke(import_, [str(argument) for argument in arguments])


def test_the_commands_tell_rows_and_sums(relief, file):
    path = file("code,name,unit", "gown,Gown,piece", "x,X,barrel")
    answer = run("items", path, "--dry-run")
    assert answer.exit_code == 0
    assert "row 3: refused" in answer.stdout
    assert "2 rows: 1 taken, 1 refused." in answer.stdout
    assert "This was a dry run: nothing was kept." in answer.stdout
    answer = run("items", path, "--json")
    assert json.loads(answer.stdout)["totals"]["taken"] == 1
    assert Item.objects.filter(code="gown").exists()


def test_a_file_of_which_nothing_is_good_exits_with_one(relief, file):
    assert run("items", file("code,name,unit", "x,X,barrel")).exit_code == 1
    answer = run("items", file("facility,item,need", "Ward,mask,5"))
    assert answer.exit_code == 1
    assert "this is a file of needs, not of items." in answer.stderr
    assert "Nothing was imported." in answer.stderr


def test_places_needs_and_packing_lists_are_imported_by_command(relief, file, draft):
    answer = run("places", file("name,lat,lon", "A,,"), "--country", "KEN", "--restricted")
    assert answer.exit_code == 0
    place = Place.objects.get(country="KE")
    assert (place.name, place.is_restricted) == ("A", True)
    answer = run("needs", file("facility,item,need", "Ward,mask,5"), "--by-when", SOON)
    assert (answer.exit_code, Need.objects.get().by_when) == (0, SOON)
    boxes = file("box,item,quantity,lot", "1,mask,5,m1")
    assert run("packing-list", boxes, "--consignment", "C-0").exit_code == 1
    assert run("packing-list", boxes, "--consignment", draft.reference).exit_code == 0
    assert draft.boxes.count() == 1


def test_donations_are_kept_by_command_with_donor_and_day(relief, file):
    path = file(*PUBLISHED)
    refused = run("donations", path)
    assert refused.exit_code == 1
    assert "--donor CODE --announced YYYY-MM-DD" in refused.stderr
    dry = run("donations", path, "--dry-run", "--json")
    assert json.loads(dry.stdout)["totals"]["taken"] == 4
    answer = run(
        "donations", path, "--donor", relief.donor.code, "--announced", "2020-03-19", "--json"
    )
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert told["kept"]["totals"] == {
        "rows": 7, "taken": 3, "changed": 0, "same": 0, "settle": 3, "left": 0, "refused": 1,
    }  # fmt: skip
    assert told["rows"][0]["lines"][0]["item"] == "mask"
    assert Pledge.objects.count() == 2
    again = run("donations", path, "--donor", relief.donor.code, "--announced", "2020-03-19")
    assert "3 here before" in again.stdout
    assert run("donations", path, "--donor", "no", "--announced", "2020-03-19").exit_code == 1
