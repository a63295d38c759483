"""Places: the accounts of the ledger."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from medixchange.network.models import Organisation


class PlaceKind(models.TextChoices):
    """What an account stands for. What a figure counts follows from the kinds it lies between."""

    #: Where goods come from. Goes below zero: minus what was given so far.
    DONOR = "donor", _("donor")
    #: Of one consignment, between countries.
    TRANSIT = "transit", _("on the way")
    #: Of one consignment, landed but not handed over.
    CUSTOMS = "customs", _("landed, at customs")
    #: Of one consignment, within a country.
    TRANSPORT = "transport", _("in transport within the country")
    STORE = "store", _("agency store")
    FACILITY = "facility", _("facility")
    #: Goods at a store or facility that nobody may use until somebody has decided.
    QUARANTINE = "quarantine", _("quarantine")
    USED = "used", _("used")
    DAMAGED = "damaged", _("damaged")
    LOST = "lost", _("lost")
    #: The other side of a stock count that found more or less than the ledger. May go below zero.
    CORRECTION = "correction", _("count correction")


#: Accounts the database lets go below zero.
MAY_GO_BELOW = (PlaceKind.DONOR, PlaceKind.CORRECTION)
#: Accounts that belong to a consignment, and to a store or facility.
OF_CONSIGNMENT = (PlaceKind.TRANSIT, PlaceKind.CUSTOMS, PlaceKind.TRANSPORT)
OF_PLACE = (
    PlaceKind.QUARANTINE,
    PlaceKind.USED,
    PlaceKind.DAMAGED,
    PlaceKind.LOST,
    PlaceKind.CORRECTION,
)
#: Accounts with a door: goods are really there, and somebody answers for them.
WITH_A_DOOR = (PlaceKind.DONOR, PlaceKind.STORE, PlaceKind.FACILITY)


class Place(models.Model):
    """An account of goods. Its kind and what it belongs to never change: the database refuses."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=PlaceKind)
    #: Who answers for it; None for a facility that was imported and has no organisation here yet.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    #: The store or facility that a quarantine, used, damaged, lost or correction account is of.
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="accounts"
    )
    consignment = models.ForeignKey(
        "relief.Consignment", on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    #: ISO 3166-1 alpha-2. Of a transit account: the country the goods are for.
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=100, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    #: IANA name of its time zone, such as ``Asia/Jakarta``.
    time_zone = models.CharField(max_length=50, default="UTC")
    #: People it serves, for allocation by population.
    population = models.PositiveBigIntegerField(null=True, blank=True)
    #: GS1 company prefix of who sends from here, for SSCCs of its boxes.
    gs1_prefix = models.CharField(_("GS1 company prefix"), max_length=12, blank=True)
    #: Its name and stock stay out of every public page; only sums over its country are shown.
    is_restricted = models.BooleanField(_("restricted"), default=False)
    #: Made up. What came from a donor account of examples is told apart from what happened.
    is_example = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        indexes = [models.Index(fields=["kind", "country"], name="relief_place_kind_country")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=PlaceKind.values), name="relief_place_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_CONSIGNMENT, consignment__isnull=False)
                | (~Q(kind__in=OF_CONSIGNMENT) & Q(consignment__isnull=True)),
                name="relief_place_of_consignment",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_PLACE, parent__isnull=False)
                | (~Q(kind__in=OF_PLACE) & Q(parent__isnull=True)),
                name="relief_place_of_place",
            ),
            models.UniqueConstraint(
                fields=["consignment", "kind"], name="relief_place_consignment_once"
            ),
            models.UniqueConstraint(fields=["parent", "kind"], name="relief_place_parent_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def owner(self) -> "Place":
        """The place with a door that this account is of; itself where it has one."""
        return self.parent or self
