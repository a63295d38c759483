"""Ending discrepancy cases: what each remedy means for the goods, and opening a case again."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules, states
from medixchange.relief.actions import case_mail, cases, consignments, ledger
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.places import account_of
from medixchange.relief.actions.postable import Line
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.models import (
    Balance,
    Case,
    CaseEvent,
    CaseKind,
    Consignment,
    Count,
    Document,
    DocumentKind,
    Outcome,
    Place,
    PlaceKind,
    Remedy,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import CaseState

_RECEIPTS = (DocumentKind.RECEIPT, DocumentKind.DELIVERY)


@retrying
@transaction.atomic
def settle(
    *,
    case: Case,
    remedy: Remedy,
    key: str,
    text: str,
    language: str,
    by: Member,
    quantity: int | None = None,
    happened_at: datetime | None = None,
) -> Case:
    """End a case, and post what that means for the goods.

    Args:
        key: as of every posting: pressed twice, it is settled once.
        text: why; compulsory.
        quantity: base units, where only a part is settled so; a new case is opened for the rest.
        happened_at: aware; now where left out.

    Raises:
        NotAllowed, Refused: the remedy does not fit the case, no reason is given, or the goods may
            not be used; TransitionRefused: the case has ended.
    """
    case = cases.locked_case(case)
    if not rules.may_settle_case(by, case):
        raise rules.NotAllowed
    before = Document.objects.filter(key=key).first()
    if before is not None and case.settled_by_id == before.pk:
        return case
    kind = CaseKind(case.kind)
    if remedy not in cases.REMEDIES[kind]:
        raise Refused(
            Problem(
                _("A case of goods that are “%(kind)s” cannot end as “%(remedy)s”.")
                % {"kind": kind.label, "remedy": remedy.label},
                "remedy",
                "remedy",
            )
        )
    text = cases.required(text, _("Say why it ends so."))
    quantity = case.quantity if quantity is None else quantity
    if not 0 < quantity <= case.quantity:
        raise Refused(
            Problem(
                _("This case is about %(quantity)d. Give a number from 1 to %(quantity)d.")
                % {"quantity": case.quantity},
                "quantity",
                "quantity",
            )
        )
    states.require(case.state, CaseState.RESOLVED)
    consignment = consignments.locked(case.consignment)
    at = happened_at or timezone.now()
    if remedy == Remedy.TAKEN_OVER:
        _require_fit(case, at)
    cases.part_off(case, quantity, by=by)
    document = _post(case, consignment, remedy, key, at, text, language, by)
    event = cases.end(case, remedy, document, text=text, language=language, by=by)
    cases.reckon(consignment)
    case_mail.tell_said(case, event)
    return case


def _require_fit(case: Case, at: datetime) -> None:
    if case.lot.recalled_at is not None:
        raise Refused(
            Problem(
                _("Lot %(lot)s is recalled. It can be destroyed or sent back, but not used.")
                % {"lot": case.lot},
                "remedy",
                "recalled",
            )
        )
    if case.lot.has_expired(at.date()):
        raise Refused(
            Problem(
                _("Lot %(lot)s has expired. It can be destroyed or sent back, but not used.")
                % {"lot": case.lot},
                "remedy",
                "expired",
            )
        )


def _post(
    case: Case,
    consignment: Consignment,
    remedy: Remedy,
    key: str,
    at: datetime,
    text: str,
    language: str,
    by: Member,
) -> Document | None:
    """The document a remedy needs; none where no goods move."""
    destination = consignment.destination
    quarantine = PlaceKind.QUARANTINE
    match remedy:
        case Remedy.NOTED:
            return None
        case Remedy.FOUND:
            ways = _out_of_the_way(case, consignment, destination)
        case Remedy.WRITTEN_OFF:
            ways = _out_of_the_way(case, consignment, account_of(destination, PlaceKind.LOST))
        case Remedy.TAKEN_OVER:
            ways = [_Way(case.quantity, account_of(destination, quarantine), destination)]
        case Remedy.DESTROYED:
            damaged = account_of(destination, PlaceKind.DAMAGED)
            ways = [_Way(case.quantity, account_of(destination, quarantine), damaged)]
        case Remedy.RETURNED:
            back = _back(case, consignment)
            ways = [_Way(case.quantity, account_of(destination, quarantine), back)]
    kind = DocumentKind.SETTLEMENT
    if remedy == Remedy.FOUND:
        is_ward = destination.kind == PlaceKind.FACILITY
        kind = DocumentKind.DELIVERY if is_ward else DocumentKind.RECEIPT
    posted = ledger.post(
        kind=kind,
        key=key,
        happened_at=at,
        lines=[Line(case.lot, way.quantity, way.start, way.end) for way in ways],
        by=by,
        organisation=destination.organisation,
        consignment=consignment,
        note=text,
        note_language=language,
        details={"settles": case.reference, "remedy": remedy.value},
    )
    if not posted.new:
        raise Refused(
            Problem(
                _("“%(key)s” was used for %(number)s already. Load the page again.")
                % {"key": key, "number": posted.document.number},
                "key",
                "key_used",
            )
        )
    if remedy == Remedy.FOUND:
        Count.objects.create(
            document=posted.document,
            lot=case.lot,
            outcome=Outcome.ACCEPTED,
            quantity=case.quantity,
        )
    return posted.document


@dataclass(frozen=True, slots=True)
class _Way:
    """So much from one account to another."""

    quantity: int
    start: Place
    end: Place


def _out_of_the_way(case: Case, consignment: Consignment, end: Place) -> list[_Way]:
    """Missing goods, out of whichever of the consignment's accounts hold them."""
    wanted, out = case.quantity, []
    for row in Balance.objects.filter(
        place__consignment=consignment,
        place__kind__in=OF_CONSIGNMENT,
        lot=case.lot,
        quantity__gt=0,
    ).select_related("place"):
        part = min(wanted, row.quantity)
        if part:
            out.append(_Way(part, row.place, end))
            wanted -= part
    return out


