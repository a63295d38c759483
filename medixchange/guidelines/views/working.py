"""The workbench: a volunteer translates sentence by sentence, with help and with checks.

Everything works as plain forms; ``workbench.js`` adds keys, checks while typing, saving while
typing, and keeping what could not be sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.core import languages
from medixchange.guidelines import access, queries
from medixchange.guidelines.models import Revision
from medixchange.network.models import Member
from medixchange.translation import actions, findings, memory, rules
from medixchange.translation import queries as translations
from medixchange.translation.checks.base import Finding
from medixchange.translation.models import Segment, Translation
from medixchange.translation.states import Status


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the workbench: a segment, what a person has made of it, what readers get now."""

    number: int
    segment: Segment
    working: Translation | None
    shown: translations.Shown

    @property
    def state(self) -> str:
        """Where it stands: a status, or ``missing``."""
        if self.working is not None:
            return self.working.status
        return self.shown.provenance.state

    @property
    def label(self) -> str:
        if self.working is not None:
            return str(Status(self.working.status).label)
        return str(Status.MACHINE.label) if self.state == "machine" else _("not translated")

    @property
    def text(self) -> str:
        return self.working.text if self.working is not None else ""

    @property
    def is_open(self) -> bool:
        """Whether a translator still has something to do here."""
        return self.state in ("missing", "machine", Status.DRAFT, Status.RETURNED)


def pairs_of(revision: Revision, language: str, who: Member) -> list[Pair]:
    """All segments of a revision, each once, with where it stands for this translator."""
    return _pairs(queries.segments(revision), language, who)


def _pairs(segments: list[Segment], language: str, who: Member) -> list[Pair]:
    working = translations.working([s.pk for s in segments], language, who)
    shown = translations.for_reader(segments, language)
    return [
        Pair(number, segment, working.get(segment.pk), what)
        for number, (segment, what) in enumerate(zip(segments, shown, strict=True), start=1)
    ]


_SHOW: dict[str, Callable[[Pair], bool]] = {
    "all": lambda pair: True,
    "open": lambda pair: pair.is_open,
    "returned": lambda pair: pair.state == Status.RETURNED,
    "findings": lambda pair: bool(pair.working and pair.working.findings),
}


