"""Forms of who keeps a store or a facility."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from medixchange.core.templatetags.parts import grouped
from medixchange.relief.actions.postable import LARGEST
from medixchange.relief.actions.stock import FATES, Counted, Opening
from medixchange.relief.forms import DATE, Keyed, Moment
from medixchange.relief.models import Balance, Item, Lot, Place, PlaceKind
from medixchange.translation.queries import Shown

#: Rows of a form for opening stock.
OPENING_ROWS = 5


def number(label: Any, **kwargs: Any) -> forms.IntegerField:
    """A field for a quantity; refuses 0 and less, and asks a phone for its number keys."""
    kwargs.setdefault("min_value", 1)
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, max_value=LARGEST, widget=widget, **kwargs)


def reason(label: Any, **kwargs: Any) -> forms.CharField:
    """A field for a reason or note, in the language of who writes it."""
    kwargs.setdefault("help_text", _("In your language; others read it in theirs."))
    return forms.CharField(
        label=label, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), **kwargs
    )


def choose(form: forms.Form, name: str, rows: Iterable[Any], label: Any) -> None:
    """Offer these rows in a field, each under its label."""
    field = cast(forms.ModelChoiceField, form.fields[name])
    model = cast(Any, field.queryset).model
    field.queryset = model.objects.filter(pk__in=[row.pk for row in rows])
    field.label_from_instance = label  # type: ignore[method-assign]


def lot_words(row: Balance, names: Mapping[int, Shown]) -> str:
    """A lot at a place, in one line of a list to choose from."""
    lot = row.lot
    parts = [names[lot.item_id].text, lot.number or gettext("no lot number")]
    if lot.expires_on:
        parts.append(gettext("expires %(date)s") % {"date": lot.expires_on.isoformat()})
    parts.append(f"{grouped(row.quantity)} {lot.item.get_unit_display()}")
    return " · ".join(parts)


class At(Keyed):
    """Something that happens to goods at a place."""

    happened_at = Moment(required=False, label=_("When"))

    def __init__(
        self, *args: Any, place: Place, rows: Sequence[Balance], names: Mapping[int, Shown],
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.place, self.rows, self.names = place, rows, names
        moment = cast(Moment, self.fields["happened_at"])
        moment.at(place)
        moment.help_text = _("Empty for now. %(clocks)s") % {"clocks": moment.help_text}

    def _lots(self, rows: Sequence[Balance], empty: Any = None) -> None:
        words = {row.lot_id: lot_words(row, self.names) for row in rows}
        choose(self, "lot", [row.lot for row in rows], lambda lot: words[lot.pk])
        cast(forms.ModelChoiceField, self.fields["lot"]).empty_label = empty


class UseForm(At):
    """What was used; which lots is found by first expiry first."""

    item = forms.ModelChoiceField(label=_("Item"), queryset=Item.objects.all())
    quantity = number(_("Quantity used"))
    lot = forms.ModelChoiceField(
        label=_("Lot"),
        queryset=Lot.objects.all(),
        required=False,
        help_text=_("Leave it to take what expires first."),
    )
    note = reason(_("Note"), required=False)
    field_order = ("item", "quantity", "lot", "happened_at", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held: dict[int, int] = {}
        for row in self.rows:
            held[row.lot.item_id] = held.get(row.lot.item_id, 0) + row.quantity
        items = {row.lot.item_id: row.lot.item for row in self.rows}

        def label(item: Item) -> str:
            unit = item.get_unit_display()
            return f"{self.names[item.pk].text} · {grouped(held[item.pk])} {unit}"

        choose(self, "item", items.values(), label)
        self._lots(self.rows, _("first expiry first"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lot, item = data.get("lot"), data.get("item")
        if lot is not None and item is not None and lot.item_id != item.pk:
            self.add_error(
                "lot", gettext("This lot is of another item. Choose one of the item above.")
            )
        return data


class WriteOffForm(At):
    """Goods that are no more."""

    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.all())
    quantity = number(_("Quantity"))
    fate = forms.ChoiceField(
        label=_("What became of it"),
        choices=[
            (PlaceKind.DAMAGED, _("damaged, expired or destroyed")),
            (PlaceKind.LOST, _("lost or stolen")),
        ],
        widget=forms.RadioSelect,
        initial=FATES[0],
    )
    reason = reason(_("Why"))
    field_order = ("lot", "quantity", "fate", "reason", "happened_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lots(self.rows)


class AsideForm(At):
    """Goods that go into quarantine or out of it."""

    lot = forms.ModelChoiceField(label=_("Lot"), queryset=Lot.objects.all())
    quantity = number(_("Quantity"))
    reason = reason(_("Why"))
    field_order = ("lot", "quantity", "reason", "happened_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lots(self.rows)


class CountForm(At):
    """A stock count: a number for each lot that was counted."""

    reason = reason(
        _("Why it differs"),
        required=False,
        help_text=_("Needed where a number differs from the ledger. Say so if you do not know."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in self.rows:
            self.fields[f"lot-{row.lot_id}"] = number(
                lot_words(row, self.names), min_value=0, required=False
            )
            self.fields[f"seen-{row.lot_id}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.quantity, required=False
            )
        self.order_fields(
            [name for name in self.fields if "-" in name] + ["reason", "happened_at", "key"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not self.counted():
            self.add_error(None, gettext("Nothing is counted yet. Count at least one lot."))
        return data

    def counted(self) -> list[Counted]:
        """The lots with a number; one left empty was not counted."""
        data = self.cleaned_data
        return [
            Counted(
                row.lot,
                data.get(f"seen-{row.lot_id}") or 0,
                data[f"lot-{row.lot_id}"],
                f"lot-{row.lot_id}",
            )
            for row in self.rows
            if data.get(f"lot-{row.lot_id}") is not None
        ]


class ReturnForm(forms.Form):
    """Goods that go back to a store."""

    destination = forms.ModelChoiceField(label=_("Back to"), queryset=Place.objects.all())
    note = reason(_("Why"), required=False)

    def __init__(
        self, *args: Any, rows: Sequence[Balance], names: Mapping[int, Shown],
        stores: Sequence[Place], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.rows = rows
        choose(self, "destination", stores, str)
        for row in rows:
            self.fields[f"lot-{row.lot_id}"] = number(lot_words(row, names), required=False)
        self.order_fields(["destination", *(name for name in self.fields if "-" in name), "note"])

    def lots(self) -> list[tuple[Lot, int]]:
        """The lots with a number."""
        return [
            (row.lot, self.cleaned_data[f"lot-{row.lot_id}"])
            for row in self.rows
            if self.cleaned_data.get(f"lot-{row.lot_id}")
        ]


class OpeningForm(Keyed):
    """Stock that was there before the ledger began, some lots at a time."""

    note = reason(_("Note"), required=False)

    def __init__(
        self, *args: Any, items: Sequence[Item], names: Mapping[int, Shown], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for at in range(OPENING_ROWS):
            self.fields[f"item-{at}"] = forms.ModelChoiceField(
                label=_("Item"), queryset=Item.objects.all(), required=False
            )
            choose(
                self,
                f"item-{at}",
                items,
                lambda item: f"{names[item.pk].text} ({item.get_unit_display()})",
            )
            self.fields[f"quantity-{at}"] = number(_("Quantity"), required=False)
            self.fields[f"number-{at}"] = forms.CharField(
                label=_("Lot"), max_length=40, required=False
            )
            self.fields[f"expires-{at}"] = forms.DateField(
                label=_("Expires"), required=False, widget=DATE
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for at in range(OPENING_ROWS):
            item, quantity = data.get(f"item-{at}"), data.get(f"quantity-{at}")
            if item is not None and quantity is None and f"quantity-{at}" not in self.errors:
                self.add_error(f"quantity-{at}", gettext("Give the quantity that is there."))
            if item is None and (quantity is not None or data.get(f"number-{at}")):
                self.add_error(f"item-{at}", gettext("Say what this is."))
        return data

    def lines(self) -> list[list[forms.BoundField]]:
        """The fields of each row."""
        return [
            [self[f"{name}-{at}"] for name in ("item", "quantity", "number", "expires")]
            for at in range(OPENING_ROWS)
        ]

    def listed(self) -> list[Opening]:
        """The rows that say something."""
        data = self.cleaned_data
        return [
            Opening(
                data[f"item-{at}"],
                data[f"quantity-{at}"],
                data[f"number-{at}"],
                data[f"expires-{at}"],
                f"quantity-{at}",
            )
            for at in range(OPENING_ROWS)
            if data[f"item-{at}"] is not None
        ]
