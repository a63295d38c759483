"""Many writers at once, on a real database outside of any test transaction: nothing is lost,
doubled or below zero, at every level of isolation."""

import pytest

from tests.relief import scratch

pytestmark = pytest.mark.postgres


def is_sound(seen: dict[str, object], level: str) -> bool:
    return (seen["level"], seen["faults"], seen["trail"], seen["below"]) == (level, [], [], 0)


@pytest.mark.parametrize("level", scratch.LEVELS)
def test_many_processes_and_threads_move_the_same_goods(tmp_path, level):
    with scratch.database(tmp_path, level) as environment:
        seen = scratch.run(environment, "traffic", 4, 3, 25)
    assert seen["errors"] == []
    assert seen["made"] == seen["numbers"]
    assert len(set(seen["numbers"])) == len(seen["numbers"])
    assert seen["held"] == seen["reckoned"]
    # Nobody was told that goods have moved meanwhile: who comes second sees what is left.
    assert seen["refused"].keys() <= {"below_zero"}
    assert len(seen["made"]) > 0
    assert is_sound(seen, level)


@pytest.mark.parametrize("level", scratch.LEVELS)
def test_one_key_sent_by_eight_processes_at_once_is_one_document(tmp_path, level):
    with scratch.database(tmp_path, level) as environment:
        seen = scratch.run(environment, "same_key", 8)
    for results in (seen["sent"], seen["back"]):
        assert sorted(new for new, _number in results) == [False] * 7 + [True]
        assert len({number for _new, number in results}) == 1
    # Of eight who take the same document back, each for themselves, one does.
    assert sorted(str(new) for new, _text in seen["own"]) == ["True"] + ["refused"] * 7
    (number,) = (text for new, text in seen["own"] if new is True)
    assert {text for new, text in seen["own"] if new == "refused"} == {
        f"was reversed before, by {number}."
    }
    assert seen["held"] == {"donor": -1000, "store": 1000, "facility": 0}
    assert is_sound(seen, level)


@pytest.mark.parametrize("level", scratch.LEVELS)
def test_as_many_takes_succeed_as_there_is_stock_for(tmp_path, level):
    with scratch.database(tmp_path, level) as environment:
        seen = scratch.run(environment, "last_goods", 4, 3)
    assert seen["results"] == {"posted": 10, "below_zero": 26}
    assert seen["held"] == {"donor": -100, "store": 0, "facility": 100}
    assert is_sound(seen, level)


@pytest.mark.parametrize("level", scratch.LEVELS)
def test_transactions_that_wait_for_each_other_are_done_again(tmp_path, level):
    with scratch.database(tmp_path, level) as environment:
        seen = scratch.run(environment, "crossing", 4)
    assert seen["results"] == [4, 4, 4, 4]
    assert seen["documents"] == 32
    assert seen["references"] == 16
    assert is_sound(seen, level)
