"""``medixchange relief export``: tables, FHIR and IATI as files."""

import contextlib
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from medixchange.core.commands import LanguageTag, counting, needs_database
from medixchange.relief.exports import FORMATS, TABLES, Asker, stream


@click.group("export")
def export() -> None:
    """Export what is on record."""


def output_option(required: bool = False):  # type: ignore[no-untyped-def]
    """``-o FILE``"""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        required=required,
        help="File to write; left out, or -, standard output.",
    )


def language_option():  # type: ignore[no-untyped-def]
    """``--language TAG``"""
    return click.option(
        "--language",
        type=LanguageTag(),
        default="en",
        show_default=True,
        help="Language of the names.",
    )


def write(pieces: Iterable[bytes], output: Path | None) -> int:
    """Write pieces to a file, or to standard output; gives the number of bytes.

    A file is written beside its name first, so that a broken export leaves the one before.
    """
    size = 0
    with contextlib.ExitStack() as stack:
        if output is None or str(output) == "-":
            file = sys.stdout.buffer
        else:
            beside = output.with_name(f".{output.name}.part")
            file = stack.enter_context(beside.open("wb"))
            stack.callback(beside.unlink, missing_ok=True)
        with counting("bytes") as show:
            for piece in pieces:
                file.write(piece)
                size += len(piece)
                show(size)
        file.flush()
        if output is not None and str(output) != "-":
            beside.replace(output)
    return size


def _table_command(name: str) -> click.Command:
    table = TABLES[name]

    @click.command(name, help=f"Export {name}: {table.about}")
    @output_option()
    @click.option(
        "--format",
        "kind",
        type=click.Choice(list(FORMATS)),
        help="Left out, what the file's name ends with, else CSV.",
    )
    @language_option()
    @needs_database
    def command(output: Path | None, kind: str | None, language: str) -> None:
        ending = output.suffix.lstrip(".").lower() if output else ""
        write(
            stream(
                table,
                kind or (ending if ending in FORMATS else "csv"),
                Asker(language, is_operator=True),
            ),
            output,
        )

    return command


for _name in TABLES:
    export.add_command(_table_command(_name))
