"""The commands of relief: ``medixchange relief …``."""

import click

from medixchange.relief.cli.allocate import allocate
from medixchange.relief.cli.exporting import export
from medixchange.relief.cli.forecast import forecast
from medixchange.relief.cli.importing import import_
from medixchange.relief.cli.ledger import ledger


@click.group()
def relief() -> None:
    """Goods from pledge to ward: files in and out, sharing out, and the ledger's soundness."""


for command in (import_, export, forecast, allocate, ledger):
    relief.add_command(command)
