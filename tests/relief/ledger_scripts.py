"""What the tests of concurrency and of crashes run as programs of their own, outside of any test
transaction: ``python -m tests.relief.ledger_scripts NAME ARGUMENTS`` prints JSON."""

import json
import multiprocessing
import os
import random
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from medixchange.core import audit  # noqa: E402
from medixchange.core.commands import ensure_database  # noqa: E402
from medixchange.core.models import AuditEntry, AuditHead  # noqa: E402
from medixchange.relief.actions import consignments, ledger  # noqa: E402
from medixchange.relief.actions.numbering import next_reference  # noqa: E402
from medixchange.relief.actions.retrying import retrying  # noqa: E402
from medixchange.relief.models import (  # noqa: E402
    Balance,
    Consignment,
    Document,
    DocumentKind,
    Flow,
    FlowTotal,
    Movement,
    Numbering,
    Place,
    Stage,
)
from medixchange.relief.queries import verifying  # noqa: E402
from medixchange.relief.refusals import Refused  # noqa: E402
from medixchange.translation.models import Segment  # noqa: E402
from tests.relief import ledger_world  # noqa: E402
from tests.relief.ledger_world import C, D, F, P, Q, S, T  # noqa: E402

Line = ledger.Line


def _world() -> ledger_world.World:
    ensure_database()
    with transaction.atomic():
        return ledger_world.build()


def _post(kind: DocumentKind, key: str, lines: list[Line], **more: Any) -> ledger.Posted:
    return ledger.post(
        kind=kind,
        key=key,
        happened_at=more.pop("at", None) or timezone.now(),
        lines=lines,
        by=None,
        organisation=None,
        note="Reason.",
        note_language="en",
        **more,
    )


