"""``medixchange relief import …``: files become rows, each told what became of it."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from medixchange.core import countries
from medixchange.core.commands import (
    LanguageTag,
    Refused,
    as_json,
    counting,
    emit,
    needs_database,
)
from medixchange.relief.actions import importing
from medixchange.relief.actions.importing import Done, Outcome
from medixchange.relief.cli.donations import donations
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.models import Consignment, PlaceKind
from medixchange.relief.refusals import Refused as ReliefRefused

_WORDS = {
    Outcome.TAKEN: "taken",
    Outcome.CHANGED: "changed",
    Outcome.SAME: "the same as before",
    Outcome.SETTLE: "to settle",
    Outcome.LEFT: "left out",
    Outcome.REFUSED: "refused",
}
#: Rows told in words; ``--json`` tells all.
TOLD = 200

path_argument = click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
dry_run_option = click.option(
    "--dry-run", is_flag=True, help="Tell what would happen; keep nothing."
)


class Country(click.ParamType):
    """An ISO 3166 code of a country."""

    name = "CODE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return countries.get(str(value)).alpha2
        except countries.UnknownCountry as error:
            self.fail(str(error), param, ctx)


@click.group("import")
def import_() -> None:
    """Import tables: CSV, TSV or XLSX, with or without HXL hashtags."""


import_.add_command(donations)


@import_.command()
@path_argument
@click.option(
    "--language",
    type=LanguageTag(),
    default="en",
    show_default=True,
    help="Language of the names, where the file has no column of it.",
)
@click.option("--essential", default="", help="List of essentials that the file is, with version.")
@dry_run_option
@as_json
@needs_database
def items(path: Path, language: str, essential: str, dry_run: bool, as_json: bool) -> None:
    """Import the item catalogue: code, name, unit, packs (box=50; carton=2500) and other facts.

    An item that is here is changed in what the file says; a blank cell changes nothing.
    """
    with counting("rows") as show:
        done = _imported(
            lambda: importing.import_items(
                path,
                language=language,
                essential=essential,
                by=None,
                dry_run=dry_run,
                progress=show,
            )
        )
    tell(done, as_json=as_json)


@import_.command()
@path_argument
@click.option(
    "--country",
    type=Country(),
    default="",
    help="Country of all, for a list without a column of countries.",
)
@click.option(
    "--kind",
    type=click.Choice([PlaceKind.FACILITY.value, PlaceKind.STORE.value]),
    default=PlaceKind.FACILITY.value,
    show_default=True,
    help="What they are.",
)
@click.option("--restricted", is_flag=True, help="Keep their names out of every public page.")
@dry_run_option
@as_json
@needs_database
def places(
    path: Path, country: str, kind: str, restricted: bool, dry_run: bool, as_json: bool
) -> None:
    """Import facilities: name, country, province, lat, lon. Doubtful points are left out and told.

    A place that is here already is not added again.
    """
    with counting("rows") as show:
        done = _imported(
            lambda: importing.import_places(
                path,
                country=country,
                kind=PlaceKind(kind),
                is_restricted=restricted,
                by=None,
                dry_run=dry_run,
                progress=show,
            )
        )
    tell(done, as_json=as_json)


@import_.command()
@path_argument
@click.option(
    "--by-when",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day they are needed by, for rows that give none.",
)
@dry_run_option
@as_json
@needs_database
def needs(path: Path, by_when: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Import what facilities need: facility, item, need, by_when."""
    with counting("rows") as show:
        done = _imported(
            lambda: importing.import_needs(
                path, by_when=_day(by_when), by=None, dry_run=dry_run, progress=show
            )
        )
    tell(done, as_json=as_json)


@import_.command("packing-list")
@path_argument
@click.option("--consignment", "reference", required=True, help="Reference of the consignment.")
@dry_run_option
@as_json
@needs_database
def packing_list(path: Path, reference: str, dry_run: bool, as_json: bool) -> None:
    """Import a packing list, all of it or nothing: box, item, quantity, lot, expires_on, sscc."""
    consignment = (
        Consignment.objects.filter(reference=reference)
        .select_related("origin__organisation", "destination")
        .first()
    )
    if consignment is None:
        raise Refused(f"There is no consignment {reference}.")
    tell(
        _imported(
            lambda: importing.import_packing_list(
                path, consignment=consignment, by=None, dry_run=dry_run
            )
        ),
        as_json=as_json,
    )


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


def _imported(act: Callable[[], Done]) -> Done:
    try:
        return act()
    except Unreadable as problem:
        raise Refused(f"{problem} Nothing was imported.") from problem
    except ReliefRefused as refused:
        raise Refused(f"{refused} Nothing was imported.") from refused


def tell(done: Done, *, as_json: bool) -> None:
    """Print what became of a file; exit code 1 where rows were refused and none was good."""
    emit(done.as_json(), as_json=as_json, words=in_words(done))
    good = done.totals()
    if good["refused"] and good["refused"] + good["left"] == good["rows"]:
        sys.exit(1)


def in_words(done: Done) -> str:
    """The report as lines of text: rows with something to know, then the sums."""
    totals = done.totals()
    rows = [row for row in done.rows if row.findings or row.outcome is Outcome.REFUSED]
    told = [str(note) for note in done.notes]
    for row in rows[:TOLD]:
        what = f" {row.what}" if row.what else ""
        told.append(f"row {row.row}: {_WORDS[row.outcome]}{what}")
        told += [f"  {finding}" for finding in row.findings]
    if len(rows) > TOLD:
        told.append(f"… and {len(rows) - TOLD:,} more rows with something to know; see --json.")
    sums = ", ".join(
        f"{totals[outcome]:,} {words}" for outcome, words in _WORDS.items() if totals[outcome]
    )
    told.append(f"{totals['rows']:,} rows: {sums or 'nothing'}.")
    if done.dry_run:
        told.append("This was a dry run: nothing was kept.")
    return "\n".join(told)
