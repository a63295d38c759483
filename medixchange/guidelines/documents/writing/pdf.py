"""PDF by WeasyPrint: tagged for screen readers, with bookmarks, page numbers and faces embedded."""

from pathlib import Path

from weasyprint import HTML
from weasyprint.urls import URLFetcher

from medixchange.guidelines.documents.model import Document
from medixchange.guidelines.documents.writing import fonts
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
    made: bytes = html.write_pdf(pdf_variant="pdf/ua-1")
    return made


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
