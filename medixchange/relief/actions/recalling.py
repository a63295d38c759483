"""Recalling lots: naming them, and telling everybody who has or had some, in their language."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.relief import rules, texts
from medixchange.relief.actions import lots as lot_actions
from medixchange.relief.actions import mailing
from medixchange.relief.actions.retrying import retrying
from medixchange.relief.models import Item, Lot
from medixchange.relief.queries import names
from medixchange.relief.queries.stock import Whereabouts, whereabouts


@retrying
@transaction.atomic
def recall(*, number: str, item: Item, reason: str, reason_language: str, by: Member) -> list[Lot]:
    """Name a lot as recalled, whoever gave it, and write to every organisation it came to.

    A lot that is recalled already is not told again.

    Raises:
        NotAllowed, Refused: no such lot, or no reason.
    """
    wanted = " ".join(number.split()).upper()
    known = set(
        Lot.objects.filter(item=item, number=wanted, recalled_at__isnull=False).values_list(
            "pk", flat=True
        )
    )
    lots = lot_actions.recall(number=number, item=item, reason=reason, by=by)
    fresh = [lot for lot in lots if lot.pk not in known]
    if fresh:
        texts.keep(reason.strip(), reason_language)
        said = reason.strip(), reason_language
        transaction.on_commit(lambda: _tell(fresh, said, lifted=False), robust=True)
    return lots


@retrying
@transaction.atomic
def lift(*, lots: Sequence[Lot], reason: str, reason_language: str, by: Member) -> None:
    """Let lots be given out again, and write so to every organisation they came to.

    Raises:
        NotAllowed, Refused: no reason.
    """
    held = [lot for lot in lots if lot.recalled_at is not None]
    lot_actions.lift_recall(lots=held, reason=reason, by=by)
    if held:
        texts.keep(reason.strip(), reason_language)
        said = reason.strip(), reason_language
        transaction.on_commit(lambda: _tell(held, said, lifted=True), robust=True)


def concerned(rows: Sequence[Whereabouts]) -> dict[int, list[Whereabouts]]:
    """By organisation: what it has or had of a lot. Goods on their way concern both ends."""
    found: dict[int, list[Whereabouts]] = defaultdict(list)
    for row in rows:
        consignment = row.place.consignment
        ends = (
            [consignment.origin, consignment.destination]
            if consignment is not None
            else [row.place.owner]
        )
        for organisation in {end.organisation_id for end in ends}:
            if organisation is not None:
                found[organisation].append(row)
    return found


def _tell(lots: Sequence[Lot], said: tuple[str, str], *, lifted: bool) -> None:
    first = Lot.objects.select_related("item__name").get(pk=lots[0].pk)
    by_organisation = concerned(whereabouts(lots))
    for reader in mailing.people(by_organisation):
        own = {
            held.organisation_id
            for held in reader.current_memberships
            if held.role in rules.HANDLING
        }
        rows = [row for pk in sorted(own) for row in by_organisation.get(pk, ())]
        with mailing.writing_to(reader) as tag:
            mailing.send(reader, *_letter(first, rows, said, tag, lifted=lifted))


def _letter(
    lot: Lot, rows: Sequence[Whereabouts], said: tuple[str, str], tag: str, *, lifted: bool
) -> tuple[str, list[str]]:
    name = names.of([lot.item], tag)[lot.item_id].text
    (reason,) = texts.for_reader([said], tag)
    what = {"lot": lot.number or "–", "item": name}
    if lifted:
        subject = _("Recall lifted: %(item)s, lot %(lot)s") % what
        do = _(
            "It may be given out and used again. Take it out of quarantine where you set it aside."
        )
    else:
        subject = _("Recall: %(item)s, lot %(lot)s") % what
        do = _("Do not use it or give it out. Set aside what you have of it, in quarantine.")
    lines = [
        _("%(place)s: %(now)s there now, %(came)s came, %(used)s used")
        % {
            "place": f"{row.place} ({row.place.get_kind_display()})",
            "now": number_format(row.now, use_l10n=True, force_grouping=True),
            "came": number_format(row.came, use_l10n=True, force_grouping=True),
            "used": number_format(row.used, use_l10n=True, force_grouping=True),
        }
        for row in {row.place.pk: row for row in rows}.values()
    ]
    paragraphs = [
        do,
        _("Why: %(reason)s") % {"reason": reason.text},
        "\n".join(lines),
        settings.ORIGIN + reverse("relief_mine"),
    ]
    return subject, paragraphs
