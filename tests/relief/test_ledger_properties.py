"""The ledger against a plain reckoning: whatever is posted, in whatever order, the books agree.

A few hundred sequences in a normal run; ``MEDIXCHANGE_LONG=10000`` runs as many as it says.
"""

import os
from collections import Counter
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from medixchange.relief import fingerprints
from medixchange.relief.actions import ledger
from medixchange.relief.models import (
    MAY_GO_BELOW,
    Balance,
    Document,
    DocumentKind,
    Movement,
    Numbering,
)
from medixchange.relief.models.ledger import PREFIXES
from medixchange.relief.queries import figures
from medixchange.relief.queries import stock as stock_of
from medixchange.relief.refusals import Refused
from tests.relief import ledger_world
from tests.relief.ledger_world import WAYS, C, D, Entry, F, P, Reckoning, S, T, World, reckoned

#: A few hundred short sequences, or as many long ones as the environment asks for.
LONG = int(os.environ.get("MEDIXCHANGE_LONG", "0"))
SEQUENCES, STEPS = (LONG, 30) if LONG else (200 if connection.vendor == "sqlite" else 60, 12)

TRAVEL = [
    DocumentKind.DISPATCH, DocumentKind.ARRIVAL, DocumentKind.RECEIPT, DocumentKind.DELIVERY
]  # fmt: skip
kinds = st.sampled_from(list(WAYS))
#: Which way, from which of what lies there, to which place, and how much: units as far as there
#: are, all, or one more than there is.
legs = st.tuples(
    st.integers(0, 7),
    st.integers(0, 11),
    st.integers(0, 5),
    st.one_of(st.integers(1, 60), st.sampled_from(["all", "all", "one more"])),
)
#: Weeks back from now, over the end of a year or two.
weeks = st.integers(0, 90)


