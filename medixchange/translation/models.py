"""Segments, their translations, and the glossary."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from medixchange.network.models import Organisation
from medixchange.translation.states import Origin, Status


class Segment(models.Model):
    """The smallest text that is translated, known by the hash of its language and text."""

    key = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["language", "id"])]

    def __str__(self) -> str:
        return self.text


class Translation(models.Model):
    """One wording of a segment in another language, with all that its reader must know of it.

    The wording of a row changes only while it is its author's draft. Everything later is a new row,
    so what was approved stays as it was approved.
    """

    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="translations")
    language = models.CharField(max_length=10)
    text = models.TextField()
    status = models.CharField(max_length=12, choices=Status)

    origin = models.CharField(max_length=10, choices=Origin)
    #: Name and version of the engine, or name of the imported memory.
    origin_name = models.CharField(max_length=150, blank=True)
    #: The row whose wording this one started from.
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    #: Findings of the checks as stored by ``findings.store``.
    findings = models.JSONField(default=list, blank=True)
    #: A hard finding stands and nobody has overridden it: readers are not shown this wording.
    blocked = models.BooleanField(default=False)

    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_for = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    #: Why a clinician signed although a hard finding stood.
    override_reason = models.TextField(blank=True)
    return_reason = models.TextField(blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["segment", "language", "status"]),
            models.Index(fields=["language", "status"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "language"],
                condition=Q(status=Status.APPROVED),
                name="translation_one_approved",
            ),
            models.UniqueConstraint(
                fields=["segment", "language", "author"],
                condition=Q(status=Status.DRAFT),
                name="translation_one_draft_each",
            ),
            models.UniqueConstraint(
                fields=["segment", "language", "origin", "origin_name"],
                condition=Q(status=Status.MACHINE),
                name="translation_one_of_each_machine",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="translation_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED, Status.SUPERSEDED])
                | Q(signed_by__isnull=False, signed_for__isnull=False, signed_at__isnull=False),
                name="translation_approved_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.RETURNED)
                | (Q(returned_by__isnull=False) & ~Q(return_reason="")),
                name="translation_returned_has_reason",
            ),
            # Four eyes: who wrote it does not sign it.
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True)
                | Q(author__isnull=True)
                | ~Q(signed_by=models.F("author")),
                name="translation_not_signed_by_author",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | ~Q(origin=Origin.PERSON),
                name="translation_has_author",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class GlossaryTerm(models.Model):
    """A term of a language with its agreed renderings in another."""

    source_language = models.CharField(max_length=10)
    target_language = models.CharField(max_length=10)
    term = models.CharField(max_length=200)
    #: Case-folded, for look-up.
    folded = models.CharField(max_length=200)
    rendering = models.CharField(max_length=300)
    #: Where the pair was taken from, for who wants to judge it.
    source_name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_language", "target_language", "folded", "rendering"],
                name="translation_term_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.rendering}"
