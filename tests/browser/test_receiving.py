"""Receiving on a phone, the line dropping: nothing is lost, and nothing is posted twice."""

import io
import json
import subprocess
import sys
import zlib

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from pypdf import PdfReader

from tests.browser.conftest import DESKTOP, PASSWORD, PHONE, sign, until

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]


@pytest.fixture
def ledger(site):
    """Runs the seed on the site's data: ``ledger("ask", reference)``."""

    def run(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "tests.relief.receiving.seed", *arguments],
            env=site.environment, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.fixture
def goods(ledger, request):
    """Two consignments of this test alone, and the name of who receives them."""
    name = f"t{zlib.crc32(request.node.name.encode())}"
    return {**ledger("make", name, PASSWORD), "officer": f"logistics.{name}",
            "nurse": f"clinician.{name}"}  # fmt: skip


def on_the_phone(visit, who, **more):
    """The phone's page, once its worker has kept everything and the lists are there."""
    page = visit("/relief/phone/", as_=who, size=PHONE, **more)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.get_by_text("Connected.").wait_for()
    page.locator("[data-lists-here] a").first.wait_for()
    return page


def kept(page):
    """Wait until the phone says that what was last done is kept."""
    until(page, "document.querySelector('[data-kept]').textContent !== ''")
    page.wait_for_timeout(400)


def count(page, reference):
    """One damaged, two missing, one box scanned; signed by both; more is to come."""
    page.get_by_role("link", name=reference).click()
    first = page.locator(".line").first
    first.get_by_role("button", name="All here").click()
    first.locator(".line-open").click()
    first.get_by_role("button", name="damaged: one more").click()
    for _ in range(2):
        first.get_by_role("button", name="missing: one more").click()
    assert "97 good · 1 damaged · 2 missing" in first.locator(".line-state").inner_text()
    page.get_by_label("No, more is to come").check()
    page.locator("#giver-name-live").fill("Budi")
    sign(page, "receiver")
    kept(page)


def test_counted_without_a_line_and_sent_once_when_there_is_one(visit, ledger, goods):
    reference = goods["store"]
    page = on_the_phone(visit, goods["officer"])
    page.context.set_offline(True)
    page.reload()
    page.get_by_text("No line now.").wait_for()
    count(page, reference)

    # The page is closed in the middle, and opened again without a line.
    page.reload()
    page.locator(".line-state", has_text="97 good").wait_for()
    assert page.locator("#giver-name-live").input_value() == "Budi"
    assert page.get_by_label("No, more is to come").is_checked()

    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    page.goto("/relief/phone/")
    page.locator("[data-outbox]", has_text=reference).wait_for()
    page.reload()
    entry = page.locator("[data-outbox] li")
    assert "Kept on this phone, will be sent." in entry.inner_text()
    # What waits is no longer asked for.
    assert "Lines to count: 2" in page.locator("[data-lists-here] li").inner_text()
    assert ledger("ask", reference)["numbers"] == []

    page.context.set_offline(False)
    page.locator("[data-sent] a", has_text=reference).wait_for()
    page.get_by_text("Nothing waits to be sent.").wait_for()
    told = ledger("ask", reference)
    assert told["counts"] == [["accepted", 97, "M1"], ["damaged", 1, "M1"], ["missing", 2, "M1"]]
    assert told["cases"] == [["damaged", 1, "open"], ["missing", 2, "open"]]
    assert told["drawn"] == [["giver", False], ["receiver", True]]
    assert (len(told["numbers"]), told["state"], told["faults"]) == (1, "part_received", [])
    assert told["clock_off_seconds"] == [0]

    # The paper has what was counted and drawn.
    pdf = page.context.request.get(f"/relief/certificates/{told['numbers'][0]}.pdf").body()
    text = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "97 1 2" in text
    assert "Handed over by: Budi" in text


