"""Importing places: facilities and stores, hospitals above all."""

import re
from collections.abc import Callable
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.core.countries import normalise
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import places
from medixchange.relief.actions.importing.base import Done, Kept, Outcome, found, trial
from medixchange.relief.interchange import hospitals as lists
from medixchange.relief.interchange.base import Finding, at
from medixchange.relief.interchange.hospitals import Doubt, Hospital
from medixchange.relief.models import Place, PlaceKind
from medixchange.relief.refusals import Refused

Key = tuple[str, str, str]


def import_places(
    path: Path,
    *,
    by: Member | None,
    country: str = "",
    kind: PlaceKind = PlaceKind.FACILITY,
    is_restricted: bool = False,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Done:
    """Add the places of a list of hospitals or other facilities that are not here yet.

    A place is known by its country, region and name. Where coordinates are doubtful, they are left
    out and told; nothing else of a place that is here is changed.

    Args:
        country: ISO 3166 alpha-2 of all, for a list without a column of countries.
        is_restricted: their names stay out of every public page.

    Raises:
        NotAllowed: the member may not keep the catalogue.
        Unreadable: it is no table, or no list of places.
    """
    if by is not None and not rules.may_keep_catalogue(by):
        raise rules.NotAllowed
    report = lists.read(path, country=country)
    rows = [Kept(_row(wrong), Outcome.REFUSED, "", (wrong,)) for wrong in report.refused]
    with trial(dry_run):
        known = _known(kind)
        for done, hospital in enumerate(report.hospitals, 1):
            rows.append(_place(hospital, known, kind, is_restricted, by))
            progress(done, len(report.hospitals))
    rows.sort(key=lambda row: row.row)
    return Done("places", path.name, tuple(rows), report.notes, dry_run)


def _row(finding: Finding) -> int:
    """The row a finding is about: the list of hospitals tells refused rows by their place alone."""
    number = re.search(r"\d+", finding.where)
    return int(number.group()) if number else 0


def _key(country: str, region: str, name: str) -> Key:
    return country, normalise(region), normalise(name)


def _known(kind: PlaceKind) -> dict[Key, Place]:
    """All places of a kind, by what they are known by."""
    return {
        _key(place.country, place.region, place.name): place
        for place in Place.objects.filter(kind=kind)
    }


def _place(
    hospital: Hospital,
    known: dict[Key, Place],
    kind: PlaceKind,
    is_restricted: bool,
    by: Member | None,
) -> Kept:
    findings = tuple(hospital.doubts.values())
    latitude, longitude = (hospital.lat, hospital.lon) if hospital.located else (None, None)
    key = _key(hospital.country, hospital.province, hospital.name)
    place = known.get(key)
    try:
        with transaction.atomic():
            if place is None:
                known[key] = made = places.add_place(
                    name=hospital.name[:200],
                    kind=kind,
                    country=hospital.country,
                    region=hospital.province[:100],
                    latitude=latitude,
                    longitude=longitude,
                    is_restricted=is_restricted,
                    by=by,
                )
                changed = not hospital.located and Doubt.NO_COORDINATES not in hospital.doubts
                return Kept(
                    hospital.row, Outcome.CHANGED if changed else Outcome.TAKEN, made.code, findings
                )
            if latitude is None or (place.latitude, place.longitude) == (latitude, longitude):
                return Kept(hospital.row, Outcome.SAME, place.code, findings)
            if place.latitude is not None:
                findings += (
                    Finding(
                        _("%(place)s is here with other coordinates; those here stay.")
                        % {"place": place},
                        at(hospital.row),
                        _("Look up which are right."),
                    ),
                )
                return Kept(hospital.row, Outcome.SAME, place.code, findings)
            _locate(place, latitude, longitude, by)
            return Kept(hospital.row, Outcome.CHANGED, place.code, findings)
    except Refused as refused:
        return Kept(hospital.row, Outcome.REFUSED, "", tuple(found(refused, hospital.row)))


def _locate(
    place: Place, latitude: float | None, longitude: float | None, by: Member | None
) -> None:
    place.latitude, place.longitude = latitude, longitude
    place.save(update_fields=["latitude", "longitude"])
    audit.record("place.located", place, by=by, latitude=latitude, longitude=longitude)
