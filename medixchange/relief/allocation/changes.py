"""Changes by hand: what a person fixed stays, and the rest is shared out around it."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from medixchange.relief.allocation.problem import LARGEST, NOT_GIVEN, Change, Item, Refused


def apply(item: Item, changes: Sequence[Change]) -> Item:
    """The item with these facilities fixed; changes of other items are left aside.

    A change says what a facility gets in all, with what was shipped to it, and need not be whole
    packs.

    Raises:
        Refused: a reason is missing, a facility is unknown or named twice, it would get less than
            was shipped or more than its cap, or all together more than there is to give.
    """
    own = [change for change in changes if change.item == item.name]
    if not own:
        return item
    demand = item.demand
    fixed = demand.fixed.copy()
    for change in own:
        what = {"facility": change.facility, "item": item.name, "quantity": change.quantity}
        at = demand.place(change.facility)
        if at is None:
            raise Refused(_("%(facility)s has no need of %(item)s on the list.") % what)
        if not change.reason.strip():
            raise Refused(_("%(facility)s, %(item)s: say why it is changed.") % what)
        if not 0 <= change.quantity <= LARGEST:
            raise Refused(_("%(facility)s: give a number from 0 to 10^12.") % what)
        if fixed[at] != NOT_GIVEN:
            raise Refused(_("%(facility)s, %(item)s is changed twice. Keep one of them.") % what)
        if change.quantity < demand.shipped[at]:
            raise Refused(
                _("%(facility)s: %(shipped)d were shipped already and are not taken back.")
                % {**what, "shipped": demand.shipped[at]}
            )
        if demand.cap[at] != NOT_GIVEN and change.quantity > demand.cap[at]:
            raise Refused(
                _("%(facility)s: %(quantity)d is above its cap of %(cap)d.")
                % {**what, "cap": demand.cap[at]}
            )
        fixed[at] = change.quantity
    there = item.supplied - item.reserve
    bound = int(demand.shipped[fixed == NOT_GIVEN].sum()) + int(fixed[fixed != NOT_GIVEN].sum())
    if bound > there:
        raise Refused(
            _("%(item)s: the changes and what was shipped take %(bound)d, and there are %(there)d.")
            % {"item": item.name, "bound": bound, "there": there}
        )
    return replace(item, demand=replace(demand, fixed=fixed), changes=tuple(own))
