"""What could not be taken, and where it was."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from medixchange.guidelines.documents.model import Untaken
from medixchange.guidelines.documents.safety import limits


class Report:
    """Collects what could not be taken, each thing once for a place."""

    def __init__(self) -> None:
        self._found: dict[Untaken, None] = {}
        self._more = 0

    def add(self, what: str, where: str, remedy: str) -> None:
        """Note one thing; past ``limits.UNTAKEN`` they are only counted."""
        thing = Untaken(what, where, remedy)
        if thing in self._found:
            return
        if len(self._found) < limits.UNTAKEN:
            self._found[thing] = None
        else:
            self._more += 1

    def result(self) -> list[Untaken]:
        """Everything noted, in order."""
        found = list(self._found)
        if self._more:
            found.append(
                Untaken(
                    ngettext(
                        "%(count)d more thing could not be taken",
                        "%(count)d more things could not be taken",
                        self._more,
                    )
                    % {"count": self._more},
                    _("in the rest of the document"),
                    _("Mend what is listed, then bring the document in again to see the rest."),
                )
            )
        return found


class Place:
    """Where in the document the reader is: the headings above, and how many blocks since."""

    def __init__(self) -> None:
        self._headings: list[tuple[int, str]] = []
        self._count = 0

    def heading(self, level: int, words: str) -> None:
        """A heading was passed."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._headings.append((level, words[:80]))
        self._count = 0

    def block(self) -> None:
        """Another block begins."""
        self._count += 1

    def __str__(self) -> str:
        path = " › ".join(words for _level, words in self._headings)
        if not self._count:
            return _("heading “%(heading)s”") % {"heading": path} if path else _("beginning")
        if not path:
            return _("paragraph %(number)d") % {"number": self._count}
        return _("%(heading)s, paragraph %(number)d") % {"heading": path, "number": self._count}
