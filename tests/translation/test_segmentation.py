"""Segmentation: exact cuts on hard cases, what always holds, and quality on real text."""

import importlib.util
import os
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medixchange.core import languages
from medixchange.translation import inline
from medixchange.translation.segmentation import Cut, join, normalise, segment_key, split

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("MEDIXCHANGE_SHARED_DATA", ROOT.parent / "shared" / "data"))
TAGS = [language.tag for language in languages.every()]
#: A word and a number that end a Portuguese sentence, after an abbreviated page: no rule can tell.
KNOWN_MISSES = {"O Prof. Costa leu o vol. 3, pág. 12. ‖Depois saiu."}


def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "bench_segmentation", ROOT / "bench" / "segmentation.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases() -> Iterator[tuple[str, str]]:
    path = ROOT / "bench" / "segmentation_cases.tsv"
    for row in path.read_text(encoding="utf-8").splitlines():
        language, text = row.split("\t")
        if text not in KNOWN_MISSES:
            yield language, text


@pytest.mark.parametrize(("language", "text"), list(cases()))
def test_hard_case(language: str, text: str) -> None:
    wanted = [part.strip() for part in text.split("‖")]
    assert [cut.text for cut in split(text.replace("‖", ""), language)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "<g1>A bold one. Bold too</g1> and not.<x2/> Next.",
            [
                Cut("<g1>A bold one.</g1>", (1,), " ", (1,)),
                Cut("<g1>Bold too</g1> and not.<x2/>", (1, 2), " "),
                Cut("Next."),
            ],
        ),
        (
            "Wash.<x1/> <x2/>Dry. <g3>Now.</g3>",
            [
                Cut("Wash.<x1/>", (1,), " "),
                Cut("<x1/>Dry.", (2,), " "),
                Cut("<g1>Now.</g1>", (3,)),
            ],
        ),
        (
            "<g1>One here. <g2>Two here.</g2> Three</g1> four.",
            [
                Cut("<g1>One here.</g1>", (1,), " ", (1,)),
                Cut("<g1><g2>Two here.</g2></g1>", (1, 2), " ", (1,)),
                Cut("<g1>Three</g1> four.", (1,)),
            ],
        ),
        (
            "5 <g1>mg</g1>. <g2>Then</g2> stop.",
            [Cut("5 <g1>mg</g1>.", (1,), " "), Cut("<g1>Then</g1> stop.", (2,))],
        ),
    ],
)
def test_tags_go_with_their_sentence(text: str, wanted: list[Cut]) -> None:
    cuts = split(text, "en")
    assert cuts == wanted
    assert join(cuts) == text
    assert all(inline.well_formed(cut.text) for cut in cuts)


def test_renumbered_maps_back_to_the_block() -> None:
    (_first, second) = split("See <x4/>. Then <g7>wash</g7>.", "en")
    assert second.renumbered == {1: 7}


def test_space_inside_a_tag_at_a_sentence_end_moves_out() -> None:
    cuts = split("<g1>Wash. </g1>Dry.", "en")
    assert [cut.text for cut in cuts] == ["<g1>Wash.</g1>", "Dry."]
    assert join(cuts) == "<g1>Wash.</g1> Dry."


def test_join_with_translations_nests_and_drops_strange_tags() -> None:
    cuts = split("<g4>Wash now. Dry</g4> it.", "en")
    joined = join(cuts, ["<g1>Cuci sekarang.</g1>", "Itu <g1>keringkan</g1>.<x9/>"])
    assert joined == "<g4>Cuci sekarang.</g4> Itu <g4>keringkan</g4>."
    with pytest.raises(ValueError, match="argument"):
        join(cuts, ["one"])


def test_nothing_to_translate_gives_nothing() -> None:
    assert split("", "en") == []
    assert split(" <x1/> ", "en") == []


def test_unknown_language_is_refused() -> None:
    with pytest.raises(languages.UnknownLanguage):
        split("Hello.", "tlh")


def test_key() -> None:
    key = segment_key("Wash your hands.", "en")
    assert re.fullmatch(r"[0-9a-f]{64}", key)
    assert segment_key("洗手。", "zh-Hans") == segment_key("洗手。", "zh")
    assert segment_key("Cafe\u0301  noir", "fr") == segment_key("Café noir", "fr")
    assert segment_key("Chat", "fr") != segment_key("Chat", "en")
    assert segment_key("a", "pt") != segment_key("a", "pt-BR")


def test_normalise() -> None:
    assert normalise("\ufeff a\u00ad \t\nb ") == "a b"
    assert normalise("15\u00a0%") == "15\u00a0%"
    assert normalise("e\u0301") == "é"


# -- What always holds -------------------------------------------------------------------------

