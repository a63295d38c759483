"""``medixchange relief export``: tables, FHIR and IATI as files."""

import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from medixchange.core.commands import LanguageTag, Refused, counting, needs_database
from medixchange.relief.exports import FORMATS, TABLES, Asker, stream
from medixchange.relief.fhir import KINDS, collection
from medixchange.relief.fhir.bundles import full_url
from medixchange.relief.fhir.resources import Resource
from medixchange.relief.iati import NotConfigured, Reporter, activities, reporter

P = ParamSpec("P")
R = TypeVar("R")


@click.group("export")
def export() -> None:
    """Export what is on record."""


def output_option() -> Callable[[Callable[P, R]], Callable[P, R]]:
    """``-o FILE``"""
    return click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
        help="File to write; left out, or -, standard output.",
    )


def language_option() -> Callable[[Callable[P, R]], Callable[P, R]]:
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


@export.command("fhir")
@output_option()
@click.option(
    "--type", "kinds", multiple=True, type=click.Choice(list(KINDS)), help="Only these; repeatable."
)
@click.option("--ndjson", is_flag=True, help="A resource a line, in the place of one bundle.")
@click.option("--validate", is_flag=True, help="Check each resource against fhir.resources first.")
@needs_database
def fhir(output: Path | None, kinds: tuple[str, ...], ndjson: bool, validate: bool) -> None:
    """Export FHIR R5: items, places, organisations, needs and deliveries."""
    found = collection(Asker("en", is_operator=True), kinds=kinds or tuple(KINDS))
    if validate:
        found = (_validated(resource) for resource in found)
    write(_lines(found) if ndjson else _bundle(found), output)


def _validated(resource: Resource) -> Resource:
    # Imported here: its models take most of a second to load, and no other command needs them.
    from fhir.resources import get_fhir_model_class
    from pydantic import ValidationError

    try:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    except ValidationError as error:
        raise Refused(f"{full_url(resource)} is no FHIR R5: {error}") from error
    return resource


def _lines(found: Iterable[Resource]) -> Iterator[bytes]:
    for resource in found:
        yield json.dumps(resource, ensure_ascii=False).encode() + b"\n"


def _bundle(found: Iterable[Resource]) -> Iterator[bytes]:
    yield b'{"resourceType": "Bundle", "type": "collection"'
    before = b', "entry": [\n'
    for resource in found:
        entry = {"fullUrl": full_url(resource), "resource": resource}
        yield before + json.dumps(entry, ensure_ascii=False).encode()
        before = b",\n"
    # FHIR has no empty lists.
    yield b"}\n" if before.startswith(b", ") else b"\n]}\n"


@export.command("iati")
@output_option()
@click.option("--reporting-ref", default="", help="IATI identifier of who publishes.")
@click.option("--reporting-name", default="", help="Name of who publishes.")
@click.option(
    "--reporting-type", default="90", show_default=True, help="Its type by IATI's codelist."
)
@needs_database
def iati(output: Path | None, reporting_ref: str, reporting_name: str, reporting_type: str) -> None:
    """Export IATI 2.03: an activity for each pledge that is no example.

    Left out, who publishes is what MEDIXCHANGE_IATI_REF and MEDIXCHANGE_IATI_NAME say.
    """
    try:
        who = (
            Reporter(reporting_ref, reporting_name or reporting_ref, reporting_type)
            if reporting_ref
            else reporter()
        )
    except NotConfigured as error:
        raise Refused(f"{error} Name it: --reporting-ref REF --reporting-name NAME.") from error
    write(activities(who), output)
