"""Templates: what a file of a kind holds, and reading a table by it, row by row.

A template names its columns. Each is found by its hashtag or by one of several headings; each row
is taken, taken with a change that is told, or refused with the reason and the remedy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from medixchange.core.countries import normalise
from medixchange.relief.interchange import hashtags, tables
from medixchange.relief.interchange.base import Finding, Unreadable, at
from medixchange.relief.interchange.fields import Field, Value, read_cell
from medixchange.relief.interchange.tables import Row, Table


class Outcome(StrEnum):
    """What became of a row."""

    TAKEN = "taken"
    CHANGED = "changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Read:
    """One row as read: its values by column name, and what is to be told of it."""

    row: int
    outcome: Outcome
    values: Mapping[str, Value]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A file as read by a template. ``columns`` gives the heading that each column was found by."""

    template: str
    columns: Mapping[str, str]
    rows: tuple[Read, ...]
    notes: tuple[Finding, ...]

    def of(self, outcome: Outcome) -> list[Read]:
        """The rows with this outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    def totals(self) -> dict[str, int]:
        """Rows in all, and by outcome."""
        return {"rows": len(self.rows)} | {
            str(outcome): len(self.of(outcome)) for outcome in Outcome
        }


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of file."""

    name: str
    title: Promise
    fields: tuple[Field, ...]

    @property
    def known(self) -> frozenset[str]:
        """All headings of its columns."""
        return frozenset().union(*(column.accepted for column in self.fields))

    def locate(self, table: Table) -> dict[str, int]:
        """The place of each column in a table: by hashtag first, then by its name, then by one
        of its other headings. Columns that the table does not have are left out.

        Raises:
            Unreadable: two columns of the table would be the same one.
        """
        found: dict[str, int] = {}
        for is_it in (_by_tag, _by_name, _by_heading):
            for column in self.fields:
                if column.name in found:
                    continue
                places = [
                    place
                    for place in range(len(table.headers))
                    if place not in found.values() and is_it(column, table, place)
                ]
                if len(places) > 1:
                    raise Unreadable(
                        table.path,
                        "",
                        _("two columns may be “%(name)s”: %(headings)s.")
                        % {
                            "name": column.name,
                            "headings": ", ".join(_heading(table, place) for place in places),
                        },
                        _("Rename or delete one of them."),
                    )
                if places:
                    found[column.name] = places[0]
        return found

    def missing(self, table: Table) -> list[Field]:
        """The columns a file of this kind must have, and this table has not."""
        found = self.locate(table)
        return [column for column in self.fields if column.needed and column.name not in found]

    def fit(self, table: Table) -> int:
        """How many columns of a table are this kind's; 0 where it is no file of it."""
        try:
            return 0 if self.missing(table) else len(self.locate(table))
        except Unreadable:
            return 0

    def read(self, path: Path, *, others: Iterable["Template"] = ()) -> Report:
        """A file's rows by this template.

        Args:
            others: templates to name, where the file is one of theirs.

        Raises:
            Unreadable: it is no table, lacks a column, or is a file of another template.
        """
        table = tables.read(path, known=self.known)
        columns = self.columns(table, others=others)
        rows = tuple(self._row(row, columns) for row in table.rows)
        return Report(
            self.name,
            {name: _heading(table, place) for name, place in columns.items()},
            rows,
            (*table.notes, *unused(table, columns)),
        )

    def columns(self, table: Table, *, others: Iterable["Template"] = ()) -> dict[str, int]:
        """As ``locate``, for a table that must be of this kind.

        Raises:
            Unreadable: it lacks a column, or is a file of another template.
        """
        missing = self.missing(table)
        own = len(self.locate(table))
        # A list of donations has the columns of a supply list too, and more of its own.
        better = [(other.fit(table), other) for other in others if other.name != self.name]
        most, other = max(better, key=itemgetter(0), default=(0, self))
        if most > own or (missing and most == own > 0):
            raise Unreadable(
                table.path,
                "",
                _("this is a file of %(other)s, not of %(title)s.")
                % {"other": other.title, "title": self.title},
                _("Choose the other import, or send the right file."),
            )
        if not missing:
            return self.locate(table)
        headings = [heading for heading in table.headers if heading]
        raise Unreadable(
            table.path,
            "",
            _("there is no column %(names)s. It has: %(headings)s.")
            % {
                "names": ", ".join(f"“{column.name}”" for column in missing),
                "headings": ", ".join(headings) or "-",
            },
            _("Name the columns as in the template: %(names)s.")
            % {"names": ", ".join(column.name for column in self.fields)},
        )

    def _row(self, row: Row, columns: Mapping[str, int]) -> Read:
        if row.problems:
            return Read(row.number, Outcome.REFUSED, {}, row.problems)
        values: dict[str, Value] = {}
        findings: list[Finding] = []
        refused = False
        for column in self.fields:
            place = columns.get(column.name)
            cell = row.cells[place] if place is not None else ""
            value, changed, wrong = read_cell(column, cell)
            where = at(row.number, column.name)
            if wrong is not None:
                refused = True
                findings.append(Finding(wrong[0], where, wrong[1]))
            elif changed:
                findings.append(
                    Finding(
                        _("“%(text)s” was read as %(value)s.") % {"text": cell, "value": value},
                        where,
                        _("Check it."),
                    )
                )
            values[column.name] = value
        if refused:
            return Read(row.number, Outcome.REFUSED, values, tuple(findings))
        return Read(
            row.number, Outcome.CHANGED if findings else Outcome.TAKEN, values, tuple(findings)
        )


def unused(table: Table, columns: Mapping[str, int]) -> list[Finding]:
    """What to tell of columns of a table that nothing was read from."""
    names = [
        heading
        for place, heading in enumerate(table.headers)
        if heading and place not in columns.values()
    ]
    if not names:
        return []
    return [
        Finding(
            _("these columns were not read: %(names)s.") % {"names": ", ".join(names)},
            table.path.name,
            _("Nothing to do, if they are your own notes."),
        )
    ]


def _by_tag(column: Field, table: Table, place: int) -> bool:
    tag, wanted = table.hashtags[place], hashtags.parse(column.tag)
    return tag is not None and wanted is not None and tag.serves(wanted)


def _by_name(column: Field, table: Table, place: int) -> bool:
    return normalise(table.headers[place]) == normalise(column.name)


def _by_heading(column: Field, table: Table, place: int) -> bool:
    return normalise(table.headers[place]) in column.accepted


def _heading(table: Table, place: int) -> str:
    return table.headers[place] or str(table.hashtags[place] or place + 1)


def headings(template: Template) -> tuple[list[str], list[str]]:
    """The row of headings and the row of hashtags that a file of a template begins with."""
    return [column.name for column in template.fields], [column.tag for column in template.fields]


def cells(template: Template, rows: Sequence[Mapping[str, Value]]) -> Iterator[list[Value]]:
    """Rows of values in the order of a template's columns, for writing."""
    for row in rows:
        yield [row.get(column.name) for column in template.fields]
