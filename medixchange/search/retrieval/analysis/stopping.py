"""Words that say little by themselves, such as articles and prepositions (stopwords-iso).

The lists are wide ("low" is one of them), so such a word still counts a little, and a search of
such words alone still finds.
"""

from functools import cache

import stopwordsiso

from medixchange.search.retrieval.analysis.folding import fold


@cache
def _stopped(base: str) -> frozenset[str]:
    if not stopwordsiso.has_lang(base):
        return frozenset()
    return frozenset(fold(word, base) for word in stopwordsiso.stopwords(base))


def says_little(folded: str, language: str) -> bool:
    """Whether a folded word of a language, by BCP 47 tag, is a stop word there."""
    return folded in _stopped(language.split("-")[0].lower())
