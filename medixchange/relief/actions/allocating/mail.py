"""Mail about allocation runs: to those who may approve one."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medixchange.relief import rules
from medixchange.relief.actions import mailing
from medixchange.relief.models import AllocationRun
from medixchange.relief.states import RunState


def tell_waiting(run: AllocationRun) -> None:
    """Tell all who may approve a run that it waits for one of them."""
    transaction.on_commit(lambda: _send(run.pk, None), robust=True)


def tell_passed_on(run: AllocationRun, before: int | None) -> None:
    """Tell who made a run before (their key) that it waits for them, now that it is another's.
    The others were told when it was made."""
    if before not in (None, run.made_by_id):
        transaction.on_commit(lambda: _send(run.pk, before), robust=True)


def _send(pk: int, only: int | None) -> None:
    # As it stands now: what has been decided meanwhile waits for nobody.
    run = AllocationRun.objects.select_related("store__organisation", "made_by").get(pk=pk)
    if run.state != RunState.DRAFT or run.store.organisation_id is None:
        return
    facilities = run.lines.filter(quantity__gt=0).values("facility").distinct().count()
    for reader in mailing.people([run.store.organisation_id]):
        if only not in (None, reader.pk) or not rules.may_approve(reader, run):
            continue
        with mailing.writing_to(reader):
            mailing.send(
                reader,
                _("%(reference)s waits for approval") % {"reference": run.reference},
                [
                    ngettext(
                        "%(who)s has shared out goods of %(store)s to %(count)d facility. Somebody "
                        "else has to look at it and approve it.",
                        "%(who)s has shared out goods of %(store)s to %(count)d facilities. "
                        "Somebody else has to look at it and approve it.",
                        facilities,
                    )
                    % {
                        "who": run.made_by or "MediXchange",
                        "store": run.store.name,
                        "count": facilities,
                    },
                    settings.ORIGIN + reverse("relief_run", args=[run.reference]),
                ],
            )
