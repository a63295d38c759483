"""Importing a translation memory from a file: all of its good rows, or nothing of a broken file."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.translation import checks
from medixchange.translation.actions import keep_memory
from medixchange.translation.checks import Severity
from medixchange.translation.interchange import (
    Refused,
    Unit,
    Unreadable,
    read_parallel,
    read_tmx,
    read_tsv,
)
from medixchange.translation.segmentation import split

_BATCH = 1000


@dataclass(slots=True)
class Imported:
    """How many rows were taken and how many of them are new; those refused, one by one."""

    taken: int = 0
    #: Sentence pairs that rows of several sentences gave beside themselves.
    sentences: int = 0
    new: int = 0
    refused: list[Refused] = field(default_factory=list)


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

    A row of several sentences is kept whole, and where both sides have as many sentences, and no
    check stops any pair of them, sentence by sentence as well: guidelines are translated so.
    A row that cannot be taken is refused alone. A file that breaks half-way is refused whole:
    nothing of it is kept.

    Args:
        name: shown as the origin of its wordings; importing under the same name again adds only
            what is new.
        source_file: holds the source sentences, where ``path`` has ids and translations only.
        progress: called with the number of rows taken so far.

    Raises:
        Unreadable: the file cannot be read, or not to its end.
    """
    done = Imported()
    with transaction.atomic():
        rows = _rows(path, source, target, source_file)
        pairs = _good(rows, done.refused)
        while batch := list(islice(pairs, _BATCH)):
            sentences = [pair for row in batch for pair in sentence_pairs(*row, source, target)]
            done.new += keep_memory(batch + sentences, source=source, target=target, name=name)
            done.taken += len(batch)
            done.sentences += len(sentences)
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


def sentence_pairs(text: str, wording: str, source: str, target: str) -> list[tuple[str, str]]:
    """The sentences of a text with those of its translation, where they plainly correspond."""
    left, right = split(text, source), split(wording, target)
    if len(left) < 2 or len(left) != len(right):
        return []
    pairs = [(a.text, b.text) for a, b in zip(left, right, strict=True)]
    stopped = any(
        finding.severity is Severity.BLOCK
        for a, b in pairs
        for finding in checks.run(checks.Pair(a, b, source, target))
    )
    return [] if stopped else pairs


def _rows(
    path: Path, source: str, target: str, source_file: Path | None
) -> Iterable[Unit | Refused]:
    """The rows of a file, by its ending."""
    match path.suffix.lower():
        case ".tmx":
            return read_tmx(path, source=source, target=target, loose=True)
        case ".xml":
            if source_file is None:
                raise Unreadable(
                    path,
                    "",
                    _("it holds one language only."),
                    _("Name the file of the source language: --source-file PATH."),
                )
            aligned = read_parallel(source_file, path)
            return [*aligned.units, *aligned.refused]
        case _:
            return read_tsv(path, source=source, target=target, source_path=source_file, loose=True)


def _good(rows: Iterable[Unit | Refused], refused: list[Refused]) -> Iterator[tuple[str, str]]:
    for row in rows:
        if isinstance(row, Unit):
            yield row.source_text, row.target_text
        else:
            refused.append(row)
