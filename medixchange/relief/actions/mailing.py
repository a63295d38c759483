"""Mail to who answers for an organisation's goods, each in their own language.

Sent once the transaction holds (``transaction.on_commit``), so that nobody is told what never was.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.core.mail import send_mail
from django.utils import translation

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import rules


def people(organisations: Iterable[int]) -> list[Member]:
    """Who moves goods for any of these organisations (keys), once each."""
    return list(
        Member.objects.filter(
            memberships__organisation__in=organisations,
            memberships__role__in=rules.HANDLING,
            memberships__ended_at=None,
            is_active=True,
        )
        .order_by("pk")
        .distinct()
    )


@contextmanager
def writing_to(reader: Member) -> Iterator[str]:
    """What is written within is in the reader's language; gives its BCP 47 tag."""
    with translation.override(reader.interface_language):
        yield languages.get(translation.get_language() or "en").tag


def send(reader: Member, subject: str, paragraphs: Sequence[str]) -> None:
    """Send a letter of these paragraphs."""
    send_mail(subject, "\n\n".join(paragraphs), None, [reader.email])
