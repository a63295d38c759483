"""Units and rates."""

import pytest

from medixchange.translation.checks import Pair, Severity
from medixchange.translation.checks.units import check

SAME = [
    ("en", "fr", "Give 5 mg/kg/day", "Donner 5 mg/kg/jour"),
    ("en", "hi", "5 mg/kg/day", "5 मिग्रा/किग्रा/दिन"),
    ("en", "ar", "5 mg/kg", "5 ملغ/كغ"),
    ("en", "zh", "6-8 mL/kg of ideal weight", "6-8毫升/公斤理想体重"),
    ("en", "ru", "250 mcg in the morning", "250 мкг утром"),
    ("en", "sw", "5.8 percent", "asilimia 5.8"),
    ("en", "so", "5.8 percent", "boqolkiiba 5.8"),
    ("en", "zh", "56°C for 30 minutes", "56℃ 30分钟"),
    ("en", "sw", "38.5 °C", "nyuzi joto 38.5"),
    ("en", "fr", "2-8 °C", "2 à 8 °C"),
    ("en", "zh", "Keep at -20 °C", "零下20℃保存"),
    ("en", "fr", "60 bpm", "60 battements par minute"),
    ("en", "ru", "in 2020", "в 2020 г."),
    ("en", "es", "the 5G network of 2020", "la red 5G de 2020"),
    ("en", "zh", "10 kg", "10千克"),
]
DIFFERENT = [
    ("en", "fr", "Give 5 mg now", "Donner 5 g", (5, 9), (7, 10)),
    ("en", "zh", "500 mg", "500微克", (0, 6), (0, 5)),
    ("en", "sw", "500 mg", "gramu 500", (0, 6), (0, 9)),
    ("en", "ar", "250 mL", "250 لتر", (0, 6), (0, 7)),
    ("en", "ru", "14 days", "14 недель", (0, 7), (0, 9)),
    ("en", "hi", "38 °C", "38 डिग्री फ़ारेनहाइट", (0, 5), (0, 20)),
    ("en", "fr", "90% humidity", "90 d’humidité", (0, 3), (0, 2)),
    ("en", "fr", "Keep at -20 °C", "Garder à 20 °C", (9, 14), (9, 14)),
    ("en", "pt", "15 mg/kg", "15 mg", (5, 8), None),
    ("en", "id", "15 mg per day", "15 mg per jam", (10, 13), (10, 13)),
]


@pytest.mark.parametrize(("source_language", "language", "source", "target"), SAME)
def test_the_same_unit_said_otherwise_is_no_finding(
    source_language: str, language: str, source: str, target: str
) -> None:
    assert check(Pair(source, target, source_language, language)) == []


@pytest.mark.parametrize(
    ("source_language", "language", "source", "target", "here", "there"), DIFFERENT
)
def test_another_unit_blocks_and_is_marked(
    source_language: str,
    language: str,
    source: str,
    target: str,
    here: tuple[int, int] | None,
    there: tuple[int, int] | None,
) -> None:
    findings = check(Pair(source, target, source_language, language))
    assert findings
    assert {f.severity for f in findings} == {Severity.BLOCK}
    assert (findings[0].source_span, findings[0].target_span) == (here, there)


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("Give 5 mg/kg to the patient today.", "Berikan 5 mg/kg kepada pasien hari ini.", "id"),
        (
            "Ten litres of chlorine solution from bleach with 5% sodium hypochlorite",
            "عشرة لترات من محلول الكلور المحضَّر من مبيّض يحتوي على 5% من هيبوكلوريت الصوديوم",
            "ar",
        ),
        ("Give 20 mmol of potassium.", "أعط 20 mmol من البوتاسيوم.", "ar"),
    ],
)
def test_a_word_that_only_looks_like_a_day_is_none(source: str, target: str, language: str) -> None:
    assert check(Pair(source, target, "en", language)) == []


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("Give 100 mg bid.", "给予100mg bid。", "zh"),
        ("Give 5 mg qd.", "Berikan 5 mg sekali sehari.", "id"),
    ],
)
def test_the_abbreviations_of_prescribers_are_read_in_every_language(
    source: str, target: str, language: str
) -> None:
    assert check(Pair(source, target, "en", language)) == []
    assert check(Pair(source.rsplit(" ", 1)[0] + ".", target, "en", language)) != []
