"""What a segment's text is, and the key it is known by."""

import hashlib
import re
import unicodedata

from medixchange.core import languages

# No-break and thin spaces, and the zero-width ones of scripts without spaces, carry meaning: they
# hold "15 %" together or allow a line to break. These do not.
_SPACES = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
_INVISIBLE = re.compile("[\ufeff\u00ad]")


def normalise(text: str) -> str:
    """A text as segments are stored: NFC, one space for any run of white space, none around it.

    Byte-order marks and soft hyphens, which nobody sees, are dropped; no-break spaces inside stay.
    """
    text = _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()
    return unicodedata.normalize("NFC", text)


def segment_key(text: str, language: str) -> str:
    """The key of a segment: SHA-256 (hex) over its language's tag, a zero byte, and its text.

    The text counts as ``normalise`` gives it, the tag as this site writes it, so ``zh-Hans`` and
    ``zh`` give one key. Raises ``UnknownLanguage``.
    """
    tag = languages.get(language).tag
    return hashlib.sha256(f"{tag}\0{normalise(text)}".encode()).hexdigest()
