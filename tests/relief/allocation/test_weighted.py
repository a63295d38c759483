"""The Gini coefficient whose facilities count by their size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.allocation.fairness import gini
from medixchange.relief.allocation.weighted import gini_of

RATES = st.floats(0, 2).map(lambda rate: round(rate, 3))


@given(st.lists(st.tuples(RATES, st.integers(0, 6)), min_size=1, max_size=8))
def test_it_is_the_plain_one_of_every_person_on_their_own(pairs):
    people = [rate for rate, weight in pairs for _ in range(weight)]
    if people:
        found = gini_of(np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs]))
        assert found == pytest.approx(gini(np.array(people)), abs=1e-12)


def test_nobody_having_anything_is_even():
    assert gini_of(np.zeros(3), np.array([1, 2, 3])) == 0
