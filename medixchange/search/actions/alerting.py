"""Mails about new answers to saved searches.

A mail goes through three transactions. In the first the new places are noted as told, together with
the mail that will tell them, so no two mails tell the same and none is forgotten. In the second the
mail is taken in hand. Only then it is given to the mail server, and in the third it is noted as
sent. A program that ends between the last two cannot know whether the server has it: such a mail is
not sent again, and what it told stands once more in the next one, under words that say so.

Texts are made when a mail is sent, from what its reader may see at that moment.
"""

import logging
import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from medixchange.core import searchable
from medixchange.search import following, rules, telling
from medixchange.search.actions import saving
from medixchange.search.models import Alert, AlertState, Every, SavedSearch, Told
from medixchange.search.queries import Hit

#: A saved search that has found nothing new is looked at again after this.
AGAIN = timedelta(hours=1)
#: A mail in hand for longer than this was left behind by a program that ended.
ABANDONED = timedelta(minutes=15)
#: Seconds that the mail server may take to answer.
TIMEOUT = 30
#: Answers in one mail; what is new beyond these is told in the next.
MOST = 20
#: After the mail server has refused, it is tried again after 10 minutes, 20, 40, and so on.
_PAUSE, _LONGEST_PAUSE = timedelta(minutes=10), timedelta(hours=12)

_log = logging.getLogger(__name__)


def send_due(now: datetime) -> int:
    """Make and send all mails that are due. May run in several programs at once.

    Returns:
        How many mails were given to the mail server.
    """
    _give_up_abandoned(timezone.now())
    due = SavedSearch.objects.filter(due_at__lte=now, member__is_active=True)
    for pk in list(due.exclude(every=Every.NEVER).order_by("due_at").values_list("pk", flat=True)):
        prepare(pk, now)
    waiting = Alert.objects.filter(state=AlertState.WAITING, try_at__lte=now)
    keys = list(waiting.order_by("try_at", "pk").values_list("pk", flat=True))
    return _send_all(keys, now) if keys else 0


def prepare(pk: int, now: datetime) -> Alert | None:
    """Note what is new to a saved search, by key, and the mail that will tell it.

    Returns:
        The mail; none where nothing is new, or another program was first.
    """
    saved = SavedSearch.objects.select_related("member").filter(pk=pk).first()
    if saved is None:
        return None
    # Outside of the transaction, which would keep others from writing while the index answers.
    found = following.answers(following.wanted(saved), saved.member)
    with transaction.atomic():
        row = (
            SavedSearch.objects.select_for_update(of=("self",))
            .filter(pk=pk, due_at__lte=now)
            .exclude(every=Every.NEVER)
            .first()
        )
        return _alert(row, found, now) if row is not None else None


def _alert(saved: SavedSearch, found: Sequence[Hit], now: datetime) -> Alert | None:
    if saved.alerts.filter(state__in=(AlertState.WAITING, AlertState.HANDING)).exists():
        return None
    told = set(saved.told.values_list("kind", "place"))
    new = [hit for hit in found if (hit.kind, hit.place) not in told][:MOST]
    again = Told.objects.filter(saved=saved, alert__state=AlertState.UNSURE)
    if not new and not again.exists():
        saved.due_at = now + AGAIN
        saved.save(update_fields=["due_at"])
        return None
    alert = Alert.objects.create(saved=saved, made_at=now, try_at=now)
    again.update(alert=alert, again=True)
    Told.objects.bulk_create(
        [
            Told(saved=saved, kind=hit.kind, place=hit.place, alert=alert, position=at)
            for at, hit in enumerate(new)
        ]
    )
    saved.due_at = saving.next_due(now, Every(saved.every))
    saved.save(update_fields=["due_at"])
    return alert


def _give_up_abandoned(now: datetime) -> None:
    left = Alert.objects.filter(state=AlertState.HANDING, handed_at__lte=now - ABANDONED)
    if left.update(state=AlertState.UNSURE):
        _log.warning("a mail of a saved search was left in hand; its answers are told again")


def _send_all(keys: Sequence[int], now: datetime) -> int:
    """Send these mails over one connection."""
    connection = get_connection(timeout=TIMEOUT)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _log.warning("the mail server does not answer: %s", error)
        for pk in keys:
            _put_off(Alert.objects.get(pk=pk), now)
        return 0
    try:
        return sum(send(pk, now, connection) for pk in keys)
    finally:
        connection.close()


def send(pk: int, now: datetime, connection: BaseEmailBackend) -> bool:
    """Send one waiting mail, by key; gives whether it was given to the mail server."""
    # Whoever changes the state has it in hand.
    if not Alert.objects.filter(pk=pk, state=AlertState.WAITING).update(
        state=AlertState.HANDING, handed_at=timezone.now()
    ):
        return False
    alert = Alert.objects.select_related("saved__member").get(pk=pk)
    message = _message(alert)
    if message is None:
        _now(alert, AlertState.DROPPED)
        return False
    message.connection = connection
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        # The server has said no: it does not have the mail.
        _log.warning("the mail server has refused a mail: %s", error)
        _put_off(alert, now)
        return False
    except (OSError, smtplib.SMTPException) as error:
        # The line broke: the server may have it.
        _log.warning("a mail may or may not have been sent: %s", error)
        _now(alert, AlertState.UNSURE)
        return False
    _now(alert, AlertState.SENT)
    return True


def _now(alert: Alert, state: AlertState) -> None:
    Alert.objects.filter(pk=alert.pk).update(state=state)


def _put_off(alert: Alert, now: datetime) -> None:
    pause = min(_LONGEST_PAUSE, _PAUSE * 2 ** min(alert.tries, 10))
    Alert.objects.filter(pk=alert.pk).update(
        state=AlertState.WAITING, tries=alert.tries + 1, try_at=now + pause
    )


def _message(alert: Alert) -> EmailMessage | None:
    """The mail in its reader's language; none where they may read nothing of it any more, or want
    no more mail."""
    saved, reader = alert.saved, alert.saved.member
    if saved.every == Every.NEVER or not reader.is_active:
        return None
    with translation.override(reader.interface_language):
        told = list(alert.told.all())
        new = _answers(saved, [row for row in told if not row.again])
        again = _answers(saved, [row for row in told if row.again])
        if not new and not again:
            return None
        asked = following.wanted(saved)
        stop = settings.ORIGIN + reverse("search_stop", args=[saving.stop_token(saved)])
        text = render_to_string(
            "search/alert.txt",
            {
                "question": asked.text,
                "origin": settings.ORIGIN,
                "new": new,
                "again": again,
                "asked": saved.asked,
                "saved": reverse("search_saved"),
                "stop": stop,
            },
        )
        return EmailMessage(
            _("New answers: %(question)s") % {"question": asked.text},
            text,
            None,
            [reader.email],
            headers={
                "Message-ID": f"<search-{alert.pk}@{urlsplit(settings.ORIGIN).hostname}>",
                # RFC 3834 and RFC 8058: nobody answers it, and a mail program can end it.
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )


def _answers(saved: SavedSearch, told: Sequence[Told]) -> list[telling.Answer]:
    """What the reader may see of these places now, in the order in which they were found."""
    keys = ((row.kind, row.place) for row in told)
    cards = searchable.cards_of(keys, saved.language, saved.member)
    country = rules.country_of(saved.member)
    return [
        telling.answer(
            Hit(row.kind, row.place, cards[row.kind, row.place], (), "", saved.language, 0),
            saved.language,
            country,
        )
        for row in told
        if (row.kind, row.place) in cards
    ]
