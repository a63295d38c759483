"""What guidelines say to search: what is published, block by block, as each reader is shown it."""

import uuid

import pytest

from medixchange.core.models import Touched
from medixchange.guidelines import actions, queries
from medixchange.guidelines.models import Block, Edition, Passage, Revision
from medixchange.guidelines.searchable import Guidelines
from medixchange.translation import actions as translation
from medixchange.translation.models import Translation

SOURCE = Guidelines()


@pytest.fixture
def published(cast, revision, translate) -> Revision:
    """Published in English, where it was written, and in Indonesian, all of it approved."""
    actions.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    translate(revision)
    actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    return revision


def said(unit: str) -> dict[str, object]:
    return {one.text: one for one in SOURCE.said(unit)}


def unit_of(revision: Revision, language: str) -> str:
    return f"{revision.guideline_id}:{language}"


def test_what_is_not_published_says_nothing(revision):
    assert list(SOURCE.units()) == []
    assert list(SOURCE.said(unit_of(revision, "en"))) == []


def test_each_block_is_said_with_its_heading_and_place_in_every_edition(published):
    assert set(SOURCE.units()) == {unit_of(published, "en"), unit_of(published, "id")}
    english, indonesian = (said(unit_of(published, tag)) for tag in ("en", "id"))
    text = "Rub your hands for 20 to 30 seconds. Do not touch your face."
    assert set(english) == {
        "Hand hygiene", text, "Before you touch a patient", "After you touch a patient",
        "Step · Amount · Rub · 3 mL", "World Health Organization, 2009.",
    }  # fmt: skip
    one = english[text]
    other = indonesian["Gosok tangan selama 20 hingga 30 detik. Jangan sentuh wajah Anda."]
    assert one.place == other.place
    assert one.place.startswith("hands#b")
    assert (one.heading, other.heading) == ("Hand hygiene · When", "Kebersihan tangan · Kapan")
    assert (one.language, other.language) == ("en", "id")
    assert (one.said_in, other.said_in) == ("en", "en")
    assert (one.state, other.state) == ("original", "approved")
    assert one.is_evidence
    assert not english["Hand hygiene"].is_evidence
    assert (one.country, one.audience) == ("ID", "public")
    assert english["Hand hygiene"].place == "hands#"


def test_the_state_is_that_of_the_least_certain_sentence(cast, published):
    segment = Passage.objects.get(segment__text__startswith="Do ").segment
    translation.approve(
        translation=translation.propose(
            segment=segment, language="id", text="<g1>Jangan</g1> pegang wajah.",
            by=cast.translator,
        ),
        by=cast.clinician,
    )  # fmt: skip
    text = "Gosok tangan selama 20 hingga 30 detik. Jangan pegang wajah."
    assert said(unit_of(published, "id"))[text].state == "approved"
    approved = Translation.objects.get(segment=segment, language="id", status="approved")
    Translation.objects.filter(pk=approved.pk).update(status="machine")
    assert said(unit_of(published, "id"))[text].state == "machine"


def test_words_that_are_not_translated_are_not_said_in_that_language(published):
    Translation.objects.filter(segment__text__startswith="Do ").update(status="draft")
    assert "Gosok tangan selama 20 hingga 30 detik." in said(unit_of(published, "id"))


def test_publishing_withdrawing_and_every_new_wording_is_noted(cast, revision, translate):
    actions.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    assert units() == {("guideline", unit_of(revision, "en"))}
    Touched.objects.all().delete()
    translate(revision)
    assert {kind for kind, _unit in units()} == {"segment"}
    edition = actions.publish(guideline=revision.guideline, language="id", by=cast.coordinator)
    Touched.objects.all().delete()
    actions.withdraw(edition=edition, reason="Wrong.", by=cast.coordinator)
    assert units() == {
        ("guideline", unit_of(revision, "en")),
        ("guideline", unit_of(revision, "id")),
    }


def units() -> set[tuple[str, str]]:
    return set(Touched.objects.values_list("kind", "unit"))


def test_a_segment_is_held_by_the_editions_in_its_language(published):
    words = Passage.objects.filter(segment__text__startswith="Rub your").get().segment_id
    title = published.title_id
    assert SOURCE.holding([words], "id") == [unit_of(published, "id")]
    assert SOURCE.holding([title], "id") == [unit_of(published, "id")]
    assert SOURCE.holding([words], "fr") == []
    Edition.objects.filter(language="id").delete()
    assert SOURCE.holding([words], "id") == []


