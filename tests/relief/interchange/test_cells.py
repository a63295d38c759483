"""Numbers, days, markup and formulas in cells."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.interchange import dates, markup, numbers
from medixchange.relief.interchange.cells import clean, is_formula, safe_cell, unguarded
from medixchange.relief.interchange.numbers import Trouble


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("300000", 300_000),
        ("300,000", 300_000),
        (" 1,000,000 ", 1_000_000),
        ("30 000", 30_000),
        ("30\u00a0000", 30_000),
        ("2\u202f000\u202f000", 2_000_000),
        ("1'000'000", 1_000_000),
        ("1.500.000", 1_500_000),
        ("15,00,000", 1_500_000),
        ("1.234,00", 1_234),
        ("1.5 million", 1_500_000),
        ("1,5 million", 1_500_000),
        ("2 juta", 2_000_000),
        ("300k", 300_000),
        ("200万", 2_000_000),
        ("٣٠٠٬٠٠٠", 300_000),
        ("٢ مليون", 2_000_000),
        ("۳۰۰", 300),
        ("３００", 300),
        ("२५०", 250),
        ("300000.0", 300_000),
        ("2000 pcs", 2_000),
        ("200万只", 2_000_000),
    ],
)
def test_quantities_that_have_one_reading(text: str, value: int) -> None:
    found = numbers.read(text)
    assert (found.value, found.trouble) == (value, None)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", Trouble.BLANK),
        ("-", Trouble.BLANK),
        ("TBD", Trouble.BLANK),
        ("1.500", Trouble.AMBIGUOUS),
        ("30,00", Trouble.AMBIGUOUS),
        ("1,5", Trouble.AMBIGUOUS),
        ("1,500 million", Trouble.AMBIGUOUS),
        ("1.500 million", Trouble.AMBIGUOUS),
        ("about 500", Trouble.INEXACT),
        ("500+", Trouble.INEXACT),
        ("500-600", Trouble.INEXACT),
        ("2,000 boxes", Trouble.OTHER_UNIT),
        ("49.4 tonnes", Trouble.OTHER_UNIT),
        ("1.5M", Trouble.OTHER_UNIT),
        ("-500", Trouble.NOT_POSITIVE),
        ("−500", Trouble.NOT_POSITIVE),
        ("(500)", Trouble.NOT_POSITIVE),
        ("0", Trouble.NOT_POSITIVE),
        ("12.5", Trouble.NOT_WHOLE),
        ("1,234.50", Trouble.NOT_WHOLE),
        ("9999999999999", Trouble.TOO_LARGE),
        ("many", Trouble.NOT_A_NUMBER),
        ("1e6", Trouble.NOT_A_NUMBER),
        ("1٢3", Trouble.NOT_A_NUMBER),
        ("1,000,00,0", Trouble.NOT_A_NUMBER),
        ("½", Trouble.NOT_A_NUMBER),
    ],
)
def test_quantities_that_have_none(text: str, trouble: Trouble) -> None:
    found = numbers.read(text)
    assert found.trouble is trouble
    what, remedy = numbers.explain(found, text)
    assert what.endswith(".")
    assert remedy.endswith(".")


@given(st.integers(min_value=1, max_value=numbers.LARGEST))
def test_a_whole_number_is_read_however_its_thousands_are_parted(value: int) -> None:
    assert numbers.read(str(value)) == numbers.Quantity(value)
    for mark in (",", " ", "\u00a0", "'"):
        assert numbers.read(f"{value:,}".replace(",", mark)).value == value
    arabic = f"{value:,}".translate({ord("0") + n: ord("٠") + n for n in range(10)} | {44: "٬"})
    assert numbers.read(arabic).value == value


@given(st.text(max_size=30))
def test_reading_a_quantity_never_fails(text: str) -> None:
    found = numbers.read(text)
    assert found.trouble is not None or (found.value is not None and found.value > 0)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-03-19", datetime.date(2020, 3, 19)),
        ("2020-03-19 00:00:00", datetime.date(2020, 3, 19)),
        ("19 March 2020", datetime.date(2020, 3, 19)),
        ("March 19, 2020", datetime.date(2020, 3, 19)),
        ("19 maret 2020", datetime.date(2020, 3, 19)),
        ("19 mars 2020", datetime.date(2020, 3, 19)),
        ("19 de marzo de 2020", datetime.date(2020, 3, 19)),
        ("19/3/2020", datetime.date(2020, 3, 19)),
        ("3/19/2020", datetime.date(2020, 3, 19)),
        ("3/3/2020", datetime.date(2020, 3, 3)),
        ("3/4/2020", None),  # the third of April, or the fourth of March
        ("19/3/20", None),
        ("03-18-14", None),
        ("2020-02-30", None),
        ("2020-03-19 14:00", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_that_can_mean_one_day_only(text: str, day: datetime.date | None) -> None:
    assert dates.read(text) == day


@given(st.dates(min_value=datetime.date(1900, 1, 1), max_value=datetime.date(2199, 12, 31)))
def test_every_day_written_as_iso_is_read(day: datetime.date) -> None:
    assert dates.read(day.isoformat()) == day


@pytest.mark.parametrize(
    ("text", "lines", "marked", "unsafe"),
    [
        ("Face Mask", ("Face Mask",), False, ""),
        ("a<br/>b", ("a", "b"), True, ""),
        ("a<BR>b<br >c", ("a", "b", "c"), True, ""),
        ("<p>a</p><p>b</p>", ("a", "b"), True, ""),
        ("<b>Face</b>  <i>Mask</i>", ("Face Mask",), True, ""),
        ("A &amp; B", ("A & B",), True, ""),
        ("A & B", ("A & B",), False, ""),
        ("a\r\nb\n\nc", ("a", "b", "c"), False, ""),
        ("5 < 6", ("5 < 6",), False, ""),
        ("", (), False, ""),
    ],
)
def test_markup_is_taken_off(text: str, lines: tuple[str, ...], marked: bool, unsafe: str) -> None:
    assert markup.lines(text) == markup.Lines(lines, marked, unsafe)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("<script>alert(1)</script>", "script"),
        ("<img src=x onerror=alert(1)>", "img"),
        ('<a href="https://example.org">Mask</a>', "a"),
        ("<b onclick=x>Mask</b>", "b"),
        ("Mask<!-- note -->", "!--"),
    ],
)
def test_markup_that_a_cell_has_no_use_for_is_named(text: str, tag: str) -> None:
    assert markup.lines(text).unsafe == tag


@given(st.text(max_size=60))
def test_reading_markup_never_fails(text: str) -> None:
    assert all(line.strip() == line and line for line in markup.lines(text).lines)


@pytest.mark.parametrize(
    "text", ["=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+cmd()", "-2+3*A1", "＝1", "\t=1", "-A1!B2"]
)
def test_what_a_spreadsheet_would_evaluate_is_a_formula(text: str) -> None:
    assert is_formula(clean(text))


@pytest.mark.parametrize(
    "text", ["", "Mask", "-5", "+62 21 5550 0100", "-", "@moh", "-1.5", "+1,000", "a=b", "5-3"]
)
def test_numbers_telephones_names_and_dashes_are_none(text: str) -> None:
    assert not is_formula(text)


@pytest.mark.parametrize("start", list("=+-@＝＋－＠'"))
def test_text_that_begins_like_a_formula_is_written_with_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}=x") == f"'{start}=x"
    assert unguarded(safe_cell(f"{start}=x")) == f"{start}=x"


def test_an_apostrophe_that_belongs_to_the_text_stays() -> None:
    assert safe_cell("'s-Gravenhage") == "'s-Gravenhage"
    assert unguarded("'s-Gravenhage") == "'s-Gravenhage"


@given(st.text())
def test_a_safe_cell_is_never_evaluated_and_comes_back(text: str) -> None:
    written = safe_cell(text)
    assert written[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    assert not is_formula(written)
    assert unguarded(written) == clean(text)
