"""Importing what facilities need."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from medixchange.core.countries import normalise
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions.importing.base import Catalogue, Done, Outcome, keep, trial
from medixchange.relief.actions.needs import state_need
from medixchange.relief.interchange.base import Finding
from medixchange.relief.interchange.kinds import NEEDS
from medixchange.relief.interchange.records import EVERY
from medixchange.relief.models import Need, Place, PlaceKind
from medixchange.relief.queries.catalogue import known_names
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import NeedState

#: Columns that the allocation of a file reads, and that a need here does not hold.
_ELSEWHERE = ("floor", "cap", "priority", "population")


def import_needs(
    path: Path,
    *,
    by: Member | None,
    by_when: date | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Done:
    """State the needs of a file: facility (by code, or by a name that only one bears), item, need.

    Args:
        by_when: the day of rows that give none.

    Raises:
        Unreadable: it is no table, or one of another kind. Rows of facilities that the member may
            not speak for are refused one by one.
    """
    report = NEEDS.read(path, others=EVERY)
    facilities, catalogue = _Facilities(by), Catalogue(known_names())
    rows = []
    with trial(dry_run):
        for done, row in enumerate(report.rows, 1):
            rows.append(keep(row, lambda values: _need(values, facilities, catalogue, by_when, by)))
            progress(done, len(report.rows))
    left = [name for name in _ELSEWHERE if name in report.columns]
    notes = report.notes
    if left:
        notes += (
            Finding(
                _("these columns are not part of a need: %(names)s.") % {"names": ", ".join(left)},
                path.name,
                _("They are read when goods are allocated."),
            ),
        )
    return Done("needs", path.name, tuple(rows), notes, dry_run)


def _need(
    values: Mapping[str, Any],
    facilities: "_Facilities",
    catalogue: Catalogue,
    by_when: date | None,
    by: Member | None,
) -> tuple[Outcome, str]:
    facility = facilities.find(str(values["facility"]))
    item = catalogue.find(str(values["item"]))
    day = values["by_when"] or by_when
    if day is None:
        raise Refused(
            Problem(_("No day is given by which it is needed. Fill it in."), "by_when", "no_day")
        )
    before = Need.objects.filter(facility=facility, item=item, state=NeedState.OPEN).first()
    # A statement that differs from what stands in nothing that a file can say is no new one.
    if before is not None and (before.quantity, before.by_when) == (values["need"], day):
        if by is not None and not rules.may_state_need(by, facility):
            raise rules.NotAllowed
        return Outcome.SAME, str(before)
    made = state_need(
        facility=facility, item=item, quantity=int(values["need"]), by_when=day, by=by
    )
    return (Outcome.TAKEN if before is None else Outcome.CHANGED), str(made)


class _Facilities:
    """Facilities by code, and by name; a member's own come before others of the same name."""

    def __init__(self, by: Member | None) -> None:
        self.by_code: dict[str, Place] = {}
        self.by_name: dict[str, list[Place]] = {}
        for place in Place.objects.filter(kind=PlaceKind.FACILITY).select_related("organisation"):
            self.by_code[place.code] = place
            self.by_name.setdefault(normalise(place.name), []).append(place)
        self.by = by

    def find(self, text: str) -> Place:
        """The facility of a code or name.

        Raises:
            Refused: none, or more than one, is called so.
        """
        if text in self.by_code:
            return self.by_code[text]
        found = self.by_name.get(normalise(text), [])
        if len(found) > 1 and self.by is not None:
            found = [place for place in found if rules.may_state_need(self.by, place)] or found
        if len(found) == 1:
            return found[0]
        if found:
            raise Refused(
                Problem(
                    _(
                        "%(count)d facilities are called “%(name)s”. "
                        "Write the code of one: %(codes)s."
                    )
                    % {
                        "count": len(found),
                        "name": text,
                        "codes": ", ".join(place.code for place in found[:5]),
                    },
                    "facility",
                    "facility_several",
                )
            )
        raise Refused(
            Problem(
                _("No facility is called “%(name)s”. Check the name, or write its code.")
                % {"name": text},
                "facility",
                "facility_unknown",
            )
        )
