"""Pledges: promising goods, accepting a promise, saying what is for whom, and how it ended."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit, countries
from medixchange.network.models import Kind, Member
from medixchange.relief import rules, states, texts
from medixchange.relief.actions.ledger import LARGEST
from medixchange.relief.actions.numbering import next_reference
from medixchange.relief.models import Item, Place, PlaceKind, Pledge, PledgeLine, PledgeSplit
from medixchange.relief.queries import giving as queries
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import PledgeState

#: A pledge that goods may still be added to or sent for.
OPEN = (PledgeState.ANNOUNCED, PledgeState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Promised:
    """One line of a pledge, to be added.

    Attributes:
        quantity: in the item's base unit.
        countries: ISO 3166-1 codes, each with its part; None while the split is open.
        region: the words of the publication where they name a region and no countries.
        recipient_as_published, progress_as_published: claims of the publication.
        where: the line of the form or file, for refusals.
        imported_from: the place in a file it was read from; no two lines have the same.
    """

    item: Item
    quantity: int
    countries: Mapping[str, int | None] = field(default_factory=dict)
    region: str = ""
    recipient_as_published: str = ""
    progress_as_published: str = ""
    where: str = ""
    imported_from: str = ""


@transaction.atomic
def add_pledge(
    *,
    donor: Place,
    announced_on: date,
    lines: Sequence[Promised],
    by: Member | None,
    source_url: str = "",
    note: str = "",
    note_language: str = "",
    is_example: bool = False,
) -> Pledge:
    """Put a donor's promise on record. ``by=None`` is the operator.

    Raises:
        NotAllowed: the member neither handles goods of the donor nor is platform staff.
        Refused: with a problem for each line, country or date that cannot be right.
    """
    _require_donor(by, donor)
    problems = [*_of_lines(lines), *of_announcement(donor, announced_on, source_url)]
    if not lines:
        problems.append(Problem(_("Say what is promised: at least one line."), "lines", "empty"))
    Refused.if_any(problems)
    pledge = Pledge.objects.create(
        reference=next_reference("P"),
        donor=donor,
        announced_on=announced_on,
        source_url=source_url,
        note=note.strip(),
        note_language=note_language,
        is_example=is_example,
        created_by=by,
    )
    texts.keep(note.strip(), note_language)
    for line in lines:
        _keep_line(pledge, line)
    audit.record(
        "pledge.added", pledge, by=by, reference=pledge.reference, lines=[*map(_told, lines)]
    )
    return pledge


@transaction.atomic
def add_line(*, pledge: Pledge, line: Promised, by: Member | None) -> PledgeLine:
    """Add to a promise that is still open.

    Raises:
        NotAllowed, Refused: the pledge has ended, or the line cannot be right.
    """
    pledge = _locked(pledge)
    _require_donor(by, pledge.donor)
    _require_open(pledge)
    Refused.if_any(_of_lines([line]))
    row = _keep_line(pledge, line)
    audit.record("pledge.line_added", pledge, by=by, line=row.pk, **_told(line))
    return row


@transaction.atomic
def confirm(*, pledge: Pledge, by: Member | None) -> Pledge:
    """The receiving side accepts a promise.

    Raises:
        NotAllowed: the member is no logistics officer or coordinator of a verified agency of a
            country the pledge names.
        TransitionRefused: it is confirmed already, or has ended.
    """
    pledge = _locked(pledge)
    if by is not None and not may_confirm(by, pledge):
        raise rules.NotAllowed(
            _(
                "Only logistics officers and coordinators of a national agency of a country named "
                "in the pledge may confirm it."
            )
        )
    states.move_on(pledge, PledgeState.CONFIRMED)
    audit.record("pledge.confirmed", pledge, by=by)
    return pledge


@transaction.atomic
def settle_split(
    *, line: PledgeLine, quantities: Mapping[str, int | None], reason: str, by: Member | None
) -> None:
    """Say how much of a line is for which country, as far as it has become known.

    Countries that are not given stay as they are; a new one is added; None makes it open again.
    What was before is kept in the audit trail and shown as history.

    Args:
        quantities: base units by ISO 3166-1 code.
        reason: where this is known from.

    Raises:
        NotAllowed: as ``add_pledge``.
        Refused: a code is no country, the parts exceed the line, no reason, or the pledge was
            withdrawn.
    """
    pledge = _locked(line.pledge)
    _require_donor(by, pledge.donor)
    if pledge.state == PledgeState.WITHDRAWN:
        raise Refused(_("%(reference)s was withdrawn.") % {"reference": pledge.reference})
    problems = [*_of_countries(quantities, "split")]
    if not reason.strip():
        problems.append(Problem(_("Say where this is known from."), "reason", "reason_missing"))
    Refused.if_any(problems)
    given = _by_code(quantities)
    rows = {row.country: row for row in PledgeSplit.objects.filter(line=line)}
    before = {code: row.quantity for code, row in rows.items()}
    after = before | given
    Refused.if_any(_of_sum(after, line.quantity, "split"))
    if after == before:
        raise Refused(_("Nothing is changed by this."))
    for code, quantity in given.items():
        row = rows.get(code) or PledgeSplit(line=line, country=code)
        row.quantity = quantity
        row.save()
    audit.record(
        "pledge.split_settled",
        pledge,
        by=by,
        line=line.pk,
        item=line.item.code,
        before=before,
        after=after,
        reason=reason.strip(),
    )
    follow(pledge=pledge, by=by)


@transaction.atomic
def close(*, pledge: Pledge, reason: str, by: Member | None) -> Pledge:
    """The donor will send no more, though not all was sent. Raises as ``withdraw``."""
    return _end(pledge, PledgeState.CLOSED, "pledge.closed", reason, by)


@transaction.atomic
def withdraw(*, pledge: Pledge, reason: str, by: Member | None) -> Pledge:
    """Take a promise back, of which nothing was sent.

    Raises:
        NotAllowed: as ``add_pledge``.
        Refused: no reason, or some of it was sent; TransitionRefused: it has ended.
    """
    pledge = _locked(pledge)
    _require_donor(by, pledge.donor)
    if any(moved.shipped for moved in queries.moved([pledge])[pledge.pk]):
        raise Refused(
            _("Some of it was sent. Close the pledge short instead, so that the rest is told.")
        )
    return _end(pledge, PledgeState.WITHDRAWN, "pledge.withdrawn", reason, by)


@transaction.atomic
def follow(*, pledge: Pledge, by: Member | None) -> Pledge:
    """Bring a pledge's state in line with what was sent for it: fulfilled once all of it was, and
    open again when a dispatch was taken back. Called where goods are dispatched."""
    pledge = _locked(pledge)
    sent = queries.is_all_sent(pledge)
    if sent and pledge.state in OPEN:
        states.move_on(pledge, PledgeState.FULFILLED)
        audit.record("pledge.fulfilled", pledge, by=by)
    elif not sent and pledge.state == PledgeState.FULFILLED:
        states.move_on(pledge, PledgeState.CONFIRMED)
        audit.record("pledge.reopened", pledge, by=by)
    return pledge


def of_announcement(donor: Place, announced_on: date, source_url: str) -> Iterator[Problem]:
    """What cannot be right of who promised, when, and where it was published."""
    if donor.kind != PlaceKind.DONOR:
        yield Problem(
            _("%(place)s is no donor account. Choose a donor.") % {"place": donor},
            "donor",
            "not_a_donor",
        )
    # A day may have begun already where the donor is.
    if announced_on > timezone.now().date() + timedelta(days=1):
        yield Problem(
            _("The day of the announcement is still to come. Check the date."),
            "announced_on",
            "future",
        )
    if source_url:
        try:
            URLValidator(schemes=["http", "https"])(source_url)
        except ValidationError:
            yield Problem(
                _("“%(url)s” is no web address. It begins with https://.") % {"url": source_url},
                "source_url",
                "url",
            )


def may_write(member: Member | None, donor: Place) -> bool:
    """Put a donor's promises on record: its own people, and platform staff for what was
    published."""
    return rules.may_pledge(member, donor) or rules.is_staff(member)


def may_confirm(member: Member | None, pledge: Pledge) -> bool:
    """Accept a promise: who handles goods for a verified agency of a country it names."""
    if member is None:
        return False
    named = set(PledgeSplit.objects.filter(line__pledge=pledge).values_list("country", flat=True))
    return any(
        held.role in rules.HANDLING
        and held.organisation.is_verified
        and held.organisation.kind == Kind.AGENCY
        and held.organisation.country in named
        for held in member.current_memberships
    )


def _require_donor(by: Member | None, donor: Place) -> None:
    if by is not None and not may_write(by, donor):
        raise rules.NotAllowed(
            _("Only logistics officers and coordinators of the donor may do this.")
        )


def _require_open(pledge: Pledge) -> None:
    if pledge.state not in OPEN:
        raise Refused(
            _("%(reference)s is “%(state)s” and takes no more lines. Make a new pledge.")
            % {"reference": pledge.reference, "state": pledge.get_state_display()}
        )


def _end(pledge: Pledge, state: PledgeState, action: str, reason: str, by: Member | None) -> Pledge:
    pledge = _locked(pledge)
    _require_donor(by, pledge.donor)
    if not reason.strip():
        raise Refused(Problem(_("Say why."), "reason", "reason_missing"))
    states.move_on(pledge, state)
    audit.record(action, pledge, by=by, reason=reason.strip())
    return pledge


def _keep_line(pledge: Pledge, line: Promised) -> PledgeLine:
    row = PledgeLine.objects.create(
        pledge=pledge,
        item=line.item,
        quantity=line.quantity,
        region=line.region.strip(),
        recipient_as_published=line.recipient_as_published.strip(),
        progress_as_published=line.progress_as_published.strip(),
        imported_from=line.imported_from,
    )
    PledgeSplit.objects.bulk_create(
        [
            PledgeSplit(line=row, country=code, quantity=quantity)
            for code, quantity in _by_code(line.countries).items()
        ]
    )
    return row


def _told(line: Promised) -> dict[str, object]:
    """A line for the audit trail."""
    return {
        "item": line.item.code,
        "quantity": line.quantity,
        "countries": _by_code(line.countries),
        "region": line.region,
    }


def _by_code(quantities: Mapping[str, int | None]) -> dict[str, int | None]:
    return {countries.get(code).alpha2: quantity for code, quantity in quantities.items()}


def _of_lines(lines: Sequence[Promised]) -> Iterator[Problem]:
    for number, line in enumerate(lines):
        where = line.where or f"lines.{number}"
        if not 0 < line.quantity <= LARGEST:
            yield Problem(
                _("%(quantity)d cannot be promised. Give a number from 1 to %(largest)d.")
                % {"quantity": line.quantity, "largest": LARGEST},
                f"{where}.quantity",
                "quantity",
            )
        if not line.item.is_current:
            yield Problem(
                _("%(item)s is retired. Choose another item.") % {"item": line.item},
                f"{where}.item",
                "retired",
            )
        if not line.countries and not line.region.strip():
            yield Problem(
                _("Say for which countries it is, or the region as published."),
                f"{where}.countries",
                "nobody",
            )
        wrong = [*_of_countries(line.countries, f"{where}.countries")]
        yield from wrong
        if not wrong and line.quantity > 0:
            yield from _of_sum(_by_code(line.countries), line.quantity, f"{where}.countries")
        for value, limit, name in (
            (line.region, 100, "region"),
            (line.recipient_as_published, 400, "recipient_as_published"),
            (line.progress_as_published, 200, "progress_as_published"),
        ):
            if len(value.strip()) > limit:
                yield Problem(
                    _("This is longer than %(limit)d characters.") % {"limit": limit},
                    f"{where}.{name}",
                    "long",
                )


def _of_countries(quantities: Mapping[str, int | None], where: str) -> Iterator[Problem]:
    found: Counter[str] = Counter()
    for code, quantity in quantities.items():
        try:
            found[countries.get(code).alpha2] += 1
        except countries.UnknownCountry as unknown:
            yield Problem(str(unknown), where, "country")
        if quantity is not None and quantity < 0:
            yield Problem(_("A part cannot be less than nothing."), where, "quantity")
    for code, times in found.items():
        if times > 1:
            yield Problem(
                _("%(country)s is named twice.") % {"country": countries.get(code).name()},
                where,
                "twice",
            )


def _of_sum(parts: Mapping[str, int | None], quantity: int, where: str) -> Iterator[Problem]:
    known = sum(part for part in parts.values() if part is not None)
    if known > quantity:
        yield Problem(
            _("The parts come to %(sum)d, and the line promises %(quantity)d.")
            % {"sum": known, "quantity": quantity},
            where,
            "over",
        )


def _locked(pledge: Pledge) -> Pledge:
    """The row as it is now, held until the end of the transaction."""
    return (
        Pledge.objects.select_for_update(of=("self",))
        .select_related("donor__organisation", "donor__parent")
        .get(pk=pledge.pk)
    )
