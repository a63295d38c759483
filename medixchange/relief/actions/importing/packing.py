"""Importing a packing list: taken whole, or not at all."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from biip.checksums import gs1_standard_check_digit
from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import consignments
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.importing.base import (
    Catalogue,
    Done,
    Kept,
    Outcome,
    keep,
    number,
    trial,
)
from medixchange.relief.actions.lots import lot_of
from medixchange.relief.interchange.base import Finding
from medixchange.relief.interchange.records import EVERY, PACKING
from medixchange.relief.models import Box, Consignment, Item, Lot, PlaceKind
from medixchange.relief.queries.catalogue import known_names
from medixchange.relief.refusals import Problem, Refused

#: Grams of the heaviest box.
HEAVIEST = 100_000_000


def import_packing_list(
    path: Path, *, consignment: Consignment, by: Member | None, dry_run: bool = False
) -> Done:
    """Put down a consignment's packing list from a file, in place of what was there.

    A row is one lot in one box; rows of one box stand together or apart. Lots come from the
    origin where that is a donor; else the number must be of a lot that lies at the origin.

    Raises:
        NotAllowed: the member may not pack it.
        Refused: the consignment has left.
        Unreadable: it is no table, or one of another kind.
    """
    if by is not None and not rules.may_send(by, consignment):
        raise rules.NotAllowed
    report = PACKING.read(path, others=EVERY)
    reading = _Reading(consignment)
    with trial(dry_run):
        rows = [keep(row, reading.row) for row in report.rows]
        notes = report.notes
        if any(row.outcome is Outcome.REFUSED for row in rows):
            notes += (
                Finding(
                    _("Nothing was packed, since a packing list is taken whole."),
                    path.name,
                    _("Correct the rows that were refused, and send the file again."),
                ),
            )
            # No lot that was made for a row that was good stays behind.
            transaction.set_rollback(True)
            rows = [_left_out(row) for row in rows]
        else:
            consignments.pack(consignment=consignment, boxes=reading.boxes(), by=by)
    return Done("packing", path.name, tuple(rows), notes, dry_run)


def _left_out(row: Kept) -> Kept:
    return row if row.outcome is Outcome.REFUSED else replace(row, outcome=Outcome.LEFT)


class _Reading:
    """The boxes of a list while its rows are read."""

    def __init__(self, consignment: Consignment) -> None:
        self.consignment = consignment
        self.catalogue = Catalogue(known_names())
        self.contents: dict[int, dict[Lot, int]] = {}
        self.facts: dict[int, dict[str, Any]] = {}

    def row(self, values: Mapping[str, Any]) -> tuple[Outcome, str]:
        """Put one row into its box."""
        item = self.catalogue.find(str(values["item"]))
        box, quantity = int(values["box"]), int(values["quantity"])
        lot = self._lot(item, values)
        sscc = self._sscc(str(values["sscc"] or ""))
        weight = number(values, "weight_kg")
        grams = None if weight is None else int(weight * 1000)
        if grams is not None and not 0 < grams <= HEAVIEST:
            raise Refused(Problem(_("No box weighs so much, or so little."), "weight_kg", "weight"))
        for name, value in (("sscc", sscc or None), ("gross_weight_g", grams)):
            held = self.facts.setdefault(box, {}).setdefault(name, value)
            if value is not None and held is None:
                self.facts[box][name] = value
            elif value is not None and held != value:
                raise Refused(
                    Problem(
                        _("Another row says something else of box %(box)d.") % {"box": box},
                        "sscc" if name == "sscc" else "weight_kg",
                        "differs",
                    )
                )
        held_lots = self.contents.setdefault(box, {})
        if lot in held_lots:
            raise Refused(
                Problem(
                    _("Lot %(lot)s stands in box %(box)d already. Write it in one row.")
                    % {"lot": lot, "box": box},
                    "lot",
                    "twice",
                )
            )
        held_lots[lot] = quantity
        return Outcome.TAKEN, f"{box}: {quantity} {lot}"

    def _sscc(self, text: str) -> str:
        digits = "".join(text.split())
        if not digits:
            return ""
        right = (
            len(digits) == 18
            and digits.isascii()
            and digits.isdecimal()
            and gs1_standard_check_digit(digits[:-1]) == int(digits[-1])
        )
        if not right:
            raise Refused(
                Problem(
                    _("“%(text)s” is no SSCC: 18 digits, the last of which is a check digit.")
                    % {"text": text},
                    "sscc",
                    "sscc",
                )
            )
        if Box.objects.filter(sscc=digits).exclude(consignment=self.consignment).exists():
            raise Refused(
                Problem(
                    _("SSCC %(sscc)s is on a box of another consignment.") % {"sscc": digits},
                    "sscc",
                    "sscc_used",
                )
            )
        return digits

    def _lot(self, item: Item, values: Mapping[str, Any]) -> Lot:
        origin = self.consignment.origin
        label = str(values["lot"] or "")
        if origin.kind == PlaceKind.DONOR:
            return lot_of(item=item, source=origin, number=label, expires_on=values["expires_on"])
        found = list(
            Lot.objects.filter(
                item=item,
                number=" ".join(label.split()).upper(),
                balances__place=origin,
                balances__quantity__gt=0,
            ).select_related("item")
        )
        if len(found) != 1:
            raise Refused(
                Problem(
                    _("%(place)s holds no lot “%(lot)s” of %(item)s. Look at what is in stock.")
                    % {"place": origin, "lot": label, "item": item}
                    if not found
                    else _(
                        "%(place)s holds lots “%(lot)s” of %(item)s from several donors. Pack them "
                        "by hand."
                    )
                    % {"place": origin, "lot": label, "item": item},
                    "lot",
                    "lot",
                )
            )
        return found[0]

    def boxes(self) -> list[Contents]:
        """The boxes, by number."""
        return [
            Contents(
                box,
                list(lots.items()),
                sscc=self.facts[box]["sscc"] or "",
                gross_weight_g=self.facts[box]["gross_weight_g"],
            )
            for box, lots in sorted(self.contents.items())
        ]
