"""Forms of search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from medixchange.search.actions.noting import LONGEST_REASON
from medixchange.search.models import Every


class Mail(forms.Form):
    """How often a saved search writes."""

    every = forms.ChoiceField(
        label=_("Mail about new answers"),
        choices=Every,
        initial=Every.WEEK,
        widget=forms.RadioSelect,
    )


class Done(forms.Form):
    """An editor's mark on what nobody had answered."""

    words = forms.CharField(max_length=100, widget=forms.HiddenInput)
    language = forms.CharField(max_length=10, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("What was done"), max_length=LONGEST_REASON)
