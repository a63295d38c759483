"""Reading what a scanner, a camera or a person gives.

The rules are those of the GS1 General Specifications: application identifiers (AI) of section 3,
symbology identifiers of section 5.1.2, processing of data from a GS1 symbol of section 7.8, check
digits of section 7.9, characters of section 7.11, centuries of section 7.12. Web addresses follow
the GS1 Digital Link Standard: URI Syntax. The library ``biip`` has the table of identifiers.

Nothing is guessed: text that could be two things, or is damaged, is refused with the part that is
wrong and what to do. ``scan.js`` reads the same way without a network; tests hold both to the same
``vectors.json``.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import unquote, urlsplit

from biip import ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementString
from django.utils.translation import gettext as _

from medixchange.relief.labels.codes.elements import (
    CONFIG,
    GS,
    KINDS,
    LINK_PATH,
    REFERENCE,
    from_pair,
    from_readable,
    from_string,
    refused,
    verified,
)
from medixchange.relief.refusals import Refused

#: The longest text that can be a code: a GS1-128 has 48 characters, a label's QR less than 200.
LONGEST: Final = 400

# What scanners are set to send where they cannot send ASCII 29. None of these can be part of a GS1
# value of ours, but "<GS>", which nobody would choose as part of a lot.
_SEPARATORS = re.compile(r"<GS>|\{GS\}|\[GS\]|\^\]|[\u241d\x1e|~]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
#: The zeros of the digits that keyboards of our languages type.
_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xBE6, 0xE50, 0x1040, 0x17E0)
_DIGITS = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9]")
_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0", "]J1"})
_RETAIL = frozenset({"]E0", "]E3", "]E4", "]I1"})
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})
_SSCC_LENGTH = 18
_KEY_FIRST = re.compile(r"00\d{18}|0[12]\d{14}")
_PLAIN = re.compile(r"[\w./ #:+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code says; empty where it says nothing of it.

    Attributes:
        text: as read, with the symbology identifier taken off and separators as ASCII 29.
        symbology: the identifier that a scanner sends first, such as ``]d2`` for GS1 DataMatrix.
        gtin: AI 01, of this trade item, 14 digits.
        content: AI 02, the GTIN of what a logistic unit holds, 14 digits.
        sscc: AI 00, of this logistic unit, 18 digits.
        lot: AI 10.
        serial: AI 21.
        made_on: AI 11.
        best_before: AI 15.
        expires_on: AI 17; the last day of the month where the code gives no day.
        quantity: AI 37 (how many of ``content``), else AI 30 (how many in a variable pack).
        others: further parts, as AI and value, in order.
        kind: ``document``, ``consignment`` or ``box`` where the code is a link of ours.
        reference: what the link names, or plain text that is no GS1 code and may be a reference.
        site: scheme and host of the link. Whoever follows it must hold it against their own.
    """

    text: str
    symbology: str = ""
    gtin: str = ""
    content: str = ""
    sscc: str = ""
    lot: str = ""
    serial: str = ""
    made_on: date | None = None
    best_before: date | None = None
    expires_on: date | None = None
    quantity: int | None = None
    others: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    reference: str = ""
    site: str = ""


def read(text: str) -> Scan:
    """What a scanned or typed code says.

    Takes GS1 element strings (with ASCII 29 or what scanners send in its place, with or without a
    symbology identifier), their human readable form ``(01)...(17)...``, the digits of a GTIN or
    SSCC, GS1 Digital Link addresses, links of ours (``building.link``) and plain references.

    Digits alone are a GTIN (8, 12, 13, 14) or an SSCC (18). An element string without brackets,
    separator or symbology identifier must begin with a GTIN or an SSCC; taking anything else for
    one would be a guess.

    Raises:
        Refused: the code is empty, damaged or not to be understood; ``where`` is the AI.
    """
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).translate(_DIGITS)
    plain = plain.strip(" \r\n\t")
    symbology, body = (plain[:3], plain[3:]) if _SYMBOLOGY.match(plain) else ("", plain)
    if not body.strip(GS):
        raise refused("empty", _("The code is empty. Scan it again, or type what is printed."))
    if len(body) > LONGEST:
        raise refused(
            "too_long", _("This is too long for a code on a box. Scan one code at a time.")
        )
    if re.match(r"https?://", body, re.IGNORECASE):
        return _from_address(body, symbology)
    body = _SEPARATORS.sub(GS, body)
    if body.startswith("("):
        return _scan(body, symbology, from_readable(body))
    digits = body.replace(" ", "")
    if symbology in _RETAIL or (symbology not in _GS1 and _is_a_number(digits)):
        return _from_digits(digits, symbology)
    if symbology in _GS1 or GS in body or _KEY_FIRST.match(body):
        return _scan(body, symbology, from_string(body))
    return _from_reference(body, symbology)


