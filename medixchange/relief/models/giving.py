"""Needs and pledges: what facilities ask for, and what donors promise."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medixchange.relief.models.catalogue import Item
from medixchange.relief.models.places import Place
from medixchange.relief.states import NeedState, PledgeState


class Need(models.Model):
    """What a facility asks for. A new statement replaces the one before; none is changed."""

    class Basis(models.TextChoices):
        STATED = "stated", _("stated by the facility")
        COMPUTED = "computed", _("computed from caseload")

    facility = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="needs")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    by_when = models.DateField(_("needed by"))
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.STATED)
    #: How it was computed: rates, drivers, days, as the forecast gives them. JSON.
    working = models.JSONField(default=dict, blank=True)
    #: Units a day that the facility uses, where it knows.
    daily_use = models.PositiveBigIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPEN)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaces"
    )
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("by_when", "pk")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_need_some"),
            models.UniqueConstraint(
                fields=["facility", "item"],
                condition=Q(state=NeedState.OPEN),
                name="relief_need_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility}: {self.quantity} {self.item}"


class Pledge(models.Model):
    """A donor's promise."""

    reference = models.CharField(max_length=40, unique=True)
    #: The account goods will come from.
    donor = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="pledges")
    announced_on = models.DateField(_("announced"))
    #: Where it was published, so that anybody can check.
    source_url = models.URLField(_("published at"), max_length=300, blank=True)
    note = models.TextField(blank=True)
    note_language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, choices=PledgeState, default=PledgeState.ANNOUNCED)
    #: A made-up example and no record of anything that happened: every page says so.
    is_example = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-announced_on", "-pk")

    def __str__(self) -> str:
        return self.reference


class PledgeLine(models.Model):
    """So much of one item, promised to one country or to several together."""

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField(_("quantity"))
    #: The words of the publication where they name a region and no countries.
    region = models.CharField(_("region"), max_length=100, blank=True)
    #: Recipients and progress as published: claims, not entries of the ledger.
    recipient_as_published = models.CharField(max_length=400, blank=True)
    progress_as_published = models.CharField(max_length=200, blank=True)
    #: SHA-256 of the file it was read from, the row, and its place in the row; so that the same
    #: file read again adds nothing.
    imported_from = models.CharField(max_length=90, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="relief_pledgeline_some"),
            models.UniqueConstraint(
                fields=["imported_from"],
                condition=~Q(imported_from=""),
                name="relief_pledgeline_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pledge}: {self.quantity} {self.item}"


class PledgeSplit(models.Model):
    """A country a line is for, and its part; None while the split is open."""

    line = models.ForeignKey(PledgeLine, on_delete=models.PROTECT, related_name="splits")
    country = models.CharField(_("country"), max_length=2)
    quantity = models.PositiveBigIntegerField(_("quantity"), null=True, blank=True)

    class Meta:
        ordering = ("country",)
        constraints = [
            models.UniqueConstraint(fields=["line", "country"], name="relief_split_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.country} {self.quantity}"


class ToSettle(models.Model):
    """A row of a published list of donations that says too little, or too much, to be a pledge as
    it stands. It waits for a person."""

    file_name = models.CharField(max_length=200)
    #: SHA-256, in hex, of the file.
    file_sha256 = models.CharField(max_length=64)
    #: As a spreadsheet program counts them.
    row = models.PositiveIntegerField()
    #: The cells as published.
    text = models.TextField()
    #: What is to be settled: findings with ``what``, ``where``, ``remedy``. JSON.
    reasons = models.JSONField(default=list)
    #: What could be read of it. JSON, as ``interchange.donations.Line.as_json`` gives it.
    lines = models.JSONField(default=list)
    donor = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    announced_on = models.DateField()
    source_url = models.URLField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: The pledge it became, or was added to.
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="settled"
    )
    #: Why it became none.
    set_aside = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=["donor", "settled_at"], name="relief_tosettle_open")]
        constraints = [
            models.UniqueConstraint(fields=["file_sha256", "row"], name="relief_tosettle_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, pledge__isnull=True, set_aside="")
                | Q(settled_at__isnull=False, pledge__isnull=False, set_aside="")
                | (Q(settled_at__isnull=False, pledge__isnull=True) & ~Q(set_aside="")),
                name="relief_tosettle_settled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.row}"
