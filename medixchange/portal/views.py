"""The start page, what waits for a member, the language switch, and the operator's health check."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from medixchange import __version__
from medixchange.core.models import AuditHead
from medixchange.guidelines import access, queries
from medixchange.guidelines.queries import Work
from medixchange.guidelines.views.reading import wanted_languages
from medixchange.network.actions import choose_language
from medixchange.network.models import Member, Role
from medixchange.relief.rules import handles_goods


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this is, and what is to read in the visitor's language."""
    who = access.member(request)
    response = render(
        request,
        "portal/home.html",
        {
            "listed": queries.published(wanted_languages(request))[:20],
            "waiting": work_of(who) if who else [],
        },
    )
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


@require_safe
@login_required
def work(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this member, by guideline and language."""
    who = access.signed_in(request)
    return render(
        request,
        "portal/work.html",
        {
            "waiting": work_of(who),
            "memberships": who.current_memberships,
            "reads": who.reads_languages(),
            "handles_goods": handles_goods(who),
        },
    )


def work_of(who: Member) -> list[Work]:
    """What a member can do now: only pairs of languages they read, only what they may."""
    if not {Role.TRANSLATOR, Role.REVIEWER, Role.CLINICIAN} & who.roles():
        return []
    reads = [language.tag for language in who.reads_languages()]
    pairs = [(source, target) for source in reads for target in reads if source != target]
    return [row for row in queries.work(pairs) if row.to_translate or row.to_review]


@require_safe
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Show the site in a language from now on, on this device and for this member."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    who = access.member(request)
    if who is not None:
        choose_language(member=who, language=code)
    response = redirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """For the operator's monitor: 200 with facts while the database answers and takes writes."""
    try:
        with transaction.atomic():
            trail = AuditHead.objects.select_for_update().get(pk=AuditHead.ONLY).sequence
    except Exception:
        return JsonResponse(
            {"ok": False, "version": __version__, "database": "failing"}, status=503
        )
    return JsonResponse(
        {"ok": True, "version": __version__, "database": connection.vendor, "audit_lines": trail}
    )
