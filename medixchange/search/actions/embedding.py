"""Working out the meaning of passages: once for each text and engine, in batches, kept as vectors.

What waits is a query, passages whose text this site's engine has not seen, so nothing can get lost.
The engine runs outside of any transaction. Two processes may work out the same text at the same
time; then one vector is kept.
"""

import logging
import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q, QuerySet

from medixchange.search import meaning
from medixchange.search.actions.taking_in import hold, write
from medixchange.search.models import Passage, Vector
from medixchange.search.retrieval import vectors
from medixchange.search.retrieval.meaning import Engine, EngineUnavailable

_log = logging.getLogger(__name__)

#: Texts that the engine gets at once.
BATCH = 32
#: Characters of a text that the engine gets; it reads no further anyway.
LONGEST = 4000
#: Texts that an engine may refuse one after another before it counts as not there.
_PROBES = 2


def waiting(engine_name: str) -> QuerySet[Passage]:
    """Passages whose meaning is still to be worked out by an engine."""
    return Passage.objects.filter(
        # Not an exclusion: two ranges that the index of this column has.
        Q(embedded_by__lt=engine_name) | Q(embedded_by__gt=engine_name),
        gone=False,
    )


def embed_waiting(
    *, seconds: float | None = None, tell: Callable[[int], None] = lambda _done: None
) -> int:
    """Work out the meaning of all that waits, or of as many texts as fit into ``seconds``.

    Args:
        tell: is told after each batch how many texts are done.

    Returns:
        How many texts were worked out.

    Raises:
        EngineUnavailable: what was done before is kept.
    """
    engine = meaning.engine()
    if engine is None:
        return 0
    began, done = time.monotonic(), 0
    while texts := _next(engine.name):
        _keep(engine, texts)
        done += len(texts)
        tell(done)
        if seconds is not None and time.monotonic() - began > seconds:
            break
    return done


def _next(engine_name: str) -> dict[str, str]:
    """The next texts, by key."""
    rows = waiting(engine_name).order_by("embedded_by", "pk").values_list("key", "text")
    return dict(rows[:BATCH])


def _vectors(engine: Engine, texts: dict[str, str]) -> list[Vector]:
    """The vectors of texts. Where the engine fails at some, each is given to it alone; one that it
    cannot take is kept without numbers, so that it does not hold up the others for ever.

    Raises:
        EngineUnavailable: it takes none of them.
    """
    if not texts:
        return []
    try:
        return _asked(engine, texts)
    except EngineUnavailable:
        if len(texts) == 1:
            raise
    rows: list[Vector] = []
    refused: list[str] = []
    for key, text in texts.items():
        try:
            rows += _asked(engine, {key: text})
        except EngineUnavailable as problem:
            if not rows and len(refused) == _PROBES:
                raise
            refused.append(key)
            _log.warning("search: %s has no meaning of a text: %s", engine.name, problem)
    if not rows:
        raise EngineUnavailable(f"{engine.name} takes no text")
    return [*rows, *(Vector(key=key, engine=engine.name, numbers=b"", scale=0) for key in refused)]


def _asked(engine: Engine, texts: dict[str, str]) -> list[Vector]:
    numbers, scales = vectors.as_bytes(engine.passages([text[:LONGEST] for text in texts.values()]))
    return [
        Vector(key=key, engine=engine.name, numbers=row.tobytes(), scale=float(scale))
        for key, row, scale in zip(texts, numbers, scales, strict=True)
    ]


def _keep(engine: Engine, texts: dict[str, str]) -> None:
    there = set(
        Vector.objects.filter(engine=engine.name, key__in=texts).values_list("key", flat=True)
    )
    rows = _vectors(engine, {key: text for key, text in texts.items() if key not in there})
    with transaction.atomic():
        head = hold()
        Vector.objects.bulk_create(rows, ignore_conflicts=True)
        passages = list(waiting(engine.name).filter(key__in=texts))
        for passage in passages:
            passage.embedded_by = engine.name
        # As changes of the passages, so that every index comes to know of the vectors.
        write(head, passages)
        head.save(update_fields=["version"])