def _is_a_number(text: str) -> bool:
    """Whether this is a GTIN or an SSCC by its length."""
    return text.isdecimal() and len(text) in {*_GTIN_LENGTHS, _SSCC_LENGTH}


def _from_digits(digits: str, symbology: str) -> Scan:
    if not _is_a_number(digits):
        raise refused(
            "length",
            _(
                "“%(code)s” has %(count)d digits. A GTIN has 8, 12, 13 or 14, an SSCC has 18. Scan"
                " it again, or type all digits."
            )
            % {"code": digits[:40], "count": len(digits)},
        )
    if len(digits) == _SSCC_LENGTH:
        return _scan(digits, symbology, [from_pair("00", digits)])
    return _scan(digits, symbology, [from_pair("01", digits.zfill(14))])


def _from_address(address: str, symbology: str) -> Scan:
    try:
        parts = urlsplit(address)
        if parts.path.startswith(LINK_PATH):
            kind, _slash, rest = parts.path.removeprefix(LINK_PATH).partition("/")
            reference = unquote(rest.removesuffix("/"))
            if kind in KINDS and REFERENCE.fullmatch(reference):
                site = f"{parts.scheme}://{parts.netloc.lower()}"
                return Scan(address, symbology, kind=kind, reference=reference, site=site)
        elements = GS1DigitalLinkURI.parse(address, config=CONFIG).element_strings
    except (ParseError, ValueError) as error:
        raise refused(
            "foreign_address",
            _(
                "This is a web address, but none of a consignment, a box or a document, and no"
                " whole GS1 Digital Link. Scan another code on the box."
            ),
        ) from error
    return _scan(address, symbology, elements)


def _from_reference(text: str, symbology: str) -> Scan:
    if not _PLAIN.fullmatch(text):
        shown = "".join(char if char.isprintable() else "·" for char in text[:40])
        raise refused(
            "unknown_code",
            _(
                "“%(code)s” is no code that can be read here. Scan another code on the box, or"
                " type the reference that is printed on it."
            )
            % {"code": shown},
        )
    return Scan(text, symbology, reference=text)


def _scan(text: str, symbology: str, elements: Iterable[GS1ElementString]) -> Scan:
    values: dict[str, str] = {}
    dates: dict[str, date] = {}
    for element in elements:
        ai = element.ai.ai
        if day := verified(element):
            dates[ai] = day
        if values.setdefault(ai, element.value) != element.value:
            raise _twice(element, values[ai])
    named = {"00", "01", "02", "10", "11", "15", "17", "21"}
    counted = "37" if "37" in values else "30"
    return Scan(
        text=text,
        symbology=symbology,
        gtin=values.get("01", ""),
        content=values.get("02", ""),
        sscc=values.get("00", ""),
        lot=values.get("10", ""),
        serial=values.get("21", ""),
        made_on=dates.get("11"),
        best_before=dates.get("15"),
        expires_on=dates.get("17"),
        quantity=int(values[counted]) if counted in values else None,
        others=tuple((ai, v) for ai, v in values.items() if ai not in named | {counted}),
    )


def _twice(element: GS1ElementString, first: str) -> Refused:
    return refused(
        "twice",
        _(
            "Part (%(ai)s) %(title)s is there twice: “%(first)s” and “%(second)s”. Scan one code at"
            " a time, or type the right one."
        )
        % {
            "ai": element.ai.ai,
            "title": element.ai.data_title,
            "first": first,
            "second": element.value,
        },
        element.ai.ai,
    )
