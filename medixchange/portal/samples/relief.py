"""Sample content of relief.

One pledge is real: what two foundations announced on 19 March 2020, with the split between four
countries left open, as it was published. No quantity of what then arrived was published, so the
ledger holds nothing of it. Everything else is an example and says so on every page: a made-up
pledge whose goods are walked from the donor to two wards, partly damaged and partly missing.

Sources: the announcement, businesswire.com/news/home/20200319005410/en/; the first landing,
alinea.id/amp/dunia/bantuan-dari-jack-ma-foundation-tiba-di-indonesia-b1ZJV9sNK.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from medixchange.network import actions as network
from medixchange.network.models import Kind, Member, Organisation, Role
from medixchange.relief.actions import (
    allocating,
    cases,
    catalogue,
    consignments,
    giving,
    needs,
    receiving,
)
from medixchange.relief.actions.catalogue import PackOf
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.actions.counted import Signed
from medixchange.relief.actions.giving import Promised
from medixchange.relief.actions.lots import lot_of
from medixchange.relief.actions.places import add_place
from medixchange.relief.actions.receiving import Counted
from medixchange.relief.actions.stock import use
from medixchange.relief.models import (
    Consignment,
    Item,
    Lot,
    Outcome,
    Place,
    PlaceKind,
    Signature,
    StageKind,
    Unit,
)
from medixchange.relief.queries.stock import first_expiry_first
from medixchange.relief.sharing import Parameters

#: Address, name, role, organisation, languages read, language of the site; what the account shows.
CAST = (
    ("donor", "Demo donor's logistics officer", Role.LOGISTICS, "foundation", ["zh", "en"],
     "zh-hans", "pledges and sends goods"),
    ("agency", "Demo agency's logistics officer", Role.LOGISTICS, "agency", ["id", "en"], "id",
     "receives at the airport, shares out, sends to wards"),
    ("agency.head", "Demo agency's coordinator", Role.COORDINATOR, "agency", ["id", "en"], "en",
     "approves what the officer shares out"),
    ("ward", "Demo ward's storekeeper", Role.LOGISTICS, "hospital", ["id", "en"], "id",
     "states needs, receives on a phone, records use"),
)  # fmt: skip

#: Code; name in English, Indonesian, French, Arabic and Chinese; unit, category, whether it has an
#: expiry date, packs.
_ITEMS = (
    ("mask", ("Surgical mask", "Masker bedah", "Masque chirurgical", "كمامة جراحية", "外科口罩"),
     Unit.PIECE, "protective equipment", False, [("box", 50), ("carton", 2500)]),
    ("test-kit", ("Detection kit", "Alat uji deteksi", "Kit de détection", "طقم كشف", "检测试剂盒"),
     Unit.TEST, "laboratory", True, [("box", 50)]),
    ("protective-suit", ("Medical protective suit", "Baju pelindung medis",
     "Combinaison de protection médicale", "بدلة واقية طبية", "医用防护服"),
     Unit.PIECE, "protective equipment", False, [("carton", 50)]),
    ("face-shield", ("Face shield", "Pelindung wajah", "Écran facial", "واقي وجه", "防护面罩"),
     Unit.PIECE, "protective equipment", False, [("carton", 100)]),
)  # fmt: skip
_NAME_LANGUAGES = ("id", "fr", "ar", "zh")

ANNOUNCED = "https://www.businesswire.com/news/home/20200319005410/en/"
_REAL_NOTE = (
    "How the goods are split between the four countries was not published. "
    "A first stage for Indonesia landed at Soekarno-Hatta airport on 27 March 2020, "
    "to be handed to the national agency BNPB; its quantities were not published."
)
_EXAMPLE_NOTE = "An example that shows the way of goods. None of it happened."


def load(add_account: Callable[..., Member], *, translator: Member) -> None:
    """Add organisations, places, items, the real pledge and the example.

    Args:
        add_account: makes or finds a demo account: name, shown name, role, organisation, languages
            read, language of the site.
        translator: who proposes the names of items in other languages.
    """
    organisations = {
        "foundation": _organisation("Demo foundation", Kind.FOUNDATION, "CN"),
        "agency": _organisation("Demo relief agency", Kind.AGENCY, "ID"),
        "hospital": _organisation("Demo hospital", Kind.HOSPITAL, "ID"),
    }
    people = {
        name: add_account(name, shown, role, organisations[organisation], reads, interface)
        for name, shown, role, organisation, reads, interface, _what in CAST
    }
    items = {row[0]: _item(row, translator) for row in _ITEMS}
    _real(items)
    _Example(organisations, people, items).walk()


def _organisation(name: str, kind: Kind, country: str, *, verified: bool = True) -> Organisation:
    return network.add_organisation(
        name=name, kind=kind, country=country, verified=verified, by=None
    )


def _item(row: tuple[Any, ...], translator: Member) -> Item:
    code, (name, *others), unit, category, expires, packs = row
    made = catalogue.add_item(
        code=code,
        name=name,
        language="en",
        unit=unit,
        category=category,
        packs=[PackOf(name=pack, units=units) for pack, units in packs],
        expires=expires,
        by=None,
    )
    for language, text in zip(_NAME_LANGUAGES, others, strict=True):
        catalogue.propose_name(item=made, language=language, text=text, by=translator)
    return made


def _real(items: dict[str, Item]) -> None:
    """What was announced on 19 March 2020, as it was published."""
    givers = _organisation(
        "Jack Ma Foundation and Alibaba Foundation", Kind.FOUNDATION, "CN", verified=False
    )
    donor = add_place(
        name=givers.name,
        kind=PlaceKind.DONOR,
        country="CN",
        organisation=givers,
        time_zone="Asia/Shanghai",
        by=None,
    )
    four = dict.fromkeys(["ID", "MY", "PH", "TH"])
    giving.add_pledge(
        donor=donor,
        announced_on=date(2020, 3, 19),
        source_url=ANNOUNCED,
        note=_REAL_NOTE,
        note_language="en",
        lines=[
            Promised(items["mask"], 2_000_000, four),
            Promised(items["test-kit"], 150_000, four),
            Promised(items["protective-suit"], 20_000, four),
            Promised(items["face-shield"], 20_000, four),
        ],
        by=None,
    )


class _Example:
    """A made-up pledge, walked from the donor to two wards within the last month."""

    def __init__(
        self,
        organisations: dict[str, Organisation],
        people: dict[str, Member],
        items: dict[str, Item],
    ) -> None:
        self.people, self.items = people, items
        self.donor = add_place(
            name="Example donor",
            kind=PlaceKind.DONOR,
            country="CN",
            organisation=organisations["foundation"],
            time_zone="Asia/Shanghai",
            latitude=30.25,
            longitude=120.17,
            is_example=True,
            by=None,
        )
        self.store = add_place(
            name="Example agency store, Jakarta",
            is_example=True,
            kind=PlaceKind.STORE,
            organisation=organisations["agency"],
            latitude=-6.2,
            longitude=106.85,
            country="ID",
            time_zone="Asia/Jakarta",
            by=None,
        )
        hospital = organisations["hospital"]
        self.wards = [
            add_place(
                name=name,
                kind=PlaceKind.FACILITY,
                organisation=hospital,
                latitude=latitude,
                longitude=longitude,
                population=population,
                country="ID",
                time_zone="Asia/Jakarta",
                is_example=True,
                by=None,
            )
            for name, latitude, longitude, population in (
                ("Example ward, Jakarta", -6.18, 106.83, 400_000),
                ("Example ward, Bandung", -6.91, 107.61, 250_000),
                ("Example ward, Serang", -6.12, 106.15, 90_000),
            )
        ]

    def walk(self) -> None:
        """Pledge, flight, customs, counting with losses, sharing out, delivery, use."""
        pledge = giving.add_pledge(
            donor=self.donor,
            announced_on=_ago(30).date(),
            note=_EXAMPLE_NOTE,
            note_language="en",
            lines=[
                Promised(self.items["mask"], 150_000, {"ID": 150_000}),
                Promised(self.items["test-kit"], 4_000, {"ID": 4_000}),
            ],
            is_example=True,
            by=self.people["donor"],
        )
        giving.confirm(pledge=pledge, by=self.people["agency"])
        first = self._flight(pledge, masks=40, tests=40, expected_on=_ago(20).date())
        self._leave(first, self.people["donor"], _ago(21), "Hangzhou")
        self._land(first)
        self._count(first)
        second = self._flight(pledge, masks=20, tests=40, expected_on=_ago(-3).date(), lot=2)
        self._leave(second, self.people["donor"], _ago(1), "Hangzhou")
        for ward, masks, tests, daily in zip(
            self.wards,
            (60_000, 45_000, 20_000),
            (1_500, 1_200, 700),
            (1_200, 700, 300),
            strict=True,
        ):
            needs.state_need(
                facility=ward,
                item=self.items["mask"],
                quantity=masks,
                by_when=_ago(-14).date(),
                daily_use=daily,
                by=self.people["ward"],
            )
            needs.state_need(
                facility=ward,
                item=self.items["test-kit"],
                quantity=tests,
                by_when=_ago(-14).date(),
                by=self.people["ward"],
            )
        near = self._delivery(self.wards[0], masks=20_000, tests=400, days=15)
        self._receive_at_ward(near)
        self._delivery(self.wards[1], masks=12_500, tests=300, days=6, expected=2)
        # What is left is shared out; the agency's coordinator has it on the list to approve.
        allocating.draft(
            store=self.store,
            items=[self.items["mask"], self.items["test-kit"]],
            facilities=[ward.code for ward in self.wards],
            method="maxmin",
            parameters=Parameters(),
            by=self.people["agency"],
        )

    def _flight(
        self, pledge: Any, *, masks: int, tests: int, expected_on: date, lot: int = 1
    ) -> Consignment:
        """Cartons of 2,500 masks and boxes of 50 tests from the donor to the store."""
        made = consignments.add_consignment(
            origin=self.donor,
            destination=self.store,
            pledge=pledge,
            expected_on=expected_on,
            is_example=True,
            by=self.people["donor"],
        )
        mask = self._lot("mask", f"EX-M{lot}", None)
        test = self._lot("test-kit", f"EX-T{lot}", timezone.now().date() + timedelta(days=60 * lot))
        consignments.pack(
            consignment=made,
            boxes=[
                *(Contents(n, [(mask, 2_500)], gross_weight_g=8_200) for n in range(1, masks + 1)),
                *(
                    Contents(masks + n, [(test, 50)], gross_weight_g=750)
                    for n in range(1, tests + 1)
                ),
            ],
            by=self.people["donor"],
        )
        return made

    def _lot(self, item: str, number: str, expires_on: date | None) -> Lot:
        return lot_of(
            item=self.items[item], source=self.donor, number=number, expires_on=expires_on
        )

    def _leave(self, made: Consignment, by: Member, at: datetime, where: str) -> None:
        consignments.dispatch(
            consignment=made,
            key=f"example {made.reference} leaves",
            happened_at=at,
            location=where,
            by=by,
        )

    def _land(self, made: Consignment) -> None:
        agent = self.people["agency"]
        consignments.arrive(
            consignment=made,
            key=f"example {made.reference} lands",
            happened_at=_ago(20),
            location="Soekarno-Hatta",
            temperature_c=None,
            by=agent,
        )
        for kind, days, note in (
            (StageKind.HELD, 20, "The import permit of the detection kits is missing."),
            (StageKind.RELEASED, 19, ""),
        ):
            consignments.record_stage(
                consignment=made,
                kind=kind,
                happened_at=_ago(days),
                location="Soekarno-Hatta",
                note=note,
                note_language="en",
                by=agent,
            )

    def _count(self, made: Consignment) -> None:
        """One carton is missing, a hundred masks got wet; the donor answers."""
        mask = self._lot("mask", "EX-M1", None)
        test = Lot.objects.get(number="EX-T1")
        posted = receiving.receive(
            consignment=made,
            key=f"example {made.reference} counted",
            happened_at=_ago(18),
            counts=[
                Counted(mask, 97_400, Outcome.ACCEPTED),
                Counted(mask, 100, Outcome.DAMAGED, remark="Wet through at one corner."),
                Counted(test, 2_000, Outcome.ACCEPTED),
            ],
            signatures=[
                _signed(Signature.Side.GIVER, "Demo donor's agent", 18),
                _signed(Signature.Side.RECEIVER, "Demo agency's officer", 18),
            ],
            note="Counted at the warehouse of the airport.",
            note_language="en",
            complete=True,
            by=self.people["agency"],
        )
        for case in posted.document.cases.filter(kind="missing"):
            cases.answer(
                case=case,
                text="Carton 17 was not loaded. It comes with the next flight.",
                language="en",
                by=self.people["donor"],
            )

    def _delivery(
        self, ward: Place, *, masks: int, tests: int, days: int, expected: int | None = None
    ) -> Consignment:
        """From the store to a ward, first expiry first."""
        agent = self.people["agency"]
        made = consignments.add_consignment(
            origin=self.store,
            destination=ward,
            expected_on=_ago(days - 1 if expected is None else expected).date(),
            is_example=True,
            by=agent,
        )
        boxes = []
        for number, (item, quantity) in enumerate((("mask", masks), ("test-kit", tests)), start=1):
            taken = first_expiry_first(
                self.store, self.items[item], quantity, on=timezone.now().date()
            )
            boxes.append(Contents(number, [(part.lot, part.quantity) for part in taken]))
        consignments.pack(consignment=made, boxes=boxes, by=agent)
        self._leave(made, agent, _ago(days), "Jakarta")
        return made

    def _receive_at_ward(self, made: Consignment) -> None:
        ward, keeper = made.destination, self.people["ward"]
        receiving.receive(
            consignment=made,
            key=f"example {made.reference} counted",
            happened_at=_ago(14),
            counts=[
                Counted(row.lot, row.quantity, Outcome.ACCEPTED)
                for row in consignments.on_the_way(made)
            ],
            signatures=[_signed(Signature.Side.RECEIVER, "Demo ward's storekeeper", 14)],
            complete=True,
            by=keeper,
        )
        for days, quantity in ((12, 1_100), (9, 1_250), (6, 1_300), (3, 1_150), (1, 1_200)):
            use(
                place=ward,
                item=self.items["mask"],
                quantity=quantity,
                key=f"example use {ward.code} {days}",
                happened_at=_ago(days),
                by=keeper,
            )


def _signed(side: Signature.Side, name: str, days: int) -> Signed:
    return Signed(side=side, name=name, signed_at=_ago(days))


def _ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)
