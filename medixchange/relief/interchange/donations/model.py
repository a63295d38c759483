"""What reading a list of donations gives."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from medixchange.relief.interchange.base import Finding


class Outcome(StrEnum):
    """What became of a row."""

    #: Read whole: nothing is left for a person.
    TAKEN = "taken"
    #: Read as far as it says; a person decides the rest.
    SETTLE = "settle"
    #: Nothing of it can be relied on.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """So much of one item in one state, for one country or several together.

    What the row does not say is empty or ``None``. ``importable`` tells that a pledge can be made
    of it as it stands; a split between countries may be open in one.
    """

    countries: tuple[str, ...]
    region: str | None
    item: str | None
    item_text: str
    quantity: int | None
    quantity_text: str
    state: str | None
    state_text: str
    recipients: tuple[str, ...]
    importable: bool

    @property
    def split(self) -> str:
        """``open`` where several countries share it and no part is told, else ``none``."""
        return "open" if len(self.countries) > 1 else "none"

    def as_json(self) -> dict[str, Any]:
        """For the command's report. ``country`` is filled where there is exactly one."""
        return {
            "countries": list(self.countries),
            "country": self.countries[0] if len(self.countries) == 1 else None,
            "region": self.region,
            "split": self.split,
            "item": self.item,
            "item_text": self.item_text,
            "quantity": self.quantity,
            "quantity_text": self.quantity_text,
            "state": self.state,
            "state_text": self.state_text,
            "recipients": list(self.recipients),
            "importable": self.importable,
        }


@dataclass(frozen=True, slots=True)
class DonationRow:
    """One row of the file: its number there, the lines read, and what a person should know.

    ``reasons`` are why it is not taken; ``notes`` are what was done to read it.
    """

    row: int
    outcome: Outcome
    reasons: tuple[Finding, ...]
    lines: tuple[Line, ...]
    notes: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the command's report."""
        return {
            "row": self.row,
            "outcome": str(self.outcome),
            "reasons": [reason.as_json() for reason in self.reasons],
            "notes": [note.as_json() for note in self.notes],
            "lines": [line.as_json() for line in self.lines],
        }


@dataclass(frozen=True, slots=True)
class DonationReport:
    """A file as read. ``notes`` are about the file itself."""

    file: str
    encoding: str
    rows: tuple[DonationRow, ...]
    blank: int
    notes: tuple[Finding, ...]

    def of(self, outcome: Outcome) -> list[DonationRow]:
        """The rows with this outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    def work_list(self) -> list[tuple[int, Finding]]:
        """All that a person has to decide, with the row it stands in."""
        return [(row.row, reason) for row in self.of(Outcome.SETTLE) for reason in row.reasons]

    def totals(self) -> dict[str, int]:
        """Rows by outcome, lines read, and lines a pledge can be made of."""
        lines = [line for row in self.rows for line in row.lines]
        return {
            "rows": len(self.rows),
            **{str(outcome): len(self.of(outcome)) for outcome in Outcome},
            "blank": self.blank,
            "lines": len(lines),
            "importable": sum(line.importable for line in lines),
        }

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            "file": self.file,
            "encoding": self.encoding,
            "rows": [row.as_json() for row in self.rows],
            "totals": self.totals(),
            "notes": [note.as_json() for note in self.notes],
        }
