"""Mail about discrepancy cases: to the other end, in each reader's own language."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medixchange.network.models import Organisation
from medixchange.relief import rules, texts
from medixchange.relief.actions import mailing
from medixchange.relief.models import Case, CaseEvent, Consignment, Document
from medixchange.relief.queries import names

#: More than this are told by number.
_SHOWN = 20


def tell_opened(consignment: Consignment, document: Document, opened: Sequence[Case]) -> None:
    """Tell the sending end, once the transaction holds, what was not as listed."""
    organisation = consignment.origin.organisation
    if organisation is not None:
        transaction.on_commit(
            lambda: _send_opened(organisation, consignment, document, opened), robust=True
        )


def tell_said(case: Case, event: CaseEvent) -> None:
    """Tell the other end, once the transaction holds, what was said or done in a case."""
    transaction.on_commit(lambda: _send_said(case, event), robust=True)


def _send_opened(
    organisation: Organisation,
    consignment: Consignment,
    document: Document,
    opened: Sequence[Case],
) -> None:
    shown = Case.objects.filter(pk__in=[case.pk for case in opened]).select_related(
        "lot__item__name"
    )[:_SHOWN]
    for reader in mailing.people([organisation.pk]):
        with mailing.writing_to(reader) as tag:
            called = names.of([case.lot.item for case in shown], tag)
            lines = [
                _("%(reference)s: %(quantity)s %(unit)s of %(item)s %(lot)s: %(kind)s")
                % {
                    "reference": case.reference,
                    "quantity": number_format(case.quantity, use_l10n=True),
                    "unit": case.lot.item.get_unit_display(),
                    "item": called[case.lot.item_id].text,
                    "lot": case.lot.number,
                    "kind": case.get_kind_display(),
                }
                for case in shown
            ]
            if len(opened) > len(lines):
                more = len(opened) - len(lines)
                lines.append(
                    ngettext("and %(count)d case more", "and %(count)d cases more", more)
                    % {"count": more}
                )
            mailing.send(
                reader,
                _("%(reference)s: not all is as listed") % {"reference": consignment.reference},
                [
                    _("%(place)s has counted %(reference)s (%(number)s). This differs:")
                    % {
                        "place": consignment.destination.name,
                        "reference": consignment.reference,
                        "number": document.number,
                    },
                    "\n".join(lines),
                    _("Look at the cases and answer them here:"),
                    settings.ORIGIN + reverse("relief_cases"),
                ],
            )


def _send_said(case: Case, event: CaseEvent) -> None:
    speaker = event.by
    consignment = case.consignment
    ends = [consignment.origin.organisation, consignment.destination.organisation]
    told = {
        reader.pk: reader
        for organisation in ends
        if organisation is not None and not rules.belongs(speaker, organisation)
        for reader in mailing.people([organisation.pk])
    }
    for reader in told.values():
        with mailing.writing_to(reader) as tag:
            (said,) = texts.for_reader([(event.text, event.language)], tag)
            mailing.send(
                reader,
                f"{case.reference}: {case.get_state_display()}",
                [
                    _("%(who)s about %(reference)s (%(consignment)s):")
                    % {
                        "who": speaker or "MediXchange",
                        "reference": case.reference,
                        "consignment": consignment.reference,
                    },
                    said.text or case.get_remedy_display(),
                    *([event.text] if said.text != event.text else []),
                    settings.ORIGIN + reverse("relief_case", args=[case.reference]),
                ],
            )
