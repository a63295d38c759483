"""Writes of the network: organisations, members and the roles between them."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from medixchange.core import audit, languages
from medixchange.network.models import Member, Membership, Organisation, Role, Verification


@transaction.atomic
def add_organisation(
    *, name: str, kind: str, country: str, by: Member | None, city: str = "", verified: bool = False
) -> Organisation:
    """Add an organisation. ``country`` is an ISO 3166-1 alpha-2 code."""
    organisation = Organisation(
        name=name,
        kind=kind,
        country=country.upper(),
        city=city,
        verification=Verification.VERIFIED if verified else Verification.UNVERIFIED,
    )
    organisation.full_clean()
    organisation.save()
    audit.record("organisation.added", organisation, by=by, name=name, verified=verified)
    return organisation


@transaction.atomic
def add_member(
    *,
    email: str,
    name: str,
    password: str | None,
    by: Member | None,
    reads: Iterable[str] = (),
    interface_language: str = "en",
    profession: str = "",
) -> Member:
    """Add a member whose address is taken as known. ``reads`` are BCP 47 tags, the best first."""
    member = Member.objects.create_user(
        email,
        password,
        name=name,
        profession=profession,
        reads=[languages.get(tag).tag for tag in reads],
        interface_language=interface_language,
    )
    audit.record("member.added", member, by=by)
    return member


@transaction.atomic
def give_role(
    *, member: Member, organisation: Organisation, role: Role, by: Member | None
) -> Membership:
    """Let a member hold a role in an organisation; does nothing where they hold it already."""
    membership, new = Membership.objects.get_or_create(
        member=member, organisation=organisation, role=role, ended_at=None
    )
    if new:
        audit.record("role.given", member, by=by, role=role.value, organisation=organisation.pk)
    member.__dict__.pop("current_memberships", None)
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: Member | None) -> None:
    """End a role from now on."""
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    audit.record(
        "role.ended",
        membership.member,
        by=by,
        role=membership.role,
        organisation=membership.organisation_id,
    )


def choose_language(*, member: Member, language: str) -> None:
    """Show a member the site in this language. Their own taste, so no audit line."""
    if member.interface_language != language:
        member.interface_language = language
        member.save(update_fields=["interface_language"])


@transaction.atomic
def confirm_address(*, member: Member) -> None:
    """Take a member's e-mail address as confirmed, as an operator may."""
    EmailAddress.objects.update_or_create(
        user=member, email=member.email, defaults={"verified": True, "primary": True}
    )
    audit.record("member.address_confirmed", member, by=None)