def _at_once(count: int, work: Callable[[int], Any], threads: int = 1) -> list[Any]:
    """Results of so many processes, each with so many threads, that begin at the same moment."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    start, results = context.Barrier(count * threads), context.SimpleQueue()

    def one(number: int) -> None:
        try:
            start.wait(60)
            results.put(work(number))
        except Exception as error:
            results.put({"error": repr(error)})
        finally:
            connection.close()

    def process(number: int) -> None:
        own = [threading.Thread(target=one, args=(number * threads + at,)) for at in range(threads)]
        for thread in own:
            thread.start()
        for thread in own:
            thread.join()

    running = [context.Process(target=process, args=(number,)) for number in range(count)]
    for each in running:
        each.start()
    out = [results.get() for _ in range(count * threads)]
    for each in running:
        each.join()
    return out


def _soundness() -> dict[str, Any]:
    level = "serializable"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_isolation")
            (level,) = cursor.fetchone()
    return {
        "level": level,
        "faults": list(verifying.faults()),
        "trail": [fault.as_json() for fault in audit.verify()],
        "below": Balance.objects.filter(quantity__lt=0, may_go_below=False).count(),
    }


def traffic(processes: str, threads: str, rounds: str) -> dict[str, Any]:
    """Many writers move the same few lots to and fro between the same few places."""
    world = _world()
    lots = world.lots[:2]
    stock, others = world.at[S][0], [world.at[F][0], world.at[P][0], world.at[Q][0]]
    _post(DocumentKind.OPENING, "opening", [Line(lot, 200, world.at[D][0], stock) for lot in lots])
    ways = [
        (kind, start, end)
        for kind, start, end in (
            *((DocumentKind.DISPATCH, stock, other) for other in others),
            *((DocumentKind.RECEIPT, other, stock) for other in others),
            (DocumentKind.DELIVERY, others[1], others[0]),
            (DocumentKind.QUARANTINE, others[0], others[2]),
            (DocumentKind.RELEASE, others[2], others[0]),
        )
    ]

    def work(number: int) -> dict[str, Any]:
        chance = random.Random(number)
        posted: Counter[str] = Counter()
        made, refused = [], Counter[str]()
        for at in range(int(rounds)):
            kind, start, end = chance.choice(ways)
            lines = [
                Line(lot, chance.randrange(1, 80), start, end)
                for lot in chance.sample(lots, chance.choice((1, 2)))
            ]
            try:
                document = _post(kind, f"{number} {at}", lines).document
            except Refused as refusal:
                refused.update(problem.code for problem in refusal.problems)
                continue
            made.append(document.number)
            for line in lines:
                posted[f"{start.pk} {line.lot.pk}"] -= line.quantity
                posted[f"{end.pk} {line.lot.pk}"] += line.quantity
        return {"posted": posted, "made": made, "refused": refused}

    results = _at_once(int(processes), work, int(threads))
    reckoned: Counter[str] = Counter()
    for lot in lots:
        reckoned[f"{stock.pk} {lot.pk}"] += 200
        reckoned[f"{world.at[D][0].pk} {lot.pk}"] -= 200
    refused: Counter[str] = Counter()
    for result in results:
        for at, quantity in result.get("posted", {}).items():
            reckoned[at] += quantity
        refused.update(result.get("refused", {}))
    return {
        "errors": [result["error"] for result in results if "error" in result],
        "made": sorted(number for result in results for number in result.get("made", [])),
        "numbers": sorted(Document.objects.exclude(key="opening").values_list("number", flat=True)),
        "reckoned": {at: quantity for at, quantity in sorted(reckoned.items()) if quantity},
        "held": {
            f"{place} {lot}": quantity
            for place, lot, quantity in sorted(
                Balance.objects.exclude(quantity=0).values_list("place", "lot", "quantity"),
                key=lambda row: f"{row[0]} {row[1]}",
            )
        },
        "refused": refused,
        **_soundness(),
    }


def same_key(processes: str) -> dict[str, Any]:
    """Everybody sends the same document at once; then everybody takes it back with the same key;
    then everybody takes another back, each with a key of their own."""
    world = _world()
    lot, store, ward = world.lots[0], world.at[S][0], world.at[F][0]
    _post(DocumentKind.OPENING, "opening", [Line(lot, 1000, world.at[D][0], store)])
    now = timezone.now()

    def send(number: int) -> list[Any]:
        posted = _post(DocumentKind.SETTLEMENT, "one", [Line(lot, 10, store, ward)], at=now)
        return [posted.new, posted.document.number]

    def back(key: str) -> list[Any]:
        try:
            posted = ledger.reverse(
                document=Document.objects.get(key="one" if key == "back" else "two"),
                key=key,
                note="Reason.",
                note_language="en",
                by=None,
                organisation=None,
            )
        except Refused as refusal:
            return ["refused", str(refusal).split(" ", 1)[1]]
        return [posted.new, posted.document.number]

    sent = _at_once(int(processes), send)
    taken_back = _at_once(int(processes), lambda number: back("back"))
    _post(DocumentKind.SETTLEMENT, "two", [Line(lot, 10, store, ward)])
    own_keys = _at_once(int(processes), lambda number: back(f"back {number}"))
    held = dict(Balance.objects.filter(lot=lot).values_list("place__kind", "quantity"))
    return {
        "sent": sent, "back": taken_back, "own": own_keys, "held": held, **_soundness()
    }  # fmt: skip


def last_goods(processes: str, threads: str) -> dict[str, Any]:
    """Everybody takes ten again and again, out of a hundred, by different documents."""
    world = _world()
    lot, store, ward = world.lots[0], world.at[S][0], world.at[F][0]
    _post(DocumentKind.OPENING, "opening", [Line(lot, 100, world.at[D][0], store)])
    kinds = (DocumentKind.SETTLEMENT, DocumentKind.DISPATCH, DocumentKind.DELIVERY)

    def take(number: int) -> list[str]:
        out = []
        for at in range(3):
            try:
                _post(kinds[number % 3], f"{number} {at}", [Line(lot, 10, store, ward)])
                out.append("posted")
            except Refused as refusal:
                out += [problem.code for problem in refusal.problems]
        return out

    results = _at_once(int(processes), take, int(threads))
    held = dict(Balance.objects.filter(lot=lot).values_list("place__kind", "quantity"))
    flat = Counter(each for result in results for each in result)
    return {"results": flat, "held": held, **_soundness()}


def crossing(processes: str) -> dict[str, Any]:
    """Transactions that lock in opposite order, as callers of the ledger may: a reference and then
    a document, and the other way about. On PostgreSQL they do come into a deadlock."""
    world = _world()
    lot, store, ward = world.lots[0], world.at[S][0], world.at[F][0]
    _post(DocumentKind.OPENING, "opening", [Line(lot, 1000, world.at[D][0], store)])

    @retrying
    @transaction.atomic
    def act(number: int, at: int) -> None:
        if number % 2:
            next_reference("C")
        _post(DocumentKind.SETTLEMENT, f"{number} {at}", [Line(lot, 1, store, ward)])
        _post(DocumentKind.DELIVERY, f"{number} {at} b", [Line(lot, 1, ward, store)])
        if not number % 2:
            next_reference("C")

    def work(number: int) -> int:
        for at in range(4):
            act(number, at)
        return 4

    results = _at_once(int(processes), work)
    return {
        "results": results,
        "documents": Document.objects.count() - 1,
        "references": Numbering.objects.get(series__startswith="C-").last
        - Consignment.objects.count(),
        **_soundness(),
    }


TABLES = (
    Document, Movement, Balance, Flow, FlowTotal, Numbering, Stage, Consignment, Place, Segment,
    AuditEntry, AuditHead,
)  # fmt: skip


def _dump() -> str:
    """All that a posting could have left anything in."""
    rows = {model.__name__: list(model.objects.order_by("pk").values_list()) for model in TABLES}
    return json.dumps(rows, default=str)


def crashes(action: str) -> list[dict[str, Any]]:
    """Does something again and again, each time in a process that ends at once at another point:
    before or after the nth statement, before or after the commit. Then does it once more with the
    same key."""
    world = _world()
    lots, at = world.lots, world.at
    _post(
        DocumentKind.OPENING,
        "opening",
        [Line(lot, 10_000, at[D][0], place) for lot in lots for place in (at[S][0], at[T][0])],
    )
    now = timezone.now() - timedelta(hours=1)

    def post(key: str) -> ledger.Posted:
        return ledger.post(
            kind=DocumentKind.RECEIPT,
            key=key,
            happened_at=now,
            lines=[
                *(Line(lot, 10, at[S][0], at[F][0]) for lot in lots),
                *(Line(lots[0], 5, *way) for way in ((at[D][0], at[T][1]), (at[T][1], at[C][1]))),
            ],
            by=None,
            organisation=None,
            note=f"A note that nobody wrote before: {key}.",
            note_language="en",
        )

    def reverse(key: str) -> ledger.Posted:
        return ledger.reverse(
            document=Document.objects.get(key=f"for {key}"),
            key=key,
            note=f"A reason that nobody gave before: {key}.",
            note_language="en",
            by=None,
            organisation=None,
        )

    def dispatch(key: str) -> ledger.Posted:
        return consignments.dispatch(
            consignment=Consignment.objects.get(note=key), key=key, happened_at=now, by=None
        )

    def prepare(key: str) -> None:
        if action == "reverse":
            post(f"for {key}")
        elif action == "dispatch":
            row = consignments.add_consignment(
                origin=at[S][0], destination=at[F][0], note=key, note_language="en", by=None
            )
            box = consignments.Contents(number=1, lots=[(lot, 7) for lot in lots])
            consignments.pack(consignment=row, boxes=[box], by=None)

    act = {"post": post, "reverse": reverse, "dispatch": dispatch}[action]
    out: list[dict[str, Any]] = []
    points = [(when, number) for number in range(1, 200) for when in ("before", "after")]
    for when, number in [("before commit", 0), ("after commit", 0), *points]:
        key = f"{action} {when} {number}"
        prepare(key)
        before = _dump()
        connections.close_all()
        if not (child := os.fork()):
            _die(when, number, lambda key=key: act(key))
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        after = _dump()
        posted = act(key)
        out.append(
            {
                "at": f"{when} {number}",
                "died": status == 9,
                "kept nothing": after == before,
                "new": posted.new,
                "documents": Document.objects.filter(key=key).count(),
                "movements": posted.document.movements.count(),
                **_soundness(),
            }
        )
        if status == 0 and number:
            return out
    raise SystemExit("the last statement was never reached")


def _die(when: str, number: int, act: Callable[[], Any]) -> None:
    """In a process of its own: act, and end at this point without any clearing up."""
    seen = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        if when == "before" and seen == number:
            os._exit(9)
        result = execute(sql, params, many, context)
        if when == "after" and seen == number:
            os._exit(9)
        return result

    commit = connection._commit

    def committing() -> None:
        if when == "before commit":
            os._exit(9)
        commit()
        if when == "after commit":
            os._exit(9)

    connection._commit = committing
    try:
        with connection.execute_wrapper(count):
            act()
    except BaseException:
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    functions = (traffic, same_key, last_goods, crossing, crashes)
    chosen = {function.__name__: function for function in functions}[sys.argv[1]]
    sys.stdout.write(json.dumps(chosen(*sys.argv[2:])))
