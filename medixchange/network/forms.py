"""Forms about members."""

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.network.models import Member


class MemberFields(forms.Form):
    """What we ask a new member beside address and password; allauth mixes it into its form."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As colleagues should see it beside what you write."),
    )
    reads = forms.MultipleChoiceField(
        label=_("Languages you read"),
        choices=languages.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    field_order = ("name", "email", "password1", "reads")

    def signup(self, request: HttpRequest, member: Member) -> None:
        """Called by allauth inside its own transaction, after the member was made."""
        member.name = self.cleaned_data["name"]
        member.reads = self.cleaned_data["reads"]
        code = get_language()
        if code in dict(settings.LANGUAGES):
            member.interface_language = code
        member.save()
