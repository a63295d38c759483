"""Numbers: what counts as the same, and where the marks fall when it is not."""

import pytest

from medixchange.translation.checks import Finding, Pair, Severity
from medixchange.translation.checks.numbers import check, chinese
from medixchange.translation.checks.numbers.scan import ethiopic

SAME = [
    # Marks of decimals and thousands
    ("en", "fr", "1,200.5 kg of rice", "1 200,5 kg de riz"),
    ("en", "id", "rate per 100,000 patients", "angka per 100.000 pasien"),
    ("en", "hi", "1,200,000 people", "12,00,000 लोग"),
    ("en", "ar", "5.8% of 1,200", "٥٫٨٪ من ١٬٢٠٠"),
    ("en", "fa", "5.8% of cases", "۵/۸ درصد موارد"),
    # Scripts of digits
    ("en", "my", "Wait 14 days", "၁၄ ရက် စောင့်ပါ"),
    ("en", "km", "Wait 14 days", "រង់ចាំ ១៤ ថ្ងៃ"),
    ("en", "ta", "Wait 14 days", "௧௪ நாட்கள் காத்திருங்கள்"),
    ("en", "bn", "Wait 14 days", "১৪ দিন অপেক্ষা করুন"),
    ("en", "am", "Give 19 tablets", "፲፱ ክኒን ስጥ"),
    ("en", "zh", "500 mg", "５００毫克"),
    # Words for numbers
    ("en", "fr", "a 2-week supply", "une réserve de deux semaines"),
    ("en", "zh", "2 tablets", "两片药"),
    ("en", "zh", "25 patients", "二十五名患者"),
    ("en", "zh", "twenty-five patients", "25名患者"),
    ("en", "sw", "three hospitals", "hospitali 3"),
    ("en", "ar", "2 days", "يومين"),
    ("en", "fr", "two tablets", "deux comprimés"),
    ("en", "id", "twenty-three beds", "dua puluh tiga tempat tidur"),
    ("en", "ru", "5 nurses", "пять медсестёр"),
    ("en", "es", "half of the patients", "el 50 % de los pacientes"),
    ("en", "fr", "½ tablet", "un demi-comprimé"),
    ("en", "es", "0.5 tablets", "½ comprimido"),
    ("en", "zh", "one third of patients", "1/3的患者"),
    # Words of size
    ("en", "hi", "1.2 million people", "12 लाख लोग"),
    ("en", "zh", "4 million people", "400万人"),
    ("en", "zh", "122,653 cases", "12.2653万例"),
    ("en", "sw", "4 million people", "watu milioni 4"),
    ("en", "es", "2.6 billion dollars", "2600 millones de dólares"),
    ("en", "ru", "per 100,000", "на 100 тыс."),
    ("en", "zh", "26 to 32 thousand", "2.6到3.2万"),
    # Dates, decades, times, ranges
    ("en", "zh", "On January 20 at 8 p.m.", "1月20日20:00"),
    ("zh", "en", "2020年1月20日", "January 20, 2020"),
    ("en", "ru", "28 March 2020", "28.03.2020"),
    ("en", "id", "March 28, 2020", "28/03/2020"),
    ("en", "zh", "in the 1930s", "在20世纪30年代"),
    ("en", "fr", "in the 1930s", "dans les années 30"),
    ("en", "fr", "at 8:30 p.m.", "à 20 h 30"),
    ("en", "fr", "2018-2019", "2018-19"),
    ("en", "pt", "5-10 mg", "de 5 a 10 mg"),
    # Labels, Roman numerals, names, powers
    ("en", "zh", "1. Wash your hands.", "一、洗手。"),
    ("zh", "en", "（2）有接触史；", "1.1.2 A history of contact;"),
    ("en", "id", "Type II diabetes", "Diabetes tipe 2"),
    ("en", "zh", "patients with COVID-19", "新冠患者"),
    ("en", "fr", "SpO2 of 94%", "une SpO₂ de 94 %"),
    ("en", "fr", "10⁹ cells", "10^9 cellules"),
]
DIFFERENT = [
    ("en", "id", "Give 1.5 mg", "Beri 15 mg", (5, 8), (5, 7)),
    ("en", "id", "1.250 mg", "12,50 mg", (0, 5), (0, 5)),
    ("en", "fr", "0.5 mL", "0,05 mL", (0, 3), (0, 4)),
    ("en", "fr", "4 million people", "4 mille personnes", (0, 9), (0, 7)),
    ("en", "zh", "4 million people", "400亿人", (0, 9), (0, 4)),
    ("en", "sw", "4 million people", "watu milioni 5", (0, 9), (5, 14)),
    ("en", "fr", "with COVID-19", "avec la COVID-18", (11, 13), (14, 16)),
    ("en", "es", "virus HKU1", "virus HKU2", (9, 10), (9, 10)),
    ("en", "ar", "94 patients", "٩٥ مريضا", (0, 2), (0, 2)),
    ("en", "am", "19 tablets", "፲፰ ክኒን", (0, 2), (0, 2)),
    ("en", "zh", "3 times", "四次", (0, 1), None),
    ("en", "zh", "January 20", "2月20日", None, (0, 1)),
    ("en", "fr", "18 to 64 years", "18 à 18 ans", (6, 8), (5, 7)),
    ("en", "hi", "two of 7 beds", "7 में से 3 बिस्तर", None, (9, 10)),
    # Words on both sides
    ("en", "fr", "two tablets", "trois comprimés", (0, 3), (0, 5)),
    ("en", "zh", "two tablets", "三片药", (0, 3), (0, 1)),
    ("id", "en", "dua tablet", "three tablets", (0, 3), (0, 5)),
    # Words that happen to say the wrong number explain nothing.
    ("en", "fr", "since March 1", "depuis le 3 mars", (12, 13), (10, 11)),
    ("en", "fr", "two thirds of 1a and 1b", "deux tiers de 3a et 1b", (21, 22), (14, 15)),
    # A soft hyphen inside, a tag inside, and decomposed letters before: marks fall on the original.
    ("en", "fr", "5\u00ad0 lits", "40 lits", (0, 3), (0, 2)),
    ("en", "fr", "<g1>5</g1>0 beds", "<g1>4</g1>0 lits", (4, 11), (4, 11)),
    ("en", "fr", "e\u0301te\u0301 50", "e\u0301te\u0301 60", (6, 8), (6, 8)),
]


