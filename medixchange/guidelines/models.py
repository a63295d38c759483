"""Guidelines: a document in one source language, as revisions of ordered blocks."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.core.languages import Language
from medixchange.guidelines.documents.model import BlockKind
from medixchange.network.models import Organisation
from medixchange.translation.models import Segment


class Guideline(models.Model):
    """A clinical document that lives on through its revisions."""

    slug = models.SlugField(max_length=100, unique=True)
    #: BCP 47 tag of the language it is written in.
    language = models.CharField(max_length=10)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="guidelines")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.slug

    @property
    def source_language(self) -> Language:
        """The language it is written in."""
        return languages.get(self.language)


class Revision(models.Model):
    """One state of the whole document. Its blocks never change; a change is a new revision."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    #: The file it came from: name, and SHA-256 under which the original is kept.
    file_name = models.CharField(max_length=200, blank=True)
    file_sha256 = models.CharField(max_length=64, blank=True)
    #: What of the file could not be taken: objects with ``what``, ``where``, ``remedy``.
    untaken = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guideline", "number"], name="guidelines_revision_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guideline} {self.number}"


class Picture(models.Model):
    """An image of a guideline, re-encoded on import, kept in the media folder by its hash."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    alt = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["guideline", "sha256"], name="guidelines_picture_once"),
        ]

    def __str__(self) -> str:
        return self.alt or self.sha256[:12]


class Block(models.Model):
    """One block of a revision. Its words are its passages' segments."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="blocks")
    position = models.PositiveIntegerField()
    #: Stays the same over the revisions for what is the same block.
    identity = models.UUIDField(default=uuid.uuid4)
    kind = models.CharField(max_length=12, choices=[(k.value, k.value) for k in BlockKind])
    level = models.PositiveSmallIntegerField(default=0)
    ordered = models.BooleanField(default=False)
    number = models.PositiveIntegerField(default=0)
    continued = models.BooleanField(default=False)
    label = models.CharField(max_length=50, blank=True)
    anchor = models.CharField(max_length=100, blank=True)
    picture = models.ForeignKey(
        Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: Of a table: rows of ``[header, rowspan, colspan]``, cells numbered from 1 in reading order.
    layout = models.JSONField(default=list, blank=True)
    #: By cell: what the numbered tags of its text stand for, ``[number, kind, target]`` each.
    inline = models.JSONField(default=dict, blank=True)
    #: By cell: text of tags alone, such as one picture, which has no segments.
    bare = models.JSONField(default=dict, blank=True)
    #: Of a verbatim block: its text, which is never translated.
    verbatim = models.TextField(blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="guidelines_block_position"
            ),
            models.UniqueConstraint(
                fields=["revision", "identity"], name="guidelines_block_identity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}:{self.position} {self.kind}"


class Passage(models.Model):
    """A segment's place in a block: which cell, which order, what stands around it."""

    block = models.ForeignKey(Block, on_delete=models.PROTECT, related_name="passages")
    #: 0 for the block's own text (a table's or figure's caption), else the cell's number.
    cell = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField()
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="passages")
    #: As ``segmentation.Cut`` has them: the white space after the segment, and the block's number
    #: for each of its tags.
    joiner = models.TextField(blank=True)
    numbers = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("block__position", "cell", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["block", "cell", "position"], name="guidelines_passage_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.block_id}/{self.cell}/{self.position}"


class Edition(models.Model):
    """A guideline published in one language: from then on anybody may read it there."""

    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="editions")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="editions")
    language = models.CharField(_("language"), max_length=10)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guideline", "language"],
                condition=models.Q(withdrawn_at=None),
                name="guidelines_one_edition",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guideline} {self.language}"
