"""pandoc's inline nodes as a tree of ours."""

import html
import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from medixchange.guidelines.documents.model import InlineKind
from medixchange.guidelines.documents.reading.ast import bare
from medixchange.guidelines.documents.reading.gallery import Gallery, shortened
from medixchange.guidelines.documents.reading.pandoc import Json
from medixchange.guidelines.documents.reading.report import Place, Report
from medixchange.guidelines.documents.safety.refusal import DocumentRefused
from medixchange.guidelines.documents.tree import SOFT, Node, Pair, Point
from medixchange.guidelines.documents.words import clean

_PAIRS = {
    "Strong": InlineKind.STRONG,
    "Emph": InlineKind.EMPHASIS,
    # Underlined words are meant to stand out; on a page they would look like a link.
    "Underline": InlineKind.EMPHASIS,
    "Superscript": InlineKind.SUPERSCRIPT,
    "Subscript": InlineKind.SUBSCRIPT,
    "Strikeout": InlineKind.STRIKE,
}
#: HTML that people write within Markdown and that has a meaning we keep.
_RAW_PAIRS = {
    "b": InlineKind.STRONG,
    "strong": InlineKind.STRONG,
    "i": InlineKind.EMPHASIS,
    "em": InlineKind.EMPHASIS,
    "u": InlineKind.EMPHASIS,
    "sup": InlineKind.SUPERSCRIPT,
    "sub": InlineKind.SUBSCRIPT,
    "s": InlineKind.STRIKE,
    "del": InlineKind.STRIKE,
    "code": InlineKind.CODE,
}
_RAW_TAG = re.compile(r"<(?P<close>/)?(?P<name>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>[^<>]*)>\Z")
#: Marks of Markdown that prose and ranges use too, and how they are written.
_AMBIGUOUS = {"Subscript": "~", "Superscript": "^", "Emph": "*"}
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(["'])(.*?)\2""", re.DOTALL)
#: Raw elements whose content is no text.
_NO_TEXT = frozenset({"script", "style", "iframe"})
_SAFE_LINK = re.compile(r"(?:https?://[^\s/]|mailto:[^\s@]+@)", re.IGNORECASE)
_LONGEST_LINK = 2_000


class Inlines:
    """Turns inline nodes into trees, and reports what it leaves out.

    Args:
        language: BCP 47 tag of the document.
        gallery: where pictures are taken from.
        report: where to note what could not be taken.
        place: where in the document we are.
        known: identifiers that links within the document may lead to.
        note: called with the blocks of a footnote, gives its label.
        markdown: whether the source is Markdown, whose marks can be mistaken.
    """

    def __init__(
        self,
        *,
        language: str,
        gallery: Gallery,
        report: Report,
        place: Place,
        known: Callable[[str], bool],
        note: Callable[[list[Json]], str],
        markdown: bool,
    ) -> None:
        self._language = language
        self._gallery = gallery
        self._report = report
        self._place = place
        self._known = known
        self._note = note
        self._markdown = markdown
        #: Identifiers met since they were last taken.
        self.anchors: list[str] = []

    def nodes(self, inlines: Sequence[Json]) -> list[Node]:
        """The tree of these nodes, not yet tidy."""
        out: list[Node] = []
        closings = _closings(inlines)
        at = 0
        while at < len(inlines):
            node = inlines[at]
            if node["t"] == "RawInline":
                found, at = self._raw(inlines, at, closings.get(at, 0))
                out += found
                continue
            if self._markdown and node["t"] in _AMBIGUOUS and self._mistaken(inlines, at):
                sign = _AMBIGUOUS[node["t"]]
                out += [sign, *self.nodes(node["c"]), sign]
            else:
                out += self._node(node)
            at += 1
        return out

    def words(self, inlines: Sequence[Json]) -> str:
        """The bare words of these nodes, without reporting anything."""
        return self.clean("".join(bare(inlines)))

    def clean(self, text: str) -> str:
        """Text with characters cleaned for the document's language."""
        return clean(text, self._language)

    def skipped(self, what: str, remedy: str) -> None:
        """Note something at the present place."""
        self._report.add(what, str(self._place), remedy)

    @staticmethod
    def _mistaken(inlines: Sequence[Json], at: int) -> bool:
        """Whether marks between two digits are no markup: "1~2 and 3~4", "5*6*7", "10^3-10^4"."""
        before = "".join(bare(inlines[at - 1 : at])) if at else ""
        after = "".join(bare(inlines[at + 1 : at + 2]))
        return before[-1:].isdigit() and after[:1].isdigit()

    def _node(self, node: Json) -> list[Node]:
        kind, content = node["t"], node.get("c")
        if kind == "Str":
            return [self.clean(content)]
        if kind == "Space":
            return [" "]
        if kind == "SoftBreak":
            return [SOFT]
        if kind == "LineBreak":
            return [Point(InlineKind.LINE_BREAK)]
        if kind in _PAIRS:
            return [Pair(_PAIRS[kind], tuple(self.nodes(content)))]
        if kind == "SmallCaps":
            return self.nodes(content)
        if kind == "Quoted":
            marks = ("‘", "’") if content[0]["t"] == "SingleQuote" else ("“", "”")
            return [marks[0], *self.nodes(content[1]), marks[1]]
        if kind == "Cite":
            return self.nodes(content[1])
        if kind == "Code":
            return [Pair(InlineKind.CODE, (self.clean(content[1]),))]
        if kind == "Math":
            return self._math(content[1])
        if kind == "Link":
            return self._link(*content)
        if kind == "Image":
            return self._image(*content)
        if kind == "Note":
            return [Point(InlineKind.FOOTNOTE_MARK, self._note(content))]
        if kind == "Span":
            return self._span(*content)
        self.skipped(
            _("Content of the kind %(kind)s") % {"kind": kind},
            _("Write it as plain text in the document."),
        )
        return []

    def _math(self, formula: str) -> list[Node]:
        formula = self.clean(formula).strip()
        if not formula:
            return []
        self.skipped(
            _("A formula; its source is kept as “%(formula)s”") % {"formula": shortened(formula)},
            _("Check how it reads; where it must look right, put it in as a picture."),
        )
        return [Pair(InlineKind.CODE, (formula,))]

    def _link(self, attributes: Json, inlines: list[Json], target: Json) -> list[Node]:
        self._meet(attributes)
        children = self.nodes(inlines)
        address = "".join(target[0].split())
        if address in ("", "#"):
            return children
        kept = self._address(address)
        if kept:
            return [Pair(InlineKind.LINK, tuple(children), kept)]
        self.skipped(
            _("A link to “%(address)s”; its words are kept") % {"address": shortened(address)},
            _("Only links to https, http and mailto addresses and within the document are taken.")
            if not address.startswith("#")
            else _("The place it leads to is not in the document; mend the link."),
        )
        return children

    def _address(self, address: str) -> str:
        """The address as it is kept, or nothing."""
        if len(address) > _LONGEST_LINK or clean(address, "en") != address:
            return ""
        if address.startswith("#"):
            return address if self._known(address[1:]) else ""
        if not _SAFE_LINK.match(address):
            return ""
        try:
            urlsplit(address)
        except ValueError:
            return ""
        return address

    def _image(self, attributes: Json, inlines: list[Json], target: Json) -> list[Node]:
        self._meet(attributes)
        named = dict(attributes[2]).get("alt")
        alt = " ".join((self.clean(named) if named else self.words(inlines)).split())
        key = self.picture(target[0], alt)
        if key:
            return [Point(InlineKind.PICTURE, key)]
        return [alt] if alt else []

    def picture(self, address: str, alt: str) -> str:
        """The key of a picture, or nothing where it cannot be taken, which is reported."""
        try:
            return self._gallery.take(address, alt)
        except DocumentRefused as refused:
            what = refused.what
            if alt:
                what = _("Picture “%(alt)s”: %(what)s") % {"alt": alt, "what": what}
            self.skipped(what, refused.remedy)
            return ""

    def _span(self, attributes: Json, inlines: list[Json]) -> list[Node]:
        classes = attributes[1]
        if "comment-start" in classes:
            self.skipped(
                _("A comment: “%(words)s”")
                % {"words": shortened(" ".join(self.words(inlines).split()))},
                _("Settle it in the document; comments are not taken."),
            )
            return []
        if "deletion" in classes:
            self.skipped(
                _("A tracked deletion: “%(words)s” is left out")
                % {"words": shortened(" ".join(self.words(inlines).split()))},
                _settle(),
            )
            return []
        if "insertion" in classes:
            children = self.nodes(inlines)
            words = " ".join(self.words(inlines).split())
            if words:
                self.skipped(
                    _("A tracked insertion: “%(words)s” is taken as text")
                    % {"words": shortened(words)},
                    _settle(),
                )
            return children
        if classes and classes[0] in ("comment-end", "paragraph-insertion", "paragraph-deletion"):
            return []
        self._meet(attributes)
        return self.nodes(inlines)

    def _meet(self, attributes: Json) -> None:
        if attributes[0]:
            self.anchors.append(attributes[0])

    def _raw(self, inlines: Sequence[Json], at: int, end: int) -> tuple[list[Node], int]:
        """What begins with a raw tag, and where the rest begins. ``end``: where it is closed."""
        format_, raw = inlines[at]["c"]
        tag = _RAW_TAG.match(raw.strip()) if format_ == "html" else None
        name = tag["name"].lower() if tag and not tag["close"] else ""
        if name in _RAW_PAIRS and end:
            inside = self.nodes(inlines[at + 1 : end])
            return [Pair(_RAW_PAIRS[name], tuple(inside))], end + 1
        if name == "br":
            return [Point(InlineKind.LINE_BREAK)], at + 1
        if name == "img":
            return self._raw_image(raw), at + 1
        known = tag is not None and (tag["close"] or name in _RAW_PAIRS)
        if not known and not raw.startswith("<!--"):
            self.skipped(
                _("HTML within the text: “%(tag)s”") % {"tag": shortened(raw)},
                _("Write it in Markdown."),
            )
        if name in _NO_TEXT and end:
            return [], end + 1
        return [], at + 1

    def _raw_image(self, raw: str) -> list[Node]:
        named = {found[1].lower(): html.unescape(found[3]) for found in _ATTRIBUTE.finditer(raw)}
        alt = [{"t": "Str", "c": named.get("alt", "")}]
        return self._image(["", [], []], alt, [named.get("src", ""), ""])


def _settle() -> str:
    return _("Accept or reject the changes in the document, if this is not what you meant.")


def _closings(inlines: Sequence[Json]) -> dict[int, int]:
    """For each raw tag that is closed: where."""
    open_now: dict[str, list[int]] = {}
    found: dict[int, int] = {}
    for at, node in enumerate(inlines):
        if node["t"] != "RawInline":
            continue
        tag = _RAW_TAG.match(node["c"][1].strip())
        if tag is None:
            continue
        same = open_now.setdefault(tag["name"].lower(), [])
        if not tag["close"]:
            same.append(at)
        elif same:
            found[same.pop()] = at
    return found
