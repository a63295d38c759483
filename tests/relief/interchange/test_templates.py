"""Tables read by a template, row by row: taken, changed, refused."""

import datetime

import pytest

from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.fields import Field, Kind
from medixchange.relief.interchange.kinds import DONATIONS, EVERY, FACILITIES, NEEDS, SUPPLY
from medixchange.relief.interchange.templates import Outcome, Read, Template, cells
from tests.relief.interchange.conftest import Filed

TAKEN, CHANGED, REFUSED = Outcome.TAKEN, Outcome.CHANGED, Outcome.REFUSED
STOCK = Template(
    "stock",
    "stock",  # type: ignore[arg-type]
    (
        Field("item", "#item+name"),
        Field(
            "state", "#status", Kind.CHOICE, choices={"usable": "ok", "bon": "ok", "broken": "bad"}
        ),
        Field("left", "#value", Kind.QUANTITY, zero=True),
    ),
)


def brief(row: Read) -> tuple[int, Outcome, list[str]]:
    return row.row, row.outcome, [str(found) for found in row.findings]


def test_each_row_is_taken_changed_or_refused_with_place_and_remedy(filed: Filed) -> None:
    path = filed(
        "Hospital;Item name;Quantity needed;needed by\n"
        "Ward A;mask;1,200;2020-04-01\n"
        "Ward B;mask;1.5 million;1 April 2020\n"
        "Ward C;mask;1.500;\n"
        "Ward D;;5;3/4/2020\n"
        "Ward E;<i>mask</i>;7;\n"
        "Ward F;<img src=x>;7;\n"
    )
    report = NEEDS.read(path, others=EVERY)
    assert report.columns == {
        "facility": "Hospital",
        "item": "Item name",
        "need": "Quantity needed",
        "by_when": "needed by",
    }
    assert report.rows[0].values == {
        "facility": "Ward A",
        "item": "mask",
        "need": 1200,
        "floor": None,
        "cap": None,
        "priority": None,
        "population": None,
        "by_when": datetime.date(2020, 4, 1),
    }
    assert [brief(row) for row in report.rows] == [
        (2, TAKEN, []),
        (
            3,
            CHANGED,
            [
                "row 3, column need: “1.5 million” was read as 1500000. Check it.",
                "row 3, column by_when: “1 April 2020” was read as 2020-04-01. Check it.",
            ],
        ),
        (
            4,
            REFUSED,
            [
                "row 4, column need: “1.500” has two readings: thousands, or a fraction. "
                "Write it without marks, such as 1500."
            ],
        ),
        (
            5,
            REFUSED,
            [
                "row 5, column item: the cell is blank. Fill it in.",
                "row 5, column by_when: “3/4/2020” is no date, or may be two. "
                "Write year, month and day, such as 2020-03-19.",
            ],
        ),
        (6, CHANGED, ["row 6, column item: “<i>mask</i>” was read as mask. Check it."]),
        (7, REFUSED, ["row 7, column item: the cell carries HTML: <img>. Write plain text."]),
    ]
    assert report.totals() == {"rows": 6, "taken": 1, "changed": 2, "refused": 3}


def test_countries_are_read_in_any_language_and_never_guessed(filed: Filed) -> None:
    path = filed(
        "name,country,lat,lon\n"
        "A,Indonesia,,\nB,IDN,,\nC,印度尼西亚,,\nD,Indonezia,,\nE,Africa,,\nF,Atlantis,,\n"
    )
    rows = FACILITIES.read(path).rows
    assert [row.values["country"] for row in rows] == ["ID", "ID", "ID", None, None, None]
    assert [str(found) for row in rows for found in row.findings] == [
        "row 5, column country: “Indonezia” is no country we know. "
        "If Indonesia is meant, write Indonesia, or ID.",
        "row 6, column country: Africa is a region, not a country. Name one country.",
        "row 7, column country: “Atlantis” is no country we know. "
        "Write its ISO code, such as ID or IDN.",
    ]


def test_choices_and_zero(filed: Filed) -> None:
    rows = STOCK.read(filed("item,state,left\nmask,BON,0\nmask,lost,1\nmask,usable,-1\n")).rows
    assert rows[0].values == {"item": "mask", "state": "ok", "left": 0}
    assert [brief(row)[2] for row in rows] == [
        [],
        [
            "row 3, column state: “lost” is none of the words for it. "
            "Write one of: usable, bon, broken."
        ],
        [
            "row 4, column left: the quantity “-1” is not above zero. "
            "Correct it; record goods that go back as a return."
        ],
    ]


def test_hashtags_find_columns_whatever_their_headings(filed: Filed) -> None:
    path = filed("Où,Quoi,Combien\n#loc+facility+name,#item+name+fr,#affected+needed\nA,masque,5\n")
    report = NEEDS.read(path)
    assert report.columns == {"facility": "Où", "item": "Quoi", "need": "Combien"}
    assert report.rows[0].values["item"] == "masque"


def test_a_title_above_the_headings_does_no_harm(filed: Filed) -> None:
    path = filed("Needs of April,,\n\nneed,facility,item\n5,Ward A,mask\n")
    report = NEEDS.read(path)
    assert [row.row for row in report.rows] == [4]
    assert [str(note) for note in report.notes] == [
        "row 1: this row stands above the headings; it was not read as data. "
        "Nothing to do, if it is a title."
    ]


def test_columns_that_are_not_read_are_named(filed: Filed) -> None:
    report = NEEDS.read(filed("facility,item,need,remark\nA,mask,5,urgent\n"))
    assert [note.what for note in report.notes] == ["these columns were not read: remark."]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (
            "item,quantity,pack\nmask,5,1\n",
            "table.csv: this is a file of supply, not of needs. "
            "Choose the other import, or send the right file.",
        ),
        (
            "country,goods,qty,progress,recipient\nJapan,Mask,5,Arrived,X\n",
            "table.csv: this is a file of donations, not of needs. "
            "Choose the other import, or send the right file.",
        ),
        (
            "facility,thing\nA,mask\n",
            "table.csv: there is no column “item”, “need”. It has: facility, thing. Name the "
            "columns as in the template: facility, item, need, floor, cap, priority, population, "
            "by_when.",
        ),
        (
            "facility,item,needed,qty\nA,mask,1,2\n",
            "table.csv: two columns may be “need”: needed, qty. Rename or delete one of them.",
        ),
    ],
)
def test_a_file_of_another_kind_is_named(filed: Filed, content: str, what: str) -> None:
    with pytest.raises(Unreadable) as refused:
        NEEDS.read(filed(content), others=EVERY)
    assert str(refused.value) == what


def test_no_template_takes_a_file_of_another(filed: Filed) -> None:
    files = [
        (NEEDS, "facility,item,need\nA,mask,5\n"),
        (SUPPLY, "item,quantity\nmask,5\n"),
        (FACILITIES, "name,country,lat,lon\nA,ID,0,1\n"),
        (DONATIONS, "country,goods,qty\nJapan,Mask,5\n"),
    ]
    for template, _own in files:
        for other, content in files:
            path = filed(content)
            if other is template:
                assert len(template.read(path, others=EVERY).rows) == 1
            else:
                with pytest.raises(Unreadable, match=f"this is a file of {other.name}"):
                    template.read(path, others=EVERY)


def test_rows_are_written_in_the_order_of_the_columns() -> None:
    assert list(cells(STOCK, [{"left": 3, "item": "mask"}])) == [["mask", None, 3]]
