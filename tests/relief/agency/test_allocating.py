"""A run from draft to packed consignments, and everything that may come between."""

from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from medixchange.core.models import AuditEntry
from medixchange.relief import sharing
from medixchange.relief.actions import allocating, consignments, places
from medixchange.relief.actions import needs as need_actions
from medixchange.relief.actions import stock as stock_actions
from medixchange.relief.actions.consignments import Contents
from medixchange.relief.models import (
    AllocationLine,
    AllocationRun,
    Box,
    Consignment,
    Lot,
    Need,
    Packed,
    PlaceKind,
)
from medixchange.relief.refusals import Refused
from medixchange.relief.rules import NotAllowed
from medixchange.relief.sharing import Parameters
from medixchange.relief.states import RunState, TransitionRefused
from tests.relief.agency.scarce import given


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def line_of(run, facility):
    return AllocationLine.objects.get(run=run, facility=facility)


def test_a_draft_shares_out_whole_packs_and_keeps_what_it_was_computed_from(relief, scarce):
    run = scarce.plan()
    # 1000 of 1600: quotas 500, 375, 125; packs of 50; the two halves tie, the first name wins.
    assert given(run) == {"ward": 500, "ward-b": 400, "ward-c": 100}
    assert (run.state, run.made_by, run.method) == (RunState.DRAFT, relief.agent, "proportional")
    (kept,) = run.inputs["items"]
    assert (kept["item"], kept["pack"], kept["usable"], kept["promised"]) == ("mask", 50, 1000, 0)
    assert {row["facility"]: row["asked"] for row in kept["rows"]} == {
        "ward": 800,
        "ward-b": 600,
        "ward-c": 200,
    }
    assert {row["facility"]: row["population"] for row in kept["rows"]}["ward-b"] == 3000
    assert set(run.figures["mask"]) == {"proportional", "maxmin", "population", "utility"}
    entry = AuditEntry.objects.get(action="run.drafted")
    assert entry.details["reference"] == run.reference


def test_what_a_run_kept_gives_the_same_again(scarce):
    run = scarce.plan("maxmin", reserve_percent=10)
    run.refresh_from_db()
    (kept,) = run.inputs["items"]
    again = sharing.share_out(kept, Parameters.of(run.parameters), run.method)
    assert again.by_facility() == given(run)
    assert sharing.fairness(again).as_json() == run.figures["mask"]["maxmin"]


def test_the_figures_are_right(scarce):
    run = scarce.plan()
    figures = run.figures["mask"]["proportional"]
    # Fill rates 0.625, 2/3, 0.5: mean 1.79166../3; half the mean difference by the mean.
    rates = [500 / 800, 400 / 600, 100 / 200]
    gini = sum(abs(a - b) for a in rates for b in rates) / (2 * 3 * sum(rates))
    assert figures["minimum_fill"] == 0.5
    assert figures["gini"] == pytest.approx(gini, abs=1e-12)
    assert (figures["shortfall"], figures["given"]) == (600, 1000)


def test_reserve_floor_cap_and_priority_are_kept(scarce):
    assert sum(given(scarce.plan(reserve_percent=25)).values()) == 750
    assert given(scarce.plan(floor_percent=100, method="utility"))["ward-c"] >= 100
    capped = given(scarce.plan(cap_percent=50))
    assert capped == {"ward": 400, "ward-b": 300, "ward-c": 100}
    urgent = given(scarce.plan("utility", priorities={"ward-c": "50"}))
    assert urgent["ward-c"] == 200
    single = given(scarce.plan(packs={"mask": 1}))
    assert single == {"ward": 500, "ward-b": 375, "ward-c": 125}


