"""Bringing tables in: look at what each row would become first, then keep it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import access, rules
from medixchange.relief.actions import importing
from medixchange.relief.actions.importing import Done, Outcome
from medixchange.relief.forms import DATE, offer
from medixchange.relief.interchange import tables
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.hospitals import HOSPITALS
from medixchange.relief.interchange.kinds import DONATIONS, NEEDS
from medixchange.relief.interchange.records import ITEMS, PACKING
from medixchange.relief.interchange.templates import Template
from medixchange.relief.models import Consignment, Place, PlaceKind
from medixchange.relief.refusals import Refused
from medixchange.relief.states import TransitionRefused
from medixchange.relief.views.giving import forms as fields
from medixchange.relief.views.giving import uploads
from medixchange.relief.views.giving.pledges import donors_of

PAGE = 50
#: Bytes of a file that the site takes; larger ones go through the command.
LARGEST = 5_000_000
#: Rows that a page request may wait for.
MOST_ROWS = 2_000
#: Rows that a report shows.
TOLD = 300


class Table(forms.Form):
    """A table to bring in."""

    file = forms.FileField(
        label=gettext_lazy("Table"),
        error_messages={"required": gettext_lazy("Choose the file.")},
        allow_empty_file=True,
        help_text=gettext_lazy("CSV or XLSX, at most 5 MB and 2,000 rows, with or without a row of "
                               "HXL hashtags."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.xlsx"}),
    )  # fmt: skip
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.let_out_file(self.data.get("token", ""))

    def let_out_file(self, token: str) -> None:
        """The file need not be chosen again while the token of a kept one is there."""
        self.fields["file"].required = not token

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than 5 MB. Cut it up, or have the operator import it.")
            )
        return file


class ItemTable(Table):
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the names"), choices=languages.choices
    )
    essential = forms.CharField(
        label=gettext_lazy("List of essentials that it is"), max_length=100, required=False
    )


class PlaceTable(Table):
    country = forms.ChoiceField(
        label=gettext_lazy("Country of all"),
        required=False,
        help_text=gettext_lazy("For a list without a column of countries."),
    )
    is_restricted = forms.BooleanField(
        label=gettext_lazy("Keep their names out of every public page"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(
            label=_("Country of all"),
            required=False,
            choices=[("", "–"), *fields.country_choices()],
            help_text=_("For a list without a column of countries."),
        )


class NeedTable(Table):
    by_when = forms.DateField(
        label=gettext_lazy("Needed by"),
        required=False,
        widget=DATE,
        help_text=gettext_lazy("For rows that give no day."),
    )


class DonationTable(Table):
    donor = forms.ModelChoiceField(
        label=gettext_lazy("Donor"), queryset=Place.objects.none(), empty_label=None
    )
    announced_on = forms.DateField(label=gettext_lazy("Published on"), widget=DATE)
    source_url = forms.URLField(
        label=gettext_lazy("Published at"), max_length=300, required=False, assume_scheme="https"
    )


Importer = Callable[[Path, dict[str, Any], Member, bool], Done]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of table: its form, who may bring it in, and what does it."""

    title: Promise
    form: type[Table]
    template: Template
    may: Callable[[Member], bool]
    act: Importer
    #: The name of the address that shows what came of it.
    after: str


def _items(path: Path, data: dict[str, Any], who: Member, dry_run: bool) -> Done:
    return importing.import_items(
        path,
        language=data["language"],
        essential=data["essential"],
        by=who,
        dry_run=dry_run,
    )


def _places(path: Path, data: dict[str, Any], who: Member, dry_run: bool) -> Done:
    return importing.import_places(
        path,
        country=data["country"],
        is_restricted=data["is_restricted"],
        by=who,
        dry_run=dry_run,
    )


def _needs(path: Path, data: dict[str, Any], who: Member, dry_run: bool) -> Done:
    return importing.import_needs(path, by_when=data["by_when"], by=who, dry_run=dry_run)


def _donations(path: Path, data: dict[str, Any], who: Member, dry_run: bool) -> Done:
    return importing.import_donations(
        path,
        donor=data["donor"],
        announced_on=data["announced_on"],
        source_url=data["source_url"],
        by=who,
        dry_run=dry_run,
    )


