"""Donations as published: what can be read is, what cannot is put before a person."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.interchange import donations
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.donations import DonationReport, DonationRow, Line
from medixchange.relief.interchange.writing import csv_bytes
from tests.relief.interchange.conftest import Filed

HEADER = "country,goods,qty,progress,recipient\n"
STOCKPILE = "Strategic National Stockpile U.S. Department of Health and Human Services"
FOUR = ("MY", "ID", "PH", "TH")
SPLIT = "for 4 countries together (MY, ID, PH, TH); their split is not said."
TO_BE_NAMED = "the recipient is still to be determined."
AFRICA = "Africa is a region; which countries get how much is not said."
EUROPEANS = (
    "Italian Red Cross",
    "Health Management Institute(INGESA) of the Ministry of Health of the Kingdom of Spain",
    "Sciensano(Belgian institute for health)",
    "French Public Health Agency",
    "Department of Defense of Slovenia",
)
#: countries, region, item, quantity, state, recipients, whether a pledge can be made of it
Brief = tuple[tuple[str, ...], str | None, str | None, int | None, str | None, object, bool]


def brief(line: Line) -> Brief:
    return (
        line.countries,
        line.region,
        line.item,
        line.quantity,
        line.state,
        line.recipients,
        line.importable,
    )


def read(filed: Filed, *rows: str) -> tuple[DonationRow, ...]:
    return donations.read(filed(HEADER + "\n".join(rows))).rows


def one(filed: Filed, row: str) -> DonationRow:
    (found,) = read(filed, row)
    return found


def whys(row: DonationRow) -> list[str]:
    return [reason.what for reason in row.reasons]


@pytest.fixture
def published(shared_data: Path) -> DonationReport:
    return donations.read(shared_data / "relief" / "donations_published_2020.csv")


# -- The published list, each of its rows ---------------------------------------------------------


def _one(
    country: str, item: str | None, quantity: int, state: str, recipient: str
) -> tuple[str, list[str], list[Brief]]:
    whole = item is not None
    return (
        "taken" if whole else "settle",
        [] if whole else ["“NAT” is no item we know."],
        [((country,), None, item, quantity, state, (recipient,), whole)],
    )


def _four(item: str, quantity: int) -> tuple[str, list[str], list[Brief]]:
    line: Brief = (FOUR, None, item, quantity, "in_preparation", (), True)
    return "settle", [SPLIT, TO_BE_NAMED], [line]


def _africa(item: str, quantity: int) -> tuple[str, list[str], list[Brief]]:
    line: Brief = ((), "Africa", item, quantity, "in_transit", (), False)
    return "settle", [AFRICA, TO_BE_NAMED], [line]


IRAN = "Ministry of Foreign Affairs(Iran)"
RWANDA = "Rwanda Biomedical Centre"
PUBLISHED: list[tuple[str, list[str], list[Brief]]] = [
    _one("JP", "mask", 300_000, "arrived", "ALOGJAPAN CO.,LTD"),
    _one("JP", "mask", 1_000_000, "accepted", "Nippon Global Medical Organization"),
    _one("KR", "mask", 1_000_000, "accepted", "Korean Red Cross"),
    _one("IR", "mask", 1_000_000, "accepted", IRAN),
    _one("IR", "test-kit", 100_000, "in_transit", IRAN),
    _one("IR", "extraction-reagent", 30_000, "in_transit", IRAN),
    _four("mask", 2_000_000),
    _four("test-kit", 150_000),
    _four("protective-suit", 20_000),
    _four("face-shield", 20_000),
    (
        "settle",
        [
            "Europe is a region; which countries get how much is not said.",
            "2 goods stand in one cell; each was read as a line of its own.",
            "5 recipients are named; which of them gets how much is not said.",
        ],
        [
            ((), "Europe", "mask", 3_500_000, "arrived", EUROPEANS, False),
            ((), "Europe", "test-kit", 200_000, "arrived", EUROPEANS, False),
        ],
    ),
    _one("US", "mask", 1_000_000, "accepted", STOCKPILE),
    (
        "settle",
        [
            "parts of it are in different states; each was read as a line of its own.",
            "“the rest” was computed: 500000 - 300000 = 200000.",
        ],
        [
            (("US",), None, "test-kit", 300_000, "in_transit", (STOCKPILE,), True),
            (("US",), None, "test-kit", 200_000, "arrived", (STOCKPILE,), True),
        ],
    ),
    _one("RW", "test-kit", 30_000, "in_transit", RWANDA),
    _one("RW", "extraction-reagent", 30_000, "in_transit", RWANDA),
    _one("RW", None, 30_000, "in_transit", RWANDA),
    _africa("mask", 6_000_000),
    _africa("test-kit", 1_100_000),
    _africa("protective-suit", 60_000),
    _africa("face-shield", 60_000),
]


@pytest.mark.parametrize("at", range(20))
def test_each_published_row_is_read_as_far_as_it_says(published: DonationReport, at: int) -> None:
    row = published.rows[at]
    outcome, reasons, lines = PUBLISHED[at]
    assert row.row == at + 2
    assert str(row.outcome) == outcome
    assert whys(row) == reasons
    assert [brief(line) for line in row.lines] == lines


def test_the_totals_of_the_published_list(published: DonationReport) -> None:
    assert published.totals() == {
        "rows": 20,
        "taken": 9,
        "settle": 11,
        "refused": 0,
        "blank": 0,
        "lines": 22,
        "importable": 15,
    }
    assert published.notes == ()
    assert len(published.work_list()) == 22


def test_what_was_done_to_read_a_row_is_noted(published: DonationReport) -> None:
    assert [str(note) for note in published.rows[10].notes] == [
        "row 12, column goods: markup was taken off: "
        "“Face Mask * 3,500,000 / Detection Kit * 200,000”. Check it.",
        "row 12, column goods: the quantities were read from the goods cell. Check them.",
    ]
    assert all(not row.notes for row in published.rows if row.row != 12)


def test_unknown_goods_keep_their_words(published: DonationReport) -> None:
    assert published.rows[15].lines[0].item_text == "NAT"


def test_the_catalogue_may_know_more_names(shared_data: Path) -> None:
    path = shared_data / "relief" / "donations_published_2020.csv"
    report = donations.read(path, known={"NAT": "nucleic-acid-test"})
    assert str(report.rows[15].outcome) == "taken"
    assert report.rows[15].lines[0].item == "nucleic-acid-test"


# -- Countries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Malaysia / Indonesia", ("MY", "ID")),
        ("Malaysia; Indonesia", ("MY", "ID")),
        ("Malaysia and Indonesia", ("MY", "ID")),
        ("Malaysia, Indonesia and Thailand", ("MY", "ID", "TH")),
        ("Malaysia, Indonesia, and Thailand", ("MY", "ID", "TH")),
        ("Malaysia<br/>Indonesia", ("MY", "ID")),
        ("马来西亚、印度尼西亚", ("MY", "ID")),
        ("Trinidad and Tobago and Jamaica", ("TT", "JM")),
        ("Korea, Republic of, Japan", ("KR", "JP")),
        ("Japan, Iran, Islamic Republic of", ("JP", "IR")),
        ("Japan, Japan, Malaysia", ("JP", "MY")),
    ],
)
def test_several_countries_in_a_cell(filed: Filed, cell: str, codes: tuple[str, ...]) -> None:
    row = one(filed, f'"{cell}",Face Mask,500,Arrived,Red Cross')
    assert row.lines[0].countries == codes
    assert row.lines[0].split == "open"
    assert row.lines[0].importable
    assert whys(row) == [
        f"for {len(codes)} countries together ({', '.join(codes)}); their split is not said."
    ]


def test_a_country_named_with_a_comma_is_one(filed: Filed) -> None:
    row = one(filed, '"Korea, Republic of",Face Mask,500,Arrived,Red Cross')
    assert (str(row.outcome), row.lines[0].countries) == ("taken", ("KR",))


def test_a_misspelt_country_is_never_mapped(filed: Filed) -> None:
    row = one(filed, "Indonezia,Face Mask,500,Arrived,Red Cross")
    assert str(row.outcome) == "settle"
    assert [str(reason) for reason in row.reasons] == [
        "row 2, column country: “Indonezia” is no country we know. "
        "If Indonesia is meant, write Indonesia, or ID."
    ]
    assert brief(row.lines[0]) == ((), None, "mask", 500, "arrived", ("Red Cross",), False)


def test_countries_beside_what_is_none_are_read(filed: Filed) -> None:
    row = one(filed, '"Japan, Asia, Atlantis",Face Mask,500,Arrived,Red Cross')
    assert brief(row.lines[0]) == (("JP",), "Asia", "mask", 500, "arrived", ("Red Cross",), False)
    assert whys(row) == [
        "“Atlantis” is no country we know.",
        "Asia is a region; which countries get how much is not said.",
    ]


def test_no_country_is_left_for_a_person(filed: Filed) -> None:
    row = one(filed, ",Face Mask,500,Arrived,Red Cross")
    assert (str(row.outcome), whys(row)) == ("settle", ["no country is named."])


# -- Goods and quantities -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("goods", "quantity", "read_as"),
    [
        ("Face Mask", "1.5 million", 1_500_000),
        ("Face Mask", "30 000", 30_000),
        ("Face Mask", "٣٠٠٬٠٠٠", 300_000),
        ("Face Mask", "500 masks", 500),
        ("Face Mask", "500 pieces", 500),
        ("Detection Kit", "500 kits", 500),
        ("Masker", "500", 500),
        ("口罩", "500", 500),
        ("Masque", "500", 500),
        ("كمامات", "500", 500),
        ("Face Mask * 500", "", 500),
        ("Face Mask x 500", "", 500),
        ("500 Face Masks", "", 500),
        ("Face Mask (500)", "500", 500),
        ("<b>Face Mask</b>", "500", 500),
    ],
)
def test_quantities_that_are_read(filed: Filed, goods: str, quantity: str, read_as: int) -> None:
    row = one(filed, f'Japan,"{goods}","{quantity}",Arrived,Red Cross')
    assert str(row.outcome) == "taken"
    assert [line.quantity for line in row.lines] == [read_as]
    assert row.lines[0].importable


@pytest.mark.parametrize(
    ("quantity", "why"),
    [
        ("", "the quantity is not said."),
        ("1.500", "“1.500” has two readings: thousands, or a fraction."),
        (
            "2,000 boxes",
            "“2,000 boxes” is counted in “boxes”; how many pieces that is, is not said.",
        ),
        (
            "500 kits",
            "“500 kits” is counted in “kits”; how many pieces that is, is not said.",
        ),
        ("about 500", "“about 500” is not one exact quantity."),
        ("many", "“many” is not a number."),
    ],
)
def test_quantities_that_a_person_settles(filed: Filed, quantity: str, why: str) -> None:
    row = one(filed, f'Japan,Face Mask,"{quantity}",Arrived,Red Cross')
    assert (str(row.outcome), whys(row)) == ("settle", [why])
    assert brief(row.lines[0]) == (("JP",), None, "mask", None, "arrived", ("Red Cross",), False)
    assert row.lines[0].quantity_text == quantity


@pytest.mark.parametrize("quantity", ["-500", "0", "12.5", "9999999999999", "(500)"])
def test_quantities_that_cannot_be_meant_refuse_the_row(filed: Filed, quantity: str) -> None:
    row = one(filed, f"Japan,Face Mask,{quantity},Arrived,Red Cross")
    assert (str(row.outcome), row.lines) == ("refused", ())
    assert row.reasons[0].where == "row 2, column qty"


def test_two_goods_with_their_quantities_are_two_lines(filed: Filed) -> None:
    row = one(filed, 'Japan,"Face Mask * 500, Detection Kit * 1,200",,Arrived,Red Cross')
    assert [(line.item, line.quantity, line.importable) for line in row.lines] == [
        ("mask", 500, True),
        ("test-kit", 1_200, True),
    ]
    assert whys(row) == ["2 goods stand in one cell; each was read as a line of its own."]


@pytest.mark.parametrize("goods", ["Face Mask, Detection Kit", "Face Mask and Detection Kit"])
def test_one_quantity_for_two_goods_is_not_divided(filed: Filed, goods: str) -> None:
    row = one(filed, f'Japan,"{goods}",500,Arrived,Red Cross')
    assert [(line.item, line.quantity) for line in row.lines] == [
        ("mask", None),
        ("test-kit", None),
    ]
    assert whys(row)[1] == "one quantity (500) stands for 2 goods."


def test_cells_that_contradict_each_other_are_not_read(filed: Filed) -> None:
    row = one(filed, "Japan,Face Mask * 500,600,Arrived,Red Cross")
    assert [line.quantity for line in row.lines] == [None]
    assert whys(row) == ["the goods cell and the quantity cell (600) do not agree."]


def test_unknown_goods_are_not_taken_apart(filed: Filed) -> None:
    row = one(filed, 'Japan,"Gloves, blue and long",500,Arrived,Red Cross')
    assert [line.item_text for line in row.lines] == ["Gloves, blue and long"]
    assert str(row.outcome) == "settle"


# -- Progress and recipients ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("progress", "state"),
    [
        ("Arrived", "arrived"),
        ("IN TRANSIT", "in_transit"),
        ("in-transit", "in_transit"),
        ("In Preparation", "in_preparation"),
        ("Accepted", "accepted"),
        ("Delivered", "delivered"),
    ],
)
def test_states_that_are_known(filed: Filed, progress: str, state: str) -> None:
    row = one(filed, f"Japan,Face Mask,500,{progress},Red Cross")
    assert (str(row.outcome), row.lines[0].state) == ("taken", state)


@pytest.mark.parametrize(
    ("progress", "why"),
    [
        ("", "the progress is not said."),
        ("Soon", "“Soon” is no progress we know."),
        ("In Transit, Arrived", "“In Transit, Arrived” is no progress we know."),
        (
            "300 [Arrived], 300 [In Transit]",
            "parts of it are in different states (300 [Arrived], 300 [In Transit]), "
            "and they do not add up.",
        ),
        (
            "600 [Arrived], the rest [In Transit]",
            "parts of it are in different states (600 [Arrived], [In Transit]), "
            "and they do not add up.",
        ),
        (
            "200 kits [Arrived], 300 [In Transit]",
            "parts of it are in different states (200 kits [Arrived], 300 [In Transit]), "
            "and they do not add up.",
        ),
    ],
)
def test_states_that_a_person_settles(filed: Filed, progress: str, why: str) -> None:
    row = one(filed, f'Japan,Face Mask,500,"{progress}",Red Cross')
    assert (str(row.outcome), whys(row)) == ("settle", [why])
    assert [(line.quantity, line.state, line.importable) for line in row.lines] == [
        (500, None, False)
    ]


@pytest.mark.parametrize(
    ("progress", "parts"),
    [
        ("200 [Arrived], 300 [In Transit]", [(200, "arrived"), (300, "in_transit")]),
        ("200 masks (Arrived), 300 (In Transit)", [(200, "arrived"), (300, "in_transit")]),
        ("200 [Arrived]<br/>Remaining [In Transit]", [(200, "arrived"), (300, "in_transit")]),
    ],
)
def test_parts_that_add_up_are_lines(
    filed: Filed, progress: str, parts: list[tuple[int, str]]
) -> None:
    row = one(filed, f'Japan,Face Mask,500,"{progress}",Red Cross')
    assert [(line.quantity, line.state) for line in row.lines] == parts
    assert str(row.outcome) == "settle"


@pytest.mark.parametrize(
    ("cell", "names", "outcome"),
    [
        ("Red Cross", ("Red Cross",), "taken"),
        ("ALOGJAPAN CO.,LTD", ("ALOGJAPAN CO.,LTD",), "taken"),
        ("Example Works, Inc.", ("Example Works, Inc.",), "taken"),
        ("Ministry (of Health, and Welfare)", ("Ministry (of Health, and Welfare)",), "taken"),
        ("A; B", ("A", "B"), "settle"),
        ("", (), "settle"),
        ("Recepient to be determined", (), "settle"),
        ("Recipient to be determined", (), "settle"),
        ("to be confirmed", (), "settle"),
        ("TBD", (), "settle"),
    ],
)
def test_recipients_keep_the_words_of_the_list(
    filed: Filed, cell: str, names: tuple[str, ...], outcome: str
) -> None:
    row = one(filed, f'Japan,Face Mask,500,Arrived,"{cell}"')
    assert (row.lines[0].recipients, str(row.outcome)) == (names, outcome)


# -- Rows and files -------------------------------------------------------------------------------


def test_a_row_that_is_there_twice_is_left_for_a_person(filed: Filed) -> None:
    rows = read(
        filed,
        "Japan,Face Mask,500,Arrived,Red Cross",
        "Japan,Face Mask,500,Arrived,Red Cross",
        "japan,face masks,500,ARRIVED,Red Cross",
        "Japan,Face Mask,500,In Transit,Red Cross",
        "Japan,Face Mask,501,Arrived,Red Cross",
    )
    assert [(str(row.outcome), whys(row)) for row in rows] == [
        ("taken", []),
        ("settle", ["this row is the same as row 2."]),
        ("settle", ["this row says the same as row 2."]),
        ("settle", ["this row differs from row 2 in its progress only."]),
        ("taken", []),
    ]
    assert [row.lines[0].importable for row in rows] == [True, False, False, False, True]


@pytest.mark.parametrize(
    ("row", "where"),
    [
        ("Japan,Face Mask,500,Arrived,=cmd()", "row 2, column recipient"),
        ("Japan,=1+1,500,Arrived,Red Cross", "row 2, column goods"),
        ("Japan,<script>x</script>,500,Arrived,Red Cross", "row 2, column goods"),
        ("<a href=x>Japan</a>,Face Mask,500,Arrived,Red Cross", "row 2, column country"),
        ("Japan,Face Mask,300,000,Arrived,Red Cross", "row 2"),
        (",,500,,", "row 2, column country"),
    ],
)
def test_rows_that_cannot_be_relied_on_are_refused(filed: Filed, row: str, where: str) -> None:
    found = one(filed, row)
    assert (str(found.outcome), found.lines) == ("refused", ())
    assert [reason.where for reason in found.reasons] == [where]


def test_columns_may_stand_in_any_order_and_under_other_headings(filed: Filed) -> None:
    path = filed("Status;Recepient;Item;Quantity;Destination\nArrived;Red Cross;Mask;5;Japan\n")
    (row,) = donations.read(path).rows
    assert brief(row.lines[0]) == (("JP",), None, "mask", 5, "arrived", ("Red Cross",), True)


def test_columns_that_are_not_read_are_named(filed: Filed) -> None:
    report = donations.read(filed("country,goods,qty,remark\nJapan,Mask,5,urgent\n"))
    assert [note.what for note in report.notes] == ["these columns were not read: remark."]
    assert whys(report.rows[0]) == ["the progress is not said.", "no recipient is named."]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "the file is empty."),
        ("goods,qty,progress\nMask,5,Arrived\n", "there is no column “country”."),
        ("country,qty\nJapan,5\n", "there is no column “goods”."),
        ("country,goods\nJapan,Mask\n", "there is no column “qty”."),
        ("facility,item,need\nA,mask,5\n", "this is a file of needs, not of donations."),
    ],
)
def test_files_that_are_no_list_of_donations(filed: Filed, content: str, what: str) -> None:
    with pytest.raises(Unreadable) as refused:
        donations.read(filed(content))
    assert what in str(refused.value)


def test_a_list_without_rows_is_a_list(filed: Filed) -> None:
    assert donations.read(filed(HEADER)).totals()["rows"] == 0


def test_other_encodings_are_read_and_told(filed: Filed) -> None:
    content = (HEADER + "Côte d'Ivoire,Écran facial,5,Arrived,Hôpital\n").encode("latin-1")
    report = donations.read(filed(content))
    assert brief(report.rows[0].lines[0])[:4] == (("CI",), None, "face-shield", 5)
    assert (report.encoding, len(report.notes)) == ("cp1252", 1)


CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "Japan", "Africa", "Malaysia, Indonesia", "Face Mask", "Face Mask * 5<br/>NAT * 6",
            "1.5 million", "-5", "300 [Arrived], the rest [In Transit]", "Arrived", "TBD", "=1",
        ]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=5))
def test_no_list_fails_and_what_is_taken_is_whole(rows: list[tuple[str, ...]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_bytes(csv_bytes(HEADER.strip().split(","), [], rows))
        report = donations.read(path)
    assert len(report.rows) + report.blank <= len(rows)
    for row in report.rows:
        if str(row.outcome) == "taken":
            (line,) = row.lines
            assert row.reasons == ()
            assert line.importable
            assert len(line.countries) == 1
        else:
            assert row.reasons
        for line in row.lines:
            assert not line.importable or (
                line.countries
                and line.region is None
                and None not in (line.item, line.quantity, line.state)
            )
