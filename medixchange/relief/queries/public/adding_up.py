"""How the public figures add up: what lies between each and the next.

The figures themselves are defined in ``queries/figures.py``; here is the account of their
differences, which holds for any flows whatever, so that a reader can check it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from medixchange.relief.models import PlaceKind
from medixchange.relief.models.ledger import ABROAD
from medixchange.relief.queries.figures import Figures

#: The figures in their order. Those in ``COUNTED`` come from the ledger.
NAMES = (
    "pledged",
    "allocated",
    "shipped",
    "arrived",
    "handed_over",
    "received",
    "used",
    "damaged",
    "lost",
)
COUNTED = NAMES[2:]
_ON_ITS_WAY_IN = frozenset({"donor", ABROAD, "transit", "customs"})
_AT_THE_AGENCY = frozenset({"transport", "store", "quarantine"})


@dataclass(frozen=True, slots=True)
class Part:
    """Part of what lies between two figures, such as ``on_the_way``; never nothing."""

    what: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Between:
    """Two figures that follow each other, and what makes up their difference."""

    first: str
    then: str
    parts: tuple[Part, ...]


def parts(pledged: int, figures: Figures, ways: Mapping[tuple[str, str], int]) -> list[Between]:
    """What lies between the figures; the parts of each sum to the first less the second."""

    def over(before: Collection[str], after: Collection[str]) -> int:
        return sum(
            quantity * ((a in before and b in after) - (a in after and b in before))
            for (a, b), quantity in ways.items()
        )

    until_facility = _ON_ITS_WAY_IN | _AT_THE_AGENCY
    used, damaged, lost = {PlaceKind.USED}, {PlaceKind.DAMAGED}, {PlaceKind.LOST}
    facility, correction = {PlaceKind.FACILITY}, {PlaceKind.CORRECTION}
    used_before = over(until_facility, used)
    return [
        _between("pledged", "shipped", not_sent=pledged - figures.shipped),
        _between("shipped", "arrived", on_the_way=figures.on_the_way, lost=figures.lost_on_the_way),
        _between(
            "arrived",
            "handed_over",
            at_customs=figures.at_customs,
            damaged=figures.damaged_before,
            lost=figures.lost_at_customs,
        ),
        _between(
            "handed_over",
            "received",
            in_stores=figures.in_stores,
            in_transport=figures.in_transport,
            in_quarantine=figures.in_quarantine,
            used_by_stores=used_before,
            damaged=over(_AT_THE_AGENCY, damaged),
            lost=over(_AT_THE_AGENCY, lost),
            counted_off=over(until_facility, correction),
        ),
        _between(
            "received",
            "used",
            at_facilities=figures.at_facilities,
            damaged=over(facility, damaged),
            lost=over(facility, lost),
            counted_off=over(facility, correction),
            used_before=-used_before,
        ),
    ]


def _between(first: str, then: str, **quantities: int) -> Between:
    return Between(
        first,
        then,
        tuple(Part(what, quantity) for what, quantity in quantities.items() if quantity),
    )
