"""Tells the audit trail where a request came from."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from medixchange.core import audit


class RequestOrigin:
    """Sets ``audit.origin`` for the length of a request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with audit.origin(f"web {client_address(request)}"):
            return self.get_response(request)


def client_address(request: HttpRequest) -> str:
    """The visitor's IP address.

    ``X-Forwarded-For`` is believed only as far as ``MEDIXCHANGE_PROXIES`` proxies of the operator's
    own stand before us: anybody may write the entries further left.
    """
    if settings.PROXIES:
        chain = request.headers.get("X-Forwarded-For", "").split(",")
        if len(chain) >= settings.PROXIES:
            return chain[-settings.PROXIES].strip()
    return str(request.META.get("REMOTE_ADDR", ""))
