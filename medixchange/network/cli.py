"""Commands for an operator: organisations and members."""

import click
from django.core.exceptions import ValidationError

from medixchange.core.commands import LanguageTag, Refused, as_json, emit, needs_database
from medixchange.network import actions
from medixchange.network.models import Kind, Member, Organisation, Role


def find_organisation(name: str) -> Organisation:
    """The organisation of a name; refuses with the known names."""
    found = Organisation.objects.filter(name__iexact=name).first()
    if found is None:
        known = ", ".join(Organisation.objects.values_list("name", flat=True)[:10]) or "none"
        raise Refused(f"There is no organisation “{name}”. Known: {known}.")
    return found


def find_member(email: str) -> Member:
    """The member of an address."""
    found = Member.objects.filter(email__iexact=email).first()
    if found is None:
        raise Refused(f"There is no member with the address {email}. Add one: member add.")
    return found


@click.group()
def organisation() -> None:
    """Organisations."""


@organisation.command("add")
@click.argument("name")
@click.option("--kind", type=click.Choice(Kind.values), required=True)
@click.option("--country", required=True, help="ISO 3166 code of two letters.")
@click.option("--city", default="")
@click.option("--verified", is_flag=True, help="The network vouches for it.")
@as_json
@needs_database
def add_organisation(
    name: str, kind: str, country: str, city: str, verified: bool, as_json: bool
) -> None:
    """Add an organisation."""
    try:
        row = actions.add_organisation(
            name=name, kind=kind, country=country, city=city, verified=verified, by=None
        )
    except ValidationError as error:
        raise Refused("; ".join(error.messages)) from error
    emit({"id": row.pk, "name": row.name}, as_json=as_json, words=f"Added {row.name}.")


@click.group()
def member() -> None:
    """Members and their roles."""


@member.command("add")
@click.argument("email")
@click.option("--name", required=True)
@click.option("--reads", multiple=True, type=LanguageTag(), help="A language read; repeat it.")
@click.password_option(help="Asked for where it is left out.")
@as_json
@needs_database
def add_member(email: str, name: str, reads: tuple[str, ...], password: str, as_json: bool) -> None:
    """Add a member."""
    if Member.objects.filter(email__iexact=email).exists():
        raise Refused(f"There is a member with the address {email} already.")
    row = actions.add_member(email=email, name=name, password=password, reads=reads, by=None)
    emit({"id": row.pk, "email": row.email}, as_json=as_json, words=f"Added {row.name}.")


@member.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(Role.values))
@click.option("--in", "organisation_name", required=True, help="Name of the organisation.")
@as_json
@needs_database
def give_role(email: str, role: str, organisation_name: str, as_json: bool) -> None:
    """Let a member hold a role in an organisation."""
    actions.give_role(
        member=find_member(email),
        organisation=find_organisation(organisation_name),
        role=Role(role),
        by=None,
    )
    emit({"email": email, "role": role}, as_json=as_json, words=f"{email} is {role} now.")