@pytest.mark.parametrize(("source_language", "language", "source", "target"), SAME)
def test_the_same_number_said_otherwise_is_no_finding(
    source_language: str, language: str, source: str, target: str
) -> None:
    assert check(Pair(source, target, source_language, language)) == []


@pytest.mark.parametrize(
    ("source_language", "language", "source", "target", "here", "there"), DIFFERENT
)
def test_another_number_blocks_and_is_marked_on_both_sides(
    source_language: str,
    language: str,
    source: str,
    target: str,
    here: tuple[int, int] | None,
    there: tuple[int, int] | None,
) -> None:
    findings = check(Pair(source, target, source_language, language))
    assert [(f.severity, f.source_span, f.target_span) for f in findings] == [
        (Severity.BLOCK, here, there)
    ]


def test_a_lost_and_an_added_number_are_told_in_plain_words() -> None:
    changed, *_rest = check(Pair("Give 5 mg.", "Donner 7 mg.", "en", "fr"))
    lost, *_rest = check(Pair("Take 7 pills.", "Prenez des pilules.", "en", "fr"))
    added, *_rest = check(Pair("Take the pills.", "Prenez 7 pilules.", "en", "fr"))
    assert [_text(f) for f in (changed, lost, added)] == [
        "The number 5 reads 7 in the translation.",
        "The number 7 has no counterpart in the translation.",
        "The translation has the number 7, which the source does not have.",
    ]


def _text(finding: Finding) -> str:
    return str(finding.template) % dict(finding.params)


def test_a_number_said_once_less_is_no_finding() -> None:
    assert check(Pair("5 mg now, 5 mg later", "5 mg maintenant et plus tard", "en", "fr")) == []


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("二十五", 25),
        ("十", 10),
        ("一百二十", 120),
        ("三千二百万", 32_000_000),
        ("一亿三千万", 130_000_000),
        ("二〇二〇", 2020),
        ("两万", 20_000),
        ("一" * 40, None),
    ],
)
def test_chinese_numerals(run: str, value: int | None) -> None:
    assert chinese.parse(run) == value


@pytest.mark.parametrize(
    ("run", "value"),
    [("፩", 1), ("፲፱", 19), ("፻", 100), ("፪፻፶", 250), ("፳፻፲፪", 2012), ("፼", 10_000)],
)
def test_ethiopic_numerals(run: str, value: int) -> None:
    assert ethiopic(run) == value
