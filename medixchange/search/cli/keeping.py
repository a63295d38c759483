"""Commands that look after the index."""

import os
import signal
import sys
from dataclasses import asdict

import click
from django.utils import timezone

from medixchange.core.commands import Refused, as_json, counting, emit, needs_database
from medixchange.search.actions import alerting, rebuilding, working
from medixchange.search.queries.status import Status
from medixchange.search.queries.status import status as read_status


@click.command()
@as_json
@needs_database
def rebuild(as_json: bool) -> None:
    """Make the whole index anew. Searches go on being answered from the old one meanwhile."""
    # Entered last, left first: what is read stands above what is indexed.
    with counting("indexing") as indexed, counting("reading") as read:

        def tell(step: str, done: int, total: int) -> None:
            (read if step == "read" else indexed)(done, total)

        try:
            done = rebuilding.rebuild(tell=tell)
        except rebuilding.Busy:
            raise Refused(
                "Another process is making the index anew. Wait until it is done."
            ) from None
    words = f"{done.passages:,} passages indexed, {done.changed:,} of them changed."
    if done.failed:
        words += f" {done.failed:,} units could not be read: see medixchange search status."
    emit(asdict(done), as_json=as_json, words=words)


@click.command()
@as_json
@needs_database
def status(as_json: bool) -> None:
    """How many passages there are, what waits, and what failed."""
    found = read_status()
    emit(found.as_json(), as_json=as_json, words="\n".join(_lines(found)))


def _lines(found: Status) -> list[str]:
    lines = [f"{found.total:,} passages"]
    for kind, by_tag in found.passages.items():
        counts = ", ".join(f"{tag} {count:,}" for tag, count in by_tag.items())
        lines.append(f"  {kind}: {counts}")
    lines.append(f"{found.notes_waiting:,} changes wait to be taken in")
    if found.engine:
        lines.append(f"{found.vectors_waiting:,} passages wait for their meaning ({found.engine})")
    else:
        lines.append("meaning is off: search goes by words alone")
    lines += [f"  {count:,} vectors of {engine}" for engine, count in found.vectors.items()]
    lines.append(f"words up to change {found.words_at:,} of {found.version:,}")
    lines.append(f"{found.bytes / 1e6:.1f} MB of files")
    if found.failing:
        lines.append(f"{len(found.failing):,} could not be taken in and are tried again:")
        lines += [
            f"  {row.kind} {row.unit}, {row.tries} times: {row.problem}" for row in found.failing
        ]
    return lines


@click.command()
@click.option(
    "--beside", type=int, default=0, metavar="PID", help="End when this process, its parent, does."
)
@needs_database
def work(beside: int) -> None:
    """Keep the index up to date until it is stopped: words, meaning, mails. Several may run at
    once; mails are those of saved searches."""
    stopped = False

    def stop(*_signal: object) -> None:
        nonlocal stopped
        stopped = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if hasattr(os, "nice"):
        os.nice(10)
    working.Worker().work(lambda: stopped or (beside > 0 and os.getppid() != beside))
    sys.exit(0)


@click.command()
@as_json
@needs_database
def alerts(as_json: bool) -> None:
    """Send the mails of saved searches that are due now. The worker does so by itself."""
    sent = alerting.send_due(timezone.now())
    emit({"sent": sent}, as_json=as_json, words=f"{sent:,} mails sent.")
