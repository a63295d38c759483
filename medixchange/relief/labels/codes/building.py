"""Building codes for our own labels.

Sections are of the GS1 General Specifications. What cannot be put into a code is refused, never
cut or changed: a label must say what the row says.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from biip.checksums import gs1_standard_check_digit
from biip.gs1_element_strings import GS1ElementString
from django.utils.translation import gettext as _

from medixchange.relief.labels.codes.elements import (
    GS,
    KINDS,
    LINK_PATH,
    REFERENCE,
    from_pair,
    from_string,
    refused,
    verified,
)

#: Digits before the check digit (section 3.3.1).
_SSCC_DIGITS: Final = 17


def sscc(company_prefix: str, serial: int, extension: int = 0) -> str:
    """A Serial Shipping Container Code: 18 digits with the check digit (sections 3.3.1 and 7.9).

    Args:
        company_prefix: the GS1 Company Prefix of who gives the number, 4 to 12 digits.
        serial: the serial reference; never given again for at least a year (section 4.3).
        extension: 0 to 9, to have ten times as many numbers.

    Raises:
        Refused: the prefix is none, or has no room for this serial reference.
    """
    if not re.fullmatch(r"[0-9]{4,12}", company_prefix):
        raise refused(
            "company_prefix",
            _(
                "“%(prefix)s” is no GS1 Company Prefix: it has 4 to 12 digits. Copy it from the"
                " licence of your GS1 organisation."
            )
            % {"prefix": company_prefix},
        )
    room = _SSCC_DIGITS - 1 - len(company_prefix)
    if not (0 <= serial < 10**room and 0 <= extension <= 9):
        raise refused(
            "serial",
            _(
                "Box number %(serial)d has no room in an SSCC with the prefix %(prefix)s, which"
                " leaves %(room)d digits. Use the next extension digit."
            )
            % {"serial": serial, "prefix": company_prefix, "room": room},
        )
    digits = f"{extension}{company_prefix}{serial:0{room}d}"
    return f"{digits}{gs1_standard_check_digit(digits)}"


def element_string(
    *,
    gtin: str = "",
    lot: str = "",
    expires_on: date | None = None,
    quantity: int | None = None,
    sscc: str = "",
) -> str:
    """The element string of a box, with ASCII 29 where a part of variable length is not the last.

    With an SSCC the box is a logistic unit: ``gtin`` then is what it holds (AI 02), which GS1
    allows only with its count (AI 37; section 4.13). Without one ``gtin`` is the trade item itself
    (AI 01) and ``quantity`` its variable count (AI 30). Parts of fixed length come first, so that
    there are few separators (section 7.8).

    Args:
        gtin: 8, 12, 13 or 14 digits with the check digit.
        lot: 1 to 20 characters of set 82 (section 7.11): no spaces, no letters with accents.
        expires_on: within 49 years back and 50 ahead (section 7.12).
        quantity: up to 8 digits.
        sscc: 18 digits with the check digit.

    Raises:
        Refused: a part cannot be encoded; ``where`` is its AI.
    """
    parts = [
        f"{element.ai.ai}{element.value}" + (GS if element.ai.separator_required else "")
        for element in _parts(gtin, lot, expires_on, quantity, sscc)
    ]
    return "".join(parts).removesuffix(GS)


def human_readable(
    *,
    gtin: str = "",
    lot: str = "",
    expires_on: date | None = None,
    quantity: int | None = None,
    sscc: str = "",
) -> str:
    """The same as ``element_string``, as it is printed beside a symbol (section 4.14)."""
    return readable(
        element_string(gtin=gtin, lot=lot, expires_on=expires_on, quantity=quantity, sscc=sscc)
    )


def readable(element_string: str) -> str:
    """How an element string is printed beside its symbol (section 4.14)."""
    return "".join(element.as_hri() for element in from_string(element_string))


def link(origin: str, kind: str, reference: str) -> str:
    """The address in a QR code of ours.

    Args:
        origin: scheme and host of the site, without a slash at the end.
        kind: one of ``KINDS``.
        reference: letters, digits and ``._-``, at most 64.

    Raises:
        ValueError: there is no such kind, or the reference has other characters.
    """
    if kind not in KINDS or not REFERENCE.fullmatch(reference):
        raise ValueError(f"no link for {kind!r} {reference!r}")
    return f"{origin}{LINK_PATH}{kind}/{reference}/"


def _parts(
    gtin: str, lot: str, expires_on: date | None, quantity: int | None, sscc: str
) -> Iterator[GS1ElementString]:
    if sscc and gtin and quantity is None:
        raise refused(
            "count_missing",
            _("A box with an SSCC says what it holds only with how many. Give the quantity."),
            "37",
        )
    pairs = (
        ("00", sscc),
        # Eight, 12 and 13 digits are written with zeros in front (section 3.3.2).
        ("02" if sscc else "01", gtin.zfill(14) if len(gtin) in {8, 12, 13} else gtin),
        ("17", f"{expires_on:%y%m%d}" if expires_on else ""),
        ("37" if sscc and gtin else "30", "" if quantity is None else str(quantity)),
        ("10", lot),
    )
    for identifier, value in pairs:
        if not value:
            continue
        element = from_pair(identifier, value)
        day = verified(element)
        if identifier == "17" and day != expires_on:
            raise refused(
                "century",
                _(
                    "The expiry %(date)s cannot be put into a code: GS1 dates reach 49 years back"
                    " and 50 years ahead. Correct the date."
                )
                % {"date": expires_on},
                "17",
            )
        yield element
