"""Saved searches: keeping one, how often it writes, the address of its feed, taking it away.

They are a member's own notes: nobody else sees them, and they leave no line in the audit trail.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.network.models import Member
from medixchange.search import asking, following, rules
from medixchange.search.models import Every, SavedSearch, Told
from medixchange.search.queries import Hit, Wanted

#: Of one member.
MOST = 50
#: Time from one mail to the next.
PERIOD = {Every.DAY: timedelta(days=1), Every.WEEK: timedelta(weeks=1)}
# A signed name cannot be guessed, and nothing that opens a feed is kept in the database.
_FEED = signing.Signer(sep=".", salt="medixchange.search.feed")
_STOP = signing.Signer(sep=".", salt="medixchange.search.stop")


class Refused(ValueError):
    """A search that cannot be saved; ``str()`` tells the person why and what to do."""


def save(*, wanted: Wanted, every: Every, by: Member) -> SavedSearch:
    """Keep a search. What it finds now is taken as known; from now on it tells what is new.

    Saved a second time, the same search only changes how often it writes.

    Raises:
        Refused: nothing is asked, or the member has saved too many.
    """
    if not wanted.text:
        raise Refused(_("There is nothing to save yet. Write what you look for."))
    asked = asking.address(replace(wanted, page=1), home=wanted.language)
    # Outside of the transaction, which would keep others from writing while the index answers.
    known = following.known(wanted, by)
    with transaction.atomic():
        # Two requests at once follow one another here.
        Member.objects.select_for_update(of=("self",)).get(pk=by.pk)
        own = SavedSearch.objects.filter(member=by)
        same = own.filter(asked=asked, language=wanted.language).first()
        if same is not None:
            change(saved=same, every=every, by=by)
            return same
        if own.count() >= MOST:
            raise Refused(
                _("You have saved %(most)d searches, which is the most. Take one away first.")
                % {"most": MOST}
            )
        saved = SavedSearch.objects.create(
            member=by,
            asked=asked,
            language=wanted.language,
            every=every,
            due_at=timezone.now(),
        )
        _keep_as_told(saved, known)
        return saved


def change(*, saved: SavedSearch, every: Every, by: Member) -> None:
    """Change how often a saved search writes. What came while it wrote no mail is taken as known.

    Raises:
        NotAllowed: it is somebody else's.
    """
    known = following.known(following.wanted(saved), by) if saved.every == Every.NEVER else []
    with transaction.atomic():
        row = _own(saved, by)
        if row.every == every:
            return
        if row.every == Every.NEVER:
            _keep_as_told(row, known)
        last = row.alerts.order_by("-made_at").first()
        row.every = every
        row.due_at = timezone.now()
        if last is not None and every != Every.NEVER:
            row.due_at = max(row.due_at, next_due(last.made_at, every))
        row.save(update_fields=["every", "due_at"])


def _keep_as_told(saved: SavedSearch, hits: list[Hit]) -> None:
    """Take answers as known to a saved search."""
    Told.objects.bulk_create(
        [Told(saved=saved, kind=hit.kind, place=hit.place) for hit in hits], ignore_conflicts=True
    )


@transaction.atomic
def stop(*, saved: SavedSearch) -> None:
    """Write no more mail; asked for by whoever holds a link out of one of its mails."""
    SavedSearch.objects.filter(pk=saved.pk).update(every=Every.NEVER)


@transaction.atomic
def renew_feed(*, saved: SavedSearch, by: Member) -> None:
    """Give its feed a new address; the old one ends.

    Raises:
        NotAllowed: it is somebody else's.
    """
    row = _own(saved, by)
    row.feed_number += 1
    row.save(update_fields=["feed_number"])


@transaction.atomic
def remove(*, saved: SavedSearch, by: Member) -> None:
    """Take a saved search away, with its feed.

    Raises:
        NotAllowed: it is somebody else's.
    """
    _own(saved, by).delete()


def _own(saved: SavedSearch, by: Member) -> SavedSearch:
    row = SavedSearch.objects.select_for_update(of=("self",)).get(pk=saved.pk)
    if row.member_id != by.pk:
        raise rules.NotAllowed
    return row


def feed_token(saved: SavedSearch) -> str:
    """What opens its feed without signing in."""
    return _FEED.sign_object([saved.pk, saved.feed_number])


def of_feed_token(token: str) -> SavedSearch | None:
    """The saved search whose feed a token opens; none for a made-up or renewed one, or where its
    member may not sign in any more."""
    try:
        pk, number = _FEED.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return (
        SavedSearch.objects.filter(pk=pk, feed_number=number, member__is_active=True)
        .select_related("member")
        .first()
    )


def stop_token(saved: SavedSearch) -> str:
    """What stops its mails without signing in."""
    return _STOP.sign_object([saved.pk])


def of_stop_token(token: str) -> SavedSearch | None:
    """The saved search whose mails a token stops; none for a made-up one, or one taken away."""
    try:
        (pk,) = _STOP.unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return SavedSearch.objects.filter(pk=pk).select_related("member").first()


def next_due(now: datetime, every: Every) -> datetime:
    """When a saved search that writes now may write again."""
    return now + PERIOD[every]
