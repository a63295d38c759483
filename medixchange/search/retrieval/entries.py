"""What an index takes in, and how a search is narrowed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


class OutOfDate(Exception):
    """Files were written by another version of this program: clear them and fill them anew."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage.

    Attributes:
        id: a positive number that is not far from the count of passages, such as a primary key:
            arrays are as long as the highest.
        language: BCP 47 tag of text and heading.
        labels: what one narrows by, such as ``{"kind": ("guideline",)}``.
        day: ordinal of the date it was said on (``date.toordinal``).
    """

    id: int
    language: str
    text: str
    heading: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    day: int = 0


@dataclass(frozen=True, slots=True)
class Narrow:
    """What may be found at all; held to before anything is ranked or counted.

    Attributes:
        any_of: for each label named, the values of which a passage must have one. No values allow
            nothing. A label may be named in several mappings; all must hold.
        since: the earliest day.
    """

    any_of: tuple[Mapping[str, Collection[str]], ...] = ()
    since: int = 0


#: Everything.
ALL = Narrow()
