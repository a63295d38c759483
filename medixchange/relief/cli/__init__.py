"""The commands of relief: ``medixchange relief …``."""

import click

from medixchange.core.lazy import Lazy, LazyGroup, Needs

_COMMANDS = {
    "import": Lazy(
        "medixchange.relief.cli.importing:import_",
        "Import tables: CSV, TSV or XLSX, with or without HXL hashtags.",
    ),
    "export": Lazy("medixchange.relief.cli.exporting:export", "Export what is on record."),
    "forecast": Lazy(
        "medixchange.relief.cli.forecast:forecast",
        "Compute the need of a facility from the patients in its care, by WHO's rates.",
    ),
    "rates": Lazy(
        "medixchange.relief.cli.rates:rates",
        "Bring in the rates of WHO's Essential Supplies Forecasting Tool.",
    ),
    "allocate": Lazy(
        "medixchange.relief.cli.allocate:allocate",
        "Share out scarce goods: who gets how much of what, in whole packs, and how fair that is.",
        # Files in, files out: no database, and so no models.
        needs=Needs.GETTEXT,
    ),
    "ledger": Lazy(
        "medixchange.relief.cli.ledger:ledger",
        "The ledger of goods: whether it holds together, and making its sums anew.",
    ),
}


@click.command(cls=LazyGroup, lazy=_COMMANDS)
def relief() -> None:
    """Goods from pledge to ward: files in and out, sharing out, and the ledger's soundness."""
