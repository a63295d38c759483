"""Texts as the word index reads them, in every script, and the way back to the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.search.retrieval.analysis import analyse, guess, highlights, words
from medixchange.search.retrieval.analysis.folding import LONGEST, fold


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Washing hands stops infections.", "en", "washing hands stops infections"),
        ("patient’s 5mg/kg COVID19 H1N1", "en", "patient 5 mg kg covid 19 h1n1"),
        ("l’hôpital n'est pas sûr", "fr", "hopital est pas sur"),
        ("37,5 °C; 1,000 ml; 1.5", "en", "37.5 c 1000 ml 1.5"),
        ("ng'ombe ta’uu", "om", "ngombe tauu"),
        ("عَلَيْكُم الـمَـدرسة إلى ٣٧٫٥", "ar", "عليكم المدرسه الي 37.5"),
        ("بیمارستان کودک", "fa", "بيمارستان كودك"),
        ("ሐኪም፣ሠላም ዓለም", "am", "ሀኪም ሰላም አለም"),
        ("ＣＯＶＩＤ　患者", "zh", "covid 患者"),
        ("患者应经常洗手。", "zh", "患者 应 经常 洗手"),
        ("患者は頻繁に手を洗う", "ja", "患者 は 頻繁 に 手 を 洗う"),
        ("ผู้ป่วยควรล้างมือ", "th", "ผู้ ป่วย ควร ล้าง มือ"),
        ("អ្នកជំងឺត្រូវលាងដៃ", "km", "អ្នកជំងឺ ត្រូវ លាងដៃ"),
        ("လူနာများသည် လက်ဆေးရမည်", "my", "လူနာ များသည် လက်ဆေး ရ မည်"),
        ("हिन्दी में ख़तरा", "hi", "हिन्दी में खतरा"),
        ("Việt Nam đường", "vi", "viet nam duong"),
        ("ёлка Больницы", "ru", "елка больницы"),
    ],
)
def test_words_are_cut_and_folded(text, language, expected):
    assert " ".join(word.folded for word in words(text, language)) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "infections", "infected"),
        ("fr", "infectées", "infection"),
        ("pt-BR", "vacinação", "vacinações"),
        ("id", "membersihkan", "kebersihan"),
        ("ms", "membersihkan", "kebersihan"),
        ("hi", "मरीजों", "मरीज"),
        ("ta", "நோயாளிகள்", "நோயாளி"),
        ("ru", "больницы", "больнице"),
        ("ar", "المستشفيات", "المستشفى"),
    ],
)
def test_forms_of_a_word_have_one_stem(language, one, other):
    assert [word.stem for word in words(one, language)] == [
        word.stem for word in words(other, language)
    ]


def test_each_word_is_found_by_itself_and_by_its_stem():
    assert analyse("Washing hands", "en") == ["washing", "~wash", "hands", "~hand"]


@pytest.mark.parametrize(
    ("text", "language", "asked", "marked"),
    [
        ("Washing hands stops infections.", "en", "wash infected", ["Washing", "infections"]),
        ("Les infections de l’hôpital", "fr", "hopital", ["l’hôpital"]),
        ("غسل اليدين في المستشفى", "ar", "مُسْتَشْفَى", ["المستشفى"]),
        ("患者应经常洗手。", "zh", "经常洗手", ["经常洗手"]),
        ("ผู้ป่วยควรล้างมือบ่อยๆ", "th", "ล้างมือ", ["ล้างมือ"]),
        ("អ្នកជំងឺត្រូវលាងដៃ", "km", "លាងដៃ", ["លាងដៃ"]),
        ("လူနာများသည် လက်ဆေးရမည်", "my", "လက်ဆေး", ["လက်ဆေး"]),
        ("ሐኪሙ ኣብ ሆስፒታል", "am", "ሀኪሙ", ["ሐኪሙ"]),
        ("e\u0301tude na\u0308her", "en", "étude", ["e\u0301tude"]),
        ("👨‍👩‍👧 wash your 😀hands", "en", "hand", ["hands"]),
        ("5mg, COVID-19", "en", "covid19 mg", ["mg", "COVID", "19"]),
        ("nothing here", "en", "", []),
    ],
)
def test_what_was_asked_is_marked_in_the_text_as_given(text, language, asked, marked):
    spans = highlights(text, language, analyse(asked, language))
    assert [text[start:end] for start, end in spans] == marked


@pytest.mark.parametrize(
    ("text", "default", "expected"),
    [
        ("cuci tangan", "id", "id"),
        ("Cuci tangan sebelum menyentuh pasien dan setelah melepas sarung tangan", "en", "id"),
        ("wash your hands before touching patients", "id", "en"),
        ("洗手", "en", "zh"),
        ("手を洗う", "en", "ja"),
        ("ኣብ ሆስፒታል ኣሎ", "en", "ti"),
        ("በሆስፒታል አለ", "en", "am"),
        ("ሆስፒታል", "ti-ER", "ti-ER"),
        ("ဆေးရုံ", "en", "my"),
        ("", "fr", "fr"),
        ("123 !?", "sw", "sw"),
    ],
)
def test_a_language_is_guessed_by_its_script_and_by_its_words(text, default, expected):
    assert guess(text, default) == expected


def _boundaries(text: str) -> set[int]:
    """Where no mark is torn from its letter."""
    return {
        at
        for at in range(len(text) + 1)
        if at == len(text) or not unicodedata.category(text[at]).startswith("M") or at == 0
    }


_ANY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "aé'’-.,05٣ة\u0301\u200c\u200d\ud800\U00020bb7患者มือក្លលက်ሐሠकि😀👨\u202e\x00"
        ),
    ),
    max_size=60,
)


@given(_ANY, st.sampled_from(["en", "fr", "ar", "zh", "th", "km", "my", "am", "hi", "xx", ""]))
def test_any_text_has_words_in_order_that_do_not_tear_letters(text, language):
    at = 0
    ends = _boundaries(text)
    for word in words(text, language):
        assert at <= word.start < word.end <= len(text)
        assert word.folded
        assert word.stem
        assert " " not in word.folded + word.stem
        assert len(word.folded) <= LONGEST
        assert word.end in ends
        at = word.end
    assert guess(text, language or "en")


@given(_ANY)
def test_folding_what_is_folded_changes_nothing(text):
    for word in words(text, "en"):
        assert fold(word.folded) == word.folded


@given(_ANY, st.sampled_from(["en", "ar", "zh", "am"]))
def test_a_text_marks_all_its_own_words(text, language):
    spans = highlights(text, language, analyse(text, language))
    marked = sum(end - start for start, end in spans)
    assert marked == sum(word.end - word.start for word in words(text, language))
