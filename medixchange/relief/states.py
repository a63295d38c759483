"""The workflows of relief: their states, and one table of what may follow what for each."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class NeedState(models.TextChoices):
    """Where a facility's need stands."""

    OPEN = "open", _("open")
    #: A newer statement of the same facility and item has taken its place.
    REPLACED = "replaced", _("replaced")
    WITHDRAWN = "withdrawn", _("withdrawn")
    MET = "met", _("met")


class PledgeState(models.TextChoices):
    """Where a donor's promise stands."""

    ANNOUNCED = "announced", _("announced")
    #: The receiving side has accepted it.
    CONFIRMED = "confirmed", _("confirmed")
    #: Everything was sent.
    FULFILLED = "fulfilled", _("fulfilled")
    #: The donor will send no more, though not all was sent; the reason is on record.
    CLOSED = "closed", _("closed short")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RunState(models.TextChoices):
    """Where an allocation run stands."""

    DRAFT = "draft", _("draft")
    #: Somebody else than its maker has approved it.
    APPROVED = "approved", _("approved")
    #: Its consignments are made.
    ISSUED = "issued", _("issued")
    DISCARDED = "discarded", _("discarded")


class ConsignmentState(models.TextChoices):
    """Where a consignment stands."""

    #: Its packing list can still be changed; nothing is in the ledger.
    DRAFT = "draft", _("being packed")
    DEPARTED = "departed", _("on the way")
    ARRIVED = "arrived", _("arrived")
    HELD = "held", _("held by customs")
    RELEASED = "released", _("released by customs")
    #: Some of it is counted, the rest is open.
    PART_RECEIVED = "part_received", _("partly received")
    #: All of it is accounted for: accepted, damaged, quarantined, or settled by a case.
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


class CaseState(models.TextChoices):
    """Where a discrepancy stands."""

    OPEN = "open", _("open")
    #: The other party has answered.
    ANSWERED = "answered", _("answered")
    #: Goods were found, written off, sent again or taken over; the ledger says so.
    RESOLVED = "resolved", _("resolved")
    #: Opened by mistake.
    WITHDRAWN = "withdrawn", _("withdrawn")


NEEDS: Mapping[NeedState, frozenset[NeedState]] = {
    NeedState.OPEN: frozenset({NeedState.REPLACED, NeedState.WITHDRAWN, NeedState.MET}),
    NeedState.MET: frozenset({NeedState.OPEN}),
    NeedState.REPLACED: frozenset(),
    NeedState.WITHDRAWN: frozenset(),
}
PLEDGES: Mapping[PledgeState, frozenset[PledgeState]] = {
    PledgeState.ANNOUNCED: frozenset(
        {PledgeState.CONFIRMED, PledgeState.FULFILLED, PledgeState.CLOSED, PledgeState.WITHDRAWN}
    ),
    PledgeState.CONFIRMED: frozenset(
        {PledgeState.FULFILLED, PledgeState.CLOSED, PledgeState.WITHDRAWN}
    ),
    # A dispatch that was reversed opens the promise again.
    PledgeState.FULFILLED: frozenset({PledgeState.CONFIRMED}),
    PledgeState.CLOSED: frozenset(),
    PledgeState.WITHDRAWN: frozenset(),
}
RUNS: Mapping[RunState, frozenset[RunState]] = {
    RunState.DRAFT: frozenset({RunState.APPROVED, RunState.DISCARDED}),
    RunState.APPROVED: frozenset({RunState.ISSUED, RunState.DISCARDED}),
    RunState.ISSUED: frozenset(),
    RunState.DISCARDED: frozenset(),
}
_COUNTED = frozenset({ConsignmentState.PART_RECEIVED, ConsignmentState.RECEIVED})
CONSIGNMENTS: Mapping[ConsignmentState, frozenset[ConsignmentState]] = {
    ConsignmentState.DRAFT: frozenset({ConsignmentState.DEPARTED, ConsignmentState.CANCELLED}),
    # A dispatch posted by mistake is reversed; the consignment is packed anew.
    ConsignmentState.DEPARTED: frozenset({ConsignmentState.ARRIVED, ConsignmentState.DRAFT})
    | _COUNTED,
    ConsignmentState.ARRIVED: frozenset({ConsignmentState.HELD, ConsignmentState.RELEASED})
    | _COUNTED,
    ConsignmentState.HELD: frozenset({ConsignmentState.RELEASED}),
    ConsignmentState.RELEASED: frozenset({ConsignmentState.HELD}) | _COUNTED,
    ConsignmentState.PART_RECEIVED: frozenset({ConsignmentState.RECEIVED}),
    # A receipt that was reversed opens it again.
    ConsignmentState.RECEIVED: frozenset({ConsignmentState.PART_RECEIVED}),
    ConsignmentState.CANCELLED: frozenset(),
}
CASES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.ANSWERED, CaseState.RESOLVED, CaseState.WITHDRAWN}),
    CaseState.ANSWERED: frozenset({CaseState.OPEN, CaseState.RESOLVED, CaseState.WITHDRAWN}),
    CaseState.RESOLVED: frozenset({CaseState.OPEN}),
    CaseState.WITHDRAWN: frozenset(),
}

#: Every workflow of the app by the name the documents use.
WORKFLOWS: Mapping[str, Mapping[Any, frozenset[Any]]] = {
    "need": NEEDS,
    "pledge": PLEDGES,
    "allocation run": RUNS,
    "consignment": CONSIGNMENTS,
    "discrepancy case": CASES,
}

_TABLES: Mapping[Any, Mapping[Any, frozenset[Any]]] = {
    NeedState: NEEDS,
    PledgeState: PLEDGES,
    RunState: RUNS,
    ConsignmentState: CONSIGNMENTS,
    CaseState: CASES,
}


class TransitionRefused(ValueError):
    """A change of state that the table does not allow."""

    def __init__(self, now: models.TextChoices, wanted: models.TextChoices) -> None:
        super().__init__(now, wanted)
        self.now, self.wanted = now, wanted

    def __str__(self) -> str:
        return str(
            _("This is “%(now)s” and cannot become “%(wanted)s”. Load the page again.")
            % {"now": self.now.label, "wanted": self.wanted.label}
        )


def require(now: str, wanted: models.TextChoices) -> None:
    """Raise ``TransitionRefused`` unless the workflow's table allows the step."""
    kind = type(wanted)
    if wanted not in _TABLES[kind][kind(now)]:
        raise TransitionRefused(kind(now), wanted)


def move_on(row: models.Model, wanted: models.TextChoices, *fields: str) -> None:
    """Take a step that the row's table allows, and save it, with these other fields.

    Raises:
        TransitionRefused: the table does not allow it.
    """
    step: Any = row
    require(step.state, wanted)
    step.state = wanted
    row.save(update_fields=["state", *fields])
