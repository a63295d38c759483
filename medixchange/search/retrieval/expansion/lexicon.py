"""What things are called in other languages: glossary terms as they were agreed, and single words
as they go together in texts and their translations."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from medixchange.search.retrieval.analysis import STEM, Word, words
from medixchange.search.retrieval.expansion.association import associate

#: Words of the longest term that is looked for.
LONGEST = 6
#: A rendering of a rendering: from Indonesian through English to French.
OVER_ANOTHER = 0.7
#: A word that holds a term, as languages do that write "in the", "his" or a class with the noun.
WITHIN = 0.7
#: Letters of a term that may be found inside a word, and of the word that may be beside it.
_SHORTEST, _BESIDE = 4, 4
#: Pairs of texts that are read to learn from for a pair of languages.
PAIRS = 20_000


@dataclass(frozen=True, slots=True)
class Rendering:
    """What is asked, in other words, and how much that counts beside the query itself (1)."""

    text: str
    language: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Sense:
    """What words ``start`` to ``end`` of a query are called in another language."""

    start: int
    end: int
    language: str
    stems: tuple[str, ...]
    weight: float


_Term = tuple[str, ...]
#: Language and stem of a word, language and stem of what it likely became, and how likely.
Learnt = tuple[str, str, str, str, float]


def _base(language: str) -> str:
    return language.split("-")[0].lower()


class Lexicon:
    """Terms and words of any languages. Filled once, then only read."""

    def __init__(self) -> None:
        #: By language and stems of a term: its renderings, as language and stems.
        self._terms: dict[str, dict[_Term, dict[tuple[str, _Term], float]]] = defaultdict(dict)
        self._words: dict[str, dict[str, dict[tuple[str, str], float]]] = defaultdict(dict)

    def __len__(self) -> int:
        return sum(map(len, self._terms.values())) + sum(map(len, self._words.values()))

    def add(self, language: str, term: str, other: str, rendering: str) -> None:
        """Keep an agreed term; it is found from both sides."""
        sides = [
            (_base(tag), tuple(word.stem for word in words(text, tag)))
            for tag, text in ((language, term), (other, rendering))
        ]
        if any(not stems or len(stems) > LONGEST for _tag, stems in sides):
            return
        for here, there in (sides, sides[::-1]):
            self._terms[here[0]].setdefault(here[1], {})[there] = 1.0

    def learn(self, language: str, other: str, pairs: Iterable[tuple[str, str]]) -> int:
        """Learn from texts in a language with their translations into another which words go
        together, in both directions; gives how many words have a rendering then."""
        read: list[tuple[list[str], list[str]]] = []
        for left, right in pairs:
            read.append(
                ([w.stem for w in words(left, language)], [w.stem for w in words(right, other)])
            )
            if len(read) == PAIRS:
                break
        known = 0
        for here, there, sides in (
            (_base(language), _base(other), read),
            (_base(other), _base(language), [(right, left) for left, right in read]),
        ):
            found = associate(sides)
            known += len(found)
            for word, renderings in found.items():
                held = self._words[here].setdefault(word, {})
                for rendering, chance in renderings.items():
                    held[there, rendering] = chance
        return known

    def learnt(self) -> Iterator[Learnt]:
        """All that ``learn`` has found, to be kept in a file."""
        for here, known in self._words.items():
            for word, renderings in known.items():
                for (there, rendering), chance in renderings.items():
                    yield here, word, there, rendering, chance

    def keep_learnt(self, rows: Iterable[Learnt]) -> None:
        """Take in what another lexicon has learnt."""
        for here, word, there, rendering, chance in rows:
            self._words[here].setdefault(word, {})[there, rendering] = chance

    def senses(self, asked: Sequence[Word], language: str) -> list[Sense]:
        """What a query's words, alone and together, are called in other languages."""
        here = _base(language)
        found: dict[tuple[int, int, str, _Term], float] = {}

        def keep(start: int, end: int, tag: str, stems: _Term, weight: float) -> None:
            key = (start, end, tag, stems)
            found[key] = max(found.get(key, 0.0), weight)

        for start, end, term, weight in self._terms_in([word.stem for word in asked], here):
            for (tag, stems), share in self._terms[here][term].items():
                keep(start, end, tag, stems, weight * share)
                for third, others in self._terms[tag].get(stems, {}):
                    if third != here:
                        keep(start, end, third, others, weight * share * OVER_ANOTHER)
        learnt = self._words.get(here, {})
        for at, word in enumerate(asked):
            for (tag, stem), chance in learnt.get(word.stem, {}).items():
                keep(at, at + 1, tag, (stem,), chance)
        return [
            Sense(start, end, tag, stems, weight)
            for (start, end, tag, stems), weight in found.items()
        ]

    def _terms_in(
        self, stems: Sequence[str], language: str
    ) -> Iterable[tuple[int, int, _Term, float]]:
        known = self._terms.get(language)
        if not known:
            return
        for start in range(len(stems)):
            for end in range(start + 1, min(len(stems), start + LONGEST) + 1):
                term = tuple(stems[start:end])
                if term in known:
                    yield start, end, term, 1.0
            inner = _held_in(stems[start], known)
            if inner:
                yield start, start + 1, inner, WITHIN


def _held_in(word: str, known: dict[_Term, dict]) -> _Term | None:
    """The longest term of one word that is inside a word with few letters beside it."""
    if (word,) in known:
        return None
    for length in range(len(word) - 1, max(_SHORTEST, len(word) - _BESIDE) - 1, -1):
        for at in range(len(word) - length + 1):
            if (word[at : at + length],) in known:
                return (word[at : at + length],)
    return None


def stems_as_terms(stems: Iterable[str]) -> list[str]:
    """Stems in the form that the index keeps them in."""
    return [STEM + stem for stem in stems]
