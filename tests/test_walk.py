"""The walk of docs/walk.md on real input: a protocol in Chinese, its English side as memory, and
sentences, terms and a patient guide in many languages."""

import csv

import pytest

from medixchange.guidelines import actions as guidelines
from medixchange.guidelines import queries
from medixchange.guidelines.documents.reading import read
from medixchange.network.models import Role
from medixchange.translation import actions, memory
from medixchange.translation import queries as translations
from medixchange.translation.glossary import keep_terms
from medixchange.translation.importing import import_memory
from medixchange.translation.interchange import Unit, read_glossary_tsv
from medixchange.translation.models import Translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def protocol(shared_data, tmp_path, cast):
    """The Chinese side as a guideline, brought in from Markdown."""
    source = shared_data / "guidelines" / "china_protocol7_zh_en.tsv"
    with source.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    blocks = []
    for row in rows:
        style, text = row["style"], row["zh"].replace("<br/>", "\n\n")
        level = int(style[1:]) if style.startswith("T") and style[1:].isdigit() else 0
        blocks.append(f"{'#' * level} {text}" if level else text)
    path = tmp_path / "protocol.md"
    path.write_text("\n\n".join(blocks), encoding="utf-8")
    revision = guidelines.add_guideline(
        document=read(path, language="zh", title="诊疗方案"),
        slug="protocol-7",
        owner=cast.hospital,
        by=cast.coordinator,
    )
    return revision, source


def test_a_chinese_protocol_is_read_in_english_after_review(protocol, cast, join, browser_of):
    revision, source = protocol
    translator = join("zh_translator", cast.hospital, Role.TRANSLATOR, reads=["zh", "en"])
    clinician = join("zh_clinician", cast.hospital, Role.CLINICIAN, reads=["zh", "en"])
    done = import_memory(source, source="zh", target="en", name="English side", by=None)
    assert done.taken == 241
    assert done.refused == []
    progress = queries.progress(revision, ["en"])["en"]
    assert progress.total > 300
    assert progress.machine / progress.total > 0.7

    # A near match stands beside what the memory does not know exactly.
    segments = queries.segments(revision)
    best = translations.best([s.pk for s in segments], "en")
    offered = [memory.suggestions(s, "en") for s in segments if s.pk not in best][:20]
    assert any(offered)

    # The translator takes one sentence as it is, the clinician signs it and one of the memory's.
    by_text = {segment.text: segment for segment in segments}
    first, second = by_text["（三）易感人群。"], by_text["人群普遍易感。"]
    row = actions.propose(
        segment=first,
        language="en",
        text=best[first.pk].text,
        by=translator,
        based_on=best[first.pk],
    )
    assert row.origin_name == "English side"
    actions.approve(translation=row, by=clinician)
    actions.approve(translation=best[second.pk], by=clinician)
    guidelines.publish(guideline=revision.guideline, language="en", by=cast.coordinator)
    page = browser_of(None).get("/guidelines/protocol-7/en/").content.decode()
    assert "2 of" in page
    assert "Susceptible groups" in page
    assert "English side" in page
    assert "<bdi>Zh_Clinician</bdi>" in page


def test_sentences_of_all_languages_are_taken(shared_data, db):
    english = shared_data / "tico19" / "en.tsv"
    others = sorted(
        path
        for path in (shared_data / "tico19").glob("*.tsv")
        if path.stem not in ("en", "terminology", "quality_flags")
    )
    assert len(others) > 25
    for path in others[::9]:
        done = import_memory(
            path, source="en", target=path.stem, name="TICO-19", by=None, source_file=english
        )
        assert done.taken + len(done.refused) == 971
        assert done.taken >= 970
    assert Translation.objects.filter(blocked=True).count() / Translation.objects.count() < 0.03


def test_terms_and_a_patient_guide_are_taken(shared_data, db):
    terms = [
        (row.source_text, row.target_text)
        for row in read_glossary_tsv(
            shared_data / "tico19" / "terminology.tsv", source="en", target="id"
        )
        if isinstance(row, Unit)
    ]
    assert keep_terms(terms, source="en", target="id", name="TICO-19") > 500
    guides = shared_data / "guidelines" / "dotw"
    done = import_memory(
        guides / "ind.xml",
        source="en",
        target="id",
        name="Patient guide",
        by=None,
        source_file=guides / "eng.xml",
    )
    assert done.taken >= 20