def places(revision: Revision) -> list[str]:
    return [one.place for one in SOURCE.said(unit_of(revision, "en"))]


def test_a_card_is_in_the_readers_language_with_who_stands_for_it(published):
    place = next(one.place for one in SOURCE.said(unit_of(published, "en")) if "20" in one.text)
    card = SOURCE.cards([place], "id", None)[place]
    assert card.text == "Gosok tangan selama 20 hingga 30 detik. Jangan sentuh wajah Anda."
    assert (card.language.tag, card.provenance.state) == ("id", "approved")
    assert card.provenance.organisation == "Hospital"
    assert (card.work, card.section, card.by) == ("Kebersihan tangan", "Kapan", "Hospital")
    assert card.address == f"/guidelines/hands/id/#{place.partition('#')[2]}"
    assert (card.made_for, card.source_changed) == ("ID", False)


def test_a_reader_of_another_language_is_shown_the_language_it_was_written_in(published):
    place = places(published)[2]
    card = SOURCE.cards([place], "fr", None)[place]
    assert (card.language.tag, card.provenance.state) == ("en", "original")
    assert card.address.startswith("/guidelines/hands/en/")


def test_where_only_a_translation_is_published_that_is_shown(cast, published):
    edition = Edition.objects.get(language="en")
    actions.withdraw(edition=edition, reason="Old.", by=cast.coordinator)
    place = next(one.place for one in SOURCE.said(unit_of(published, "id")))
    assert SOURCE.cards([place], "fr", None)[place].language.tag == "id"


def test_what_is_withdrawn_or_was_never_there_has_no_card(cast, published):
    there = places(published)
    wrong = ["hands#b0000000000", "hands#bnothex", "hands#x", "other#b0000000000", "", "#", "hands"]
    assert set(SOURCE.cards([*there, *wrong], "id", None)) == {*there, "hands"}
    for edition in Edition.objects.filter(withdrawn_at=None):
        actions.withdraw(edition=edition, reason="Wrong.", by=cast.coordinator)
    assert SOURCE.cards(there, "id", None) == {}


def test_cards_take_the_same_queries_for_one_place_and_all(
    published, django_assert_max_num_queries
):
    there = places(published)
    with django_assert_max_num_queries(14) as one:
        SOURCE.cards(there[2:3], "id", None)
    with django_assert_max_num_queries(len(one.captured_queries)):
        assert len(SOURCE.cards(there, "id", None)) == len(there)


def test_an_edition_of_an_older_source_says_so_of_the_blocks_that_changed(cast, published):
    newer = Revision.objects.create(guideline=published.guideline, number=2, title=published.title)
    for block in published.blocks.prefetch_related("passages"):
        passages = list(block.passages.all())
        Block.objects.filter(pk=block.pk)
        copy = Block.objects.get(pk=block.pk)
        copy.pk, copy.revision, copy._state.adding = None, newer, True
        copy.save()
        for passage in passages:
            passage.pk, passage.block, passage._state.adding = None, copy, True
            if passage.segment.text.startswith("Do "):
                (passage.segment,) = translation.ensure_segments(
                    ["Never touch your face."], language="en"
                )
            passage.save()
    assert queries.newest(published.guideline) == newer
    actions.publish(guideline=published.guideline, language="en", by=cast.coordinator)
    changed = {one.text for one in SOURCE.said(unit_of(published, "id")) if one.source_changed}
    assert changed == {"Gosok tangan selama 20 hingga 30 detik. Jangan sentuh wajah Anda."}
    assert not any(one.source_changed for one in SOURCE.said(unit_of(published, "en")))
    place = next(one.place for one in SOURCE.said(unit_of(published, "id")) if "20" in one.text)
    assert SOURCE.cards([place], "id", None)[place].source_changed
    assert not SOURCE.cards([place], "en", None)[place].source_changed


def test_an_identity_is_found_by_its_first_characters(published):
    block = published.blocks.get(kind="paragraph")
    for last in ("0" * 22, "f" * 22):
        Block.objects.filter(pk=block.pk).update(identity=uuid.UUID(block.identity.hex[:10] + last))
        place = f"hands#b{block.identity.hex[:10]}"
        assert place in SOURCE.cards([place], "en", None)
