"""Forms of allocation runs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from medixchange.core.templatetags.parts import grouped
from medixchange.relief.actions.postable import LARGEST
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.models import Item, Pack, Place
from medixchange.relief.sharing import LEAST_PRIORITY, MOST_PRIORITY, Parameters
from medixchange.relief.views.agency.forms import reason
from medixchange.relief.views.agency.shares import NAMES


def _percent(label: Any, least: int, help_text: Any, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=100,
        initial=initial,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class ParametersForm(forms.Form):
    """What is asked beside needs and stock."""

    reserve_percent = _percent(_("Reserve (%)"), 0, _("Of what is in the store, kept back."), 0)
    floor_percent = _percent(
        _("Floor (%)"), 0, _("Of each need; everybody gets this before anybody gets more."), 0
    )
    cap_percent = _percent(_("Cap (%)"), 1, _("Of each need; nobody gets more."), 100)
    round_up = forms.BooleanField(label=_("The last pack may go past a need"), required=False)
    count_arrivals = forms.BooleanField(
        label=_("Plan with what is on its way to the store"), required=False, initial=True
    )

    def __init__(self, *args: Any, packs: Mapping[str, Sequence[Pack]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, listed in packs.items():
            self.fields[f"pack-{code}"] = forms.TypedChoiceField(
                label=_("Handed out in"),
                coerce=int,
                choices=[(pack.units, f"{pack.name} ({grouped(pack.units)})") for pack in listed]
                + [(1, _("single units"))],
            )

    def parameters(self, before: Parameters | None = None) -> Parameters:
        """The parameters; priorities stay as they were."""
        data = self.cleaned_data
        return Parameters(
            reserve_percent=data["reserve_percent"],
            floor_percent=data["floor_percent"],
            cap_percent=data["cap_percent"],
            round_up=data["round_up"],
            count_arrivals=data["count_arrivals"],
            priorities=before.priorities if before else {},
            packs={
                name.removeprefix("pack-"): units
                for name, units in data.items()
                if name.startswith("pack-") and units
            },
        )


class PlanAgainForm(ParametersForm):
    """A draft's parameters, and whether to look at needs and stock anew."""

    refresh = forms.BooleanField(
        label=_("Take the needs and the stock of now"), required=False, initial=True
    )


class NewRunForm(forms.Form):
    """Which items, among whom, by which method; parameters come on the next page."""

    items = forms.ModelMultipleChoiceField(
        label=_("Items"), queryset=Item.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    method = forms.ChoiceField(
        label=_("Method to begin with"),
        choices=[(method, NAMES[method]) for method in METHODS],
        widget=forms.RadioSelect,
        initial="maxmin",
        help_text=_("The next page shows all four side by side; you choose there."),
    )
    left_out = forms.ModelMultipleChoiceField(
        label=_("Leave out"),
        queryset=Place.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        items: Mapping[int, str],
        facilities: Sequence[Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = cast(forms.ModelMultipleChoiceField, self.fields["items"])
        offered.queryset = Item.objects.filter(pk__in=items)
        offered.label_from_instance = lambda obj: items[obj.pk]  # type: ignore[method-assign]
        left_out = cast(forms.ModelMultipleChoiceField, self.fields["left_out"])
        left_out.queryset = Place.objects.filter(pk__in=[place.pk for place in facilities])


class ChangeForm(forms.Form):
    """What one facility gets, by hand."""

    quantity = forms.IntegerField(
        label=_("It gets"),
        min_value=0,
        max_value=LARGEST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = reason(_("Why"))

    def __init__(self, *args: Any, pack: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].widget.attrs["step"] = pack
        if pack > 1:
            self.fields["quantity"].help_text = _("In whole packs of %(pack)s.") % {
                "pack": grouped(pack)
            }


class PriorityForm(forms.Form):
    """How urgent a facility's needs are."""

    priority = forms.DecimalField(
        label=_("How urgent"),
        min_value=LEAST_PRIORITY,
        max_value=MOST_PRIORITY,
        decimal_places=2,
        initial=Decimal(1),
        help_text=_("1 is usual, 2 is twice as urgent. Counts most in “Most use from each pack”."),
    )


class BecauseForm(forms.Form):
    """Why a run is discarded."""

    reason = reason(_("Why"))
