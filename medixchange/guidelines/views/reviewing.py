"""Review: a clinician sees only what needs eyes, and signs it or sends it back with a reason."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from medixchange.core import languages
from medixchange.guidelines import access, queries
from medixchange.guidelines.models import Revision
from medixchange.network.models import Member
from medixchange.translation import actions, findings, highlights, rules
from medixchange.translation import queries as translations
from medixchange.translation.models import Translation
from medixchange.translation.states import TransitionRefused

PER_PAGE = 25


@require_safe
@login_required
def review(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """What waits in one guideline and language; ``?machine=1`` shows machine text as well."""
    who, revision = access.to_work_on(request, slug, language)
    source = revision.guideline.language
    may_sign = rules.may_sign(who, source=source, target=language)
    machine = request.GET.get("machine") == "1" and may_sign
    segments = queries.segments(revision)
    order = {segment.pk: number for number, segment in enumerate(segments)}
    waiting = translations.waiting(order, language, machine=machine)
    waiting.sort(key=lambda row: order[row.segment_id])
    page = Paginator(waiting, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "guidelines/review.html",
        {
            "guideline": revision.guideline,
            "revision": revision,
            "source": languages.get(source),
            "target": languages.get(language),
            "page": page,
            "rows": [_row(row, who) for row in page],
            "machine": machine,
            "may_sign": may_sign,
            "progress": translations.progress(order, language),
        },
    )


def _row(row: Translation, who: Member) -> dict[str, Any]:
    found = findings.load(row.findings)
    return {
        "translation": row,
        "findings": found,
        "blocked": findings.blocks(found),
        "source": highlights.marked(row.segment.text, row.segment.language, found, "source"),
        "target": highlights.marked(row.text, row.language, found, "target"),
        "provenance": translations.provenance(row),
        "may_approve": rules.may_approve(who, row),
        "may_review": rules.may_review(who, row) and row.status == "proposed",
        "may_return": rules.may_return(who, row) and row.status != "machine",
    }


@require_POST
@login_required
def decide(request: HttpRequest, slug: str, language: str, translation: int) -> HttpResponse:
    """Approve, mark as reviewed, or return one translation."""
    who, revision = access.to_work_on(request, slug, language)
    row = _in(revision, language, translation)
    do = request.POST.get("do")
    try:
        if do == "approve":
            actions.approve(
                translation=row, by=who, override_reason=request.POST.get("override", "")
            )
            messages.success(request, _("Approved. Readers see it now."))
        elif do == "review":
            actions.review(translation=row, by=who)
            messages.success(request, _("Marked as reviewed. A clinician can approve it now."))
        elif do == "return":
            actions.send_back(translation=row, reason=request.POST.get("reason", ""), by=who)
            messages.success(request, _("Returned to the translators with your reason."))
    except (actions.Refused, TransitionRefused) as refused:
        messages.error(request, str(refused))
    back = "?machine=1" if request.POST.get("machine") == "1" else ""
    return redirect(reverse("guideline_review", args=[slug, language]) + back)


def _in(revision: Revision, language: str, translation: int) -> Translation:
    """A translation of a segment of this revision; any other is none of this page's."""
    row = (
        Translation.objects.filter(pk=translation, language=language)
        .select_related("segment")
        .first()
    )
    if row is None or not queries.has_segment(revision, row.segment_id):
        raise Http404
    return row
