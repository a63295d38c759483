"""What must hold for any text at all."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medixchange.translation.checks import Pair, Severity, run

TAGS = ("en", "id", "zh", "ar", "hi", "sw", "am", "my", "fr", "ru", "xx", "")
# Letters that the readers care about, beside any other character.
TEXTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("0123456789٣५፩一二万百.,:/-%° mgkµL<>gx/{}()'s\u00ad\u200b\u0301½⁹"),
    ),
    max_size=80,
)
DOSES = {
    "en": "Give {} mg per day.",
    "fr": "Donner {} mg par jour.",
    "id": "Beri {} mg per hari.",
    "zh": "每日{}毫克。",
    "ar": "أعط {} ملغ يوميا.",
    "hi": "प्रतिदिन {} मिलीग्राम दें।",
    "ru": "Давайте {} мг в день.",
    "sw": "Mpe mg {} kwa siku.",
}


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS, st.sampled_from(TAGS), st.sampled_from(TAGS))
def test_no_text_raises_and_marks_stay_inside(
    source: str, target: str, source_language: str, language: str
) -> None:
    for finding in run(Pair(source, target, source_language, language)):
        assert finding.message
        for span, text in ((finding.source_span, source), (finding.target_span, target)):
            assert span is None or 0 <= span[0] <= span[1] <= len(text)


@settings(deadline=None)
@given(
    st.lists(st.decimals(0, 10**7, places=2, allow_nan=False).map(str), min_size=1, max_size=6),
    st.sampled_from(sorted(DOSES)),
)
def test_equal_numbers_never_block(numbers: list[str], language: str) -> None:
    target = ", ".join(numbers)
    findings = run(Pair(target, target, "en", language))
    assert not [f for f in findings if f.severity is Severity.BLOCK]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 99_999), st.data(), st.sampled_from(sorted(set(DOSES) - {"en"})))
def test_a_changed_digit_of_a_dose_is_always_found(
    dose: int, data: st.DataObject, language: str
) -> None:
    right = str(dose)
    at = data.draw(st.integers(0, len(right) - 1))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != right[at]]))
    wrong = right[:at] + digit + right[at + 1 :]
    source = DOSES["en"].format(right)
    assert run(Pair(source, DOSES[language].format(right), "en", language)) == []
    findings = run(Pair(source, DOSES[language].format(wrong), "en", language))
    assert any(f.check == "numbers" and f.severity is Severity.BLOCK for f in findings)


@pytest.mark.parametrize(
    "unit",
    ["a ", "1", "1 ", "1.", "1,234,", "123 ", "e\u0301", "<g1>", "<g1>5</g1>", "http://", "a@",
     "%(", "{a.", "一二三万", "不2毫克", "नहीं 5 मिलीग्राम ", "10⁹", "1-", "a\u200d", "(",
     "5 million "],
)  # fmt: skip
def test_long_text_takes_time_in_proportion(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * length)[:length]
        started = time.process_time()
        run(Pair(text, "y 7 " + text, "en", "id"))
        return time.process_time() - started

    seconds(100)
    short, long = seconds(10_000), seconds(100_000)
    # Ten times the text; a quadratic check would take a hundred times as long.
    assert long < max(30 * short, 1.0)
    assert long < 6
