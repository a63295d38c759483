"""``medixchange relief import donations``: a published list of donations, row by row."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from medixchange.core.commands import Refused, as_json, emit, ensure_database
from medixchange.relief.actions.importing import import_donations
from medixchange.relief.interchange import donations as lists
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.donations import DonationReport, DonationRow
from medixchange.relief.models import Place, PlaceKind
from medixchange.relief.queries.catalogue import known_names
from medixchange.relief.refusals import Refused as ReliefRefused


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--donor", "code", default="", help="Code of the donor's account; needed to keep it.")
@click.option(
    "--announced",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Day the list was published; needed to keep it.",
)
@click.option("--source-url", default="", help="Where it was published.")
@click.option("--example", is_flag=True, help="Mark the pledges as made-up examples.")
@click.option("--dry-run", is_flag=True, help="Read and report only; keep nothing.")
@click.option("--encoding", default=None, help="Encoding of a text file; left out, it is found.")
@as_json
def donations(
    path: Path,
    code: str,
    announced: datetime | None,
    source_url: str,
    example: bool,
    dry_run: bool,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Import donations as published: country, goods, qty, progress, recipient.

    Each row is taken, to settle (a person decides what it leaves open) or refused, with the reason
    and the lines that could be read. With --donor and --announced, rows taken become pledges and
    those to settle wait in the work list; the same file again adds nothing. Exit code 1 only where
    the file itself is refused.
    """
    if not dry_run and (not code or announced is None):
        raise Refused(
            "To keep donations, name the donor and the day: --donor CODE --announced YYYY-MM-DD. "
            "Add --dry-run to see what each row would give."
        )
    try:
        if code and announced is not None:
            result, words = _kept(
                path, code, announced.date(), source_url, example, encoding, dry_run
            )
        else:
            report = lists.read(path, encoding=encoding)
            result, words = report.as_json(), in_words(report)
    except Unreadable as problem:
        raise Refused(f"{problem} Nothing was read.") from problem
    except ReliefRefused as refused:
        raise Refused(f"{refused} Nothing was kept.") from refused
    emit(result, as_json=as_json, words=words)


def _kept(
    path: Path,
    code: str,
    announced: date,
    source_url: str,
    example: bool,
    encoding: str | None,
    dry_run: bool,
) -> tuple[dict[str, Any], str]:
    """Keep a list, or see what would come of it: the report of its rows, and what became of each,
    as JSON and in words."""
    ensure_database()
    donor = Place.objects.filter(code=code, kind=PlaceKind.DONOR).first()
    if donor is None:
        raise Refused(f"There is no donor account with the code {code}.")
    report = lists.read(path, known=known_names(), encoding=encoding)
    done = import_donations(
        path,
        donor=donor,
        announced_on=announced,
        source_url=source_url,
        is_example=example,
        encoding=encoding,
        dry_run=dry_run,
        by=None,
    )
    totals = done.totals()
    words = [
        *(str(note) for note in done.notes),
        *(
            f"row {row.row}: {row.outcome}{f' {row.what}' if row.what else ''}"
            + "".join(f"\n  {finding}" for finding in row.findings)
            for row in done.rows
        ),
        f"{totals['rows']:,} rows: {totals['taken']:,} taken, {totals['settle']:,} to settle, "
        f"{totals['same']:,} here before, {totals['refused']:,} refused.",
    ]
    if dry_run:
        words.append("This was a dry run: nothing was kept.")
    return report.as_json() | {"kept": done.as_json()}, "\n".join(words)


def in_words(report: DonationReport) -> str:
    """The report as lines of text."""
    totals = report.totals()
    return "\n".join(
        [
            *(str(note) for note in report.notes),
            *(line for row in report.rows for line in _row(row)),
            f"{totals['rows']:,} rows: {totals['taken']:,} taken, {totals['settle']:,} to settle, "
            f"{totals['refused']:,} refused.",
        ]
    )


def _row(row: DonationRow) -> list[str]:
    words = {"taken": "taken", "settle": "to settle", "refused": "refused"}
    told = [f"row {row.row}: {words[row.outcome]}"]
    for line in row.lines:
        place = ", ".join((*line.countries, *([line.region] if line.region else ()))) or "?"
        quantity = "?" if line.quantity is None else f"{line.quantity:,}"
        item = line.item or f"“{line.item_text}”"
        told.append(f"  {place}: {quantity} {item}, {line.state or '?'}")
    told += [f"  {reason}" for reason in (*row.reasons, *row.notes)]
    return told
