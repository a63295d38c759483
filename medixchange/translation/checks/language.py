"""Language: is the target written in the language, and the script, that it says it is?"""

import re
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.translation.checks.base import Finding, Pair, Severity
from medixchange.translation.checks.text import base, view, views

# ISO 15924 script: the letters that show it. Only scripts of languages we carry.
_SCRIPTS = {
    "Latn": "A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "Cyrl": "\u0400-\u052f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Deva": "\u0900-\u097f",
    "Beng": "\u0980-\u09ff",
    "Taml": "\u0b80-\u0bff",
    "Thai": "\u0e00-\u0e7f",
    "Khmr": "\u1780-\u17ff",
    "Mymr": "\u1000-\u109f\uaa60-\uaa7f",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "Hans": "\u4e00-\u9fff\u3400-\u4dbf",
}
_COUNT = {script: re.compile(f"[{letters}]") for script, letters in _SCRIPTS.items()}
# The guess is taken on this much text; more does not make it surer.
_ENOUGH = 1_500
_FEWEST_WORDS = 5
_SURE = 0.95
# Languages a guesser takes for one another on a sentence; a guess within a group is no sign.
_ALIKE = tuple(
    frozenset(group.split())
    for group in (
        "id ms jv su",
        "am ti",
        "rw rn lg sw ny ln kg",
        "zu xh ss nr st tn sn ts ve nd",
        "es pt gl ca an it oc ast",
        "fr oc wa ht ca",
        "hi mr ne bh sa",
        "bn as",
        "ar fa ur ps ug ku",
        "ru uk be bg mk sr",
        "tl fil ceb war",
        "om so aa",
    )
)


def check(pair: Pair) -> list[Finding]:
    """Block a target in the wrong script; warn of, or block, one in another language."""
    try:
        wanted = languages.get(pair.target_language)
    except languages.UnknownLanguage:
        return []
    target = views(pair)[1]
    sample = target.text[:20_000]
    own = len(_COUNT[wanted.script].findall(sample)) if wanted.script in _COUNT else 0
    others = {
        script: len(pattern.findall(sample))
        for script, pattern in _COUNT.items()
        if script != wanted.script
    }
    most, count = max(others.items(), key=lambda item: item[1])
    span = (0, len(pair.target))
    if _wrong_script(pair, own, most, count):
        return [
            Finding(
                check="language",
                severity=Severity.BLOCK,
                source_span=None,
                target_span=span,
                template=_("The translation is not in the script of %(language)s."),
                params={"language": wanted.name},
            )
        ]
    if own <= count or wanted.script not in _COUNT:
        return []
    guess, sure = _guess(_words(sample))
    if guess == wanted.base or any({guess, wanted.base} <= group for group in _ALIKE):
        return []
    if not guess or sure < _SURE or guess not in _COUNTED:
        return []
    copied = guess == base(pair.source_language)
    return [
        Finding(
            check="language",
            severity=Severity.BLOCK if copied and len(sample.split()) >= 8 else Severity.WARN,
            source_span=None,
            target_span=span,
            template=_(
                "The translation reads like another language (%(guess)s), not %(language)s."
            ),
            params={"guess": _name(guess), "language": wanted.name},
        )
    ]


def _wrong_script(pair: Pair, own: int, most: str, count: int) -> bool:
    """Hardly a letter of the own script, and words of another that are no mere names."""
    if own * 4 > count or count < 2:
        return False
    if most == "Latn":
        # Names of drugs and tests stay Latin in every script: words in small letters tell.
        small = re.findall(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])", view(pair.target).text[:20_000])
        return len(small) >= 2 or (len(small) == 1 and own == 0 and count > 5 and not _same(pair))
    return True


def _same(pair: Pair) -> bool:
    return view(pair.source).text.strip() == view(pair.target).text.strip()


def _words(text: str) -> str:
    """What a guesser should see: no figures, codes or capitals-only names."""
    kept = [
        word
        for word in text[: _ENOUGH * 2].split()
        if not any(char.isdigit() for char in word) and not (word.isupper() and word.isascii())
    ]
    return " ".join(kept)[:_ENOUGH]


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _guess(text: str) -> tuple[str, float]:
    if len(text.split()) < _FEWEST_WORDS and len(text) < 30:
        return "", 0.0
    code, sure = _identifier().classify(text)
    return str(code), float(sure)


def _name(code: str) -> object:
    try:
        return languages.get(code).name
    except languages.UnknownLanguage:
        return code


#: A guess outside the languages we carry is mostly a sign of an odd sentence, not of a wrong file.
_COUNTED = frozenset(language.base for language in languages.every())
