"""What nobody has answered: telling the editors, their list, and their marks."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from medixchange.core import languages
from medixchange.search import access, asking, rules, telling
from medixchange.search.actions import noting
from medixchange.search.forms import Done
from medixchange.search.queries import Wanted, missing

PAGE = 50


@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """Count one who wants an answer, and say so."""
    wanted = asking.read(request.POST, access.reading(request)).wanted
    kept = noting.note(
        text=wanted.text, language=wanted.language, by=access.member(request), told=True
    )
    if kept:
        messages.success(
            request, _("The editors will see the question, not who asked it. Thank you.")
        )
    else:
        messages.warning(
            request,
            _("The question was not passed on: ask it in a few words, without numbers or names."),
        )
    response = redirect("search")
    response["Location"] += f"?{asking.address(wanted, home=access.reading(request))}"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """What was asked without an answer: by words, with weeks and countries; and marking it done."""
    who = access.signed_in(request)
    if not rules.may_edit(who):
        raise rules.NotAllowed
    form = Done(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            noting.mark_done(**form.cleaned_data, by=who)
        except noting.Refused as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("Marked as done."))
            return redirect("search_missing")
    chosen = _chosen(request)
    page = Paginator(missing.open_questions(**chosen), PAGE).get_page(request.GET.get("page"))
    language = access.reading(request)
    return render(
        request,
        "search/missing.html",
        {
            "page": page,
            "listed": [_told(row, language) for row in missing.with_weeks(list(page), **chosen)],
            "languages": [languages.get(tag) for tag in missing.languages_asked()],
            "countries": [
                (code, telling.country_name(code, language)) for code in missing.countries_asked()
            ],
            "done": missing.done()[:PAGE],
            "chosen": chosen,
            "refused": form,
        },
        status=422 if form is not None else 200,
    )


def _chosen(request: HttpRequest) -> dict[str, str]:
    """The language and the country that the list is narrowed to; what is not known is left out."""
    wanted = asking.read(request.GET, "").wanted
    return {"language": wanted.language, "country": next(iter(wanted.countries), "")}


def _told(row: missing.Question, language: str) -> dict[str, Any]:
    return {
        "words": row.words,
        "language": languages.get(row.language),
        "searches": row.searches,
        "told": row.told,
        "weeks": row.weeks,
        "countries": [
            (telling.country_name(code, language) if code else _("country not known"), count)
            for code, count in row.countries
        ],
        "address": asking.address(Wanted(text=row.words, language=row.language)),
    }
