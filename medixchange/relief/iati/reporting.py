"""Who publishes: IATI wants an identifier that a registration agency has given."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

#: An agency's prefix, such as XM-DAC or GB-CHC, and the number it gave (https://org-id.guide).
_REFERENCE = re.compile(r"[A-Z]{2}-[A-Z0-9]+-[^\s/&|?]+")


class NotConfigured(ValueError):
    """The publisher's identifier is missing or cannot be one; says what to do."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """The organisation that publishes: its identifier, name, and type by IATI's codelist."""

    reference: str
    name: str
    kind: str = "90"

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.reference):
            raise NotConfigured(
                _(
                    "“%(reference)s” is no organisation identifier of IATI. It is an agency's "
                    "prefix and the number it gave, such as GB-CHC-202918; see org-id.guide."
                )
                % {"reference": self.reference}
            )


def reporter() -> Reporter:
    """The publisher as the operator has set it.

    Raises:
        NotConfigured: nothing is set, or it is no identifier.
    """
    reference = settings.MEDIXCHANGE_IATI_REF
    if not reference:
        raise NotConfigured(
            _("This site does not publish to IATI: its operator has set no MEDIXCHANGE_IATI_REF.")
        )
    return Reporter(reference, settings.MEDIXCHANGE_IATI_NAME or reference)
