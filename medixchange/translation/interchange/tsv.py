"""Memories and glossaries as tab-separated text.

Columns are split at tabs and nothing else: quotes belong to the text, as in all the files we met.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from medixchange.translation.interchange.base import Refused, Unit, Unreadable, line, serves, unit
from medixchange.translation.interchange.lines import read_lines

_PLAIN_HEADERS = ({"source", "src"}, {"target", "tgt", "translation"})


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns hold what; the others become attributes by their name."""

    source: int
    target: int
    width: int
    others: Sequence[tuple[int, str]] = ()
    #: Column with the language of a row, and the language wanted there.
    language: tuple[int, str] | None = None


def read_tsv(
    path: Path, *, source: str, target: str, source_path: Path | None = None, loose: bool = False
) -> Iterator[Unit | Refused]:
    """Read a memory of two columns, or of columns named by a header.

    Taken are: ``source<TAB>target``, with or without a header of these names; a header that names
    columns by language tags (``zh``, ``en``); and a file of one language by identifiers
    (``stringID``, ``text``) beside ``source_path`` with the source sentences, see ``read_tico``.

    Args:
        source: BCP 47 tag of the language translated from.
        target: the language translated into.
        source_path: the file with the source sentences, where they are kept apart.
        loose: let a language without region serve a wanted one with it.

    Raises ``Unreadable``.
    """
    if source_path is not None:
        yield from read_tico(source_path, path, source=source, target=target, loose=loose)
        return
    yield from _rows(path, source, target, loose)


def read_glossary_tsv(
    path: Path, *, source: str, target: str, loose: bool = True
) -> Iterator[Unit | Refused]:
    """Read terms: as ``read_tsv``, or one file for many languages with a ``lang`` column.

    The second shape has the columns ``lang`` (of the row), one named by the source language's tag
    (``en``) and ``target``; rows of other languages are passed over. Raises ``Unreadable``.
    """
    yield from _rows(path, source, target, loose)


def read_tico(
    source_path: Path, target_path: Path, *, source: str, target: str, loose: bool = False
) -> Iterator[Unit | Refused]:
    """Read two files of the same sentences, joined by the identifiers in their first column.

    The text is in the column ``text`` or in one named by the file's language. The order is that of
    the target file. Raises ``Unreadable``, also where the two have no identifier in common.
    """
    texts = dict(_identified(source_path, source, loose))
    matched = 0
    for key, (number, text, refused) in _identified(target_path, target, loose):
        if refused is not None:
            yield refused
            continue
        known = texts.get(key)
        if known is None or known[2] is not None:
            yield Refused(
                line(number),
                _("“%(key)s” is not in %(file)s.") % {"key": key, "file": source_path.name},
                _("Check that both files belong together."),
            )
            continue
        matched += 1
        yield unit(known[1], text, number, {"id": key})
    if not matched:
        raise Unreadable(
            target_path,
            "",
            _("no sentence of it is in %(file)s.") % {"file": source_path.name},
            _("Check that both files belong together."),
        )


def _identified(
    path: Path, language: str, loose: bool
) -> Iterator[tuple[str, tuple[int, str, Refused | None]]]:
    rows = read_lines(path)
    header = _header(path, rows)
    column = _named(header, language, {"text"}, loose)
    if column is None or column == 0:
        raise Unreadable(
            path,
            line(1),
            _("no column is called “text” or “%(tag)s”.") % {"tag": language},
            _("Name the columns in the first line: identifier, text."),
        )
    for number, text in rows:
        if isinstance(text, Refused):
            yield f"\0{number}", (number, "", text)
            continue
        cells = text.split("\t")
        if len(cells) <= column:
            yield f"\0{number}", (number, "", _wrong_width(number, len(cells), len(header)))
        else:
            yield cells[0], (number, cells[column], None)


def _header(path: Path, rows: Iterator[tuple[int, str | Refused]]) -> list[str]:
    first = next(rows, None)
    if first is None or isinstance(first[1], Refused):
        raise _empty(path)
    return [cell.strip() for cell in first[1].split("\t")]


def _rows(path: Path, source: str, target: str, loose: bool) -> Iterator[Unit | Refused]:
    rows = read_lines(path)
    first = next(rows, None)
    if first is None:
        raise _empty(path)
    columns = None
    if not isinstance(first[1], Refused):
        cells = first[1].split("\t")
        columns = _columns(path, [cell.strip() for cell in cells], source, target, loose)
        if columns is None:
            if len(cells) != 2:
                raise Unreadable(
                    path,
                    line(first[0]),
                    _(
                        "there are %(count)d columns, and no header names those of "
                        "%(source)s and %(target)s."
                    )
                    % {"count": len(cells), "source": source, "target": target},
                    _("Give two columns, source and target, or name them by language tags."),
                )
            rows = chain([first], rows)
    else:
        rows = chain([first], rows)
    columns = columns or _Columns(0, 1, 2)
    for number, text in rows:
        if isinstance(text, Refused):
            yield text
            continue
        cells = text.split("\t")
        if len(cells) != columns.width:
            yield _wrong_width(number, len(cells), columns.width)
            continue
        if columns.language is not None:
            at, wanted = columns.language
            if serves(cells[at], wanted, loose=loose) is None:
                continue
        attributes = {name: cells[at].strip() for at, name in columns.others}
        yield unit(cells[columns.source], cells[columns.target], number, attributes)


def _columns(
    path: Path, header: list[str], source: str, target: str, loose: bool
) -> _Columns | None:
    """The columns as the first line names them, or ``None`` if it is no header."""
    lower = [cell.lower() for cell in header]
    width = len(header)
    if "stringid" in lower and "text" in lower:
        raise Unreadable(
            path,
            line(1),
            _("the file holds the sentences of one language only."),
            _("Name the file with the source sentences too (--source-file)."),
        )
    if "lang" in lower and "target" in lower:
        found = _named(header, source, set(), loose)
        if found is None:
            raise Unreadable(
                path,
                line(1),
                _("no column is called “%(tag)s”.") % {"tag": source},
                _("Choose the language that the terms are translated from."),
            )
        at = (found, lower.index("target"))
        others = _others(header, *at, lower.index("lang"))
        return _Columns(*at, width, others, (lower.index("lang"), target))
    found = _named(header, source, _PLAIN_HEADERS[0], loose)
    other = _named(header, target, _PLAIN_HEADERS[1], loose)
    if found is None or other is None or found == other:
        return None
    return _Columns(found, other, width, _others(header, found, other))


def _others(header: Sequence[str], *taken: int) -> list[tuple[int, str]]:
    return [(at, name) for at, name in enumerate(header) if at not in taken and name]


def _named(header: Sequence[str], language: str, names: set[str], loose: bool) -> int | None:
    """The column that a language's tag or one of the names stands for, the best match first."""
    ranked = [
        (0 if cell.lower() in names else serves(cell, language, loose=loose), at)
        for at, cell in enumerate(header)
        if cell.lower() in names or _looks_like_tag(cell)
    ]
    found = [(rank, at) for rank, at in ranked if rank is not None]
    return min(found)[1] if found else None


def _looks_like_tag(cell: str) -> bool:
    return 2 <= len(cell) <= 12 and cell.replace("-", "").replace("_", "").isalnum()


def _wrong_width(number: int, count: int, width: int) -> Refused:
    return Refused(
        line(number),
        _("the line has %(count)d columns instead of %(width)d.")
        % {"count": count, "width": width},
        _("Put one tab between the columns, and none inside a text."),
    )


def _empty(path: Path) -> Unreadable:
    return Unreadable(path, "", _("the file is empty."), _("Name a file with rows."))
