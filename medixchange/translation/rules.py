"""Who may do what to a translation. In which state it may be done: ``states``."""

from django.core.exceptions import PermissionDenied

from medixchange.core import languages
from medixchange.network.models import Member, Role
from medixchange.translation.models import Translation


class NotAllowed(PermissionDenied):
    """A member asked for something their roles do not give; ``str()`` says it to them.

    Django answers it with the 403 page, which shows the text.
    """


def reads(member: Member, tag: str) -> bool:
    """Whether the member says they read a language; a region of it counts as the language."""
    base = languages.get(tag).base
    return any(languages.get(known).base == base for known in member.reads)


def may_translate(member: Member, *, source: str, target: str) -> bool:
    """A translator, reviewer or clinician of a verified organisation who reads both languages."""
    working = {Role.TRANSLATOR, Role.REVIEWER, Role.CLINICIAN}
    return bool(working & member.roles()) and reads(member, source) and reads(member, target)


def may_review(member: Member, translation: Translation) -> bool:
    """A language reviewer of a verified organisation, never of their own wording."""
    return (
        Role.REVIEWER in member.roles()
        and translation.author_id != member.pk
        and reads(member, translation.segment.language)
        and reads(member, translation.language)
    )


def may_sign(member: Member, *, source: str, target: str) -> bool:
    """A clinician of a verified organisation who reads both languages."""
    return Role.CLINICIAN in member.roles() and reads(member, source) and reads(member, target)


def may_approve(member: Member, translation: Translation) -> bool:
    """As ``may_sign``, and never for their own wording: four eyes see every approved sentence."""
    return translation.author_id != member.pk and may_sign(
        member, source=translation.segment.language, target=translation.language
    )


def may_return(member: Member, translation: Translation) -> bool:
    """Who may review or approve it may send it back."""
    return may_review(member, translation) or may_approve(member, translation)
