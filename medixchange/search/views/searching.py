"""The search page, and its results alone for the script that searches as one types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from medixchange.core import languages, searchable
from medixchange.network.models import Member
from medixchange.search import access, asking, queries, rules, telling
from medixchange.search.actions import noting


@require_safe
@gzip_page
def page(request: HttpRequest) -> HttpResponse:
    """One box, and what answers."""
    return _answer(request, "search/page.html")


@require_safe
@gzip_page
def results(request: HttpRequest) -> HttpResponse:
    """What answers, without the page around it."""
    return _answer(request, "search/answers.html")


def _answer(request: HttpRequest, template: str) -> HttpResponse:
    who, home = access.member(request), access.reading(request)
    asked = asking.read(request.GET, home)
    wanted = asked.wanted
    context: dict[str, Any] = {
        "wanted": wanted,
        "home": home,
        "cut": asked.cut,
        "longest": queries.LONGEST,
        "reading": languages.get(wanted.language),
        "shown_in": _offered(who, home),
        "narrowed": asking.is_narrowed(wanted),
        "here": asking.address(wanted, home=home, page=1),
    }
    if wanted.text:
        context |= _found(request, asked, who, home)
    else:
        context["kinds"] = [source.label for source in searchable.sources().values()]
        context["may_edit"] = rules.may_edit(who)
    response = render(request, template, context)
    # What is found differs with who asks; no cache between us may keep it.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _found(
    request: HttpRequest, asked: asking.Asked, who: Member | None, home: str
) -> dict[str, Any]:
    wanted = asked.wanted
    found = queries.search(wanted, who)
    # Only what was sent off counts, never what was searched for while somebody typed.
    if "go" in request.GET and not found.is_good and not asking.is_narrowed(wanted):
        noting.note_quietly(text=wanted.text, language=wanted.language, by=who)
    shown = min(wanted.page, found.pages)

    def at(number: int) -> str:
        return asking.address(wanted, home=home, page=number)

    return {
        "results": found,
        "answers": telling.answers(found.hits, wanted, who),
        "groups": telling.groups(found),
        "chosen": telling.chosen(found, home),
        "compared": telling.comparable(found, who),
        "earlier": at(shown - 1) if shown > 1 else "",
        "next": at(shown + 1) if shown < found.pages else "",
        "corrected": asking.address(wanted, home=home, page=1, text=found.suggestion),
        "everything": asking.address(
            queries.Wanted(text=wanted.text, language=wanted.language), home=home
        ),
    }


def _offered(who: Member | None, home: str) -> list[languages.Language]:
    """The languages to show answers in: the reader's own first, then all others."""
    first = [home, *(who.reads if who is not None else ())]
    rest = [language.tag for language in languages.every()]
    return [languages.get(tag) for tag in dict.fromkeys([*first, *rest])]
