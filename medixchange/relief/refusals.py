"""How relief refuses: what is wrong, where, and what to do next, all of it at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        what: a sentence for a person, in their language, with what to do next.
        where: the line, field or cell it is about, such as ``lines.3.quantity``; empty for all.
        code: short and stable, for programs: ``below_zero``.
        page: address of the page where it can be put right, if that is another one.
    """

    what: str
    where: str = ""
    code: str = "refused"
    page: str = ""

    def as_json(self) -> dict[str, Any]:
        told = {"what": self.what, "where": self.where, "code": self.code}
        return told | {"page": self.page} if self.page else told


class Refused(ValueError):
    """A change that cannot be made; ``str()`` tells the person why and what to do.

    Nothing of it was kept: a refused change has rolled back whole.
    """

    def __init__(self, *problems: Problem | str) -> None:
        self.problems = tuple(Problem(p) if isinstance(p, str) else p for p in problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(problem.what for problem in self.problems)

    @classmethod
    def if_any(cls, problems: Iterable[Problem]) -> None:
        """Raise if there is any problem."""
        found = list(problems)
        if found:
            raise cls(*found)
