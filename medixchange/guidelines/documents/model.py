"""A document as MediXchange understands it: ordered blocks, with inline markup as numbered tags.

Readers (``reading``) make it from files; writers (``writing``) make files from it. The same form is
assembled from the database in any language, so a file that is exported was never a special case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class BlockKind(StrEnum):
    """What a block is. Values are stored; do not rename."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    TABLE = "table"
    FIGURE = "figure"
    FOOTNOTE = "footnote"
    QUOTE = "quote"
    VERBATIM = "verbatim"


class InlineKind(StrEnum):
    """What a numbered tag stands for. Pairs: strong to link. Points: the rest."""

    STRONG = "strong"
    EMPHASIS = "emphasis"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    STRIKE = "strike"
    CODE = "code"
    LINK = "link"
    FOOTNOTE_MARK = "footnote_mark"
    LINE_BREAK = "line_break"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Inline:
    """One numbered tag of a text: ``number`` is that of ``<gN>`` or ``<xN/>``.

    ``target`` is a link's address (``https:``, ``http:``, ``mailto:`` or ``#anchor`` only), a
    footnote's label, or a picture's key in ``Document.pictures``.
    """

    number: int
    kind: InlineKind
    target: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words with numbered tags, and what the numbers mean. Numbered from 1 in order."""

    text: str = ""
    inline: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; spans as in HTML."""

    text: Text
    header: bool = False
    rowspan: int = 1
    colspan: int = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the words of a block come from, for a writer to print beside it.

    ``state`` chooses the sign: ``approved``, ``reviewed``, ``proposed`` (or ``draft``),
    ``machine``, ``missing`` (or ``untranslated``); any other has no sign. ``words`` say it, already
    in the reader's language. ``language`` is that of the block's words where it is not the
    document's.
    """

    state: str
    words: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One block. Which fields count depends on ``kind``:

    heading: ``text``, ``level`` 1 to 6. item: ``text``, ``level`` (depth from 1), ``ordered``,
    ``number`` (of an ordered item), ``continued`` (a further paragraph of the item before).
    table: ``rows``, ``text`` is the caption. figure: ``picture``, ``text`` is the caption.
    footnote: ``label``, ``text``. verbatim: ``text.text`` as is, never translated.
    footnote with several paragraphs is several blocks of one label, ``continued`` from the second.
    An ordered item that is not counted ``1.``, ``2.`` has its counter as written in ``label``, such
    as ``b)`` or ``iv.``. ``anchor`` is the identifier the source document gave, if any. ``mark`` is
    for writers: where the words come from.
    """

    kind: BlockKind
    text: Text = Text()
    level: int = 0
    ordered: bool = False
    number: int = 0
    continued: bool = False
    rows: tuple[tuple[Cell, ...], ...] = ()
    picture: str = ""
    label: str = ""
    anchor: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it was found in the file, not yet trusted."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Untaken:
    """Something in the file that could not be taken: what, where, and what to do about it."""

    what: str
    where: str
    remedy: str


@dataclass(slots=True)
class Document:
    """A whole document in one language.

    ``state_line`` (version, language, approved share) stands under the title and ``sources`` at the
    end of what writers make; both come in the reader's language. Readers leave them empty.
    """

    title: str
    language: str
    blocks: Sequence[Block]
    pictures: dict[str, Picture] = field(default_factory=dict)
    untaken: list[Untaken] = field(default_factory=list)
    state_line: str = ""
    sources: Sequence[str] = ()
