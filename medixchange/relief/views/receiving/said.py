"""Reading what a form or a phone sends of a count. Nothing in it is trusted, nothing is guessed.

Both send the same: the form is first put into the shape a phone sends.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.relief.actions.counted import Counted, Signed, Unlisted
from medixchange.relief.models import Box, Consignment, Item, Lot, Outcome, Signature
from medixchange.relief.refusals import Problem

#: More than any packing list has, and more points than a finger draws.
_MOST_LINES = 20_000
_MOST_POINTS = 20_000
_EDGE = 1000


@dataclass
class Said:
    """A count as it was sent, and what of it cannot be read."""

    key: str = ""
    happened_at: datetime | None = None
    complete: bool = False
    note: str = ""
    note_language: str = ""
    counts: list[Counted] = field(default_factory=list)
    signatures: list[Signed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(
    sent: Mapping[str, Any], consignment: Consignment, *, ahead: timedelta, language: str
) -> Said:
    """Read a count.

    Args:
        sent: as the phone's script makes it (``receive.js``).
        ahead: how much the server's clock is ahead of the sender's.
        language: what free text is taken to be written in, where nothing is said.
    """
    said = Said()
    said.key = text_of(sent, "key")
    if not 8 <= len(said.key) <= 80:
        said.problems.append(
            Problem(_("This count has no key. Load the page again."), "key", "malformed")
        )
    said.happened_at = moment_of(sent.get("happened_at"), ahead)
    if said.happened_at is None:
        said.problems.append(
            Problem(_("Say when it was received, as date and time."), "happened_at", "malformed")
        )
    said.complete = sent.get("complete") is True
    said.note = text_of(sent, "note")
    said.note_language = _language(sent, language)
    rows = _rows(sent, "counts")
    more = _rows(sent, "more")
    boxes = {box.pk: box for box in Box.objects.filter(consignment=consignment)}
    lots = Lot.objects.select_related("item").in_bulk(
        [row["lot"] for row in rows if _is_id(row.get("lot"))]
    )
    for row in rows:
        said.counts += _each(said.problems, partial(_listed, row, lots, boxes))
    items = {
        item.code: item
        for item in Item.objects.filter(code__in=[text_of(row, "item") for row in more])
    }
    for number, row in enumerate(more, start=1):
        said.counts += _each(said.problems, partial(_more, row, number, items))
    parties = {
        str(organisation.pk): organisation
        for organisation in (
            consignment.origin.organisation,
            consignment.carrier,
            consignment.destination.organisation,
        )
        if organisation is not None
    }
    for row in _rows(sent, "signatures"):
        said.signatures += _each(
            said.problems, partial(_signature, row, consignment, parties, ahead)
        )
    if all(signed.side != Signature.Side.RECEIVER for signed in said.signatures):
        said.problems.append(
            Problem(
                _("Whoever received the goods must sign: write the name in letters."),
                "receiver-name",
                "unsigned",
            )
        )
    return said


class Unreadable(ValueError):
    """One line that cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _each(problems: list[Problem], make: Callable[[], Any]) -> Iterable[Any]:
    try:
        made = make()
    except Unreadable as error:
        problems.append(error.problem)
        return []
    return [] if made is None else [made]


def _listed(row: Mapping[str, Any], lots: Mapping[int, Lot], boxes: Mapping[int, Box]) -> Counted:
    lot, box, outcome = row.get("lot"), row.get("box"), text_of(row, "outcome")
    where = f"line-{box}-{lot}-{outcome}"
    known = lots.get(lot) if isinstance(lot, int) and _is_id(lot) else None
    of_box = boxes.get(box) if isinstance(box, int) and _is_id(box) else None
    if known is None or outcome not in Outcome.values or (box is not None and of_box is None):
        raise Unreadable(
            Problem(
                _("A line is not of this packing list. Load the list again and count the line."),
                where,
                "malformed",
            )
        )
    return Counted(
        known,
        quantity_of(row, where),
        Outcome(outcome),
        box=of_box,
        remark=text_of(row, "remark"),
        where=where,
    )


