"""Needs computed from a caseload: by the rates an operator brought in, and kept with their
working."""

import json

import pytest
from click.testing import CliRunner

from medixchange.core.models import AuditEntry
from medixchange.relief.actions.rates import bring_in
from medixchange.relief.cli import relief as command
from medixchange.relief.forecast import Caseload, Options
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.models import Need, Pack, Unit
from medixchange.relief.queries import forecasting
from medixchange.relief.states import NeedState
from tests.relief.conftest import make_item

ADDRESS = "/relief/places/ward/need/forecast/"
ASKED = ADDRESS + "?mild=10&moderate=5&severe=20&critical=6&days=28&buffer=10"


@pytest.fixture
def rates(db, shared_data):
    return bring_in(path=shared_data / "relief" / "esft", by=None)


@pytest.fixture
def gloves(relief):
    item = make_item("gloves-examination", "Examination gloves", unit=Unit.PAIR)
    Pack.objects.create(item=item, name="box", units=50)
    # The rates count these in pieces: another unit is another number.
    make_item("apron-disposable", "Apron", unit=Unit.KILOGRAM)
    return item


def test_without_rates_the_page_says_what_the_operator_does(relief, browser_of):
    page = browser_of(relief.nurse).get(ASKED)
    assert page.status_code == 200
    assert "medixchange relief rates FOLDER" in page.content.decode()


def test_the_command_brings_rates_in_and_refuses_what_are_none(db, shared_data, tmp_path):
    folder = str(shared_data / "relief" / "esft")
    done = CliRunner().invoke(command, ["rates", folder, "--json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"items": 53})
    assert CliRunner().invoke(command, ["rates", folder]).stdout == "53 items have rates now.\n"
    entries = AuditEntry.objects.filter(action="rates.brought_in")
    assert [entry.details for entry in entries] == [{"items": 53}] * 2
    (tmp_path / "equipment.csv").write_text("something,else\n1,2\n")
    with pytest.raises(Unreadable):
        bring_in(path=tmp_path, by=None)
    assert len(forecasting.rates().items) == 53
    refused = CliRunner().invoke(command, ["rates", str(tmp_path)])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "equipment.csv" in refused.stderr


def test_proposed_needs_are_in_whole_packs_of_items_of_the_same_code_and_unit(
    relief, rates, gloves
):
    made = forecasting.propose(rates, Caseload(severe=20, critical=6), Options(days=28))
    (one,) = made.needs
    assert one.item == gloves
    assert one.line.quantity % 50 == 0
    assert one.line.quantity - 50 < one.line.total <= one.line.quantity
    assert one.daily_use == -(-one.line.total // 28)
    assert "apron-disposable" in {line.item for line in made.others}
    assert "gloves-examination" not in {line.item for line in made.others}


def test_who_computes_needs(relief, rates, browser_of):
    for who, status in (
        (None, 302),
        (relief.nurse, 200),
        (relief.storekeeper, 200),
        (relief.staff, 403),
        (relief.agent, 404),
        (relief.outsider, 404),
        (relief.visitor, 404),
    ):
        assert browser_of(who).get(ASKED).status_code == status, who


def test_what_was_shown_is_stated_with_its_working(relief, rates, gloves, browser_of, in_days):
    browser = browser_of(relief.nurse)
    assert browser.get(ADDRESS).status_code == 200
    page = browser.get(ASKED).content.decode()
    assert "Examination gloves" in page
    sent = {"items": [gloves.code], "by_when": in_days(9).isoformat()}
    assert browser.post(ASKED, sent | {"items": ["x-ray"]}).status_code == 422
    assert browser.post(ASKED, sent | {"by_when": in_days(-9).isoformat()}).status_code == 422
    assert not Need.objects.exists()
    assert browser.post(ASKED, sent).status_code == 302
    need = Need.objects.get()
    assert (need.item, need.basis, need.state) == (gloves, Need.Basis.COMPUTED, NeedState.OPEN)
    assert need.working["basis"]["quantity"] == need.quantity
    assert need.working["caseload"] == {"mild": 10, "moderate": 5, "severe": 20, "critical": 6}
    assert need.working["buffer_percent"] == 10
    shown = browser.get(f"/relief/needs/{need.pk}/working/").content.decode()
    assert "For 28 days; patients on an average day: 10 mild, 5 moderate" in shown
    assert need.working["basis"]["parts"][0]["words"] in shown
    assert "How it was computed" in browser_of(relief.agent).get("/relief/needs/").content.decode()
    # Sent twice, it is the same need.
    browser.post(ASKED, sent)
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("days=28", "Give the number of patients"),
        ("days=0&severe=5", "greater than or equal to 1"),
        ("days=28&severe=-5", "greater than or equal to 0"),
        ("days=28&severe=many", "Enter a whole number"),
    ],
)
def test_numbers_that_cannot_be_meant_are_refused(relief, rates, browser_of, query, said):
    page = browser_of(relief.nurse).get(f"{ADDRESS}?{query}")
    assert page.status_code == 422
    assert said in page.content.decode()


@pytest.fixture(autouse=True)
def _forget_rates():
    yield
    forecasting._read.cache_clear()
