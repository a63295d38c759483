"""What the translation memory says in other languages for the words of a search."""

import time
from functools import lru_cache

from medixchange.core import languages
from medixchange.search.retrieval import analysis
from medixchange.search.retrieval.expansion import Rendering
from medixchange.translation import memory
from medixchange.translation import queries as translations
from medixchange.translation.inline import plain
from medixchange.translation.models import Segment, Translation
from medixchange.translation.segmentation import segment_key

#: Likeness of two texts, 0 to 100, from which one's translations speak for the other.
NEAR = 85
#: Segments that are taken, and wordings of them.
SEGMENTS = 3
WORDINGS = 12
#: Of a language with more segments than this, only the very same text is looked for: to hold and
#: compare them all is not for a page that is waited for.
LARGEST = 30_000
#: Seconds for which what is new in the memory may be missing among what is near.
_BEHIND = 300
#: Fewer words than this are a term, which the glossary is for.
WORDS = 3


def _known(tag: str, instead: str) -> str:
    """A tag, if it is that of a language we carry."""
    try:
        return languages.get(tag).tag
    except languages.UnknownLanguage:
        return instead


@lru_cache(maxsize=128)
def _is_small(tag: str, _period: int) -> bool:
    """Whether a language has few enough segments; asked once in a period."""
    rows = Segment.objects.filter(language=tag).order_by("pk").values("pk")
    return not rows[LARGEST : LARGEST + 1].exists()


def wordings(text: str, language: str) -> list[Rendering]:
    """The text in other languages, as far as the memory holds it or a text nearly like it.

    At most one query for each language the text may be in, and two more.
    """
    tags = {language, _known(analysis.guess(text, language), language)}
    keys = {segment_key(text, tag) for tag in tags}
    weights = dict.fromkeys(Segment.objects.filter(key__in=keys).values_list("pk", flat=True), 1.0)
    if len(text.split()) >= WORDS:
        for tag in sorted(tags):
            if not _is_small(tag, int(time.monotonic() / _BEHIND)):
                continue
            for pk, score in memory.near(
                text, tag, None, at_least=NEAR, limit=SEGMENTS, behind=_BEHIND
            ):
                weights.setdefault(pk, score / 100)
    if not weights:
        return []
    best: dict[tuple[int, str], Translation] = {}
    for row in translations.readable_in_any(weights):
        held = best.get((row.segment_id, row.language))
        if held is None or translations.order(row) < translations.order(held):
            best[row.segment_id, row.language] = row
    found = [
        Rendering(plain(row.text), row.language, weights[pk]) for (pk, _t), row in best.items()
    ]
    found.sort(key=lambda one: (-one.weight, one.language, one.text))
    return found[:WORDINGS]