class Ledger(RuleBasedStateMachine):
    """Everything that can happen to a ledger, and what must hold after each of it."""

    world: World
    now: datetime

    documents = Bundle("documents")

    def __init__(self) -> None:
        super().__init__()
        self.reckoning = Reckoning()
        self.counter = self.steps = 0
        self.series: dict[str, int] = {}
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(target=documents, units=st.integers(1, 200))
    def something_is_there(self, units: int) -> Any:
        """Stock in stores and at facilities, and consignments on every leg of their way."""
        at = self.world.at
        return self._post(
            DocumentKind.OPENING,
            [
                ledger.Line(lot, units, at[D][0], place)
                for kind in (S, F, T, C, P)
                for number, place in enumerate(at[kind])
                for lot in (self.world.lots[number % 2], self.world.lots[number % 2 + 2])
            ],
            0,
        )

    def _key(self) -> str:
        self.counter += 1
        return f"key {self.counter}"

    def _lines(self, kind: DocumentKind, chosen: list[tuple[Any, ...]]) -> list[ledger.Line]:
        held = Counter(self.reckoning.held)
        lines: list[ledger.Line] = []
        for way_number, which, last, amount in chosen:
            kinds = WAYS[kind][way_number % len(WAYS[kind])]
            everywhere = list(product(self.world.at[kinds[0]], self.world.lots))
            there = [at for at in everywhere if held[at[0].pk, at[1].pk] > 0] or everywhere
            first, lot = there[which % len(there)]
            way = self.world.way(first, kinds[1:], last)
            most = 1000 if first.kind in MAY_GO_BELOW else held[first.pk, lot.pk]
            most = max(1, most)
            quantity = {"all": most, "one more": most + 1}.get(amount) or min(amount, most)
            held[first.pk, lot.pk] -= quantity
            lines += [
                ledger.Line(lot, quantity, start, end, f"lines.{len(lines)}")
                for start, end in pairwise(way)
            ]
        return lines

    def _post(self, kind: DocumentKind, lines: list[ledger.Line], weeks_ago: int) -> Any:
        entry = Entry(kind, self._key(), self.now - timedelta(weeks=weeks_ago), lines, "Reason.")
        code = self.reckoning.refusal(lines)
        if code:
            with pytest.raises(Refused) as refusal:
                self._send(entry)
            assert code in {problem.code for problem in refusal.value.problems}
            return multiple()
        posted = self._send(entry)
        assert posted.new
        self._keep(entry, posted.document)
        return entry

    def _send(self, entry: Entry) -> ledger.Posted:
        return ledger.post(
            kind=entry.kind,
            key=entry.key,
            happened_at=entry.happened_at,
            lines=entry.lines,
            by=None,
            organisation=None,
            note=entry.note,
            note_language="en",
        )

    def _keep(self, entry: Entry, document: Document) -> None:
        series = f"{PREFIXES[entry.kind]}-{entry.happened_at.year}"
        self.series[series] = self.series.get(series, 0) + 1
        assert document.number == f"{series}-{self.series[series]:05}"
        entry.number = document.number
        self.reckoning.post(entry)

    @rule(
        target=documents,
        kind=st.sampled_from(TRAVEL),
        chosen=st.lists(legs, min_size=1, max_size=3),
        weeks=weeks,
    )
    def goods_travel(self, kind: DocumentKind, chosen: list[Any], weeks: int) -> Any:
        return self._post(kind, self._lines(kind, chosen), weeks)

    @rule(
        target=documents,
        kind=st.sampled_from([kind for kind in WAYS if kind not in TRAVEL]),
        chosen=st.lists(legs, min_size=1, max_size=3),
        weeks=weeks,
    )
    def goods_stay_in_the_house(self, kind: DocumentKind, chosen: list[Any], weeks: int) -> Any:
        return self._post(kind, self._lines(kind, chosen), weeks)

    @rule(
        kind=kinds,
        chosen=st.lists(legs, min_size=1, max_size=2),
        wrong=st.sampled_from([0, -1, -60, ledger.LARGEST + 1, "circle", "ahead", "long ago"]),
    )
    def something_is_wrong(self, kind: DocumentKind, chosen: list[Any], wrong: Any) -> None:
        entry = Entry(kind, self._key(), self.now, self._lines(kind, chosen), "Reason.")
        first = entry.lines[0]
        if wrong == "circle":
            back = [ledger.Line(m.lot, m.quantity, m.to_place, m.from_place) for m in entry.lines]
            entry.lines += back
        elif wrong in ("ahead", "long ago"):
            # By the clock of this moment: a long run outlives the hour that the world began in.
            ahead = timezone.now() + timedelta(hours=1)
            entry.happened_at = ahead if wrong == "ahead" else self.now - timedelta(days=4000)
        else:
            entry.lines[0] = ledger.Line(first.lot, wrong, first.from_place, first.to_place)
        with pytest.raises(Refused) as refusal:
            self._send(entry)
        code = "clock" if wrong in ("ahead", "long ago") else self.reckoning.refusal(entry.lines)
        assert code in {problem.code for problem in refusal.value.problems}

    @rule(document=documents, turned=st.booleans())
    def sent_again(self, document: Entry, turned: bool) -> None:
        again = Entry(
            document.kind,
            document.key,
            document.happened_at,
            document.lines[::-1] if turned else document.lines,
            document.note,
        )
        if document.kind == DocumentKind.REVERSAL:
            assert document.reverses is not None
            posted = self._reverse(document.reverses, document.key)
        else:
            posted = self._send(again)
        assert (posted.new, posted.document.number) == (False, document.number)

    @rule(
        document=documents,
        change=st.sampled_from(["quantity", "time", "note", "kind", "lines"]),
    )
    def sent_again_with_other_content(self, document: Entry, change: str) -> None:
        first, *rest = document.lines
        other = Entry(
            document.kind if document.kind != DocumentKind.REVERSAL else DocumentKind.COUNT,
            document.key,
            document.happened_at,
            document.lines,
            document.note,
        )
        if change == "quantity":
            other.lines = [
                ledger.Line(first.lot, first.quantity + 1, first.from_place, first.to_place),
                *rest,
            ]
        elif change == "time":
            other.happened_at -= timedelta(seconds=1)
        elif change == "note":
            other.note = "Another reason."
        elif change == "kind":
            other.kind = next(k for k in WAYS if k != other.kind)
        else:
            other.lines = [first, *document.lines]
        with pytest.raises(Refused) as refusal:
            self._send(other)
        assert [problem.code for problem in refusal.value.problems] == ["key_used"]

    @rule(target=documents, document=documents)
    def taken_back(self, document: Entry) -> Any:
        key = self._key()
        entry = Entry(
            DocumentKind.REVERSAL,
            key,
            self.now,
            [
                ledger.Line(m.lot, m.quantity, m.to_place, m.from_place)
                for m in document.lines
            ],
            "Reason.",
            reverses=document,
        )  # fmt: skip
        if (
            document.reverses is not None
            or document.reversed_by is not None
            or self.reckoning.refusal(entry.lines)
        ):
            with pytest.raises(Refused):
                self._reverse(document, key)
            return multiple()
        posted = self._reverse(document, key)
        assert posted.new
        self._keep(entry, posted.document)
        return entry

    def _reverse(self, document: Entry, key: str) -> ledger.Posted:
        return ledger.reverse(
            document=Document.objects.get(key=document.key),
            key=key,
            note="Reason.",
            note_language="en",
            by=None,
            organisation=None,
            happened_at=self.now,
        )

    @rule(document=documents, lot=st.integers(0, 3), pick=st.integers(0, 10_000))
    def somebody_goes_round_the_program(self, document: Entry, lot: int, pick: int) -> None:
        places = [p for kind in (S, F) for p in self.world.at[kind]]
        start, end = places[pick % len(places)], places[(pick + 1) % len(places)]
        row = Document.objects.get(key=document.key)
        there = self.reckoning.held[start.pk, self.world.lots[lot].pk]
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.create(
                document=row,
                lot=self.world.lots[lot],
                quantity=there + 1,
                from_place=start,
                to_place=end,
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            Movement.objects.filter(document=row).update(quantity=1)
        with pytest.raises(DatabaseError), transaction.atomic():
            Document.objects.filter(pk=row.pk)._raw_delete("default")

    @invariant()
    def places_hold_what_the_reckoning_says(self) -> None:
        rows = list(Balance.objects.select_related("place"))
        kept = {(row.place_id, row.lot_id): row.quantity for row in rows if row.quantity}
        assert kept == {at: n for at, n in self.reckoning.held.items() if n}
        below = {row.place.kind for row in rows if row.quantity < 0}
        assert below <= set(MAY_GO_BELOW)
        for lot in self.world.lots:
            assert sum(n for (_place, of), n in kept.items() if of == lot.pk) == 0

    @invariant()
    def the_sums_are_those_of_the_movements(self) -> None:
        assert list(stock_of.faults()) == []

    @invariant()
    def documents_are_as_they_were_posted(self) -> None:
        rows: dict[int, list[tuple[int, int, int, int]]] = {}
        for document, *row in Movement.objects.values_list(
            "document", "lot", "quantity", "from_place", "to_place"
        ):
            rows.setdefault(document, []).append(tuple(row))
        documents = list(Document.objects.all())
        assert {d.number for d in documents} == {e.number for e in self.reckoning.entries.values()}
        for document in documents:
            entry = self.reckoning.entries[document.key]
            assert sorted(rows[document.pk]) == sorted(
                (m.lot.pk, m.quantity, m.from_place.pk, m.to_place.pk) for m in entry.lines
            )
            assert document.fingerprint == fingerprints.of_rows(
                kind=document.kind,
                happened_at=document.happened_at,
                rows=rows[document.pk],
                consignment_id=document.consignment_id,
                reverses_id=document.reverses_id,
                note=document.note,
            )

    @invariant()
    def numbers_have_no_gaps(self) -> None:
        last = dict(Numbering.objects.exclude(series__startswith="C-").values_list())
        assert last == self.series

    @invariant()
    def the_public_figures_are_what_a_person_would_count(self) -> None:
        stand = self.reckoning.in_force()
        total = figures.totals()
        assert total == reckoned(stand)
        # Told by anything, they are the same goods. One dimension in each step, in turn.
        self.steps += 1
        dimension: figures.Dimension = ("item", "source", "country", "week")[self.steps % 4]
        told = dict(figures.by(dimension))
        added = Counter[str]()
        for part in told.values():
            added.update(asdict(part))
        assert figures.Figures(**added) == total
        for value, part in told.items():
            if dimension == "week":
                assert part == self._in_week(value)
            else:
                assert part == reckoned(stand, **{dimension: value})

    def _in_week(self, week: date) -> figures.Figures:
        """What was posted in a week, less what was taken back in it."""
        entries = [
            entry
            for entry in self.reckoning.entries.values()
            if figures.monday(entry.happened_at.date()) == week
        ]
        added = Counter(asdict(reckoned(entry for entry in entries if not entry.reverses)))
        added.subtract(asdict(reckoned(entry.reverses for entry in entries if entry.reverses)))
        return figures.Figures(**added)


def test_the_ledger_agrees_with_a_plain_reckoning_of_it(db: None) -> None:
    """Whatever is posted, each sequence against the database the tests run on."""

    class OverOneWorld(Ledger):
        world = ledger_world.build()
        now = timezone.now()

    run_state_machine_as_test(
        OverOneWorld,
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