def _back(case: Case, consignment: Consignment) -> Place:
    """Where goods go back to: to the origin; but what nobody listed never left the books of a
    store, so there it goes back to the account it came from."""
    origin = consignment.origin
    if case.kind == CaseKind.QUARANTINED or origin.kind == PlaceKind.DONOR:
        return origin
    return account_of(origin, PlaceKind.CORRECTION)


@retrying
@transaction.atomic
def reopen(*, case: Case, key: str, text: str, language: str, by: Member) -> CaseEvent:
    """Open a settled case again; the document that settled it is reversed.

    Raises:
        NotAllowed, Refused: no reason, the goods have moved on since, or a receipt of other goods
            too has settled it; TransitionRefused: it is not settled.
    """
    case = cases.locked_case(case)
    if not rules.may_settle_case(by, case):
        raise rules.NotAllowed
    text = cases.required(text, _("Say why it is opened again."))
    states.require(case.state, CaseState.OPEN)
    document = case.settled_by
    if document is not None:
        if document.details.get("settles") != case.reference:
            raise Refused(
                _("%(number)s has counted these goods with others. Reverse %(number)s instead.")
                % {"number": document.number}
            )
        consignment = consignments.locked(case.consignment)
        ledger.reverse(
            document=document,
            key=key,
            note=text,
            note_language=language,
            by=by,
            organisation=consignment.destination.organisation,
        )
        cases.reckon(consignment)
    case.remedy, case.settled_by = "", None
    states.move_on(case, CaseState.OPEN, "remedy", "settled_by")
    return cases.said(case, text, language, by)


@retrying
@transaction.atomic
def take_back(
    *, document: Document, key: str, note: str, note_language: str, by: Member | None
) -> Posted:
    """Reverse a receipt or proof of delivery that was counted wrong, so that it is counted anew.

    Cases it opened are withdrawn, and those it ended by counting missing goods are open again.

    Raises:
        NotAllowed, Refused: it is no receipt, no reason is given, the goods have moved on since,
            or a case it opened has been settled.
    """
    if document.consignment is None or document.kind not in _RECEIPTS:
        raise Refused(_("%(number)s is no receipt.") % {"number": document.number})
    consignment = consignments.locked(document.consignment)
    if by is not None and not rules.may_handle(by, consignment.destination):
        raise rules.NotAllowed
    if "settles" in document.details:
        raise Refused(
            _("%(number)s has ended case %(case)s. Open that case again instead.")
            % {"number": document.number, "case": document.details["settles"]}
        )
    note = cases.required(note, _("Say why it is reversed."))
    opened = list(document.cases.select_for_update(of=("self",)).select_related("consignment"))
    settled = [case.reference for case in opened if case.state == CaseState.RESOLVED]
    is_again = Document.objects.filter(reverses=document, key=key).exists()
    if settled and not is_again:
        raise Refused(
            _("%(cases)s came of it and have been settled. Open them again first.")
            % {"cases": ", ".join(settled)}
        )
    posted = ledger.reverse(
        document=document,
        key=key,
        note=note,
        note_language=note_language,
        by=by,
        organisation=consignment.destination.organisation,
    )
    if not posted.new:
        return posted
    for case in opened:
        if case.state != CaseState.WITHDRAWN:
            states.move_on(case, CaseState.WITHDRAWN)
            cases.said(case, note, note_language, by)
    for case in Case.objects.select_for_update(of=("self",)).filter(settled_by=document):
        case.remedy, case.settled_by = "", None
        states.move_on(case, CaseState.OPEN, "remedy", "settled_by")
        cases.said(case, note, note_language, by)
    cases.reckon(consignment)
    return posted
