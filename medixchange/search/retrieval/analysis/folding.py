"""One way of writing for words that people write in many.

Case, width and composition are folded for all scripts (NFKC, full case folding), accents of Latin,
Greek and Cyrillic letters are left out, digits become ASCII. Arabic, Ethiopic and Indic letters
that are exchanged for one another in everyday writing become one. Folding makes a key to find by;
it is never shown.
"""

import re
import unicodedata
from functools import lru_cache

#: Longer words are cut: no language has them, and a key of an index must have an end.
LONGEST = 40

_APOSTROPHES = "'\u2018\u2019\u201b\u02bc\u02bb\u02b9\uff07`\u00b4"
_DROP = re.compile(
    "["
    + _APOSTROPHES
    + "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    + "\ufe00-\ufe0f\ufeff"
    # Arabic vowel signs, Quranic marks, the lengthening stroke
    + "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    # Indic nukta, Ethiopic gemination marks
    + "\u093c\u09bc\u0a3c\u0abc\u0b3c\u135d-\u135f"
    + "]"
)
_ELISION = re.compile(f"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[{_APOSTROPHES}](?=.{{2}})")
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}]s$")
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3})+")
_NUMBER = re.compile(r"\d[\d.]*")


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    # Letters with a stroke of their own, which no decomposition takes apart.
    for chars, one in (
        ("đð", "d"),
        ("ħ", "h"),
        ("ıɨ", "i"),
        ("ł", "l"),
        ("øɔ", "o"),
        ("ɓ", "b"),
        ("ɗ", "d"),
        ("ɛ", "e"),
        ("ƙ", "k"),
        ("ŋɲ", "n"),
        ("ƴ", "y"),
        # Arabic: seats of the hamza, forms of alef, yeh, kaf and heh, teh marbuta
        ("أإآٱ\u0672\u0673", "ا"),
        ("ىئیېۍے", "ي"),
        ("ؤ", "و"),
        ("ةەۀہۂھۃ", "ه"),
        ("ک", "ك"),
        # Indic: a nasal sign for the other
        ("\u0901", "\u0902"),
        ("\u0981", "\u0982"),
        # decimal and group marks
        ("\u066b,", "."),
        ("\u066c", "."),
    ):
        for char in chars:
            table[ord(char)] = one
    table[ord("ء")] = ""
    # Ethiopic: letters that Amharic reads alike, with all their vowels
    for start, one_start in ((0x1210, 0x1200), (0x1280, 0x1200), (0x1220, 0x1230)):
        for vowel in range(8):
            table[start + vowel] = chr(one_start + vowel)
    for vowel in range(7):
        table[0x12D0 + vowel] = chr(0x12A0 + vowel)
        table[0x1340 + vowel] = chr(0x1338 + vowel)
    # ሀ and ሃ, አ and ኣ are the same to the ear
    table |= {0x1203: "ሀ", 0x1213: "ሀ", 0x1283: "ሀ", 0x12A3: "አ", 0x12D3: "አ"}
    for code in range(0x660, 0x1FBFA):
        char = chr(code)
        if unicodedata.category(char) == "Nd":
            table[code] = str(unicodedata.decimal(char))
    return table


_TABLE = _table()


@lru_cache(maxsize=65_536)
def fold(word: str, language: str = "") -> str:
    """The key of one word; empty if nothing of it is left.

    Args:
        language: primary subtag; French elision ("l'eau") and the English possessive need it.
    """
    if word.isascii() and word.isalnum():
        return word.lower()[:LONGEST]
    word = unicodedata.normalize("NFKD", bare(word, language)).translate(_TABLE)
    word = _DROP.sub("", _without_accents(word)).translate(_TABLE)
    word = unicodedata.normalize("NFC", word)
    if _NUMBER.fullmatch(word):
        word = word.strip(".")
        if _GROUPED.fullmatch(word):
            word = word.replace(".", "")
    return word[:LONGEST]


def bare(word: str, language: str) -> str:
    """A word in small letters, of one width, without what is written with it: French elision,
    the English possessive."""
    word = unicodedata.normalize("NFKC", word[: 4 * LONGEST]).casefold()
    if language == "fr":
        return _ELISION.sub("", word)
    if language == "en":
        return _POSSESSIVE.sub("", word)
    return word


def _without_accents(word: str) -> str:
    """Leaves out marks on Latin, Greek and Cyrillic letters; others' marks are vowels."""
    out: list[str] = []
    bare = False
    for char in word:
        if unicodedata.combining(char) and "\u0300" <= char < "\u0370":
            if not bare:
                out.append(char)
            continue
        bare = char < "\u0530" or "\u1e00" <= char < "\u2000"
        out.append(char)
    return "".join(out)
