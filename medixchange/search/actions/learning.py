"""Learning from the translation memory which words of two languages go together."""

import heapq
import json
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max, QuerySet

from medixchange.search.index import folders
from medixchange.search.index import lexicon as kept
from medixchange.search.retrieval.expansion import Lexicon
from medixchange.search.retrieval.expansion.lexicon import PAIRS
from medixchange.translation import memory
from medixchange.translation.inline import plain
from medixchange.translation.models import Translation

#: Pairs of words that are kept, the likeliest: each process holds them.
MOST = 300_000
#: Pairs of texts from which two languages are worth learning.
FEWEST = 20


def learn() -> bool:
    """Learn the words anew where the memory has changed since; whether it had.

    Takes about a second for 10,000 pairs of texts.
    """
    with folders.locked("learning", seconds=0) as is_mine:
        if not is_mine:
            return False
        pairs = list(
            _shown(None, None)
            .values_list("segment__language", "language")
            .annotate(count=Count("pk"), newest=Max("pk"))
            .order_by("segment__language", "language")
        )
        state = json.dumps(pairs)
        if kept.is_there() and _state() == state:
            return False
        found = Lexicon()
        for source, target, count, _newest in pairs:
            if count >= FEWEST:
                rows = _shown(source, target).order_by("-pk")
                texts = rows.values_list("segment__text", "text")[:PAIRS]
                found.learn(source, target, ((plain(a), plain(b)) for a, b in texts))
        kept.keep(heapq.nlargest(MOST, found.learnt(), key=lambda row: row[4]))
        _state_path().write_text(state, encoding="utf-8")
        return True


def _shown(source: str | None, target: str | None) -> QuerySet[Translation]:
    """What the memory knows and no check holds back."""
    return memory.usable(source, target).filter(blocked=False)


def _state() -> str:
    try:
        return _state_path().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _state_path() -> Path:
    return Path(settings.SEARCH_DIR) / "words.json"
