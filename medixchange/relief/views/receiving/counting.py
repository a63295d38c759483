"""Counting a consignment: what should be there against what is, and who signs for it.

Without script the page is a plain form, some lines at a time. With it ``receive.js`` takes over
from the same list, keeps every figure on the device, and sends it as a phone without a line does
(``phone.py``).
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from medixchange.relief import access, rules
from medixchange.relief.actions import photos
from medixchange.relief.actions.ledger import Posted
from medixchange.relief.actions.receiving import receive as post_receipt
from medixchange.relief.forms import Moment
from medixchange.relief.models import Consignment, Document, Outcome, Signature
from medixchange.relief.queries import receiving as queries
from medixchange.relief.queries.receiving import Line
from medixchange.relief.refusals import Problem, Refused
from medixchange.relief.states import TransitionRefused
from medixchange.relief.views.receiving import said

#: Lines of the plain form on one page: each has five fields, and a form has at most a thousand.
_LINES = 40
#: Rows for goods that are on no list.
_MORE = 3
_SELECTED = mark_safe(" selected")
_OUTCOMES = {
    Outcome.ACCEPTED: gettext_lazy("good"),
    Outcome.DAMAGED: gettext_lazy("damaged"),
    Outcome.MISSING: gettext_lazy("missing"),
    Outcome.QUARANTINED: gettext_lazy("kept apart"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def receive(request: HttpRequest, reference: str) -> HttpResponse:
    """The counting page of a consignment, for who receives it."""
    consignment = access.consignment(request, reference)
    who = access.signed_in(request)
    if not rules.may_receive(who, consignment):
        raise rules.NotAllowed(
            _("Only the people of %(place)s count what comes to it.")
            % {"place": consignment.destination.name}
        )
    if request.method != "POST":
        return _page(request, consignment)
    sent = _as_phones_send(request.POST, consignment)
    try:
        posted = take(
            sent, consignment, request=request, ahead=timedelta(), language=access.reading(request)
        )
    except Refused as refused:
        return _page(request, consignment, refused.problems)
    for problem in _add_photos(request, posted.document):
        messages.warning(request, problem)
    tell(request, posted)
    # A list of several pages goes on where it was left.
    goes_on = request.POST.get("pages") == "more" and request.POST.get("complete") != "yes"
    return redirect("relief_receive" if goes_on else "relief_consignment", reference)


def take(
    sent: Mapping[str, Any],
    consignment: Consignment,
    *,
    request: HttpRequest,
    ahead: timedelta,
    language: str,
) -> Posted:
    """Read a count and post it, for a form and for a phone alike.

    Args:
        ahead: how much the server's clock is ahead of the sender's.

    Raises:
        NotAllowed, Refused
    """
    count = said.read(sent, consignment, ahead=ahead, language=language)
    Refused.if_any(count.problems)
    assert count.happened_at is not None  # noqa: S101 - else there was a problem
    try:
        return post_receipt(
            consignment=consignment,
            key=count.key,
            happened_at=count.happened_at,
            counts=count.counts,
            signatures=count.signatures,
            note=count.note,
            note_language=count.note_language,
            clock_off_seconds=round(ahead.total_seconds()),
            complete=count.complete,
            by=access.signed_in(request),
        )
    except TransitionRefused as refused:
        raise Refused(str(refused)) from refused


def tell(request: HttpRequest, posted: Posted) -> None:
    """Say what came of it: the number, what the server has put right, and the cases."""
    document = posted.document
    messages.success(
        request,
        _("Posted as %(number)s.") % {"number": document.number}
        if posted.new
        else _("This was posted before, as %(number)s.") % {"number": document.number},
    )
    for sentence in queries.told(document):
        messages.warning(request, sentence)
    cases = document.cases.count()
    if cases and posted.new:
        messages.warning(
            request,
            ngettext(
                "%(count)d case was opened, and the sender is told.",
                "%(count)d cases were opened, and the sender is told.",
                cases,
            )
            % {"count": cases},
        )


def _add_photos(request: HttpRequest, document: Document) -> Iterable[str]:
    for file in request.FILES.getlist("photos"):
        try:
            if file.size is not None and file.size > photos.LARGEST_SENT:
                content = b""
            else:
                content = file.read()
            photos.add_photo(document=document, content=content, by=access.signed_in(request))
        except Refused as refused:
            yield f"{file.name}: {refused}"


def _as_phones_send(form: QueryDict, consignment: Consignment) -> dict[str, Any]:
    """The plain form in the shape that ``receive.js`` sends."""
    counts: list[dict[str, Any]] = []
    for name, value in form.items():
        match name.split("-"):
            case ["line", box, lot, outcome] if outcome != "remark" and str(value).strip():
                counts.append(
                    {
                        "box": int(box) if box.isdecimal() else 0,
                        "lot": int(lot) if lot.isdecimal() else 0,
                        "outcome": outcome,
                        "quantity": value,
                        "remark": form.get(f"line-{box}-{lot}-remark", ""),
                    }
                )
    # A nought says that there is none of it, which is what an empty field says too.
    counts = [row for row in counts if str(row["quantity"]).strip() != "0"]
    fields = ("item", "number", "expires_on", "quantity", "remark")
    moment = Moment()
    moment.at(consignment.destination)
    try:
        happened_at = moment.clean(form.get("happened_at", ""))
    except Exception:
        happened_at = None
    return {
        "key": form.get("key", ""),
        "happened_at": happened_at,
        "complete": form.get("complete") == "yes",
        "note": form.get("note", ""),
        "counts": counts,
        "more": [
            {name: form.get(f"more-{number}-{name}", "") for name in fields}
            for number in range(1, _MORE + 1)
        ],
        "signatures": [
            {
                "side": side,
                **{
                    name: form.get(f"{side}-{name}", "")
                    for name in ("name", "function", "organisation")
                },
            }
            for side in Signature.Side.values
        ],
    }


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the plain form as it is shown."""

    name: str
    label: str
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plain form."""

    line: Line
    fields: list[Field]
    remark: Field


def _page(
    request: HttpRequest, consignment: Consignment, problems: Sequence[Problem] = ()
) -> HttpResponse:
    who, language = access.signed_in(request), access.reading(request)
    sheet = queries.sheet(consignment, language)
    at = {problem.where: problem.what for problem in problems}
    page: Page[Line] = Paginator(sheet.open_lines, _LINES).get_page(request.GET.get("page"))
    form = request.POST

    def field(name: str, label: str = "", initial: str = "") -> Field:
        return Field(name, label, form.get(name, initial), at.get(name, ""))

    @cache
    def options(chosen: str) -> SafeString:
        return _options(catalogue, chosen)

    moment = Moment()
    moment.at(consignment.destination)
    now = moment.prepare_value(timezone.now()).strftime("%Y-%m-%dT%H:%M")
    can_count = consignment.state in queries.TO_COUNT
    catalogue = queries.catalogue(language)
    return render(
        request,
        "relief/receiving/receive.html",
        {
            "row": consignment,
            "can_count": can_count,
            "receipts": queries.receipts(consignment),
            "may_take_back": rules.may_handle(who, consignment.destination),
            "problems": problems,
            "page": page,
            "lines": [
                Row(
                    line,
                    [
                        field(f"line-{line.key}-{outcome}", str(label))
                        for outcome, label in _OUTCOMES.items()
                    ],
                    field(f"line-{line.key}-remark"),
                )
                for line in page
            ],
            "more": [
                {
                    name: field(f"more-{number}-{name}")
                    for name in ("item", "number", "expires_on", "quantity", "remark")
                }
                | {"options": options(form.get(f"more-{number}-item", ""))}
                for number in range(1, _MORE + 1)
            ],
            "key": form.get("key") or str(uuid.uuid4()),
            "happened_at": field("happened_at", initial=now),
            "zone": moment.help_text,
            "note": field("note"),
            "complete": form.get("complete", ""),
            "receiver": {
                "name": field("receiver-name", initial=who.name),
                "function": field("receiver-function", initial=who.profession),
            },
            "giver": {name: field(f"giver-{name}") for name in ("name", "function")},
            "giver_organisation": form.get("giver-organisation", ""),
            "givers": givers(consignment),
            "is_delivery": consignment.destination.kind == "facility",
            # For the script: the whole list, whatever the page of the plain form.
            "data": {
                "member": {"id": who.pk, "name": who.name, "function": who.profession},
                "language": language,
                "catalogue": catalogue,
                "sheet": {**queries.sheet_as_json(sheet), "givers": givers(consignment)},
            }
            if can_count
            else None,
        },
        status=422 if problems else 200,
    )


def _options(catalogue: Iterable[Mapping[str, Any]], chosen: str) -> SafeString:
    """The catalogue to choose from. Made here, since several lists on a page are the same."""
    return format_html_join(
        "",
        '<option value="{}" lang="{}"{}>{}</option>',
        (
            (item["code"], item["lang"], _SELECTED if item["code"] == chosen else "", item["name"])
            for item in catalogue
        ),
    )


def givers(consignment: Consignment) -> list[dict[str, Any]]:
    """Who may hand it over: the sender, or who carries it."""
    return [
        {"id": str(organisation.pk), "name": organisation.name}
        for organisation in (consignment.origin.organisation, consignment.carrier)
        if organisation is not None
    ]
