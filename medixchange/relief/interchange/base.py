"""What readers of files tell: findings with a place and a remedy, and files they refuse."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: what it is, where it is, what to do about it."""

    what: str
    where: str
    remedy: str

    def as_json(self) -> dict[str, str]:
        """For reports: ``what``, ``where``, ``remedy``."""
        return {"what": self.what, "where": self.where, "remedy": self.remedy}

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}".strip()


class Unreadable(ValueError):
    """A file that cannot be read as what it is said to be; nothing of it should be kept."""

    def __init__(self, path: Path, where: str, what: str, remedy: str) -> None:
        super().__init__(path, where, what, remedy)
        self.path, self.where, self.what, self.remedy = path, where, what, remedy

    def __str__(self) -> str:
        place = f"{self.path.name}, {self.where}" if self.where else self.path.name
        return f"{place}: {self.what} {self.remedy}"


def at(row: int, column: str = "") -> str:
    """“row 8” or “row 8, column country”, in the language active now."""
    if not column:
        return _("row %(row)d") % {"row": row}
    return _("row %(row)d, column %(column)s") % {"row": row, "column": column}
