"""What waits for a second person, also where there is much of it."""

from medixchange.translation import actions, queries
from medixchange.translation.models import Translation
from medixchange.translation.states import Origin, Status


def test_more_machine_wordings_wait_than_one_statement_may_name(db):
    segments = actions.ensure_segments((f"Sentence {n}." for n in range(1_100)), language="en")
    Translation.objects.bulk_create(
        Translation(
            segment=segment,
            language="id",
            text=f"Kalimat {segment.pk}.",
            status=Status.MACHINE,
            origin=Origin.ENGINE,
            origin_name="engine 1",
        )
        for segment in segments
    )
    rows = queries.waiting([segment.pk for segment in segments], "id", machine=True)
    assert [row.segment.text for row in rows] == [f"Sentence {n}." for n in range(1_100)]
