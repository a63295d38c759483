"""Free text of relief (notes, remarks, what is said in a case), read in every language.

A text is kept as written, with its language. Its segments are made when it is kept, so that it is
translated like any other text; a reader gets the wording of the segments joined again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from medixchange.core import languages
from medixchange.core.components import Provenance
from medixchange.translation import queries
from medixchange.translation.actions import ensure_segments
from medixchange.translation.models import Segment
from medixchange.translation.segmentation import join, segment_key, split

#: From the most to the least certain; a text of several segments shows its least certain one.
_CERTAINTY = ("original", "approved", "reviewed", "proposed", "machine", "missing")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as one reader gets it, and the original beside it."""

    text: str
    language: languages.Language
    provenance: Provenance
    original: str


def keep(text: str, language: str) -> None:
    """Make the segments of a text, inside the transaction that keeps the text."""
    if text.strip():
        ensure_segments([cut.text for cut in split(text, language)], language=language)


def for_reader(texts: Sequence[tuple[str, str]], language: str) -> list[Text]:
    """These texts, each with the BCP 47 tag it was written in, for a reader of ``language``.

    Asks the database three times however many texts there are.
    """
    cuts = [split(text, own) if text.strip() else [] for text, own in texts]
    keys = {
        segment_key(cut.text, own)
        for (_text, own), row in zip(texts, cuts, strict=True)
        for cut in row
        if own != language
    }
    segments = {s.key: s for s in Segment.objects.filter(key__in=keys)} if keys else {}
    order = list(segments.values())
    shown = {
        segment.key: made
        for segment, made in zip(order, queries.for_reader(order, language), strict=True)
    }
    return [
        _joined(text, own, row, shown, language)
        for (text, own), row in zip(texts, cuts, strict=True)
    ]


def _joined(
    text: str, own: str, cuts: Sequence, shown: dict[str, queries.Shown], language: str
) -> Text:
    source = languages.get(own or language)
    if not cuts or own == language:
        return Text(text, source, Provenance("original", source), text)
    parts = [shown.get(segment_key(cut.text, own)) for cut in cuts]
    marks = [part.provenance if part else Provenance("missing", source) for part in parts]
    worst = max(marks, key=lambda mark: _CERTAINTY.index(mark.state))
    if worst.state == "missing":
        # Half a note in another language is worse than all of it in its own.
        return Text(text, source, worst, text)
    words = join(cuts, [part.text for part in parts if part])
    return Text(words, languages.get(language), worst, text)
