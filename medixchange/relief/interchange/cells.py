"""The text of one cell: made comparable, and made harmless for spreadsheet programs.

Spreadsheet programs evaluate text that begins with certain marks. OWASP advises to put an
apostrophe before it (https://owasp.org/www-community/attacks/CSV_Injection). We write so, and take
the apostrophe off again when we read, so that a file of ours comes back as it was.
"""

import re
import unicodedata

from django.utils.translation import gettext as _

#: What spreadsheet programs take for the beginning of a formula, full-width forms included.
_STARTS = "=+\\-@\t\r\n＝＋－＠"
_TO_GUARD = re.compile(rf"'*[{_STARTS}]")
_GUARDED = re.compile(rf"'+[{_STARTS}]")
#: What stands after the mark where no formula is meant: a number, a telephone number, a word.
_HARMLESS = re.compile(r"[+\-－＋]?[\d.,()/ \u00a0-]*|[+\-@]\w[\w .-]*|[-+@]")
_CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n"} | {127: None}


def clean(text: str) -> str:
    """Text as we keep it: NFC, line ends as ``\\n``, no control characters, no outer spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)
    return unicodedata.normalize("NFC", text).strip()


def safe_cell(text: str) -> str:
    """Text as we write it into a table: no program takes it for a formula."""
    text = clean(text)
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(text: str) -> str:
    """Text as it was before ``safe_cell``."""
    return clean(text[1:]) if _GUARDED.match(text) else text


def is_formula(text: str) -> bool:
    """Whether a cell of a text table holds what a spreadsheet program would evaluate.

    A number, a telephone number (``+62 21 …``), a name (``@moh``) or a dash is none.
    """
    if text[:1] not in "=+-@＝＋－＠" or not text:
        return False
    return text[0] in "=＝" or _HARMLESS.fullmatch(text) is None


def formula_found() -> tuple[str, str]:
    """What is wrong with a formula, and the remedy, for people."""
    return (
        _("the cell begins like a formula; formulas are not evaluated."),
        _("Write the value itself, or put an apostrophe before it."),
    )
