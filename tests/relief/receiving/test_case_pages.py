"""Pages of discrepancy cases: who reads them, who speaks, who decides."""

import pytest
from django.db import transaction
from django.urls import reverse

from medixchange.relief.actions import cases
from medixchange.translation.actions import ensure_segments
from tests.relief.receiving.conftest import held


@pytest.fixture
def case(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    consignment = send([(lot, 100)])
    count(consignment, accepted=(lot, 90), missing=(lot, 10))
    return consignment.cases.get()


def address(case):
    return reverse("relief_case", args=[case.reference])


@pytest.mark.parametrize(
    ("who", "status", "steps"),
    [
        ("agent", 200, {"answer", "settle", "withdraw"}),
        ("giver", 200, {"answer"}),
        ("staff", 200, set()),
        ("carrier", 404, set()),
        ("nurse", 404, set()),
        ("outsider", 404, set()),
        ("visitor", 404, set()),
    ],
)
def test_both_ends_open_it_and_see_what_they_may_do(
    relief, case, browser_of, client, who, status, steps
):
    answer = browser_of(getattr(relief, who)).get(address(case))
    assert answer.status_code == status
    if status == 200:
        assert {do for do, _form, _opened in answer.context["steps"]} == steps
    assert client.get(address(case)).status_code == 302


def test_the_list_holds_one_s_own_and_says_whose_turn_it_is(relief, case, browser_of):
    def rows(who, show="open"):
        answer = browser_of(getattr(relief, who)).get(reverse("relief_cases"), {"show": show})
        return [(row.reference, waits) for row, _name, waits in answer.context["rows"]]

    assert rows("giver") == [(case.reference, True)]
    assert rows("agent") == [(case.reference, False)]
    assert rows("outsider") == rows("visitor") == []
    cases.answer(case=case, text="All was sent", language="en", by=relief.giver)
    assert rows("giver") == [(case.reference, False)]
    assert rows("agent") == [(case.reference, True)]
    cases.withdraw(case=case, text="Found", language="en", by=relief.agent)
    assert rows("agent") == []
    assert rows("agent", "ended") == [(case.reference, False)]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_any_length(
    relief, lot_of, send, count, browser_of, django_assert_num_queries, number
):
    lots = [lot_of(relief.mask, f"M{n}") for n in range(number)]
    consignment = send(*([(lot, 10)] for lot in lots))
    count(consignment, complete=True)
    browser = browser_of(relief.agent)
    browser.get(reverse("relief_cases"))
    with django_assert_num_queries(5):
        browser.get(reverse("relief_cases"))


def test_what_is_said_is_read_in_the_other_s_language(relief, case, browser_of):
    browser_of(relief.giver).post(address(case), {"do": "answer", "text": "We sent all."})
    with transaction.atomic():
        ensure_segments(["We sent all."], language="en")
    reader = browser_of(relief.agent)
    reader.cookies["language"] = "id"
    html = reader.get(address(case)).content.decode()
    # Nobody has translated it yet: it is shown as it is, and marked so.
    assert '<p lang="en" dir="ltr">We sent all.</p>' in html
    assert "mark-missing" in html


def test_a_case_is_ended_on_its_page(relief, case, browser_of):
    form = {
        "do": "settle", "key": "a key", "remedy": "written_off", "quantity": "4", "text": "Gone",
    }  # fmt: skip
    browser = browser_of(relief.agent)
    assert browser.post(address(case), form).status_code == 302
    assert held(case.lot) == {"donor": -100, "store": 90, "customs": 6, "lost": 4}
    case.refresh_from_db()
    assert (case.state, case.remedy, case.quantity) == ("resolved", "written_off", 4)
    answer = browser.get(address(case))
    assert [do for do, _form, _opened in answer.context["steps"]] == ["reopen"]
    again = {"do": "reopen", "key": "another", "text": "No"}
    assert browser.post(address(case), again).status_code == 302
    assert held(case.lot) == {"donor": -100, "store": 90, "customs": 10}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"do": "settle", "key": "k", "remedy": "found", "quantity": "10", "text": ""}, "text"),
        ({"do": "settle", "key": "k", "remedy": "", "quantity": "10", "text": "x"}, "remedy"),
        ({"do": "settle", "key": "k", "remedy": "noted", "quantity": "1", "text": "x"}, "remedy"),
        ({"do": "settle", "key": "k", "remedy": "found", "quantity": "11", "text": "x"},
         "quantity"),
        ({"do": "settle", "key": "k", "remedy": "found", "quantity": "-1", "text": "x"},
         "quantity"),
        ({"do": "answer", "text": " "}, "text"),
        ({"do": "withdraw", "key": "k", "text": ""}, "text"),
    ],
)  # fmt: skip
def test_a_refused_form_keeps_what_was_written(relief, case, browser_of, form, field):
    answer = browser_of(relief.agent).post(address(case), form)
    assert answer.status_code == 422
    (given,) = [made for do, made, _opened in answer.context["steps"] if do == form["do"]]
    assert list(given.errors) == [field]
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize("do", ["settle", "withdraw", "reopen"])
def test_the_sender_does_not_decide(relief, case, browser_of, do):
    form = {"do": do, "key": "k", "remedy": "found", "quantity": "10", "text": "x"}
    assert browser_of(relief.giver).post(address(case), form).status_code == 403
    assert browser_of(relief.staff).post(address(case), form).status_code == 403
    assert browser_of(relief.outsider).post(address(case), form).status_code == 404


def test_a_step_that_is_none_does_nothing(relief, case, browser_of):
    assert browser_of(relief.agent).post(address(case), {"do": "burn"}).status_code == 422


def test_a_step_that_came_too_late_says_so(relief, case, browser_of):
    cases.withdraw(case=case, text="Mistake", language="en", by=relief.agent)
    form = {"do": "settle", "key": "k", "remedy": "found", "quantity": "10", "text": "x"}
    assert browser_of(relief.agent).post(address(case), form).status_code == 422
    assert held(case.lot) == {"donor": -100, "store": 90, "customs": 10}
