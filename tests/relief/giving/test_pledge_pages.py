"""The pages of pledges: everybody reads them, the donor and the receiving side act on them."""

from datetime import date

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from medixchange.relief.actions import consignments, giving, places
from medixchange.relief.actions.giving import Promised
from medixchange.relief.models import PlaceKind, Pledge, PledgeSplit
from medixchange.relief.queries import giving as queries

EVERYBODY = ["giver", "giver_mate", "agent", "outsider", "visitor", None]


def page(browser, path, status=200, **data):
    answer = browser.post(path, data) if data else browser.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def new_pledge(**more):
    """What the form of a new pledge sends for one line."""
    return {
        "announced_on": "2020-03-19",
        "source_url": "https://example.org/news",
        "note": "More stages follow.",
        "lines-TOTAL_FORMS": "4",
        "lines-INITIAL_FORMS": "0",
        "lines-0-quantity": "2000000",
        "lines-0-countries": "Malaysia, Indonesia\nThe Philippines: 500,000\nTH",
    } | more


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_reads_pledges(relief, promise, browser_of, who):
    pledge = promise(relief.mask, 2_000_000, {"ID": None, "MY": None})
    browser = browser_of(getattr(relief, who) if who else None)
    listed = page(browser, "/relief/pledges/")
    assert pledge.reference in listed
    assert "Indonesia</bdi>, <bdi>Malaysia" in listed
    text = page(browser, f"/relief/pledges/{pledge.reference}/")
    assert "2,000,000" in text
    assert "How much is for which country was not published." in text
    assert "Nothing has been sent for it through this ledger yet." in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("giver", 200), ("giver_mate", 200), ("staff", 200), ("agent", 403), ("outsider", 403),
     ("clinician_of_donor", 403), ("visitor", 403), (None, 302)],
)  # fmt: skip
def test_only_the_donor_and_staff_open_its_forms(relief, promise, browser_of, who, status):
    pledge = promise(relief.mask, 10)
    browser = browser_of(getattr(relief, who) if who else None)
    line = pledge.lines.get().pk
    for path in ("new/", f"{pledge.reference}/line/", f"{pledge.reference}/split/{line}/"):
        assert browser.get(f"/relief/pledges/{path}").status_code == status


def test_a_pledge_that_is_not_there_is_not_found(db, browser_of):
    assert browser_of(None).get("/relief/pledges/P-2020-99999/").status_code == 404


def test_a_donor_puts_a_pledge_on_record(relief, browser_of):
    browser = browser_of(relief.giver)
    answer = browser.post(
        "/relief/pledges/new/",
        new_pledge(**{"donor": relief.donor.pk, "lines-0-item": relief.mask.pk}),
    )
    pledge = Pledge.objects.get()
    assert answer.url == f"/relief/pledges/{pledge.reference}/"
    assert (pledge.donor, pledge.announced_on) == (relief.donor, date(2020, 3, 19))
    assert (pledge.note, pledge.note_language) == ("More stages follow.", "en")
    line = pledge.lines.get()
    assert (line.item, line.quantity) == (relief.mask, 2_000_000)
    assert list(PledgeSplit.objects.values_list("country", "quantity")) == [
        ("ID", None),
        ("MY", None),
        ("PH", 500_000),
        ("TH", None),
    ]
    text = page(browser, answer.url)
    assert "Not published yet: the part of Indonesia, Malaysia, Thailand." in text
    assert "More stages follow." in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lines-0-countries": "Indonesa"}, "Did you mean Indonesia (ID)?"),
        ({"lines-0-countries": "Malaysia: many"}, "“many” is no whole number."),
        ({"lines-0-countries": "ID\nIDN"}, "Indonesia is named twice."),
        ({"lines-0-countries": ""}, "Say for which countries it is"),
        ({"lines-0-countries": "ID: 3000000"}, "The parts come to 3000000"),
        ({"lines-0-quantity": "0"}, "greater than or equal to 1"),
        ({"announced_on": "2999-01-01"}, "The day of the announcement is still to come."),
        (
            {"lines-0-item": "", "lines-0-quantity": "", "lines-0-countries": ""},
            "at least one line",
        ),
    ],
)
def test_a_refused_pledge_is_shown_again_with_all_that_was_typed(relief, browser_of, change, said):
    data = new_pledge(**{"donor": relief.donor.pk, "lines-0-item": relief.mask.pk}) | change
    text = page(browser_of(relief.giver), "/relief/pledges/new/", 422, **data)
    assert said in text
    assert "More stages follow." in text
    assert 'value="https://example.org/news"' in text
    assert not Pledge.objects.exists()


