"""What all writers share: the words of their own, signs, pictures, links."""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.guidelines.documents.model import Block, BlockKind, Document, InlineKind, Picture
from medixchange.translation.inline import plain

#: The sign of a state. The words beside it say the same; neither stands alone.
SIGNS = {
    "approved": "✓",
    "reviewed": "◑",
    "proposed": "◌",
    "draft": "◌",
    "machine": "⚠",
    "missing": "∅",
    "untranslated": "∅",
}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wording:
    """The writer's own words, and the language they are in."""

    tag: str
    contents: str
    notes: str
    #: With ``%(label)s``.
    note: str
    #: With ``%(label)s``.
    back: str
    table: str
    #: With ``%(page)s`` and ``%(pages)s``.
    page: str


def wording(document: Document) -> Wording:
    """The writer's own words in the document's language, if the interface has it; else in the
    language in force."""
    with _speaking(document.language):
        # A regional form of the interface is no language of documents: "en-us".
        active = (translation.get_language() or "en").partition("-")[0]
        return Wording(
            tag=languages.get(active).tag,
            contents=_("Contents"),
            notes=_("Notes"),
            note=_("Note %(label)s"),
            back=_("Back to where note %(label)s is"),
            table=_("Table"),
            page=_("Page %(page)s of %(pages)s"),
        )


@contextmanager
def _speaking(tag: str) -> Iterator[None]:
    """Django's translations in this language, where the interface has it."""
    base = languages.get(tag).base
    code = next((code for code, _name in settings.LANGUAGES if code.split("-")[0] == base), None)
    if code is None:
        yield
        return
    with translation.override(code):
        yield


def sign(state: str) -> str:
    """The sign of a state, or nothing."""
    return SIGNS.get(state, "")


def safe_link(target: str) -> bool:
    """Whether an address may stand in a document: web or mail, and nothing that breaks out."""
    return bool(_SAFE_LINK.match(target))


def media_type(picture: Picture) -> str:
    """Of a cleaned picture by its first bytes; nothing for anything else, which no writer takes."""
    content = picture.content
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return ""


def data_address(picture: Picture) -> str:
    """The picture as a ``data:`` address, or nothing where it is of no kind we write."""
    kind = media_type(picture)
    return f"data:{kind};base64,{b64encode(picture.content).decode()}" if kind else ""


def runs(blocks: Iterable[Block]) -> Iterator[tuple[BlockKind, list[Block]]]:
    """Blocks in reading order without footnotes, neighbours of one kind together."""
    body = (block for block in blocks if block.kind is not BlockKind.FOOTNOTE)
    for kind, group in groupby(body, key=lambda block: block.kind):
        yield kind, list(group)


def footnotes(document: Document) -> dict[str, list[Block]]:
    """The blocks of each footnote, by its label."""
    found: dict[str, list[Block]] = {}
    for block in document.blocks:
        if block.kind is BlockKind.FOOTNOTE:
            found.setdefault(block.label, []).append(block)
    return found


def noted(document: Document) -> set[str]:
    """The labels that marks in the text refer to."""
    return {
        inline.target
        for block in document.blocks
        for text in (block.text, *(cell.text for row in block.rows for cell in row))
        for inline in text.inline
        if inline.kind is InlineKind.FOOTNOTE_MARK
    }


class Anchors:
    """Identifiers of blocks within one file: the document's own where they are unique."""

    def __init__(self, document: Document) -> None:
        self._of: dict[int, str] = {}
        self._taken: set[str] = set()
        for number, block in enumerate(document.blocks):
            own = re.sub(r"[^\w.:-]+", "-", block.anchor)
            if own and own not in self._taken and not own.startswith("mx-"):
                self._of[id(block)] = own
                self._taken.add(own)
            elif block.kind is BlockKind.HEADING:
                self._of[id(block)] = f"mx-{number + 1}"

    def of(self, block: Block) -> str:
        """The identifier of a block, or nothing."""
        return self._of.get(id(block), "")

    def has(self, anchor: str) -> bool:
        """Whether a link to this place leads anywhere."""
        return anchor in self._taken


def words(block: Block) -> str:
    """The bare words of a block's own text."""
    return plain(block.text.text)
