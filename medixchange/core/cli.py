"""Commands of the house: set up, serve, and check the audit trail."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from medixchange.core import audit as trail
from medixchange.core import commands
from medixchange.core.commands import as_json, emit, needs_database


@click.command()
@as_json
def setup(as_json: bool) -> None:
    """Make or bring up to date all that the site needs: database, words, static files.

    Safe to run again at any time.
    """
    _set_up()
    emit(
        {"data": str(settings.DATA_DIR), "ready": True},
        as_json=as_json,
        words=f"Ready. All state is in {settings.DATA_DIR}.",
    )


def _set_up() -> None:
    click.echo("database…", err=True)
    commands.ensure_database()
    click.echo("static files…", err=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    shutil.rmtree(settings.FINISHED_DIR, ignore_errors=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers",
    default=max(1, (os.cpu_count() or 2) // 2),
    show_default=True,
    type=click.IntRange(1, 256),
    help="Processes.",
)
@click.option(
    "--worker/--no-worker",
    default=settings.MEDIXCHANGE_WORKER,
    help="Start the worker of search beside the pages, or not; see MEDIXCHANGE_WORKER.",
)
def serve(host: str, port: int, workers: int, worker: bool) -> None:
    """Serve the site's pages; sets up first what was never set up."""
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists():
        _set_up()
    if worker:
        _start_worker()
    granian = Path(sys.executable).with_name("granian")
    arguments = [
        str(granian), "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", "4", "--no-ws",
        "--log-level", "warning", "medixchange.wsgi:application",
    ]  # fmt: skip
    os.execv(granian, arguments)  # noqa: S606 - the server takes this process's place


def _start_worker() -> None:
    """The worker of search, which ends when this process does; it goes on as the server's child."""
    subprocess.Popen(
        [sys.executable, "-m", "medixchange", "search", "work", "--beside", str(os.getpid())],
        stdin=subprocess.DEVNULL,
    )


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@as_json
@needs_database
def verify(as_json: bool) -> None:
    """Check that no line of the audit trail was altered, added or removed."""
    faults = [fault.as_json() for fault in trail.verify()]
    if as_json:
        click.echo(json.dumps({"sound": not faults, "faults": faults}))
    else:
        for fault in faults:
            click.echo(f"line {fault['sequence']}: {fault['what']}")
        if not faults:
            click.echo("The audit trail is sound.")
    if faults:
        sys.exit(1)
