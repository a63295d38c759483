"""What every step of a consignment asks first: the row, what is on the way still, when it left."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from medixchange.relief.actions import ledger
from medixchange.relief.models import (
    Balance,
    Consignment,
    DocumentKind,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.refusals import Problem


def locked(consignment: Consignment) -> Consignment:
    """The row as it is now, held until the end of the transaction, so that two people who press a
    button, or count, at once go one after the other."""
    return (
        Consignment.objects.select_for_update(of=("self",))
        .select_related(
            "origin__organisation", "destination__organisation", "carrier", "pledge__donor"
        )
        .get(pk=consignment.pk)
    )


def before_it_left(consignment: Consignment, happened_at: datetime) -> list[Problem]:
    """A problem where a time lies before the last dispatch: a slip of the year, or a lost clock."""
    left = (
        consignment.documents.filter(kind=DocumentKind.DISPATCH, reversed_by__isnull=True)
        .values_list("happened_at", flat=True)
        .first()
    )
    if left is None or happened_at >= left - ledger.AHEAD:
        return []
    return [
        Problem(
            _("The time given is before %(reference)s left (%(left)s UTC). Check the date.")
            % {
                "reference": consignment.reference,
                "left": left.astimezone(UTC).strftime("%Y-%m-%d %H:%M"),
            },
            "happened_at",
            "clock",
        )
    ]


def on_the_way(consignment: Consignment) -> list[Balance]:
    """What of a consignment is still in its transit, customs and transport accounts, by lot."""
    return list(
        Balance.objects.filter(
            place__consignment=consignment, place__kind__in=OF_CONSIGNMENT, quantity__gt=0
        )
        .select_related("lot__item", "place")
        .order_by("lot__item__code", "lot__expires_on", "lot__number", "place_id")
    )
