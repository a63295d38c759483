"""PDF by WeasyPrint: tagged for screen readers, with bookmarks, page numbers and faces embedded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pydyf  # type: ignore[import-untyped]
from weasyprint import HTML
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.urls import URLFetcher

from medixchange.guidelines.documents.model import Document
from medixchange.guidelines.documents.writing import fonts
from medixchange.guidelines.documents.writing.bidi import has_right_to_left
from medixchange.guidelines.documents.writing.html import languages_of, page
from medixchange.guidelines.documents.writing.parts import wording

_PAGE_STYLE = Path(__file__).with_name("page.css")
_PRINT_STYLE = Path(__file__).with_name("paper.css")


def to_pdf(document: Document) -> bytes:
    """The document on A4 paper, as PDF/UA-1 (ISO 14289-1) with the HTML page's structure as tags.

    Nothing is fetched, from disk or network: the page carries its pictures, and faces are those
    installed (``fonts``).
    """
    style = "\n".join(
        (
            fonts.rules(languages_of(document), page=document.language),
            _PAGE_STYLE.read_text(encoding="utf-8"),
            _PRINT_STYLE.read_text(encoding="utf-8"),
            _page_number(wording(document).page),
        )
    )
    html = HTML(
        string=page(document, style, policy=False),
        url_fetcher=URLFetcher(allowed_protocols=["data"], allow_redirects=False),
    )
    layout = html.render(pdf_variant="pdf/ua-1", pdf_tags=True)
    for each in layout.pages:
        each.paint = _saying(each.paint, both=document.language == "ur")
    made: bytes = layout.write_pdf(pdf_variant="pdf/ua-1")
    return made


def _saying(paint: Callable[..., None], *, both: bool) -> Callable[..., None]:
    """A page's painting that writes beside each run of text what it says.

    That is ActualText (ISO 32000-1, 14.9.4). Glyphs of Indic, Burmese or Khmer text stand in
    another order than its characters, and some are several characters at once; without it search,
    copying and screen readers get garbled words. WeasyPrint 70 does not write it, but has all that
    is needed: the boxes by the number under which each is marked in the page's stream.

    Args:
        paint: what WeasyPrint does.
        both: also for right-to-left text. Arabic comes out right by its glyphs, and Poppler, which
            many readers build on, takes ActualText to be in the order of the glyphs and turns it
            round. Only the faces for Urdu (Nastaliq) have glyphs that cannot be read back.
    """

    def painted(stream: Any, *arguments: Any, **named: Any) -> None:
        paint(stream, *arguments, **named)
        said = {
            tag["mcid"]: box.text
            for box, tag in stream._tags.items()
            if isinstance(box, TextBox) and (both or not has_right_to_left(box.text))
        }
        for operand in stream.stream:
            if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in said:
                operand["ActualText"] = pydyf.String(said[operand["MCID"]])

    return painted


def _page_number(template: str) -> str:
    """The rule for "page N of M" in the order that the language has it."""
    parts = template % {"page": "\0page\0", "pages": "\0pages\0"}
    content = " ".join(
        f"counter({part})" if number % 2 else _quoted(part)
        for number, part in enumerate(parts.split("\0"))
        if part
    )
    return f"@page {{ @bottom-center {{ content: {content}; }} }}"


def _quoted(text: str) -> str:
    """A string in a style sheet."""
    safe = "".join(
        char if char.isalnum() or char in " .,-" else f"\\{ord(char):x} " for char in text
    )
    return f'"{safe}"'
