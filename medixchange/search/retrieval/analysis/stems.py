"""Word stems by Snowball (https://snowballstem.org), for the languages it has rules for."""

import threading
import unicodedata
from functools import lru_cache

import Stemmer

from medixchange.search.retrieval.analysis.folding import LONGEST, bare, fold

_ALGORITHMS = {
    "ar": "arabic",
    "en": "english",
    "es": "spanish",
    "fa": "persian",
    "fr": "french",
    "hi": "hindi",
    "id": "indonesian",
    # Malay forms words as Indonesian does.
    "ms": "indonesian",
    "pt": "portuguese",
    "ru": "russian",
    "ta": "tamil",
}
_lock = threading.Lock()
_stemmers: dict[str, Stemmer.Stemmer] = {}


@lru_cache(maxsize=131_072)
def stem(word: str, language: str) -> str:
    """The stem of a word, folded; the folded word where the language has no rules here.

    Rules go by letters as they are written, accents and all, so that folding comes after, but for
    Arabic.

    Args:
        language: primary subtag, such as ``en``.
    """
    name = _ALGORITHMS.get(language)
    if language == "ar":
        # Its rules take off endings in more of their folded forms.
        written = fold(word, language)
    else:
        written = unicodedata.normalize("NFC", bare(word, language)[:LONGEST])
    if name is None or not any(map(str.isalpha, written)):
        return fold(word, language)
    with _lock:  # a stemmer holds state of its own
        stemmer = _stemmers.get(name)
        if stemmer is None:
            stemmer = _stemmers[name] = Stemmer.Stemmer(name, 0)
        found = stemmer.stemWord(written)
    return fold(found) or fold(word, language)
