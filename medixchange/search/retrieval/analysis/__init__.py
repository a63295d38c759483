"""Texts as the word index reads them: split into words, folded, stemmed; and the way back."""

from medixchange.search.retrieval.analysis.guessing import guess
from medixchange.search.retrieval.analysis.stopping import says_little
from medixchange.search.retrieval.analysis.terms import (
    MOST,
    STEM,
    Word,
    analyse,
    highlights,
    words,
)

__all__ = ["MOST", "STEM", "Word", "analyse", "guess", "highlights", "says_little", "words"]
