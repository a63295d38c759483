"""One order of two: what is found by words and what is found by meaning, by their scores.

Scores say more than ranks do: how much better the first is than the second, and whether the best is
any good. The cosine is that of centred vectors. BM25 grows with the logarithm of the number of
passages (through the rarity of a term) and with the words asked; it is divided by the former only,
since ten words found say more than one.
"""

import math
from collections.abc import Callable, Mapping

#: What a score by words of as much as the logarithm of the number of passages counts, beside a
#: cosine of one. On TICO-19, 0.05 to 0.09 find the same but for 0.001 (docs/search.md).
WORDS = 0.07
#: The meaning of a few words is a guess, and each of them matters: in a query of fewer words than
#: this each counts the more. Chosen on glossary terms, as far as sentences lose nothing.
SHORT = 12
#: Of what is found by words, so many tell how near in meaning such passages are.
_FIRST = 10


def fuse(
    by_words: Mapping[int, float],
    by_meaning: Mapping[int, float],
    passages: int,
    asked: int = SHORT,
    known: float = 1.0,
) -> dict[int, float]:
    """Scores of all that either has found.

    A passage whose meaning is not known yet is taken to be as near as those are on the mean that
    are found by the same words, and as the nearest of all if there are none.

    Args:
        by_words: BM25 by id.
        by_meaning: cosine by id.
        passages: in the whole index.
        asked: words of the query that say something by themselves.
        known: the share of them that is known; what is left out of the others may decide.
    """
    more = 1 + known * max(0.0, SHORT / max(asked, 1) - 1)
    unit = WORDS * more / math.log1p(max(passages, 1))
    first = sorted(by_words, key=lambda id: (-by_words[id], id))[:_FIRST]
    nearness = [by_meaning[id] for id in first if id in by_meaning]
    usual = sum(nearness) / len(nearness) if nearness else max(by_meaning.values(), default=0.0)
    return {
        id: by_meaning.get(id, usual) + unit * by_words.get(id, 0.0)
        for id in by_words.keys() | by_meaning.keys()
    }


def rerank(scores: Mapping[int, float], weight: Callable[[int], float]) -> list[tuple[int, float]]:
    """The same, each score multiplied by what else speaks for or against it, the best first; equal
    ones by id."""
    weighed = [(id, score * weight(id)) for id, score in scores.items()]
    return sorted(weighed, key=lambda one: (-one[1], one[0]))
