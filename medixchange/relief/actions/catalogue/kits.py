"""What kits hold."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief.actions.catalogue.checks import require_keeper
from medixchange.relief.actions.ledger import LARGEST
from medixchange.relief.models import Item, KitPart
from medixchange.relief.refusals import Problem, Refused


@transaction.atomic
def set_kit(*, kit: Item, parts: Sequence[tuple[Item, int]], by: Member | None) -> None:
    """Put down what one kit holds, in place of what was there. No parts: it is no kit any more.

    Raises:
        NotAllowed, Refused: a part occurs twice, is none or too many, or holds the kit itself.
    """
    require_keeper(by)
    # The audit line comes first: its lock lets one kit be changed at a time, so that two changes
    # that are each sound cannot together make a circle.
    audit.record(
        "item.kit_set", kit, by=by, parts=[[item.code, quantity] for item, quantity in parts]
    )
    problems, seen = [], set()
    for number, (item, quantity) in enumerate(parts):
        where = f"parts.{number}"
        if item.pk in seen:
            problems.append(
                Problem(_("%(item)s is listed twice.") % {"item": item}, where, "twice")
            )
        seen.add(item.pk)
        if not 0 < quantity <= LARGEST:
            problems.append(
                Problem(
                    _("Of %(item)s, %(quantity)d cannot be in a kit. Give a number from 1 up.")
                    % {"item": item, "quantity": quantity},
                    where,
                    "not_positive",
                )
            )
        if kit.pk in _contained([item.pk]):
            problems.append(
                Problem(
                    _("%(item)s is or holds %(kit)s itself, so it cannot be a part of it.")
                    % {"item": item, "kit": kit},
                    where,
                    "circle",
                )
            )
    Refused.if_any(problems)
    KitPart.objects.filter(kit=kit).delete()
    KitPart.objects.bulk_create(
        [KitPart(kit=kit, item=item, quantity=quantity) for item, quantity in parts]
    )


def _contained(roots: Iterable[int]) -> set[int]:
    """Ids of items and of all that is in them, down to the last."""
    seen: set[int] = set()
    level = set(roots)
    while level:
        seen |= level
        level = set(KitPart.objects.filter(kit__in=level).values_list("item_id", flat=True)) - seen
    return seen
