"""Nobody finds a trace of what they may not read, and what ends, ends at once."""

import pytest

from medixchange.core import searchable
from medixchange.core.models import Touched
from medixchange.guidelines import actions as guidelines
from medixchange.network import actions as network
from medixchange.network.models import Member, Role
from medixchange.search import queries
from medixchange.search.actions import taking_in
from medixchange.search.queries import Results, Wanted, answering
from tests.guidelines.conftest import small_document
from tests.search.conftest import kept, of


def search(text: str, viewer: Member | None = None, **more: object) -> Results:
    # As at each request: a member read anew, so that nothing is remembered of the one before.
    viewer = Member.objects.get(pk=viewer.pk) if viewer is not None else None
    return queries.search(Wanted(text, **{"language": "en", **more}), viewer)  # type: ignore[arg-type]


def found(results: Results) -> list[str]:
    return sorted(hit.place for hit in results.hits)


@pytest.fixture
def secret(notebook, cast):
    """A page for all and one for the hospital's people, which alone says zanamivir."""
    notebook.write("open", "Oxygen for all patients.", country="FR", topics=("oxygen",))
    notebook.write(
        "ours", "Oxygen and zanamivir, as our ward does it.", language="id",
        audience=of(cast.hospital), country="ID", topics=("secrets",),
    )  # fmt: skip
    taking_in.catch_up()
    return notebook


def test_who_belongs_to_the_organisation_finds_it_and_others_no_trace(secret, cast):
    for viewer in (cast.coordinator, cast.translator):
        results = search("oxygen", viewer)
        assert found(results) == ["open", "ours"]
        assert results.total == 2
        assert {facet.value for facet in results.facets["topics"]} == {"oxygen", "secrets"}
    for viewer in (None, cast.outsider, cast.outside_clinician, cast.staff,
                   cast.unverified_clinician):  # fmt: skip
        results = search("oxygen", viewer)
        assert found(results) == ["open"]
        assert results.total == 1
        assert {
            name: [(facet.value, facet.count) for facet in some]
            for name, some in results.facets.items()
        } == {
            "kinds": [("note", 1)],
            "countries": [("FR", 1)],
            "said_in": [("en", 1)],
            "topics": [("oxygen", 1)],
        }


def test_nobody_is_offered_a_word_that_only_others_may_read(secret, cast):
    inside = search("zanamivr", cast.coordinator)
    assert "ours" in found(inside) or inside.suggestion == "zanamivir"
    outside = search("zanamivr", cast.outsider)
    assert (outside.hits, outside.suggestion) == ([], "")
    assert (outside.total, outside.is_good) == (0, False)


def test_the_word_itself_finds_nothing_for_others(secret, cast):
    assert found(search("zanamivir", cast.coordinator)) == ["ours"]
    outside = search("zanamivir", cast.outside_clinician)
    assert (outside.hits, outside.total, outside.suggestion) == ([], 0, "")


def test_a_filter_opens_no_door(secret, cast):
    for narrowed in ({"topics": ("secrets",)}, {"countries": ("ID",)}, {"said_in": ("id",)}):
        results = search("oxygen", cast.outsider, **narrowed)
        assert (results.hits, results.total) == ([], 0)
        assert {facet.value for some in results.facets.values() for facet in some} <= {
            "note", "FR", "en", "oxygen", *(value for some in narrowed.values() for value in some),
        }  # fmt: skip
        assert all(
            facet.count == 0 for some in results.facets.values() for facet in some if facet.chosen
        )


def test_the_source_is_never_asked_for_what_a_viewer_may_not_find(secret, cast):
    search("oxygen", cast.outsider)
    assert secret.asked == ["open"]


def test_a_membership_that_ended_ends_it_at_the_next_search(secret, cast):
    assert found(search("zanamivir", cast.clinician)) == ["ours"]
    network.end_role(membership=cast.clinician.memberships.get(), by=None)
    assert found(search("zanamivir", cast.clinician)) == []


def test_a_role_that_is_given_opens_it_at_the_next_search(secret, cast):
    assert found(search("zanamivir", cast.outsider)) == []
    network.give_role(
        member=cast.outsider, organisation=cast.hospital, role=Role.CLINICIAN, by=None
    )
    assert found(search("zanamivir", cast.outsider)) == ["ours"]


def test_a_page_that_becomes_an_organisations_own_is_gone_for_the_others(secret, cast):
    secret.write("open", "Oxygen for all patients.", audience=of(cast.hospital))
    assert found(search("oxygen", cast.outsider)) == []
    assert found(search("oxygen", cast.coordinator)) == ["open", "ours"]


def test_what_is_withdrawn_is_gone_at_once_even_before_it_is_taken_in(secret, cast, monkeypatch):
    """As when so much waits that a search cannot take all of it in first."""
    secret.write("second", "Oxygen, second page.", topics=("second",), country="KE")
    assert found(search("oxygen")) == ["open", "second"]
    secret.erase("second")
    monkeypatch.setattr(answering, "_catch_up", lambda: True)
    results = search("oxygen")
    assert Touched.objects.exists()
    assert found(results) == ["open"]
    assert results.total == 1
    assert [facet.value for facet in results.facets["topics"]] == ["oxygen"]
    assert [facet.value for facet in results.facets["countries"]] == ["FR"]


def test_what_no_note_told_of_is_not_shown_either(secret):
    """A source that forgot to note its change: the card decides."""
    del secret.pages["open"]
    results = search("oxygen")
    assert (results.hits, results.total) == ([], 0)


def test_a_withdrawn_guideline_is_gone_from_answers_and_index(cast, notebook):
    revision = guidelines.add_guideline(
        document=small_document(), slug="hands", owner=cast.hospital, by=cast.coordinator
    )
    assert search("touch your face").total == 0
    edition = guidelines.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    first = search("touch your face").hits[0]
    assert first.card.text.endswith("Do not touch your face.")
    guidelines.withdraw(edition=edition, reason="Wrong.", by=cast.coordinator)
    results = search("touch your face")
    assert (results.hits, results.total, results.suggestion) == ([], 0, "")
    assert not any(results.facets.values())
    assert kept("guideline") == {}


def test_a_source_that_is_gone_says_nothing_any_more(secret):
    searchable.unregister("note")
    assert search("oxygen").total == 0
