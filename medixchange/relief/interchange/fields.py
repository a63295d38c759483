"""The columns of a template, and reading one cell of each kind."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from medixchange.core import countries
from medixchange.core.countries import normalise
from medixchange.relief.interchange import dates, markup, numbers

Value = int | str | datetime.date | None
#: What is wrong with a cell, and the remedy.
Wrong = tuple[str, str]


class Kind(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    #: A whole number above zero, or from zero where the field says so.
    QUANTITY = "quantity"
    DATE = "date"
    #: Read into its ISO 3166 alpha-2 code.
    COUNTRY = "country"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a template."""

    name: str
    #: Its HXL hashtag.
    tag: str
    kind: Kind = Kind.TEXT
    #: No cell of it may be blank.
    required: bool = True
    #: Headings accepted beside the name, in any case and spacing.
    headings: tuple[str, ...] = ()
    #: The value that each accepted word stands for.
    choices: Mapping[str, str] = field(default_factory=dict)
    #: A quantity may be 0.
    zero: bool = False
    #: Whether the column itself must be there; where not said, if its cells may not be blank.
    must_exist: bool | None = None

    @property
    def needed(self) -> bool:
        """Whether a file without this column is no file of the template."""
        return self.required if self.must_exist is None else self.must_exist

    @property
    def accepted(self) -> frozenset[str]:
        """The headings it is known by, normalised."""
        return frozenset(normalise(heading) for heading in (self.name, *self.headings))


def read_cell(column: Field, cell: str) -> tuple[Value, bool, Wrong | None]:
    """A cell's value, whether reading changed it, and what is wrong with it: what, remedy."""
    found = markup.lines(cell)
    if found.unsafe:
        return (
            None,
            False,
            (
                _("the cell carries HTML: <%(tag)s>.") % {"tag": found.unsafe},
                _("Write plain text."),
            ),
        )
    text = "\n".join(found.lines)
    if not text:
        return (
            None,
            False,
            (_("the cell is blank."), _("Fill it in.")) if column.required else None,
        )
    value, changed, wrong = _READERS[column.kind](column, text)
    return value, changed or (found.marked and wrong is None), wrong


def _read_text(_column: Field, text: str) -> tuple[Value, bool, Wrong | None]:
    return text, False, None


def _read_quantity(column: Field, text: str) -> tuple[Value, bool, Wrong | None]:
    if column.zero and text == "0":
        return 0, False, None
    found = numbers.read(text)
    if found.trouble is not None:
        return None, False, numbers.explain(found, text)
    # Commas between thousands are the usual way to write; saying so for every row would be noise.
    plain = text.replace(",", "") == str(found.value)
    return found.value, found.rewritten and not plain, None


def _read_date(_column: Field, text: str) -> tuple[Value, bool, Wrong | None]:
    found = dates.read(text)
    if found is None:
        return (
            None,
            False,
            (
                _("“%(text)s” is no date, or may be two.") % {"text": text},
                _("Write year, month and day, such as 2020-03-19."),
            ),
        )
    return found, text != found.isoformat(), None


def _read_country(_column: Field, text: str) -> tuple[Value, bool, Wrong | None]:
    found = countries.find(text)
    if found is not None:
        return found.alpha2, False, None
    part = countries.region(text)
    if part is not None:
        return (
            None,
            False,
            (
                _("%(name)s is a region, not a country.") % {"name": part.name},
                _("Name one country."),
            ),
        )
    return None, False, unknown_country(text)


def unknown_country(text: str) -> Wrong:
    """What is wrong with a name that is no country's, and the remedy."""
    suggestion = countries.suggest(text)
    if suggestion is None:
        return (
            _("“%(text)s” is no country we know.") % {"text": text},
            _("Write its ISO code, such as ID or IDN."),
        )
    return (
        _("“%(text)s” is no country we know.") % {"text": text},
        _("If %(name)s is meant, write %(name)s, or %(code)s.")
        % {"name": suggestion.name(), "code": suggestion.alpha2},
    )


def _read_choice(column: Field, text: str) -> tuple[Value, bool, Wrong | None]:
    by_key = {normalise(word): value for word, value in column.choices.items()}
    found = by_key.get(normalise(text))
    if found is not None:
        return found, False, None
    return (
        None,
        False,
        (
            _("“%(text)s” is none of the words for it.") % {"text": text},
            _("Write one of: %(words)s.") % {"words": ", ".join(column.choices)},
        ),
    )


_READERS = {
    Kind.TEXT: _read_text,
    Kind.QUANTITY: _read_quantity,
    Kind.DATE: _read_date,
    Kind.COUNTRY: _read_country,
    Kind.CHOICE: _read_choice,
}
