"""The rule of what is public, in one place. Every public page, file and interface goes through it.

Public: which document moved how much of which item, when, from where to where; the consignment it
went with, and the stages of the consignment's way with where each was published; who gave; stores
and facilities by name.

Never public, whoever asks here:

- people: who posted, signed, counted, recorded or approved anything;
- signatures, photos, and where they were made;
- free text of an organisation: notes, reasons, remarks, what is said in a discrepancy case. That a
  reason is on record is said, the reason is not;
- lots, expiry dates, boxes, weights, waybills and plates, temperatures;
- stock: what lies at one place now. Sums over a country are public;
- a restricted place's name, code, region and position. It is “a facility in …”, with the country;
  of what it received or used the day is told and not the hour, and of a consignment to or from it
  neither the carrier nor where it was on its way;
- consignments that have not left, and allocations that are not approved;
- the wording of a stage's place, unless it is an airport, a port or customs (departed, arrived,
  held, released) or was published.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from medixchange.core import countries
from medixchange.relief.models import Consignment, Place, PlaceKind, Stage, StageKind
from medixchange.relief.models.places import OF_CONSIGNMENT

#: Stages whose place is a public one: an airport, a port, customs.
_AT_PUBLIC_PLACES = (StageKind.DEPARTED, StageKind.ARRIVED, StageKind.HELD, StageKind.RELEASED)
#: What a query of places must join so that ``place_name`` asks for nothing more.
JOINED = ("parent", "consignment")


def country_name(code: str, language: str) -> str:
    """A country in the reader's language; its code where nobody knows it."""
    try:
        return countries.get(code).name(language)
    except countries.UnknownCountry:
        return code


def is_hidden(place: Place) -> bool:
    """Whether nothing that tells it from others may be shown: it, or what it is an account of, is
    restricted."""
    return place.is_restricted or place.owner.is_restricted


def place_name(place: Place, language: str) -> str:
    """What the public is told a place is called. Needs ``JOINED``."""
    if place.kind in OF_CONSIGNMENT:
        return place.get_kind_display()
    owner = place.owner
    name = _unnamed(owner, language) if is_hidden(place) else owner.name
    if owner == place:
        return name
    return _("%(place)s: %(account)s") % {"place": name, "account": place.get_kind_display()}


def _unnamed(place: Place, language: str) -> str:
    where = {"country": country_name(place.country, language)}
    if place.kind == PlaceKind.DONOR:
        return _("a donor in %(country)s") % where
    if place.kind == PlaceKind.STORE:
        return _("a store in %(country)s") % where
    return _("a facility in %(country)s") % where


def touches_hidden(places: Iterable[Place]) -> bool:
    """Whether any of these is hidden, so that hours and positions stay out."""
    return any(is_hidden(place) for place in places)


@dataclass(frozen=True, slots=True)
class PublicStage:
    """One event of a consignment's way as the public may read it."""

    stage: Stage
    location: str
    source_url: str
    #: The document it came with, by number.
    document: str
    day_only: bool


def stages_of(consignment: Consignment) -> list[PublicStage]:
    """The events of a consignment's way, in their order. One query; needs both ends joined."""
    hidden = touches_hidden([consignment.origin, consignment.destination])
    return [
        PublicStage(
            stage,
            stage.location
            if not hidden and (stage.kind in _AT_PUBLIC_PLACES or stage.source_url)
            else "",
            "" if hidden else stage.source_url,
            stage.document.number if stage.document else "",
            hidden,
        )
        for stage in consignment.stages.select_related("document").order_by("happened_at", "pk")
    ]


def carrier_of(consignment: Consignment) -> str:
    """Who carries it, or nothing."""
    hidden = touches_hidden([consignment.origin, consignment.destination])
    return "" if hidden or consignment.carrier is None else consignment.carrier.name
