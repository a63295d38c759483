"""Readers of memories and glossaries: what they take, what they refuse, and where."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medixchange.core import languages
from medixchange.translation import inline
from medixchange.translation.interchange import (
    Refused,
    Unit,
    Unreadable,
    read_glossary_tsv,
    read_parallel,
    read_tico,
    read_tmx,
    read_tsv,
    write_tmx,
)
from medixchange.translation.interchange.base import serves

Rows = list[Unit | Refused]


def tuv(language: str, text: str) -> str:
    return f'<tuv xml:lang="{language}"><seg>{text}</seg></tuv>'


def tmx(*units: str, head: str = "") -> str:
    body = "\n".join(f"<tu>{unit}</tu>" for unit in units)
    return f'<?xml version="1.0"?>\n{head}<tmx version="1.4"><header/><body>\n{body}\n</body></tmx>'


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rows]:
    def reading(
        content: str | bytes, source: str = "en", target: str = "fr", **options: bool
    ) -> Rows:
        path = tmp_path / "memory.tmx"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return list(read_tmx(path, source=source, target=target, **options))

    return reading


def pairs(rows: Rows) -> list[tuple[str, str]]:
    assert all(isinstance(row, Unit) for row in rows), rows
    return [(row.source_text, row.target_text) for row in rows if isinstance(row, Unit)]


# -- Language tags -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "wanted", "loose", "rank"),
    [
        ("en", "en", False, 0),
        ("EN-us", "en", False, 1),
        ("en_GB", "en", False, 1),
        ("eng", "en", False, 0),
        ("pt", "pt-BR", False, None),
        ("pt", "pt-BR", True, 2),
        ("pt-PT", "pt-BR", True, None),
        ("zh-CN", "zh", False, 0),
        ("zh-Hans-CN", "zh", False, 0),
        ("zh-SG", "zh", False, 1),
        ("zh-TW", "zh", False, None),
        ("fil", "tl", False, 0),
        ("in", "id", False, 0),
        ("es", "es-419", True, 2),
        ("", "en", True, None),
        ("not a tag", "en", True, None),
    ],
)
def test_serves(tag: str, wanted: str, loose: bool, rank: int | None) -> None:
    assert serves(tag, wanted, loose=loose) == rank


# -- TMX ---------------------------------------------------------------------------------------


def test_tmx_units_with_place_and_attributes(read: Callable[..., Rows]) -> None:
    content = tmx(tuv("en-US", "Wash  hands.") + tuv("fr", "Lavez.")).replace(
        "<tu>",
        '<tu tuid="7" creationid="ana" changedate="20200401T120000Z" x="1">'
        "<note>seen</note><prop type='domain'>health</prop>",
    )
    assert read(content) == [
        Unit(
            "Wash hands.",
            "Lavez.",
            3,
            {
                "tuid": "7",
                "creationid": "ana",
                "changedate": "20200401T120000Z",
                "note": "seen",
                "prop:domain": "health",
            },
        )
    ]


def test_tmx_best_variant_wins_in_either_direction(read: Callable[..., Rows]) -> None:
    content = tmx(tuv("fr-CA", "B") + tuv("en-GB", "A1") + tuv("en", "A") + tuv("fr", "C"))
    assert pairs(read(content)) == [("A", "C")]
    assert pairs(read(content, "fr", "en")) == [("C", "A")]


def test_tmx_language_without_region_only_when_asked(read: Callable[..., Rows]) -> None:
    content = tmx(tuv("en", "A") + tuv("pt", "B"))
    (refused,) = read(content, target="pt-BR")
    assert str(refused) == (
        "line 3: the unit has no text in “pt-BR”; it has en, pt. "
        "Choose a pair of languages that it has, or leave it out."
    )
    assert pairs(read(content, target="pt-BR", loose=True)) == [("A", "B")]


def test_tmx_inline_elements_become_numbered_tags(read: Callable[..., Rows]) -> None:
    source = (
        'Give <bpt i="1" x="1">&lt;b&gt;</bpt>5 <hi x="2">mg</hi><ept i="1">&lt;/b&gt;</ept>'
        '<ph x="3">{img}<sub>alt</sub></ph> now.'
    )
    target = (
        '<ph x="3">{img}</ph>Donner <bpt i="4" x="1">{</bpt>5 <hi x="2">mg</hi><ept i="4">}</ept>.'
    )
    assert pairs(read(tmx(tuv("en", source) + tuv("fr", target)))) == [
        ("Give <g1>5 <g2>mg</g2></g1><x3/> now.", "<x3/>Donner <g1>5 <g2>mg</g2></g1>.")
    ]
    # Without x, marks are paired by their order.
    source = 'A<it pos="begin">[</it> <bpt i="1">(</bpt>b<ept i="1">)</ept>'
    target = '<bpt i="2">(</bpt>b<ept i="2">)</ept> A<it pos="begin">[</it>'
    assert pairs(read(tmx(tuv("en", source) + tuv("fr", target)))) == [
        ("A<x1/> <g2>b</g2>", "<g2>b</g2> A<x1/>")
    ]
    # An opening without closing, and the reverse, are left out.
    source = 'A <bpt i="1">(</bpt>b<ept i="9">)</ept>'
    assert pairs(read(tmx(tuv("en", source) + tuv("fr", "B")))) == [("A b", "B")]


def test_tmx_bad_units_are_refused_one_by_one(read: Callable[..., Rows]) -> None:
    rows = read(
        tmx(
            tuv("en", "A") + tuv("fr", " "),
            tuv("en", "A"),
            tuv("en", "A &eacute;") + tuv("fr", "B"),
            tuv("en", "x" * 10_001) + tuv("fr", "B"),
            tuv("en", "good") + tuv("fr", "bon"),
            head='<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n',
        )
    )
    assert [str(row).split(". ")[0] for row in rows if isinstance(row, Refused)] == [
        "line 4: the target text is empty",
        "line 5: the unit has no text in “fr”; it has en",
        "line 6: the text uses &eacute;, which the file does not define",
        "line 7: a text is longer than 10000 characters",
    ]
    assert pairs(rows[-1:]) == [("good", "bon")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_tmx_encodings(read: Callable[..., Rows], encoding: str) -> None:
    content = tmx(tuv("en", "A") + tuv("fr", "é")).replace(
        '"1.0"', f'"1.0" encoding="{encoding.removesuffix("-sig")}"'
    )
    assert pairs(read(content.encode(encoding))) == [("A", "é")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            '<?xml version="1.0"?>\n<!DOCTYPE tmx [\n <!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
            "<tmx><body><tu><tuv xml:lang='en'><seg>&x;</seg></tuv></tu></body></tmx>",
            r"memory\.tmx, line 3, column 40: the file declares or refers to an entity",
        ),
        (
            '<!DOCTYPE tmx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><tmx/>',
            r"line 1, column 27: the file declares",
        ),
        ('<!DOCTYPE tmx [<!ENTITY % p SYSTEM "http://x.org/p"> %p;]><tmx/>', "declares"),
        (tmx(tuv("en", "A") + tuv("fr", "B"))[:-30], r"line \d+, column \d+: .*well-formed"),
        (tmx("<tuv><seg>a</tuv>"), r"line 3, column \d+: .*mismatched tag"),
        ("<html><body/></html>", "starts with <html>, not <tmx>"),
        ("", "the file is empty"),
        (b"\x00\x01\x02\x03", "not well-formed"),
        (b"<tmx><body><tu>\xff\xfe</tu></body></tmx>", "not well-formed"),
    ],
)
def test_tmx_unreadable(read: Callable[..., Rows], content: str | bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read(content)


def test_tmx_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"gone\.tmx: the file cannot be read"):
        list(read_tmx(tmp_path / "gone.tmx", source="en", target="fr"))


def test_tmx_units_come_before_the_place_that_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "cut.tmx"
    unit = f"<tu>{tuv('en', 'A' * 50)}{tuv('fr', 'B' * 50)}</tu>\n"
    path.write_text("<tmx><body>" + unit * 5000 + "<tu>", encoding="utf-8")
    reader = read_tmx(path, source="en", target="fr")
    assert isinstance(next(reader), Unit)
    with pytest.raises(Unreadable, match="line 5001"):
        list(reader)


tagged = st.lists(
    st.sampled_from(["a", " b ", "<", "&", "é", "洗", "<x2/>", "]]>", '"']), min_size=1, max_size=8
).map(lambda parts: f"w<g1>{''.join(parts)}</g1>")


@given(st.lists(st.tuples(tagged, tagged), max_size=5))
@settings(max_examples=60, deadline=None)
def test_tmx_round_trip(tmp_path_factory: pytest.TempPathFactory, texts: list) -> None:
    units = [
        Unit(" ".join(source.split()), " ".join(target.split()), 0, {"creationid": "a&b"})
        for source, target in texts
    ]
    file = io.BytesIO()
    assert write_tmx(file, units, source="en", target="pt-BR") == len(units)
    path = tmp_path_factory.mktemp("tmx") / "out.tmx"
    path.write_bytes(file.getvalue())
    rows = list(read_tmx(path, source="en", target="pt-BR"))
    for wrote, row in zip(units, rows, strict=True):
        assert isinstance(row, Unit)
        assert inline.plain(row.source_text) == inline.plain(wrote.source_text)
        assert inline.tags(row.source_text) == inline.tags(wrote.source_text)
        assert inline.plain(row.target_text) == inline.plain(wrote.target_text)
        assert row.attributes == wrote.attributes


# -- TSV ---------------------------------------------------------------------------------------


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def writing(content: str | bytes, name: str = "memory.tsv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return writing


@pytest.mark.parametrize(
    "content",
    [
        "Wash.\tLavez.\n",
        "source\ttarget\nWash.\tLavez.\n",
        "\ufeffen\tfr\r\nWash.\tLavez.\r\n",
        "fr-CA\ten-US\nLavez.\tWash.\n",
        "en\tfr\nWash.\tLavez.\n".encode("utf-16"),
    ],
)
def test_tsv_shapes(table: Callable[..., Path], content: str | bytes) -> None:
    rows = list(read_tsv(table(content), source="en", target="fr"))
    assert pairs(rows) == [("Wash.", "Lavez.")]


def test_tsv_other_columns_become_attributes(table: Callable[..., Path]) -> None:
    path = table("id\tstyle\tzh\ten\na1\tP\t洗手。\tWash.\n")
    assert list(read_tsv(path, source="zh", target="en")) == [
        Unit("洗手。", "Wash.", 2, {"id": "a1", "style": "P"})
    ]


def test_tsv_bad_rows_are_refused_one_by_one(table: Callable[..., Path]) -> None:
    content = (
        b"A\tB\nonly one\nA\tB\tC\n\t\nA\t\n" + b"\xff\tB\n" + b"x" * 300_000 + b"\tB\n\ngood\tbon"
    )
    rows = list(read_tsv(table(content), source="en", target="fr"))
    assert [str(row).split(". ")[0] for row in rows if isinstance(row, Refused)] == [
        "line 2: the line has 1 columns instead of 2",
        "line 3: the line has 3 columns instead of 2",
        "line 5: the target text is empty",
        "line 6: byte 1 is not UTF-8",
        "line 7: the line is longer than 200000 characters",
    ]
    assert pairs([row for row in rows if isinstance(row, Unit)]) == [("A", "B"), ("good", "bon")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "the file is empty"),
        ("a\tb\tc\n", r"line 1: there are 3 columns.*en and fr"),
        ("stringID\ttext\n1\tA\n", "--source-file"),
        (b"PK\x03\x04\x00\x00", "not a text file"),
        ("a\tb".encode("utf-16") + b"\x00\xd8\x00", "not UTF-16"),
    ],
)
def test_tsv_unreadable(table: Callable[..., Path], content: str | bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        list(read_tsv(table(content), source="en", target="fr"))


def test_one_file_a_language(table: Callable[..., Path]) -> None:
    source = table("stringID\tdoc\ten\n1\td\tWash.\n2\td\tDry.\n", "en.tsv")
    target = table("stringID\ttext\n2\tSéchez.\n9\tQuoi ?\n1\tLavez.\n", "fr.tsv")
    rows = list(read_tsv(target, source="en", target="fr", source_path=source))
    assert rows[0] == Unit("Dry.", "Séchez.", 2, {"id": "2"})
    assert str(rows[1]) == ("line 3: “9” is not in en.tsv. Check that both files belong together.")
    assert rows[2] == Unit("Wash.", "Lavez.", 4, {"id": "1"})
    other = table("stringID\ttext\n7\tx\n", "other.tsv")
    with pytest.raises(Unreadable, match=r"no sentence of it is in en\.tsv"):
        list(read_tico(source, other, source="en", target="fr"))


def test_glossary_of_many_languages(table: Callable[..., Path]) -> None:
    path = table(
        "source\tlang\tid\ten\ttarget\np\tfr-FR\t1\tflu\tgrippe\np\tes\t1\tflu\tgripe\n"
        "p\tfr\t2\tcough\t\n"
    )
    rows = list(read_glossary_tsv(path, source="en", target="fr"))
    assert rows[0] == Unit("flu", "grippe", 2, {"source": "p", "id": "1"})
    assert str(rows[1]).startswith("line 4: the target text is empty")
    assert len(rows) == 2
    with pytest.raises(Unreadable, match="no column is called “id”"):
        list(read_glossary_tsv(table("a\tlang\tx\ttarget\n"), source="id", target="fr"))


# -- Real input --------------------------------------------------------------------------------


def test_all_of_tico(shared_data: Path) -> None:
    folder = shared_data / "tico19"
    counts = {}
    for language in languages.every():
        path = folder / f"{language.tag}.tsv"
        if path.is_file() and language.tag != "en":
            rows = list(read_tico(folder / "en.tsv", path, source="en", target=language.tag))
            counts[language.tag] = (len(rows), sum(isinstance(row, Refused) for row in rows))
    assert len(counts) == 28
    assert {tag: count for tag, count in counts.items() if count != (971, 0)} == {"so": (971, 1)}


def test_terminology(shared_data: Path) -> None:
    path = shared_data / "tico19" / "terminology.tsv"
    counts = {
        tag: len(list(read_glossary_tsv(path, source="en", target=tag)))
        for tag in ("id", "fr", "zh", "tl", "pt-BR", "es-419", "rw")
    }
    assert counts == {
        "id": 634, "fr": 642, "zh": 643, "tl": 634, "pt-BR": 634, "es-419": 643, "rw": 0
    }  # fmt: skip


def test_protocol(shared_data: Path) -> None:
    path = shared_data / "guidelines" / "china_protocol7_zh_en.tsv"
    rows = list(read_tsv(path, source="zh", target="en"))
    assert len(rows) == 241
    assert pairs(rows)[0] == ("一、病原学特点", "I. Etiological Characteristics")


def test_guides(shared_data: Path) -> None:
    folder = shared_data / "guidelines" / "dotw"
    taken = {}
    for path in sorted(folder.glob("*.xml")):
        if path.stem != "eng":
            aligned = read_parallel(folder / "eng.xml", path)
            taken[path.stem] = len(aligned.units)
            assert aligned.refused
    # Russian puts 25 lines into one paragraph, so that nothing is certain.
    assert {stem: count for stem, count in taken.items() if count < 20} == {"amh": 3, "rus": 0}
    french = {u.source_text: u.target_text for u in read_parallel(
        folder / "eng.xml", folder / "fra.xml").units}  # fmt: skip
    assert french["These include:"] == "Il s'agit notamment de\u00a0:"
    assert "Do not have visitors" not in french  # its place in the French is not certain


def test_guides_refuse_bad_files(table: Callable[..., Path]) -> None:
    good = table("<doc lang='eng'>\n<p>\n• Wash & dry 20 times\nStay\n</p>\n</doc>\n", "eng.xml")
    same = table("<doc lang='fra'>\n<p>\n● Lavez 20 fois\nRestez\n</p>\n</doc>\n", "fra.xml")
    aligned = read_parallel(good, same)
    assert [(u.source_text, u.target_text, u.position) for u in aligned.units] == [
        ("Wash & dry 20 times", "Lavez 20 fois", 3),
        ("Stay", "Restez", 4),
    ]
    other = table("<doc lang='fra'>\n<p>\n● Lavez 30 fois\nRestez\n</p>\n</doc>\n", "fra2.xml")
    aligned = read_parallel(good, other)
    assert [u.target_text for u in aligned.units] == ["Restez"]
    assert str(aligned.refused[0]).startswith("line 3: numbers or addresses differ from line 3")
    with pytest.raises(Unreadable, match="not a guide"):
        read_parallel(good, table("<html></html>", "x.xml"))
    with pytest.raises(Unreadable, match="last paragraph is not closed"):
        read_parallel(good, table("<doc lang='fra'>\n<p>\nLavez", "x.xml"))
    with pytest.raises(Unreadable, match="“xyz” is not a language"):
        read_parallel(good, table("<doc lang='xyz'>\n<p>\nLavez\n</p>", "x.xml"))
