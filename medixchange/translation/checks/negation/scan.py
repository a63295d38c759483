"""Finding the denials of a text."""

import re
from collections.abc import Set
from dataclasses import dataclass, field
from functools import lru_cache

from medixchange.translation.checks.base import Span
from medixchange.translation.checks.negation.cues import CUES
from medixchange.translation.checks.numbers.words import SPACELESS, TOKEN, Lexicon
from medixchange.translation.checks.text import View, fold

_STRONG, _SOFT, _EXCUSE = 1, 2, 3


@dataclass(slots=True)
class Denials:
    """Where a text denies, and how many words it has that may stand for a denial."""

    strong: list[Span] = field(default_factory=list)
    soft: int = 0
    excuses: int = 0
    trust: int = 4


@dataclass(frozen=True, slots=True)
class _Reader:
    lexicon: Lexicon
    idiom: re.Pattern[str] | None
    verb: re.Pattern[str] | None
    excuse: re.Pattern[str] | None
    trust: int


@lru_cache(maxsize=128)
def _reader(language: str) -> _Reader | None:
    cues = CUES.get(language)
    if cues is None:
        return None
    lexicon = Lexicon()
    for forms, kind in ((cues.strong, _STRONG), (cues.soft, _SOFT), (cues.excuse, _EXCUSE)):
        for form in forms.split():
            lexicon.add(f"*{form}*" if language in SPACELESS else form, kind)
    return _Reader(
        lexicon.seal(),
        re.compile(fold(cues.idiom)) if cues.idiom else None,
        re.compile(cues.verb) if cues.verb else None,
        re.compile(cues.excuse_verb) if cues.excuse_verb else None,
        cues.trust,
    )


def denials(view: View, language: str) -> Denials | None:
    """Read the denials of a folded text; None where we do not know the language's."""
    reader = _reader(language)
    if reader is None:
        return None
    found = Denials(trust=reader.trust)
    lower = view.lower
    skipped = bytearray(len(lower))
    if reader.idiom:
        for match in reader.idiom.finditer(lower):
            skipped[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    taken: set[int] = set()
    for match in TOKEN.finditer(lower):
        if skipped[match.start()]:
            continue
        kinds: Set[int] = reader.lexicon.values(match[0])
        if _STRONG in kinds or (reader.verb and reader.verb.fullmatch(match[0])):
            found.strong.append(match.span())
            taken.update(range(*match.span()))
        elif _EXCUSE in kinds or (reader.excuse and reader.excuse.fullmatch(match[0])):
            found.excuses += 1
        elif _SOFT in kinds:
            found.soft += 1
    if reader.lexicon.pattern:
        for match in reader.lexicon.pattern.finditer(lower):
            if skipped[match.start()] or match.start() in taken:
                continue
            kinds = reader.lexicon.inside[match[0]]
            if _STRONG in kinds:
                found.strong.append(match.span())
            elif _EXCUSE in kinds:
                found.excuses += 1
            else:
                found.soft += 1
    found.strong.sort()
    return found