@require_safe
@login_required
def workbench(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """All pairs of a guideline, one open: ``?at=`` names its segment, ``?show=`` filters."""
    who, revision = access.to_work_on(request, slug, language)
    may = rules.may_translate(who, source=revision.guideline.language, target=language)
    if not may:
        raise rules.NotAllowed(
            _("Translating needs the role of translator and that you read both languages.")
        )
    everything = pairs_of(revision, language, who)
    show = request.GET.get("show", "all")
    listed = [pair for pair in everything if _SHOW.get(show, _SHOW["all"])(pair)]
    at = _opened(request, everything, listed)
    return render(
        request,
        "guidelines/workbench.html",
        {
            "guideline": revision.guideline,
            "revision": revision,
            "source": languages.get(revision.guideline.language),
            "target": languages.get(language),
            "pairs": listed,
            "at": at,
            "show": show,
            "progress": translations.progress([pair.segment.pk for pair in everything], language),
            **(_editor(request, at, language) if at else {}),
        },
    )


def _opened(request: HttpRequest, everything: list[Pair], listed: list[Pair]) -> Pair | None:
    """The open pair: the one asked for, else the first with something to do, else the first."""
    asked = request.GET.get("at", "")
    if asked.isdigit():
        for pair in everything:
            if pair.segment.pk == int(asked):
                return pair
    return next((pair for pair in listed if pair.is_open), listed[0] if listed else None)


def _editor(request: HttpRequest, pair: Pair, language: str) -> dict[str, Any]:
    """What the open pair's form shows."""
    terms = translations.terms(pair.segment.text, pair.segment.language, language)
    taken = _suggestion(request.GET.get("take", ""), language)
    text = taken.text if taken else pair.text
    found = findings.of(pair.segment, text, language, terms) if text else []
    return {
        "taken": taken,
        "terms": terms,
        "checked": bool(text),
        "findings": found,
        "suggestions": memory.suggestions(pair.segment, language, terms),
    }


def _suggestion(pk: str, language: str) -> Translation | None:
    """A wording that was offered, by its id; never a draft, which is its author's alone."""
    if not pk.isdigit():
        return None
    return (
        Translation.objects.filter(pk=int(pk), language=language)
        .exclude(status__in=[Status.DRAFT, Status.RETURNED])
        .first()
    )


def _pair(
    request: HttpRequest, slug: str, language: str, segment: int
) -> tuple[Member, Revision, Pair]:
    """The pair of a segment, for who may translate it; 404 for one of another guideline."""
    who, revision = access.to_work_on(request, slug, language)
    if not rules.may_translate(who, source=revision.guideline.language, target=language):
        raise rules.NotAllowed
    if not queries.has_segment(revision, segment):
        raise Http404
    found = list(Segment.objects.filter(pk=segment))
    return who, revision, _pairs(found, language, who)[0]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def segment(request: HttpRequest, slug: str, language: str, segment: int) -> HttpResponse:
    """The open editor of one segment: shown alone to the script, or saved.

    POST takes ``text``, ``based_on`` (a suggestion's id) and ``do``: ``check`` (nothing is kept),
    ``draft`` or ``propose``.
    """
    who, revision, pair = _pair(request, slug, language, segment)
    if request.method != "POST":
        context = {
            "guideline": revision.guideline,
            "source": languages.get(revision.guideline.language),
            "target": languages.get(language),
            "at": pair,
            **_editor(request, pair, language),
        }
        return render(request, "guidelines/editor.html", context)
    if "take" in request.POST:
        return redirect(_address(slug, language, segment, take=request.POST["take"]))
    do, text = request.POST.get("do", "draft"), request.POST.get("text", "")
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        row = _save(who, pair, language, do, text, request.POST.get("based_on", ""))
    except actions.Refused as refused:
        if wants_json:
            return JsonResponse({"error": str(refused)}, status=422)
        messages.error(request, str(refused))
        return redirect(_address(slug, language, segment))
    if wants_json:
        found = findings.load(row.findings) if row else _live(pair, language, text)
        return JsonResponse(
            {
                "status": row.status if row else "",
                "label": str(Status(row.status).label) if row else "",
                "text": row.text if row else text,
                "findings": render_to_string(
                    "guidelines/findings.html", {"findings": found, "checked": bool(text.strip())}
                ),
            }
        )
    following = _next(pairs_of(revision, language, who), segment) if do == "propose" else segment
    return redirect(_address(slug, language, following))


def _save(
    who: Member, pair: Pair, language: str, do: str, text: str, based_on: str
) -> Translation | None:
    if do == "check" or (do == "draft" and not text.strip()):
        return None
    base = _suggestion(based_on, language)
    act = actions.propose if do == "propose" else actions.save_draft
    return act(segment=pair.segment, language=language, text=text, by=who, based_on=base)


def _live(pair: Pair, language: str, text: str) -> list[Finding]:
    if not text.strip():
        return []
    terms = translations.terms(pair.segment.text, pair.segment.language, language)
    return findings.of(pair.segment, text[:20_000], language, terms)


def _next(pairs: list[Pair], segment: int) -> int:
    """The next segment with something to do, after this one, else this one."""
    at = next(number for number, pair in enumerate(pairs) if pair.segment.pk == segment)
    later = (pair for pair in pairs[at + 1 :] if pair.is_open)
    found = next(later, None)
    return found.segment.pk if found else segment


def _address(slug: str, language: str, segment: int, **more: str) -> str:
    return (
        reverse("guideline_translate", args=[slug, language])
        + f"?{urlencode({'at': str(segment), **more})}#s{segment}"
    )


@require_safe
@login_required
def suggestions(request: HttpRequest, slug: str, language: str, segment: int) -> HttpResponse:
    """The suggestions for a segment with an engine's; asked for apart, since it may be slow."""
    _who, _revision, pair = _pair(request, slug, language, segment)
    problem = memory.ask_engine(pair.segment, language)
    terms = translations.terms(pair.segment.text, pair.segment.language, language)
    return render(
        request,
        "guidelines/suggestions.html",
        {
            "suggestions": memory.suggestions(pair.segment, language, terms),
            "problem": problem,
            "target": languages.get(language),
        },
    )
