"""What somebody says they counted and who signed for it, and what of that cannot be."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from medixchange.network.models import Organisation
from medixchange.relief.actions.postable import LARGEST
from medixchange.relief.models import Box, Consignment, Item, Lot, Outcome, Signature
from medixchange.relief.refusals import Problem
from medixchange.relief.states import ConsignmentState

#: The longest remark of a line, in characters.
REMARK = 400


@dataclass(frozen=True, slots=True)
class Unlisted:
    """Goods as their box says, where the packing list has no such lot."""

    item: Item
    number: str = ""
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One counted line. ``quantity`` is in the item's base unit; ``where`` names the line of the
    form it came from, for refusals."""

    lot: Lot | Unlisted
    quantity: int
    outcome: Outcome
    box: Box | None = None
    remark: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Signed:
    """One side's signature: a name, and strokes (lists of [x, y], 0 to 1000) where it was drawn.
    The place in degrees only where the person gave it."""

    side: Signature.Side
    name: str
    function: str = ""
    organisation: Organisation | None = None
    strokes: Sequence[Sequence[Sequence[int]]] = ()
    latitude: float | None = None
    longitude: float | None = None
    signed_at: datetime | None = None


def mark(
    counts: Sequence[Counted], signatures: Sequence[Signed], note: str, *, complete: bool
) -> str:
    """SHA-256, in hex, of what was said. The time is left out: a phone that sends again has put
    its clock right by a hair more or less."""

    def lot(of: Lot | Unlisted) -> list[Any]:
        if isinstance(of, Unlisted):
            day = of.expires_on.isoformat() if of.expires_on else None
            return [of.item.pk, " ".join(of.number.split()).upper(), day]
        return [of.pk]

    body = [
        sorted(
            (
                [
                    lot(count.lot),
                    count.quantity,
                    count.outcome.value,
                    count.box.pk if count.box else 0,
                    count.remark.strip(),
                ]
                for count in counts
            ),
            key=json.dumps,
        ),
        [[signed.side, signed.name.strip(), signed.strokes] for signed in signatures],
        note.strip(),
        complete,
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()


def of_state(consignment: Consignment) -> list[Problem]:
    what = {
        ConsignmentState.DRAFT: _(
            "%(reference)s has not left yet, so nothing of it can be received. Ask the sender to "
            "post its dispatch."
        ),
        ConsignmentState.HELD: _(
            "%(reference)s is held by customs. Record its release first, then count it."
        ),
        ConsignmentState.CANCELLED: _("%(reference)s was cancelled. Ask the sender what this is."),
        ConsignmentState.RECEIVED: _(
            "All of %(reference)s is accounted for already. Look at its documents; if one is "
            "wrong, reverse it and count anew."
        ),
    }.get(ConsignmentState(consignment.state))
    if what is None:
        return []
    return [Problem(what % {"reference": consignment.reference}, code="state")]


def of_counts(
    consignment: Consignment, counts: Sequence[Counted], *, complete: bool
) -> list[Problem]:
    if not counts and not complete:
        return [Problem(_("Nothing is counted yet. Count at least one line."), code="nothing")]
    problems = []
    for count in counts:
        if count.quantity <= 0:
            problems.append(
                Problem(
                    _("The quantity must be more than nothing, and is %(quantity)d.")
                    % {"quantity": count.quantity},
                    count.where,
                    "not_positive",
                )
            )
        elif count.quantity > LARGEST:
            problems.append(
                Problem(
                    _("%(quantity)d is more than one line can hold. Check the number.")
                    % {"quantity": count.quantity},
                    count.where,
                    "too_large",
                )
            )
        if len(count.remark.strip()) > REMARK:
            problems.append(
                Problem(
                    _("A remark has at most %(most)d characters. Write the rest into the note.")
                    % {"most": REMARK},
                    count.where,
                    "remark_long",
                )
            )
        if count.box is not None and count.box.consignment_id != consignment.pk:
            problems.append(
                Problem(
                    _("Box %(box)s belongs to another consignment. Count it there.")
                    % {"box": count.box},
                    count.where,
                    "other_box",
                )
            )
    return problems


def of_signatures(signatures: Sequence[Signed]) -> list[Problem]:
    problems = []
    sides = Counter(signed.side for signed in signatures)
    for signed in signatures:
        where = f"signatures.{signed.side}"
        if not signed.name.strip():
            problems.append(
                Problem(_("Write the name of who signs, in letters."), where, "name_missing")
            )
        if sides[signed.side] > 1:
            problems.append(Problem(_("One side has signed twice."), where, "twice"))
    return problems
