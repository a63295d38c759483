"""Importing a translation memory from a file: all of its good rows, or nothing of a broken file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.translation.actions import keep_memory
from medixchange.translation.interchange import Refusal, Unit, read_memory

_BATCH = 1000


@dataclass(slots=True)
class Imported:
    """How many rows were taken and how many of them are new; those refused, one by one."""

    taken: int = 0
    new: int = 0
    refused: list[Refusal] = field(default_factory=list)


def import_memory(
    path: Path,
    *,
    source: str,
    target: str,
    name: str,
    by: Member | None,
    source_file: Path | None = None,
    progress: Callable[[int], None] = lambda taken: None,
) -> Imported:
    """Import a TMX or TSV file as memory.

    A row that cannot be taken is refused alone. A file that breaks half-way is refused whole:
    nothing of it is kept.

    Args:
        name: shown as the origin of its wordings; importing under the same name again adds only
            what is new.
        source_file: holds the source sentences, where ``path`` has ids and translations only.
        progress: called with the number of rows taken so far.

    Raises:
        FileRefused: the file cannot be read, or not to its end.
    """
    done = Imported()
    with transaction.atomic():
        rows = read_memory(path, source=source, target=target, source_file=source_file)
        pairs = _good(rows, done.refused)
        while batch := list(islice(pairs, _BATCH)):
            done.new += keep_memory(batch, source=source, target=target, name=name)
            done.taken += len(batch)
            progress(done.taken)
        audit.record(
            "memory.imported",
            f"memory:{source}-{target}",
            by=by,
            name=name,
            taken=done.taken,
            new=done.new,
            refused=len(done.refused),
        )
    return done


def _good(rows: Iterable[Unit | Refusal], refused: list[Refusal]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if isinstance(row, Unit):
            yield row.source, row.target
        else:
            refused.append(row)
