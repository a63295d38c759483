"""HTML: made sound and harmless before pandoc sees it, and what is thrown away is reported."""

import html
import re
from collections.abc import Iterator

import nh3
from django.utils.translation import gettext as _

from medixchange.guidelines.documents.reading import embedded
from medixchange.guidelines.documents.reading.gallery import shortened
from medixchange.guidelines.documents.reading.report import Report
from medixchange.guidelines.documents.safety import limits

#: pandoc's HTML without guesses: no identifiers that the author did not give.
FORMAT = "html-auto_identifiers"
_MATHML = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "msup", "msub", "msubsup", "mfrac", "msqrt",
    "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mspace", "mfenced",
    "mstyle", "semantics",
}  # fmt: skip
_TAGS = _MATHML | {
    "h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "section", "article", "main", "header",
    "footer", "nav", "aside", "address", "hgroup", "blockquote", "pre", "ul", "ol", "li", "dl",
    "dt", "dd", "figure", "figcaption", "table", "caption", "colgroup", "col", "thead", "tbody",
    "tfoot", "tr", "th", "td", "hr", "br", "a", "span", "b", "strong", "i", "em", "u", "s", "del",
    "ins", "strike", "sub", "sup", "small", "big", "mark", "q", "cite", "code", "kbd", "samp",
    "var", "tt", "abbr", "dfn", "time", "data", "bdi", "bdo", "ruby", "rb", "rt", "rp", "wbr",
    "img", "font", "center",
}  # fmt: skip
#: Elements that go with all they hold.
_GONE = {
    "script", "style", "iframe", "object", "embed", "applet", "svg", "canvas", "audio", "video",
    "noscript", "template", "select", "textarea", "button", "frameset", "noframes", "title",
    "head",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"id"},
    "a": {"href", "name"},
    "img": {"src", "alt"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_LOUD = re.compile(
    r"<(script|style|iframe|object|embed|applet|svg|canvas|audio|video|form|input|select|textarea"
    r"|button|base|link|meta|frameset)\b([^<>]*)",
    re.IGNORECASE,
)
_HANDLER = re.compile(r"<[a-z][^<>]*?\s(on[a-z]{2,40})\s*=", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|src)\s*=\s*["']?\s*([a-z][a-z0-9+.-]{0,40}):""", re.IGNORECASE)
_TITLE = re.compile(r"<title\b[^<>]*>(.{0,2000}?)</title\s*>", re.IGNORECASE | re.DOTALL)
_HEAD_ONLY = {"base", "link", "meta"}


def title(text: str) -> str:
    """What the ``title`` element says, or nothing."""
    found = _TITLE.search(text)
    return " ".join(html.unescape(found[1]).split()) if found else ""


def sound(text: str) -> str:
    """The HTML as HTML5 parses it, with elements and attributes that have a meaning here.

    Addresses pass in whatever scheme: the reader of links and pictures judges and reports them.
    """
    schemes = {found[1].lower() for found in _ADDRESS.finditer(text)}
    return nh3.clean(
        text,
        tags=_TAGS,
        clean_content_tags=_GONE,
        attributes=_ATTRIBUTES,
        attribute_filter=_spans,
        url_schemes=schemes | {"http", "https", "mailto", "data", embedded.SCHEME},
        link_rel=None,
    )


def _spans(_element: str, attribute: str, value: str) -> str | None:
    if attribute not in ("colspan", "rowspan"):
        return value
    digits = value.strip()[:9]
    return str(min(int(digits), limits.SPAN)) if digits.isascii() and digits.isdigit() else None


def report_dropped(text: str, report: Report, where: str = "") -> None:
    """Report elements and attributes that ``sound`` takes away.

    Args:
        text: the HTML as it was.
        report: where to.
        where: the place to name; the line where empty.
    """
    for at, what, remedy in sorted(_dropped(text), key=lambda found: found[0]):
        line = text.count("\n", 0, at) + 1
        report.add(what, where or _("line %(line)d") % {"line": line}, remedy)


def _dropped(text: str) -> Iterator[tuple[int, str, str]]:
    nothing = _("Nothing needs to be done: a document needs no programs or styles.")
    plain = _("Write what it says as text, or put it in as a picture (PNG or JPEG).")
    for found in _LOUD.finditer(text):
        name = found[1].lower()
        if name in _HEAD_ONLY or (name == "input" and 'type="hidden"' in found[2].lower()):
            continue
        harmless = name in ("script", "style")
        said = shortened(f"<{name}{found[2].rstrip()}>" if not harmless else f"<{name}>")
        yield (
            found.start(),
            _("An element “%(tag)s”") % {"tag": said},
            (nothing if harmless else plain),
        )
    for found in _HANDLER.finditer(text):
        what = _("A program in the attribute “%(name)s”") % {"name": found[1].lower()}
        yield found.start(), what, nothing
