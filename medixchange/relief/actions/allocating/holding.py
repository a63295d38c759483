"""What every change of a run asks first."""

from medixchange.network.models import Member
from medixchange.relief import rules, states
from medixchange.relief.models import AllocationRun
from medixchange.relief.states import RunState


def require(allowed: bool, by: Member | None) -> None:
    """The operator may do all; a member what the rule allows."""
    if by is not None and not allowed:
        raise rules.NotAllowed


def require_draft(run: AllocationRun) -> None:
    """Refuse to change what is no draft any more."""
    if run.state != RunState.DRAFT:
        raise states.TransitionRefused(RunState(run.state), RunState.DRAFT)


def locked(run: AllocationRun) -> AllocationRun:
    """The row as it is now, held until the end of the transaction."""
    return (
        AllocationRun.objects.select_for_update(of=("self",))
        .select_related("store__organisation")
        .get(pk=run.pk)
    )
