"""A small world for the ledger's properties, and a plain reckoning of it to compare with.

Two donors, a store and two facilities in each of two countries, consignments between them with
their accounts, and four lots. ``Reckoning`` keeps the same books in a dictionary.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from medixchange.relief.actions import consignments, ledger, places
from medixchange.relief.models import MAY_GO_BELOW, Consignment, DocumentKind, Lot, Place, PlaceKind
from medixchange.relief.queries.figures import Figures
from tests.relief.conftest import make_item

D, T, C, P, S, F = (
    PlaceKind.DONOR,
    PlaceKind.TRANSIT,
    PlaceKind.CUSTOMS,
    PlaceKind.TRANSPORT,
    PlaceKind.STORE,
    PlaceKind.FACILITY,
)
Q, U, X, L, K = (
    PlaceKind.QUARANTINE,
    PlaceKind.USED,
    PlaceKind.DAMAGED,
    PlaceKind.LOST,
    PlaceKind.CORRECTION,
)
#: The ways goods go in a document of each kind; longer ones are one document with several legs.
WAYS: dict[DocumentKind, tuple[tuple[PlaceKind, ...], ...]] = {
    DocumentKind.OPENING: ((D, S), (D, F)),
    DocumentKind.DISPATCH: ((D, T), (S, T), (S, P), (F, P)),
    DocumentKind.ARRIVAL: ((T, C),),
    DocumentKind.RECEIPT: ((T, S), (C, S), (T, X), (C, X), (C, Q), (P, S), (D, T, Q), (D, T, C, Q)),
    DocumentKind.DELIVERY: ((P, F), (P, X), (P, Q), (C, F), (K, Q)),
    DocumentKind.USE: ((F, U), (S, U)),
    DocumentKind.WRITE_OFF: ((S, X), (F, X), (F, L)),
    DocumentKind.QUARANTINE: ((S, Q), (F, Q)),
    DocumentKind.RELEASE: ((Q, S), (Q, F)),
    DocumentKind.COUNT: ((S, K), (K, S), (F, K), (K, F)),
    DocumentKind.SETTLEMENT: ((T, L), (C, L), (P, L), (Q, X), (Q, D)),
}


@dataclass
class World:
    """The rows. ``at[kind]`` are the places of a kind."""

    lots: list[Lot]
    at: dict[PlaceKind, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def way(self, first: Place, kinds: Sequence[PlaceKind], pick: int) -> list[Place]:
        """From a place over places of these kinds. Goods that stay with a store, facility or
        consignment stay with its own accounts; else ``pick`` chooses."""
        out = [first]
        for kind in kinds:
            kin = [place for place in self.at[kind] if _of_one(out[-1], place)] or self.at[kind]
            out.append(kin[pick % len(kin)])
        return out


def _of_one(a: Place, b: Place) -> bool:
    """Whether two accounts are of the same store, facility or consignment."""
    if a.consignment_id or b.consignment_id:
        return a.consignment_id == b.consignment_id
    return a.owner == b.owner


def build() -> World:
    """Make the world. Call in a transaction."""

    def place(name: str, kind: PlaceKind, country: str) -> Place:
        return places.add_place(name=name, kind=kind, country=country, by=None)

    givers = [place("One", D, "CN"), place("Two", D, "FR")]
    stores = [place("Store ID", S, "ID"), place("Store MY", S, "MY")]
    facilities = [
        place("Ward ID", F, "ID"), place("Clinic ID", F, "ID"), place("Ward MY", F, "MY")
    ]  # fmt: skip
    mask, kit = make_item("mask", "Surgical mask"), make_item("test-kit", "Test kit")
    world = World(
        [
            Lot.objects.create(item=item, number=number, source=giver)
            for item, number, giver in (
                (mask, "M1", givers[0]), (mask, "M2", givers[1]),
                (kit, "K1", givers[0]), (kit, "K2", givers[1]),
            )
        ]
    )  # fmt: skip
    world.at[D], world.at[S], world.at[F] = givers, stores, facilities
    for owner in [*stores, *facilities]:
        for kind in (Q, U, X, L, K):
            world.at[kind].append(places.account_of(owner, kind))
    for origin, destination, kinds in (
        (givers[0], stores[0], (T, C)),
        (givers[1], stores[1], (T, C)),
        # Passed on from one country to another.
        (stores[0], stores[1], (T, C)),
        (stores[0], facilities[0], (P,)),
        (stores[1], facilities[2], (P,)),
        # A way back.
        (facilities[0], stores[0], (P,)),
    ):
        consignment: Consignment = consignments.add_consignment(
            origin=origin, destination=destination, by=None
        )
        for kind in kinds:
            world.at[kind].append(places.account_of_consignment(consignment, kind))
    return world


@dataclass
class Entry:
    """A document as the reckoning knows it."""

    kind: DocumentKind
    key: str
    happened_at: datetime
    lines: list[ledger.Line]
    note: str
    reverses: "Entry | None" = None
    reversed_by: "Entry | None" = None
    number: str = ""


@dataclass
class Reckoning:
    """The books, kept in plain Python."""

    held: Counter[tuple[int, int]] = field(default_factory=Counter)
    entries: dict[str, Entry] = field(default_factory=dict)

    def refusal(self, lines: Iterable[ledger.Line]) -> str:
        """The code of the refusal that posting these lines must meet, or nothing."""
        lines = list(lines)
        if any(line.quantity <= 0 for line in lines):
            return "not_positive"
        if any(line.quantity > ledger.LARGEST for line in lines):
            return "too_large"
        if _goes_in_a_circle(lines):
            return "circle"
        after = Counter(self.held)
        for line in lines:
            after[line.from_place.pk, line.lot.pk] -= line.quantity
            after[line.to_place.pk, line.lot.pk] += line.quantity
        short = any(
            after[line.from_place.pk, line.lot.pk] < 0
            for line in lines
            if line.from_place.kind not in MAY_GO_BELOW
        )
        return "below_zero" if short else ""

    def post(self, entry: Entry) -> None:
        for line in entry.lines:
            self.held[line.from_place.pk, line.lot.pk] -= line.quantity
            self.held[line.to_place.pk, line.lot.pk] += line.quantity
        self.entries[entry.key] = entry
        if entry.reverses is not None:
            entry.reverses.reversed_by = entry

    def in_force(self) -> list[Entry]:
        """Documents that stand: neither reversed nor reversals."""
        return [e for e in self.entries.values() if not e.reverses and not e.reversed_by]


def _goes_in_a_circle(lines: Sequence[ledger.Line]) -> bool:
    for lot in {line.lot.pk for line in lines}:
        ways = {(m.from_place.pk, m.to_place.pk) for m in lines if m.lot.pk == lot}
        while ways:
            ends = {end for _start, end in ways} & {start for start, _end in ways}
            fewer = {(start, end) for start, end in ways if end in ends}
            if fewer == ways:
                return True
            ways = fewer
    return False


def reckoned(entries: Iterable[Entry], **only: object) -> Figures:
    """The figures as a person would count them, movement by movement, over documents that stand.
    ``item``, ``source`` (keys) and ``country`` keep only those."""
    sums: Counter[str] = Counter()
    stands = {
        T: "on_the_way", C: "at_customs", P: "in_transport", S: "in_stores", F: "at_facilities",
        Q: "in_quarantine", U: "used", X: "damaged", L: "lost", K: "counted_off",
    }  # fmt: skip
    reached = {
        "arrived": {C, P, S, F, Q, U, X, K},
        "handed_over": {P, S, F, Q, U, K},
    }
    for entry in entries:
        for line in entry.lines:
            if only.get("item", line.lot.item_id) != line.lot.item_id:
                continue
            if only.get("source", line.lot.source_id) != line.lot.source_id:
                continue
            start, end, n = line.from_place, line.to_place, line.quantity
            way = PlaceKind(start.kind), PlaceKind(end.kind)
            for place, other, kind, sign in ((start, end, way[0], -1), (end, start, way[1], 1)):
                if kind == D or only.get("country", place.country) != place.country:
                    continue
                sums[stands[kind]] += sign * n
                sums["shipped"] += sign * n
                # Where the other end counts for this country too, only what crosses the line does.
                beyond = (
                    D if other.kind != D and other.country != place.country
                    else PlaceKind(other.kind)
                )  # fmt: skip
                for name, kinds in reached.items():
                    not_yet = {D, T} if name == "arrived" else {D, T, C}
                    if kind in kinds and beyond in not_yet:
                        sums[name] += sign * n
                if kind == F and beyond not in (U, X, L, K):
                    sums["received"] += sign * n
                if kind == L and beyond in (D, T):
                    sums["lost_on_the_way"] += sign * n
                if kind == L and beyond == C:
                    sums["lost_at_customs"] += sign * n
                if kind == X and beyond in (D, T, C):
                    sums["damaged_before"] += sign * n
    return Figures(**sums)
