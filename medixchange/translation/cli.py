"""Commands of translation, made for pipes: lines in, JSON lines out."""

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO

import click

from medixchange.core.commands import (
    Refused,
    as_json,
    counting,
    emit,
    emit_line,
    ensure_database,
    lines,
    needs_database,
    source_option,
    target_option,
)
from medixchange.translation import checks, interchange, queries
from medixchange.translation import memory as memories
from medixchange.translation.engines import registry
from medixchange.translation.engines import translate as run_engine
from medixchange.translation.engines.base import EngineUnavailable
from medixchange.translation.glossary import keep_terms
from medixchange.translation.importing import import_memory
from medixchange.translation.interchange import (
    Unit,
    Unreadable,
    read_glossary_tsv,
)
from medixchange.translation.segmentation import split

text_input = click.argument("file", type=click.File("r", encoding="utf-8"), default="-")
glossary_option = click.option(
    "--glossary", is_flag=True, help="Check terms against the site's glossary as well."
)


def _pair_lines(file: IO[str]) -> Iterator[tuple[int, str, str]]:
    for number, line in lines(file):
        if not line.strip():
            continue
        source, tab, target = line.partition("\t")
        if not tab:
            raise Refused(f"line {number}: no tab. Each line is source, a tab, translation.")
        yield number, source, target


@click.command()
@text_input
@source_option()
@target_option()
@glossary_option
@as_json
def check(file: IO[str], source: str, target: str, glossary: bool, as_json: bool) -> None:
    """Check translations: reads SOURCE<TAB>TARGET lines, prints one JSON object a line.

    Exit code 0 also where something was found: the findings are the result.
    """
    if glossary:
        ensure_database()
    for number, original, wording in _pair_lines(file):
        terms = queries.terms(original, source, target) if glossary else ()
        found = checks.run(checks.Pair(original, wording, source, target, terms))
        emit_line({"line": number, "findings": [finding.as_json() for finding in found]})


@click.command()
@text_input
@source_option()
@target_option()
@as_json
def translate(file: IO[str], source: str, target: str, as_json: bool) -> None:
    """Translate lines by machine; prints JSON lines: text, origin, status, checks."""
    engine = registry.engine_for(source, target)
    if engine is None:
        known = ", ".join(f"{a}→{b}" for a, b in _engine_pairs()) or "none"
        raise Refused(f"No engine here translates {source} into {target}. Pairs: {known}.")
    numbered = lines(file)
    while batch := list(islice(numbered, 20)):
        texts = [line for _number, line in batch]
        try:
            made = run_engine(engine, texts, source=source, target=target)
        except EngineUnavailable as problem:
            raise Refused(str(problem)) from problem
        for (number, line), text in zip(batch, made, strict=True):
            found = checks.run(checks.Pair(line, text, source, target)) if line.strip() else []
            emit_line(
                {
                    "line": number,
                    "text": text,
                    "origin": {"kind": "engine", "name": engine.name, "version": engine.version},
                    "status": "machine",
                    "checks": [finding.as_json() for finding in found],
                }
            )


def _engine_pairs() -> list[tuple[str, str]]:
    """The pairs of all engines that answer."""
    found: set[tuple[str, str]] = set()
    for engine in registry.engines():
        with suppress(EngineUnavailable):
            found.update(engine.pairs())
    return sorted(found)


@click.command()
@text_input
@click.option("--language", required=True, help="BCP 47 tag of the text.")
@as_json
def segment(file: IO[str], language: str, as_json: bool) -> None:
    """Cut lines into segments; prints JSON lines: line, segments."""
    for number, line in lines(file):
        emit_line({"line": number, "segments": [cut.text for cut in split(line, language)]})


@click.group()
def memory() -> None:
    """The translation memory."""


@memory.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@source_option()
@target_option()
@click.option("--name", default="", help="Shown as the origin; left out, the file's name.")
@click.option(
    "--source-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="File with the source sentences, where PATH has only an id and the translation.",
)
@as_json
@needs_database
def import_(
    path: Path, source: str, target: str, name: str, source_file: Path | None, as_json: bool
) -> None:
    """Import a memory from a TMX or TSV file.

    Rows that cannot be taken are told one by one; the others are kept. Importing the same file
    again adds nothing.
    """
    began = time.monotonic()
    with counting("rows") as show:
        try:
            done = import_memory(
                path,
                source=source,
                target=target,
                name=name or path.name,
                by=None,
                source_file=source_file,
                progress=show,
            )
        except Unreadable as problem:
            raise Refused(f"{problem} Nothing was imported.") from problem
    refused = _told(done.refused)
    result = {
        "taken": done.taken,
        "sentences": done.sentences,
        "new": done.new,
        "refused": refused,
        "seconds": round(time.monotonic() - began, 2),
    }
    words = [
        f"{done.taken} rows taken, {done.sentences} sentence pairs out of them; "
        f"{done.new} new wordings; {len(refused)} rows refused."
    ]
    words += [f"  {r['where']}: {r['what']} {r['remedy']}" for r in refused[:50]]
    emit(result, as_json=as_json, words="\n".join(words))
    if refused and not done.taken:
        sys.exit(1)


def _told(rows: Iterable[interchange.Refused]) -> list[dict[str, str]]:
    """Refused rows as they are printed."""
    return [
        {"where": str(row.where), "what": str(row.what), "remedy": str(row.remedy)} for row in rows
    ]


@memory.command("lookup")
@text_input
@source_option()
@target_option()
@click.option(
    "--at-least", default=memories.AT_LEAST, show_default=True, type=click.IntRange(1, 100)
)
@click.option("--limit", default=memories.LIMIT, show_default=True, type=click.IntRange(1, 100))
@as_json
@needs_database
def lookup(
    file: IO[str], source: str, target: str, at_least: int, limit: int, as_json: bool
) -> None:
    """Look lines up in the memory; prints JSON lines: text, translation, score, origin."""
    for number, line in lines(file):
        if not line.strip():
            continue
        for match in memories.lookup(line, source, target, at_least=at_least, limit=limit):
            row = match.translation
            emit_line(
                {
                    "line": number,
                    "text": row.segment.text,
                    "translation": row.text,
                    "score": round(match.score, 1),
                    "origin": {"kind": row.origin, "name": row.origin_name},
                    "status": row.status,
                }
            )


@click.group()
def glossary() -> None:
    """The glossary of agreed terms."""


@glossary.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@source_option()
@target_option()
@click.option("--name", default="", help="Shown as the origin; left out, the file's name.")
@as_json
@needs_database
def import_terms(path: Path, source: str, target: str, name: str, as_json: bool) -> None:
    """Import terms from a TSV file."""
    pairs, rows = [], []
    try:
        for row in read_glossary_tsv(path, source=source, target=target):
            if isinstance(row, Unit):
                pairs.append((row.source_text, row.target_text))
            else:
                rows.append(row)
    except Unreadable as problem:
        raise Refused(str(problem)) from problem
    refused = _told(rows)
    new = keep_terms(pairs, source=source, target=target, name=name or path.name)
    emit(
        {"taken": len(pairs), "new": new, "refused": refused},
        as_json=as_json,
        words=f"{len(pairs)} terms taken, {new} of them new; {len(refused)} refused.",
    )
    if refused and not pairs:
        sys.exit(1)
