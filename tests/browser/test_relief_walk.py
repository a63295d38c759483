"""Goods the whole way once, in a real browser: pledged, packed, flown, held by customs, counted
with losses at the airport, sent on, and received and signed for on a ward's phone; the public page
then adds up."""

import re
from datetime import date

import pytest

from tests.browser.conftest import PHONE, sign

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


def in_english(visit, who, path, **more):
    """A page as a demo account, with the site in English."""
    return visit(f"/language/en/?next={path}", as_=who, **more)


def take_step(page, name, /, **fields):
    """Open a step of a consignment's page, fill it in and post it."""
    step = page.locator("details.step", has=page.locator(f'form[action$="/step/{name}/"]'))
    if step.get_attribute("open") is None:
        step.locator("summary").click()
    for field_name, value in fields.items():
        field = step.locator(f"[name={name}-{field_name}]")
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    step.locator("button").click()
    page.locator(".notice[role=status]").first.wait_for()


def add_boxes(page, **fields):
    """Put a run of boxes on the packing list."""
    for name, value in fields.items():
        field = page.locator(f"form:has(input[value=add]) [name={name}]")
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Add to the list").click()
    page.locator(".notice[role=status]").first.wait_for()


def save(page, paper):
    page.locator("[data-save]").click()
    page.locator("[data-saved-title]", has_text=f"{paper}-").wait_for()


def figures(page):
    """What the public page says of the chosen item, by figure."""
    words = page.locator("main").inner_text()
    return {
        name: int(found[1].replace(",", ""))
        for name in ("Pledged", "Shipped", "Arrived", "Handed over", "Received", "Used", "Damaged")
        if (found := re.search(rf"^{name}\s+([\d,]+)$", words, re.M))
    }


def test_from_a_pledge_to_a_ward(visit):
    # The donor pledges, packs and sends.
    donor = in_english(visit, "donor", "/relief/pledges/new/")
    donor.fill("[name=announced_on]", date.today().isoformat())
    donor.select_option("[name$='0-item']", label="Face shield (piece)")
    donor.fill("[name$='0-quantity']", "2000")
    donor.fill("[name$='0-countries']", "Indonesia\nMalaysia")
    donor.get_by_role("button", name="Put the pledge on record").click()
    donor.wait_for_url(re.compile(r"/relief/pledges/P-\d{4}-\d{5}/"))
    pledge = donor.url.rstrip("/").rsplit("/", 1)[1]
    assert "not published" in donor.locator("main").inner_text()

    donor.goto("/relief/consignments/new/")
    donor.fill("[name=destination]", "example agency store")
    donor.select_option("[name=pledge]", label=pledge)
    donor.get_by_role("button", name="Go on to the packing list").click()
    donor.wait_for_url("**/packing/")
    add_boxes(
        donor, first="1", boxes="4", item="Face shield (piece)", quantity="250", lot="FS-WALK"
    )
    donor.get_by_role("link", name="The list is done").click()
    flight = donor.locator("h1").inner_text()
    take_step(donor, "dispatch", location="Hangzhou")

    # The agency sees it land, held and released, and counts it on a phone: 240 of the first box
    # are good and ten are broken; the fourth box is not there.
    agency = in_english(visit, "agency", f"/relief/consignments/{flight}/")
    take_step(agency, "arrive", location="An airport")
    take_step(agency, "stage", kind="held", note="A paper is missing.")
    assert agency.get_by_role("link", name="Count and receive").count() == 0
    take_step(agency, "stage", kind="released")
    phone = in_english(visit, "agency", f"/relief/consignments/{flight}/receive/", size=PHONE)
    lines = phone.locator(".line")
    # The script makes the lines once the page is there.
    lines.nth(3).wait_for(state="attached")
    assert lines.count() == 4
    for at in range(3):
        lines.nth(at).get_by_role("button", name="All here").click()
    lines.nth(0).locator(".line-open").click()
    for _ in range(10):
        lines.nth(0).get_by_role("button", name="damaged: one more").click()
    assert "240 good · 10 damaged" in lines.nth(0).locator(".line-state").inner_text()
    phone.get_by_role("radio", name="Yes, this is all").check()
    sign(phone, "receiver")
    save(phone, "GRN")
    agency.reload()
    words = agency.locator("main").inner_text()
    assert "partly received" in words
    assert "missing: 250" in words
    assert "damaged: 10" in words

    # It sends 300 on to a ward, first expiry first.
    agency.goto("/relief/consignments/new/")
    agency.fill("[name=destination]", "ward, Bandung")
    agency.get_by_role("button", name="Go on to the packing list").click()
    agency.wait_for_url("**/packing/")
    add_boxes(agency, first="1", boxes="2", item="Face shield (piece)", quantity="150")
    agency.get_by_role("link", name="The list is done").click()
    delivery = agency.locator("h1").inner_text()
    take_step(agency, "dispatch", location="Jakarta")

    # The ward signs for it on a phone.
    ward = in_english(visit, "ward", f"/relief/consignments/{delivery}/receive/", size=PHONE)
    ward.locator(".line").nth(1).wait_for(state="attached")
    for line in ward.locator(".line").all():
        line.get_by_role("button", name="All here").click()
    ward.get_by_role("radio", name="Yes, this is all").check()
    sign(ward, "receiver")
    save(ward, "POD")
    ward.goto(f"/relief/consignments/{delivery}/")
    assert "POD-" in ward.locator("main").inner_text()
    paper = ward.locator("a[href$='.pdf']", has_text="signed paper")
    answer = ward.request.get(paper.get_attribute("href"))
    assert answer.status == 200
    assert answer.body().startswith(b"%PDF-")

    # Anybody can add it up, and open what is beneath a number.
    public = visit("/relief/?example=1&item=face-shield")
    assert figures(public) == {
        "Pledged": 2000, "Shipped": 1000, "Arrived": 1000, "Handed over": 740,
        "Received": 300, "Used": 0, "Damaged": 10,
    }  # fmt: skip
    public.locator("main a", has_text=re.compile(r"^740$")).first.click()
    public.get_by_role("link", name=re.compile(r"^GRN-")).first.click()
    beneath = public.locator("main").inner_text()
    assert "740" in beneath
    assert "Demo agency's logistics officer" not in beneath


@pytest.mark.parametrize("page", ["overview", "way", "pledges", "items"])
def test_public_pages_need_no_script(visit, page):
    path = {"overview": "/relief/?example=1", "pledges": "/relief/pledges/",
            "items": "/relief/items/", "way": "/relief/ways/C-2026-00001/"}[page]  # fmt: skip
    if page == "way":
        path = f"/relief/ways/C-{date.today().year}-00001/"
    shown = visit(path, size=PHONE, script=False)
    assert shown.locator("h1").inner_text()
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