@pytest.mark.parametrize(
    ("parameters", "where"),
    [
        ({"reserve_percent": 101}, "reserve_percent"),
        ({"reserve_percent": -1}, "reserve_percent"),
        ({"floor_percent": 80, "cap_percent": 50}, "floor_percent"),
        ({"cap_percent": 0}, "cap_percent"),
        ({"priorities": {"ward": "much"}}, "priority-ward"),
        ({"priorities": {"ward": "0"}}, "priority-ward"),
        ({"packs": {"mask": 0}}, "pack-mask"),
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(scarce, parameters, where):
    with pytest.raises(Refused) as refused:
        scarce.plan(**parameters)
    assert refused.value.problems[0].where == where
    assert not AllocationRun.objects.exists()


def test_nothing_to_share_and_unknown_methods_are_refused(relief, scarce):
    asked = {
        "store": relief.store,
        "items": [relief.mask],
        "facilities": ["ward"],
        "method": "proportional",
        "parameters": Parameters(),
        "by": relief.agent,
    }
    for change in ({"items": []}, {"items": [relief.kit]}, {"facilities": []}, {"method": "fair"}):
        with pytest.raises(Refused):
            allocating.draft(**(asked | change))
    with pytest.raises(Refused):
        allocating.draft(**(asked | {"store": relief.ward, "by": None}))
    assert not AllocationRun.objects.exists()


def test_by_population_asks_for_every_population(relief, scarce):
    # Quotas 500, 375, 125 by 4000, 3000 and 1000 people.
    assert given(scarce.plan("population")) == {"ward": 500, "ward-b": 400, "ward-c": 100}
    scarce.c.population = None
    scarce.c.save()
    with pytest.raises(Refused, match="the population of ward-c is not given"):
        scarce.plan("population")
    # The others stand, and say why this one does not.
    assert "ward-c" in scarce.plan().figures["mask"]["population"]["refused"]


def test_only_who_shares_out_the_store_plans_approves_and_issues(relief, scarce):
    run = scarce.plan()
    line = line_of(run, scarce.ward)
    for who in (relief.outsider, relief.storekeeper, relief.visitor, relief.staff, relief.giver):
        with pytest.raises(NotAllowed):
            allocating.draft(
                store=relief.store,
                items=[relief.mask],
                facilities=["ward"],
                method="maxmin",
                parameters=Parameters(),
                by=who,
            )
        for action, more in (
            (allocating.approve, {"run": run}),
            (allocating.issue, {"run": run}),
            (allocating.discard, {"run": run, "reason": "?"}),
            (allocating.plan_again, {"run": run}),
            (
                allocating.change_line,
                {"line": line, "quantity": 0, "reason": "?", "reason_language": "en"},
            ),
            (allocating.undo_change, {"line": line}),
        ):
            with pytest.raises(NotAllowed):
                action(**more, by=who)


def test_a_change_by_hand_has_its_reason_and_the_others_share_the_rest(relief, scarce):
    run = scarce.plan()
    line = line_of(run, scarce.c)
    asked = {"reason_language": "id", "by": relief.agency_head}
    with pytest.raises(Refused) as refused:
        allocating.change_line(line=line, quantity=200, reason="", **asked)
    assert codes(refused) == ["reason_missing"]
    with pytest.raises(Refused) as refused:
        allocating.change_line(line=line, quantity=190, reason="?", **asked)
    assert "Choose 150 or 200." in str(refused.value)
    with pytest.raises(Refused) as refused:
        allocating.change_line(line=line, quantity=1050, reason="?", **asked)
    assert codes(refused) == ["supply"]
    changed = allocating.change_line(line=line, quantity=200, reason="Unit dialisis.", **asked)
    # 800 left for 1400: quotas 457, 342.
    assert given(run) == {"ward": 450, "ward-b": 350, "ward-c": 200}
    assert (changed.computed, changed.quantity, changed.changed_by) == (
        100,
        200,
        relief.agency_head,
    )
    assert (changed.reason, changed.reason_language) == ("Unit dialisis.", "id")
    follower = line_of(run, scarce.ward)
    assert (follower.computed, follower.quantity, follower.changed_by) == (500, 450, None)
    # A stale line, as another page still shows it, is found again.
    allocating.undo_change(line=line, by=relief.agent)
    assert given(run) == {"ward": 500, "ward-b": 400, "ward-c": 100}


def test_changes_stay_when_a_draft_is_planned_again(relief, scarce):
    run = scarce.plan()
    allocating.change_line(
        line=line_of(run, scarce.c),
        quantity=0,
        reason="Ditutup.",
        reason_language="id",
        by=relief.agent,
    )
    run = allocating.plan_again(
        run=run, method="maxmin", parameters=Parameters(reserve_percent=10), by=relief.agency_head
    )
    assert given(run) == {"ward": 500, "ward-b": 400, "ward-c": 0}
    assert line_of(run, scarce.c).changed_by == relief.agent
    assert run.made_by == relief.agency_head
    with pytest.raises(NotAllowed):
        allocating.approve(run=run, by=relief.agency_head)
    assert allocating.approve(run=run, by=relief.agent).approved_by == relief.agent


def test_four_eyes_are_held_by_the_database_too(relief, scarce):
    run = scarce.plan()
    with pytest.raises(NotAllowed, match="Another person"):
        allocating.approve(run=run, by=relief.agent)
    with pytest.raises(IntegrityError), transaction.atomic():
        AllocationRun.objects.filter(pk=run.pk).update(
            state=RunState.APPROVED, approved_by=relief.agent, approved_at=timezone.now()
        )


def test_states_follow_their_table(relief, scarce):
    run = scarce.plan()
    with pytest.raises(TransitionRefused):
        allocating.issue(run=run, by=relief.agent)
    allocating.approve(run=run, by=relief.agency_head)
    for change in (
        lambda: allocating.plan_again(run=run, by=relief.agent),
        lambda: allocating.undo_change(line=line_of(run, scarce.c), by=relief.agent),
        lambda: allocating.approve(run=run, by=relief.agency_head),
    ):
        with pytest.raises(TransitionRefused):
            change()
    allocating.issue(run=run, by=relief.agent)
    with pytest.raises(TransitionRefused):
        allocating.discard(run=run, reason="?", by=relief.agent)
    other = scarce.plan()
    with pytest.raises(Refused):
        allocating.discard(run=other, reason=" ", by=relief.agent)
    allocating.discard(run=other, reason="Salah.", by=relief.agent)
    with pytest.raises(TransitionRefused):
        allocating.approve(run=other, by=relief.agency_head)


def test_issued_consignments_are_packed_first_expiry_first_in_whole_packs(relief, scarce):
    run = scarce.plan()
    allocating.approve(run=run, by=relief.agency_head)
    made = allocating.issue(run=run, by=relief.agent)
    assert allocating.issue(run=run, by=relief.agent) == made
    assert Consignment.objects.count() == 3
    assert {row.state for row in made} == {"draft"}
    assert {row.run for row in made} == {run}
    # Ward B needs it first, then C, then Ward: in that order the old lot is given out.
    seen = {
        row.destination.code: [
            (
                box.number,
                box.gross_weight_g,
                [(packed.lot.number, packed.quantity) for packed in box.contents.all()],
            )
            for box in Box.objects.filter(consignment=row)
        ]
        for row in made
    }
    assert seen == {
        "ward-b": [
            (1, 3000, [("OLD", 200)]),
            (2, 3000, [("OLD", 100), ("YOUNG", 100)]),
        ],
        "ward-c": [(1, None, [("YOUNG", 50)]), (2, None, [("YOUNG", 50)])],
        "ward": [
            (1, 3000, [("YOUNG", 200)]),
            (2, 3000, [("YOUNG", 200)]),
            (3, None, [("YOUNG", 100)]),
        ],
    }
    for row in made:
        consignments.dispatch(
            consignment=row, key=row.reference, happened_at=timezone.now(), by=relief.agent
        )
    assert AuditEntry.objects.filter(action="run.issued").count() == 1


def test_what_is_packed_is_not_promised_twice(relief, scarce):
    first = scarce.plan()
    allocating.approve(run=first, by=relief.agency_head)
    allocating.issue(run=first, by=relief.agent)
    second = scarce.plan()
    assert given(second) == {"ward": 0, "ward-b": 0, "ward-c": 0}
    assert {line.need for line in AllocationLine.objects.filter(run=second)} == {300, 200, 100}


def test_planning_again_takes_back_nothing_that_was_shipped(relief, scarce, stock, sent):
    sent(relief.store, scarce.ward, scarce.young, 600)
    run = scarce.plan("maxmin")
    # Ward has 600 of 800 already; 400 are left for B (600) and C (200).
    assert given(run) == {"ward": 0, "ward-b": 300, "ward-c": 100}
    stock(relief.store, scarce.young, 400)
    run = allocating.plan_again(run=run, refresh=True, by=relief.agent)
    # B and C are lifted to Ward's 3/4 first; of the last four packs C takes one, which fills it,
    # then B and Ward one each, and Ward, at 0.8125 then the lowest, the last.
    assert given(run) == {"ward": 100, "ward-b": 500, "ward-c": 200}


def test_less_stock_than_planned_is_named_at_approval_and_at_issue(relief, scarce):
    run = scarce.plan()

    def lose(quantity, key):
        stock_actions.write_off(
            place=relief.store,
            lot=scarce.young,
            quantity=quantity,
            fate=PlaceKind.LOST,
            reason="?",
            reason_language="en",
            key=key,
            by=relief.agent,
        )

    lose(1, "a")
    with pytest.raises(Refused) as refused:
        allocating.approve(run=run, by=relief.agency_head)
    assert codes(refused) == ["stock_changed"]
    assert (
        "Agency store has 999 piece of mask to give out now, and this plan gives 1000. "
        "Plan again with the needs and the stock of now." in str(refused.value)
    )
    run = allocating.plan_again(run=run, refresh=True, by=relief.agent)
    assert sum(given(run).values()) == 950
    allocating.approve(run=run, by=relief.agency_head)
    lose(50, "b")
    with pytest.raises(Refused) as refused:
        allocating.issue(run=run, by=relief.agent)
    assert "Discard this plan and make a new one." in str(refused.value)
    run.refresh_from_db()
    assert run.state == RunState.APPROVED
    assert not Consignment.objects.exists()


@pytest.mark.parametrize("change", ["recall", "expire", "pack"])
def test_goods_that_may_not_be_given_out_any_more_count_as_gone(relief, scarce, change, in_days):
    run = scarce.plan()
    allocating.approve(run=run, by=relief.agency_head)
    if change == "recall":
        scarce.old.recalled_at = timezone.now()
        scarce.old.save()
    elif change == "expire":
        scarce.old.expires_on = in_days(-2)
        scarce.old.save()
    else:
        row = consignments.add_consignment(
            origin=relief.store, destination=relief.other_ward, by=None
        )
        consignments.pack(consignment=row, boxes=[Contents(1, [(scarce.old, 300)])], by=None)
    with pytest.raises(Refused, match="has 700 piece of mask to give out now"):
        allocating.issue(run=run, by=relief.agent)
    assert not Packed.objects.filter(box__consignment__run=run).exists()


def test_a_need_that_shrank_below_its_share_is_named(relief, scarce, in_days):
    run = scarce.plan()
    need_actions.state_need(
        facility=scarce.b, item=relief.mask, quantity=350, by_when=in_days(5), by=None
    )
    need_actions.withdraw(
        need=Need.objects.get(facility=scarce.c, state="open"), reason="?", by=None
    )
    # A need that grew, or shrank to no less than its share, does not matter.
    need_actions.state_need(
        facility=scarce.ward, item=relief.mask, quantity=500, by_when=in_days(5), by=None
    )
    with pytest.raises(Refused) as refused:
        allocating.approve(run=run, by=relief.agency_head)
    assert Counter((p.code, p.where) for p in refused.value.problems) == {
        ("need_changed", "ward-b"): 1,
        ("need_changed", "ward-c"): 1,
    }
    assert "Ward B still needs 350 piece of mask, no longer 600" in str(refused.value)


def test_goods_on_their_way_are_projected_and_not_given_out_yet(
    relief, scarce, lot_of, sent, stock, in_days
):
    lot = lot_of(relief.mask, "NEXT", expires_on=in_days(500))
    sent(relief.donor, relief.store, lot, 400, expected_on=in_days(4))
    run = scarce.plan()
    assert sum(given(run).values()) == 1000
    (kept,) = run.inputs["items"]
    assert [(one["quantity"], one["expected_on"]) for one in kept["arrivals"]] == [
        (400, in_days(4).isoformat())
    ]
    shared = sharing.share_out(kept, Parameters.of(run.parameters), "proportional")
    # All 1400 of 1600 in the end: quotas 700, 525, 175.
    assert dict(zip(shared.demand.facilities, shared.total.tolist(), strict=True)) == {
        "ward": 700,
        "ward-b": 550,
        "ward-c": 150,
    }
    assert all(shared.now <= shared.total)
    alone = scarce.plan(count_arrivals=False)
    assert sum(given(alone).values()) == 1000


def test_a_change_by_hand_stands_beside_expected_goods(relief, scarce, lot_of, sent, in_days):
    lot = lot_of(relief.mask, "NEXT", expires_on=in_days(500))
    sent(relief.donor, relief.store, lot, 400, expected_on=in_days(4))
    run = scarce.plan()
    for quantity in (0, 200):
        allocating.change_line(
            line=line_of(run, scarce.c),
            quantity=quantity,
            reason="?",
            reason_language="en",
            by=relief.agent,
        )
        assert given(run)["ward-c"] == quantity
        assert sum(given(run).values()) == 1000


def test_examples_and_what_is_really_there_are_never_shared_out_together(
    relief, scarce, stock, in_days
):
    made_up = places.add_place(
        name="Example donor",
        kind=PlaceKind.DONOR,
        country="CN",
        organisation=relief.foundation,
        is_example=True,
        by=None,
    )
    lot = Lot.objects.create(item=relief.mask, number="EX", source=made_up)
    stock(relief.store, lot, 500)
    ward = places.add_place(
        name="Example ward",
        kind=PlaceKind.FACILITY,
        country="ID",
        organisation=relief.hospital,
        is_example=True,
        by=None,
    )
    need_actions.state_need(
        facility=ward, item=relief.mask, quantity=100, by_when=in_days(3), by=None
    )
    run = allocating.draft(
        store=relief.store,
        items=[relief.mask],
        facilities=["ward", "ward-b", "ward-c", ward.code],
        method="maxmin",
        parameters=Parameters(),
        by=relief.agent,
    )
    assert ward.code not in given(run)
    assert run.inputs["items"][0]["usable"] == 1000
    allocating.approve(run=run, by=relief.agency_head)
    made = allocating.issue(run=run, by=relief.agent)
    assert not any(row.is_example for row in made)
    assert not Packed.objects.filter(lot=lot).exists()
