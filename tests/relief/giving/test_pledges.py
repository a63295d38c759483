"""Pledges: from promise to fulfilment, and what is said of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.network import actions as network
from medixchange.network.models import Kind, Role
from medixchange.relief import rules
from medixchange.relief.actions import catalogue, consignments, giving, ledger
from medixchange.relief.actions.giving import Promised
from medixchange.relief.models import Pledge, PledgeLine, PledgeSplit
from medixchange.relief.queries import giving as queries
from medixchange.relief.refusals import Refused
from medixchange.relief.states import PledgeState, TransitionRefused

ASEAN = {"ID": None, "MY": None, "PH": None, "TH": None}


def problems_of(function, **arguments):
    """The (where, code) pairs of a refusal."""
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    return [(problem.where, problem.code) for problem in refusal.value.problems]


def splits_of(pledge):
    return list(PledgeSplit.objects.filter(line__pledge=pledge).values_list("country", "quantity"))


def test_a_pledge_to_several_countries_keeps_the_split_open(relief, promise):
    pledge = promise(relief.mask, 2_000_000, ASEAN, source_url="https://example.org/news")
    assert pledge.reference == f"P-{timezone.now().year}-00001"
    assert (pledge.state, pledge.created_by) == (PledgeState.ANNOUNCED, relief.giver)
    assert splits_of(pledge) == [("ID", None), ("MY", None), ("PH", None), ("TH", None)]
    entry = AuditEntry.objects.get(action="pledge.added")
    assert entry.details["lines"] == [
        {"item": "mask", "quantity": 2_000_000, "countries": ASEAN, "region": ""}
    ]


def test_three_letter_codes_are_taken_and_kept_as_two(relief, promise):
    assert splits_of(promise(relief.mask, 10, {"IDN": 4, "mys": 6})) == [("ID", 4), ("MY", 6)]


@pytest.mark.parametrize(
    ("quantity", "countries", "expected"),
    [
        (0, {"ID": None}, ("lines.0.quantity", "quantity")),
        (-5, {"ID": None}, ("lines.0.quantity", "quantity")),
        (ledger.LARGEST + 1, {"ID": None}, ("lines.0.quantity", "quantity")),
        (10, {"XX": None}, ("lines.0.countries", "country")),
        (10, {"ID": -1}, ("lines.0.countries", "quantity")),
        (10, {"ID": 6, "MY": 5}, ("lines.0.countries", "over")),
        (10, {"ID": 6, "IDN": 1}, ("lines.0.countries", "twice")),
    ],
)
def test_lines_that_cannot_be_are_refused_at_their_field(
    relief, promise, quantity, countries, expected
):
    assert problems_of(promise, item=relief.mask, quantity=quantity, countries=countries) == [
        expected
    ]
    assert not Pledge.objects.exists()


def test_a_line_names_countries_or_a_region(relief, promise):
    assert problems_of(promise, item=relief.mask, quantity=1, lines=[Promised(relief.mask, 1)]) == [
        ("lines.0.countries", "nobody")
    ]
    pledge = promise(relief.mask, 1, lines=[Promised(relief.mask, 6_000_000, region="Africa")])
    assert pledge.lines.get().region == "Africa"


def test_dates_addresses_donors_and_retired_items_are_checked(relief, promise):
    catalogue.retire(item=relief.mask, reason="old", by=None)
    relief.mask.refresh_from_db()
    tomorrow_but_one = timezone.now().date() + timedelta(days=2)
    assert problems_of(
        promise,
        item=relief.mask,
        quantity=1,
        announced_on=tomorrow_but_one,
        source_url="javascript:alert(1)",
        donor=relief.store,
        by=None,
    ) == [
        ("lines.0.item", "retired"),
        ("donor", "not_a_donor"),
        ("announced_on", "future"),
        ("source_url", "url"),
    ]
    assert problems_of(promise, item=relief.kit, quantity=1, lines=[]) == [("lines", "empty")]


@pytest.mark.parametrize("who", ["agent", "outsider", "visitor", "clinician_of_donor"])
def test_only_the_donor_and_staff_write_a_pledge(relief, promise, who):
    with pytest.raises(rules.NotAllowed):
        promise(relief.mask, 10, by=getattr(relief, who))
    pledge = promise(relief.mask, 10)
    for act in (giving.close, giving.withdraw):
        with pytest.raises(rules.NotAllowed):
            act(pledge=pledge, reason="x", by=getattr(relief, who))


@pytest.mark.parametrize("who", ["giver", "giver_mate", "staff"])
def test_the_donors_people_and_staff_write_pledges(relief, promise, who):
    assert promise(relief.mask, 10, by=getattr(relief, who)).pk


def test_an_agency_of_a_named_country_confirms(relief, promise):
    pledge = promise(relief.mask, 10, {"ID": None, "MY": None})
    for who in (relief.giver, relief.far_agent, relief.storekeeper, relief.visitor, relief.staff):
        with pytest.raises(rules.NotAllowed):
            giving.confirm(pledge=pledge, by=who)
    assert giving.confirm(pledge=pledge, by=relief.agent).state == PledgeState.CONFIRMED
    with pytest.raises(TransitionRefused):
        giving.confirm(pledge=pledge, by=relief.agency_head)


def test_an_agency_that_is_not_verified_does_not_confirm(relief, promise, join):
    new = network.add_organisation(name="New", kind=Kind.AGENCY, country="ID", by=None)
    who = join("new_agent", new, Role.LOGISTICS)
    with pytest.raises(rules.NotAllowed):
        giving.confirm(pledge=promise(relief.mask, 10), by=who)


def test_a_split_is_settled_step_by_step_and_its_history_kept(relief, promise):
    pledge = promise(relief.mask, 100, {"ID": None, "MY": None})
    line = pledge.lines.get()
    giving.settle_split(
        line=line, quantities={"ID": 60}, reason="Letter of 2 April", by=relief.giver
    )
    assert splits_of(pledge) == [("ID", 60), ("MY", None)]
    giving.settle_split(
        line=line, quantities={"ID": None, "MY": 30, "TH": 5}, reason="Second letter", by=None
    )
    assert splits_of(pledge) == [("ID", None), ("MY", 30), ("TH", 5)]
    changes = [c.details for c in queries.history(pledge) if c.action == "pledge.split_settled"]
    assert [(c["before"], c["after"], c["reason"]) for c in changes] == [
        ({"ID": None, "MY": None}, {"ID": 60, "MY": None}, "Letter of 2 April"),
        ({"ID": 60, "MY": None}, {"ID": None, "MY": 30, "TH": 5}, "Second letter"),
    ]


def test_a_split_never_exceeds_its_line(relief, promise):
    pledge = promise(relief.mask, 100, {"ID": 60, "MY": None})
    line = pledge.lines.get()

    def settle(quantities, reason="Letter"):
        return problems_of(
            giving.settle_split, line=line, quantities=quantities, reason=reason, by=relief.giver
        )

    assert settle({"MY": 41}) == [("split", "over")]
    assert settle({"QQ": 1}) == [("split", "country")]
    assert settle({"MY": 40}, reason=" ") == [("reason", "reason_missing")]
    assert settle({"ID": 60}) == [("", "refused")]
    assert splits_of(pledge) == [("ID", 60), ("MY", None)]


def test_a_pledge_is_fulfilled_when_all_was_sent_and_opens_again(relief, promise, send):
    pledge = promise(relief.mask, 1000)
    giving.confirm(pledge=pledge, by=relief.agent)
    send(pledge, relief.mask, 400)
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.CONFIRMED
    last = send(pledge, relief.mask, 600)
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.FULFILLED
    consignments.undo_dispatch(
        consignment=last, key="undo", note="Wrong flight", note_language="en", by=relief.giver
    )
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.CONFIRMED
    assert [change.action for change in queries.history(pledge)] == [
        "pledge.added",
        "pledge.confirmed",
        "pledge.fulfilled",
        "pledge.reopened",
    ]


def test_what_was_sent_elsewhere_does_not_fulfil_a_line(relief, promise, send):
    pledge = promise(relief.mask, 100, {"MY": None})
    send(pledge, relief.mask, 100)
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.ANNOUNCED


def test_a_settled_part_must_reach_its_country(relief, promise, send):
    pledge = promise(relief.mask, 100, {"ID": 40, "MY": 60})
    send(pledge, relief.mask, 100)
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.ANNOUNCED
    giving.settle_split(
        line=pledge.lines.get(), quantities={"ID": 100, "MY": 0}, reason="All to ID", by=None
    )
    pledge.refresh_from_db()
    assert pledge.state == PledgeState.FULFILLED


def test_lines_are_added_while_a_pledge_is_open(relief, promise):
    pledge = promise(relief.mask, 100)
    giving.add_line(pledge=pledge, line=Promised(relief.kit, 5, {"ID": 5}), by=relief.giver)
    assert list(PledgeLine.objects.values_list("item__code", "quantity")) == [
        ("mask", 100),
        ("test-kit", 5),
    ]
    giving.close(pledge=pledge, reason="The factory burnt down", by=relief.giver)
    with pytest.raises(Refused, match="takes no more lines"):
        giving.add_line(pledge=pledge, line=Promised(relief.kit, 5, {"ID": 5}), by=relief.giver)


def test_a_pledge_ends_with_a_reason_and_for_good(relief, promise, send):
    pledge = promise(relief.mask, 100)
    assert problems_of(giving.close, pledge=pledge, reason=" ", by=relief.giver) == [
        ("reason", "reason_missing")
    ]
    send(pledge, relief.mask, 40)
    with pytest.raises(Refused, match="Close the pledge short"):
        giving.withdraw(pledge=pledge, reason="No", by=relief.giver)
    assert giving.close(pledge=pledge, reason="No more", by=relief.giver).state == "closed"
    with pytest.raises(TransitionRefused):
        giving.close(pledge=pledge, reason="No more", by=relief.giver)
    other = promise(relief.mask, 100)
    assert giving.withdraw(pledge=other, reason="Error", by=relief.giver).state == "withdrawn"
    with pytest.raises(Refused, match="was withdrawn"):
        giving.settle_split(
            line=other.lines.get(), quantities={"ID": 1}, reason="x", by=relief.giver
        )


def test_the_ledger_says_what_moved_for_a_pledge(relief, promise, send):
    pledge, other = promise(relief.mask, 1000), promise(relief.mask, 1000)
    first = send(pledge, relief.mask, 400)
    send(pledge, relief.mask, 50)
    send(other, relief.mask, 7)
    consignments.arrive(consignment=first, key="a", happened_at=timezone.now(), by=relief.agent)
    with_kit = send(pledge, relief.kit, 3)
    consignments.undo_dispatch(
        consignment=with_kit, key="u", note="Wrong", note_language="en", by=relief.giver
    )
    ((mask, kit), (rest,)) = queries.moved([pledge, other]).values()
    assert (mask.item, mask.country, mask.shipped, mask.arrived) == (relief.mask, "ID", 450, 400)
    assert (mask.received, mask.damaged, mask.lost) == (0, 0, 0)
    assert (kit.item, kit.shipped) == (relief.kit, 0)
    assert rest.shipped == 7


def test_what_was_counted_on_receipt_is_told_apart(relief, promise, send):
    pledge = promise(relief.mask, 100)
    consignment = send(pledge, relief.mask, 100)
    (way,) = consignments.on_the_way(consignment)
    from medixchange.relief.actions.places import account_of
    from medixchange.relief.models import DocumentKind, PlaceKind

    ledger.post(
        kind=DocumentKind.RECEIPT,
        key="r",
        happened_at=timezone.now(),
        lines=[
            ledger.Line(way.lot, 80, way.place, relief.store),
            ledger.Line(way.lot, 15, way.place, account_of(relief.store, PlaceKind.DAMAGED)),
            ledger.Line(way.lot, 5, way.place, account_of(relief.store, PlaceKind.LOST)),
        ],
        by=relief.agent,
        organisation=relief.agency,
        consignment=consignment,
    )
    (row,) = queries.moved([pledge])[pledge.pk]
    assert (row.shipped, row.arrived, row.received, row.damaged, row.lost) == (100, 95, 80, 15, 5)


def test_a_donor_sees_its_own_pledges(relief, promise):
    pledge = promise(relief.mask, 100)
    for who in (relief.giver, relief.giver_mate):
        assert [row.pledge for row in queries.donor_overview(who)] == [pledge]
    for who in (relief.agent, relief.clinician_of_donor, relief.visitor, relief.outsider):
        assert queries.donor_overview(who) == []


def test_reading_pledges_costs_the_same_for_one_and_for_many(
    relief, promise, send, django_assert_num_queries
):
    send(promise(relief.mask, 10), relief.mask, 5)
    with django_assert_num_queries(5):
        assert len(queries.standing(list(queries.listed()))) == 1
    for _number in range(4):
        send(promise(relief.kit, 10, {"ID": None, "MY": 3}), relief.kit, 5)
    with django_assert_num_queries(5):
        assert len(queries.standing(list(queries.listed()))) == 5


def test_pledges_are_found_by_donor_country_and_item(relief, promise):
    first = promise(relief.mask, 10, {"ID": None})
    second = promise(relief.kit, 10, {"MY": None, "TH": None})
    assert list(queries.listed()) == [second, first]
    assert list(queries.listed(country="TH")) == [second]
    assert list(queries.listed(item="mask")) == [first]
    assert list(queries.listed(item="mask", country="TH")) == []
    assert list(queries.listed(donor=relief.donor.code)) == [second, first]
    assert list(queries.listed(donor="nobody")) == []
    assert queries.countries_named() == ["ID", "MY", "TH"]
