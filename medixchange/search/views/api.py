"""The API: the same search, the same rights, as JSON."""

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page

from medixchange.search import access, asking, interchange, limiting, queries

_DESCRIPTION = Path(__file__).resolve().parent.parent / "openapi.json"


@csrf_exempt  # It changes nothing, and whoever posts to it is told so as a program is.
@gzip_page
def search(request: HttpRequest) -> HttpResponse:
    """``GET /api/search``: results, or what is wrong with the question. See docs/api.md."""
    response = _search(request)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _search(request: HttpRequest) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        refused = _refused(
            405,
            "method",
            _("The API only answers, it changes nothing."),
            _("Ask with the method GET."),
        )
        refused["Allow"] = "GET, HEAD"
        return refused
    seconds = limiting.wait(request)
    if seconds:
        refused = _refused(
            429,
            "",
            _("More than %(most)d searches in a minute.") % {"most": limiting.A_MINUTE},
            _("Ask again in %(seconds)d seconds.") % {"seconds": seconds},
        )
        refused["Retry-After"] = str(seconds)
        return refused
    home = access.reading(request)
    asked = asking.read(request.GET, home)
    for problem in (*asked.problems, *_of_api(request, asked)):
        return _refused(400, problem.where, problem.what, problem.next)
    results = queries.search(asked.wanted, access.member(request))
    body = interchange.of_results(results, cut=asked.cut)
    for name, page in (("next", asked.wanted.page + 1), ("previous", asked.wanted.page - 1)):
        there = 1 <= page <= results.pages
        # The language is told, since a program that follows may not send the same header.
        body[name] = (
            request.build_absolute_uri(
                f"{reverse('api_search')}?{asking.address(asked.wanted, page=page)}"
            )
            if there
            else None
        )
    return _json(body, 200)


def _of_api(request: HttpRequest, asked: asking.Asked) -> list[asking.Problem]:
    """What a page forgives and a program is told."""
    problems = [
        asking.Problem(
            asking.short(name),
            _("There is no such parameter."),
            _("Choose one of: %(known)s.") % {"known": ", ".join(asking.KNOWN)},
        )
        for name in request.GET
        if name not in asking.KNOWN
    ]
    if not asked.wanted.text:
        problems.append(
            asking.Problem("q", _("Nothing is asked."), _("Write what you look for in q."))
        )
    return problems


def _refused(status: int, where: str, what: str, next_: str) -> JsonResponse:
    return _json({"error": {"where": where, "what": what, "next": next_}}, status)


def _json(body: dict[str, Any], status: int) -> JsonResponse:
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


@gzip_page
def description(request: HttpRequest) -> HttpResponse:
    """The API described for programs, by OpenAPI 3.1."""
    response = HttpResponse(_described(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@cache
def _described() -> bytes:
    return _DESCRIPTION.read_bytes()
