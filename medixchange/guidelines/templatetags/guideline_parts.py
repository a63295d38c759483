"""Words of a guideline as HTML: everything escaped, tags only as the document meant them."""

from collections.abc import Mapping, Sequence

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from medixchange.guidelines.documents.model import InlineKind
from medixchange.guidelines.models import Picture
from medixchange.guidelines.queries import Reading, Words
from medixchange.translation import inline
from medixchange.translation.queries import Progress

register = template.Library()

#: Element and class of a pair.
_PAIRS = {
    InlineKind.STRONG: "strong",
    InlineKind.EMPHASIS: "em",
    InlineKind.SUPERSCRIPT: "sup",
    InlineKind.SUBSCRIPT: "sub",
    InlineKind.STRIKE: "s",
    InlineKind.CODE: "code",
}


@register.simple_tag
def words(reading: Reading, cell: Sequence[Words]) -> SafeString:
    """The words of a cell. Those not in the page's language say so in ``lang`` and ``dir``."""
    out: list[str] = []
    for piece in cell:
        text = _marked_up(piece, reading.revision.guideline.slug, reading.pictures)
        own = piece.shown.language
        if own != reading.language:
            text = format_html(
                '<span lang="{}" dir="{}">{}</span>',
                own.tag,
                own.direction,
                mark_safe(text),  # noqa: S308
            )
        out += [text, piece.joiner]
    return mark_safe("".join(out).strip())  # noqa: S308


def _marked_up(piece: Words, slug: str, pictures: Mapping[str, Picture]) -> str:
    """Escaped text with its tags as elements; without any where the tags do not nest."""
    text = piece.shown.text
    if not inline.well_formed(text):
        return escape(inline.plain(text))
    out: list[str] = []
    for part in inline.pieces(text):
        kind, target = piece.inline.get(part.number, (None, ""))
        if part.kind == "text":
            out.append(escape(part.text))
        elif kind is None:
            continue
        elif part.kind == "point":
            out.append(_point(kind, target, slug, pictures))
        elif kind is InlineKind.LINK:
            out.append(format_html('<a href="{}">', target) if part.kind == "open" else "</a>")
        elif kind in _PAIRS:
            out.append(f"<{'/' if part.kind == 'close' else ''}{_PAIRS[kind]}>")
    return "".join(out)


def _point(kind: InlineKind, target: str, slug: str, pictures: Mapping[str, Picture]) -> str:
    if kind is InlineKind.LINE_BREAK:
        return "<br>"
    if kind is InlineKind.FOOTNOTE_MARK:
        return format_html('<sup><a href="#fn-{0}" id="fnref-{0}">{0}</a></sup>', target)
    if kind is InlineKind.PICTURE and target in pictures:
        return picture_element(pictures[target], slug, pictures[target].alt)
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
def figure(reading: Reading, found: Picture, alt: Sequence[Words]) -> SafeString:
    """A figure's picture; its text alternative is translated like any words."""
    said = "".join(f"{inline.plain(w.shown.text)}{w.joiner}" for w in alt).strip()
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
