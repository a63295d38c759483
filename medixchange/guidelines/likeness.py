"""Whether a document is in the language that was said: a wrong tag would spoil the memory."""

import py3langid
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.guidelines.documents.model import Document
from medixchange.translation.actions import Refused
from medixchange.translation.inline import plain

#: Languages that the identifier takes for one another on real text; not told apart here.
_ALIKE = (
    frozenset({"id", "ms"}),
    frozenset({"am", "ti"}),
    frozenset({"zu", "xh", "rw", "lg", "ln", "sw"}),
    frozenset({"pt", "gl", "es"}),
    frozenset({"hi", "mr", "ne"}),
    frozenset({"fa", "ur", "ar", "ug"}),
    frozenset({"tl", "ceb"}),
)
#: Text shorter than this is not judged, in characters.
_ENOUGH = 200


def require(document: Document) -> None:
    """Raise ``Refused`` where the text is plainly in another language than the document says.

    Judged by py3langid over the first 20,000 characters, and only where there is enough text.
    """
    text = "\n".join(
        plain(words.text)
        for block in document.blocks
        for words in (block.text, *(cell.text for row in block.rows for cell in row))
    )[:20_000]
    if len(text) < _ENOUGH:
        return
    said = languages.get(document.language).base
    guess, _score = py3langid.classify(text)
    if guess == said or any({guess, said} <= group for group in _ALIKE):
        return
    try:
        name = languages.get(guess).own_name
    except languages.UnknownLanguage:
        name = guess
    raise Refused(
        _(
            "You said the document is in %(said)s, but its text looks like %(guess)s. "
            "Choose the right language, or the right file."
        )
        % {"said": languages.get(document.language).own_name, "guess": name}
    )
