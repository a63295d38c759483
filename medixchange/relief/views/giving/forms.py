"""Forms of the catalogue and of pledges."""

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from medixchange.core import countries, languages
from medixchange.relief.actions.catalogue import LONGEST_NAME
from medixchange.relief.actions.ledger import LARGEST
from medixchange.relief.forms import DATE, offer
from medixchange.relief.models import Item, Place, Pledge, Unit
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.refusals import Refused

#: Rows of a table that one page takes.
ROWS = 50


class ItemFacts(forms.Form):
    """What is said of an item beside its code."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    language = forms.ChoiceField(label=_("Language of the name"), choices=languages.choices)
    unit = forms.ChoiceField(
        label=_("Unit it is counted in"),
        choices=Unit.choices,
        help_text=_(
            "The smallest that is ever handed out. It cannot change once goods are on record."
        ),
    )
    category = forms.CharField(label=_("Category"), max_length=60, required=False)
    weight_g = forms.DecimalField(
        label=_("Weight of one unit (g)"), max_digits=12, decimal_places=3, required=False
    )
    volume_ml = forms.DecimalField(
        label=_("Volume of one unit (ml)"), max_digits=12, decimal_places=3, required=False
    )
    expires = forms.BooleanField(
        label=_("It has an expiry date"),
        required=False,
        help_text=_("Then goods without one are not taken in."),
    )
    shelf_life_days = forms.IntegerField(label=_("Shelf life (days)"), required=False)
    cold_min_c = forms.DecimalField(
        label=_("Coldest (°C)"), max_digits=4, decimal_places=1, required=False
    )
    cold_max_c = forms.DecimalField(
        label=_("Warmest (°C)"),
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text=_("Only for goods that must be kept cool."),
    )
    gtin = forms.CharField(
        label="GTIN",
        max_length=20,
        required=False,
        help_text=_("Of one unit, as under its bar code: 8, 12, 13 or 14 digits."),
    )
    unspsc = forms.CharField(label="UNSPSC", max_length=8, required=False)
    gmdn = forms.CharField(label="GMDN", max_length=5, required=False)
    essential = forms.CharField(
        label=_("Named as essential by"),
        max_length=100,
        required=False,
        help_text=_("The list and its version."),
    )

    def facts(self) -> dict[str, Any]:
        """The facts as the actions take them: all but the name."""
        data = dict(self.cleaned_data)
        for name in ("code", "name", "language"):
            data.pop(name, None)
        data["unit"] = Unit(data["unit"])
        return data

    @classmethod
    def facts_of(cls, item: Item) -> dict[str, Any]:
        """What the form begins with for an item that is there."""
        known = {name: getattr(item, name) for name in cls.base_fields if hasattr(item, name)}
        return known | {"name": item.name.text, "language": item.name.language}


class NewItem(ItemFacts):
    """An item, to be added."""

    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("Latin letters, digits and hyphens, such as mask-surgical. "
                    "Left empty, it is made from the name."),
    )  # fmt: skip
    field_order = ("code",)


class PackRow(forms.Form):
    """One level of packing."""

    name = forms.CharField(label=_("Pack"), max_length=40)
    units = forms.IntegerField(label=_("Units in it"), min_value=1, max_value=LARGEST)
    gtin = forms.CharField(label="GTIN", max_length=20, required=False)
    gross_weight_g = forms.IntegerField(label=_("Gross weight (g)"), min_value=1, required=False)
    volume_ml = forms.IntegerField(label=_("Volume (ml)"), min_value=1, required=False)


class PartRow(forms.Form):
    """One part of a kit."""

    item = forms.TypedChoiceField(label=_("Item"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=LARGEST)

    def __init__(self, *args: Any, offered: "Offered", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = offered.field()


class Offered:
    """The items of the catalogue in a reader's language, read once for all rows of a form."""

    def __init__(self, language: str, *, also: Collection[int] = ()) -> None:
        """``also``: keys of items that are offered though they are retired."""
        items = list(
            Item.objects.filter(Q(is_current=True) | Q(pk__in=also)).select_related("name")
        )
        named = names_of(items, language)
        self.items = {str(item.pk): item for item in items}
        self.choices = [
            ("", "–"),
            *((item.pk, f"{named[item.pk].text} ({item.get_unit_display()})") for item in items),
        ]

    def field(self) -> forms.TypedChoiceField:
        return forms.TypedChoiceField(
            label=_("Item"), choices=self.choices, coerce=self._item, empty_value=None
        )

    def _item(self, key: object) -> Item | None:
        return self.items.get(str(key))


Packs = forms.formset_factory(
    PackRow, extra=2, max_num=ROWS, absolute_max=ROWS, can_delete=True, can_delete_extra=False
)
Parts = forms.formset_factory(
    PartRow, extra=3, max_num=ROWS, absolute_max=ROWS, can_delete=True, can_delete_extra=False
)


class Reason(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ProposeName(forms.Form):
    """An item's name in another language."""

    language = forms.ChoiceField(label=_("Language"))
    text = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)

    def __init__(self, *args: Any, tags: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[(tag, languages.get(tag).own_name) for tag in tags]
        )


