"""Bringing tables in by the site: looked at first, then kept; what is open waits for a person."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from medixchange.relief.actions import consignments, importing
from medixchange.relief.models import Item, Need, Place, Pledge, ToSettle

SOON = timezone.now().date() + timedelta(days=30)
ITEMS = ("code,name,unit", "gown,Gown,piece", "x,X,barrel")
PUBLISHED = (
    "country,goods,qty,progress,recipient",
    "Japan,Face Mask,300,Arrived,Red Cross",
    '"Malaysia, Indonesia",Face Mask,2000,In Preparation,To be determined',
    "Africa,Face Mask,6000,In Transit,To be determined",
)


def upload(*lines, name="list.csv"):
    return SimpleUploadedFile(name, ("\n".join(lines) + "\n").encode())


def look(browser, path, *lines, **data):
    return browser.post(path, {"what": "look", "file": upload(*lines)} | data)


def token_of(answer):
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


def keep(browser, path, answer, **data):
    return browser.post(path, {"what": "keep", "token": token_of(answer)} | data)


@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("items", {"giver", "agent", "staff"}),
        ("places", {"giver", "agent", "staff"}),
        ("needs", {"storekeeper", "nurse", "outsider"}),
        ("donations", {"giver", "staff"}),
    ],
)
def test_each_table_is_brought_in_by_who_may(relief, browser_of, kind, allowed):
    path = f"/relief/import/{kind}/"
    for who in ("giver", "agent", "staff", "storekeeper", "nurse", "outsider", "visitor"):
        answer = browser_of(getattr(relief, who)).get(path)
        assert answer.status_code == (200 if who in allowed else 403), (kind, who)
    assert browser_of(None).get(path).status_code == 302
    assert browser_of(relief.staff).get("/relief/import/other/").status_code == 404


def test_items_are_looked_at_first_and_then_kept_without_sending_them_again(relief, browser_of):
    browser, path = browser_of(relief.agent), "/relief/import/items/"
    seen = look(browser, path, *ITEMS, language="en")
    assert seen.status_code == 200
    text = seen.content.decode()
    assert "2 rows: 1 taken, 0 changed, 0 the same as before, 0 to settle, 1 refused." in text
    assert "“barrel” is none of the words for it." in text
    assert not Item.objects.filter(code="gown").exists()
    assert keep(browser, path, seen, language="en").url == "/relief/items/"
    assert Item.objects.filter(code="gown").exists()


def test_a_token_is_of_one_member_and_one_kind(relief, browser_of):
    seen = look(browser_of(relief.agent), "/relief/import/items/", *ITEMS, language="en")
    other = keep(browser_of(relief.giver), "/relief/import/items/", seen, language="en")
    assert other.status_code == 422
    assert "Choose the file." in other.content.decode()
    elsewhere = keep(browser_of(relief.agent), "/relief/import/places/", seen)
    assert elsewhere.status_code == 422
    assert not Item.objects.filter(code="gown").exists()


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "Choose the file."),
        (["facility,item,need", "Ward,mask,5"], "this is a file of needs, not of items."),
        (["code,name,unit", *(f"c{n},N{n},piece" for n in range(2001))], "more than 2000 rows"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_at_its_field(relief, browser_of, lines, said):
    data = {"what": "look", "language": "en"}
    if lines:
        data["file"] = upload(*lines)
    answer = browser_of(relief.agent).post("/relief/import/items/", data)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_file_of_which_nothing_is_good_offers_nothing_to_keep(relief, browser_of):
    answer = look(
        browser_of(relief.agent), "/relief/import/items/", "code,name,unit", "x,X,barrel",
        language="en",
    )  # fmt: skip
    assert answer.status_code == 200
    assert "There is nothing to keep." in answer.content.decode()
    assert 'value="keep"' not in answer.content.decode()


def test_places_and_needs_are_kept(relief, browser_of):
    browser, path = browser_of(relief.agent), "/relief/import/places/"
    seen = look(browser, path, "name,lat,lon", "A,,", country="KE", is_restricted="on")
    assert keep(browser, path, seen, country="KE", is_restricted="on").url == path
    assert Place.objects.get(country="KE").is_restricted
    browser, path = browser_of(relief.nurse), "/relief/import/needs/"
    seen = look(browser, path, "facility,item,need", "Ward,mask,5", by_when=str(SOON))
    assert keep(browser, path, seen, by_when=str(SOON)).status_code == 302
    assert (Need.objects.get().facility, Need.objects.get().stated_by) == (
        relief.ward,
        relief.nurse,
    )


def test_a_packing_list_is_kept_for_who_packs(relief, browser_of):
    draft = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )
    path = f"/relief/consignments/{draft.reference}/packing/import/"
    assert browser_of(relief.agent).get(path).status_code == 403
    assert browser_of(relief.outsider).get(path).status_code == 404
    browser = browser_of(relief.giver)
    wrong = look(browser, path, "box,item,quantity,lot", "1,mask,5,m1", "1,mask,5,m1")
    assert "left out" in wrong.content.decode()
    assert 'value="keep"' not in wrong.content.decode()
    seen = look(browser, path, "box,item,quantity,lot", "1,mask,5,m1")
    answer = keep(browser, path, seen)
    assert answer.url == f"/relief/consignments/{draft.reference}/packing/"
    assert draft.boxes.count() == 1


@pytest.fixture
def published(relief, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("\n".join(PUBLISHED) + "\n")
    importing.import_donations(
        path, donor=relief.donor, announced_on=date(2020, 3, 19), by=relief.giver
    )
    return list(ToSettle.objects.order_by("row"))


def test_a_published_list_becomes_pledges_and_a_work_list(relief, browser_of):
    browser, path = browser_of(relief.giver), "/relief/import/donations/"
    data = {"donor": relief.donor.pk, "announced_on": "2020-03-19", "source_url": ""}
    seen = look(browser, path, *PUBLISHED, **data)
    assert "3 rows: 1 taken, 0 changed, 0 the same as before, 2 to settle" in seen.content.decode()
    assert keep(browser, path, seen, **data).url == "/relief/pledges/to-settle/"
    assert (Pledge.objects.count(), ToSettle.objects.count()) == (1, 2)
    listed = browser.get("/relief/pledges/to-settle/").content.decode()
    assert "Malaysia, Indonesia | Face Mask | 2000 | In Preparation | To be determined" in listed
    assert "Africa is a region" in listed
    assert "2 rows to settle" in browser.get("/relief/pledges/").content.decode()
    assert "rows to settle" not in browser_of(relief.agent).get("/relief/pledges/").content.decode()


@pytest.mark.parametrize(
    ("who", "listed", "one"),
    [("giver", 200, 200), ("giver_mate", 200, 200), ("staff", 200, 200), ("agent", 403, 404),
     ("outsider", 403, 404), ("visitor", 403, 404), (None, 302, 302)],
)  # fmt: skip
def test_only_the_donors_people_and_staff_settle(relief, published, browser_of, who, listed, one):
    browser = browser_of(getattr(relief, who) if who else None)
    assert browser.get("/relief/pledges/to-settle/").status_code == listed
    assert browser.get(f"/relief/pledges/to-settle/{published[0].pk}/").status_code == one


def lines(**row):
    return {
        "what": "settle",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        **{f"lines-0-{name}": value for name, value in row.items()},
    }


def test_what_could_be_read_is_filled_in_and_put_on_record(relief, published, browser_of):
    browser, path = browser_of(relief.giver), f"/relief/pledges/to-settle/{published[0].pk}/"
    text = browser.get(path).content.decode()
    assert "Malaysia\nIndonesia</textarea>" in text
    assert 'value="2000"' in text
    assert "their split is not said" in text
    data = lines(item=relief.mask.pk, quantity="2000", countries="Malaysia\nIndonesia: 500")
    assert browser.post(path, data).url == "/relief/pledges/to-settle/"
    published[0].refresh_from_db()
    pledge = published[0].pledge
    line = pledge.lines.get()
    assert list(line.splits.values_list("country", "quantity")) == [("ID", 500), ("MY", None)]
    assert line.progress_as_published == "In Preparation"
    assert published[0].settled_by == relief.giver
    assert pledge.reference in browser.get(path).content.decode()
    assert "Somebody has settled this row already" in browser.post(path, data).content.decode()


def test_rows_are_gathered_in_one_pledge(relief, published, browser_of):
    browser = browser_of(relief.giver)
    japan = Pledge.objects.get()
    path = f"/relief/pledges/to-settle/{published[1].pk}/"
    data = lines(item=relief.mask.pk, quantity="6000", region="Africa") | {"pledge": japan.pk}
    assert browser.post(path, data).status_code == 302
    assert list(japan.lines.values_list("quantity", "region")) == [(300, ""), (6000, "Africa")]


def test_a_row_that_is_settled_wrongly_is_shown_again(relief, published, browser_of):
    browser, path = browser_of(relief.giver), f"/relief/pledges/to-settle/{published[0].pk}/"
    answer = browser.post(path, lines(item=relief.mask.pk, quantity="20", countries="Malaysia: 21"))
    assert answer.status_code == 422
    assert "The parts come to 21, and the line promises 20." in answer.content.decode()
    assert ToSettle.objects.filter(settled_at=None).count() == 2


def test_a_row_is_set_aside_with_a_reason(relief, published, browser_of):
    browser, path = browser_of(relief.giver), f"/relief/pledges/to-settle/{published[1].pk}/"
    assert browser.post(path, {"what": "aside", "reason": " "}).status_code == 422
    data = {"what": "aside", "reason": "Told again by country"}
    assert browser.post(path, data).url == "/relief/pledges/to-settle/"
    assert "Told again by country" in browser.get(path).content.decode()


def test_the_work_list_costs_the_same_for_one_and_for_many(
    relief, published, browser_of, django_assert_num_queries
):
    browser = browser_of(relief.giver)
    importing.set_aside(row=published[1], reason="x", by=None)
    with django_assert_num_queries(6):
        browser.get("/relief/pledges/to-settle/")
    ToSettle.objects.bulk_create(
        ToSettle(
            file_name="f", file_sha256="0", row=row, text="t", donor=relief.donor,
            announced_on=date(2020, 3, 19),
        )
        for row in range(20)
    )  # fmt: skip
    with django_assert_num_queries(6):
        browser.get("/relief/pledges/to-settle/")
