"""What the index holds: passages, the vectors of their meaning, and how far all of it has come.

The database is the truth of the index. Files beside it are made from these rows and can be made
anew at any time.
"""

from django.db import models
from django.db.models import Q


class Head(models.Model):
    """The one row that taking in holds while it writes, so that versions become visible in order.

    ``version`` is the newest version given to a passage. Passages that are gone stay as rows so
    that every index sees it; ``forgotten`` is the newest version of those taken away since. An
    index that is older than that has missed something and is made anew.
    """

    version = models.PositiveBigIntegerField(default=0)
    forgotten = models.PositiveBigIntegerField(default=0)
    #: Kinds of sources that were asked for all their units once; a new one is asked at once.
    kinds = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"version {self.version}"


class Passage(models.Model):
    """One passage in one language, as its source said it (``core.searchable.Said``)."""

    kind = models.CharField(max_length=30)
    unit = models.CharField(max_length=200)
    place = models.CharField(max_length=200)
    language = models.CharField(max_length=10)
    text = models.TextField()
    heading = models.TextField(blank=True)
    audience = models.CharField(max_length=100)
    state = models.CharField(max_length=12)
    is_evidence = models.BooleanField(default=False)
    source_changed = models.BooleanField(default=False)
    country = models.CharField(max_length=2, blank=True)
    #: The language it was said in first.
    said_in = models.CharField(max_length=10)
    topics = models.JSONField(default=list, blank=True)
    said_at = models.DateTimeField()
    #: SHA-256 of the text whose meaning is worked out.
    key = models.CharField(max_length=64)
    #: The engine whose vector of the text is there; empty while none is.
    embedded_by = models.CharField(max_length=100, blank=True)
    #: The number of its last change; no two changes of any passage have the same.
    version = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField(auto_now=True)
    #: It is not to be found any more; its words are gone.
    gone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "place", "language"], name="search_passage_once"
            ),
        ]
        indexes = [
            models.Index(fields=["version"], name="search_passage_version"),
            models.Index(fields=["kind", "unit"], name="search_passage_unit"),
            models.Index(fields=["key"], name="search_passage_key"),
            models.Index(
                fields=["embedded_by", "id"],
                condition=Q(gone=False),
                name="search_passage_embedded",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.place} {self.language}"


class Vector(models.Model):
    """The meaning of a text as an engine sees it, worked out once."""

    #: As ``Passage.key``.
    key = models.CharField(max_length=64)
    engine = models.CharField(max_length=100)
    #: Signed bytes, one for each dimension; the vector is these times ``scale``.
    numbers = models.BinaryField()
    scale = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engine", "key"], name="search_vector_once"),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.key[:12]}"


class Stuck(models.Model):
    """A unit, or note of a segment, that could not be taken in; tried again at ``retry_at``."""

    kind = models.CharField(max_length=30)
    unit = models.CharField(max_length=200)
    tries = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=300)
    since = models.DateTimeField(auto_now_add=True)
    retry_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "unit"], name="search_stuck_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit}: {self.problem}"
