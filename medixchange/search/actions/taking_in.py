"""Taking in what has changed: from notes (``core.models.Touched``) to passages.

One process at a time writes passages: it holds the ``Head`` row, so that versions become visible
in order and a unit is never read before and written after another process read it anew. A note is
taken away in the transaction that takes its unit in; whatever ends in between, it stays.
"""

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from medixchange.core import searchable
from medixchange.core.models import Touched
from medixchange.core.searchable import SEGMENT, Said
from medixchange.search import meaning
from medixchange.search.models import Head, Passage, Stuck, Vector

_log = logging.getLogger(__name__)

#: Notes that are looked at in one transaction.
_NOTES = 500
#: Seconds after which a transaction ends, so that others come to write; one unit at least.
_HOLD = 0.3
#: Seconds until a unit that could not be read is tried again; doubled each time.
_FIRST_RETRY = 5
_LAST_RETRY = 3600
#: How long rows of what is gone stay, so that every index sees that they are gone.
KEEP_GONE = timedelta(days=2)

#: What an upsert of a passage writes over.
_FIELDS = (
    "unit", "text", "heading", "audience", "state", "is_evidence", "source_changed", "country",
    "said_in", "topics", "said_at", "key", "gone",
)  # fmt: skip
_UPSERT = (*_FIELDS, "embedded_by", "version", "changed_at")


@dataclass(slots=True)
class Taken:
    """What was taken in: units read, passages changed by them, units that could not be read."""

    units: int = 0
    passages: int = 0
    failed: int = 0


def catch_up(
    *, seconds: float | None = None, tell: Callable[[int], None] = lambda _left: None
) -> Taken:
    """Take in all notes that wait, or as many as fit into ``seconds``.

    Args:
        tell: is told after each transaction how many notes still wait.
    """
    began, taken = time.monotonic(), Taken()
    while _round(taken):
        tell(Touched.objects.count())
        if seconds is not None and time.monotonic() - began > seconds:
            break
    return taken


def anything_waits() -> bool:
    """Whether a note waits, or a source has never been asked. Two queries."""
    if Touched.objects.exists():
        return True
    kinds = Head.objects.filter(pk=1).values_list("kinds", flat=True).first()
    return kinds is None or not set(searchable.sources()) <= set(kinds)


@transaction.atomic
def note_everything() -> int:
    """Note every unit that there is or that passages are left of; gives how many notes wait."""
    hold()
    for kind in searchable.sources():
        left = Passage.objects.filter(kind=kind, gone=False).values_list("unit", flat=True)
        _note_all(kind, left.distinct())
    return Touched.objects.count()


@transaction.atomic
def forget_gone() -> int:
    """Take away rows of what has been gone for ``KEEP_GONE``; gives how many."""
    head = hold()
    old = Passage.objects.filter(gone=True, changed_at__lt=timezone.now() - KEEP_GONE)
    newest = old.order_by("-version").values_list("version", flat=True).first()
    if newest is None:
        return 0
    count, _by_model = old.delete()
    head.forgotten = max(head.forgotten, newest)
    head.save(update_fields=["forgotten"])
    return count


def hold() -> Head:
    """The head row, held until the end of the transaction: who writes passages needs it."""
    Head.objects.get_or_create(pk=1)
    return Head.objects.select_for_update().get(pk=1)


def key_of(text: str) -> str:
    """What a text's meaning is kept by."""
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def _round(taken: Taken) -> bool:
    """One transaction's worth; whether there may be more."""
    if not anything_waits() and not Stuck.objects.filter(retry_at__lte=timezone.now()).exists():
        return False
    head = hold()
    for kind in searchable.sources():
        if kind not in head.kinds:
            _note_all(kind)
            head.kinds = [*head.kinds, kind]
    _note_due()
    _spread(taken)
    began = time.monotonic()
    notes: dict[tuple[str, str], list[int]] = defaultdict(list)
    rows = Touched.objects.exclude(kind=SEGMENT).order_by("pk")
    for pk, kind, unit in rows.values_list("pk", "kind", "unit")[:_NOTES]:
        notes[kind, unit].append(pk)
    done: list[int] = []
    engine = meaning.engine_name()
    for (kind, unit), pks in notes.items():
        if done and time.monotonic() - began > _HOLD:
            break
        taken.units += 1
        work = partial(_take_in, head, kind, unit, engine, taken)
        taken.failed += not _tried(kind, [unit], work)
        done += pks
    Touched.objects.filter(pk__in=done).delete()
    head.save()
    return True


def _note_all(kind: str, also: Iterable[str] = ()) -> None:
    """Notes for all units that a source has, and others."""
    source = searchable.sources()[kind]
    _tried(kind, [""], lambda: searchable.touched(kind, *dict.fromkeys([*source.units(), *also])))


