"""Forms of needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from medixchange.relief.forms import DATE
from medixchange.relief.models import Item
from medixchange.relief.views.agency.forms import choose, number, reason
from medixchange.translation.queries import Shown


class NeedForm(forms.Form):
    """What a facility needs of one item."""

    item = forms.ModelChoiceField(label=_("Item"), queryset=Item.objects.all())
    quantity = number(
        _("Quantity that must come"),
        help_text=_(
            "On top of what lies with you now. What is on its way counts towards it. "
            "In the item's unit: single masks, not packs of masks."
        ),
    )
    by_when = forms.DateField(label=_("Needed by"), widget=DATE)
    daily_use = number(
        _("Use in a day"),
        min_value=0,
        required=False,
        help_text=_("Shows everybody how long your stock lasts."),
    )
    note = reason(_("Note"), required=False)

    def __init__(
        self, *args: Any, items: Sequence[Item], names: Mapping[int, Shown], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "item", items, lambda one: f"{names[one.pk].text} ({one.get_unit_display()})")


class WithdrawForm(forms.Form):
    """Why something is not needed any more."""

    reason = reason(_("Why it is not needed any more"))
