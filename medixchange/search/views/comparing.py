"""What two countries recommend, side by side."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.core import countries, searchable
from medixchange.search import access, asking, queries, telling
from medixchange.search.queries import Results, Wanted

#: The kind that is compared: what a country stands for. Other kinds are what somebody said.
GUIDELINE = "guideline"
#: Answers of one country.
SHOWN = 5


@require_safe
@gzip_page
def compare(request: HttpRequest) -> HttpResponse:
    """The best passages of two countries' guidelines on one question."""
    who, home = access.member(request), access.reading(request)
    asked = asking.read(request.GET, home)
    wanted = replace(asked.wanted, countries=(), page=1)
    if GUIDELINE in searchable.sources():
        wanted = replace(wanted, kinds=(GUIDELINE,))
    everywhere = queries.search(wanted, who) if wanted.text else None
    offered = everywhere.facets.get("countries", []) if everywhere else []
    sides = [_code(request.GET.get(name, "")) for name in ("a", "b")]
    rest = [facet.value for facet in offered if facet.value not in sides]
    sides = [code or (rest.pop(0) if rest else "") for code in sides]
    names = {facet.value: facet.label for facet in offered}
    for code in sides:
        if code:
            names.setdefault(code, telling.country_name(code, wanted.language))
    shown: list[dict[str, Any]] = []
    for field, code in zip(("a", "b"), sides, strict=True):
        found = _of(wanted, code, request) if wanted.text and code else None
        shown.append(
            {
                "field": field,
                "code": code,
                "name": names.get(code, ""),
                "answers": telling.answers(found.hits[:SHOWN], wanted, who) if found else [],
                "total": found.total if found else 0,
                "all": asking.address(replace(wanted, countries=(code,)), home=home),
            }
        )
    response = render(
        request,
        "search/compare.html",
        {
            "wanted": wanted,
            "cut": asked.cut,
            "longest": queries.LONGEST,
            "shown": shown,
            "offered": sorted(names.items(), key=lambda pair: pair[1]),
            "back": asking.address(asked.wanted, home=home),
            "home": home,
        },
    )
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _of(wanted: Wanted, code: str, request: HttpRequest) -> Results:
    return queries.search(replace(wanted, countries=(code,)), access.member(request))


def _code(text: str) -> str:
    """A country's two-letter code as it was asked for, or empty."""
    try:
        return countries.get(asking.cleaned(text)).alpha2
    except countries.UnknownCountry:
        return ""
