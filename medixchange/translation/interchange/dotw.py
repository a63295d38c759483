"""One guide in many languages, a file for each, paragraphs in the same order.

The files look like XML but are not always (an ``&`` stands bare), so they are read by lines: a
``<doc … lang='eng' …>`` line, then paragraphs between ``<p>`` and ``</p>`` lines. Translators
joined and parted paragraphs, so that their numbers differ. We take a pair of lines only where the
shape of what surrounds it agrees, and report the rest.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.translation.interchange.base import Refused, Unit, Unreadable, line, unit
from medixchange.translation.interchange.lines import read_lines
from medixchange.translation.segmentation import normalise

_DOC = re.compile(r"<doc\b[^>]*\blang=['\"](?P<lang>[\w-]+)['\"]")
_BULLET = re.compile(r"[\s\ufeff]*([•●▪◦‣·*–-])\s*")
# What no translator changes: numbers of two digits or more, and addresses.
_FIXED = re.compile(r"\d[\d  .-]*\d|https?://\S+|[\w.+-]+@[\w.-]+\w")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a paragraph: its number in the file, text without bullet, whether it had one."""

    number: int
    text: str
    bullet: bool

    @property
    def fixed(self) -> frozenset[str]:
        """What should be the same in all languages."""
        return frozenset(re.sub(r"\W", "", found) for found in _FIXED.findall(self.text))


@dataclass(frozen=True, slots=True)
class Guide:
    """One file: its language and paragraphs."""

    language: str
    paragraphs: Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Aligned:
    """What two files say in both languages, and what could not be paired."""

    units: Sequence[Unit]
    refused: Sequence[Refused]


def read_guide(path: Path) -> Guide:
    """Read one file. Raises ``Unreadable``, also for a language we do not carry."""
    language = ""
    paragraphs: list[list[Line]] = []
    inside = False
    last = 0
    for number, text in read_lines(path):
        last = number
        if isinstance(text, Refused):
            raise Unreadable(path, text.where, text.what, text.remedy)
        bare = text.strip().lstrip("\ufeff")
        if match := _DOC.match(bare):
            language = match["lang"]
        elif bare == "<p>":
            inside = True
            paragraphs.append([])
        elif bare == "</p>":
            inside = False
        elif inside:
            bullet = _BULLET.match(text)
            content = normalise(html.unescape(text[bullet.end() if bullet else 0 :]))
            if content:
                paragraphs[-1].append(Line(number, content, bullet is not None))
    if not language or not paragraphs:
        raise Unreadable(
            path,
            line(1),
            _("this is not a guide: there is no <doc lang=…> with <p> lines."),
            _("Name a file of the guide in one language."),
        )
    if inside:
        raise Unreadable(
            path,
            line(last),
            _("the last paragraph is not closed."),
            _("The file may be cut off: get it again."),
        )
    try:
        tag = languages.get(language).tag
    except languages.UnknownLanguage as error:
        raise Unreadable(path, line(1), str(error), "") from error
    return Guide(tag, [paragraph for paragraph in paragraphs if paragraph])


def read_parallel(source_path: Path, target_path: Path) -> Aligned:
    """Pair the lines of a guide in two languages, where the shapes agree.

    Paragraphs are aligned by dynamic programming over their shape (lines, bullets, numbers and
    addresses, length). Then the lines of two paragraphs are paired if there are as many and the
    same ones have bullets; a pair whose numbers or addresses differ is refused. ``position`` of a
    unit is its line in the target file. Raises ``Unreadable``.
    """
    source, target = read_guide(source_path), read_guide(target_path)
    units: list[Unit] = []
    refused: list[Refused] = []
    for left, right in _stretches(source.paragraphs, target.paragraphs):
        if not _same_shape(left, right):
            refused.append(_unpaired(left, right))
            continue
        for one, other in zip(left, right, strict=True):
            if one.fixed != other.fixed:
                refused.append(
                    Refused(
                        line(other.number),
                        _("numbers or addresses differ from line %(number)d of %(file)s.")
                        % {"number": one.number, "file": source_path.name},
                        _("Compare the two; the pair was left out."),
                    )
                )
                continue
            made = unit(one.text, other.text, other.number, {"source_line": str(one.number)})
            (units if isinstance(made, Unit) else refused).append(made)  # type: ignore[arg-type]
    return Aligned(units, refused)


