"""The figures as files: they sum to the page, carry hashtags, and no cell is a formula."""

import csv
import io

import pytest
from django.urls import reverse

from medixchange.relief.actions import giving, places
from medixchange.relief.models import PlaceKind
from medixchange.relief.queries.public.adding_up import COUNTED, NAMES
from tests.relief.public.conftest import BEGAN


def table(client, **asked):
    answer = client.get(reverse("relief_figures_csv"), asked)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    return rows[0], rows[1], [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def test_every_column_sums_to_its_figure(client, history, allocate):
    allocate("approved", 450)
    _headings, tags, rows = table(client)
    assert all(tag.startswith("#") for tag in tags)
    masks = [row for row in rows if row["item_code"] == "mask"]
    expected = {
        "pledged": 1300, "allocated": 450, "shipped": 1000, "arrived": 800, "handed_over": 700,
        "received": 485, "used": 120, "damaged": 40, "lost": 60,
    }  # fmt: skip
    assert {name: sum(int(row[name] or 0) for row in masks) for name in NAMES} == expected
    (undivided,) = [row for row in rows if row["split"]]
    assert (undivided["split"], undivided["pledged"], undivided["country"]) == (
        "open: ID MY",
        "1000",
        "",
    )
    assert {row["record"] for row in rows} == {"record"}


def test_an_example_is_named_in_every_row_of_its_file(client, history, example):
    _headings, _tags, rows = table(client, example="1")
    assert {row["record"] for row in rows} == {"example, did not happen"}
    assert sum(int(row["shipped"] or 0) for row in rows) == 77


def test_a_country_s_file_has_nothing_that_is_not_known_to_be_its_own(client, history):
    _headings, _tags, rows = table(client, country="ID")
    assert {row["country_code"] for row in rows} == {"ID"}
    assert sum(int(row["pledged"] or 0) for row in rows) == 0


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-2", "@x", "\t=1"])
def test_no_cell_is_a_formula(client, history, name):
    donor = places.add_place(name=name, kind=PlaceKind.DONOR, country="CN", code="odd", by=None)
    giving.add_pledge(
        donor=donor, announced_on=BEGAN, by=None,
        lines=[giving.Promised(item=history.mask, quantity=1, countries={"FR": None})],
    )  # fmt: skip
    _headings, _tags, rows = table(client)
    (row,) = [row for row in rows if row["donor_code"] == "odd"]
    assert row["donor"] == f"'{name.strip()}"


def test_the_json_says_what_the_page_says(client, history, allocate):
    allocate("issued", 450)
    answer = client.get(reverse("relief_figures_json"), {"item": "mask"}).json()
    (item,) = answer["items"]
    assert item["figures"]["received"] == 485
    assert item["figures"]["allocated"] == 450
    assert item["between"][0] == {"from": "pledged", "to": "shipped", "parts": {"not_sent": 300}}
    assert item["split_open"] == [
        {
            "pledge": history.pledge.reference,
            "donor": "Foundation",
            "quantity": 1000,
            "countries": ["ID", "MY"],
            "region": "",
        }
    ]
    for name in COUNTED:
        assert sum(row[name] or 0 for row in answer["rows"]) == item["figures"][name]
    assert answer["example"] is False
    assert answer["filters"] == {"item": "mask"}
    assert answer["as_of"].endswith("+00:00")


def test_an_item_asked_for_alone_is_alone_in_its_file(client, history):
    _headings, _tags, rows = table(client, item="test-kit")
    assert {row["item_code"] for row in rows} == {"test-kit"}
    assert [row["handed_over"] for row in rows] == ["5"]
