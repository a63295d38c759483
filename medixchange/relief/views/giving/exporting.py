"""Everything as files: CSV, XLSX and JSON, with HXL hashtags."""

from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from medixchange.relief import access
from medixchange.relief.exports import FORMATS, TABLES, Asker, every, stream
from medixchange.relief.iati import NotConfigured, activities, reporter

#: Rows of a workbook that a page request may wait for; the other formats are streamed.
MOST_IN_A_WORKBOOK = 20_000


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be had as a file."""
    asker = _asker(request)
    return render(
        request,
        "relief/giving/exports.html",
        {
            "tables": list(every(asker)),
            "closed": asker.member is None,
            "formats": list(FORMATS),
            "iati": bool(settings.MEDIXCHANGE_IATI_REF),
        },
    )


@require_safe
def table(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """One table as a file."""
    asker, found = _asker(request), TABLES.get(name)
    if found is None or kind not in FORMATS:
        raise Http404
    if not found.is_open_to(asker):
        return redirect_to_login(request.get_full_path())
    if kind == "xlsx":
        beyond = next(islice(found.rows(asker), MOST_IN_A_WORKBOOK, None), None)
        if beyond is not None:
            messages.error(
                request,
                _("The table has more than %(limit)d rows, too many for a workbook. Take the CSV.")
                % {"limit": MOST_IN_A_WORKBOOK},
            )
            return redirect("relief_exports")
    response = StreamingHttpResponse(
        _in_language(stream(found, kind, asker), asker.language), content_type=FORMATS[kind]
    )
    day = timezone.now().date().isoformat()
    response["Content-Disposition"] = f'attachment; filename="relief-{name}-{day}.{kind}"'
    # What a member gets is theirs alone.
    response["Cache-Control"] = "private, no-store" if found.for_members else "no-cache"
    return response


@require_safe
def iati(request: HttpRequest) -> HttpResponseBase:
    """Pledges as IATI activities, where the operator has said who publishes."""
    try:
        who = reporter()
    except NotConfigured as error:
        raise Http404(str(error)) from error
    response = StreamingHttpResponse(
        _in_language(activities(who), "en"), content_type="application/xml; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache"
    return response


def _in_language(pieces: Iterator[bytes], language: str) -> Iterator[bytes]:
    """Pieces made in the language of the request, which is over when they are asked for."""
    pieces = iter(pieces)
    while True:
        with override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _asker(request: HttpRequest) -> Asker:
    return Asker(access.reading(request), access.member(request))
