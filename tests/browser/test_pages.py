"""Every page, in a real browser: accessible, light, and readable without script."""

import gzip
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

READ = "/guidelines/respiratory-infection"
#: Address, who opens it, in which language of the site.
PAGES = [
    ("/", "", "en"), ("/", "", "ar"), ("/", "translator", "en"), ("/guidelines/", "", "zh-CN"),
    (f"{READ}/en/", "", "en"), (f"{READ}/id/", "", "id"), (f"{READ}/ar/", "", "ar"),
    (f"{READ}/fr/?original=all", "", "fr"), (f"{READ}/id/", "coordinator", "en"),
    (f"{READ}/zh/", "translator", "en"),
    (f"{READ}/zh/translate/", "translator", "en"), (f"{READ}/zh/review/", "clinician.zh", "en"),
    (f"{READ}/manage/", "coordinator", "en"), ("/guidelines/import/", "coordinator", "en"),
    ("/work/", "clinician.zh", "en"), ("/nowhere/", "", "en"), ("/account/login/", "", "fr"),
    ("/account/signup/", "", "en"), ("/account/password/reset/", "", "ar"),
    ("/account/logout/", "translator", "en"), ("/account/password/change/", "translator", "en"),
    ("/account/email/", "translator", "en"),
]  # fmt: skip


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize(("path", "who", "language"), PAGES)
def test_axe_finds_nothing(visit, path, who, language, size):
    page = visit(path, as_=who, language=language, size=size)
    page.wait_for_load_state("networkidle")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def fetch(url: str, path: str) -> bytes:
    request = urllib.request.Request(url + path, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as answer:
        body: bytes = answer.read()
        assert answer.headers["Content-Encoding"] == "gzip" or len(body) < 900, path
        return body


@pytest.mark.parametrize("language", ["en", "id", "fr", "ar"])
def test_a_reading_page_weighs_less_than_30_kb_with_all_it_loads(site, language):
    body = fetch(site.url, f"{READ}/{language}/")
    html = gzip.decompress(body).decode()
    total = len(body)
    for part in html.split('href="')[1:] + html.split('src="')[1:]:
        address = part.split('"')[0]
        if address.startswith("/static/"):
            total += len(fetch(site.url, address))
    assert total <= 30_000


@pytest.mark.parametrize("language", ["en", "id", "ar"])
def test_a_guideline_is_read_without_script(visit, language):
    page = visit(f"{READ}/{language}/", script=False, size=PHONE)
    assert page.locator(".passage").count() > 50
    if language != "en":
        page.locator("a.mark").nth(3).click()
        assert page.locator(".source").count() == 1


def test_a_tap_on_the_mark_opens_the_original_in_place(visit):
    page = visit(f"{READ}/id/", size=PHONE)
    address = page.url
    page.locator("a.mark").nth(3).click()
    page.locator(".source").wait_for()
    assert page.url == address
    assert page.locator(".source").get_attribute("lang") == "en"


def test_the_page_prints_without_its_frame(visit):
    page = visit(f"{READ}/id/")
    page.emulate_media(media="print")
    assert not page.locator(".top nav").is_visible()
    assert page.locator("h1").is_visible()
    assert page.locator(".mark").first.is_visible()


def test_the_language_of_the_site_is_kept_on_this_device(visit):
    page = visit(f"{READ}/id/")
    page.locator("header.top details summary").click()
    page.locator("header.top details a", has_text="français").click()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.url.endswith(f"{READ}/id/")
    page.goto("/")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_nothing_is_loaded_from_elsewhere(visit, site):
    page = visit("/account/login/")
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path, who, _language in PAGES[:4]:
        if not who:
            page.goto(path)
    assert hosts == {site.url.split("/")[2]}
