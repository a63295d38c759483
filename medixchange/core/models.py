"""The audit trail's rows. How they are written and checked: ``audit``."""

from typing import ClassVar

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One line of the audit trail; the database refuses to change or delete it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    origin = models.CharField(max_length=100)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    details = models.JSONField(default=dict)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["subject", "sequence"])]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"


class AuditHead(models.Model):
    """The one row that holds the end of the trail; made by a migration."""

    ONLY: ClassVar[int] = 1

    sequence = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_one_audit_head"),
        ]

    def __str__(self) -> str:
        return f"head at {self.sequence}"


class Touched(models.Model):
    """A note that a unit of something searchable has changed and the index has yet to take it in.

    Written in the transaction of the change by ``searchable.touched``, taken away by search.
    """

    kind = models.CharField(max_length=30)
    unit = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "unit"], name="core_touched_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit}"
