"""Search in a real browser: on a slow phone, without script, as one types, by the keyboard."""

import gzip
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE, until
from tests.browser.test_pages import fetch

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

ARABIC = f"/search/?q={quote('كمامة')}"
#: Address, who opens it, in which language of the site.
PAGES = [
    ("/search/", "", "en"), ("/search/?q=mask", "", "en"), (ARABIC, "", "ar"),
    ("/search/?q=masker&kind=guideline&approved=1", "", "id"),
    (f"/search/?q={quote('通风')}", "", "zh-CN"), ("/search/?q=zzzzqqqq", "", "fr"),
    ("/search/compare/?q=mask", "", "en"), ("/search/saved/", "translator", "en"),
    ("/search/saved/new/?q=mask", "translator", "en"), ("/search/missing/", "coordinator", "en"),
]  # fmt: skip
#: The answers' links, and what a line of the page tells a reader who cannot see it.
LINKS, SAID = ".answers h3 a", "#said"


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("path", "who", "language"), PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(visit, path, who, language, size):
    if path == "/search/saved/":
        saving = visit(
            "/search/saved/new/?q=mask&country=ID", as_=who, language=language, size=size
        )
        saving.click("main form button")
    if path == "/search/missing/":
        visit("/search/?q=zzzzqqqq&go=1", as_=who, language=language, size=size)
    page = visit(path, as_=who, language=language, size=size)
    page.wait_for_load_state("networkidle")
    for fold in page.locator("main details:not([open]) > summary").all():
        fold.click()
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/search/", "/search/?q=the", "/search/?q=mask", ARABIC])
def test_a_page_of_answers_weighs_less_than_30_kb_with_all_it_loads(site, path):
    body = fetch(site.url, path)
    html = gzip.decompress(body).decode()
    total = len(body)
    for part in html.split('href="')[1:] + html.split('src="')[1:]:
        address = part.split('"')[0]
        if address.startswith("/static/"):
            total += len(fetch(site.url, address))
    assert total <= 30_000


@pytest.mark.parametrize(
    ("language", "word", "direction"), [("id", "masker", "ltr"), ("ar", "كمامة", "rtl")]
)
def test_without_script_she_asks_narrows_and_opens_the_exact_place(
    visit, language, word, direction
):
    page = visit("/", script=False, size=PHONE, language=language)
    page.fill("#q", word)
    page.press("#q", "Enter")
    assert urlsplit(page.url).path == "/search/"
    assert page.locator("html").get_attribute("dir") == direction
    assert page.locator("input[name=kind]").count() == 2
    page.click("#narrow summary")
    page.check("input[name=kind][value=guideline]")
    page.click("#narrow button")
    assert "kind=guideline" in page.url
    assert len(set(page.locator(".answers .kind").all_inner_texts())) == 1
    link = page.locator(LINKS).first
    place = urlsplit(link.get_attribute("href")).fragment
    # A table's cells stand apart by dots in the answer, by lines on the page.
    quoted = page.locator(".answers blockquote").first.inner_text().strip("… ").replace("·", " ")
    link.click()
    there = " ".join(page.locator(f"#{place}").inner_text().split())
    assert " ".join(quoted.split()[:8]) in there


def test_answers_come_while_one_types_one_request_at_a_time(visit):
    page = visit("/search/", size=PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#q").press_sequentially("mask", delay=20)
    until(page, "document.querySelectorAll('.answers li').length > 0")
    assert [urlsplit(url).query for url in asked if "/results/" in url] == ["q=mask"]
    assert urlsplit(page.url).query == "q=mask"
    assert page.inner_text(SAID) == page.inner_text("#count")
    assert page.locator("#q").evaluate("box => box === document.activeElement")


def test_an_older_request_is_given_up_for_a_newer_one(visit):
    page = visit("/search/")
    held = []
    page.route("**/results/?q=ma", lambda route: held.append(route))
    page.locator("#q").press_sequentially("ma")
    until(page, "document.querySelector('#answers').getAttribute('aria-busy') === 'true'")
    page.locator("#q").press_sequentially("sk")
    until(page, "document.querySelectorAll('.answers mark').length > 0")
    failed = page.evaluate(
        "performance.getEntriesByType('resource')"
        ".filter(e => e.name.endsWith('?q=ma') && e.responseStatus === 200).length"
    )
    assert (len(held), failed) == (1, 0)
    assert urlsplit(page.url).query == "q=mask"


def test_the_keyboard_goes_through_the_answers_and_back(visit):
    page = visit("/search/?q=mask")
    active = "document.activeElement"
    page.locator("#count").click()
    page.keyboard.press("/")
    assert page.evaluate(f"{active}.id") == "q"
    assert page.input_value("#q") == "mask"
    hrefs = page.eval_on_selector_all(LINKS, "links => links.map(a => a.getAttribute('href'))")
    for href in (hrefs[0], hrefs[1]):
        page.keyboard.press("ArrowDown")
        assert page.evaluate(f"{active}.getAttribute('href')") == href
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(f"{active}.id") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert page.evaluate(f"{active}.id") == "q"
    page.keyboard.press("Escape")
    assert page.input_value("#q") == ""
    until(page, "document.querySelector('.examples') !== null")
    assert urlsplit(page.url).query == ""
    page.fill("#q", "mask")
    until(page, "document.querySelectorAll('.answers li').length > 0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{hrefs[0]}")


def test_back_brings_the_question_before(visit):
    page = visit("/search/?q=mask")
    page.check("input[name=kind][value=guideline]")
    page.wait_for_url("**/search/?q=mask&kind=guideline")
    page.fill("#q", "hand")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=hand&kind=guideline")
    page.go_back()
    until(page, "document.querySelector('#q').value === 'mask'")
    page.go_back()
    until(page, "document.querySelector('input[value=guideline]:checked') === null")
    assert urlsplit(page.url).query == "q=mask"


def test_narrowing_keeps_the_place_of_the_keyboard(visit):
    page = visit("/search/?q=mask")
    page.focus("input[name=kind][value=guideline]")
    page.keyboard.press("Space")
    page.wait_for_url("**/search/?q=mask&kind=guideline")
    until(page, "document.querySelector('#answers').getAttribute('aria-busy') === null")
    assert page.evaluate("document.activeElement.value") == "guideline"
    assert page.is_checked("input[name=kind][value=guideline]")


def test_when_the_site_cannot_be_reached_the_answers_stay_and_it_is_said(visit):
    page = visit("/search/?q=mask")
    before = page.locator(LINKS).count()
    page.route("**/results/**", lambda route: route.abort())
    page.fill("#q", "masks")
    until(page, "document.querySelector('#said').textContent.includes('cannot be reached')")
    assert page.is_visible(SAID)
    assert page.locator(LINKS).count() == before
    page.unroute("**/results/**")
    page.fill("#q", "mask")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('#said').textContent.includes('answer')")
    assert not page.locator(f"{SAID}:not(.hidden)").count()


def test_only_sending_off_counts_as_asked(visit):
    page = visit("/search/", as_="coordinator")
    page.fill("#q", "qqqqtyped")
    until(page, "document.querySelector('#count') !== null")
    page.fill("#q", "qqqqsent")
    page.keyboard.press("Enter")
    until(page, "document.querySelector('input[name=q][value=qqqqsent]') !== null")
    assert urlsplit(page.url).query == "q=qqqqsent"
    page.wait_for_load_state("networkidle")
    missing = visit("/search/missing/", as_="coordinator").inner_text("main")
    assert "qqqqsent" in missing
    assert "qqqqtyped" not in missing