def _more(row: Mapping[str, Any], number: int, items: Mapping[str, Item]) -> Counted | None:
    code = text_of(row, "item")
    if not any(text_of(row, name) for name in ("item", "number", "quantity", "remark")):
        return None
    where = f"more-{number}-"
    if code not in items:
        raise Unreadable(
            Problem(
                _("Choose which goods these are. If they are in no list, choose what is nearest "
                  "and say so in the remark."),
                where + "item",
                "item_unknown",
            )
        )  # fmt: skip
    expires = text_of(row, "expires_on")
    expires_on: date | None = None
    if expires:
        try:
            expires_on = parse_date(expires)
        except ValueError:
            expires_on = None
        if expires_on is None:
            raise Unreadable(
                Problem(
                    _("Give the expiry date as year, month, day: 2027-03-31."),
                    where + "expires_on",
                    "date",
                )
            )
    return Counted(
        Unlisted(items[code], text_of(row, "number"), expires_on),
        quantity_of(row, where + "quantity"),
        Outcome.WRONG,
        remark=text_of(row, "remark"),
        where=where + "quantity",
    )


def quantity_of(row: Mapping[str, Any], where: str) -> int:
    value = row.get("quantity")
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        # Digits of any script; separators are not guessed at: 1.000 is a thousand or one.
        return int("".join(str(value).split()))
    except ValueError:
        raise Unreadable(
            Problem(
                _("“%(value)s” is no whole number. Write digits only, without points or commas.")
                % {"value": str(value)[:40]},
                where,
                "not_a_number",
            )
        ) from None


def _signature(
    row: Mapping[str, Any],
    consignment: Consignment,
    parties: Mapping[str, Any],
    ahead: timedelta,
) -> Signed | None:
    side = text_of(row, "side")
    if side not in Signature.Side.values:
        raise Unreadable(Problem(_("A signature of no side."), "signatures", "malformed"))
    strokes = _strokes(row.get("strokes"), f"{side}-name")
    name = text_of(row, "name")
    if not name and not strokes:
        return None
    organisation = parties.get(text_of(row, "organisation"))
    if organisation is None and side == Signature.Side.RECEIVER:
        organisation = consignment.destination.organisation
    return Signed(
        Signature.Side(side),
        name[:150],
        text_of(row, "function")[:150],
        organisation,
        strokes,
        _degrees(row.get("latitude"), 90),
        _degrees(row.get("longitude"), 180),
        moment_of(row.get("signed_at"), ahead),
    )


def _strokes(value: Any, where: str) -> list[list[list[int]]]:
    """Lists of points as drawn; anything else is refused, since it will be drawn again."""
    if not value:
        return []
    problem = Problem(_("The drawn signature cannot be read. Sign again."), where, "malformed")
    if not isinstance(value, list):
        raise Unreadable(problem)
    strokes, points = [], 0
    for stroke in value:
        if not isinstance(stroke, list):
            raise Unreadable(problem)
        points += len(stroke)
        for point in stroke:
            if not (
                isinstance(point, list)
                and len(point) == 2
                and all(isinstance(at, int) and 0 <= at <= _EDGE for at in point)
            ):
                raise Unreadable(problem)
        if stroke:
            strokes.append(stroke)
    if points > _MOST_POINTS:
        raise Unreadable(problem)
    return strokes


def moment_of(value: Any, ahead: timedelta) -> datetime | None:
    """A moment by the server's clock, of one by the sender's."""
    if isinstance(value, datetime):
        return value + ahead
    try:
        moment = parse_datetime(value) if isinstance(value, str) else None
        return moment + ahead if moment is not None and moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _degrees(value: Any, most: int) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool) and -most <= value <= most:
        return float(value)
    return None


def _rows(sent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = sent.get(name)
    if not isinstance(rows, list):
        return []
    return [row for row in rows[:_MOST_LINES] if isinstance(row, dict)]


def text_of(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return "".join(char for char in str(value).strip() if char.isprintable() or char == "\n")


def _language(sent: Mapping[str, Any], otherwise: str) -> str:
    try:
        return languages.get(text_of(sent, "note_language") or otherwise).tag
    except languages.UnknownLanguage:
        return otherwise


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63
