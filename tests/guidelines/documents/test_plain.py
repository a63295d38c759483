"""Plain text: nothing is guessed that could change a meaning."""

from pathlib import Path

import pytest

from medixchange.guidelines.documents.model import Block
from medixchange.guidelines.documents.reading import read


def _read(folder: Path, text: str, language: str = "en") -> list[Block]:
    path = folder / "a.txt"
    path.write_text(text, encoding="utf-8")
    return list(read(path, language=language).blocks)


def _short(blocks: list[Block]) -> list[tuple[str, int, int, str, str]]:
    return [(b.kind.value, b.level, b.number, b.label, b.text.text) for b in blocks]


def test_paragraphs_items_and_headings(tmp_path: Path) -> None:
    """Bullets and numbers of several scripts, nested by indent, with further paragraphs."""
    found = _read(
        tmp_path,
        """Hand hygiene
============

Before you touch a patient.

• wash
  - with soap
  - with water

    Not hot.
• rub

1. one
2) two
(3) three
4、四
٥. five

2.5 mg is no item.
-5 °C is none.

When
----
Always.
""",
    )
    assert _short(found) == [
        ("paragraph", 0, 0, "", "Before you touch a patient."),
        ("item", 1, 0, "", "wash"),
        ("item", 2, 0, "", "with soap"),
        ("item", 2, 0, "", "with water"),
        ("item", 2, 0, "", "Not hot."),
        ("item", 1, 0, "", "rub"),
        ("item", 1, 1, "", "one"),
        ("item", 1, 2, "2)", "two"),
        ("item", 1, 3, "(3)", "three"),
        ("item", 1, 4, "4、", "四"),
        ("item", 1, 5, "٥.", "five"),
        ("paragraph", 0, 0, "", "2.5 mg is no item.<x1/>-5 °C is none."),
        ("heading", 1, 0, "", "When"),
        ("paragraph", 0, 0, "", "Always."),
    ]
    assert found[4].continued


def test_lines_typed_by_hand_stay_lines(tmp_path: Path) -> None:
    """A table of doses."""
    found = _read(tmp_path, "Adults 10 mg\nChildren 5 mg\nInfants 1 mg\n")
    assert [b.text.text for b in found] == ["Adults 10 mg<x1/>Children 5 mg<x2/>Infants 1 mg"]


def test_lines_that_a_program_broke_are_joined(tmp_path: Path) -> None:
    """Where the next word had no room; a number at the start of such a line is no item."""
    found = _read(
        tmp_path,
        "Wash your hands with soap and clean water for at least forty\n"
        "seconds before and after you touch a patient, and rub them for\n"
        "20. After that dry them with a clean towel, one for each person\n"
        "only.\n"
        "A line of its own.\n",
    )
    assert [b.text.text for b in found] == [
        "Wash your hands with soap and clean water for at least forty seconds before and after "
        "you touch a patient, and rub them for 20. After that dry them with a clean towel, one for "
        "each person only.<x1/>A line of its own."
    ]


def test_chinese_lines_are_joined_without_a_space(tmp_path: Path) -> None:
    """Lines broken by width."""
    line = "接触患者前后用肥皂和清水洗手至少四十秒然后用干净的毛巾擦干双手"
    found = _read(tmp_path, f"{line}\n{line}\n{line}\n", "zh")
    assert [b.text.text for b in found] == [line * 3]


def test_one_long_line_a_paragraph(tmp_path: Path) -> None:
    """As Word saves text."""
    long = "word " * 40
    found = _read(tmp_path, f"{long}\nNext paragraph.\n")
    assert [b.text.text for b in found] == [long.strip(), "Next paragraph."]


@pytest.mark.parametrize("text", ["-----\n", "\u200b\n\u00ad\n"])
def test_nothing_to_read(tmp_path: Path, text: str) -> None:
    """No blocks, no error: whoever brings it in says so."""
    assert _read(tmp_path, text) == []
