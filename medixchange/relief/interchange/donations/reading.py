"""Reading a list of donations: each row into lines, with all that a person has to settle."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from django.utils.translation import gettext as _

from medixchange.core.countries import normalise
from medixchange.relief.interchange import markup, tables
from medixchange.relief.interchange.base import Finding, at
from medixchange.relief.interchange.donations import parcels, places, progress, recipients
from medixchange.relief.interchange.donations.amounts import Amount, amounts
from medixchange.relief.interchange.donations.model import (
    DonationReport,
    DonationRow,
    Line,
    Outcome,
)
from medixchange.relief.interchange.donations.places import Places
from medixchange.relief.interchange.fields import unknown_country
from medixchange.relief.interchange.kinds import DONATIONS, EVERY
from medixchange.relief.interchange.tables import Row
from medixchange.relief.interchange.templates import unused

NO_NAMES: Mapping[str, str] = MappingProxyType({})


def read(
    path: Path, *, known: Mapping[str, str] = NO_NAMES, encoding: str | None = None
) -> DonationReport:
    """A published list of donations: country, goods, qty, progress, recipient, in any order.

    A row is *taken* where it names one country, one known good, a whole quantity, one state and
    one recipient. It is to *settle* where it says less, more, or something else; its lines then
    hold all that can be read. It is *refused* where nothing of it can be relied on.

    Args:
        known: names of the catalogue's items with their codes, beside those of ``goods``.
        encoding: of the file, where the sender has named it.

    Raises:
        Unreadable: it is no table, or no list of donations.
    """
    table = tables.read(path, known=DONATIONS.known, encoding=encoding)
    columns = DONATIONS.columns(table, others=EVERY)
    rows = [_Reading(row, columns, known).result() for row in table.rows]
    return DonationReport(
        path.name,
        table.encoding,
        tuple(_without_repetitions(rows, [row.cells for row in table.rows])),
        table.blank,
        (*table.notes, *unused(table, columns)),
    )


class _Reading:
    """One row while it is read: cells go in, lines and findings come out."""

    def __init__(self, row: Row, columns: Mapping[str, int], known: Mapping[str, str]) -> None:
        self.row, self.columns, self.known = row, columns, known
        self.reasons: list[Finding] = []
        self.notes: list[Finding] = []
        self.refused = list(row.problems)

    def result(self) -> DonationRow:
        """The row as read."""
        cells = {} if self.refused else {name: self._cell(name) for name in self.columns}
        if not self.refused and not cells["country"] and not cells["goods"]:
            self._refuse("country", _("neither a country nor goods are named."), _("Fill it in."))
        if self.refused:
            return self._refusal()
        where = self._places(cells["country"])
        found = self._amounts(cells)
        names = self._recipients(cells.get("recipient", ()))
        if self.refused:
            return self._refusal()
        certain = not where.unknown and not where.regions and bool(where.countries)
        lines = tuple(
            Line(
                countries=where.countries,
                region=", ".join(where.regions) or None,
                item=amount.item,
                item_text=amount.item_text,
                quantity=amount.quantity,
                quantity_text=amount.quantity_text,
                state=amount.state,
                state_text=amount.state_text,
                recipients=names,
                importable=certain and None not in (amount.item, amount.quantity, amount.state),
            )
            for amount in found
        )
        return DonationRow(
            self.row.number,
            Outcome.SETTLE if self.reasons else Outcome.TAKEN,
            tuple(self.reasons),
            lines,
            tuple(self.notes),
        )

    def _refusal(self) -> DonationRow:
        return DonationRow(self.row.number, Outcome.REFUSED, tuple(self.refused), ())

    def _settle(self, column: str, what: str, remedy: str) -> None:
        self.reasons.append(Finding(what, at(self.row.number, column), remedy))

    def _refuse(self, column: str, what: str, remedy: str) -> None:
        self.refused.append(Finding(what, at(self.row.number, column), remedy))

    def _cell(self, column: str) -> tuple[str, ...]:
        """The lines of a cell, without its markup."""
        found = markup.lines(self.row.cells[self.columns[column]])
        if found.unsafe:
            self._refuse(
                column,
                _("the cell carries HTML: <%(tag)s>.") % {"tag": found.unsafe},
                _("Write plain text."),
            )
        elif found.marked:
            self.notes.append(
                Finding(
                    _("markup was taken off: “%(text)s”.") % {"text": " / ".join(found.lines)},
                    at(self.row.number, column),
                    _("Check it."),
                )
            )
        return found.lines

    def _places(self, lines: tuple[str, ...]) -> Places:
        found = places.read(lines)
        if not lines:
            self._settle("country", _("no country is named."), _("Ask the donor, and fill it in."))
        for name in found.unknown:
            self._settle("country", *unknown_country(name))
        for name in found.regions:
            self._settle(
                "country",
                _("%(region)s is a region; which countries get how much is not said.")
                % {"region": name},
                _("Ask the donor for the countries. A region is never filled in by itself."),
            )
        if len(found.countries) > 1:
            self._settle(
                "country",
                _("for %(count)d countries together (%(countries)s); their split is not said.")
                % {"count": len(found.countries), "countries": ", ".join(found.countries)},
                _("Ask the donor for the part of each. Until then the split stays open."),
            )
        return found

    def _amounts(self, cells: Mapping[str, tuple[str, ...]]) -> list[Amount]:
        goods_named = parcels.read(cells["goods"], self.known)
        if not goods_named:
            self._settle("goods", _("no goods are named."), _("Ask the donor, and fill it in."))
            goods_named = [parcels.Parcel(None, "")]
        for parcel in goods_named:
            if parcel.text and parcel.item is None:
                self._settle(
                    "goods",
                    _("“%(text)s” is no item we know.") % {"text": parcel.text},
                    _("Ask what it stands for, and add the item or this name of it."),
                )
        if len(goods_named) > 1:
            self._settle(
                "goods",
                _("%(count)d goods stand in one cell; each was read as a line of its own.")
                % {"count": len(goods_named)},
                _("Check the lines."),
            )
        found = amounts(
            goods_named,
            " ".join(cells.get("qty", ())),
            progress.read(cells.get("progress", ())),
            self.known,
        )
        for column, what, remedy in found.settle:
            self._settle(column, what, remedy)
        for column, what, remedy in found.refuse:
            self._refuse(column, what, remedy)
        for column, what, remedy in found.notes:
            self.notes.append(Finding(what, at(self.row.number, column), remedy))
        return found.lines

    def _recipients(self, lines: tuple[str, ...]) -> tuple[str, ...]:
        names = recipients.read(lines)
        if not names:
            self._settle(
                "recipient",
                _("the recipient is still to be determined.")
                if lines
                else _("no recipient is named."),
                _("Ask the donor who takes the goods over."),
            )
        elif len(names) > 1:
            self._settle(
                "recipient",
                _("%(count)d recipients are named; which of them gets how much is not said.")
                % {"count": len(names)},
                _("Ask the donor for the part of each."),
            )
        return names


def _without_repetitions(
    rows: list[DonationRow], cells: list[tuple[str, ...]]
) -> Iterator[DonationRow]:
    """Rows, where one that says what an earlier row said is left for a person to decide."""
    whole: dict[tuple[str, ...], int] = {}
    gist: dict[tuple[tuple[str, ...], ...], tuple[int, list[str]]] = {}
    for row, raw in zip(rows, cells, strict=True):
        if row.outcome is Outcome.REFUSED:
            yield row
            continue
        cell_key = tuple(normalise(cell) for cell in raw)
        line_key = tuple(sorted(map(_said, row.lines)))
        if cell_key in whole:
            yield _repeated(
                row, _("this row is the same as row %(row)d.") % {"row": whole[cell_key]}
            )
        elif line_key in gist and all(line.quantity for line in row.lines):
            earlier, states = gist[line_key]
            what = (
                _("this row says the same as row %(row)d.")
                if states == _states(row)
                else _("this row differs from row %(row)d in its progress only.")
            )
            yield _repeated(row, what % {"row": earlier})
        else:
            yield row
        whole.setdefault(cell_key, row.row)
        gist.setdefault(line_key, (row.row, _states(row)))


def _said(line: Line) -> tuple[str, ...]:
    """What a line says, but for its state."""
    return (
        ",".join(sorted(line.countries)),
        line.region or "",
        line.item or normalise(line.item_text),
        str(line.quantity),
        ",".join(map(normalise, line.recipients)),
    )


def _states(row: DonationRow) -> list[str]:
    return [line.state or normalise(line.state_text) for line in row.lines]


def _repeated(row: DonationRow, what: str) -> DonationRow:
    reason = Finding(
        what,
        at(row.row),
        _("If it is the same donation, delete one row; if there were two, say so in it."),
    )
    lines = tuple(replace(line, importable=False) for line in row.lines)
    return replace(row, outcome=Outcome.SETTLE, reasons=(*row.reasons, reason), lines=lines)
