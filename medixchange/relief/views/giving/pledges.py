"""Pledges: what was promised, what became of it, and the donor's and receivers' part in them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medixchange.network.models import Member
from medixchange.relief import access, rules, texts
from medixchange.relief.actions import giving
from medixchange.relief.actions.giving import OPEN, Promised
from medixchange.relief.models import Item, Place, PlaceKind, Pledge, PledgeLine
from medixchange.relief.queries import giving as queries
from medixchange.relief.queries import settling
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.queries.public.visible import place_name
from medixchange.relief.refusals import Refused
from medixchange.relief.states import PledgeState, TransitionRefused
from medixchange.relief.views.giving import forms, telling

PAGE = 20
#: What may be done on the page of a pledge with a reason alone.
_ENDS = {"close": giving.close, "withdraw": giving.withdraw}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All pledges, the newest first, by donor, country and item."""
    chosen = {name: request.GET.get(name, "") for name in ("donor", "country", "item")}
    page = Paginator(queries.listed(**chosen), PAGE).get_page(request.GET.get("page"))
    standings = queries.standing(list(page))
    language = access.reading(request)
    items = list(Item.objects.filter(pk__in=queries.items_named()).select_related("name"))
    named = names_of(
        [*items, *(row.item for standing in standings for row in standing.progress)], language
    )
    keep = QueryDict(mutable=True)
    keep.update({name: value for name, value in chosen.items() if value})
    return render(
        request,
        "relief/giving/pledges.html",
        {
            "page": page,
            "listed": [telling.told(standing, named) for standing in standings],
            "chosen": chosen,
            "filtered": any(chosen.values()),
            "donors": queries.donors(),
            "countries": sorted(
                ((code, forms.named(code)) for code in queries.countries_named()),
                key=lambda pair: pair[1],
            ),
            "items": sorted(
                ((item.code, named[item.pk].text) for item in items), key=lambda pair: pair[1]
            ),
            "keep": keep.urlencode(),
            "may_add": bool(donors_of(access.member(request))),
            "waiting": settling.waiting(access.member(request)),
        },
    )


@require_safe
def pledge(request: HttpRequest, reference: str) -> HttpResponse:
    """One pledge: what was said, what the ledger says, and the way it went."""
    return _page(request, _pledge(reference))


def _page(request: HttpRequest, row: Pledge, **changed: Any) -> HttpResponse:
    """The page of a pledge; ``changed`` takes the place of what it shows, such as a form that was
    refused."""
    who, language = access.member(request), access.reading(request)
    (standing,) = queries.standing([row])
    history = queries.history(row)
    named = names_of([progress.item for progress in standing.progress], language)
    (note,) = texts.for_reader([(row.note, row.note_language)], language)
    is_open = row.state in OPEN
    may_write = giving.may_write(who, row.donor)
    may_confirm = row.state == PledgeState.ANNOUNCED and giving.may_confirm(who, row)
    context = {
        "pledge": row,
        "note": note,
        "told": telling.told(standing, named),
        "by_country": telling.by_country(standing, named),
        "lines": [telling.line(line, named) for line in standing.lines],
        "claims": [
            line
            for line in standing.lines
            if line.recipient_as_published or line.progress_as_published
        ],
        "consignments": [
            (sent, place_name(sent.destination, language)) for sent in queries.consignments_of(row)
        ],
        "history": telling.history(history, {item.code: item for item in _items(standing)}, named),
        "may_confirm": may_confirm,
        "may_write": may_write and is_open,
        "may_settle": may_write and row.state != PledgeState.WITHDRAWN,
        "may_withdraw": may_write
        and is_open
        and not any(moved.shipped for moved in standing.moved),
        "reason": forms.Reason(),
    }
    if changed:
        context |= changed
    status = 422 if changed else 200
    return render(request, "relief/giving/pledge.html", context, status=status)


