"""Whole-text checks: empty, untranslated, language, length, glossary; and the folding under all."""

import pytest

from medixchange.translation.checks import (
    Pair,
    Severity,
    Term,
    glossary,
    language,
    length,
    run,
    untranslated,
)
from medixchange.translation.checks.text import view

LANGUAGES = {
    "id": "Cuci tangan Anda dengan sabun dan air mengalir sebelum menyentuh pasien.",
    "ms": "Basuh tangan anda dengan sabun dan air bersih sebelum menyentuh pesakit itu.",
    "sw": "Osha mikono yako kwa sabuni na maji safi kabla ya kumgusa mgonjwa.",
    "am": "ታካሚውን ከመንካትዎ በፊት እጅዎን በሳሙናና በውሃ ይታጠቡ።",
    "ti": "ቅድሚ ነቲ ሕሙም ምትንካፍካ ኢድካ ብሳሙናን ማይን ተሓጸብ።",
    "rw": "Karaba intoki n’isabune n’amazi meza mbere yo gukora ku murwayi.",
    "fr": "Lavez-vous les mains à l’eau et au savon avant de toucher le patient.",
    "pt": "Lave as mãos com água e sabão antes de tocar no paciente.",
    "ru": "Мойте руки с мылом перед тем, как прикоснуться к пациенту.",
    "zh": "接触患者前请用肥皂和流动水洗手。",
    "ar": "اغسل يديك بالماء والصابون قبل لمس المريض.",
    "fa": "پیش از لمس بیمار دست‌های خود را با آب و صابون بشویید.",
    "hi": "रोगी को छूने से पहले अपने हाथ साबुन और पानी से धोएं।",
}
ENGLISH = "Wash your hands with soap and clean water before you touch the patient."


@pytest.mark.parametrize("tag", LANGUAGES)
def test_a_text_in_its_language_is_no_finding(tag: str) -> None:
    assert language.check(Pair(ENGLISH, LANGUAGES[tag], "en", tag)) == []


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("zh", ENGLISH),
        ("ru", ENGLISH),
        ("id", LANGUAGES["ru"]),
        ("ar", LANGUAGES["hi"]),
        ("am", LANGUAGES["zh"]),
    ],
)
def test_the_wrong_script_blocks(tag: str, text: str) -> None:
    assert [f.severity for f in language.check(Pair("x", text, "en", tag))] == [Severity.BLOCK]


@pytest.mark.parametrize(
    ("tag", "text", "severity"),
    [
        ("id", ENGLISH, Severity.BLOCK),
        ("id", LANGUAGES["fr"], Severity.WARN),
        ("fr", LANGUAGES["sw"], Severity.WARN),
    ],
)
def test_another_language_is_noticed(tag: str, text: str, severity: Severity) -> None:
    assert [f.severity for f in language.check(Pair(ENGLISH, text, "en", tag))] == [severity]


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("zh", "COVID-19"),
        ("zh", "N95"),
        ("ru", "ECMO"),
        ("ar", "remdesivir"),
        ("id", "Remdesivir, lopinavir dan ritonavir"),
        ("xx", "Whatever this may be, nobody can know it here."),
    ],
)
def test_names_and_unknown_tags_are_no_sign_of_a_language(tag: str, text: str) -> None:
    assert language.check(Pair(text, text, "en", tag)) == []


def test_an_empty_target_is_the_only_finding() -> None:
    findings = run(Pair("Give 5 mg.", " \u200b", "en", "fr"))
    assert [(f.check, f.severity, f.source_span) for f in findings] == [
        ("empty", Severity.BLOCK, (0, 10))
    ]
    assert run(Pair("", "", "en", "fr")) == []


@pytest.mark.parametrize(
    ("source", "severities"),
    [
        (ENGLISH, [Severity.BLOCK]),
        ("fever", [Severity.WARN]),
        ("COVID-19", []),
        ("500 mg", []),
        ("John Snow", []),
    ],
)
def test_a_copied_source(source: str, severities: list[Severity]) -> None:
    assert [f.severity for f in untranslated.check(Pair(source, source, "en", "fr"))] == severities
    assert untranslated.check(Pair(source, source, "pt", "pt-BR")) == []


def test_length_is_measured_against_the_habit_of_the_language() -> None:
    assert length.check(Pair(ENGLISH, LANGUAGES["zh"], "en", "zh")) == []
    assert [f.severity for f in length.check(Pair(ENGLISH, "Lavez.", "en", "fr"))] == [
        Severity.WARN
    ]
    assert length.check(Pair("No", "En aucune façon", "en", "fr")) == []


def test_an_agreed_term_must_be_used() -> None:
    terms = [Term("hand hygiene", ["hygiène des mains"]), Term("mask", ["masque", "pelitup"])]
    used = Pair("Hand hygiene and masks", "Hygiène des mains, masques", "en", "fr", terms)
    assert glossary.check(used) == []
    other = Pair("Good hand hygiene", "Mains propres", "en", "fr", terms)
    assert [(f.severity, f.source_span, dict(f.params)) for f in glossary.check(other)] == [
        (Severity.WARN, (5, 17), {"source": "hand hygiene", "targets": "hygiène des mains"})
    ]
    assert glossary.check(Pair("unmasked", "découvert", "en", "fr", terms)) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("１２３", "123"),
        ("۱۲٪", "12%"),
        ("5\u00a0\u00b5g", "5 \u00b5g"),
        ("5 \u03bcg", "5 \u00b5g"),
        ("e\u0301", "\u00e9"),
        ("a\u200bb\u00ad", "ab"),
        ("<g1>5</g1>0", "50"),
        ("a<x1/>b", "a b"),
        ("CO₂", "CO2"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    seen = view(text)
    assert seen.text == folded
    assert len(seen.lower) == len(seen.text) == len(seen.starts) == len(seen.ends)


def test_folding_finds_the_way_back() -> None:
    text = "a\u200b<g1>e\u0301</g1>x"
    seen = view(text)
    assert seen.text == "a\u00e9x"
    assert [text[slice(*seen.span(i, i + 1))] for i in range(3)] == ["a", "e\u0301", "x"]
    assert view("").span(0, 0) == (0, 0)
