"""The page of one lot, where its expiry date is put right."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medixchange.relief import access, rules
from medixchange.relief.actions.lots import correct_expiry
from medixchange.relief.forms import DATE, add_problems
from medixchange.relief.models import Lot
from medixchange.relief.queries import lots, names
from medixchange.relief.queries.public import visible
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.views.agency.forms import reason


class ExpiryForm(forms.Form):
    """The date that is printed on the box, and why it is changed."""

    expires_on = forms.DateField(label=gettext_lazy("Expires"), widget=DATE, required=False)
    reason = reason(gettext_lazy("Why"), help_text="")

    def __init__(self, data: QueryDict | None, *, lot: Lot) -> None:
        super().__init__(data, initial={"expires_on": lot.expires_on})
        self.fields["expires_on"].required = lot.item.expires


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """One lot: what it is, who gave it, when it expires; and its date put right."""
    who, row = access.signed_in(request), access.lot(request, pk)
    may_correct = rules.may_correct_expiry(who, row)
    form = ExpiryForm(request.POST if request.method == "POST" else None, lot=row)
    if form.is_bound:
        if not may_correct:
            raise NotAllowed
        if form.is_valid():
            data = form.cleaned_data
            try:
                correct_expiry(
                    lot=row, expires_on=data["expires_on"], reason=data["reason"], by=who
                )
            except Refused as refused:
                add_problems(form, refused)
            else:
                messages.success(request, _("The date is put right."))
                return redirect("relief_lot", row.pk)
    language = access.reading(request)
    return render(
        request,
        "relief/agency/lot.html",
        {
            "lot": row,
            "name": names.of([row.item], language)[row.item_id],
            "giver": visible.place_name(row.source, language),
            "is_expired": row.has_expired(timezone.now().date()),
            "form": form,
            "may_correct": may_correct,
            "may_recall": rules.may_recall(who),
            "corrections": lots.corrections(row),
        },
        status=422 if form.is_bound else 200,
    )
