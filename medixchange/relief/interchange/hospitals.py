"""Lists of hospitals: each becomes a facility, with what is doubtful about it said.

Nothing is dropped for being doubtful: a row is *flagged*, and a person decides. Only a row without
a name or a country is refused.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from statistics import median
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rapidfuzz import fuzz

from medixchange.core.countries import normalise
from medixchange.relief.interchange import extents, tables
from medixchange.relief.interchange.base import Finding, at
from medixchange.relief.interchange.fields import Field, Kind, read_cell
from medixchange.relief.interchange.kinds import EVERY
from medixchange.relief.interchange.tables import Row
from medixchange.relief.interchange.templates import Template, unused

HOSPITALS = Template(
    "hospitals",
    gettext_lazy("hospitals"),
    (
        Field("name", "#loc+facility+name", headings=("facility name", "facility", "hospital")),
        Field("country", "#country+code", Kind.COUNTRY, must_exist=False, headings=("iso3c",)),
        Field("province", "#adm1+name", required=False, headings=("admin1", "adm1")),
        Field("district", "#adm2+name", required=False, headings=("region", "admin2", "adm2")),
        Field("address", "#loc+address", required=False),
        Field("phone", "#contact+phone", required=False),
        Field("lat", "#geo+lat", required=False, must_exist=True, headings=("latitude",)),
        Field("lon", "#geo+lon", required=False, must_exist=True, headings=("longitude", "long")),
        Field("tier", "#loc+facility+type", required=False, headings=("tier name",)),
    ),
)
#: Two hospitals whose names are this alike (0 to 100), and so near, may be one.
ALIKE, NEAR_KM = 92.0, 3.0
#: A point this far from the middle of its province, and so many times farther than its neighbours
#: usually are, is doubtful.
FAR_KM, FAR_TIMES, ENOUGH_NEIGHBOURS = 300.0, 6.0, 4
#: Words that many names share, and that tell no two hospitals apart.
_COMMON = re.compile(
    r"\b(?:hospital|hopital|hospitais|general|rsud?|rsup|rs|umum|daerah|pusat|kab|kabupaten|kota|dr|"
    r"prof|of|the|de|du|da|do|dos|la|le)\b"
)
#: Words for a hospital's rank. Names that differ in them are two; a name may leave them out.
_RANK = re.compile(r"\b(?:district|regional|provincial|central|national|referral)\b")
_EARTH_KM = 6371.0


class Doubt(StrEnum):
    """Why a row is flagged."""

    NO_COORDINATES = "no_coordinates"
    #: No numbers, beyond the globe, or 0, 0.
    IMPOSSIBLE_COORDINATES = "impossible_coordinates"
    OUTSIDE_COUNTRY = "outside_country"
    FAR_FROM_PROVINCE = "far_from_province"
    SAME_COORDINATES = "same_coordinates"
    SAME_ADDRESS = "same_address"
    MAY_BE_DUPLICATE = "may_be_duplicate"


#: With these, the point is not to be shown on a map.
_MISPLACED = frozenset(
    {
        Doubt.NO_COORDINATES,
        Doubt.IMPOSSIBLE_COORDINATES,
        Doubt.OUTSIDE_COUNTRY,
        Doubt.FAR_FROM_PROVINCE,
    }
)


@dataclass(slots=True)
class Hospital:
    """One hospital: degrees north and east, ISO country, and what is doubtful about it."""

    row: int
    name: str
    country: str
    province: str
    district: str
    address: str
    phone: str
    tier: str
    lat: float | None = None
    lon: float | None = None
    doubts: dict[Doubt, Finding] = field(default_factory=dict)

    @property
    def located(self) -> bool:
        """Whether its point can be trusted on a map."""
        return not _MISPLACED & self.doubts.keys()

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "row": self.row,
            "name": self.name,
            "country": self.country,
            "province": self.province,
            "district": self.district,
            "lat": self.lat,
            "lon": self.lon,
            "tier": self.tier,
            "located": self.located,
            "doubts": {str(doubt): found.as_json() for doubt, found in self.doubts.items()},
        }


@dataclass(frozen=True, slots=True)
class HospitalReport:
    """A list as read. Rows ``refused`` are left out of ``hospitals``; flagged ones are in it."""

    hospitals: tuple[Hospital, ...]
    refused: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def flagged(self) -> list[Hospital]:
        """The hospitals with a doubt."""
        return [hospital for hospital in self.hospitals if hospital.doubts]

    def totals(self) -> dict[str, int]:
        """Hospitals, those flagged, rows refused, and how many for each doubt."""
        return {
            "hospitals": len(self.hospitals),
            "flagged": len(self.flagged),
            "refused": len(self.refused),
        } | {
            str(doubt): sum(doubt in hospital.doubts for hospital in self.hospitals)
            for doubt in Doubt
        }


def read(path: Path, *, country: str = "") -> HospitalReport:
    """A list of hospitals: name and coordinates, and as far as given country, province, district,
    address, telephone and tier.

    Args:
        country: ISO 3166 alpha-2 of all, for a list without a column of countries.

    Raises:
        Unreadable: it is no table, or no list of hospitals.
    """
    table = tables.read(path, known=HOSPITALS.known)
    columns = HOSPITALS.columns(table, others=EVERY)
    hospitals: list[Hospital] = []
    refused: list[Finding] = []
    for row in table.rows:
        found = _hospital(row, columns, country)
        if isinstance(found, Hospital):
            hospitals.append(found)
        else:
            refused += found
    _doubt_points(hospitals)
    _doubt_neighbours(hospitals)
    _doubt_twins(hospitals)
    notes = (*table.notes, *unused(table, columns))
    return HospitalReport(tuple(hospitals), tuple(refused), notes)


def _hospital(row: Row, columns: Mapping[str, int], country: str) -> Hospital | list[Finding]:
    """The hospital of a row, or why it is none."""
    if row.problems:
        return list(row.problems)
    values: dict[str, str] = {"country": country}
    wrong: list[Finding] = []
    for column in HOSPITALS.fields:
        if column.name not in columns:
            continue
        value, _changed, found = read_cell(column, row.cells[columns[column.name]])
        values[column.name] = str(value or "")
        if found is not None:
            wrong.append(Finding(found[0], at(row.number, column.name), found[1]))
    if not wrong and not values["country"]:
        wrong.append(
            Finding(
                _("no country is named."), at(row.number), _("Say which country the list is of.")
            )
        )
    if wrong:
        return wrong
    hospital = Hospital(
        row.number,
        " ".join(values["name"].split()),
        values["country"],
        values.get("province", ""),
        values.get("district", ""),
        values.get("address", ""),
        values.get("phone", ""),
        values.get("tier", ""),
    )
    _place(hospital, values.get("lat", ""), values.get("lon", ""))
    return hospital


def _place(hospital: Hospital, lat: str, lon: str) -> None:
    if not lat or not lon:
        _doubt(hospital, Doubt.NO_COORDINATES, _("it has no coordinates."), _("Look them up."))
        return
    try:
        point = float(lat), float(lon)
    except ValueError:
        point = (999.0, 999.0)
    if not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180) or point == (0.0, 0.0):
        _doubt(
            hospital,
            Doubt.IMPOSSIBLE_COORDINATES,
            _("%(lat)s, %(lon)s is no place on land.") % {"lat": lat, "lon": lon},
            _("Look the coordinates up."),
        )
        return
    hospital.lat, hospital.lon = point


def _doubt(hospital: Hospital, doubt: Doubt, what: str, remedy: str) -> None:
    hospital.doubts.setdefault(doubt, Finding(what, at(hospital.row), remedy))


def _points(hospitals: Iterable[Hospital]) -> list[tuple[Hospital, float, float]]:
    return [
        (hospital, hospital.lat, hospital.lon)
        for hospital in hospitals
        if hospital.lat is not None and hospital.lon is not None
    ]


def _doubt_points(hospitals: list[Hospital]) -> None:
    """Points outside of their country, and points that two hospitals share."""
    seen: dict[tuple[float, float], Hospital] = {}
    for hospital, lat, lon in _points(hospitals):
        if extents.within(hospital.country, lat, lon) is False:
            _doubt(
                hospital,
                Doubt.OUTSIDE_COUNTRY,
                _("%(lat)s, %(lon)s lies outside of %(country)s.")
                % {"lat": lat, "lon": lon, "country": hospital.country},
                _("Look the coordinates up; a minus sign may be missing, or they are exchanged."),
            )
        other = seen.setdefault((lat, lon), hospital)
        if other is not hospital:
            _doubt(
                hospital,
                Doubt.SAME_COORDINATES,
                _("it has the very coordinates of row %(row)d (%(name)s).")
                % {"row": other.row, "name": other.name},
                _("Look up which of the two they are of."),
            )


def _doubt_neighbours(hospitals: list[Hospital]) -> None:
    """Points far from the others of their province, and an address that another province has."""
    provinces: dict[tuple[str, str], list[tuple[Hospital, float, float]]] = defaultdict(list)
    for hospital, lat, lon in _points(hospitals):
        if hospital.province:
            provinces[hospital.country, normalise(hospital.province)].append((hospital, lat, lon))
    for members in provinces.values():
        if len(members) <= ENOUGH_NEIGHBOURS:
            continue
        middle = median(lat for _h, lat, _lon in members), median(lon for _h, _lat, lon in members)
        away = [kilometres(lat, lon, *middle) for _h, lat, lon in members]
        usual = median(away)
        for (hospital, _lat, _lon), distance in zip(members, away, strict=True):
            if distance > max(FAR_KM, usual * FAR_TIMES):
                _doubt(
                    hospital,
                    Doubt.FAR_FROM_PROVINCE,
                    _("its point lies %(km)d km from the middle of the others in %(province)s.")
                    % {"km": round(distance), "province": hospital.province},
                    _("Look the coordinates up."),
                )
    addresses: dict[tuple[str, str], Hospital] = {}
    for hospital in hospitals:
        if not hospital.address:
            continue
        other = addresses.setdefault((hospital.country, normalise(hospital.address)), hospital)
        if normalise(other.province) != normalise(hospital.province):
            _doubt(
                hospital,
                Doubt.SAME_ADDRESS,
                _("it has the address of row %(row)d, in %(province)s.")
                % {"row": other.row, "province": other.province},
                _("Look up which of the two it is of."),
            )


def _doubt_twins(hospitals: list[Hospital]) -> None:
    """Hospitals of one province whose names are alike, and which are near or have no point."""
    provinces: dict[tuple[str, str], list[tuple[Hospital, str]]] = defaultdict(list)
    for hospital in hospitals:
        key = (hospital.country, normalise(hospital.province))
        provinces[key].append((hospital, _distinctive(hospital.name)))
    for members in provinces.values():
        for (one, one_name), (other, other_name) in combinations(members, 2):
            if _alike(one_name, other_name) and _near(one, other):
                _doubt(
                    other,
                    Doubt.MAY_BE_DUPLICATE,
                    _("it may be the same as row %(row)d (%(name)s).")
                    % {"row": one.row, "name": one.name},
                    _("Delete one of them, or keep both if they are two."),
                )


def _distinctive(name: str) -> str:
    """What remains of a name without the words that hospitals share; the name, if nothing does."""
    plain = normalise(name)
    return " ".join(_COMMON.sub(" ", plain).split()) or plain


def _without_rank(name: str) -> tuple[str, set[str]]:
    return " ".join(_RANK.sub(" ", name).split()) or name, set(_RANK.findall(name))


def _alike(one: str, other: str) -> bool:
    # Ward 1 and ward 2 are two, however alike their names.
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return False
    (one, rank), (other, other_rank) = _without_rank(one), _without_rank(other)
    if rank and other_rank and rank != other_rank:
        return False
    return fuzz.token_sort_ratio(one, other, score_cutoff=ALIKE) > 0


def _near(one: Hospital, other: Hospital) -> bool:
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return True
    return kilometres(one.lat, one.lon, other.lat, other.lon) <= NEAR_KM


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance of two points in degrees, by the haversine formula."""
    a, b = radians(lat), radians(other_lat)
    across = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(across))
