"""The recipient cell: who the goods are for, in the publisher's words. No name is looked up."""

import re
from collections.abc import Sequence

_OPEN = re.compile(
    r"(?:(?:rec[ei]p[ei]e?nts?|consignees?|receivers?)\s*:?\s*)?"
    r"(?:to be (?:determined|decided|confirmed|announced|defined)|tbd|tbc|tba|undetermined|"
    r"not (?:yet )?(?:determined|decided|known)|unknown|n/?a|-|\?)\.?",
    re.IGNORECASE,
)
#: A comma before these belongs to a company's name: “CO.,LTD”.
_COMPANY = r"(?:ltd|limited|inc|llc|llp|plc|corp|co|company|gmbh|ag|s\.?a|b\.?v|pte|pvt|tbk|kk)\b"
#: Not within brackets, and not before a company's kind.
_COMMA = re.compile(rf"[,，、]\s*(?!\s*{_COMPANY})(?![^(（]*[)）])", re.IGNORECASE)


def read(lines: Sequence[str]) -> tuple[str, ...]:
    """The recipients that the lines of a cell name; none where it is blank or says that they are
    to be determined."""
    names: list[str] = []
    for line in lines:
        for part in re.split(r"\s*[;；]\s*", line):
            if part and not _OPEN.fullmatch(part):
                names += [name.strip() for name in _COMMA.split(part) if name.strip()]
    return tuple(dict.fromkeys(names))
