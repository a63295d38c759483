"""Importing a donor's published list: what can be read becomes pledges, the rest a work list."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief import rules
from medixchange.relief.actions import giving
from medixchange.relief.actions.giving import Promised
from medixchange.relief.actions.importing.base import Done, Kept, Outcome, found, trial
from medixchange.relief.interchange import donations as lists
from medixchange.relief.interchange import tables
from medixchange.relief.interchange.base import Finding, at
from medixchange.relief.interchange.donations import DonationRow, Line
from medixchange.relief.interchange.donations import Outcome as ReadOutcome
from medixchange.relief.interchange.kinds import DONATIONS
from medixchange.relief.models import Item, Place, Pledge, PledgeLine, ToSettle
from medixchange.relief.queries.catalogue import known_names
from medixchange.relief.refusals import Problem, Refused


def import_donations(
    path: Path,
    *,
    donor: Place,
    announced_on: date,
    by: Member | None,
    source_url: str = "",
    is_example: bool = False,
    encoding: str | None = None,
    dry_run: bool = False,
) -> Done:
    """Put a published list of donations on record.

    Rows that say all there is to say become pledges, one for each set of countries. Rows that a
    person has to decide wait in the work list (``ToSettle``). The same file again adds nothing;
    rows that wait are read anew, and become pledges where they now can.

    Args:
        announced_on: the day the list was published.

    Raises:
        NotAllowed: as ``giving.add_pledge``.
        Refused: the date or the address cannot be right.
        Unreadable: it is no table, or no list of donations.
    """
    if by is not None and not giving.may_write(by, donor):
        raise rules.NotAllowed(
            _("Only logistics officers and coordinators of the donor may do this.")
        )
    Refused.if_any(giving.of_announcement(donor, announced_on, source_url))
    report = lists.read(path, known=known_names(), encoding=encoding)
    work = _Work(path, encoding, donor, announced_on, source_url, is_example, by)
    with trial(dry_run):
        for row in report.rows:
            work.take(row)
        work.make_pledges()
    rows = sorted(work.rows, key=lambda row: row.row)
    return Done("donations", path.name, tuple(rows), report.notes, dry_run)


@dataclass
class _Work:
    """One file while it is imported."""

    path: Path
    encoding: str | None
    donor: Place
    announced_on: date
    source_url: str
    is_example: bool
    by: Member | None
    rows: list[Kept] = field(default_factory=list)
    #: Rows to make pledges of, by the countries they are for.
    groups: dict[tuple[str, ...], list[DonationRow]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.path.read_bytes()).hexdigest()
        self.items = {item.code: item for item in Item.objects.filter(is_current=True)}
        self.waiting = {row.row: row for row in ToSettle.objects.filter(file_sha256=self.sha256)}
        self.imported = {
            int(key.split(":")[1])
            for key in PledgeLine.objects.filter(
                imported_from__startswith=f"{self.sha256}:"
            ).values_list("imported_from", flat=True)
        }
        table = tables.read(self.path, known=DONATIONS.known, encoding=self.encoding)
        self.texts = {row.number: " | ".join(row.cells) for row in table.rows}

    def take(self, row: DonationRow) -> None:
        """Decide what becomes of one row."""
        waits = self.waiting.get(row.row)
        if row.row in self.imported or (waits is not None and waits.settled_at is not None):
            self.rows.append(Kept(row.row, Outcome.SAME))
        elif row.outcome is ReadOutcome.REFUSED:
            self.rows.append(Kept(row.row, Outcome.REFUSED, "", row.reasons))
        else:
            reasons = (*row.reasons, *self._not_in_catalogue(row))
            if row.outcome is ReadOutcome.TAKEN and not reasons:
                self.groups.setdefault(row.lines[0].countries, []).append(row)
            else:
                self._let_wait(row, reasons, waits)

    def _not_in_catalogue(self, row: DonationRow) -> Iterator[Finding]:
        for code in dict.fromkeys(line.item for line in row.lines if line.item):
            if code not in self.items:
                yield Finding(
                    _("the catalogue has no item “%(code)s”.") % {"code": code},
                    at(row.row, "goods"),
                    _("Add it, and import the file again."),
                )

    def _let_wait(
        self, row: DonationRow, reasons: Sequence[Finding], waits: ToSettle | None
    ) -> None:
        told = [reason.as_json() for reason in reasons]
        lines = [line.as_json() for line in row.lines]
        if waits is None:
            made = ToSettle.objects.create(
                file_name=self.path.name[:200],
                file_sha256=self.sha256,
                row=row.row,
                text=self.texts.get(row.row, ""),
                reasons=told,
                lines=lines,
                donor=self.donor,
                announced_on=self.announced_on,
                source_url=self.source_url,
            )
            audit.record("donation.to_settle", made, by=self.by, row=row.row, file=self.path.name)
        else:
            waits.reasons, waits.lines = told, lines
            waits.save(update_fields=["reasons", "lines"])
        self.rows.append(Kept(row.row, Outcome.SETTLE, "", tuple(reasons)))

    def make_pledges(self) -> None:
        """One pledge for each set of countries of which rows were taken."""
        for rows in self.groups.values():
            lines = [
                self._promised(row, number, line)
                for row in rows
                for number, line in enumerate(row.lines)
            ]
            try:
                with transaction.atomic():
                    pledge = giving.add_pledge(
                        donor=self.donor,
                        announced_on=self.announced_on,
                        lines=lines,
                        source_url=self.source_url,
                        is_example=self.is_example,
                        by=self.by,
                    )
                    self._settled(rows, pledge)
            except Refused as refused:
                self.rows += [
                    Kept(row.row, Outcome.REFUSED, "", tuple(found(refused, row.row)))
                    for row in rows
                ]
            else:
                self.rows += [
                    Kept(row.row, Outcome.TAKEN, pledge.reference, row.notes) for row in rows
                ]

    def _promised(self, row: DonationRow, number: int, line: Line) -> Promised:
        return Promised(
            self.items[line.item or ""],
            line.quantity or 0,
            dict.fromkeys(line.countries),
            recipient_as_published="; ".join(line.recipients)[:400],
            progress_as_published=line.state_text[:200],
            where=at(row.row),
            imported_from=f"{self.sha256}:{row.row}:{number}",
        )

    def _settled(self, rows: Sequence[DonationRow], pledge: Pledge) -> None:
        """Take rows that waited, and can be read now, off the work list."""
        for row in rows:
            waits = self.waiting.get(row.row)
            if waits is not None:
                _close(waits, pledge, "", self.by)


@transaction.atomic
def settle(
    *,
    row: ToSettle,
    lines: Sequence[Promised],
    by: Member | None,
    pledge: Pledge | None = None,
) -> Pledge:
    """Make a pledge of a row that waited, as a person has decided it.

    Args:
        pledge: an open pledge of the same donor to add the lines to; else a new one is made.

    Raises:
        NotAllowed: as ``giving.add_pledge``.
        Refused: it is settled already, the pledge is another donor's, or a line cannot be right.
    """
    row = _locked(row)
    _require(row, by)
    if pledge is None:
        pledge = giving.add_pledge(
            donor=row.donor,
            announced_on=row.announced_on,
            lines=lines,
            source_url=row.source_url,
            by=by,
        )
    else:
        if pledge.donor_id != row.donor_id:
            raise Refused(
                Problem(
                    _("%(reference)s is a pledge of another donor.")
                    % {"reference": pledge.reference},
                    "pledge",
                    "other_donor",
                )
            )
        if not lines:
            raise Refused(Problem(_("Say what is promised: at least one line."), "lines", "empty"))
        for line in lines:
            giving.add_line(pledge=pledge, line=line, by=by)
    _close(row, pledge, "", by)
    return pledge


@transaction.atomic
def set_aside(*, row: ToSettle, reason: str, by: Member | None) -> None:
    """Decide that a row that waited is no pledge.

    Raises:
        NotAllowed: as ``giving.add_pledge``.
        Refused: no reason is given, or it is settled already.
    """
    row = _locked(row)
    _require(row, by)
    if not reason.strip():
        raise Refused(Problem(_("Say why."), "reason", "reason_missing"))
    _close(row, None, reason.strip(), by)


def _require(row: ToSettle, by: Member | None) -> None:
    if by is not None and not giving.may_write(by, row.donor):
        raise rules.NotAllowed(
            _("Only logistics officers and coordinators of the donor may do this.")
        )
    if row.settled_at is not None:
        raise Refused(_("Somebody has settled this row already. Load the page again."))


def _close(row: ToSettle, pledge: Pledge | None, reason: str, by: Member | None) -> None:
    row.settled_at, row.settled_by = timezone.now(), by
    row.pledge, row.set_aside = pledge, reason
    row.save(update_fields=["settled_at", "settled_by", "pledge", "set_aside"])
    audit.record(
        "donation.settled" if pledge else "donation.set_aside",
        row,
        by=by,
        pledge=pledge.reference if pledge else "",
        reason=reason,
    )


def _locked(row: ToSettle) -> ToSettle:
    return (
        ToSettle.objects.select_for_update(of=("self",))
        .select_related("donor__organisation", "donor__parent")
        .get(pk=row.pk)
    )
