"""Forms of who sends."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Kind, Organisation
from medixchange.relief.forms import DATE, Keyed, Moment, offer
from medixchange.relief.models import (
    Item,
    Place,
    PlaceKind,
    Pledge,
    StageKind,
)
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.states import PledgeState

#: So many places are offered where what was typed names more than one.
OFFERED = 20


class NewConsignment(forms.Form):
    """Where from, where to, and what is known of the way."""

    origin = forms.ModelChoiceField(
        label=_("From"), queryset=Place.objects.none(), empty_label=None
    )
    destination = forms.CharField(
        label=_("To"),
        max_length=200,
        help_text=_("Name or code of a store or facility; a part of it is enough."),
    )
    chosen = forms.ModelChoiceField(
        label=_("Which of these?"),
        queryset=Place.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    pledge = forms.ModelChoiceField(
        label=_("Pledge it fulfils"), queryset=Pledge.objects.none(), required=False
    )
    carrier = forms.ModelChoiceField(
        label=_("Carrier"), queryset=Organisation.objects.none(), required=False
    )
    transport_reference = forms.CharField(
        label=_("Waybill or plate"), max_length=60, required=False
    )
    expected_on = forms.DateField(label=_("Expected on"), required=False, widget=DATE)
    note = forms.CharField(
        label=_("Note for the receiver"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In your language; they read it in theirs."),
    )

    def __init__(self, *args: Any, origins: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [place.pk for place in origins]
        carriers = Organisation.objects.filter(kind=Kind.CARRIER)
        pledges = Pledge.objects.filter(
            donor__in=own, state__in=[PledgeState.ANNOUNCED, PledgeState.CONFIRMED]
        )
        self.found = self._matching(self.data.get("destination", ""))
        offer(self, "origin", Place.objects.filter(pk__in=own))
        offer(self, "chosen", Place.objects.filter(pk__in=[place.pk for place in self.found]))
        if len(self.found) < 2 and not self.data.get("chosen"):
            del self.fields["chosen"]
        for name, rows in (("carrier", carriers), ("pledge", pledges)):
            offer(self, name, rows)
            if not rows.exists():
                # Nothing to choose from is nothing to ask.
                del self.fields[name]

    def _matching(self, words: str) -> list[Place]:
        """The place of this code or name, else those whose name or code holds every word."""
        if not words.strip():
            return []
        found = Place.objects.filter(kind__in=[PlaceKind.STORE, PlaceKind.FACILITY])
        exact = found.filter(Q(code=words.strip()) | Q(name__iexact=words.strip()))[:2]
        if len(exact) == 1:
            return list(exact)
        for word in words.split():
            found = found.filter(Q(name__icontains=word) | Q(code__icontains=word))
        return list(found[:OFFERED])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        words = data.get("destination", "")
        if not words:
            return data
        place = data.get("chosen")
        if place is None and len(self.found) == 1:
            place = self.found[0]
        if place is None and self.found:
            self.add_error(
                "destination", gettext("Several places are called so. Choose one below.")
            )
        elif place is None:
            self.add_error(
                "destination",
                gettext(
                    "No store or facility is called “%(name)s”. Check the name or ask for its code."
                )
                % {"name": words},
            )
        data["place"] = place
        return data


class AddBoxes(forms.Form):
    """Boxes that hold the same."""

    first = forms.IntegerField(label=_("First box"), min_value=1, max_value=100_000)
    boxes = forms.IntegerField(
        label=_("How many such boxes"), min_value=1, max_value=10_000, initial=1
    )
    item = forms.TypedChoiceField(label=_("Item"))
    quantity = forms.IntegerField(
        label=_("Quantity in each box"),
        min_value=1,
        help_text=_("In the item's unit: single masks, not packs of masks."),
    )
    lot = forms.CharField(
        label=_("Lot"), max_length=40, required=False, help_text=_("As printed on the box.")
    )
    expires_on = forms.DateField(label=_("Expires"), required=False, widget=DATE)
    weight_kg = forms.DecimalField(
        label=_("Gross weight of a box (kg)"),
        required=False,
        min_value=Decimal("0.001"),
        max_value=Decimal(30_000),
        decimal_places=3,
    )
    codes = forms.BooleanField(
        label=_("Give each box an SSCC"),
        required=False,
        help_text=_("A number of its own for each box, from your company prefix."),
    )

    def __init__(self, *args: Any, language: str, origin: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = list(Item.objects.filter(is_current=True).select_related("name"))
        named = names_of(items, language)
        self.fields["item"] = forms.TypedChoiceField(
            label=_("Item"),
            choices=[
                (item.pk, f"{named[item.pk].text} ({item.get_unit_display()})") for item in items
            ],
            coerce={str(item.pk): item for item in items}.__getitem__,
        )
        if not origin.gs1_prefix:
            del self.fields["codes"]


class RemoveBoxes(forms.Form):
    """Boxes to take off the list again."""

    first = forms.IntegerField(label=_("From box"), min_value=1)
    last = forms.IntegerField(label=_("To box"), min_value=1)


class Step(Keyed):
    """When and where something happened on the way."""

    happened_at = Moment()
    location = forms.CharField(label=_("Where"), max_length=200, required=False)
    temperature_c = forms.DecimalField(
        label=_("Highest temperature on the way (°C)"),
        required=False,
        max_digits=4,
        decimal_places=1,
    )

    def __init__(self, *args: Any, place: Place, cold: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        moment = self.fields["happened_at"]
        assert isinstance(moment, Moment)  # noqa: S101 - for the type checker
        moment.at(place)
        if not cold:
            del self.fields["temperature_c"]


class OnTheWay(Step):
    """An event of the way that moves no account."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (kind.value, kind.label)
            for kind in (
                StageKind.HELD,
                StageKind.RELEASED,
                StageKind.IN_TRANSPORT,
                StageKind.HANDED_OVER,
            )
        ],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("In your language; others read it in theirs."),
    )
    field_order = ("kind", "happened_at", "location", "temperature_c", "note")


class Because(Keyed):
    """A reason, for what takes something back."""

    note = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
