"""Roles count only in verified organisations, and only while they last."""

import pytest
from django.db import IntegrityError, transaction

from medixchange.network import actions as network
from medixchange.network.models import Member, Membership, Role

pytestmark = pytest.mark.django_db


def again(member: Member) -> Member:
    """The member as another request reads them."""
    return Member.objects.get(pk=member.pk)


def test_a_role_in_an_unverified_organisation_gives_no_power(cast):
    who = cast.unverified_clinician
    assert who.roles() == set()
    assert who.roles(verified=False) == {Role.CLINICIAN}
    assert who.organisation_as(Role.CLINICIAN) is None


def test_a_role_counts_in_its_own_organisation_only(cast):
    assert cast.coordinator.holds(Role.COORDINATOR, cast.hospital)
    assert not cast.coordinator.holds(Role.COORDINATOR, cast.elsewhere)
    assert not cast.coordinator.holds(Role.CLINICIAN, cast.hospital)


def test_an_ended_role_gives_no_power_and_may_be_given_again(cast):
    held = Membership.objects.get(member=cast.clinician)
    network.end_role(membership=held, by=None)
    assert again(cast.clinician).roles() == set()
    network.give_role(
        member=cast.clinician, organisation=cast.hospital, role=Role.CLINICIAN, by=None
    )
    assert again(cast.clinician).roles() == {Role.CLINICIAN}


def test_giving_a_role_twice_gives_it_once(cast):
    network.give_role(
        member=cast.clinician, organisation=cast.hospital, role=Role.CLINICIAN, by=None
    )
    assert Membership.objects.filter(member=cast.clinician).count() == 1


def test_an_address_is_one_member_whatever_its_case(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(email="CLINICIAN@test.example", name="Other")


def test_the_database_knows_only_our_roles(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(member=cast.outsider, organisation=cast.hospital, role="king")
