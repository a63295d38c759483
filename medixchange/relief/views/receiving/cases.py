"""Discrepancy cases: what was not as listed, what both ends say of it, and how it ended."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from medixchange.relief import access, rules, texts
from medixchange.relief.actions import cases as actions
from medixchange.relief.actions import settling
from medixchange.relief.forms import Keyed, add_problems
from medixchange.relief.models import Case, CaseKind, Remedy
from medixchange.relief.queries import cases as queries
from medixchange.relief.queries import names
from medixchange.relief.queries.receiving import reasons
from medixchange.relief.refusals import Refused
from medixchange.relief.states import CaseState, TransitionRefused

_BY_PAGE = 50


class Say(forms.Form):
    """Something to say in a case."""

    text = forms.CharField(
        label=gettext_lazy("What you have to say"),
        help_text=gettext_lazy("In your own language: the other side reads it in theirs."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Settle(Keyed):
    """How a case ends."""

    remedy = forms.ChoiceField(label=gettext_lazy("How it ends"), widget=forms.RadioSelect)
    quantity = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        help_text=gettext_lazy("Fewer than all: a new case is opened for the rest."),
    )
    text = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].initial = case.quantity
        remedies = actions.REMEDIES[CaseKind(case.kind)]
        choice = self.fields["remedy"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 - for the type checker
        choice.choices = [(remedy.value, _SENTENCES[remedy]) for remedy in remedies]
        if len(remedies) == 1:
            choice.initial = remedies[0].value


_SENTENCES = {
    Remedy.FOUND: gettext_lazy("They came after all: take them into stock"),
    Remedy.WRITTEN_OFF: gettext_lazy("They are lost: write them off"),
    Remedy.NOTED: gettext_lazy("They stay damaged, and nobody owes anything"),
    Remedy.TAKEN_OVER: gettext_lazy("They can be used: take them into stock"),
    Remedy.DESTROYED: gettext_lazy("They are destroyed"),
    Remedy.RETURNED: gettext_lazy("They go back to where they came from"),
}


class Because(Keyed):
    """A step that needs a reason."""

    text = forms.CharField(
        label=gettext_lazy("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The cases of the member's organisations, those that wait for them first."""
    who = access.signed_in(request)
    shown = request.GET.get("show", "open")
    page = Paginator(queries.of_member(who, ended=shown == "ended"), _BY_PAGE).get_page(
        request.GET.get("page")
    )
    called = names.of((case.lot.item for case in page), access.reading(request))
    return render(
        request,
        "relief/receiving/cases.html",
        {
            "page": page,
            "shown": shown,
            "rows": [
                (case, called[case.lot.item_id], queries.waits_for(who, case)) for case in page
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case. POST says something in it or ends it; ``do`` names which."""
    row = access.case(request, reference)
    if request.method != "POST":
        return _page(request, row)
    do = request.POST.get("do", "")
    if do not in _STEPS:
        return _page(request, row, status=422)
    form = _form(do, row, request.POST)
    if form.is_valid():
        try:
            told = _STEPS[do](request, row, form.cleaned_data)
        except Refused as refused:
            add_problems(form, refused)
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, told)
            return redirect("relief_case", reference)
    return _page(request, row, {do: form}, status=422)


def _answer(request: HttpRequest, row: Case, data: dict[str, Any]) -> str:
    actions.answer(case=row, **_words(request, data))
    return _("Said. The other side is told.")


def _settle(request: HttpRequest, row: Case, data: dict[str, Any]) -> str:
    settled = settling.settle(
        case=row,
        remedy=Remedy(data["remedy"]),
        quantity=data["quantity"],
        key=data["key"],
        **_words(request, data),
    )
    document = settled.settled_by
    if document is None:
        return _("The case has ended.")
    return _("The case has ended: %(number)s.") % {"number": document.number}


def _withdraw(request: HttpRequest, row: Case, data: dict[str, Any]) -> str:
    actions.withdraw(case=row, **_words(request, data))
    return _("The case is withdrawn.")


def _reopen(request: HttpRequest, row: Case, data: dict[str, Any]) -> str:
    settling.reopen(case=row, key=data["key"], **_words(request, data))
    return _("The case is open again.")


_STEPS: dict[str, Callable[[HttpRequest, Case, dict[str, Any]], str]] = {
    "answer": _answer,
    "settle": _settle,
    "withdraw": _withdraw,
    "reopen": _reopen,
}


def _words(request: HttpRequest, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "text": data["text"],
        "language": access.reading(request),
        "by": access.signed_in(request),
    }


def _form(do: str, row: Case, data: Any = None) -> forms.Form:
    if do == "settle":
        return Settle(data, case=row, prefix=None, auto_id="settle_%s")
    made = Say if do == "answer" else Because
    return made(data, auto_id=f"{do}_%s")


def _open_steps(request: HttpRequest, row: Case) -> list[str]:
    who, state = access.member(request), CaseState(row.state)
    settles = rules.may_settle_case(who, row)
    steps = []
    if state in (CaseState.OPEN, CaseState.ANSWERED):
        if rules.may_answer_case(who, row):
            steps.append("answer")
        if settles:
            steps.append("settle")
            if actions.REMEDIES[CaseKind(row.kind)] != actions.IN_QUARANTINE:
                steps.append("withdraw")
    elif state == CaseState.RESOLVED and settles:
        steps.append("reopen")
    return steps


def _page(
    request: HttpRequest, row: Case, given: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    language, given = access.reading(request), given or {}
    events = list(row.events.select_related("by"))
    shown = texts.for_reader([(event.text, event.language) for event in events], language)
    return render(
        request,
        "relief/receiving/case.html",
        {
            "row": row,
            "name": names.of([row.lot.item], language)[row.lot.item_id],
            "events": list(zip(events, shown, strict=True)),
            "why": reasons(row.document, row.lot),
            "photos": row.document.photos.all(),
            "steps": [
                (do, given.get(do) or _form(do, row), do in given)
                for do in _open_steps(request, row)
            ],
        },
        status=status,
    )
