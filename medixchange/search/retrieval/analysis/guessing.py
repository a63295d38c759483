"""Which language a text is in, as far as a search needs to know."""

import re
from collections import Counter
from functools import cache

import py3langid

from medixchange.core import languages

_SCRIPTS = (
    ("Ethi", "\u1200-\u139f\u2d80-\u2ddf"),
    ("Arab", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("Beng", "\u0980-\u09ff"),
    ("Deva", "\u0900-\u097f"),
    ("Taml", "\u0b80-\u0bff"),
    ("Khmr", "\u1780-\u17ff"),
    ("Mymr", "\u1000-\u109f"),
    ("Thai", "\u0e00-\u0e7f"),
    ("Cyrl", "\u0400-\u052f"),
    ("Hans", "\u3400-\u9fff"),
    ("Jpan", "\u3040-\u30ff"),
)
_RUNS = [(script, re.compile(f"[{chars}]")) for script, chars in _SCRIPTS]
#: Shorter texts say too little for a guess among languages of one script.
_ENOUGH = 12


@cache
def _bases(script: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(language.base for language in languages.every() if language.script == script)
    )


def script_of(text: str) -> str:
    """The script that most letters of a text are of (ISO 15924); ``Latn`` if none stands out."""
    counts = Counter({script: len(run.findall(text)) for script, run in _RUNS})
    counts["Latn"] = sum(char.isalpha() and ord(char) < 0x250 for char in text)
    if counts["Jpan"]:
        counts["Jpan"] += counts["Hans"]
    script, count = counts.most_common(1)[0]
    return script if count else "Latn"


def guess(text: str, default: str) -> str:
    """The language of a text: by its script, among several of one script by py3langid. That does
    not know Tigrinya, which writes its first vowel with another letter than Amharic does.

    Args:
        default: the tag given back where the text says too little or fits it, such as that of the
            reader's interface.
    """
    text = text[:2_000]
    script = script_of(text)
    candidates = _bases(script)
    base = default.split("-")[0]
    if not candidates:
        return "ja" if script == "Jpan" else default
    if len(candidates) == 1:
        return default if base == candidates[0] else candidates[0]
    tigrinya = text.count("ኣ") - text.count("አ")
    if script == "Ethi" and tigrinya:
        found = "ti" if tigrinya > 0 else "am"
    elif script == "Ethi" or sum(map(str.isalpha, text)) < _ENOUGH:
        found = base if base in candidates else candidates[0]
    else:
        found = next(tag for tag, _score in py3langid.rank(text) if tag in candidates)
    return default if found == base else found
