"""The counting page on a phone without a line: its pages, the lists it keeps, and what it sends.

The pages hold nothing of anybody: they are the same for all who use a language, so that a phone may
keep them. What is to be counted comes as JSON, for who is signed in, and is kept in the browser's
database until they sign out (``offline.js``).
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import access, rules
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.models import Consignment
from medixchange.relief.queries import receiving as queries
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.views.receiving import used
from medixchange.relief.views.receiving.counting import givers, take

#: What the phone keeps beside the pages.
STATIC = (
    "core/site.css",
    "core/icon.svg",
    "relief/relief.css",
    "relief/receiving.css",
    "relief/scan.css",
    "relief/offline.js",
    "relief/saying.js",
    "relief/signature.js",
    "relief/lines.js",
    "relief/evidence.js",
    "relief/receive.js",
    "relief/phone.js",
    "relief/use.js",
    "relief/scan.js",
    "relief/vendor/decoder.min.js",
)
_PAGES = {
    "relief_phone": "relief/receiving/phone.html",
    "relief_phone_count": "relief/receiving/phone_count.html",
    "relief_phone_use": "relief/receiving/phone_use.html",
}
#: Documents in one message of a phone.
_MOST = 50
#: Below this a difference of clocks is the time that the message took.
_SAME_TIME = timedelta(seconds=5)


@require_safe
@never_cache
def phone(request: HttpRequest) -> HttpResponse:
    """What is to be counted and what waits to be sent, as this phone has it."""
    return render(request, _PAGES["relief_phone"])


@require_safe
@never_cache
def phone_count(request: HttpRequest) -> HttpResponse:
    """The counting page; which consignment stands behind the # of the address, so that one kept
    page serves all."""
    return render(request, _PAGES["relief_phone_count"])


@require_safe
@never_cache
def phone_use(request: HttpRequest) -> HttpResponse:
    """Where use is recorded; at which place stands behind the # of the address."""
    return render(request, _PAGES["relief_phone_use"])


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker. It stands under /relief/ since that is what it may look after; any change
    of a page or file it keeps, or of the language, makes it another one."""
    files = [static(name) for name in STATIC]
    pages = {reverse(name): template for name, template in _PAGES.items()}
    seen = hashlib.sha256(json.dumps(files).encode())
    for template in (*pages.values(), "relief/receiving/worker.js"):
        seen.update(render_to_string(template, request=request).encode())
    body = render_to_string(
        "relief/receiving/worker.js",
        {
            "settings": json.dumps(
                {
                    "name": f"relief-{seen.hexdigest()[:12]}",
                    "files": files,
                    "pages": list(pages),
                    "receive": reverse("relief_receive", args=["REFERENCE"]),
                    "sync": reverse("relief_sync"),
                    "lists": reverse("relief_phone_lists"),
                    "photo": reverse("relief_photo_add", args=["NUMBER"]),
                }
            ),
            "offline": static("relief/offline.js"),
        },
    )
    response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the pages on its home screen."""
    language = languages.get(get_language() or "en")
    body = {
        "name": _("MediXchange: receive goods"),
        "short_name": _("Receive goods"),
        "id": reverse("relief_phone"),
        "start_url": reverse("relief_phone"),
        "scope": "/relief/",
        "display": "standalone",
        "lang": language.tag,
        "dir": language.direction,
        "background_color": "#ffffff",
        "theme_color": "#0b5f5c",
        "icons": [{"src": static("core/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    response = HttpResponse(json.dumps(body), content_type="application/manifest+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
@never_cache
def lists(request: HttpRequest) -> HttpResponse:
    """Everything the member may count or use now: packing lists with what is open, the stock of
    their facilities, and the catalogue."""
    who = access.member(request)
    if who is None:
        return _sign_in()
    language = access.reading(request)
    return JsonResponse(
        {
            "member": _member(who),
            "now": timezone.now().isoformat(),
            "language": language,
            "catalogue": queries.catalogue(language),
            "places": used.kept(who, language),
            "sheets": [
                {
                    **queries.sheet_as_json(queries.sheet(consignment, language)),
                    "givers": givers(consignment),
                }
                for consignment in queries.to_count(who)
            ],
        }
    )


@require_http_methods(["GET", "POST"])
@never_cache
def sync(request: HttpRequest) -> HttpResponse:
    """GET says who is signed in and gives a token for sending; POST takes what was counted or
    used.

    Takes ``{"now": the phone's clock, "documents": [...]}`` and answers for each document in order:
    ``posted`` or ``posted_before`` with its number, or ``refused`` with problems. One that is
    refused does not stop the others.
    """
    who = access.member(request)
    if who is None:
        return _sign_in()
    if request.method == "GET":
        return JsonResponse(
            {"member": _member(who), "token": get_token(request), "now": timezone.now().isoformat()}
        )
    received = timezone.now()
    try:
        sent = json.loads(request.body)
        now = parse_datetime(sent["now"])
        documents = sent["documents"]
        if now is None or now.tzinfo is None or not isinstance(documents, list):
            raise ValueError("now, documents")
    except (ValueError, KeyError, TypeError, RecursionError):
        return _problem(_("What this phone sent cannot be read. Load the page again."), 400)
    if len(documents) > _MOST:
        return _problem(_("Send fewer documents at once."), 400)
    ahead = received - now
    if abs(ahead) < _SAME_TIME:
        ahead = timedelta()
    return JsonResponse({"answers": [_answer(request, document, ahead) for document in documents]})


def _answer(request: HttpRequest, document: Any, ahead: timedelta) -> dict[str, Any]:
    key = document.get("key") if isinstance(document, Mapping) else None
    try:
        if not isinstance(document, Mapping):
            raise Refused(_("What this phone sent cannot be read. Load the page again."))
        if document.get("kind") == "use":
            return _used(request, document, ahead)
        consignment = _consignment(request, document)
        posted = take(
            document, consignment, request=request, ahead=ahead, language=access.reading(request)
        )
    except rules.NotAllowed:
        return _refused(key, [Problem(_("You may not receive this consignment."), code="role")])
    except Refused as refused:
        return _refused(key, refused.problems)
    return _posted(key, posted, reverse("relief_consignment", args=[consignment.reference]))


def _posted(key: Any, posted: Posted, address: str) -> dict[str, Any]:
    row = posted.document
    return {
        "key": key,
        "state": "posted" if posted.new else "posted_before",
        "number": row.number,
        "address": address,
        "told": queries.told(row),
        "cases": list(row.cases.order_by("pk").values_list("reference", flat=True)[:100]),
    }


def _used(request: HttpRequest, document: Mapping[str, Any], ahead: timedelta) -> dict[str, Any]:
    posted = used.record(document, who=access.signed_in(request), ahead=ahead)
    return _posted(document.get("key"), posted, reverse("relief_place", args=[document["place"]]))


def _consignment(request: HttpRequest, document: Mapping[str, Any]) -> Consignment:
    reference = document.get("reference")
    found = (
        Consignment.objects.filter(reference=reference if isinstance(reference, str) else "")
        .select_related("origin__organisation", "destination__organisation", "carrier")
        .first()
    )
    if found is None or not rules.may_see_consignment(access.member(request), found):
        raise Refused(
            Problem(
                _("You have no consignment %(reference)s. Sign in as who counted it.")
                % {"reference": str(reference)[:40]},
                "reference",
                "unknown",
            )
        )
    return found


def _refused(key: Any, problems: Any) -> dict[str, Any]:
    return {
        "key": key,
        "state": "refused",
        "problems": [problem.as_json() for problem in problems],
    }


def _member(who: Member) -> dict[str, Any]:
    return {"id": who.pk, "name": who.name, "function": who.profession}


def _sign_in() -> HttpResponse:
    """Not a redirect: a script that follows one would take the form for an answer."""
    response = _problem(_("Sign in again. Nothing that was counted is lost."), 401)
    response["WWW-Authenticate"] = f'Session login="{reverse(settings.LOGIN_URL)}"'
    return response


def _problem(what: str, status: int) -> HttpResponse:
    return JsonResponse({"problem": what}, status=status)
