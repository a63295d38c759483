"""Lists of hospitals: nothing is dropped, and what is doubtful is said."""

from pathlib import Path

import pytest

from medixchange.relief.interchange import extents, hospitals
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.hospitals import Doubt, Hospital
from tests.relief.interchange.conftest import Filed

HEADER = "name,country,province,lat,lon\n"


def doubts(hospital: Hospital) -> list[str]:
    return [f"{doubt}: {found.what}" for doubt, found in hospital.doubts.items()]


def read(filed: Filed, *rows: str) -> list[list[str]]:
    report = hospitals.read(filed(HEADER + "\n".join(rows)))
    assert report.refused == ()
    return [doubts(hospital) for hospital in report.hospitals]


def test_the_list_of_indonesia(shared_data: Path) -> None:
    report = hospitals.read(
        shared_data / "relief" / "indonesia_referral_hospitals.csv", country="ID"
    )
    assert report.totals() == {
        "hospitals": 128,
        "flagged": 5,
        "refused": 0,
        "no_coordinates": 0,
        "impossible_coordinates": 0,
        "outside_country": 1,
        "far_from_province": 1,
        "same_coordinates": 3,
        "same_address": 1,
        "may_be_duplicate": 0,
    }
    assert report.notes == ()
    assert {hospital.name: doubts(hospital) for hospital in report.flagged} == {
        "RS UMUM DAERAH DR. DRAJAT PRAWIRANEGARA": [
            "same_address: it has the address of row 2, in Aceh."
        ],
        "RS PENYAKIT INFEKSI PROF. DR. SULIANTI SAROSO": [
            "outside_country: 6.1301137, 106.8600054 lies outside of ID.",
            "far_from_province: its point lies 1372 km from the middle of the others in "
            "DKI Jakarta.",
        ],
        "RS UMUM TK II DUSTIRA": [
            "same_coordinates: it has the very coordinates of row 27 (RS PARU DR. H. A. ROTINSULU)."
        ],
        "RS UMUM DAERAH MAY JEN HM RYACUDU": [
            "same_coordinates: it has the very coordinates of row 82 "
            "(RS UMUM DAERAH AHMAD YANI METRO)."
        ],
        "RS UMUM DAERAH KABUPATEN BANGGAI": [
            "same_coordinates: it has the very coordinates of row 112 (RS UMUM DAERAH KOLONEDALE)."
        ],
    }
    assert [hospital.row for hospital in report.hospitals if not hospital.located] == [21]
    first = report.hospitals[0]
    assert (first.row, first.name, first.country, first.province, first.lat, first.lon) == (
        2,
        "RS UMUM DAERAH DR. ZAINOEL ABIDIN",
        "ID",
        "Aceh",
        5.5640786,
        95.3372854,
    )


def test_the_list_of_africa(shared_data: Path) -> None:
    report = hospitals.read(shared_data / "relief" / "who_africa_hospitals.csv")
    totals = report.totals()
    assert (totals["hospitals"], totals["refused"]) == (4861, 0)
    assert totals["no_coordinates"] == 28
    assert totals["impossible_coordinates"] == 0
    assert totals["outside_country"] == 0
    assert totals["far_from_province"] == 3
    assert len({hospital.country for hospital in report.hospitals}) == 47
    assert sum(hospital.located for hospital in report.hospitals) == 4861 - 28 - 3
    assert sum(hospital.country == "NG" for hospital in report.hospitals) == 899
    tiers = {tier: sum(h.tier == tier for h in report.hospitals) for tier in ("2.0", "3.0", "4.0")}
    assert tiers == {"2.0": 76, "3.0": 4586, "4.0": 198}
    twins = {h.row: h.name for h in report.hospitals if Doubt.MAY_BE_DUPLICATE in h.doubts}
    assert twins[1458] == "Achimota Hospital"
    assert twins[1287] == "Shashmene Hospital"
    # A district and a regional hospital of one town are two.
    assert 376 not in twins


def test_every_country_of_the_lists_has_a_box(shared_data: Path) -> None:
    report = hospitals.read(shared_data / "relief" / "who_africa_hospitals.csv")
    assert {hospital.country for hospital in report.hospitals} <= set(extents.BOXES)


