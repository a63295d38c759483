"""A guideline in any language as a file, saying beside each passage where its words come from."""

from collections.abc import Mapping

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from medixchange.core.components import Provenance
from medixchange.core.languages import Language
from medixchange.guidelines.actions import file_path
from medixchange.guidelines.documents.model import (
    Block,
    BlockKind,
    Cell,
    Document,
    Inline,
    Mark,
    Picture,
    Text,
)
from medixchange.guidelines.documents.writing import to_html, to_markdown, to_pdf
from medixchange.guidelines.queries import CellText, ReadBlock, Reading
from medixchange.translation import inline

#: Content language -> language of the interface that the file's own words are in.
_INTERFACE = {"en": "en", "id": "id", "fr": "fr", "zh": "zh-hans", "ar": "ar"}


def export(reading: Reading, kind: str) -> bytes:
    """The file's content. ``kind`` is ``md``, ``html`` or ``pdf``."""
    with translation.override(_INTERFACE.get(reading.language.base, "en")):
        made = document(reading)
        if kind == "pdf":
            return to_pdf(made)
        return (to_html(made) if kind == "html" else to_markdown(made, within=True)).encode()


def document(reading: Reading) -> Document:
    """A reading as a document, with its provenance in the language active now."""
    pictures: dict[str, Picture] = {}
    for key, found in reading.pictures.items():
        path = file_path("pictures", found.sha256)
        suffix = found.media_type.rpartition("/")[2]
        pictures[key] = Picture(f"{found.sha256[:12]}.{suffix}", path.read_bytes(), found.alt)
    return Document(
        title=inline.plain(reading.title.text),
        language=reading.language.tag,
        blocks=[_block(read, reading) for read in reading.blocks],
        pictures=pictures,
        state_line=_state(reading),
    )


def _block(read: ReadBlock, reading: Reading) -> Block:
    row = read.block
    text = _text(read.text)
    if read.kind is BlockKind.VERBATIM:
        text = Text(row.verbatim)
    return Block(
        kind=read.kind,
        text=text,
        level=row.level,
        ordered=row.ordered,
        number=row.number,
        continued=row.continued,
        rows=tuple(
            tuple(
                Cell(_text(cell.text), bool(cell.scope), cell.rowspan, cell.colspan)
                for cell in cells
            )
            for cells in read.rows
        ),
        picture=str(row.picture_id) if row.picture_id else "",
        label=row.label,
        anchor=row.anchor,
        mark=None if reading.is_original else _mark(read, reading.language),
    )


def _text(cell: CellText) -> Text:
    """A cell's words, with tags only where they nest."""
    parts = [cell.bare]
    for words in cell.words:
        nests = inline.well_formed(words.text)
        parts += [words.text if nests else inline.plain(words.text), words.joiner]
    return Text(
        "".join(parts).strip(),
        tuple(Inline(number, kind, target) for number, (kind, target) in cell.inline.items()),
    )


def _mark(read: ReadBlock, language: Language) -> Mark | None:
    provenance = read.provenance
    if provenance is None:
        return None
    words = said(provenance)
    if read.mixed:
        words = f"{_('partly:')} {words}"
    own = next((w.shown.language for w in read.all_words if w.shown.language != language), None)
    # A passage that is partly in the source language keeps the document's direction.
    alone = own is not None and not read.mixed
    return Mark(provenance.state, words, own.tag if own is not None and alone else "")


def said(provenance: Provenance) -> str:
    """The provenance mark in words, in the language active now."""
    when = date_format(provenance.at, "DATE_FORMAT") if provenance.at else ""
    words: Mapping[str, str] = {
        "approved": _("Approved by %(who)s, %(organisation)s, %(when)s"),
        "reviewed": _("Reviewed by %(who)s, not approved"),
        "proposed": _("Translated by %(who)s, not reviewed"),
        "machine": _("Machine translation by %(engine)s, not reviewed"),
        "missing": _("Not translated yet"),
    }
    return words.get(provenance.state, "") % {
        "who": provenance.who,
        "organisation": provenance.organisation,
        "when": when,
        "engine": provenance.engine,
    }


def _state(reading: Reading) -> str:
    revision = reading.revision
    parts = [
        revision.guideline.owner.name,
        _("version %(n)s") % {"n": revision.number},
        reading.language.own_name,
    ]
    if not reading.is_original:
        progress = reading.progress
        parts.append(
            _("%(n)s of %(total)s sentences approved by a clinician")
            % {"n": progress.approved, "total": progress.total}
        )
    return " · ".join(parts)
