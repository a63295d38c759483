"""Why a facility gets what it gets, as a reason for programs and a sentence for people."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import NOT_GIVEN


@dataclass(frozen=True, slots=True)
class Reason:
    """``code`` is ``changed``, ``nothing_needed``, ``met``, ``shipped``, ``cap``, ``pack``,
    ``transport``, ``floor`` or ``shared``; the quantities are in units. ``why`` is what a person
    said of a change, or the name of the limit that has no room."""

    facility: str
    code: str
    given: int
    need: int
    pack: int
    bound: int = 0
    why: str = ""


def reasons(plan: Plan) -> list[Reason]:
    """One reason for each facility of a plan, in its order."""
    demand, pack = plan.item.demand, plan.item.pack
    said = {change.facility: change.reason for change in plan.item.changes}
    found = []
    columns = (demand.need, demand.floor, demand.cap, demand.shipped, demand.fixed, plan.allocated)
    for facility, need, floor, cap, shipped, fixed, given in zip(
        demand.facilities, *(column.tolist() for column in columns), strict=True
    ):
        code, bound = "shared", 0
        if fixed != NOT_GIVEN:
            code = "changed"
        elif not need:
            code = "nothing_needed"
        elif given >= need:
            code, bound = ("met", 0) if given > shipped or shipped <= need else ("shipped", shipped)
        elif cap != NOT_GIVEN and given + pack > cap:
            code, bound = "cap", cap
        elif need - given < pack and not plan.item.round_up:
            code = "pack"
        elif facility in plan.stopped_by:
            code = "transport"
        elif given == shipped and shipped:
            code, bound = "shipped", shipped
        elif floor and given - pack < min(floor, need):
            code, bound = "floor", floor
        why = said.get(facility, "")
        if code == "transport":
            why = plan.stopped_by[facility]
        found.append(Reason(facility, code, given, need, pack, bound, why))
    return found


def sentence(reason: Reason, *, method: str) -> str:
    """The reason as one sentence, in the language active now."""
    numbers = {
        "facility": reason.facility,
        "given": reason.given,
        "need": reason.need,
        "percent": round(100 * reason.given / reason.need) if reason.need else 0,
        "pack": reason.pack,
        "bound": reason.bound,
        "why": reason.why,
    }
    words = {
        "changed": _("%(facility)s gets %(given)d of %(need)d, changed by hand: %(why)s"),
        "nothing_needed": _("%(facility)s needs nothing and gets %(given)d."),
        "met": _("%(facility)s gets all of its %(need)d."),
        "shipped": _(
            "%(facility)s gets the %(bound)d that were shipped already, of %(need)d; nothing is "
            "taken back."
        ),
        "cap": _("%(facility)s gets %(given)d of %(need)d, up to its cap of %(bound)d."),
        "pack": _(
            "%(facility)s gets %(given)d of %(need)d: what is left of its need does not fill a "
            "pack of %(pack)d."
        ),
        "transport": _(
            "%(facility)s gets %(given)d of %(need)d (%(percent)d %%): the transport limit %(why)s "
            "has no room for another pack of %(pack)d."
        ),
        "floor": _("%(facility)s gets %(given)d of %(need)d, its floor of %(bound)d first."),
    }
    shared = {
        "proportional": _(
            "%(facility)s gets %(given)d of %(need)d (%(percent)d %%), its share by need in whole "
            "packs of %(pack)d."
        ),
        "maxmin": _(
            "%(facility)s gets %(given)d of %(need)d (%(percent)d %%): the lowest fill rates were "
            "raised first, in packs of %(pack)d."
        ),
        "population": _(
            "%(facility)s gets %(given)d of %(need)d (%(percent)d %%), its share by the people it "
            "serves, in packs of %(pack)d."
        ),
        "utility": _(
            "%(facility)s gets %(given)d of %(need)d (%(percent)d %%): each pack went where it "
            "closes most of what is open, by priority."
        ),
    }
    return words.get(reason.code, shared[method]) % numbers
