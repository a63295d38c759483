"""Labels narrow and count exactly as a walk over all passages would."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from medixchange.search.retrieval.entries import Entry, Narrow
from medixchange.search.retrieval.labels import Labels

NAMES = ("audience", "topics")
_VALUES = st.lists(st.sampled_from("abc"), max_size=3).map(tuple)
_ENTRIES = st.lists(
    st.builds(
        lambda id, audience, topics, day: Entry(
            id, "en", "", labels={"audience": audience, "topics": topics}, day=day
        ),
        st.integers(1, 30),
        _VALUES,
        _VALUES,
        st.integers(1, 5),
    ),
    max_size=20,
)
_WANTED = st.sets(st.sampled_from("abcd"))
_NARROW = st.builds(
    Narrow,
    st.lists(st.dictionaries(st.sampled_from(NAMES), _WANTED, max_size=2), max_size=2).map(tuple),
    st.integers(0, 6),
)


@given(_ENTRIES, st.sets(st.integers(1, 30)), _NARROW)
def test_the_mask_is_what_each_passage_says_of_itself(entries, removed, narrow):
    labels = Labels(NAMES)
    labels.put(entries)
    labels.remove(removed)
    there = {entry.id: entry for entry in entries}
    for id in removed:
        there.pop(id, None)
    expected = {
        id
        for id, entry in there.items()
        if entry.day >= narrow.since
        and all(
            set(entry.labels[name]) & set(values)
            for condition in narrow.any_of
            for name, values in condition.items()
        )
    }
    assert set(labels.mask(narrow).nonzero()[0].tolist()) == expected
    assert len(labels) == len(there)
    counted = Counter(value for id in expected for value in set(there[id].labels["topics"]))
    assert labels.count(expected, "topics") == counted


def test_they_are_written_and_read_back(tmp_path):
    labels = Labels(NAMES)
    labels.put([Entry(7, "en", "", labels={"topics": ("b", "a")}, day=3)])
    labels.save(tmp_path / "labels")
    again = Labels.load(tmp_path / "labels")
    assert again.of(7, "topics") == ("a", "b")
    assert again.day(7) == 3
    again.put([Entry(8, "en", "", labels={"topics": ("c",)})])
    assert again.mask(Narrow(({"topics": "ac"},))).nonzero()[0].tolist() == [7, 8]
    assert len(Labels.load(tmp_path / "labels")) == 1
