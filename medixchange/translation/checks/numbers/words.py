"""Finding number words in a text: which small numbers a text names without digits."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import get_month_names

from medixchange.translation.checks.numbers import words_african, words_latin, words_other
from medixchange.translation.checks.text import fold

#: Languages written without spaces between words: forms are looked for anywhere.
SPACELESS = frozenset({"zh", "my", "km", "th"})
# A word: letters with their combining marks (which \w leaves out in Indic scripts), and inner
# apostrophes ("ja'a"). Hyphens part words ("twenty-five", "walioinua-20").
_MARKS = (
    "\u0300-\u036f\u0900-\u0963\u0971-\u0dff\u0e00-\u0e4e\u1000-\u1049\u1056-\u109f\u1780-\u17d3"
)
TOKEN = re.compile(rf"[^\W\d_{_MARKS}](?:[^\W\d_]|[{_MARKS}])*(?:'[^\W\d_]+)*|[{_MARKS}]+")
_TABLES: Mapping[str, Mapping[int, str]] = {
    **words_latin.TABLE,
    **words_african.TABLE,
    **words_other.TABLE,
}
_LARGEST_SPELLED = 10**13


@dataclass(frozen=True, slots=True)
class Word:
    """A number word and its value."""

    start: int
    end: int
    value: int


@dataclass(slots=True)
class Lexicon:
    """Forms and what they stand for, by the way they attach to other letters."""

    exact: dict[str, set[int]] = field(default_factory=dict)
    heads: dict[str, set[int]] = field(default_factory=dict)
    tails: dict[str, set[int]] = field(default_factory=dict)
    inside: dict[str, set[int]] = field(default_factory=dict)
    pattern: re.Pattern[str] | None = None
    known: dict[str, frozenset[int]] = field(default_factory=dict)

    def add(self, form: str, value: int) -> None:
        """Add a form; ``*`` at either end frees that end."""
        bare = fold(form.strip("*").replace("_", " "))
        if not bare:
            return
        kind = {
            (False, False): self.exact,
            (False, True): self.heads,
            (True, False): self.tails,
            (True, True): self.inside,
        }[form.startswith("*"), form.endswith("*")]
        kind.setdefault(bare, set()).add(value)

    def seal(self) -> "Lexicon":
        """Compile the forms that may stand inside a word, longest first."""
        if self.inside:
            forms = sorted(self.inside, key=len, reverse=True)
            self.pattern = re.compile("|".join(map(re.escape, forms)))
        return self

    def values(self, token: str) -> frozenset[int]:
        """What one word may stand for."""
        known = self.known.get(token)
        if known is None:
            found = set(self.exact.get(token, ()))
            for length in range(1, min(len(token), 24) + 1):
                found |= self.heads.get(token[:length], set())
                found |= self.tails.get(token[-length:], set())
            known = frozenset(found)
            if len(self.known) < 50_000:
                self.known[token] = known
        return known


@lru_cache(maxsize=128)
def lexicon(language: str) -> Lexicon:
    """The number words of a language by its primary subtag; empty where we have none."""
    made = Lexicon()
    for value, forms in _TABLES.get(language, {}).items():
        for form in forms.split():
            made.add(f"*{form}*" if language in SPACELESS else form, value)
    return made.seal()


@lru_cache(maxsize=128)
def months(language: str) -> Lexicon:
    """The names of the months (CLDR, through Babel)."""
    made = Lexicon()
    inside = language in SPACELESS
    try:
        locale = Locale.parse({"tl": "fil"}.get(language, language))
    except (UnknownLocaleError, ValueError):
        return made
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in get_month_names(width, context, locale).items():
                bare = name.strip(".॰ ").lower()
                if any(char.isdigit() for char in bare) or len(bare) < (3 if bare.isascii() else 2):
                    continue
                if " " not in bare:
                    made.add(
                        f"*{bare}*"
                        if inside or language in {"am", "ti", "ar"}
                        else f"{bare}*"
                        if len(bare) > 3
                        else bare,
                        int(number),
                    )
    return made.seal()


def find(made: Lexicon, lower: str) -> list[Word]:
    """All words of a lexicon in a folded, lowered text, in order."""
    found: list[Word] = []
    if made.exact or made.heads or made.tails:
        for match in TOKEN.finditer(lower):
            found.extend(Word(match.start(), match.end(), value) for value in made.values(match[0]))
    if made.pattern is not None:
        for match in made.pattern.finditer(lower):
            found.extend(Word(match.start(), match.end(), v) for v in made.inside[match[0]])
        found.sort(key=lambda word: word.start)
    return found


def spelled(value: int, atoms: frozenset[int] | set[int], depth: int = 0) -> bool:
    """Whether a number can be said with these words: 53 with fifty and three."""
    if value in atoms:
        return True
    if depth > 6 or value < 11 or value > _LARGEST_SPELLED:
        return False
    if value < 100:
        tens, units = value - value % 10, value % 10
        if not units:
            return 10 in atoms and value // 10 in atoms
        return units in atoms and spelled(tens, atoms, depth + 1)
    for scale in (10**12, 10**9, 10**8, 10**7, 10**6, 10**5, 10**4, 1000, 100):
        if scale > value or scale not in atoms:
            continue
        times, rest = divmod(value, scale)
        if (times == 1 or spelled(times, atoms, depth + 1)) and (
            not rest or spelled(rest, atoms, depth + 1)
        ):
            return True
    return False
