"""What things are called in other languages, as search uses it: the terms of the glossary, and
words that the translation memory shows to go together.

The glossary is read by each process. Learning words takes seconds, so the worker does it
(``actions/learning.py``) and leaves a file that the others read.
"""

import csv
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Max

from medixchange.search.retrieval.expansion import Learnt, Lexicon
from medixchange.translation.models import GlossaryTerm

_lock = threading.Lock()
_known: tuple[object, Lexicon] | None = None


def lexicon() -> Lexicon:
    """The lexicon of this site, read anew where glossary or learnt words have changed. One query,
    and one more where they have."""
    global _known
    # Terms are added and taken away, never changed.
    terms = GlossaryTerm.objects.aggregate(Count("pk"), Max("pk"))
    now = (settings.SEARCH_DIR, *terms.values(), _written())
    with _lock:
        if _known is None or _known[0] != now:
            made = Lexicon()
            made.keep_learnt(_learnt())
            rows = GlossaryTerm.objects.order_by("pk")
            for language, term, other, rendering in rows.values_list(
                "source_language", "term", "target_language", "rendering"
            ).iterator(chunk_size=5000):
                made.add(language, term, other, rendering)
            _known = now, made
        return _known[1]


def keep(rows: Iterable[Learnt]) -> None:
    """Write what was learnt, in place of what was learnt before."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(rows)
    part.replace(path)


def is_there() -> bool:
    """Whether there is a file of what was learnt."""
    return _written() is not None


def _learnt() -> Iterator[Learnt]:
    try:
        with _path().open(encoding="utf-8", newline="") as file:
            for here, word, there, rendering, chance in csv.reader(file, delimiter="\t"):
                yield here, word, there, rendering, float(chance)
    except (OSError, ValueError, csv.Error):
        # Not there yet, or broken: the worker writes it anew.
        return


def _written() -> tuple[int, int] | None:
    try:
        told = _path().stat()
    except OSError:
        return None
    return told.st_mtime_ns, told.st_ino


def _path() -> Path:
    return Path(settings.SEARCH_DIR) / "words.tsv"
