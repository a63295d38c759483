"""``medixchange relief rates``: the rates that needs are computed by."""

from pathlib import Path

import click

from medixchange.core.commands import Refused, as_json, emit, needs_database
from medixchange.relief.actions.rates import bring_in
from medixchange.relief.interchange.base import Unreadable


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@as_json
@needs_database
def rates(folder: Path, as_json: bool) -> None:
    """Bring in the rates of WHO's Essential Supplies Forecasting Tool.

    FOLDER holds equipment.csv and hwfe.csv as the R package "esft" publishes them.
    """
    try:
        taken = bring_in(path=folder, by=None)
    except Unreadable as error:
        raise Refused(str(error)) from error
    emit(
        {"items": len(taken.items)},
        as_json=as_json,
        words=f"{len(taken.items)} items have rates now.",
    )
