"""Fields and forms that several pages of relief share."""

import uuid
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from medixchange.relief.models import Place
from medixchange.relief.refusals import Problem, Refused


class Moment(forms.DateTimeField):
    """A date and time as a clock at a place showed it; gives an aware moment."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("When"))
        kwargs.setdefault(
            "widget",
            forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        )
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)
        self.zone = ZoneInfo("UTC")

    def at(self, place: Place) -> None:
        """Read and show times as clocks at this place."""
        self.zone = ZoneInfo(place.time_zone)
        self.help_text = _("As clocks show it at %(place)s (%(zone)s).") % {
            "place": place.name,
            "zone": place.time_zone,
        }

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = value.astimezone(self.zone).replace(tzinfo=None)
        return value

    def clean(self, value: Any) -> Any:
        with timezone.override(self.zone):
            return super().clean(value)


class Keyed(forms.Form):
    """A form that posts a document: pressed twice, it posts once."""

    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = str(uuid.uuid4())


#: Shared by fields: Django gives each form a copy of its own.
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field of the form choose among these rows."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
    field.queryset = rows


def add_problems(form: forms.Form, refused: Refused) -> None:
    """Put each problem of a refusal at its field, or over the form where it has none."""
    for problem in refused.problems:
        form.add_error(problem.where if problem.where in form.fields else None, in_html(problem))


def in_html(problem: Problem) -> str:
    """A problem as a page shows it, with a link to where it can be put right."""
    if not problem.page:
        return problem.what
    return format_html(
        '{} <a href="{}">{}</a>', problem.what, problem.page, _("Put it right there")
    )
