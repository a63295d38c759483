"""Organisations, members, and the roles members hold in organisations."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from medixchange.core import languages

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Kind(models.TextChoices):
    """What an organisation is."""

    HOSPITAL = "hospital", _("Hospital")
    TASK_FORCE = "task_force", _("Task force")
    UNIVERSITY = "university", _("University")
    AGENCY = "agency", _("National agency")
    FOUNDATION = "foundation", _("Foundation")
    CARRIER = "carrier", _("Carrier")


class Verification(models.TextChoices):
    """How far the network vouches for an organisation."""

    UNVERIFIED = "unverified", _("Not verified")
    VERIFIED = "verified", _("Verified")
    REVOKED = "revoked", _("Revoked")


class Role(models.TextChoices):
    """What a member may act as, within an organisation."""

    CLINICIAN = "clinician", _("Clinician")
    TRANSLATOR = "translator", _("Translator")
    REVIEWER = "reviewer", _("Language reviewer")
    COORDINATOR = "coordinator", _("Coordinator")
    LOGISTICS = "logistics", _("Logistics officer")
    STAFF = "staff", _("Platform staff")


class Organisation(models.Model):
    """A hospital, task force, university, agency, foundation or carrier."""

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166 code"))
    city = models.CharField(_("city"), max_length=100, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    verification = models.CharField(
        max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "country", name="network_organisation_once_per_country"
            ),
            models.CheckConstraint(
                condition=models.Q(verification__in=Verification.values),
                name="network_organisation_verification",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_verified(self) -> bool:
        return self.verification == Verification.VERIFIED


class MemberManager(BaseUserManager["Member"]):
    """Makes members; e-mail addresses are unique whatever their case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Member":
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def get_by_natural_key(self, username: str | None) -> "Member":
        return self.get(email__iexact=username)


class Member(AbstractBaseUser):
    """A person who signs in. Powers come from memberships, never from the person alone."""

    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=150)
    profession = models.CharField(_("profession"), max_length=100, blank=True)
    #: BCP 47 tags of the languages the member reads, the best first.
    reads = models.JSONField(_("languages read"), default=list, blank=True)
    interface_language = models.CharField(
        _("language of the interface"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    memberships: "RelatedManager[Membership]"

    objects: ClassVar[MemberManager] = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="network_member_email_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_memberships(self) -> "list[Membership]":
        """Memberships that have not ended, each with its organisation; read once per request."""
        return list(self.memberships.filter(ended_at=None).select_related("organisation"))

    def roles(self, *, verified: bool = True) -> set[Role]:
        """The roles held, by default only those in verified organisations."""
        return {
            Role(held.role)
            for held in self.current_memberships
            if held.organisation.is_verified or not verified
        }

    def organisation_as(self, role: Role) -> Organisation | None:
        """The verified organisation in which the member holds a role, the longest held first."""
        for held in self.current_memberships:
            if held.role == role and held.organisation.is_verified:
                return held.organisation
        return None

    def holds(self, role: Role, organisation: Organisation) -> bool:
        """Whether the member holds a role in this organisation, which must be verified."""
        return any(
            held.role == role
            and held.organisation_id == organisation.pk
            and held.organisation.is_verified
            for held in self.current_memberships
        )

    def reads_languages(self) -> list[languages.Language]:
        """The languages read, the best first."""
        return [languages.get(tag) for tag in self.reads]


class Membership(models.Model):
    """One role that a member holds in an organisation, from a day until it ends."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("since", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organisation", "role"],
                condition=models.Q(ended_at=None),
                name="network_membership_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="network_membership_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.get_role_display()} · {self.organisation}"
