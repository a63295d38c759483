"""Making places: those with a door, and the accounts that belong to them or to a consignment."""

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member, Organisation
from medixchange.relief.models import Consignment, Place, PlaceKind
from medixchange.relief.models.places import OF_CONSIGNMENT, OF_PLACE, WITH_A_DOOR
from medixchange.relief.refusals import Problem, Refused


@transaction.atomic
def add_place(
    *,
    name: str,
    kind: PlaceKind,
    country: str,
    by: Member | None,
    organisation: Organisation | None = None,
    code: str = "",
    region: str = "",
    latitude: float | None = None,
    longitude: float | None = None,
    time_zone: str = "UTC",
    population: int | None = None,
    is_restricted: bool = False,
    is_example: bool = False,
    gs1_prefix: str = "",
) -> Place:
    """Add a donor account, a store or a facility. ``country`` is ISO 3166-1 alpha-2.

    Raises:
        Refused: the kind is not one of those, or the code is taken.
    """
    if kind not in WITH_A_DOOR:
        raise Refused(_("An account of this kind is made with the place it belongs to."))
    code = code or free_code(name)
    if Place.objects.filter(code=code).exists():
        raise Refused(
            Problem(
                _("There is a place with the code “%(code)s” already. Choose another code.")
                % {"code": code},
                "code",
                "code_used",
            )
        )
    place = Place.objects.create(
        code=code,
        name=name.strip(),
        kind=kind,
        organisation=organisation,
        country=country.upper(),
        region=region,
        latitude=latitude,
        longitude=longitude,
        time_zone=time_zone,
        population=population,
        is_restricted=is_restricted,
        is_example=is_example,
        gs1_prefix=gs1_prefix,
    )
    audit.record("place.added", place, by=by, name=place.name, kind=kind.value)
    return place


def free_code(name: str) -> str:
    """A code for a place of this name that no other has."""
    base = slugify(name)[:60] or "place"
    taken = set(Place.objects.filter(code__startswith=base).values_list("code", flat=True))
    code, number = base, 1
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code


def account_of(place: Place, kind: PlaceKind) -> Place:
    """The used, damaged, lost, quarantine or correction account of a store or facility, made when
    it is first asked for. Call in a transaction."""
    if kind not in OF_PLACE:
        raise ValueError(kind)
    return Place.objects.get_or_create(
        parent=place.owner,
        kind=kind,
        defaults={
            "code": f"{place.owner.code[:65]}--{kind.value}",
            "name": place.owner.name,
            "organisation": place.owner.organisation,
            "country": place.owner.country,
            "region": place.owner.region,
            "is_restricted": place.owner.is_restricted,
            "is_example": place.owner.is_example,
        },
    )[0]


def account_of_consignment(consignment: Consignment, kind: PlaceKind) -> Place:
    """The transit, customs or transport account of a consignment, made when it is first asked for.
    It is of the country the goods are for. Call in a transaction."""
    if kind not in OF_CONSIGNMENT:
        raise ValueError(kind)
    return Place.objects.get_or_create(
        consignment=consignment,
        kind=kind,
        defaults={
            "code": f"c{consignment.pk}--{kind.value}",
            "name": consignment.reference,
            "country": consignment.destination.country,
        },
    )[0]