@pytest.mark.parametrize(
    ("point", "found"),
    [
        (",", ["no_coordinates: it has no coordinates."]),
        ("-6.2,", ["no_coordinates: it has no coordinates."]),
        ("0,0", ["impossible_coordinates: 0, 0 is no place on land."]),
        ("south,106.8", ["impossible_coordinates: south, 106.8 is no place on land."]),
        ("nan,106.8", ["impossible_coordinates: nan, 106.8 is no place on land."]),
        ("-96.2,106.8", ["impossible_coordinates: -96.2, 106.8 is no place on land."]),
        ("106.8,-6.2", ["impossible_coordinates: 106.8, -6.2 is no place on land."]),
        ("48.8,2.3", ["outside_country: 48.8, 2.3 lies outside of ID."]),
        ("-6.2,106.8", []),
    ],
)
def test_points_that_cannot_be_meant_are_flagged(
    filed: Filed, point: str, found: list[str]
) -> None:
    assert read(filed, f"RS Contoh,ID,DKI Jakarta,{point}") == [found]


def test_a_country_without_a_box_is_not_judged(filed: Filed) -> None:
    assert extents.within("FR", 0, 0.1) is None
    assert read(filed, "Hôpital,FR,,48.8,2.3") == [[]]


def test_twins_are_alike_and_near(filed: Filed) -> None:
    found = read(
        filed,
        "Exampleton District Hospital,KE,Nairobi,-1.300,36.800",
        "Examplleton Hospital,KE,Nairobi,-1.301,36.801",
        "Exampleton Hospital,KE,Nairobi,-1.500,36.800",  # too far
        "Exampleton Hospital,KE,Mombasa,-1.300,36.802",  # another province
        "Ward 1 Hospital,KE,Nairobi,-1.300,36.803",
        "Ward 2 Hospital,KE,Nairobi,-1.300,36.804",
        "Exampleton Regional Hospital,KE,Nairobi,-1.300,36.805",
    )
    twin = "may_be_duplicate: it may be the same as row"
    assert found == [
        [],
        [f"{twin} 2 (Exampleton District Hospital)."],
        [],
        [],
        [],
        [],
        [f"{twin} 3 (Examplleton Hospital)."],
    ]


def test_a_twin_without_a_point_is_told(filed: Filed) -> None:
    found = read(filed, "Example Hospital,KE,Nairobi,-1.3,36.8", "Hospital Example,KE,Nairobi,,")
    assert found[1] == [
        "no_coordinates: it has no coordinates.",
        "may_be_duplicate: it may be the same as row 2 (Example Hospital).",
    ]


def test_rows_without_a_name_or_a_known_country_are_refused(filed: Filed) -> None:
    report = hospitals.read(
        filed(HEADER + ",ID,Bali,-8.6,115.2\nRS,Indonezia,,-6,106\nRS,,,-6,106\n=x,ID,,-6,106\n")
    )
    assert report.hospitals == ()
    assert [str(found) for found in report.refused] == [
        "row 2, column name: the cell is blank. Fill it in.",
        "row 3, column country: “Indonezia” is no country we know. "
        "If Indonesia is meant, write Indonesia, or ID.",
        "row 4, column country: the cell is blank. Fill it in.",
        "row 5, column name: the cell begins like a formula; formulas are not evaluated. "
        "Write the value itself, or put an apostrophe before it.",
    ]


def test_a_list_without_countries_needs_one(filed: Filed) -> None:
    path = filed("name,lat,lon\nRS,-6.2,106.8\n")
    assert [str(found) for found in hospitals.read(path).refused] == [
        "row 2: no country is named. Say which country the list is of."
    ]
    assert hospitals.read(path, country="ID").hospitals[0].country == "ID"


def test_another_table_is_no_list_of_hospitals(filed: Filed) -> None:
    with pytest.raises(Unreadable, match="this is a file of needs, not of hospitals"):
        hospitals.read(filed("facility,item,need\nA,mask,5\n"))


def test_the_distance_of_two_cities() -> None:
    # Jakarta and Surabaya lie some 660 km apart.
    assert round(hospitals.kilometres(-6.2, 106.8, -7.25, 112.75), -1) == 670
    assert hospitals.kilometres(1, 2, 1, 2) == 0