def _items(standing: queries.Standing) -> list[Item]:
    return [progress.item for progress in standing.progress]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a promise on record."""
    who = access.signed_in(request)
    donors = donors_of(who)
    if not donors:
        raise rules.NotAllowed(
            _("Only logistics officers and coordinators of a donor may put a pledge on record.")
        )
    form = forms.NewPledge(request.POST or None, donors=donors, initial={"donor": donors[0].pk})
    lines = forms.Lines(
        request.POST or None,
        prefix="lines",
        form_kwargs={"offered": forms.Offered(access.reading(request))},
    )
    refused = None
    if form.is_bound and form.is_valid() and lines.is_valid():
        rows = forms.filled(lines)
        try:
            made = giving.add_pledge(
                donor=form.cleaned_data["donor"],
                announced_on=form.cleaned_data["announced_on"],
                lines=[_promised(data) for _place, data in rows],
                source_url=form.cleaned_data["source_url"],
                note=form.cleaned_data["note"],
                note_language=access.reading(request),
                by=who,
            )
        except Refused as problem:
            refused = problem
            for one in problem.problems:
                if one.where in form.fields:
                    form.add_error(one.where, one.what)
            forms.add_row_problems(lines, problem, "lines", [place for place, _data in rows])
        else:
            messages.success(request, _("The pledge is on record, for everybody to see."))
            return redirect("relief_pledge", made.reference)
    return render(
        request,
        "relief/giving/pledge_new.html",
        {"form": form, "lines": lines, "refused": refused},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add_line(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a line to a promise that is open."""
    row, who = _for_donor(request, reference)
    form = forms.LineRow(
        request.POST or None, offered=forms.Offered(access.reading(request)), prefix="line"
    )
    refused = None
    if form.is_bound and form.is_valid():
        try:
            giving.add_line(pledge=row, line=_promised(form.cleaned_data), by=who)
        except Refused as problem:
            refused = problem
            for one in problem.problems:
                field = one.where.rpartition(".")[2]
                if field in form.fields:
                    form.add_error(field, one.what)
        else:
            messages.success(request, _("The line is added."))
            return redirect("relief_pledge", row.reference)
    return render(
        request,
        "relief/giving/line_new.html",
        {"pledge": row, "form": form, "refused": refused},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def split(request: HttpRequest, reference: str, line: int) -> HttpResponse:
    """Say how much of a line is for which country."""
    row, who = _for_donor(request, reference)
    held = get_object_or_404(PledgeLine.objects.select_related("item__name"), pledge=row, pk=line)
    form = forms.SettleSplit(
        request.POST or None,
        splits={part.country: part.quantity for part in held.splits.all()},
    )
    refused = None
    if form.is_bound and form.is_valid():
        try:
            giving.settle_split(
                line=held,
                quantities=form.changed(),
                reason=form.cleaned_data["reason"],
                by=who,
            )
        except Refused as problem:
            refused = problem
            if any(one.where == "reason" for one in problem.problems):
                form.add_error("reason", str(problem))
        else:
            messages.success(request, _("Kept. What was before stays in the history."))
            return redirect("relief_pledge", row.reference)
    return render(
        request,
        "relief/giving/split.html",
        {
            "pledge": row,
            "line": held,
            "name": names_of([held.item], access.reading(request))[held.item_id],
            "form": form,
            "refused": refused,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
@login_required
def step(request: HttpRequest, reference: str, what: str) -> HttpResponse:
    """Confirm a pledge, close it short, or withdraw it."""
    row, who = _pledge(reference), access.signed_in(request)
    if what == "confirm":
        try:
            giving.confirm(pledge=row, by=who)
        except TransitionRefused as problem:
            return _page(request, row, problem=str(problem))
        messages.success(request, _("Confirmed."))
        return redirect("relief_pledge", row.reference)
    if what not in _ENDS:
        raise Http404
    form = forms.Reason(request.POST)
    if not form.is_valid():
        return _page(request, row, reason=form, opened=what)
    try:
        _ENDS[what](pledge=row, reason=form.cleaned_data["reason"], by=who)
    except (Refused, TransitionRefused) as problem:
        return _page(request, row, reason=form, opened=what, problem=str(problem))
    messages.success(request, _("Kept. Everybody sees that the pledge has ended, and why."))
    return redirect("relief_pledge", row.reference)


def _pledge(reference: str) -> Pledge:
    found = (
        Pledge.objects.filter(reference=reference)
        .select_related("donor__organisation", "donor__parent")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _for_donor(request: HttpRequest, reference: str) -> tuple[Pledge, Member]:
    """A pledge for who may write for its donor; 403 for anybody else, since it is public."""
    row, who = _pledge(reference), access.signed_in(request)
    if not giving.may_write(who, row.donor):
        raise rules.NotAllowed(
            _("Only logistics officers and coordinators of the donor may do this.")
        )
    return row, who


def donors_of(who: Member | None) -> list[Place]:
    """The donor accounts somebody may promise goods from."""
    if who is None:
        return []
    if rules.is_staff(who):
        return list(Place.objects.filter(kind=PlaceKind.DONOR).order_by("name"))
    return [
        place for place in access.places_of(who, PlaceKind.DONOR) if rules.may_pledge(who, place)
    ]


def _promised(data: dict[str, Any]) -> Promised:
    return Promised(data["item"], data["quantity"], data["countries"], data["region"])
