"""Discrepancy cases: what did not arrive as listed, from finding to settlement."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medixchange.relief.models.consignments import Consignment
from medixchange.relief.models.ledger import Document, Lot
from medixchange.relief.states import CaseState


class CaseKind(models.TextChoices):
    """What is the matter."""

    MISSING = "missing", _("missing")
    DAMAGED = "damaged", _("damaged")
    WRONG = "wrong", _("wrong item or lot")
    EXCESS = "excess", _("more than listed")
    QUARANTINED = "quarantined", _("in quarantine")


class Remedy(models.TextChoices):
    """How a case ended."""

    #: Missing goods came after all.
    FOUND = "found", _("found")
    #: Missing goods are given up: the ledger says lost.
    WRITTEN_OFF = "written_off", _("written off")
    #: Damaged goods stay damaged; nobody owes anything.
    NOTED = "noted", _("noted")
    #: Quarantined goods are taken into stock.
    TAKEN_OVER = "taken_over", _("taken into stock")
    #: Quarantined goods are destroyed: the ledger says damaged.
    DESTROYED = "destroyed", _("destroyed")
    #: Quarantined goods go back where they came from.
    RETURNED = "returned", _("returned")


class Case(models.Model):
    """A discrepancy of one lot of one receipt."""

    reference = models.CharField(max_length=40, unique=True)
    consignment = models.ForeignKey(Consignment, on_delete=models.PROTECT, related_name="cases")
    #: The receipt that found it.
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="cases")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=CaseKind)
    quantity = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    remedy = models.CharField(max_length=12, choices=Remedy, blank=True)
    #: The document that settled it, where goods moved.
    settled_by = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_case_some"),
            models.CheckConstraint(
                condition=Q(state=CaseState.RESOLVED) & ~Q(remedy="")
                | ~Q(state=CaseState.RESOLVED) & Q(remedy=""),
                name="relief_case_remedy",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CaseEvent(models.Model):
    """One thing said or done in a case, in the language of who wrote it. Never changed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    state = models.CharField(max_length=10, choices=CaseState)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case}: {self.state}"