def test_an_answer_that_is_lost_does_not_post_twice(visit, ledger, goods):
    reference = goods["store"]
    page = on_the_phone(visit, goods["officer"])
    # Most browsers do not send from behind a closed page; here only the page sends.
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    page.reload()
    page.get_by_text("Connected.").wait_for()
    count(page, reference)
    lost = []

    def lose(route):
        if route.request.method != "POST" or len(lost) == 2:
            route.fallback()
            return
        # The server gets it and posts it; the phone never hears of that.
        answer = route.fetch()
        lost.append(answer.json()["answers"][0]["state"])
        route.abort("connectionreset")

    page.route("**/relief/sync/", lose)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    until(page, "document.querySelector('[data-saved]').hidden === false")
    page.goto("/relief/phone/")
    page.locator("[data-outbox]", has_text=reference).wait_for()
    page.get_by_role("button", name="Send now").click()
    page.locator("[data-sent] a", has_text=reference).wait_for()
    assert lost == ["posted", "posted_before"]
    told = ledger("ask", reference)
    assert len(told["numbers"]) == 1
    assert told["counts"] == [["accepted", 97, "M1"], ["damaged", 1, "M1"], ["missing", 2, "M1"]]
    assert told["faults"] == []


def test_a_count_that_is_refused_needs_somebody_and_loses_nothing(visit, ledger, goods):
    reference = goods["store"]
    page = on_the_phone(visit, goods["officer"])
    page.context.set_offline(True)
    count(page, reference)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    # Meanwhile a colleague has counted all of it, on another phone.
    other = visit(f"/relief/consignments/{reference}/receive/", as_=goods["officer"],
                  size=PHONE, language="fr")  # fmt: skip
    other.locator(".line").nth(2).wait_for()
    for button in other.locator(".as-listed").all():
        button.click()
    other.locator("[data-complete] input[value=yes]").check()
    other.locator("[data-save]").click()
    other.locator("[data-saved-title]", has_text="GRN-").wait_for()
    assert ledger("ask", reference)["state"] == "received"

    page.context.set_offline(False)
    page.goto("/relief/phone/")
    entry = page.locator("[data-outbox] li").first
    entry.get_by_text("Needs you").wait_for()
    assert f"All of {reference} is accounted for already" in entry.inner_text()
    # It can be looked at and changed; nothing of it is gone.
    entry.get_by_role("button", name="Put it right").click()
    page.wait_for_url("**/phone/count/**")
    page.locator(".line-state", has_text="97 good").wait_for()
    assert len(ledger("ask", reference)["numbers"]) == 1


