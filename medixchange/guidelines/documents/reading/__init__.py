"""Documents from files: DOCX, Markdown, HTML and plain text."""

from medixchange.guidelines.documents.reading.files import read

__all__ = ["read"]
