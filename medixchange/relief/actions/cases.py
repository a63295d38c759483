"""Discrepancy cases: opened by a receipt, talked over by both ends, and ended in the ledger."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules, states, texts
from medixchange.relief.actions import case_mail
from medixchange.relief.actions.counting import Finding
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.models import (
    Balance,
    Case,
    CaseEvent,
    CaseKind,
    Consignment,
    Document,
    Numbering,
    Outcome,
    Remedy,
)
from medixchange.relief.models.places import OF_CONSIGNMENT
from medixchange.relief.queries import receiving as queries
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import CaseState, ConsignmentState

IN_QUARANTINE = (Remedy.TAKEN_OVER, Remedy.DESTROYED, Remedy.RETURNED)
#: How a case of each kind may end.
REMEDIES = {
    CaseKind.MISSING: (Remedy.FOUND, Remedy.WRITTEN_OFF),
    CaseKind.DAMAGED: (Remedy.NOTED,),
    CaseKind.WRONG: IN_QUARANTINE,
    CaseKind.EXCESS: IN_QUARANTINE,
    CaseKind.QUARANTINED: IN_QUARANTINE,
}
_ENDED = (CaseState.RESOLVED, CaseState.WITHDRAWN)


def open_for(
    consignment: Consignment,
    document: Document,
    found: Sequence[Finding],
    *,
    language: str,
    by: Member | None,
) -> list[Case]:
    """Open a case for each lot and kind of discrepancy of a receipt, and tell the other end.

    Remarks of the lines, which are in ``language``, begin the talk. Call in a transaction.
    """
    grouped: dict[tuple[int, CaseKind], list[Finding]] = {}
    for row in found:
        if row.outcome != Outcome.ACCEPTED:
            grouped.setdefault((row.lot.pk, CaseKind(row.outcome.value)), []).append(row)
    if not grouped:
        return []
    opened = Case.objects.bulk_create(
        [
            Case(
                reference=reference,
                consignment=consignment,
                document=document,
                lot=rows[0].lot,
                kind=kind,
                quantity=sum(row.quantity for row in rows),
            )
            for reference, ((_pk, kind), rows) in zip(
                _references(len(grouped)), grouped.items(), strict=True
            )
        ]
    )
    remarks = [
        "\n".join(dict.fromkeys(row.remark for row in rows if row.remark))
        for rows in grouped.values()
    ]
    CaseEvent.objects.bulk_create(
        [
            CaseEvent(
                case=case,
                state=CaseState.OPEN,
                text=remark,
                language=language if remark else "",
                by=by,
            )
            for case, remark in zip(opened, remarks, strict=True)
        ]
    )
    for remark in set(remarks):
        texts.keep(remark, language)
    audit.record(
        "cases.opened",
        document,
        by=by,
        cases=[case.reference for case in opened],
    )
    case_mail.tell_opened(consignment, document, opened)
    return opened


def _references(count: int) -> list[str]:
    """As ``numbering.next_reference("K")``, so many at once: a receipt may find a thousand."""
    series = f"K-{timezone.now().year}"
    Numbering.objects.get_or_create(series=series)
    row = Numbering.objects.select_for_update().get(series=series)
    first, row.last = row.last + 1, row.last + count
    row.save(update_fields=["last"])
    return [f"{series}-{number:05}" for number in range(first, row.last + 1)]


def reckon(consignment: Consignment) -> None:
    """Bring a consignment's state up to what is left of it on the way. Call in a transaction,
    with the row locked, after goods were counted or a case has ended."""
    left = Balance.objects.filter(
        place__consignment=consignment, place__kind__in=OF_CONSIGNMENT, quantity__gt=0
    ).exists()
    state = ConsignmentState.PART_RECEIVED if left else ConsignmentState.RECEIVED
    if consignment.state != state:
        states.move_on(consignment, state)


def found(
    consignment: Consignment, lot: int, quantity: int, *, document: Document, by: Member | None
) -> None:
    """End cases of missing goods that a later receipt counted after all, the oldest first."""
    for case in queries.missing_cases(consignment).get(lot, []):
        if quantity <= 0:
            break
        part = min(quantity, case.quantity)
        quantity -= part
        part_off(case, part, by=by)
        event = end(case, Remedy.FOUND, document, text="", language="", by=by)
        case_mail.tell_said(case, event)


@retrying
@transaction.atomic
def answer(*, case: Case, text: str, language: str, by: Member) -> CaseEvent:
    """Say something in a case. What the sending end says answers it; what the receiving end says
    after that asks again.

    Raises:
        NotAllowed, Refused: nothing is said, or the case has ended.
    """
    case = locked_case(case)
    if not rules.may_answer_case(by, case):
        raise rules.NotAllowed
    text = required(text, _("Write what you have to say."))
    if case.state in _ENDED:
        raise Refused(
            _("%(reference)s has ended. Open it again before you write in it.")
            % {"reference": case.reference}
        )
    state = CaseState.ANSWERED if rules.may_send(by, case.consignment) else CaseState.OPEN
    if case.state != state:
        states.move_on(case, state)
    return said(case, text, language, by)


@retrying
@transaction.atomic
def withdraw(*, case: Case, text: str, language: str, by: Member) -> CaseEvent:
    """Take a case back that was opened by mistake. Missing goods are then open again, to be
    counted.

    Raises:
        NotAllowed, Refused: no reason, or its goods lie in quarantine and somebody must decide.
    """
    case = locked_case(case)
    if not rules.may_settle_case(by, case):
        raise rules.NotAllowed
    text = required(text, _("Say why it is withdrawn."))
    if REMEDIES[CaseKind(case.kind)] == IN_QUARANTINE:
        raise Refused(
            _("The goods of %(reference)s lie in quarantine. Say what shall become of them.")
            % {"reference": case.reference}
        )
    states.move_on(case, CaseState.WITHDRAWN)
    return said(case, text, language, by)


def locked_case(case: Case) -> Case:
    """The row as it is now, held until the end of the transaction, its consignment first: counts
    and cases of one consignment go one after the other."""
    Consignment.objects.select_for_update(of=("self",)).get(pk=case.consignment_id)
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related(
            "consignment__origin__organisation",
            "consignment__destination__organisation",
            "consignment__carrier",
            "lot__item",
            "settled_by",
        )
        .get(pk=case.pk)
    )


def required(text: str, otherwise: str) -> str:
    """The text without its margins; refused with what is said otherwise where there is none."""
    if not text.strip():
        raise Refused(Problem(otherwise, "text", "reason_missing"))
    return text.strip()


def said(case: Case, text: str, language: str, by: Member | None) -> CaseEvent:
    """Put down what was said in a case, in the state it is in now, and tell the other end."""
    event = CaseEvent.objects.create(
        case=case, state=case.state, text=text, language=language, by=by
    )
    texts.keep(text, language)
    audit.record(f"case.{case.state}", case, by=by, reference=case.reference)
    case_mail.tell_said(case, event)
    return event


def part_off(case: Case, quantity: int, *, by: Member | None) -> None:
    """Leave a case with so much, and open another for the rest, which is said in both."""
    if quantity == case.quantity:
        return
    (reference,) = _references(1)
    rest = Case.objects.create(
        reference=reference,
        consignment=case.consignment,
        document=case.document,
        lot=case.lot,
        kind=case.kind,
        quantity=case.quantity - quantity,
        state=case.state,
    )
    CaseEvent.objects.create(case=rest, state=case.state, by=by)
    case.quantity = quantity
    case.save(update_fields=["quantity"])
    audit.record(
        "case.parted", case, by=by, kept=quantity, rest=rest.quantity, rest_in=rest.reference
    )


def end(
    case: Case,
    remedy: Remedy,
    document: Document | None,
    *,
    text: str,
    language: str,
    by: Member | None,
) -> CaseEvent:
    """Resolve a case by a remedy and the document that settled it, if any."""
    case.remedy, case.settled_by = remedy, document
    states.move_on(case, CaseState.RESOLVED, "remedy", "settled_by")
    event = CaseEvent.objects.create(
        case=case, state=case.state, text=text, language=language if text else "", by=by
    )
    texts.keep(text, language)
    audit.record(
        "case.resolved",
        case,
        by=by,
        reference=case.reference,
        remedy=remedy.value,
        document=document.number if document else None,
    )
    return event