def _note_due() -> None:
    """Notes for what could not be read and is to be tried again."""
    due = list(Stuck.objects.filter(retry_at__lte=timezone.now()).order_by("pk")[:_NOTES])
    for row in due:
        if row.unit:
            searchable.touched(row.kind, row.unit)
        elif row.kind in searchable.sources():
            _note_all(row.kind)
    # Until it is read or has failed again, it is not noted once more.
    Stuck.objects.filter(pk__in=[row.pk for row in due if row.unit]).update(
        retry_at=timezone.now() + timedelta(seconds=_LAST_RETRY)
    )


def _spread(taken: Taken) -> None:
    """From notes of segments to notes of the units that hold them."""
    notes = list(Touched.objects.filter(kind=SEGMENT).order_by("pk")[:_NOTES])
    by_language: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for note in notes:
        ids, language = searchable.segments_of(note.unit)
        by_language[language][note.unit] = ids
    for language, units in by_language.items():
        segments = {pk for found in units.values() for pk in found}
        work = partial(_note_holding, segments, language)
        taken.failed += not _tried(SEGMENT, units, work)
    Touched.objects.filter(pk__in=[note.pk for note in notes]).delete()


def _note_holding(segments: Collection[int], language: str) -> None:
    for kind, source in searchable.sources().items():
        searchable.touched(kind, *source.holding(segments, language))


def _tried(kind: str, units: Iterable[str], work: Callable[[], None]) -> bool:
    """Do it for these units. Where that fails, all it wrote is undone, they are noted as stuck,
    and the others go on."""
    units = list(units)
    try:
        with transaction.atomic():
            work()
    except Exception as error:
        tries = [_stuck(kind, unit, f"{type(error).__name__}: {error}") for unit in units]
        # Told in full once; from then on `search status` tells of it.
        if 1 in tries:
            _log.warning("search: %s %s could not be read", kind, ", ".join(units), exc_info=True)
        return False
    Stuck.objects.filter(kind=kind, unit__in=units).delete()
    return True


def _stuck(kind: str, unit: str, problem: str) -> int:
    """Note a failure; gives how many there were of this unit."""
    row, _new = Stuck.objects.get_or_create(
        kind=kind, unit=unit, defaults={"problem": "", "retry_at": timezone.now()}
    )
    wait = min(_FIRST_RETRY * 2 ** min(row.tries, 20), _LAST_RETRY)
    row.tries += 1
    row.problem = problem[:300]
    row.retry_at = timezone.now() + timedelta(seconds=wait)
    row.save()
    return row.tries


def _take_in(head: Head, kind: str, unit: str, engine: str, taken: Taken) -> None:
    """Bring the passages of a unit in step with what its source says now."""
    source = searchable.sources().get(kind)
    if source is None:
        # Its app is not here. What it has said is found by nobody, since it names no audience.
        return
    said = {(one.place, one.language): one for one in source.said(unit)}
    have = {
        (row.place, row.language): row
        for row in Passage.objects.filter(kind=kind).filter(
            Q(unit=unit) | Q(place__in={place for place, _language in said})
        )
    }
    changed = []
    for key, one in said.items():
        row = have.get(key)
        wanted = _values(unit, one)
        if row is None:
            row = Passage(kind=kind, place=one.place, language=one.language, embedded_by="")
        elif all(getattr(row, name) == value for name, value in wanted.items()):
            continue
        if row.key != wanted["key"]:
            row.embedded_by = ""
        for name, value in wanted.items():
            setattr(row, name, value)
        changed.append(row)
    for key, row in have.items():
        if row.unit == unit and key not in said and not row.gone:
            row.text = row.heading = row.key = row.embedded_by = ""
            row.gone = True
            changed.append(row)
    if engine:
        _mark_embedded(changed, engine)
    write(head, changed)
    taken.passages += len(changed)


def _values(unit: str, one: Said) -> dict[str, object]:
    values = {name: getattr(one, name) for name in _FIELDS if name not in ("unit", "key", "gone")}
    return {
        **values,
        "unit": unit,
        "topics": list(one.topics),
        "said_in": one.said_in or one.language,
        "key": key_of(one.text),
        "gone": False,
    }


def _mark_embedded(rows: Collection[Passage], engine: str) -> None:
    """Texts that were said before, here or elsewhere, have their meaning already."""
    waiting = {row.key for row in rows if not row.gone and row.embedded_by != engine}
    there = set(Vector.objects.filter(engine=engine, key__in=waiting).values_list("key", flat=True))
    for row in rows:
        if row.key in there:
            row.embedded_by = engine


def write(head: Head, rows: Collection[Passage]) -> None:
    """Write passages, each with the next version. ``head`` must be held, and be saved after."""
    now = timezone.now()
    for row in rows:
        head.version += 1
        row.version, row.changed_at = head.version, now
    Passage.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "place", "language"],
        update_fields=_UPSERT,
    )
