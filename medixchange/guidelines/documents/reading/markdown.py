"""Markdown: pandoc's, without the extensions that change what people wrote for other programs."""

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.reading import html, pandoc
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.reading.report import Report

_WITHOUT = (
    # Quotation marks, dashes and spaces as typed: the text is compared with the source later.
    "smart",
    "auto_identifiers",
    "implicit_header_references",
    "citations",
    "example_lists",
    # "\alpha" in a text is what it says.
    "raw_tex",
    "latex_macros",
    "raw_attribute",
    # Whole tables in HTML come in one piece and are read as HTML.
    "markdown_in_html_blocks",
    # As other programs have it: no blank line needed before these.
    "blank_before_header",
    "blank_before_blockquote",
)
_WITH = ("lists_without_preceding_blankline",)
FORMAT = "markdown" + "".join(f"-{e}" for e in _WITHOUT) + "".join(f"+{e}" for e in _WITH)
#: Pieces of raw HTML read in one document; each costs a start of pandoc.
_PIECES = 200


class RawHtml:
    """Reads pieces of HTML within Markdown as HTML.

    Args:
        name: the file's name, for messages.
        report: where to note what could not be taken.
    """

    def __init__(self, name: str, report: Report) -> None:
        self._name, self._report = name, report
        self._count = 0

    def __call__(self, raw: str) -> list[Json]:
        """pandoc's blocks of a piece."""
        self._count += 1
        where = _("HTML within the Markdown, piece %(number)d") % {"number": self._count}
        if self._count > _PIECES:
            self._report.add(
                _("HTML within the text"), where, _("Save the whole document as HTML.")
            )
            return []
        html.report_dropped(raw, self._report, where)
        sound = html.sound(raw)
        if not sound.strip():
            return []
        tree = pandoc.parse(sound.encode(), format=html.FORMAT, name=self._name)
        blocks: list[Json] = tree["blocks"]
        return blocks
