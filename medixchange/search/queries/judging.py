"""How good an answer is: what of it is kept, and whether anything answers well."""

from collections.abc import Collection, Sequence

from medixchange.search.queries.ranking import Ranked
from medixchange.search.retrieval import analysis
from medixchange.search.retrieval.finding import Found

#: The share of the best score, by words or in all, that a passage must have to be part of the
#: answer. There is always a nearest, and always something that has one of the words.
LEAST = 0.5
#: Of what no word speaks for, so many.
MEANING_ALONE = 30
#: A cosine of centred vectors from which two texts say much the same.
CLOSE = 0.65
#: The first places of an answer that are looked at to judge it.
_FIRST = 3
#: The share of a search's words that a good answer holds.
_HELD = 0.5


def kept(found: Sequence[Found]) -> list[Found]:
    """What the index found, best first, without its far end."""
    best = max((one.score for one in found), default=0.0)
    best_words = max((one.words for one in found), default=0.0)
    result, alone = [], 0
    for one in found:
        by_words = one.words > 0 and one.words >= LEAST * best_words
        if not by_words and one.score < LEAST * best:
            continue
        alone += one.by == "meaning"
        if one.by != "meaning" or alone <= MEANING_ALONE:
            result.append(one)
    return result


def is_good(text: str, language: str, terms: Collection[str], ranked: Sequence[Ranked]) -> bool:
    """Whether one of the first places answers well: it holds at least half as many of the terms
    that were looked for as the search has words that say something, or is close in meaning."""
    words = [word.folded for word in analysis.words(text, language)]
    asked = sum(not analysis.says_little(word, language) for word in words) or len(words)
    return any(_holds(one, terms, asked) for one in ranked[:_FIRST])


def _holds(one: Ranked, terms: Collection[str], asked: int) -> bool:
    row, found = one.passage, one.found
    if found.meaning >= CLOSE:
        return True
    if found.by == "meaning":
        return False
    text = f"{row.heading}\n{row.text}"
    spans = analysis.highlights(text, row.language, terms)
    return len({text[begin:end].casefold() for begin, end in spans}) >= _HELD * asked