WORDS = [
    *(
        "Wash",
        "hands",
        "5",
        "mg.",
        "12.5",
        "e.g.",
        "Dr.",
        "U.S.",
        "Stop!",
        "Is",
        "it?",
        "[12].",
        "1.",
    ),
    *(
        "(see",
        "Fig.",
        "2).",
        "洗手。",
        "“停。”",
        "؟",
        "نعم",
        "।",
        "हाथ",
        "።",
        "ልብ",
        "။",
        "៕",
        "...",
        "…",
    ),
    *(
        "\n\n",
        "a@b.org",
        "https://x.org/a.b?c",
        "p.m.",
        "»",
        "«",
        "\u00a0",
        "3,5",
        "٣.٥",
        "é",
        "e\u0301",
    ),
    *("<g1>", "</g1>", "<x2/>", "<g3>", "</g3>", "<x4/>", "<g5>", "</g5>"),
]
texts = st.lists(
    st.one_of(st.sampled_from(WORDS), st.text(max_size=6), st.sampled_from([" ", "  ", "", "\t"])),
    max_size=25,
).map(" ".join) | st.lists(st.sampled_from(WORDS), max_size=15).map("".join)
any_language = st.sampled_from(TAGS)


@given(texts, any_language)
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost(text: str, language: str) -> None:
    cuts = split(text, language)
    nfc = unicodedata.normalize("NFC", text)
    joined = join(cuts)
    if not inline.plain(nfc).strip():
        assert cuts == []
        return
    assert inline.plain(joined) == inline.plain(nfc).strip()
    assert inline.tags(joined) == inline.tags(nfc)
    assert split(joined, language) == cuts
    for cut in cuts:
        plain = inline.plain(cut.text)
        assert plain
        assert plain == plain.strip()
        assert unicodedata.is_normalized("NFC", plain)
        assert not cut.joiner.strip()
        numbers = [piece.number for piece in inline.pieces(cut.text) if piece.kind != "text"]
        assert sorted(set(numbers)) == list(range(1, len(cut.numbers) + 1))
    if inline.well_formed(nfc):
        assert all(inline.well_formed(cut.text) for cut in cuts)


@given(texts.filter(lambda text: not inline.tags(text)), any_language)
@settings(max_examples=300, deadline=None)
def test_without_tags_join_is_exact(text: str, language: str) -> None:
    cuts = split(text, language)
    assert join(cuts) == unicodedata.normalize("NFC", text).strip()


@given(
    st.decimals(min_value=0, max_value=9999, places=2),
    st.sampled_from([".", ","]),
    st.sampled_from(["{} mg", "Give {} mL now", "a {}. B", "({}) c", "{}", "x {}% y", "《{}》"]),
    any_language,
)
@settings(max_examples=200, deadline=None)
def test_no_number_is_cut(number: object, mark: str, frame: str, language: str) -> None:
    written = str(number).replace(".", mark)
    cuts = split(frame.format(written), language)
    assert any(written in cut.text for cut in cuts)


# -- Real text ---------------------------------------------------------------------------------


def tico(language: str) -> list[str]:
    path = DATA / "tico19" / f"{language}.tsv"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    rows = path.read_text(encoding="utf-8").splitlines()[1:]
    return [normalise(row.split("\t")[-1]) for row in rows]


@pytest.mark.parametrize("language", ["am", "ar", "en", "hi", "id", "km", "my", "ru", "ta", "zh"])
def test_a_segment_is_one_segment(language: str) -> None:
    whole = " ".join(text for text in tico(language)[200:600] if text)
    cuts = split(whole, language)
    assert join(cuts) == whole
    again = [cut.text for cut in cuts if len(split(cut.text, language)) != 1]
    assert again == []


#: Least F1 on joined TICO-19 sentences, a little below what is measured (docs/decisions/0002).
LEAST = {
    "am": 0.97, "ar": 0.99, "bn": 0.97, "en": 0.99, "es-419": 0.98, "fr": 0.99, "hi": 0.99,
    "id": 0.99, "km": 0.97, "my": 0.95, "pt-BR": 0.99, "ru": 0.98, "sw": 0.99, "zh": 0.99,
}  # fmt: skip


@pytest.mark.parametrize("language", LEAST)
def test_quality_on_real_text(language: str) -> None:
    if not (DATA / "tico19").is_dir():
        pytest.skip(f"{DATA / 'tico19'} is not there")
    module = bench()
    found = module.measure(module.ours(language), DATA / "tico19", language)
    assert found["f1"] >= LEAST[language], found


def test_time_grows_with_length_only() -> None:
    """Shapes that made a rule go back over the text again and again."""
    for text in ("x." * 20_000, "a. " * 5_000, "a@" * 20_000, "(" * 20_000 + ". A", "a" * 50_000):
        cuts = split(text, "en")
        assert join(cuts) == text.strip()


def test_boundaries_rise() -> None:
    from medixchange.translation.segmentation.boundaries import ends

    found = ends("One. Two! Three? Four.", "en")
    assert found == [4, 9, 16]
    assert all(a < b for a, b in pairwise(found))
