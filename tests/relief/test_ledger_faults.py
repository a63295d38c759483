"""A crash between any two statements of a posting: all of it is in the ledger, or nothing."""

import pytest

from tests.relief import scratch

pytestmark = pytest.mark.postgres

#: How many movements each posts.
MOVEMENTS = {"post": 6, "reverse": 6, "dispatch": 4}


@pytest.mark.parametrize("action", MOVEMENTS)
def test_a_crash_at_any_point_leaves_all_or_nothing(tmp_path, action):
    with scratch.database(tmp_path) as environment:
        seen = scratch.run(environment, "crashes", action)
    *crashed, finished = seen
    # Every statement was crashed before and after, until one run came through.
    assert len(crashed) > 20
    assert all(row["died"] for row in crashed)
    assert not finished["died"]
    for row in seen:
        whole = row["at"] == "after commit 0" or row is finished
        assert (row["at"], row["kept nothing"], row["new"]) == (row["at"], not whole, not whole)
        assert (row["documents"], row["movements"]) == (1, MOVEMENTS[action])
        assert (row["faults"], row["trail"], row["below"]) == ([], [], 0)
