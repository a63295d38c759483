"""A coordinator brings in a guideline, sees how far each language is, and publishes."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medixchange.core import languages
from medixchange.guidelines import access, actions, likeness, queries, rules
from medixchange.guidelines.documents.reading import read
from medixchange.guidelines.documents.safety import DocumentRefused
from medixchange.guidelines.forms import ImportForm
from medixchange.guidelines.models import Revision
from medixchange.network.models import Member
from medixchange.translation import filling
from medixchange.translation.actions import Refused
from medixchange.translation.rules import NotAllowed, may_translate


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_file(request: HttpRequest) -> HttpResponse:
    """Bring in a document. Nothing is kept of a file that is refused."""
    who = access.signed_in(request)
    if not rules.may_import(who):
        raise NotAllowed(_("Bringing in a guideline needs a role in a verified organisation."))
    form = ImportForm(request.POST or None, request.FILES or None, member=who)
    if request.method == "POST" and form.is_valid():
        try:
            revision = _import(form, who)
        except (DocumentRefused, Refused) as refused:
            form.add_error("file", str(refused))
        else:
            messages.success(request, _("The guideline is in. Look it over, then publish it."))
            return redirect("guideline_manage", revision.guideline.slug)
    status = 422 if form.is_bound else 200
    return render(request, "guidelines/import.html", {"form": form}, status=status)


def _import(form: ImportForm, who: Member) -> Revision:
    uploaded = form.cleaned_data["file"]
    with tempfile.TemporaryDirectory(prefix="medixchange-") as folder:
        # Django has cut the visitor's name down to its last part; errors speak of it.
        path = Path(folder) / uploaded.name
        with path.open("wb") as file:
            for chunk in uploaded.chunks():
                file.write(chunk)
        document = read(
            path,
            language=form.cleaned_data["language"],
            title=form.cleaned_data["title"] or None,
            name=uploaded.name,
        )
        content = path.read_bytes()
    likeness.require(document)
    return actions.add_guideline(
        document=document,
        slug=form.cleaned_data["slug"],
        owner=form.cleaned_data["owner"],
        by=who,
        original=(uploaded.name, content),
    )


@require_safe
@login_required
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """One guideline: what could not be taken from its file, and where each language stands."""
    who, guideline = access.signed_in(request), access.get(slug)
    if not rules.may_see_unpublished(who, guideline, guideline.language):
        raise Http404
    revision = queries.newest(guideline)
    published = {edition.language: edition for edition in queries.editions(guideline)}
    tags = [language.tag for language in languages.every() if language.tag != guideline.language]
    progress = queries.progress(revision, tags)
    rows: list[dict[str, Any]] = [
        {
            "language": languages.get(tag),
            "progress": progress[tag],
            "edition": published.get(tag),
            "may_translate": may_translate(who, source=guideline.language, target=tag),
        }
        for tag in tags
    ]
    begun = [
        row for row in rows if row["edition"] or row["progress"].missing < row["progress"].total
    ]
    return render(
        request,
        "guidelines/manage.html",
        {
            "guideline": guideline,
            "revision": revision,
            "language": languages.get(guideline.language),
            "edition": published.get(guideline.language),
            "begun": begun,
            "others": [row for row in rows if row not in begun and row["may_translate"]],
            "may_publish": rules.may_publish(who, guideline),
        },
    )


@require_POST
@login_required
def publish(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Publish in one language."""
    guideline = access.get(slug)
    try:
        actions.publish(guideline=guideline, language=language, by=access.signed_in(request))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(
            request,
            _("Published in %(language)s.") % {"language": languages.get(language).own_name},
        )
    return redirect("guideline_manage", slug)


@require_POST
@login_required
def withdraw(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Take one edition back."""
    edition = queries.edition(slug, language)
    if edition is None:
        raise Http404
    try:
        actions.withdraw(
            edition=edition,
            reason=request.POST.get("reason", ""),
            by=access.signed_in(request),
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Withdrawn. Readers cannot open it any more."))
    return redirect("guideline_manage", slug)


@require_POST
@login_required
def fill(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Fill what is not translated from memory and by machine, marked as such."""
    who, revision = access.to_work_on(request, slug, language)
    if not may_translate(who, source=revision.guideline.language, target=language):
        raise NotAllowed
    done = filling.fill(queries.segments(revision), language=language, limit=filling.PAGE_LIMIT)
    if done.problem:
        messages.warning(request, done.problem)
    messages.success(
        request,
        _("%(memory)d sentences from memory, %(engine)d by machine, %(left)d still without text.")
        % {"memory": done.memory, "engine": done.engine, "left": done.left},
    )
    return redirect("guideline_translate", slug, language)