class LineRow(forms.Form):
    """One line of a pledge, and for whom it is."""

    item = forms.TypedChoiceField(label=_("Item"))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=LARGEST)
    countries = forms.CharField(
        label=_("For which countries"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_(
            "One on a line, by name or code; with a colon and its part where that is known, such "
            "as Indonesia: 500000. Without parts the split is open."
        ),
    )
    region = forms.CharField(label=_("Or a region, as published"), max_length=100, required=False)

    def __init__(self, *args: Any, offered: Offered, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = offered.field()

    def clean_countries(self) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        for line in self.cleaned_data["countries"].replace("：", ":").splitlines():
            for name, quantity in _parts(line):
                country = countries.find(name) or countries.find(name.upper())
                if country is None:
                    raise forms.ValidationError(str(countries.UnknownCountry(name)))
                if country.alpha2 in found:
                    raise forms.ValidationError(
                        gettext("%(country)s is named twice.") % {"country": named(country.alpha2)}
                    )
                found[country.alpha2] = quantity
        return found


def _parts(line: str) -> Iterator[tuple[str, int | None]]:
    """The countries of a typed line, each with its part: ``Indonesia: 500,000``, or names alone."""
    name, colon, number = line.rpartition(":")
    if not colon:
        # A comma may stand within a name, so it parts names only where the whole is none.
        whole = line.strip()
        if whole and countries.find(whole) is not None:
            yield whole, None
        else:
            for part in line.replace("，", ",").replace("،", ",").split(","):
                if part.strip():
                    yield part.strip(), None
        return
    digits = "".join(number.replace(",", "").split())
    if not (digits.isascii() and digits.isdecimal()):
        raise forms.ValidationError(
            gettext("“%(number)s” is no whole number. Write the part of %(name)s in digits.")
            % {"number": number.strip(), "name": name.strip()}
        )
    yield name.strip(), int(digits)


Lines = forms.formset_factory(
    LineRow, extra=4, max_num=ROWS, absolute_max=ROWS, can_delete=True, can_delete_extra=False
)


#: Lines that were read from a file already, with room for one more.
LinesRead = forms.formset_factory(
    LineRow, extra=1, max_num=ROWS, absolute_max=ROWS, can_delete=True, can_delete_extra=False
)


class NewPledge(forms.Form):
    """Who promises, when, and where it was published."""

    donor = forms.ModelChoiceField(
        label=_("Donor"), queryset=Place.objects.none(), empty_label=None
    )
    announced_on = forms.DateField(label=_("Announced on"), widget=DATE)
    source_url = forms.URLField(
        label=_("Published at"),
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text=_("The web address, so that anybody can check."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Public, in your language; others read it in theirs."),
    )

    def __init__(self, *args: Any, donors: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "donor", Place.objects.filter(pk__in=[donor.pk for donor in donors]))


class WhichPledge(forms.Form):
    """The pledge that lines belong to."""

    pledge = forms.ModelChoiceField(
        label=_("Part of"), queryset=Pledge.objects.none(), required=False
    )

    def __init__(self, *args: Any, pledges: QuerySet[Pledge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pledge"] = forms.ModelChoiceField(
            label=_("Part of"),
            queryset=pledges,
            required=False,
            empty_label=_("a pledge of its own"),
        )


class SettleSplit(forms.Form):
    """How much of a line is for which country; a field for each it names, and one for others."""

    reason = forms.CharField(
        label=_("Where this is known from"),
        max_length=1000,
        help_text=_("Everybody sees it in the history."),
    )

    def __init__(self, *args: Any, splits: dict[str, int | None], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before = splits
        for code, quantity in splits.items():
            self.fields[code] = forms.IntegerField(
                label=named(code),
                initial=quantity,
                required=False,
                min_value=0,
                max_value=LARGEST,
            )
        self.fields["other"] = forms.ChoiceField(
            label=_("Another country"),
            required=False,
            choices=[("", "–"), *country_choices(without=set(splits))],
        )
        self.fields["other_quantity"] = forms.IntegerField(
            label=_("Its part"), required=False, min_value=0, max_value=LARGEST
        )
        self.order_fields([*splits, "other", "other_quantity", "reason"])

    def changed(self) -> dict[str, int | None]:
        """What differs from before, by country; None where the part is open."""
        data = self.cleaned_data
        found = {code: data[code] for code, before in self.before.items() if data[code] != before}
        if data["other"]:
            found[data["other"]] = data["other_quantity"]
        return found


def named(code: str) -> str:
    """A country's name in the interface's language."""
    return countries.get(code).name(languages.get(get_language() or "en").tag)


def country_choices(*, without: Collection[str] = ()) -> list[tuple[str, str]]:
    """All countries by name in the interface's language."""
    return sorted(
        (
            (country.alpha2, named(country.alpha2))
            for country in countries.every()
            if country.alpha2 not in without
        ),
        key=lambda pair: pair[1],
    )


def filled(formset: Any) -> list[tuple[int, dict[str, Any]]]:
    """The rows of a table that hold something and stay, with their place in it. Call when valid."""
    found = []
    for place, form in enumerate(formset.forms):
        data = dict(form.cleaned_data)
        if data and not data.pop("DELETE", False):
            found.append((place, data))
    return found


def add_row_problems(formset: Any, refused: Refused, name: str, places: list[int]) -> None:
    """Put problems of rows, such as ``packs.1.units``, at their fields.

    Args:
        name: what the rows are called: ``packs``.
        places: the place in the table of each row that was given to the action.
    """
    for problem in refused.problems:
        first, _dot, rest = problem.where.partition(".")
        number, _dot, field = rest.partition(".")
        if first == name and number.isdecimal() and int(number) < len(places):
            form = formset.forms[places[int(number)]]
            form.add_error(field if field in form.fields else None, problem.what)
