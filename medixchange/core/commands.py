"""What all commands share: how they refuse, report, show progress, and find their database."""

import functools
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, ParamSpec, Protocol, TypeVar

import click
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor

from medixchange.core import languages, messages

P = ParamSpec("P")
R = TypeVar("R")

as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


class Refused(click.ClickException):
    """Something was refused: what, where, and what to do. Exit code 1."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"medixchange: {self.format_message()}", err=True)


class LanguageTag(click.ParamType):
    """A BCP 47 tag of a language we carry."""

    name = "TAG"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return languages.get(str(value)).tag
        except languages.UnknownLanguage as error:
            self.fail(str(error), param, ctx)


def source_option(required: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """``--source TAG``"""
    return click.option(
        "--source", type=LanguageTag(), required=required, help="Language translated from."
    )


def target_option(required: bool = True) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """``--target TAG``"""
    return click.option(
        "--target", type=LanguageTag(), required=required, help="Language translated into."
    )


def needs_database(function: Callable[P, R]) -> Callable[P, R]:
    """Make the database and bring it up to date before the command runs."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        ensure_database()
        return function(*args, **kwargs)

    return run


def ensure_database() -> None:
    """Create and migrate the database where that is still to be done."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
    messages.ensure()


def emit(result: Any, *, as_json: bool, words: str) -> None:
    """Print a result: as JSON, or in words."""
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else words)


def emit_line(row: dict[str, Any]) -> None:
    """Print one JSON line."""
    sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


class Counting(Protocol):
    """Tells how far long work is."""

    def __call__(self, done: int, total: int | None = None) -> None: ...


@contextmanager
def counting(label: str) -> Iterator[Counting]:
    """Shows how far long work is: a line on standard error, rewritten where that is a terminal,
    else one line at the end."""
    live, last, began = sys.stderr.isatty(), "", time.monotonic()

    def show(done: int, total: int | None = None) -> None:
        nonlocal last
        share = f" of {total:,}" if total is not None else ""
        last = f"{label}: {done:,}{share}, {time.monotonic() - began:.0f} s"
        if live:
            sys.stderr.write(f"\r{last}\033[K")
            sys.stderr.flush()

    yield show
    if last:
        sys.stderr.write("\n" if live else f"{last}\n")


def lines(file: IO[str], *, longest: int = 100_000) -> Iterator[tuple[int, str]]:
    """Lines of text with their numbers from 1, without their ends.

    Raises:
        Refused: a line is longer than ``longest`` characters, or is not UTF-8.
    """
    number = 0
    while True:
        number += 1
        try:
            line = file.readline(longest + 1)
        except UnicodeDecodeError as error:
            raise Refused(
                f"line {number}: the text is not UTF-8 ({error.reason}). Save it as UTF-8."
            ) from error
        if not line:
            return
        if len(line) > longest:
            raise Refused(
                f"line {number}: longer than {longest:,} characters. "
                "Put each sentence or paragraph on a line of its own."
            )
        yield number, line.rstrip("\r\n")