def _same_shape(left: Sequence[Line], right: Sequence[Line]) -> bool:
    return (
        bool(left)
        and bool(right)
        and [each.bullet for each in left] == [each.bullet for each in right]
    )


def _unpaired(left: Sequence[Line], right: Sequence[Line]) -> Refused:
    where = line(right[0].number) if right else line(left[0].number)
    if left and right:
        what = _("%(left)d lines from line %(at)d of the source stand against %(right)d here.") % {
            "left": len(left),
            "at": left[0].number,
            "right": len(right),
        }
    elif left:
        what = _("lines of the source without counterpart: %(count)d.") % {"count": len(left)}
    else:
        what = _("lines without counterpart in the source: %(count)d.") % {"count": len(right)}
    return Refused(where, what, _("Pair them by hand."))


def _stretches(
    left: Sequence[Sequence[Line]], right: Sequence[Sequence[Line]]
) -> list[tuple[list[Line], list[Line]]]:
    """Lines to be paired or refused together.

    Paragraphs of one line all look alike. So between two anchors (paragraphs that pair beyond
    doubt) a stretch is taken paragraph by paragraph only if both sides have as many; else we
    cannot tell which one is missing, and the whole stretch goes out as one.
    """
    out: list[tuple[list[Line], list[Line]]] = []
    stretch: list[tuple[int | None, int | None]] = []

    def flush() -> None:
        if all(one is not None and other is not None for one, other in stretch):
            out.extend((list(left[i or 0]), list(right[j or 0])) for i, j in stretch)
        else:
            ones = [each for i, _j in stretch if i is not None for each in left[i]]
            others = [each for _i, j in stretch if j is not None for each in right[j]]
            out.append((ones, others))
        stretch.clear()

    for one, other in _aligned(left, right):
        if one is not None and other is not None and _anchored(left[one], right[other]):
            flush()
            out.append((list(left[one]), list(right[other])))
        else:
            stretch.append((one, other))
    flush()
    return [pair for pair in out if any(pair)]


def _anchored(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether two paragraphs belong together beyond doubt: same shape, and a telling one."""
    if not _same_shape(left, right):
        return False
    fixed = [each.fixed for each in left]
    return len(left) >= 3 or (any(fixed) and fixed == [each.fixed for each in right])


def _likeness(left: Sequence[Line], right: Sequence[Line]) -> float:
    """How much two paragraphs look alike in shape, about -1 to 3."""
    score = 1.0 if _same_shape(left, right) else -0.5
    a = frozenset[str]().union(*(each.fixed for each in left))
    b = frozenset[str]().union(*(each.fixed for each in right))
    if a or b:
        score += 2.0 * len(a & b) / len(a | b) - 0.5
    sizes = sorted((sum(len(x.text) for x in left), sum(len(x.text) for x in right)))
    # Chinese takes a third of the characters of English; more than five times is another text.
    return score + (0.2 if sizes[0] * 5 > sizes[1] else -1.0)


def _aligned(
    left: Sequence[Sequence[Line]], right: Sequence[Sequence[Line]]
) -> list[tuple[int | None, int | None]]:
    """The best monotone alignment, one to one or to nothing (Needleman and Wunsch 1970)."""
    gap = -0.4
    score = [[0.0] * (len(right) + 1) for _row in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        score[i][0] = score[i - 1][0] + gap
    for j in range(1, len(right) + 1):
        score[0][j] = score[0][j - 1] + gap
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            score[i][j] = max(
                score[i - 1][j - 1] + _likeness(left[i - 1], right[j - 1]),
                score[i - 1][j] + gap,
                score[i][j - 1] + gap,
            )
    pairs: list[tuple[int | None, int | None]] = []
    i, j = len(left), len(right)
    while i or j:
        if i and j:
            both = score[i - 1][j - 1] + _likeness(left[i - 1], right[j - 1])
            if score[i][j] == both:
                i, j = i - 1, j - 1
                pairs.append((i, j))
                continue
        if i and score[i][j] == score[i - 1][j] + gap:
            i -= 1
            pairs.append((i, None))
        else:
            j -= 1
            pairs.append((None, j))
    return pairs[::-1]
