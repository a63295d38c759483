"""What a table is, and who asks for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from medixchange.network.models import Member
from medixchange.relief.interchange.writing import Cell

#: Rows that are read from the database at a time.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: nobody in particular, a member, or the operator at the command line; and the
    language names are told in."""

    language: str
    member: Member | None = None
    is_operator: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be had: its columns by heading and HXL hashtag, and its rows."""

    name: str
    title: Promise
    #: What is in it, and what is not, in a sentence.
    about: Promise
    columns: tuple[tuple[str, str], ...]
    rows: Callable[[Asker], Iterator[Sequence[Cell]]]
    #: Only for who has signed in; it then holds what they may see.
    for_members: bool = False

    @property
    def headings(self) -> list[str]:
        return [heading for heading, _tag in self.columns]

    @property
    def hashtags(self) -> list[str]:
        return [tag for _heading, tag in self.columns]

    def is_open_to(self, asker: Asker) -> bool:
        """Whether somebody may have it at all."""
        return not self.for_members or asker.is_operator or asker.member is not None


def yes_or_no(value: bool) -> str:
    """As our own importers read it."""
    return "yes" if value else "no"
