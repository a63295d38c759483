"""Noting what nobody has answered, without noting who asked.

Only words are kept, with digits masked, and never a text that may tell of a person: whatever looks
like an address, a telephone or a record number is left out, and what is longer than a question is
not kept at all.
"""

import logging
import re
import unicodedata
from datetime import date, datetime, timedelta

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.search import rules
from medixchange.search.models import Missed

#: A question is not longer than this; what is, such as a patient's history pasted in, is not kept.
MOST_WORDS, LONGEST = 12, 100
#: How long rows are kept.
KEPT = timedelta(days=365)
#: Of an editor's reason.
LONGEST_REASON = 300

# Written with spaces, dots or dashes, a telephone number or a date is one thing. "(at)" is an
# address that hides from programs.
_NUMBER = re.compile(r"[+(]*\d(?:[\s().,/\\–—-]{0,3}\d){4,}")
_ADDRESS = re.compile(r"\S*(?:@|://)\S*|\S*\s?[(\[]at[)\]]\s?\S*|\bwww\.\S+")
_DIGIT = re.compile(r"\d")


class Refused(ValueError):
    """A mark that cannot be set; ``str()`` tells the person why and what to do."""


def kept(text: str) -> str:
    """What may be kept of a question: its words in small letters, without punctuation around them,
    every digit a ``#``. Empty where nothing may."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _NUMBER.sub(" ", _ADDRESS.sub(" ", text))
    words = [word for word in map(_bare, text.split()) if word and not _is_record(word)]
    told = " ".join(_DIGIT.sub("#", word) for word in words)
    if len(words) > MOST_WORDS or len(told) > LONGEST or not any(c.isalpha() for c in told):
        return ""
    return told


def _bare(word: str) -> str:
    """A word without the punctuation, signs and control characters around it."""
    inside = [at for at, char in enumerate(word) if unicodedata.category(char)[0] in "LMN"]
    return word[inside[0] : inside[-1] + 1] if inside else ""


def _is_record(word: str) -> bool:
    """Whether a word looks like a number that stands for somebody: four digits, or letters and
    three of them. "H5N1" and "COVID-19" do not."""
    digits = len(_DIGIT.findall(word))
    return digits >= 4 or (digits == 3 and any(char.isalpha() for char in word))


def note(*, text: str, language: str, by: Member | None, told: bool = False) -> bool:
    """Count a search that found no good answer. ``by`` gives the country and is not kept.

    Args:
        text: as it was asked.
        language: BCP 47 tag of the language it was asked in.
        told: the asker wants the editors to be told; counted beside the searches.

    Returns:
        Whether anything of it may be kept.
    """
    words = kept(text)
    if not words:
        return False
    place = {
        "words": words,
        "language": language,
        "country": rules.country_of(by),
        "week": monday(timezone.now()),
    }
    field = "told" if told else "searches"
    if not _count(place, field):
        try:
            with transaction.atomic():
                Missed.objects.create(**place, **{field: 1})
        except IntegrityError:  # another request was first
            _count(place, field)
    return True


def _count(place: dict[str, object], field: str) -> bool:
    rows = Missed.objects.filter(**place, done_at=None)
    return bool(rows.update(**{field: F(field) + 1}))


def note_quietly(*, text: str, language: str, by: Member | None) -> None:
    """As ``note``, for a page that must be shown whatever becomes of the count."""
    try:
        with transaction.atomic():
            note(text=text, language=language, by=by)
    except DatabaseError:
        logging.getLogger(__name__).warning("a search without an answer was not counted")


def monday(at: datetime) -> date:
    """The Monday of the week a moment lies in, by UTC."""
    day = at.astimezone(tz=timezone.get_default_timezone()).date()
    return day - timedelta(days=day.weekday())


@transaction.atomic
def mark_done(*, words: str, language: str, reason: str, by: Member) -> int:
    """An editor has seen to it: all open rows of these words are closed.

    Args:
        words, language: as the list shows them.
        reason: what was done, such as the guideline that answers it now.

    Returns:
        How many rows were closed.

    Raises:
        NotAllowed: they are no editor. Refused: no reason is given, or it is too long.
    """
    if not rules.may_edit(by):
        raise rules.NotAllowed
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Say what was done, or why nothing needs to be."))
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("The reason is longer than %(most)d characters.") % {"most": LONGEST_REASON}
        )
    rows = Missed.objects.filter(words=words, language=language, done_at=None)
    closed = rows.update(done_at=timezone.now(), done_by=by, done_reason=reason)
    if closed:
        audit.record(
            "missed.done", "search.missed", by=by, words=words, language=language, reason=reason
        )
    return closed


def forget(now: datetime) -> int:
    """Delete what is older than a year; gives how many rows."""
    deleted, _by_model = Missed.objects.filter(week__lt=monday(now - KEPT)).delete()
    return deleted