def test_who_must_sign_in_again_loses_nothing(visit, ledger, goods):
    reference = goods["store"]
    page = on_the_phone(visit, goods["officer"])
    count(page, reference)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Sign in again. Nothing that was counted is lost.").wait_for()
    page.get_by_role("link", name="Sign in").click()
    page.fill("input[name=login]", f"{goods['officer']}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url("**/relief/phone/")
    page.locator("[data-sent] a", has_text=reference).wait_for()
    assert len(ledger("ask", reference)["numbers"]) == 1


def test_somebody_else_on_the_phone_does_not_send_it(visit, ledger, goods):
    page = on_the_phone(visit, goods["officer"])
    page.context.set_offline(True)
    count(page, goods["store"])
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    page.context.clear_cookies(name="sessionid")
    page.context.set_offline(False)
    page.goto("/account/login/?next=/relief/phone/")
    page.fill("input[name=login]", f"{goods['nurse']}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.locator("[data-lists-here] a", has_text=goods["ward"]).wait_for()
    # The nurse sees her own list, not the officer's, and his count waits for him.
    assert page.locator("[data-lists-here] a").count() == 1
    page.locator("[data-outbox]", has_text="must sign in here").wait_for()
    assert ledger("ask", goods["store"])["numbers"] == []


def test_signing_out_takes_the_lists_off_the_phone_but_not_what_waits(visit, goods):
    page = on_the_phone(visit, goods["officer"])
    page.context.set_offline(True)
    count(page, goods["store"])
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    page.goto("/relief/phone/")
    page.locator("[data-outbox]", has_text=goods["store"]).wait_for()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    page.get_by_role("button", name="Sign out").click()
    until(page, "document.querySelectorAll('[data-lists-here] a').length === 0")
    assert "Counts wait to be sent" in asked[0]
    assert page.locator("[data-outbox]", has_text=goods["store"]).count() == 1


def stores(page):
    """How many rows of each kind this phone keeps; nothing where it has never kept any."""
    return page.evaluate(
        """async () => {
          if (!(await indexedDB.databases()).some(({ name }) => name === "relief")) return {};
          const base = await new Promise((done) => {
            const request = indexedDB.open("relief");
            request.onsuccess = () => done(request.result);
          });
          const counted = [...base.objectStoreNames].map((name) => new Promise((done) => {
            const request = base.transaction(name).objectStore(name).count();
            request.onsuccess = () => done([name, request.result]);
          }));
          const found = Object.fromEntries(await Promise.all(counted));
          base.close();
          return found;
        }"""
    )


def test_signing_out_on_any_page_takes_what_is_kept_off_the_phone(visit, goods):
    page = on_the_phone(visit, goods["nurse"])
    assert stores(page)["lists"] == 1
    page.goto("/guidelines/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("banner").get_by_role("link", name="Sign in").wait_for()
    assert set(stores(page).values()) == {0}


def test_signing_out_asks_first_where_something_unsent_is_kept(visit, ledger, goods):
    page = on_the_phone(visit, goods["officer"])
    # Most browsers do not send from behind a closed page; here only the page sends.
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    page.reload()
    page.get_by_text("Connected.").wait_for()
    page.context.set_offline(True)
    count(page, goods["store"])
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Kept on this phone, will be sent.").wait_for()
    # With a line again, on a page that does not send by itself.
    page.route("**/relief/sync/", lambda route: route.abort())
    page.context.set_offline(False)
    page.goto("/guidelines/")
    asked, answer = [], [False, True]

    def decide(dialog):
        asked.append(dialog.message)
        if answer.pop(0):
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", decide)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_timeout(300)
    assert page.url.endswith("/guidelines/")
    assert (stores(page)["outbox"], stores(page)["lists"] > 0) == (1, True)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("banner").get_by_role("link", name="Sign in").wait_for()
    kept_now = stores(page)
    assert (kept_now.pop("outbox"), set(kept_now.values())) == (1, {0})
    assert len(asked) == 2
    assert asked[0].startswith("Counts wait to be sent")
    assert ledger("ask", goods["store"])["numbers"] == []


def test_signing_out_where_nothing_was_ever_kept_leaves_nothing_behind(visit):
    page = visit("/guidelines/", as_="translator")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("banner").get_by_role("link", name="Sign in").wait_for()
    assert stores(page) == {}


def test_a_nurse_signs_at_the_ward_with_a_scanner_and_a_photo(visit, ledger, goods, tmp_path):
    reference = goods["ward"]
    photo = tmp_path / "box.png"
    Image.new("RGB", (2400, 1200), "blue").save(photo)
    page = visit(f"/relief/consignments/{reference}/receive/", as_=goods["nurse"], size=PHONE)
    page.locator(".line").first.wait_for()
    scan = page.locator("#scan")
    scan.fill(f"00{ledger('ask', reference)['sscc'][0]}")
    scan.press("Enter")
    page.get_by_text("Box 1: counted as listed.").wait_for()
    assert "all here" in page.locator(".line-state").inner_text()
    page.get_by_role("button", name="Undo this box").click()
    assert "not counted" in page.locator(".line-state").inner_text()
    # Goods by GTIN and lot: those that are listed, and those that are not.
    scan.fill(f"(01){goods['gtin']}(10)M1")
    scan.press("Enter")
    page.get_by_text("Here is the lot.").wait_for()
    page.locator(".line").first.get_by_role("button", name="All here").click()
    scan.fill(f"(01){goods['gtin']}(10)X9")
    scan.press("Enter")
    page.get_by_text("This lot is not on the list.").wait_for()
    page.locator(".more-quantity").fill("3")
    scan.fill("(00)123456789012345675")
    scan.press("Enter")
    page.get_by_text("This code is not of this consignment").wait_for()
    page.set_input_files("[data-photos]", photo)
    page.get_by_alt_text("Photo 1").wait_for()
    page.get_by_label("Yes, this is all.").check()
    sign(page, "receiver")
    page.get_by_role("button", name="Save").click()
    page.locator("[data-saved-title]", has_text="POD-").wait_for()
    told = ledger("ask", reference)
    assert told["counts"] == [["accepted", 60, "M1"], ["wrong", 3, "X9"]]
    assert (told["state"], told["photos"]) == ("received", 1)
    page.get_by_role("link", name="Look at the consignment").click()
    page.wait_for_url(f"**/relief/consignments/{reference}/")


def test_what_was_missing_and_comes_after_all_ends_its_case(visit, ledger, goods):
    reference = goods["ward"]
    page = visit(f"/relief/consignments/{reference}/receive/", as_=goods["nurse"], size=PHONE)
    page.locator(".line-open").click()
    page.locator(".line input[data-outcome=accepted]").fill("50")
    page.get_by_label("Yes, this is all.").check()
    page.get_by_text("60 piece will be reported missing").wait_for(state="hidden")
    page.get_by_text("10 piece will be reported missing").wait_for()
    page.get_by_role("button", name="Save").click()
    page.locator("[data-saved-title]", has_text="POD-").wait_for()
    page.goto(f"/relief/consignments/{reference}/receive/")
    page.locator(".line-state", has_text="said to be missing: 10").wait_for()
    page.get_by_role("button", name="All here").click()
    page.get_by_label("Yes, this is all.").check()
    page.get_by_text("All that is counted is as listed.").wait_for()
    page.get_by_role("button", name="Save").click()
    page.locator("[data-saved-title]", has_text="POD-").wait_for()
    told = ledger("ask", reference)
    assert told["cases"] == [["missing", 10, "resolved"]]
    assert (told["state"], len(told["numbers"]), told["faults"]) == ("received", 2, [])


def test_the_page_itself_opens_without_a_line(visit, goods):
    page = visit(f"/relief/consignments/{goods['ward']}/receive/", as_=goods["nurse"], size=PHONE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator(".line").first.wait_for()
    page.context.set_offline(True)
    page.reload()
    page.locator(".line").first.wait_for()
    assert page.url.endswith(f"/relief/phone/count/#{goods['ward']}")


def at_the_ward(visit, ledger, goods, quantity):
    """The page of the nurse's ward for what was used, with so many masks there."""
    name = goods["nurse"].removeprefix("clinician.")
    ledger("stock", name, str(quantity))
    page = on_the_phone(visit, goods["nurse"])
    page.get_by_role("link", name=f"Example ward {name}").click()
    page.locator("#item option", has_text=f"· {quantity} piece").wait_for(state="attached")
    return page, name


def record(page, quantity):
    page.locator("#item").select_option(index=1)
    page.get_by_label("Quantity used").fill(str(quantity))
    page.get_by_role("button", name="Record use").click()


def test_use_is_recorded_without_a_line_and_posted_once_when_there_is_one(visit, ledger, goods):
    page, name = at_the_ward(visit, ledger, goods, 100)
    page.context.set_offline(True)
    page.reload()
    record(page, "1.000")
    page.get_by_text("Write whole numbers in digits only: 1.000").wait_for()
    record(page, 30)
    page.locator("[data-done] li", has_text="30 piece").wait_for()
    record(page, 12)
    page.locator("[data-done] li", has_text="12 piece").wait_for()
    # What waits counts as used, also after the page was closed.
    page.reload()
    page.locator("#item option", has_text="· 58 piece").wait_for(state="attached")
    until(page, "document.querySelectorAll('[data-done] li').length === 2")
    page.goto("/relief/phone/")
    until(page, "document.querySelectorAll('[data-outbox] h3').length === 2")
    assert ledger("used", name) == {"used": [], "left": 100, "faults": []}

    # The answer to the first is lost on its way back: it is sent again, and posted once.
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/relief/sync/", lose)
    page.context.set_offline(False)
    page.get_by_text("Nothing waits to be sent.").wait_for()
    page.locator("[data-sent] a", has_text="30 piece").wait_for()
    page.locator("[data-sent] a", has_text="12 piece").wait_for()
    told = ledger("used", name)
    assert (sorted(told["used"]), told["left"], told["faults"]) == ([12, 30], 58, [])
    page.locator("[data-places-here] .meta", has_text="· 58 piece").wait_for()


def test_a_use_that_is_refused_is_kept_with_the_reason_and_put_right(visit, ledger, goods):
    page, name = at_the_ward(visit, ledger, goods, 20)
    record(page, 25)
    refused = page.locator("[data-done] li", has_text="Needs you: it was not taken.")
    refused.wait_for()
    assert "holds 20 piece" in refused.inner_text()
    page.goto("/relief/phone/")
    entry = page.locator("[data-outbox] li", has_text="25 piece")
    assert "holds 20 piece" in entry.locator(".problems").inner_text()
    entry.get_by_role("button", name="Put it right").click()
    page.wait_for_url("**/relief/phone/use/**")
    quantity = page.get_by_label("Quantity used")
    quantity.wait_for()
    assert quantity.input_value() == "25"
    quantity.fill("15")
    page.get_by_role("button", name="Record use").click()
    page.locator("[data-done] li", has_text="Sent and posted as USE-").wait_for()
    assert ledger("used", name) == {"used": [15], "left": 5, "faults": []}
    until(page, "document.querySelectorAll('[data-done] li').length === 1")


def test_what_is_wrong_is_said_before_anything_is_saved(visit, ledger, goods):
    page = visit(f"/relief/consignments/{goods['ward']}/receive/", as_=goods["nurse"], size=PHONE)
    page.locator(".line-open").first.click()
    page.locator(".line input[data-outcome=accepted]").first.fill("1.000")
    page.locator("#receiver-name-live").fill("")
    page.get_by_role("button", name="Add goods that are not on the list").click()
    page.get_by_role("button", name="Save").click()
    wrong = page.locator("[data-problems] li")
    wrong.first.wait_for()
    assert wrong.count() == 4
    assert "1.000" in wrong.first.inner_text()
    assert page.evaluate("document.activeElement.hasAttribute('data-problems')")
    assert ledger("ask", goods["ward"])["numbers"] == []


def test_the_form_works_without_script(visit, ledger, goods):
    page = visit(
        f"/relief/consignments/{goods['ward']}/receive/", as_=goods["nurse"], size=PHONE,
        script=False,
    )  # fmt: skip
    page.locator(".plain-line input").first.fill("60")
    page.locator("#giver-name").fill("Budi")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Posted as POD-").wait_for()
    told = ledger("ask", goods["ward"])
    assert (told["counts"], told["state"]) == ([["accepted", 60, "M1"]], "received")


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_on_the_pages_of_receiving(visit, ledger, goods, size, language):
    def check(page):
        results = Axe().run(page)
        assert results.violations_count == 0, (page.url, results.generate_report())
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, page.url

    reference = goods["store"]
    page = visit(f"/relief/consignments/{reference}/receive/", as_=goods["officer"],
                 size=size, language=language)  # fmt: skip
    page.locator(".line-open").first.click()
    page.locator("[data-add-more]").click()
    page.locator("[data-save]").click()
    page.locator("[data-problems] li").first.wait_for()
    check(page)
    page.locator(".more-off").click()
    page.locator(".line input[data-outcome=accepted]").first.fill("90")
    page.locator("[data-complete] input[value=yes]").check()
    page.locator("[data-save]").click()
    page.locator("[data-saved-title]", has_text="GRN-").wait_for()
    check(page)
    page.goto("/relief/phone/")
    page.locator("[data-sent] a").wait_for()
    check(page)
    ledger("stock", goods["nurse"].removeprefix("clinician."), "20")
    nurse = visit("/relief/phone/", as_=goods["nurse"], size=size, language=language)
    nurse.locator("[data-places-here] a").click()
    record(nurse, 25)
    nurse.locator("[data-done] li").wait_for()
    check(nurse)
    nurse.goto(f"/relief/places/{nurse.url.partition('#')[2]}/")
    nurse.locator("a.lot").first.click()
    check(nurse)
    page.goto("/relief/cases/")
    check(page)
    page.locator("main .list a").first.click()
    page.locator("main details.step").evaluate_all(
        "all => all.forEach(one => { one.open = true; })"
    )
    check(page)
