"""Forms of guidelines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.network.models import Member, Organisation


class ImportForm(forms.Form):
    """What is asked of who brings in a document."""

    file = forms.FileField(
        label=_("Document"),
        # The reader refuses it, with its name and what to do.
        allow_empty_file=True,
        help_text=_("Word (.docx), Markdown (.md), HTML or plain text, at most 25 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx,.md,.markdown,.html,.htm,.txt"}),
    )
    language = forms.ChoiceField(label=_("Language it is written in"), choices=languages.choices)
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        required=False,
        help_text=_("Left empty, the title in the document is taken."),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=100,
        required=False,
        help_text=_("For its address, in Latin letters. Left empty, it is made from the title."),
    )
    owner = forms.ModelChoiceField(
        label=_("Organisation it belongs to"),
        queryset=Organisation.objects.none(),
        empty_label=None,
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {m.organisation_id for m in member.current_memberships if m.organisation.is_verified}
        field = self.fields["owner"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = Organisation.objects.filter(pk__in=own)
