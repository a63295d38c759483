"""Documents to files: HTML, Markdown and PDF."""

from medixchange.guidelines.documents.writing.html import to_html
from medixchange.guidelines.documents.writing.markdown import markdown_pictures, to_markdown
from medixchange.guidelines.documents.writing.pdf import to_pdf

__all__ = ["markdown_pictures", "to_html", "to_markdown", "to_pdf"]
