"""The public overview: for anybody, without script, small, and the same few queries always."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from medixchange.relief.actions import giving
from medixchange.relief.models import DocumentKind, PlaceKind
from tests.relief.public.conftest import BEGAN

PAGE = reverse("relief")


def text(response):
    return response.content.decode()


def test_the_page_shows_every_figure_with_the_address_of_its_documents(client, history):
    page = text(client.get(PAGE))
    for figure, value in (
        ("pledged", "1,300"),
        ("shipped", "1,000"),
        ("arrived", "800"),
        ("handed_over", "700"),
        ("received", "485"),
        ("used", "120"),
        ("damaged", "40"),
        ("lost", "60"),
    ):
        address = f"{reverse('relief_documents')}?item=mask&amp;figure={figure}"
        assert f'<a href="{address}"><b>{value}</b></a>' in page, figure
    assert "split between Indonesia and Malaysia not published" in page
    assert "no sum over them" in page


@pytest.mark.parametrize("who", [None, "giver", "nurse", "outsider", "staff"])
def test_everybody_reads_the_same(history, browser_of, who):
    client = browser_of(getattr(history, who) if who else None)
    for page in (PAGE, PAGE + "?item=mask", reverse("relief_figures_csv")):
        assert client.get(page).status_code == 200
    assert "<b>1,300</b>" in text(client.get(PAGE))


def test_an_empty_ledger_says_what_comes(client, db):
    page = text(client.get(PAGE))
    assert "Nothing is recorded for this." in page
    assert "Figures appear once a donor pledges goods" in page


def test_one_item_has_no_table_of_items(client, history):
    assert "All items" in text(client.get(PAGE))
    assert "All items</h2>" not in text(client.get(PAGE, {"item": "mask"}))


@pytest.mark.parametrize(
    "asked",
    [
        {"item": "nothing"},
        {"donor": "nobody"},
        {"country": "ZZ"},
        {"since": "yesterday"},
        {"since": "2025-04-01", "until": "2025-03-01"},
    ],
)
def test_a_filter_that_names_nothing_shows_no_figures(client, history, asked):
    page = client.get(PAGE, asked)
    assert page.status_code == 422
    assert "no figures are shown" in text(page)
    assert "1,300" not in text(page)
    assert client.get(reverse("relief_figures_csv"), asked).status_code == 422
    answer = client.get(reverse("relief_figures_json"), asked)
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["where"] in asked
    assert client.get(reverse("relief_documents"), asked).status_code == 422


def test_the_filters_asked_for_are_said_in_words(client, history):
    page = text(
        client.get(
            PAGE,
            {"item": "mask", "country": "ID", "donor": "foundation", "since": "2025-03-05"},
        )
    )
    assert "Surgical mask · given by Foundation · for Indonesia" in page
    assert "from the week of Monday March 3, 2025" in page
    assert "changes within the weeks chosen" in page
    assert "in stores: more than at the beginning" in page
    assert "pledged and not sent" not in page
    assert 'class="picture river"' not in page


def test_a_country_is_told_what_is_not_split(client, history):
    page = text(client.get(PAGE, {"country": "ID"}))
    assert "in none of the figures above" in page
    # 800 were sent, of what was pledged to two countries together: they are not beyond a pledge.
    assert "sent beyond what is pledged to this country alone" in page
    assert "sent beyond what was pledged" not in page


def test_the_page_needs_no_script_and_no_style_of_its_own(client, history):
    page = text(client.get(PAGE))
    assert "<script" not in page
    assert " style=" not in page
    assert "<style" not in page


def test_pictures_are_told_to_who_cannot_see_them(client, history):
    page = text(client.get(PAGE))
    pictures = re.findall(r"<svg .*?</svg>", page, re.DOTALL)
    assert len(pictures) == 4
    for picture in pictures:
        assert 'role="img"' in picture
        title, described = re.search(r'aria-labelledby="(\S+) (\S+)"', picture).groups()
        assert re.search(rf'<title id="{title}">[^<]+</title>', picture)
        assert re.search(rf'<desc id="{described}">[^<]+</desc>', picture)
        assert page.count(f'id="{title}"') == 1


def test_an_example_is_offered_and_kept_apart(client, history, example):
    page = text(client.get(PAGE))
    assert "Made-up examples are kept apart." in page
    assert "1,077" not in page
    made_up = text(client.get(PAGE, {"example": "1"}))
    assert "<b>77</b>" in made_up
    assert '<title id="river-title">Example, did not happen.' in made_up
    assert "1,300" not in made_up


def test_arabic_is_mirrored(client, history):
    client.get(reverse("language", args=["ar"]))
    page = text(client.get(PAGE))
    assert 'dir="rtl"' in page
    assert "إندونيسيا" in page


def test_the_queries_do_not_grow_with_the_documents(client, history, books):
    pages = [
        PAGE,
        PAGE + "?item=mask&country=ID",
        reverse("relief_documents") + "?item=mask&figure=used",
        reverse("relief_documents") + "?item=mask&figure=pledged",
        reverse("relief_figures_csv"),
        reverse("relief_figures_json"),
        reverse("relief_document", args=[history.receipt.number]),
        reverse("relief_way", args=[history.first.reference]),
    ]

    def queries(page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        return len(asked)

    before = {page: queries(page) for page in pages}
    assert before[PAGE] <= 15
    used = books.account(history.ward, PlaceKind.USED)
    for day in range(30, 130):
        books.post(DocumentKind.USE, day, (history.lot, 1, history.ward, used))
        giving.add_pledge(
            donor=history.donor, announced_on=BEGAN + timedelta(days=day), by=None,
            lines=[giving.Promised(item=history.mask, quantity=1, countries={"ID": None})],
        )  # fmt: skip
    assert {page: queries(page) for page in pages} == before


def test_a_country_without_a_known_place_is_named_beside_the_map(client, history):
    page = text(client.get(PAGE, {"item": "mask"}))
    assert "Not on the map" in page
    assert "France" in page.split("Not on the map")[1].split("</p>")[0]


def test_weeks_are_a_table_too(client, history):
    page = text(client.get(PAGE, {"item": "mask"}))
    assert f'<th scope="row">{BEGAN:%B} {BEGAN.day}, {BEGAN.year}</th>' in page


def test_the_page_and_its_stylesheets_are_small(client, history):
    page = client.get(PAGE, headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    sheets = re.findall(r'rel="stylesheet" href="/static/([^"]+)"', text(client.get(PAGE)))
    assert len(sheets) == 3
    packed = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in sheets)
    assert len(page.content) + packed < 30_000
