"""The site's error pages, in the reader's language: what happened, what is safe, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.translation import gettext as _


def _error(request: HttpRequest, status: int, heading: str, what: str, next_: str) -> HttpResponse:
    context = {"heading": heading, "what": what, "next": next_}
    return render(request, "core/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        400,
        _("This request cannot be read"),
        _("Something in the address or the form was not as it should be. Nothing was changed."),
        _("Go back, load the page again, and try once more."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    said = str(exception) if exception and str(exception) else ""
    return _error(
        request,
        403,
        _("You may not do this"),
        said or _("Your roles do not let you open this page. Nothing was changed."),
        _("If you should be able to, ask the coordinator of your organisation for the role."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request,
        403,
        _("The form is too old"),
        _("For your safety the form was not taken, because it was opened in another session."),
        _("Go back, load the page again, and send it once more. Copy long texts first."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(
        request,
        404,
        _("There is no such page"),
        _("The address may be old or mistyped, or the page is not open to you."),
        _("Look for it from the start page, or sign in if you have an account."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    heading = _("Something broke on our side")
    what = _("The error was recorded. What was saved before is safe.")
    next_ = _("Try again in a minute. If it stays, tell the operator of this site.")
    try:
        return _error(request, 500, heading, what, next_)
    except Exception:
        # What broke may be what every page needs; then the words go out bare.
        return HttpResponse(
            format_html("<!doctype html><h1>{}</h1><p>{}</p><p>{}</p>", heading, what, next_),
            status=500,
        )
