"""From what somebody typed to the terms that are looked for, and how much each counts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from medixchange.search.retrieval.analysis import MOST, STEM, Word, says_little, words
from medixchange.search.retrieval.expansion import Lexicon, Rendering
from medixchange.search.retrieval.words.index import WordIndex
from medixchange.search.retrieval.words.vocabulary import SHORTEST, slips

#: A word counts as it is written, and by its stem.
AS_WRITTEN, BY_STEM = 0.4, 0.6
#: A word that says little by itself ("is", "when"), beside one that says something.
LITTLE = 0.3
#: A misspelt word's likely meaning, beside the word itself.
MISSPELT = 0.8
#: Likeness of two words in sound from which one may be the other in another language.
ALIKE = 0.5
#: Words that are taken for one misspelt or borrowed word.
NEAREST = 2
#: Words of a query for which like words are looked up: the longest ones.
LOOKED_UP = 24


@dataclass(slots=True)
class Asked:
    """The terms of a query.

    Attributes:
        terms: and how much each counts.
        known: of the words asked, the share that is written so, or has a rendering, in the index.
        telling: how many of the words asked say something by themselves; of none, all.
    """

    words: list[Word]
    terms: dict[str, float] = field(default_factory=dict)
    known: float = 0.0
    telling: int = 0

    def add(self, term: str, weight: float) -> None:
        """A term that is asked for twice counts as the stronger of the two."""
        self.terms[term] = max(self.terms.get(term, 0.0), weight)


def ask(
    text: str,
    language: str,
    index: WordIndex,
    lexicon: Lexicon | None = None,
    also: Sequence[Rendering] = (),
    *,
    like: bool = True,
) -> Asked:
    """The terms of a query that occur in the index.

    Args:
        language: BCP 47 tag of the text.
        also: the query in other words.
        like: look for words that are like those that do not occur.
    """
    asked = Asked(list(islice(words(text, language), MOST)))
    found: set[int] = set()
    unknown: list[int] = []
    little = [says_little(word.folded, language) for word in asked.words]
    asked.telling = little.count(False) or len(little)
    for at, word in enumerate(asked.words):
        if _add(asked, word, LITTLE if little[at] else 1.0, index):
            found.add(at)
        else:
            unknown.append(at)
    if lexicon is not None:
        for sense in lexicon.senses(asked.words, language):
            terms = [STEM + stem for stem in sense.stems]
            if all(index.frequency(term) for term in terms):
                for term in terms:
                    asked.add(term, sense.weight)
                found.update(range(sense.start, sense.end))
    unknown.sort(key=lambda at: -len(asked.words[at].folded))
    for at in unknown[:LOOKED_UP] if like else ():
        _add_near(asked, asked.words[at], index)
    for rendering in also:
        for word in islice(words(rendering.text, rendering.language), MOST):
            _add(asked, word, rendering.weight, index)
    asked.known = len(found) / len(asked.words) if asked.words else 0.0
    return asked


def _add(asked: Asked, word: Word, weight: float, index: WordIndex) -> bool:
    occurs = False
    for term, share in ((word.folded, AS_WRITTEN), (STEM + word.stem, BY_STEM)):
        if index.frequency(term):
            asked.add(term, weight * share)
            occurs = True
    return occurs


def _add_near(asked: Asked, word: Word, index: WordIndex) -> None:
    """Terms for a word that does not occur: what it may be when misspelt, or in other letters."""
    if len(word.folded) < SHORTEST:
        return
    taken = 0
    for near in index.vocabulary.near(word.folded):
        weight = 0.0
        if near.edits <= slips(word.folded):
            weight = MISSPELT / max(near.edits, 1)
        if near.likeness >= ALIKE and len(near.folded) >= SHORTEST:
            weight = max(weight, near.likeness**2)
        if weight and taken < NEAREST:
            taken += 1
            asked.add(STEM + near.stem, weight)