def test_nobody_pledges_from_the_account_of_another_donor(relief, browser_of):
    other = places.add_place(name="Other", kind=PlaceKind.DONOR, country="FR", by=None)
    data = new_pledge(**{"donor": other.pk, "lines-0-item": relief.mask.pk})
    page(browser_of(relief.giver), "/relief/pledges/new/", 422, **data)
    assert not Pledge.objects.exists()


def test_the_receiving_side_confirms_on_the_page(relief, promise, browser_of):
    pledge = promise(relief.mask, 10)
    path = f"/relief/pledges/{pledge.reference}/"
    button = "Confirm for the receiving side"
    assert button in page(browser_of(relief.agent), path)
    for who in (relief.giver, relief.far_agent, relief.visitor):
        assert button not in page(browser_of(who), path)
        assert browser_of(who).post(f"{path}confirm/").status_code == 403
    assert browser_of(None).post(f"{path}confirm/").status_code == 302
    assert browser_of(relief.agent).post(f"{path}confirm/").url == path
    pledge.refresh_from_db()
    assert pledge.state == "confirmed"
    again = browser_of(relief.agency_head)
    answer = again.post(f"{path}confirm/")
    assert answer.status_code == 422
    assert "cannot become “confirmed”" in answer.content.decode()


def test_a_split_is_settled_on_its_page_and_told_in_the_history(relief, promise, browser_of):
    pledge = promise(relief.mask, 100, {"ID": None, "MY": None})
    path = f"/relief/pledges/{pledge.reference}/split/{pledge.lines.get().pk}/"
    browser = browser_of(relief.giver)
    refused = page(browser, path, 422, ID="101", MY="", other="", reason="Letter of 2 April")
    assert "The parts come to 101, and the line promises 100." in refused
    assert 'value="101"' in refused
    data = {"ID": "60", "MY": "", "other": "TH", "other_quantity": "10", "reason": "Letter"}
    assert browser.post(path, data).url == f"/relief/pledges/{pledge.reference}/"
    text = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    assert "Split of Surgical mask:" in text
    assert "Indonesia: not known → 60" in text
    assert "Thailand: not known → 10" in text
    assert "Malaysia: not known" not in text
    assert "Not published yet: the part of Malaysia." in text


def test_a_line_of_another_pledge_is_not_found(relief, promise, browser_of):
    one, other = promise(relief.mask, 10), promise(relief.mask, 20)
    path = f"/relief/pledges/{one.reference}/split/{other.lines.get().pk}/"
    assert browser_of(relief.giver).get(path).status_code == 404


def test_a_line_is_added_on_its_page(relief, promise, browser_of):
    pledge = promise(relief.mask, 10)
    path = f"/relief/pledges/{pledge.reference}/line/"
    data = {"line-item": relief.kit.pk, "line-quantity": "5", "line-countries": "Kenya"}
    browser = browser_of(relief.giver)
    page(browser, path, 422, **(data | {"line-countries": ""}))
    assert browser.post(path, data).status_code == 302
    assert list(pledge.lines.values_list("item__code", "quantity")) == [
        ("mask", 10),
        ("test-kit", 5),
    ]


def test_a_pledge_ends_on_its_page_with_a_reason_that_all_may_read(relief, promise, browser_of):
    pledge = promise(relief.mask, 10)
    path = f"/relief/pledges/{pledge.reference}/"
    browser = browser_of(relief.giver)
    page(browser, f"{path}close/", 422, reason=" ")
    assert browser_of(relief.agent).post(f"{path}close/", {"reason": "x"}).status_code == 403
    assert browser.post(f"{path}other/", {"reason": "x"}).status_code == 404
    assert browser.post(f"{path}withdraw/", {"reason": "Listed twice"}).url == path
    text = page(browser_of(None), path)
    assert "Withdrawn." in text
    assert "Listed twice" in text
    assert "Withdraw the pledge" not in page(browser, path)
    answer = browser.post(f"{path}close/", {"reason": "Again"})
    assert answer.status_code == 422
    assert "cannot become" in answer.content.decode()


def test_claims_of_the_publication_stand_apart_from_the_ledger(relief, promise, browser_of):
    pledge = promise(
        relief.mask,
        0,
        lines=[
            Promised(
                relief.mask,
                300_000,
                {"JP": None},
                recipient_as_published="ALOGJAPAN CO.,LTD",
                progress_as_published="Arrived",
            )
        ],
        is_example=True,
    )
    text = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    ledger, published = text.split("As published")
    assert "ALOGJAPAN CO.,LTD" in published
    assert "Arrived" not in ledger
    assert "An example. This did not happen." in text