KINDS = {
    "items": Kind(
        gettext_lazy("Import items"),
        ItemTable, ITEMS, rules.may_keep_catalogue, _items, "relief_items",
    ),
    "places": Kind(
        gettext_lazy("Import facilities"),
        PlaceTable, HOSPITALS, rules.may_keep_catalogue, _places, "",
    ),
    "needs": Kind(
        gettext_lazy("Import needs"),
        NeedTable, NEEDS, lambda who: bool(access.places_of(who, PlaceKind.FACILITY)), _needs,
        "relief_needs",
    ),
    "donations": Kind(
        gettext_lazy("Import a published list of donations"),
        DonationTable, DONATIONS, lambda who: bool(donors_of(who)), _donations,
        "relief_to_settle",
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def table(request: HttpRequest, kind: str) -> HttpResponse:
    """Look at a table row by row, then keep it."""
    chosen, who = KINDS.get(kind), access.signed_in(request)
    if chosen is None:
        raise Http404
    if not chosen.may(who):
        raise rules.NotAllowed
    initial = {"language": access.reading(request)}
    form = chosen.form(request.POST or None, request.FILES or None, initial=initial)
    if isinstance(form, DonationTable):
        own = [place.pk for place in donors_of(who)]
        offer(form, "donor", Place.objects.filter(pk__in=own))
    return _answer(
        request,
        form,
        kind,
        chosen.template,
        chosen.title,
        lambda path, dry_run: chosen.act(path, form.cleaned_data, who, dry_run),
        lambda: reverse(chosen.after) if chosen.after else request.path,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def packing_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring in a consignment's packing list."""
    row: Consignment = access.consignment(request, reference)
    who = access.signed_in(request)
    if not rules.may_send(who, row):
        raise rules.NotAllowed
    return _answer(
        request,
        Table(request.POST or None, request.FILES or None),
        f"packing {row.pk}",
        PACKING,
        _("Import the packing list of %(reference)s") % {"reference": row.reference},
        lambda path, dry_run: importing.import_packing_list(
            path, consignment=row, by=who, dry_run=dry_run
        ),
        lambda: reverse("relief_packing", args=[row.reference]),
    )


def _answer(
    request: HttpRequest,
    form: Table,
    kind: str,
    template: Template,
    title: str | Promise,
    act: Callable[[Path, bool], Done],
    after: Callable[[], str],
) -> HttpResponse:
    who, done, token = access.signed_in(request), None, ""
    if form.is_bound and form.is_valid():
        path, token = _file(form, who, kind)
        keeping = request.POST.get("what") == "keep"
        form.let_out_file(token)
        if path is not None:
            try:
                _require_few_rows(path)
                done = act(path, not keeping)
            except Unreadable as problem:
                form.add_error("file", str(problem))
            except (Refused, TransitionRefused) as problem:
                form.add_error(None, str(problem))
        if done is not None and keeping and not _nothing_kept(done):
            messages.success(request, _sums(done))
            return redirect(after())
    return render(
        request,
        "relief/giving/import.html",
        {
            "form": form,
            "title": title,
            "columns": template.fields,
            "done": done,
            "told": [row for row in done.rows if row.findings or _is_news(row)][:TOLD]
            if done
            else [],
            "sums": _sums(done) if done else "",
            "may_keep": done is not None and not _nothing_kept(done),
            "token": token,
        },
        status=422 if form.is_bound and done is None else 200,
    )


def _is_news(row: importing.Kept) -> bool:
    return row.outcome is not Outcome.SAME


def _nothing_kept(done: Done) -> bool:
    """Whether nothing would be kept of a file: all refused, or a whole that is not taken."""
    totals = done.totals()
    return totals["refused"] + totals["left"] + totals["same"] == totals["rows"]


def _file(form: Table, who: Member, kind: str) -> tuple[Path | None, str]:
    """The file of a form, sent now or kept from before, and the token that names it."""
    token = form.cleaned_data["token"]
    if form.cleaned_data["file"]:
        token = uploads.keep(form.cleaned_data["file"], member=who.pk, kind=kind)
    path = uploads.find(token, member=who.pk, kind=kind) if token else None
    if path is None:
        form.add_error("file", _("Choose the file."))
        return None, ""
    return path, token


def _require_few_rows(path: Path) -> None:
    if len(tables.read(path).rows) > MOST_ROWS:
        raise Unreadable(
            path,
            "",
            _("the file has more than %(limit)d rows.") % {"limit": MOST_ROWS},
            _("Cut it up, or have the operator import it with the command."),
        )


def _sums(done: Done) -> str:
    totals = done.totals()
    return _(
        "%(rows)d rows: %(taken)d taken, %(changed)d changed, %(same)d the same as before, "
        "%(settle)d to settle, %(refused)d refused."
    ) % {str(name): number for name, number in totals.items()}
