"""``medixchange relief ledger``: whether the ledger holds together, and making its sums anew."""

import click

from medixchange.core.commands import Refused, as_json, counting, emit, needs_database
from medixchange.relief import refusals
from medixchange.relief.actions.rebuild import rebuild as make_anew
from medixchange.relief.models import Document
from medixchange.relief.queries import verifying


@click.group()
def ledger() -> None:
    """The ledger of goods: whether it holds together, and making its sums anew."""


@ledger.command()
@as_json
@needs_database
def verify(as_json: bool) -> None:
    """Add the whole ledger up again and name everything that does not hold.

    Exit code 1 where anything does not.
    """
    with counting("documents") as progress:
        found = list(verifying.faults(progress))
    documents = Document.objects.count()
    verdict = (
        f"{len(found):,} faults. Sums are made anew with: medixchange relief ledger rebuild"
        if found
        else "the ledger holds."
    )
    emit(
        {"sound": not found, "documents": documents, "faults": found},
        as_json=as_json,
        words="\n".join([*found, f"{documents:,} documents: {verdict}"]),
    )
    if found:
        raise click.exceptions.Exit(1)


@ledger.command()
@as_json
@needs_database
def rebuild(as_json: bool) -> None:
    """Make balances and figures anew from the movements, and put lost guards back.

    The movements themselves stay. Nobody can post meanwhile. What was wrong is printed and kept in
    the audit trail.
    """
    try:
        done = make_anew(by=None)
    except refusals.Refused as refusal:
        raise Refused(str(refusal)) from refusal
    mended = [f"{fault.what}: was {fault.kept}, is {fault.counted}" for fault in done.mended]
    words = [
        *(f"guard {name}: put back" for name in done.guards),
        *mended,
        f"{done.balances:,} balances and {done.flows:,} flows are made anew from the movements; "
        f"{len(mended):,} sums were wrong.",
    ]
    emit(
        {
            "balances": done.balances,
            "flows": done.flows,
            "guards": list(done.guards),
            "mended": mended,
        },
        as_json=as_json,
        words="\n".join(words),
    )
