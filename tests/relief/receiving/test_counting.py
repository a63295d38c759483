"""What a count means, whatever was said: nothing is lost, made up, or taken twice."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.actions.counting import Finding, Left, OpenLine, sort_out
from medixchange.relief.models import Box, Item, Lot, Outcome

ITEM = Item(pk=1, code="mask")
LOTS = [Lot(pk=pk, item=ITEM, number=f"M{pk}") for pk in range(1, 5)]
BOXES = [Box(pk=pk, number=pk) for pk in range(1, 4)]
#: Lots that are on the packing list; the others are not.
LISTED = LOTS[:3]
UNFIT = {2: "expired"}

counts = st.lists(
    st.builds(
        Finding,
        lot=st.sampled_from(LOTS),
        quantity=st.integers(1, 60),
        outcome=st.sampled_from(Outcome),
        box=st.sampled_from([None, *BOXES]),
    ),
    max_size=8,
)
lefts = st.fixed_dictionaries(
    {
        lot.pk: st.tuples(st.integers(0, 50), st.integers(0, 50)).map(
            lambda pair: Left(sum(pair), pair[1])
        )
        for lot in LISTED
    }
)


def sums(rows, *outcomes):
    total = Counter()
    for row in rows:
        if row.outcome in outcomes:
            total[row.lot.pk] += row.quantity
    return total


HERE = [outcome for outcome in Outcome if outcome != Outcome.MISSING]
TAKEN = (Outcome.ACCEPTED, Outcome.DAMAGED, Outcome.QUARANTINED)
APART = (Outcome.EXCESS, Outcome.WRONG)


@given(said=counts, left=lefts, complete=st.booleans())
def test_a_count_is_neither_lost_nor_made_up(said, left, complete):
    lines = [
        OpenLine(box, lot, 30, max(0, left[lot.pk].quantity - left[lot.pk].missing) // 3)
        for lot in LISTED
        for box in BOXES
    ]
    found, problems = sort_out(
        said, left=left, unfit=lambda lot: UNFIT.get(lot.pk, ""), lines=lines, complete=complete
    )
    # What was there is there, whatever it is called now.
    assert sums(found, *HERE) == sums(said, *HERE)
    taken, apart = sums(found, *TAKEN), sums(found, *APART)
    missing, stated = sums(found, Outcome.MISSING), sums(said, Outcome.MISSING)
    for lot in LOTS:
        if lot.pk not in left:
            assert taken[lot.pk] == missing[lot.pk] == 0
            continue
        here = left[lot.pk]
        # No more is taken than there is, and nothing is set apart while the list has room.
        assert taken[lot.pk] <= here.quantity
        assert not apart[lot.pk] or taken[lot.pk] == here.quantity
        # Nothing is missing that was taken, or that a case has down as missing already.
        free = max(0, here.quantity - taken[lot.pk] - here.missing)
        if not problems:
            assert missing[lot.pk] == (free if complete else stated[lot.pk])
        assert missing[lot.pk] <= free
    for row in found:
        assert row.quantity > 0
        if row.lot.pk in UNFIT:
            assert row.outcome != Outcome.ACCEPTED
        if row.outcome == Outcome.MISSING and row.box and row.why:
            (line,) = [each for each in lines if (each.box, each.lot) == (row.box, row.lot)]
            assert row.quantity <= line.open
    # Damaged goods are never turned into good ones.
    good = sums(found, Outcome.ACCEPTED)
    said_good = sums(said, Outcome.ACCEPTED, Outcome.EXCESS, Outcome.WRONG)
    assert all(good[pk] <= said_good[pk] for pk in good)


@given(said=counts, left=lefts, complete=st.booleans())
def test_the_order_of_the_lines_does_not_matter(said, left, complete):
    def outcome(rows):
        found, problems = sort_out(
            rows, left=left, unfit=lambda lot: UNFIT.get(lot.pk, ""), complete=complete
        )
        return [sums(found, each) for each in Outcome if each not in APART], len(problems) > 0

    assert outcome(said)[0][:2] == outcome(said[::-1])[0][:2]
