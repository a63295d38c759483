"""Parts of a GS1 code: cutting, checking, and how each is refused.

Sections are of the GS1 General Specifications.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from biip import ParseConfig, ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_application_identifiers import GS1ApplicationIdentifier
from biip.gs1_element_strings import GS1ElementString
from django.utils.translation import gettext as _

from medixchange.relief.refusals import Problem, Refused

#: What a scanner sends for the Function 1 character that ends a part of variable length.
GS: Final = "\x1d"
#: Where our own links lead; what follows is the kind and the reference.
LINK_PATH: Final = "/relief/r/"
KINDS: Final = ("document", "consignment", "box")
#: What a reference in a link is made of: the same in the address and in a person's hand.
REFERENCE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
#: Dates are verified here, to tell which one is wrong and why.
CONFIG: Final = ParseConfig(gs1_element_strings_verify_date=False)

_READABLE = re.compile(r"\((\d{2,4})\)")
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_CHECKED = frozenset({"00", "01", "02"})


def from_string(text: str) -> Iterator[GS1ElementString]:
    """The parts of an element string, separated by ASCII 29 where needed (section 7.8)."""
    rest = text.strip(GS)
    while rest:
        ai = _identifier(rest)
        part = rest.split(GS, 1)[0]
        found = re.match(ai.pattern.removesuffix("$"), part)
        if found is None:
            raise _malformed(ai, part[len(ai) :])
        yield from_pair(ai.ai, found[0][len(ai) :])
        # A separator is allowed after any part, though only some need it.
        rest = rest[found.end() :].lstrip(GS)


def from_readable(text: str) -> Iterator[GS1ElementString]:
    """The parts of ``(01)...(17)...`` (section 4.14); spaces, as people type them, are dropped."""
    cuts = list(_READABLE.finditer(text))
    if not cuts or cuts[0].start():
        raise _unknown(text)
    ends = [cut.start() for cut in cuts[1:]] + [len(text)]
    for cut, end in zip(cuts, ends, strict=True):
        yield from_pair(cut[1], re.sub(rf"[\s{GS}]", "", text[cut.end() : end]))


def from_pair(identifier: str, value: str) -> GS1ElementString:
    """One part of a known identifier."""
    ai = _identifier(identifier, value)
    if not value.isascii():
        # A pattern's \d is any script's digit; a GS1 digit is ASCII (section 7.11).
        raise _malformed(ai, value)
    try:
        return GS1ElementString.parse(identifier + value, config=CONFIG)
    except (ParseError, ValueError) as error:
        raise _malformed(ai, value) from error


def verified(element: GS1ElementString) -> date | None:
    """The date of a part that is one, after its check digit or date was verified.

    Check digits are those of section 7.9. A date without day (00) is the last of its month
    (section 3.4), its century follows section 7.12.
    """
    ai, value = element.ai.ai, element.value
    if ai in _CHECKED and not is_checked(value):
        raise refused(
            "check_digit",
            _(
                "%(title)s (%(ai)s) %(value)s is wrong: its last digit should be %(right)s. A"
                " digit was misread or mistyped. Scan it again, or compare it with the label"
                " digit by digit."
            )
            % {
                "title": element.ai.data_title,
                "ai": ai,
                "value": value,
                "right": gs1_standard_check_digit(value[:-1]),
            },
            ai,
        )
    if ai not in _DATES:
        return None
    if element.date is None:
        raise _no_date(element.ai, value)
    return element.date


def is_checked(digits: str) -> bool:
    """Whether the last digit is the check digit of section 7.9."""
    return gs1_standard_check_digit(digits[:-1]) == int(digits[-1])


def refused(code: str, what: str, where: str = "") -> Refused:
    """A refusal of one thing; ``where`` is the application identifier."""
    return Refused(Problem(what, where=where, code=code))


def _identifier(text: str, value: str | None = None) -> GS1ApplicationIdentifier:
    """The identifier that a text begins with or, with a value beside it, is."""
    try:
        ai = GS1ApplicationIdentifier.extract(text)
    except ParseError as error:
        raise _unknown(text if value is None else f"({text}){value}") from error
    if value is not None and ai.ai != text:
        raise _unknown(f"({text}){value}")
    return ai


def _unknown(text: str) -> Refused:
    found = re.match(r"\((\d+)\)|\d{2,4}", text)
    return refused(
        "unknown_part",
        _(
            "From “%(rest)s” on the code cannot be read: no GS1 application identifier begins so."
            " Scan it again, or type the lot, the expiry and the quantity."
        )
        % {"rest": text[:24].replace(GS, "·")},
        (found[1] or found[0]) if found else "",
    )


def _malformed(ai: GS1ApplicationIdentifier, value: str) -> Refused:
    if ai.ai in _DATES and re.match(r"[0-9]{6}", value):
        return _no_date(ai, value[:6])
    return refused(
        "form",
        _(
            "Part (%(ai)s) %(title)s cannot be “%(value)s”: GS1 gives it the form %(form)s. Scan it"
            " again, or type what is printed."
        )
        % {
            "ai": ai.ai,
            "title": ai.data_title,
            "value": value[:40],
            "form": ai.format.partition("+")[2] or ai.format,
        },
        ai.ai,
    )


def _no_date(ai: GS1ApplicationIdentifier, value: str) -> Refused:
    return refused(
        "date",
        _(
            "%(title)s (%(ai)s) “%(value)s” is no date: GS1 writes year, month and day as YYMMDD,"
            " with day 00 for the end of the month. Read the date on the label and type it."
        )
        % {"title": ai.data_title, "ai": ai.ai, "value": value},
        ai.ai,
    )
