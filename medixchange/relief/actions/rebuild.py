"""Making the ledger's sums anew, and putting back guards the database has lost."""

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import guards
from medixchange.relief.actions import ledger
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.queries import stock
from medixchange.relief.queries.verifying import faults
from medixchange.relief.refusals import Refused

__all__ = ["Rebuilt", "faults", "make_sums", "rebuild"]

#: So many of the sums that were wrong are named in the audit trail; of more, only how many.
NAMED = 100


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many sums there are now, which of them were wrong before, and which guards were gone."""

    balances: int
    flows: int
    mended: tuple[stock.Fault, ...]
    guards: tuple[str, ...]


@retrying
@transaction.atomic
def rebuild(*, by: Member | None) -> Rebuilt:
    """Make balances, flows and their totals anew from the movements, in one transaction.

    Nobody posts meanwhile; readers go on with the sums as they were. ``by=None`` is the operator.

    Raises:
        Refused: the movements themselves bring a place below zero. Nothing is changed.
    """
    ledger.take_turns()
    lost = tuple(guards.missing(connection))
    mended = tuple(stock.faults())
    try:
        with transaction.atomic():
            balances, flows = make_sums()
    except IntegrityError as error:
        raise Refused(
            _(
                "The movements themselves bring a place below zero, so they were altered behind "
                "the database. Nothing was changed. Bring back a copy of the database from before."
            )
        ) from error
    if lost:
        with connection.cursor() as cursor:
            guards.put(connection.vendor, cursor.execute)
    audit.record(
        "ledger.rebuilt",
        "relief ledger",
        by=by,
        balances=balances,
        flows=flows,
        guards=list(lost),
        mended=len(mended),
        named=[
            {"what": fault.what, "kept": fault.kept, "counted": fault.counted}
            for fault in mended[:NAMED]
        ],
    )
    return Rebuilt(balances, flows, mended, lost)


def make_sums() -> tuple[int, int]:
    """Write all sums from the movements alone; gives the numbers of balances and of flows."""
    vendor = connection.vendor
    with connection.cursor() as cursor:
        for table in ("relief_flowtotal", "relief_flow", "relief_balance"):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        cursor.execute(guards.balances())
        balances = cursor.rowcount
        cursor.execute(guards.flows(guards.ways(vendor, "relief_movement")))
        flows = cursor.rowcount
        cursor.execute(guards.totals(vendor, "relief_flow"))
    return balances, flows
