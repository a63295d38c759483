"""What a text is found by: its words, folded, and their stems."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from medixchange.search.retrieval.analysis.folding import fold
from medixchange.search.retrieval.analysis.splitting import Span, split
from medixchange.search.retrieval.analysis.stems import stem

#: Stands before a stem, so that it is no word.
STEM = "~"
#: Words of a query that are read; the rest is left out.
MOST = 64


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: what it is found by, and where it stands."""

    folded: str
    stem: str
    start: int
    end: int

    @property
    def terms(self) -> tuple[str, ...]:
        """The folded word and, in another form, its stem."""
        return self.folded, STEM + self.stem


def words(text: str, language: str) -> Iterator[Word]:
    """The words of a text, in order.

    Args:
        language: BCP 47 tag of the text; an empty one or one without rules only does without stems.
    """
    base = language.split("-")[0].lower()
    for (start, end), unspaced in split(text):
        word = text[start:end]
        folded = fold(word, "" if unspaced else base)
        if folded:
            yield Word(folded, folded if unspaced else stem(word, base), start, end)


def analyse(text: str, language: str) -> list[str]:
    """The terms of a text as the index keeps them, in order, with repeats."""
    return [term for word in words(text, language) for term in word.terms]


def highlights(text: str, language: str, terms: Collection[str]) -> list[Span]:
    """The words of a text that have one of these terms, as ranges of the text given.

    Words that touch (in scripts without spaces) become one range.
    """
    wanted = frozenset(terms)
    spans: list[Span] = []
    for word in words(text, language):
        if word.folded in wanted or STEM + word.stem in wanted:
            if spans and spans[-1][1] == word.start:
                spans[-1] = (spans[-1][0], word.end)
            else:
                spans.append((word.start, word.end))
    return spans
