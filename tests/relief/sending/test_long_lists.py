"""A packing list of more than a thousand lots: shown a part at a time, and nothing out of reach."""

import re

import pytest

from medixchange.relief.actions import consignments
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import Lot
from medixchange.relief.views.sending.listed import ROWS

LOTS, IN_BOX = 1010, 5
BOXES = LOTS // IN_BOX


@pytest.fixture
def long_list(relief):
    """Boxes of five lots each. Box n holds lots L followed by 5n-4 to 5n, in four digits."""
    made = consignments.add_consignment(
        origin=relief.donor, destination=relief.store, by=relief.giver
    )
    lots = Lot.objects.bulk_create(
        Lot(item=relief.mask, number=f"L{number:04}", source=relief.donor)
        for number in range(1, LOTS + 1)
    )
    consignments.pack(
        consignment=made,
        boxes=[
            Contents(at // IN_BOX + 1, [(lot, 7) for lot in lots[at : at + IN_BOX]])
            for at in range(0, LOTS, IN_BOX)
        ],
        by=relief.giver,
    )
    return made


@pytest.fixture
def read(relief, long_list, browser_of):
    """Gets the working page with a query and gives its lots and the boxes with their lots."""
    browser = browser_of(relief.giver)

    def get(**query):
        answer = browser.get(f"/relief/consignments/{long_list.reference}/", query)
        assert answer.status_code == 200
        html = answer.content.decode()
        lots, boxes = html.split('<details id="boxes"')
        found, number = {}, 0
        for row in re.findall(r"<tr>\n.*?</tr>", boxes, re.S):
            if head := re.search(r'rowspan="\d+">(?:<mark[^>]*>)?(\d+)(?:</mark>)?</th>', row):
                number = int(head[1])
            found.setdefault(number, []).append(re.search(r"<bdi>(L\d{4})</bdi>", row)[1])
        return re.findall(r"<bdi>(L\d{4})</bdi>", lots), found, html

    return get


def test_every_lot_and_every_box_is_on_one_of_the_pages(read):
    lots, boxes = [], {}
    for number in range(1, 12):
        lots += read(lots=number)[0]
        for box, held in read(boxes=number)[1].items():
            boxes.setdefault(box, []).extend(held)
    assert lots == [f"L{number:04}" for number in range(1, LOTS + 1)]
    assert boxes == {
        box: [f"L{number:04}" for number in range(IN_BOX * box - 4, IN_BOX * box + 1)]
        for box in range(1, BOXES + 1)
    }


def test_the_first_page_is_short_and_leads_to_the_next(read):
    lots, boxes, html = read()
    assert (len(lots), len(boxes)) == (ROWS, ROWS // IN_BOX)
    assert 'href="?&amp;lots=2#lots"' in html
    assert 'href="?&amp;boxes=2#boxes"' in html
    assert '<details id="boxes"><summary>' in html


@pytest.mark.parametrize("box", [1, 21, BOXES])
def test_a_box_is_found_by_its_number(read, box):
    _lots, boxes, html = read(box=f" {box} ")
    assert boxes[box][0] == f"L{IN_BOX * box - 4:04}"
    assert re.findall(r'<mark id="found">(\d+)</mark>', html) == [str(box)]
    assert '<details id="boxes" open>' in html


@pytest.mark.parametrize("box", ["203", "0", "-1", "²", "9" * 5000, "box 4"])
def test_a_box_that_is_not_there_is_told(read, box):
    _lots, boxes, html = read(box=box)
    assert "There is no box " in html
    assert min(boxes) == 1
    assert "<mark" not in html


def test_the_sender_changes_a_list_of_any_length(relief, long_list, browser_of):
    browser = browser_of(relief.giver)
    address = f"/relief/consignments/{long_list.reference}/packing/"
    assert browser.get(address, {"boxes": 2}).content.decode().count("7 × <span") == ROWS
    gone = browser.post(address, {"what": "remove", "remove-first": 2, "remove-last": 3})
    assert gone.status_code == 302
    assert long_list.boxes.count() == BOXES - 2
