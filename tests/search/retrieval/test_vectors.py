"""Vectors in bytes rank as those in floats do, and only what is allowed is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.search.retrieval.vectors import VectorIndex, as_bytes, as_floats, unit

DIMENSIONS = 48


def _vectors(seed: int, count: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return unit(chance.normal(size=(count, DIMENSIONS)).astype(np.float32))


def _index(vectors: np.ndarray, ids: list[int]) -> VectorIndex:
    index = VectorIndex(DIMENSIONS)
    index.put(ids, *as_bytes(vectors))
    return index


@given(st.integers(0, 10_000), st.integers(1, 60), st.integers(1, 12))
def test_the_order_is_that_of_floats_but_for_rounding(seed, count, limit):
    vectors = _vectors(seed, count + 1)
    query, kept = vectors[0], vectors[1:]
    index = _index(kept, list(range(10, 10 + count)))
    found = index.search(query, limit)
    exact = kept @ query
    # Each number is off by half a step of its scale at most, on both sides.
    steps = as_bytes(vectors)[1]
    off = float(steps.max()) * np.sqrt(DIMENSIONS) * 1.05
    assert len(found) == min(limit, count)
    assert [score for _id, score in found] == sorted((s for _i, s in found), reverse=True)
    for id, score in found:
        assert abs(score - exact[id - 10]) <= off
    worst = found[-1][1]
    left_out = set(range(10, 10 + count)) - {id for id, _score in found}
    assert all(exact[id - 10] <= worst + off for id in left_out)


@given(st.integers(0, 10_000), st.sets(st.integers(1, 40)))
def test_what_is_not_allowed_is_never_found_and_takes_no_place(seed, allowed):
    vectors = _vectors(seed, 41)
    index = _index(vectors[1:], list(range(1, 41)))
    mask = np.zeros(45, bool)
    mask[list(allowed)] = True
    found = index.search(vectors[0], 5, mask)
    every = [id for id, _score in index.search(vectors[0], 40) if id in allowed]
    assert [id for id, _score in found] == every[:5]


def test_ids_past_the_mask_are_not_allowed():
    index = _index(_vectors(1, 3), [1, 2, 900])
    assert [i for i, _ in index.search(_vectors(1, 1)[0], 5, np.ones(3, bool))] == [1, 2]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=40), st.integers(0, 10_000))
def test_putting_and_removing_in_any_order_leaves_what_a_dictionary_would(steps, seed):
    index, expected = VectorIndex(DIMENSIONS), {}
    vectors = _vectors(seed, len(steps) + 1)
    for (putting, id), vector in zip(steps, vectors[1:], strict=True):
        if putting:
            index.put([id], *as_bytes(vector[None]))
            expected[id] = vector
        else:
            index.remove([id])
            expected.pop(id, None)
    assert len(index) == len(expected)
    found = dict(index.search(vectors[0], 20))
    assert found.keys() == expected.keys()
    for id, vector in expected.items():
        assert found[id] == pytest.approx(float(vector @ vectors[0]), abs=0.03)
        assert id in index


def test_it_is_written_and_read_back_and_goes_on(tmp_path):
    vectors = _vectors(3, 6)
    index = _index(vectors[1:], [3, 1, 4, 15, 9])
    index.remove([1])
    index.save(tmp_path / "v")
    again = VectorIndex.load(tmp_path / "v")
    assert again.search(vectors[0], 9) == index.search(vectors[0], 9)
    again.put([1, 3], *as_bytes(vectors[:2]))
    again.remove([15])
    assert [id for id, _s in again.search(vectors[0], 1)] == [1]
    assert VectorIndex.load(tmp_path / "v").search(vectors[0], 9) == index.search(vectors[0], 9)


def test_nothing_is_found_in_nothing_and_a_wrong_shape_is_refused():
    index = VectorIndex(DIMENSIONS)
    assert index.search(_vectors(1, 1)[0], 5) == []
    assert index.cosines(_vectors(1, 1)[0], [1]) == {}
    with pytest.raises(ValueError, match="2 vectors of 48 numbers"):
        index.put([1, 2], *as_bytes(_vectors(1, 1)))


def test_bytes_give_the_vector_back_within_half_a_step():
    vectors = _vectors(5, 20)
    numbers, scales = as_bytes(vectors)
    assert np.abs(as_floats(numbers, scales) - vectors).max() <= scales.max() / 2 + 1e-7
    assert as_bytes(np.zeros((1, 3), np.float32))[0].tolist() == [[0, 0, 0]]
