"""What the receiver counted, who signed, and the photos that go with it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Organisation
from medixchange.relief.models.consignments import Box
from medixchange.relief.models.ledger import Document, Lot


class Outcome(models.TextChoices):
    """How a line was found."""

    ACCEPTED = "accepted", _("accepted")
    DAMAGED = "damaged", _("damaged")
    #: Not there. No movement: it stays open in transit until a case ends it.
    MISSING = "missing", _("missing")
    #: Another item or lot than the packing list says; kept in quarantine.
    WRONG = "wrong", _("wrong item or lot")
    #: More than the packing list says; kept in quarantine.
    EXCESS = "excess", _("more than listed")
    #: Expired, recalled, or too warm on the way; kept in quarantine.
    QUARANTINED = "quarantined", _("in quarantine")


class Count(models.Model):
    """One counted line of a receipt or a proof of delivery. Never changed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="counts")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    box = models.ForeignKey(Box, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    quantity = models.PositiveBigIntegerField()
    remark = models.CharField(max_length=400, blank=True)
    remark_language = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_count_some"),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.quantity} {self.outcome}"


class Signature(models.Model):
    """One side's signature under a document. Never public, never changed."""

    class Side(models.TextChoices):
        GIVER = "giver", _("handed over by")
        RECEIVER = "receiver", _("received by")
        WITNESS = "witness", _("witness")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    name = models.CharField(_("name"), max_length=150)
    function = models.CharField(_("function"), max_length=150, blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Strokes as drawn: lists of [x, y] between 0 and 1000; empty where the name was typed.
    strokes = models.JSONField(default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    signed_at = models.DateTimeField()
    #: Whose account it was signed on.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "side"], name="relief_signature_side"),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.side}"


class Photo(models.Model):
    """A photo of goods or papers, re-encoded, without the camera's data; kept by its hash."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=300, blank=True)
    caption_language = models.CharField(max_length=10, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "sha256"], name="relief_photo_once"),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.sha256[:8]}"
