"""Words of a guideline as HTML: everything escaped, tags only as the document meant them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from medixchange.guidelines.documents.model import InlineKind
from medixchange.guidelines.documents.writing.html import ELEMENTS
from medixchange.guidelines.models import Picture
from medixchange.guidelines.queries import CellText, Reading
from medixchange.translation import inline
from medixchange.translation.queries import Progress

register = template.Library()


@register.simple_tag
def words(reading: Reading, cell: CellText) -> SafeString:
    """The words of a cell. Those not in the page's language say so in ``lang`` and ``dir``."""
    elements = _Elements(cell.inline, reading)
    out = [elements.of(cell.bare)]
    for piece in cell.words:
        # A wording whose tags do not nest is shown without them, never as broken markup.
        nests = inline.well_formed(piece.text)
        text = elements.of(piece.text if nests else inline.plain(piece.text))
        own = piece.shown.language
        if own != reading.language:
            text = f'<span lang="{own.tag}" dir="{own.direction}">{text}</span>'
        out += [text, piece.joiner]
    return mark_safe("".join(out).strip())  # noqa: S308


@dataclass(frozen=True, slots=True)
class _Elements:
    """Makes HTML of text with numbered tags: everything escaped, each tag its element."""

    meaning: Mapping[int, tuple[InlineKind, str]]
    reading: Reading

    def of(self, text: str) -> str:
        return "".join(self._piece(piece) for piece in inline.pieces(text))

    def _piece(self, piece: inline.Piece) -> str:
        if piece.kind == "text":
            return escape(piece.text)
        kind, target = self.meaning.get(piece.number, (None, ""))
        if kind is None:
            return ""
        if piece.kind == "point":
            return self._point(kind, target)
        if kind is InlineKind.LINK:
            return format_html('<a href="{}">', target) if piece.kind == "open" else "</a>"
        if kind not in ELEMENTS:
            return ""
        return f"<{'/' if piece.kind == 'close' else ''}{ELEMENTS[kind]}>"

    def _point(self, kind: InlineKind, target: str) -> str:
        pictures = self.reading.pictures
        if kind is InlineKind.LINE_BREAK:
            return "<br>"
        if kind is InlineKind.FOOTNOTE_MARK:
            return format_html('<sup><a href="#fn-{0}" id="fnref-{0}">{0}</a></sup>', target)
        if kind is InlineKind.PICTURE and target in pictures:
            found = pictures[target]
            return picture_element(found, self.reading.revision.guideline.slug, found.alt)
        return ""


def picture_element(found: Picture, slug: str, alt: str) -> SafeString:
    """The ``img`` of a picture, with its size so that the page does not jump."""
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
        reverse("guideline_picture", args=[slug, found.sha256]),
        alt,
        found.width,
        found.height,
    )


@register.simple_tag
def figure(reading: Reading, found: Picture, alt: CellText) -> SafeString:
    """A figure's picture; its text alternative is translated like any words."""
    said = "".join(f"{inline.plain(w.shown.text)}{w.joiner}" for w in alt.words).strip()
    return picture_element(found, reading.revision.guideline.slug, said or found.alt)


@register.inclusion_tag("guidelines/share.html")
def share(progress: Progress) -> dict[str, float]:
    """The bar of a language's progress; the same figures stand beside it in words."""
    whole = progress.total or 1
    approved = 100 * progress.approved / whole
    waiting = 100 * progress.waiting / whole
    return {
        "approved": round(approved, 2),
        "waiting": round(waiting, 2),
        "waiting_end": round(approved + waiting, 2),
        "machine": round(100 * progress.machine / whole, 2),
    }
