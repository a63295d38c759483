"""Who asks, and in which language they read. Each app's own ``access`` gets at its rows."""

from typing import cast

from django.http import HttpRequest
from django.utils.translation import get_language

from medixchange.core import languages
from medixchange.network.models import Member


def member(request: HttpRequest) -> Member | None:
    """Who is signed in, if anybody. Without a session cookie this costs nothing."""
    return request.user if isinstance(request.user, Member) else None


def signed_in(request: HttpRequest) -> Member:
    """As ``member`` in a view that requires sign-in."""
    return cast(Member, request.user)


def reading(request: HttpRequest) -> str:
    """The BCP 47 tag of the language content is shown in unless another is asked for: that of the
    interface."""
    return languages.get(get_language() or "en").tag
