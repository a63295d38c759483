"""Needs computed from a caseload: numbers in, proposed needs out, each with how it was computed."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from medixchange.relief import access
from medixchange.relief.actions import needs as actions
from medixchange.relief.actions.stock import day_at
from medixchange.relief.forecast import Caseload, Options, Staff
from medixchange.relief.forms import DATE
from medixchange.relief.models import Need, Place
from medixchange.relief.queries import forecasting, names
from medixchange.relief.queries.forecasting import Proposal
from medixchange.relief.refusals import Refused
from medixchange.relief.views.agency.needs import own_facility


def _people(label: Any, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=1_000_000,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        **kwargs,
    )


class CaseloadForm(forms.Form):
    """Patients in care on an average day, and for how long to provide."""

    mild = _people(_("Mild patients"))
    moderate = _people(_("Moderate patients"))
    severe = _people(_("Severe patients"), help_text=_("Each in a bed."))
    critical = _people(_("Critical patients"), help_text=_("Each in intensive care."))
    days = forms.IntegerField(
        label=_("For how many days"),
        min_value=1,
        max_value=366,
        initial=28,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    hcw = _people(_("Health workers on a day"), help_text=_("Empty: reckoned from the patients."))
    cleaners = _people(_("Cleaners on a day"), help_text=_("Empty: reckoned from the patients."))
    screened = _people(_("People screened a day"))
    tests = _people(_("Tests in the whole time"))
    buffer = forms.IntegerField(
        label=_("Safety margin (%)"), min_value=0, max_value=200, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        asked = ("mild", "moderate", "severe", "critical", "screened", "tests", "hcw")
        if not self.errors and not any(data.get(name) for name in asked):
            self.add_error(None, gettext("Give the number of patients, or of people screened."))
        return data

    def proposal(self, rates: Any) -> Proposal:
        """What these numbers need."""
        data = self.cleaned_data

        def count(name: str) -> Fraction:
            return Fraction(data.get(name) or 0)

        def given(name: str) -> Fraction | None:
            return None if data.get(name) is None else Fraction(data[name])

        return forecasting.propose(
            rates,
            Caseload(count("mild"), count("moderate"), count("severe"), count("critical")),
            Options(
                days=data["days"],
                screened=data.get("screened") or 0,
                tests=data.get("tests") or 0,
                buffer=count("buffer"),
            ),
            staff=Staff(hcw=given("hcw"), cleaners=given("cleaners")),
        )


class StateForm(forms.Form):
    """Which of the proposed needs to state, and by when."""

    by_when = forms.DateField(label=_("Needed by"), widget=DATE)
    items = forms.MultipleChoiceField(label=_("Needs to state"))

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(code, code) for code in codes]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def forecast(request: HttpRequest, code: str) -> HttpResponse:
    """Compute needs. The numbers are in the address, so that what is stated is what was shown."""
    facility = own_facility(request, code)
    rates = forecasting.rates()
    asked = "days" in request.GET
    form = CaseloadForm(request.GET if asked else None)
    proposal = form.proposal(rates) if rates and asked and form.is_valid() else None
    state = None
    if proposal is not None:
        state = StateForm(
            request.POST if request.method == "POST" else None,
            codes=[one.item.code for one in proposal.needs],
            initial={"by_when": day_at(facility, timezone.now()) + timedelta(days=14)},
        )
        if state.is_bound and state.is_valid():
            try:
                made = _state(request, facility, proposal, state)
            except Refused as refused:
                for problem in refused.problems:
                    field = problem.where if problem.where in state.fields else None
                    state.add_error(field, problem.what)
            else:
                said = ngettext("%(n)d need is stated.", "%(n)d needs are stated.", made)
                messages.success(request, said % {"n": made})
                return redirect("relief_needs")
    bad = (asked and not form.is_valid()) or (state is not None and state.is_bound)
    named = names.of(
        [one.item for one in proposal.needs] if proposal else [], access.reading(request)
    )
    return render(
        request,
        "relief/agency/forecast.html",
        {
            "place": facility,
            "rates": rates,
            "form": form,
            "state": state,
            "proposal": proposal,
            "needs": [(one, named[one.item.pk], one.line.basis()) for one in proposal.needs]
            if proposal
            else [],
            "chosen": request.POST.getlist("items") if request.method == "POST" else None,
            "case": proposal.forecast.as_json() if proposal else {},
        },
        status=422 if bad else 200,
    )


@transaction.atomic
def _state(request: HttpRequest, facility: Place, proposal: Proposal, form: StateForm) -> int:
    chosen = set(form.cleaned_data["items"])
    stated = [one for one in proposal.needs if one.item.code in chosen]
    for one in stated:
        actions.state_need(
            facility=facility,
            item=one.item,
            quantity=one.line.quantity,
            by_when=form.cleaned_data["by_when"],
            daily_use=one.daily_use,
            basis=Need.Basis.COMPUTED,
            working=proposal.working(one),
            by=access.signed_in(request),
        )
    return len(stated)
