"""The filters of the public pages: a plain form of the address, the same for pages and files."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medixchange.relief.forms import DATE
from medixchange.relief.models import Item, Place, PledgeSplit
from medixchange.relief.queries.public import asking, flows, visible
from medixchange.relief.queries.public.asking import Asked
from medixchange.translation.queries import Shown


class Filters(forms.Form):
    """Donor, country, item and weeks. Needs what there is to choose from."""

    # Their choices are put in for each request.
    item = forms.ChoiceField(label=gettext_lazy("Item"), required=False)
    donor = forms.ChoiceField(label=gettext_lazy("Donor"), required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From the week of"),
        required=False,
        widget=DATE,
    )
    until = forms.DateField(
        label=gettext_lazy("To the week of"),
        required=False,
        widget=DATE,
    )
    example = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any,
        *,
        items: Sequence[Item],
        names: dict[int, Shown],
        givers: Sequence[Place],
        countries: Sequence[str],
        language: str,
    ) -> None:
        super().__init__(data)
        self._items = {item.code: item for item in items}
        self._givers = {giver.code: giver for giver in givers}
        self._choices("item", _("All items"), [(i.code, names[i.pk].text) for i in items])
        self._choices(
            "donor",
            _("All donors"),
            [(giver.code, visible.place_name(giver, language)) for giver in givers],
        )
        self._choices(
            "country",
            _("All countries"),
            [(code, visible.country_name(code, language)) for code in countries],
        )

    def _choices(self, name: str, every: str, choices: list[tuple[str, str]]) -> None:
        ordered = sorted(choices, key=lambda choice: choice[1].casefold())
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=[("", every), *ordered]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last week is before the first one."))
        return data

    def asked(self, examples: tuple[int, ...]) -> Asked:
        """What a valid form asks for; days become whole weeks."""
        data = self.cleaned_data
        return Asked(
            donor=self._givers.get(data["donor"]),
            country=data["country"],
            item=self._items.get(data["item"]),
            since=asking.week_of(data["since"])[0] if data["since"] else None,
            until=asking.week_of(data["until"])[1] if data["until"] else None,
            example=data["example"],
            examples=examples,
        )


class Choices:
    """What there is to choose from, read once for a request.

    Attributes:
        examples: keys of the donor accounts of examples.
        givers: donor accounts that can be told one by one, of examples or not as asked.
    """

    def __init__(
        self, request: HttpRequest, items: Sequence[Item], names: dict[int, Shown]
    ) -> None:
        self.items, self.names = items, names
        self.examples = asking.example_accounts()
        self.every_giver = asking.givers()
        example = bool(request.GET.get("example"))
        self.givers = [giver for giver in self.every_giver if giver.is_example == example]
        pledged = PledgeSplit.objects.order_by().values_list("country", flat=True).distinct()
        self.countries = sorted({*flows.countries(), *pledged})

    def form(self, request: HttpRequest, language: str) -> Filters:
        """The form of this request's address."""
        return Filters(
            request.GET,
            items=self.items,
            names=self.names,
            givers=self.givers,
            countries=self.countries,
            language=language,
        )
