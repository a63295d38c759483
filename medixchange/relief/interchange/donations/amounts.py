"""How much of each good is in which state: the goods, quantity and progress cells together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from medixchange.relief.interchange import numbers
from medixchange.relief.interchange.donations import parcels, progress
from medixchange.relief.interchange.donations.parcels import Parcel
from medixchange.relief.interchange.donations.progress import Part
from medixchange.relief.interchange.numbers import Quantity, Trouble

#: Column, what, remedy.
Told = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """So much of one good in one state; ``None`` for what is not known."""

    item: str | None
    item_text: str
    quantity: int | None
    quantity_text: str
    state: str | None
    state_text: str


@dataclass(slots=True)
class Amounts:
    """The amounts of a row, what to settle about them, what to refuse it for, what to note."""

    lines: list[Amount] = field(default_factory=list)
    settle: list[Told] = field(default_factory=list)
    refuse: list[Told] = field(default_factory=list)
    notes: list[Told] = field(default_factory=list)


def amounts(
    goods_named: Sequence[Parcel], qty: str, parts: Sequence[Part], known: Mapping[str, str]
) -> Amounts:
    """The amounts that the three cells say together.

    Args:
        goods_named: the goods, at least one.
        qty: the text of the quantity cell.
        parts: the parts of the progress cell.
    """
    made = Amounts()
    quantities = _quantities(goods_named, qty, known, made)
    if len(parts) > 1 or any(part.what or part.rest for part in parts):
        _by_parts(goods_named, quantities, qty, parts, known, made)
        return made
    part = parts[0] if parts else Part(None, "")
    if part.state is None:
        made.settle.append(_unknown_state(part.state_text))
    for parcel, quantity in zip(goods_named, quantities, strict=True):
        made.lines.append(
            Amount(
                parcel.item,
                parcel.text,
                quantity,
                parcel.quantity_text or qty,
                part.state,
                part.state_text,
            )
        )
    return made


def _unknown_state(text: str) -> Told:
    words = ", ".join(words[0] for words in progress.STATES.values())
    if not text:
        return "progress", _("the progress is not said."), _("Ask the donor, and fill it in.")
    return (
        "progress",
        _("“%(text)s” is no progress we know.") % {"text": text},
        _("Write one of: %(words)s.") % {"words": words},
    )


def _quantities(
    goods_named: Sequence[Parcel], qty: str, known: Mapping[str, str], made: Amounts
) -> list[int | None]:
    """The quantity of each good: beside its name, or for a single one in the quantity cell."""
    own = [parcel.quantity_text for parcel in goods_named]
    if not any(own):
        if len(goods_named) == 1:
            return [_value(qty, goods_named[0], "qty", known, made)]
        if numbers.read(qty).trouble is Trouble.BLANK:
            made.settle.append(("qty", *numbers.explain(numbers.read(qty), qty)))
        else:
            made.settle.append(
                (
                    "qty",
                    _("one quantity (%(text)s) stands for %(count)d goods.")
                    % {"text": qty, "count": len(goods_named)},
                    _("Ask the donor for the quantity of each."),
                )
            )
        return [None] * len(goods_named)
    found = [_value(parcel.quantity_text, parcel, "goods", known, made) for parcel in goods_named]
    made.notes.append(
        ("goods", _("the quantities were read from the goods cell."), _("Check them."))
    )
    if not qty.strip():
        return found
    whole = numbers.read(qty).value
    if None not in found and whole == sum(quantity for quantity in found if quantity):
        return found
    made.settle.append(
        (
            "qty",
            _("the goods cell and the quantity cell (%(text)s) do not agree.") % {"text": qty},
            _("Ask the donor which is right."),
        )
    )
    return [None] * len(goods_named)


def _value(
    text: str, parcel: Parcel, column: str, known: Mapping[str, str], made: Amounts
) -> int | None:
    """A quantity of a good; what is wrong with it goes to the row."""
    found = _counted(numbers.read(text), parcel, known)
    if found.trouble is None:
        if found.rewritten and text.replace(",", "") != str(found.value):
            made.notes.append(
                (
                    column,
                    _("“%(text)s” was read as %(value)d.")
                    % {"text": text, "value": found.value or 0},
                    _("Check it."),
                )
            )
        return found.value
    target = made.refuse if found.trouble in numbers.IMPOSSIBLE else made.settle
    target.append((column, *numbers.explain(found, text)))
    return None


def _counted(found: Quantity, parcel: Parcel, known: Mapping[str, str]) -> Quantity:
    """A quantity whose unit may be the good itself: “500 masks” of masks are 500."""
    if (
        found.trouble is Trouble.OTHER_UNIT
        and found.value is not None
        and parcels.counts(found.unit, parcel, known)
    ):
        return Quantity(found.value, None, found.unit, True)
    return found


def _by_parts(
    goods_named: Sequence[Parcel],
    quantities: Sequence[int | None],
    qty: str,
    parts: Sequence[Part],
    known: Mapping[str, str],
    made: Amounts,
) -> None:
    """One line for each part of a donation of which parts are in different states."""
    text = ", ".join(f"{part.what} [{part.state_text}]".strip() for part in parts)
    parcel, whole = goods_named[0], quantities[0]
    found = [numbers.read(part.what) if part.what else None for part in parts]
    counted = [_counted(one, parcel, known) if one else None for one in found]
    known_parts = [one.value for one in counted if one is not None and one.trouble is None]
    rests = sum(part.rest for part in parts)
    told = len(known_parts) + rests == len(parts) and rests <= 1
    said = sum(value for value in known_parts if value)
    fits = whole is not None and (said < whole if rests else said == whole)
    if len(goods_named) > 1 or whole is None or not told or not fits:
        made.settle.append(
            (
                "progress",
                _("parts of it are in different states (%(text)s), and they do not add up.")
                % {"text": text},
                _("Ask the donor how much is in which state."),
            )
        )
        for one, quantity in zip(goods_named, quantities, strict=True):
            made.lines.append(
                Amount(one.item, one.text, quantity, one.quantity_text or qty, None, text)
            )
        return
    made.settle.append(
        (
            "progress",
            _("parts of it are in different states; each was read as a line of its own."),
            _("Check the lines."),
        )
    )
    for part, read in zip(parts, counted, strict=True):
        quantity = read.value if read is not None else whole - said
        if part.rest:
            made.settle.append(
                (
                    "progress",
                    _("“the rest” was computed: %(whole)d - %(said)d = %(rest)d.")
                    % {"whole": whole, "said": said, "rest": quantity or 0},
                    _("Check it."),
                )
            )
        if part.state is None:
            made.settle.append(_unknown_state(part.state_text))
        made.lines.append(
            Amount(
                parcel.item,
                parcel.text,
                quantity,
                part.what or qty,
                part.state,
                part.state_text,
            )
        )
