"""Allocation runs: who gets how much of what is scarce, by which method, and who changed what."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from medixchange.relief.models.catalogue import Item
from medixchange.relief.models.places import Place
from medixchange.relief.states import RunState


class AllocationRun(models.Model):
    """One computation over the stock of a store and the needs of facilities."""

    reference = models.CharField(max_length=40, unique=True)
    #: The store whose goods are shared out.
    store = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="runs")
    #: ``proportional``, ``maxmin``, ``population`` or ``utility``.
    method = models.CharField(max_length=20)
    #: Reserve, floors, caps, packs, stages: all that went in beside needs and stock. JSON.
    parameters = models.JSONField(default=dict, blank=True)
    #: Needs and supply as they were when it ran, so that it can be checked for ever. JSON.
    inputs = models.JSONField(default=dict, blank=True)
    #: Figures of fairness of this and the other methods on the same inputs. JSON.
    figures = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # Four eyes: who made a plan does not approve it.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(made_by__isnull=True)
                | ~Q(approved_by=F("made_by")),
                name="relief_run_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.APPROVED, RunState.ISSUED])
                | Q(approved_at__isnull=False),
                name="relief_run_approved",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AllocationLine(models.Model):
    """What one facility gets of one item in a run."""

    run = models.ForeignKey(AllocationRun, on_delete=models.PROTECT, related_name="lines")
    facility = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    need = models.PositiveBigIntegerField()
    #: What the method gave, and what it is now; they differ where somebody changed it by hand.
    computed = models.PositiveBigIntegerField()
    quantity = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=400, blank=True)
    reason_language = models.CharField(max_length=10, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["run", "facility", "item"], name="relief_line_once"),
            # A cell that was changed by hand says why and by whom; others may follow from it.
            models.CheckConstraint(
                condition=Q(changed_by__isnull=True) | ~Q(reason=""), name="relief_line_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.facility} {self.quantity} {self.item}"
