"""What readers give, and what all of them need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import langcodes
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.translation.segmentation import normalise

#: More characters than this are no segment, and would be a burden on every search.
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Unit:
    """A text and its translation, normalised, with numbered tags.

    ``position`` is the line of the file where it begins, from 1. ``attributes`` are what the file
    says about it under the file's own names (``creationid``, ``changedate``, ``note``, ...).
    """

    source_text: str
    target_text: str
    position: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was not taken: where it is, what is wrong, what to do about it."""

    where: Promise | str
    what: Promise | str
    remedy: Promise | str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}"


class Unreadable(ValueError):
    """A file that cannot be read as what it is said to be; nothing of it should be kept."""

    def __init__(
        self, path: Path, where: Promise | str, what: Promise | str, remedy: Promise | str
    ):
        super().__init__(path, where, what, remedy)
        self.path, self.where, self.what, self.remedy = path, where, what, remedy

    def __str__(self) -> str:
        place = f"{self.path.name}, {self.where}" if self.where else self.path.name
        return f"{place}: {self.what} {self.remedy}"


def unopened(path: Path, error: OSError) -> Unreadable:
    """The error for a file that the system does not let us read."""
    return Unreadable(
        path,
        "",
        _("the file cannot be read (%(why)s).") % {"why": error.strerror},
        _("Check its name and permissions."),
    )


def line(number: int) -> str:
    """“line 12”, in the language active now."""
    return str(_("line %(number)d") % {"number": number})


def unit(
    source_text: str, target_text: str, position: int, attributes: Mapping[str, str]
) -> Unit | Refused:
    """A unit of two texts as found in a file, or why they are none."""
    source_text, target_text = normalise(source_text), normalise(target_text)
    if not source_text or not target_text:
        side = _("source") if not source_text else _("target")
        return Refused(
            line(position),
            _("the %(side)s text is empty.") % {"side": side},
            _("Fill it in, or leave the row out."),
        )
    if max(len(source_text), len(target_text)) > LONGEST:
        return too_long(position)
    return Unit(source_text, target_text, position, attributes)


def too_long(position: int) -> Refused:
    """The refusal of a text that is too long to be a segment."""
    return Refused(
        line(position),
        _("a text is longer than %(limit)d characters.") % {"limit": LONGEST},
        _("Cut it into sentences."),
    )


@lru_cache(maxsize=4096)
def serves(tag: str, wanted: str, *, loose: bool = False) -> int | None:
    """How well a file's language tag serves a wanted one: 0 best, ``None`` not at all.

    Tags are matched by BCP 47 with likely scripts filled in: ``en-US`` serves ``en``, ``zh-CN``
    serves ``zh`` and ``zh-TW`` does not. With ``loose`` a tag without region serves a wanted one
    with it (``pt`` for ``pt-BR``), as the last choice.
    """
    try:
        found = langcodes.Language.get(_ours(tag))
        want = langcodes.Language.get(_ours(wanted))
    except ValueError:
        return None
    if found.language != want.language or _script(found) != _script(want):
        return None
    if found.territory == want.territory:
        return 0
    if want.territory is None:
        return 1
    return 2 if loose and found.territory is None else None


def _ours(tag: str) -> str:
    """The tag as this site writes it, where it carries the language (``eng``, ``zh-cn``)."""
    try:
        return languages.get(tag).tag
    except languages.UnknownLanguage:
        return tag.replace("_", "-")


def _script(language: langcodes.Language) -> str | None:
    script: str | None = language.script or language.maximize().script
    return script
