"""Saved searches: the list, saving one, changing it; and ending its mails by the link in them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medixchange.core import languages
from medixchange.search import access, asking, following, telling
from medixchange.search.actions import saving
from medixchange.search.forms import Mail
from medixchange.search.models import Every, SavedSearch


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """A member's saved searches, the newest first."""
    rows = SavedSearch.objects.filter(member=access.signed_in(request))
    return render(
        request, "search/saved.html", {"listed": [_told(row) for row in rows], "every": Every}
    )


def _told(row: SavedSearch) -> dict[str, Any]:
    wanted = following.wanted(row)
    return {
        "row": row,
        "wanted": wanted,
        "language": languages.get(row.language),
        "narrowed": telling.narrowing(wanted),
        "address": asking.address(wanted),
        "feed": reverse("search_feed", args=[saving.feed_token(row)]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Save the search that the address asks for, and say how often it writes."""
    wanted = asking.read(request.GET, access.reading(request)).wanted
    form = Mail(request.POST or None, initial={"every": Every.WEEK})
    if form.is_bound and form.is_valid():
        every = Every(form.cleaned_data["every"])
        try:
            saving.save(wanted=wanted, every=every, by=access.signed_in(request))
        except saving.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The search is saved."))
            return redirect("search_saved")
    return render(
        request,
        "search/save.html",
        {"form": form, "wanted": wanted, "narrowed": telling.narrowing(wanted)},
        status=422 if form.is_bound else 200,
    )


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change how often a saved search writes, renew its feed, or take it away."""
    row, by = access.saved(request, pk), access.signed_in(request)
    match request.POST.get("do"):
        case "remove":
            saving.remove(saved=row, by=by)
            messages.success(request, _("The saved search is taken away."))
        case "renew":
            saving.renew_feed(saved=row, by=by)
            messages.success(request, _("The feed has a new address. The old one has ended."))
        case _other:
            form = Mail(request.POST)
            if not form.is_valid():
                raise Http404
            saving.change(saved=row, every=Every(form.cleaned_data["every"]), by=by)
            messages.success(request, _("Changed."))
    return redirect("search_saved")


@csrf_exempt  # The token says it all, and mail programs send it by themselves (RFC 8058).
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails of a saved search, by the link in each of them; asks before it does."""
    saved = saving.of_stop_token(token)
    if saved is None:
        raise Http404
    done = request.method == "POST"
    if done:
        saving.stop(saved=saved)
    response = render(
        request,
        "search/stop.html",
        {"wanted": following.wanted(saved), "done": done or saved.every == Every.NEVER},
    )
    response["Referrer-Policy"] = "no-referrer"
    return response
