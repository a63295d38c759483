"""Whether the ledger holds together: every sum, every document as it was posted, every number."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q

from medixchange.core.commands import Counting
from medixchange.relief import fingerprints, guards
from medixchange.relief.models import MAY_GO_BELOW, Balance, Document, Movement, Numbering
from medixchange.relief.models.ledger import PREFIXES
from medixchange.relief.queries import stock

#: Documents read at once.
CHUNK = 2000


def faults(progress: Counting | None = None) -> Iterator[str]:
    """Walk the whole ledger and yield, in words, everything that does not hold: guards the database
    has lost, sums that are not what the movements say, documents that are not as they were posted,
    and gaps in the numbers. Yields nothing for a sound ledger.

    Whoever writes a document and its fingerprint anew is not seen from here but in the audit trail,
    which names every document and has a check of its own.
    """
    for name in guards.missing(connection):
        yield f"the database has lost its guard {name}"
    for fault in stock.faults():
        yield f"{fault.what}: kept {fault.kept}, the movements say {fault.counted}"
    below = Q(place__kind__in=MAY_GO_BELOW)
    wrong = below & Q(may_go_below=False) | ~below & Q(may_go_below=True)
    for row in Balance.objects.filter(wrong):
        yield f"balance of place {row.place_id}, lot {row.lot_id}: has the limit of another kind"
    yield from _of_documents(progress)


def _of_documents(progress: Counting | None) -> Iterator[str]:
    last: dict[str, int] = {}
    seen, total, after = 0, Document.objects.count(), 0
    while batch := list(Document.objects.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        rows: dict[int, list[tuple[int, int, int, int]]] = {each.pk: [] for each in batch}
        for document, *row in Movement.objects.filter(
            document__gt=after, document__lte=batch[-1].pk
        ).values_list("document_id", "lot_id", "quantity", "from_place_id", "to_place_id"):
            rows[document].append((row[0], row[1], row[2], row[3]))
        for each in batch:
            if each.day != each.happened_at.date():
                yield f"{each.number}: counts under another day than it happened on"
            mark = fingerprints.of_rows(
                kind=each.kind,
                happened_at=each.happened_at,
                rows=rows[each.pk],
                consignment_id=each.consignment_id,
                reverses_id=each.reverses_id,
                note=each.note,
            )
            if mark != each.fingerprint:
                yield f"{each.number}: its movements are not those that were posted"
            yield from _of_number(each, last)
        after = batch[-1].pk
        seen += len(batch)
        if progress is not None:
            progress(seen, total)
    yield from _of_series(last)


def _of_number(document: Document, last: dict[str, int]) -> Iterator[str]:
    series, _hyphen, number = document.number.rpartition("-")
    if series.partition("-")[0] != PREFIXES.get(document.kind):  # type: ignore[call-overload]
        yield f"{document.number}: is no number of a {document.kind}"
    expected = last.get(series, 0) + 1
    if int(number) != expected:
        yield f"{document.number}: the number before it should be {expected}"
    last[series] = int(number)


def _of_series(last: dict[str, int]) -> Iterator[str]:
    """Series whose last documents are gone."""
    for series, given in Numbering.objects.order_by("series").values_list("series", "last"):
        is_ours = series.partition("-")[0] in PREFIXES.values()
        if is_ours and given != last.get(series, 0):
            yield f"{series}: gave out {given} numbers, the last document is {last.get(series, 0)}"
