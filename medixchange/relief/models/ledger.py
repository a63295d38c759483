"""The ledger: documents, their movements, and the sums the database itself keeps of them.

A movement is one line: so much of a lot from one place to another, so every document sums to zero
for each item and lot by its form. The database refuses to change or delete documents and movements
and to bring a place below zero (see migration 0002); ``Balance`` and ``Flow`` are written by its
triggers alone and can be made anew from the movements.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Organisation
from medixchange.relief.models.catalogue import Item
from medixchange.relief.models.consignments import Consignment
from medixchange.relief.models.places import Place


class Lot(models.Model):
    """Goods of one item, of one manufacturing lot, as one giver brought them."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="lots")
    #: As printed on the box; empty for goods that carry none.
    number = models.CharField(_("lot"), max_length=40, blank=True)
    #: The donor account it came from, so that every figure can be told by donor.
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    #: Named in a recall: may not be given out or used until the recall is lifted.
    recalled_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("item_id", "expires_on", "number")
        indexes = [models.Index(fields=["number"], name="relief_lot_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "source", "number"], name="relief_lot_once_per_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.number}".strip()

    def has_expired(self, on: date) -> bool:
        """Whether its expiry date lies before a day; what has none never expires."""
        return self.expires_on is not None and self.expires_on < on

    def is_unfit(self, on: date) -> bool:
        """Whether it may not be given out or used on a day: recalled, or expired before it."""
        return self.recalled_at is not None or self.has_expired(on)


class DocumentKind(models.TextChoices):
    """What happened to the goods."""

    DISPATCH = "dispatch", _("dispatch note")
    ARRIVAL = "arrival", _("arrival note")
    RECEIPT = "receipt", _("goods received note")
    DELIVERY = "delivery", _("proof of delivery")
    USE = "use", _("use")
    WRITE_OFF = "write_off", _("write-off")
    QUARANTINE = "quarantine", _("quarantine")
    RELEASE = "release", _("release from quarantine")
    #: A stock count that differs from the ledger.
    COUNT = "count", _("stock count")
    #: What a discrepancy case ends with.
    SETTLEMENT = "settlement", _("settlement of a case")
    #: Stock that was there before the ledger began.
    OPENING = "opening", _("opening stock")
    REVERSAL = "reversal", _("reversal")


#: How the numbers of documents begin.
PREFIXES = {
    DocumentKind.DISPATCH: "DN",
    DocumentKind.ARRIVAL: "AN",
    DocumentKind.RECEIPT: "GRN",
    DocumentKind.DELIVERY: "POD",
    DocumentKind.USE: "USE",
    DocumentKind.WRITE_OFF: "WO",
    DocumentKind.QUARANTINE: "QU",
    DocumentKind.RELEASE: "QR",
    DocumentKind.COUNT: "SC",
    DocumentKind.SETTLEMENT: "ST",
    DocumentKind.OPENING: "OS",
    DocumentKind.REVERSAL: "RV",
}


class Document(models.Model):
    """Why goods moved. Posted once, never changed; corrected by a reversal and a new document."""

    #: Chosen by who posts it, so that the same document sent twice is posted once.
    key = models.CharField(max_length=80, unique=True)
    #: For people, without gaps within kind and year: ``GRN-2026-00012``.
    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=DocumentKind)
    #: SHA-256 of what was posted: the same key with other content is refused.
    fingerprint = models.CharField(max_length=64)
    #: When it happened, as who posted it says (a phone's clock is put right by the difference
    #: between what it said at the moment of sending and the server's).
    happened_at = models.DateTimeField()
    #: The day it counts under in figures: of ``happened_at``, in UTC.
    day = models.DateField()
    posted_at = models.DateTimeField(auto_now_add=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: For whom it was posted.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consignment = models.ForeignKey(
        Consignment, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    #: Why, in the language it was written in; compulsory for write-offs, counts and reversals.
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)
    #: What else belongs to it and is no movement, such as a clock's error in seconds. JSON.
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["kind", "day"], name="relief_document_kind_day"),
            models.Index(fields=["day"], name="relief_document_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.REVERSAL, reverses__isnull=False)
                | (~Q(kind=DocumentKind.REVERSAL) & Q(reverses__isnull=True)),
                name="relief_document_reversal",
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[DocumentKind.WRITE_OFF, DocumentKind.COUNT, DocumentKind.REVERSAL],
                    note="",
                ),
                name="relief_document_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Movement(models.Model):
    """So much of a lot from one place to another."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="movements")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="movements")
    #: In the item's base unit.
    quantity = models.PositiveBigIntegerField()
    from_place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    to_place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["from_place", "id"], name="relief_movement_from"),
            models.Index(fields=["to_place", "id"], name="relief_movement_to"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_movement_some"),
            models.CheckConstraint(
                condition=~Q(from_place=F("to_place")), name="relief_movement_moves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.lot_id}: {self.from_place_id} -> {self.to_place_id}"


class Balance(models.Model):
    """What lies at a place of a lot: the sum of its movements, kept by the database's triggers."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="balances")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="balances")
    quantity = models.BigIntegerField()
    may_go_below = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "lot"], name="relief_balance_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=0) | Q(may_go_below=True),
                name="relief_balance_not_below_zero",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.lot_id}: {self.quantity}"


#: Stands for the other end of goods that go from one country to another, neither end a donor's.
ABROAD = "abroad"


class Flow(models.Model):
    """How much of an item moved between two kinds of places, by donor, country and week; kept by
    the database's triggers, as the view ``relief_way`` says (migration 0002).

    A reversal takes away from the flow it reverses; a flow the other way is a return. Read it
    through ``queries/figures.py``.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    #: The country of where the goods went; of where they came from when they went back to a donor.
    #: Goods that cross a border are two flows: out of one country, and into the other.
    country = models.CharField(max_length=2)
    #: A ``PlaceKind``, or ``ABROAD``.
    from_kind = models.CharField(max_length=12)
    to_kind = models.CharField(max_length=12)
    #: The Monday of the week.
    week = models.DateField()
    quantity = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["country", "week"], name="relief_flow_country_week")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "source", "country", "from_kind", "to_kind", "week"],
                name="relief_flow_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.from_kind} -> {self.to_kind} {self.week}: {self.quantity}"


class FlowTotal(models.Model):
    """Flows added up over what a question does not ask for, so that a public figure reads some
    thousand rows however many flows there are. Kept by the same triggers."""

    #: What it is told by, such as ``item country``. The other columns hold 0, "" or ``date.min``.
    dimensions = models.CharField(max_length=20)
    #: Keys of the item and the donor account. The sums name no row, so they bind none.
    item = models.PositiveBigIntegerField()
    source = models.PositiveBigIntegerField()
    country = models.CharField(max_length=2)
    from_kind = models.CharField(max_length=12)
    to_kind = models.CharField(max_length=12)
    week = models.DateField()
    quantity = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dimensions", "week", "item", "source", "country", "from_kind", "to_kind"],
                name="relief_flow_total_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dimensions}: {self.from_kind} -> {self.to_kind} {self.quantity}"


class Numbering(models.Model):
    """The last number given out in a series, such as ``GRN-2026``."""

    series = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}: {self.last}"
