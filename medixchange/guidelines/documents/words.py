"""Cleaning of characters: what nobody sees, and what could mislead who reads, is taken out."""

import re
import unicodedata

from medixchange.core import languages

#: Control characters other than white space; byte order marks, word joiners and soft hyphens; bidi
#: embeddings and overrides (U+202A to U+202E), which can show a dose other than it is stored;
#: annotation and tag characters; lone surrogates; code points that are no characters.
_GONE = re.compile(
    "[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad\\u2060-\\u2064\\u206a-\\u206f\\ufeff"
    "\\u202a-\\u202e\\ufff9-\\ufffb\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"
    "\\U000e0000-\\U000e007f]"
)
#: Line and paragraph separators, next line.
_LINES = re.compile("[\\x85\\u2028\\u2029]")
_ISOLATES = re.compile("[\\u2066-\\u2069]")
_ZERO_WIDTH_SPACE = "\u200b"
#: Bullets of the Symbol and Wingdings fonts, as Word writes them.
_SYMBOLS = str.maketrans({"\uf0b7": "•", "\uf0a7": "▪", "\uf0fc": "✓", "\uf0d8": "➢"})


def clean(text: str, language: str) -> str:
    """Text in NFC without characters that have no business in a document.

    Kept: joiners (U+200C, U+200D), which Persian and the scripts of India need, direction marks
    (U+200E, U+200F, U+061C), and isolates (U+2066 to U+2069) where each is closed. The zero width
    space stays in scripts written without spaces, where it marks word ends.

    Args:
        text: any text.
        language: BCP 47 tag of one of ``core.languages``.
    """
    text = _LINES.sub("\n", _GONE.sub("", text)).translate(_SYMBOLS)
    if _ZERO_WIDTH_SPACE in text and languages.get(language).script not in languages.UNSPACED:
        text = text.replace(_ZERO_WIDTH_SPACE, "")
    if _ISOLATES.search(text) and not _closed(text):
        text = _ISOLATES.sub("", text)
    return unicodedata.normalize("NFC", text)


def _closed(text: str) -> bool:
    """Whether every isolate is closed within the text."""
    depth = 0
    for found in _ISOLATES.finditer(text):
        depth += -1 if found[0] == "\u2069" else 1
        if depth < 0:
            return False
    return depth == 0


def wide(char: str) -> bool:
    """Whether a character is one of Chinese or Japanese text, which has no spaces at line ends."""
    return unicodedata.east_asian_width(char) in ("W", "F") and not "\uac00" <= char <= "\ud7a3"
