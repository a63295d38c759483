"""What is not public is on no public page, in no file, and in no address."""

import re
from html import unescape

import pytest
from django.urls import reverse

from medixchange.relief.actions import giving, places
from medixchange.relief.models import Document, PlaceKind
from medixchange.relief.queries.public import verify
from tests.relief.public.conftest import BEGAN, SECRETS

OURS = ("/relief/documents/", "/relief/ways/", "/relief/verify/", "/relief/figures.")


@pytest.fixture
def hidden_donor(history, books):
    """A donor who is not to be named, gave and promised masks."""
    donor = places.add_place(
        name="Hidden donor", kind=PlaceKind.DONOR, country="SY", is_restricted=True, by=None
    )
    giving.add_pledge(
        donor=donor, announced_on=BEGAN, by=None,
        lines=[giving.Promised(item=history.mask, quantity=11, countries={"ID": None})],
    )  # fmt: skip
    books.send(donor, history.store, [(books.lot(history.mask, "LOT-ONE", donor), 11)], 5)
    return donor


def crawl(client):
    """Every public page of relief that can be reached from the overview, and each paper's check."""
    todo = [
        reverse("relief"),
        *(reverse("relief_document", args=[row.number]) for row in Document.objects.all()),
        *(verify.check_path(row) for row in Document.objects.all()),
    ]
    seen = {}
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        answer = client.get(address)
        assert answer.status_code == 200, address
        seen[address] = answer.content.decode()
        for link in re.findall(r'href="([^"]+)"', seen[address]):
            link = unescape(link)
            if link.startswith("?"):
                link = address.split("?")[0] + link
            if link.startswith(OURS) or link.split("?")[0] == "/relief/":
                todo.append(link)
    return seen


def test_no_public_page_or_file_tells_what_is_not_public(client, history, hidden_donor, allocate):
    allocate("approved", 450)
    seen = crawl(client)
    kinds = {address.split("?")[0] for address in seen}
    assert reverse("relief_figures_csv") in kinds
    assert reverse("relief_figures_json") in kinds
    assert reverse("relief_way", args=[history.to_clinic.reference]) in kinds
    assert len([address for address in seen if "/verify/" in address]) > 10
    for address, page in seen.items():
        for secret in (*SECRETS, "424242", "hidden-donor"):
            assert secret not in page, f"{secret} in {address}"
            assert secret not in unescape(page), f"{secret} in {address}"
            assert secret not in address


def test_a_member_s_name_is_shown_to_that_member_alone(browser_of, history):
    pages = crawl(browser_of(history.storekeeper))
    for address, page in pages.items():
        found = page.replace('Sign out<span class="hidden"> Storekeeper</span>', "")
        assert "Storekeeper" not in found, address


def test_a_restricted_facility_is_a_facility_in_its_country(client, history):
    document = Document.objects.get(consignment=history.to_clinic, kind="delivery")
    page = client.get(reverse("relief_document", args=[document.number])).content.decode()
    assert "a facility in Indonesia" in page
    assert "09:00" not in page
    way = client.get(reverse("relief_way", args=[history.to_clinic.reference])).content.decode()
    assert "a facility in Indonesia" in way
    assert "Carrier" not in way
    assert "09:00" not in way


def test_a_place_that_is_restricted_later_is_hidden_with_all_its_accounts(client, history):
    history.ward.is_restricted = True
    history.ward.save()
    for page in crawl(client).values():
        assert "Ward" not in page.replace("Other ward", "")


def test_restricted_places_do_not_move_the_map(client, history):
    before = client.get(reverse("relief"), {"item": "mask"}).content.decode()
    history.clinic.latitude = 10
    history.clinic.save()
    after = client.get(reverse("relief"), {"item": "mask"}).content.decode()
    assert re.findall("<circle[^>]*>", before) == re.findall("<circle[^>]*>", after) != []


def test_where_a_stage_was_is_told_of_public_places_only(client, history):
    way = client.get(reverse("relief_way", args=[history.second.reference])).content.decode()
    assert "handed over" in way
    assert "Mr Somebody" not in way


def test_the_figures_count_what_is_restricted(client, history, hidden_donor):
    page = client.get(reverse("relief"), {"item": "mask"}).content.decode()
    assert "<b>1,011</b>" in page
    assert "other sources" in page
    asked = client.get(reverse("relief"), {"donor": hidden_donor.code})
    assert asked.status_code == 422
