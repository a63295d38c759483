"""Consignments: goods that travel together, their boxes, and the stages of their way."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Organisation
from medixchange.relief.models.allocating import AllocationRun
from medixchange.relief.models.giving import Pledge
from medixchange.relief.models.places import Place
from medixchange.relief.states import ConsignmentState


class Consignment(models.Model):
    """Goods that travel together from one place to another."""

    #: For people and labels: ``C-2026-00007``.
    reference = models.CharField(max_length=40, unique=True)
    origin = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    destination = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="consignments"
    )
    run = models.ForeignKey(
        AllocationRun, on_delete=models.PROTECT, null=True, blank=True, related_name="consignments"
    )
    carrier = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Air waybill, plate or the like.
    transport_reference = models.CharField(_("waybill or plate"), max_length=60, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    state = models.CharField(
        max_length=14, choices=ConsignmentState, default=ConsignmentState.DRAFT
    )
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)
    is_example = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["destination", "state"], name="relief_consignment_to"),
            models.Index(fields=["origin", "state"], name="relief_consignment_from"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="relief_consignment_moves"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_international(self) -> bool:
        """Whether it crosses a border, and so lands and passes customs."""
        return self.origin.country != self.destination.country


class Box(models.Model):
    """One box of a packing list."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="boxes")
    #: As written on it, from 1.
    number = models.PositiveIntegerField(_("box"))
    #: GS1 serial shipping container code, 18 digits.
    sscc = models.CharField("SSCC", max_length=18, blank=True)
    gross_weight_g = models.PositiveBigIntegerField(_("gross weight (g)"), null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["consignment", "number"], name="relief_box_number"),
            models.UniqueConstraint(
                fields=["sscc"], condition=~Q(sscc=""), name="relief_box_sscc_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consignment} {self.number}"


class Packed(models.Model):
    """So much of a lot in a box."""

    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="contents")
    lot = models.ForeignKey("relief.Lot", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["box", "lot"], name="relief_packed_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_packed_some"),
        ]

    def __str__(self) -> str:
        return f"{self.box}: {self.quantity} {self.lot_id}"


class StageKind(models.TextChoices):
    """An event of the way."""

    DEPARTED = "departed", _("departed")
    ARRIVED = "arrived", _("arrived")
    HELD = "held", _("held by customs")
    RELEASED = "released", _("released by customs")
    IN_TRANSPORT = "in_transport", _("in transport within the country")
    HANDED_OVER = "handed_over", _("handed over")
    RECEIVED = "received", _("received")


class Stage(models.Model):
    """One event of a consignment's way. Never changed: a wrong one is followed by a right one."""

    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="stages")
    kind = models.CharField(max_length=14, choices=StageKind)
    happened_at = models.DateTimeField()
    #: Where, in the words of who recorded it, such as an airport's name.
    location = models.CharField(_("where"), max_length=200, blank=True)
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)
    #: Highest temperature measured on the way, for goods that must be kept cool.
    temperature_c = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    source_url = models.URLField(max_length=300, blank=True)
    document = models.ForeignKey(
        "relief.Document", on_delete=models.PROTECT, null=True, blank=True, related_name="stages"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("happened_at", "pk")

    def __str__(self) -> str:
        return f"{self.consignment}: {self.kind}"
