"""The item catalogue: what goods there are, how they are packed, and what a kit holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from medixchange.translation.models import Segment


class Unit(models.TextChoices):
    """The base unit an item is counted in. The ledger counts whole base units."""

    PIECE = "piece", _("piece")
    PAIR = "pair", _("pair")
    TEST = "test", _("test")
    KIT = "kit", _("kit")
    SET = "set", _("set")
    BOTTLE = "bottle", _("bottle")
    TABLET = "tablet", _("tablet")
    VIAL = "vial", _("vial")
    LITRE = "litre", _("litre")
    MILLILITRE = "millilitre", _("millilitre")
    KILOGRAM = "kilogram", _("kilogram")
    GRAM = "gram", _("gram")


class Item(models.Model):
    """A kind of goods. Its name is a segment, so that it is translated like any other text."""

    #: Short and stable, such as ``mask-surgical``; used in files and addresses.
    code = models.SlugField(_("code"), max_length=60, unique=True)
    name = models.ForeignKey(Segment, on_delete=models.PROTECT, related_name="+")
    unit = models.CharField(_("unit"), max_length=12, choices=Unit, default=Unit.PIECE)
    category = models.CharField(_("category"), max_length=60, blank=True)
    #: Of one base unit.
    weight_g = models.DecimalField(
        _("weight of one unit (g)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    volume_ml = models.DecimalField(
        _("volume of one unit (ml)"), max_digits=12, decimal_places=3, null=True, blank=True
    )
    #: Storage temperature in °C where goods must be kept cool.
    cold_min_c = models.DecimalField(
        _("coldest (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    cold_max_c = models.DecimalField(
        _("warmest (°C)"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    shelf_life_days = models.PositiveIntegerField(_("shelf life (days)"), null=True, blank=True)
    #: Lots of it carry an expiry date; a receipt without one is refused.
    expires = models.BooleanField(_("has an expiry date"), default=False)
    unspsc = models.CharField("UNSPSC", max_length=8, blank=True)
    gmdn = models.CharField("GMDN", max_length=5, blank=True)
    gtin = models.CharField("GTIN", max_length=14, blank=True)
    #: The list of essentials that names it, with the list's version.
    essential = models.CharField(_("named as essential by"), max_length=100, blank=True)
    is_current = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cold_min_c__isnull=True, cold_max_c__isnull=True)
                | models.Q(cold_min_c__lte=models.F("cold_max_c")),
                name="relief_item_cold_range",
            ),
            models.UniqueConstraint(
                fields=["gtin"], condition=~models.Q(gtin=""), name="relief_item_gtin_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_cold(self) -> bool:
        """Whether it must be kept within a range of temperature."""
        return self.cold_max_c is not None


class Pack(models.Model):
    """One level of an item's packing: so many base units in a box, a carton, a pallet."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="packs")
    name = models.CharField(_("name"), max_length=40)
    units = models.PositiveBigIntegerField(_("units in it"))
    gtin = models.CharField("GTIN", max_length=14, blank=True)
    gross_weight_g = models.PositiveBigIntegerField(null=True, blank=True)
    volume_ml = models.PositiveBigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("units",)
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="relief_pack_name"),
            models.UniqueConstraint(fields=["item", "units"], name="relief_pack_units"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="relief_pack_holds"),
            models.UniqueConstraint(
                fields=["gtin"], condition=~models.Q(gtin=""), name="relief_pack_gtin_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.units})"


class KitPart(models.Model):
    """How much of an item one kit holds."""

    kit = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="parts")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kit", "item"], name="relief_kitpart_once"),
            models.CheckConstraint(
                condition=~models.Q(kit=models.F("item")), name="relief_kitpart_not_itself"
            ),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="relief_kitpart_some"),
        ]

    def __str__(self) -> str:
        return f"{self.kit}: {self.quantity} {self.item}"
