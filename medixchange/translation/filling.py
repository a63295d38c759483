"""Filling a document's gaps by machine, so that nobody starts from an empty page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from medixchange.core import languages
from medixchange.translation import queries
from medixchange.translation.actions import translate_by_engine
from medixchange.translation.engines.base import EngineUnavailable
from medixchange.translation.engines.registry import engine_for
from medixchange.translation.models import Segment
from medixchange.translation.states import Origin

#: As many as a page request may wait for; the command line has no limit.
PAGE_LIMIT = 200
_BATCH = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """How many segments stand on what after filling, and what stood in the way, if anything."""

    memory: int
    engine: int
    left: int
    problem: str = ""


def fill(
    segments: Sequence[Segment],
    *,
    language: str,
    limit: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Filled:
    """Have the engine of the pair translate what has no wording yet.

    Exact matches of the memory need no filling: they hang on the segment already, and are counted.
    Every batch that is done is kept, so what an engine managed before it failed is not lost.

    Args:
        limit: translate at most so many segments.
        progress: called with how many are done, of how many.
    """
    have = queries.best([segment.pk for segment in segments], language)
    memory = sum(row.origin == Origin.MEMORY for row in have.values())
    gaps = [segment for segment in segments if segment.pk not in have]
    source = segments[0].language if segments else ""
    engine = engine_for(source, language) if gaps else None
    problem, made = "", 0
    if gaps and engine is None:
        problem = _("No engine here translates %(source)s into %(target)s.") % {
            "source": languages.get(source).own_name,
            "target": languages.get(language).own_name,
        }
    if engine is not None:
        todo = gaps[:limit]
        for at in range(0, len(todo), _BATCH):
            try:
                made += len(
                    translate_by_engine(todo[at : at + _BATCH], language=language, engine=engine)
                )
            except EngineUnavailable as error:
                problem = str(error)
                break
            progress(min(at + _BATCH, len(todo)), len(todo))
    return Filled(memory, made, len(gaps) - made, problem)