def test_the_page_shows_what_was_sent_and_hides_what_is_being_packed(
    relief, promise, send, browser_of
):
    pledge = promise(relief.mask, 1000)
    sent = send(pledge, relief.mask, 250)
    consignments.arrive(consignment=sent, key="a", happened_at=timezone.now(), by=relief.agent)
    packing = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, pledge=pledge, by=relief.giver
    )
    text = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    assert "Surgical mask: pledged 1,000, shipped 250, arrived 250, received 0" in text
    assert '<rect class="bar-shipped" width="250"' in text
    assert sent.reference in text
    assert "Agency store" in text
    assert packing.reference not in text


def test_a_restricted_place_is_told_by_its_country_alone(relief, promise, send, browser_of):
    hidden = places.add_place(
        name="Hidden clinic", kind=PlaceKind.FACILITY, country="ID", is_restricted=True, by=None
    )
    pledge = promise(relief.mask, 1000)
    send(pledge, relief.mask, 5, to=hidden)
    text = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    assert "Hidden clinic" not in text
    assert "<bdi>a facility in Indonesia</bdi>" in text


def test_goods_for_several_countries_are_told_by_country(relief, promise, send, browser_of):
    pledge = promise(relief.mask, 1000, {"ID": None, "FR": None})
    send(pledge, relief.mask, 5)
    one = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    assert "By country" not in one
    send(pledge, relief.mask, 7, to=relief.other_ward)
    two = page(browser_of(None), f"/relief/pledges/{pledge.reference}/")
    assert '<th scope="row">France</th>' in two
    assert '<th scope="row">Indonesia</th>' in two


def test_the_list_is_narrowed_and_says_so_when_nothing_is_left(relief, promise, browser_of):
    masks, kits = promise(relief.mask, 10), promise(relief.kit, 20, {"KE": None})
    browser = browser_of(None)
    found = page(browser, "/relief/pledges/?country=KE")
    assert (masks.reference in found, kits.reference in found) == (False, True)
    found = page(browser, "/relief/pledges/?item=mask&donor=foundation")
    assert (masks.reference in found, kits.reference in found) == (True, False)
    assert "No pledge is of this donor" in page(browser, "/relief/pledges/?item=mask&country=KE")


def test_an_empty_list_says_what_it_is_for(db, browser_of):
    assert "No pledge is on record yet." in page(browser_of(None), "/relief/pledges/")


def test_the_list_costs_the_same_for_one_and_for_many(
    relief, promise, send, browser_of, django_assert_num_queries
):
    browser = browser_of(None)
    send(promise(relief.mask, 10), relief.mask, 5)
    with django_assert_num_queries(9):
        page(browser, "/relief/pledges/")
    for _number in range(4):
        send(promise(relief.kit, 10, {"ID": None, "MY": 3}), relief.kit, 5)
    with django_assert_num_queries(9):
        page(browser, "/relief/pledges/")


def test_a_pledge_costs_the_same_for_one_line_and_for_many(
    relief, promise, send, browser_of, django_assert_num_queries
):
    pledge = promise(relief.mask, 10)
    send(pledge, relief.mask, 5)
    browser = browser_of(None)
    with django_assert_num_queries(7):
        page(browser, f"/relief/pledges/{pledge.reference}/")
    for item in (relief.kit, relief.mask, relief.kit):
        giving.add_line(pledge=pledge, line=Promised(item, 5, {"ID": 1, "MY": 2}), by=None)
        send(pledge, item, 1)
    with django_assert_num_queries(7):
        page(browser, f"/relief/pledges/{pledge.reference}/")


def test_the_dashboard_part_shows_a_donors_pledges(relief, promise):
    assert render_to_string("relief/giving/_mine.html", {"pledges": []}).strip() == ""
    pledge = promise(relief.mask, 10)
    with translation.override("en"):
        text = render_to_string(
            "relief/giving/_mine.html", {"pledges": queries.donor_overview(relief.giver)}
        )
    assert pledge.reference in text
    assert "Your pledges" in text


def test_a_restricted_donor_is_told_by_its_country_alone(relief, promise, browser_of):
    hidden = places.add_place(
        name="Quiet giver", kind=PlaceKind.DONOR, country="CN", is_restricted=True, by=None
    )
    pledge = promise(relief.mask, 10, donor=hidden, by=None)
    for path in ("/relief/pledges/", f"/relief/pledges/{pledge.reference}/"):
        text = page(browser_of(None), path)
        assert "Quiet giver" not in text
        assert "a donor in China" in text
