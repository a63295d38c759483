"""Taking a receipt back that was counted wrong, so that it is counted anew."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from medixchange.relief import access, rules
from medixchange.relief.actions import settling
from medixchange.relief.forms import add_problems
from medixchange.relief.refusals import Refused
from medixchange.relief.states import TransitionRefused
from medixchange.relief.views.receiving.cases import Because
from medixchange.relief.views.receiving.papers import receipt


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """Say why, and reverse it. For who handles goods at the place that counted."""
    document = receipt(request, number)
    consignment = document.consignment
    who = access.signed_in(request)
    if consignment is None or not rules.may_handle(who, consignment.destination):
        raise rules.NotAllowed
    form = Because(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            posted = settling.take_back(
                document=document,
                key=form.cleaned_data["key"],
                note=form.cleaned_data["text"],
                note_language=access.reading(request),
                by=who,
            )
        except Refused as refused:
            add_problems(form, refused)
        except TransitionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("%(number)s is reversed by %(by)s. Count the goods anew.")
                % {"number": document.number, "by": posted.document.number},
            )
            return redirect("relief_receive", consignment.reference)
    return render(
        request,
        "relief/receiving/take_back.html",
        {"document": document, "row": consignment, "form": form},
        status=422 if form.is_bound else 200,
    )
