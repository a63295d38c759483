"""What an import tells of each row, and keeping rows one by one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.relief import rules
from medixchange.relief.interchange import goods
from medixchange.relief.interchange.base import Finding, at
from medixchange.relief.interchange.templates import Outcome as ReadOutcome
from medixchange.relief.interchange.templates import Read
from medixchange.relief.models import Item
from medixchange.relief.refusals import Problem, Refused


class Outcome(StrEnum):
    """What became of a row."""

    #: It is new here.
    TAKEN = "taken"
    #: What was here is changed by it; or a cell was read as something else than it says.
    CHANGED = "changed"
    #: All of it was here before.
    SAME = "same"
    #: A person has to decide; it waits in the work list.
    SETTLE = "settle"
    #: Nothing is wrong with it, but others of its file were refused, and it is taken whole or not.
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Kept:
    """One row: its number in the file, what became of it, what it is now, and what to know."""

    row: int
    outcome: Outcome
    what: str = ""
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "outcome": str(self.outcome),
            "what": self.what,
            "findings": [finding.as_json() for finding in self.findings],
        }


@dataclass(frozen=True, slots=True)
class Done:
    """A file as imported, or as it would be."""

    kind: str
    file: str
    rows: tuple[Kept, ...]
    notes: tuple[Finding, ...] = ()
    dry_run: bool = False

    def of(self, outcome: Outcome) -> list[Kept]:
        """The rows with this outcome."""
        return [row for row in self.rows if row.outcome is outcome]

    def totals(self) -> dict[str, int]:
        """Rows in all, and by outcome."""
        return {"rows": len(self.rows)} | {
            str(outcome): len(self.of(outcome)) for outcome in Outcome
        }

    def as_json(self) -> dict[str, Any]:
        """The whole report."""
        return {
            "kind": self.kind,
            "file": self.file,
            "dry_run": self.dry_run,
            "totals": self.totals(),
            "rows": [row.as_json() for row in self.rows],
            "notes": [note.as_json() for note in self.notes],
        }


@contextmanager
def trial(dry_run: bool) -> Iterator[None]:
    """A transaction that is taken back at its end, if this is only to see what would happen."""
    with transaction.atomic():
        yield
        if dry_run:
            transaction.set_rollback(True)


def keep(row: Read, act: Callable[[Mapping[str, Any]], tuple[Outcome, str]]) -> Kept:
    """Keep one row as ``act`` does it with the row's values; nothing of it where it is refused."""
    if row.outcome is ReadOutcome.REFUSED:
        return Kept(row.row, Outcome.REFUSED, "", row.findings)
    try:
        with transaction.atomic():
            outcome, what = act(row.values)
    except Refused as refused:
        return Kept(row.row, Outcome.REFUSED, "", tuple(found(refused, row.row)))
    except rules.NotAllowed as refused:
        said = str(refused) or _("your roles do not allow it.")
        return Kept(row.row, Outcome.REFUSED, "", (Finding(said, at(row.row), ""),))
    if outcome is Outcome.TAKEN and row.findings:
        outcome = Outcome.CHANGED
    return Kept(row.row, outcome, what, row.findings)


def found(refused: Refused, row: int) -> Iterator[Finding]:
    """A refusal's problems as findings of a row."""
    for problem in refused.problems:
        yield Finding(problem.what, at(row, problem.where), "")


def number(values: Mapping[str, Any], column: str) -> Decimal | None:
    """A decimal number of a cell, with a point; None where the cell is blank.

    Raises:
        Refused: it is no number, or may be two.
    """
    text = values.get(column)
    if text is None:
        return None
    try:
        found = Decimal(str(text).replace("−", "-"))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Refused(
            Problem(
                _("“%(text)s” is no number. Write it with a point, such as 3.5.") % {"text": text},
                column,
                "number",
            )
        )
    return found


class Catalogue:
    """The items in use, found by code or by any of their names; read once for a file."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """``names``: names with their codes, as ``queries.catalogue.known_names`` gives them."""
        self.names = names
        self.items = {
            item.code: item for item in Item.objects.filter(is_current=True).select_related("name")
        }

    def find(self, text: str, column: str = "item") -> Item:
        """The item of a code or name.

        Raises:
            Refused: no item in use, or more than one, is called so.
        """
        code = text if text in self.items else goods.find(text, self.names)
        item = self.items.get(code or "")
        if item is None:
            raise Refused(
                Problem(
                    _("“%(text)s” is no item of the catalogue. Add it there, or write its code.")
                    % {"text": text},
                    column,
                    "item_unknown",
                )
            )
        return item
