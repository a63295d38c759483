"""What is built into a code is read from it again, whatever it is."""

import re
from datetime import date, timedelta

import pytest
from biip import parse
from hypothesis import given
from hypothesis import strategies as st

from medixchange.relief.labels.codes import (
    GS,
    KINDS,
    element_string,
    human_readable,
    link,
    read,
    sscc,
)
from medixchange.relief.labels.codes.elements import is_checked
from medixchange.relief.refusals import Refused

#: GS1 AI encodable character set 82 (GS1 General Specifications, figure 7.11-1).
SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
GTIN = "09521234543213"
SSCC = "095212340000000013"


def with_check_digit(digits: str) -> str:
    """Check digit as section 7.9 tells it: weights 3 and 1 from the right."""
    total = sum(int(d) * (3 if at % 2 == 0 else 1) for at, d in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


def numbers(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length - 1, max_size=length - 1).map(with_check_digit)


gtins = st.sampled_from([8, 12, 13, 14]).flatmap(numbers)
# "<GS>" in a lot is read as a separator: scanners send that for it.
lots = st.text(SET_82, min_size=1, max_size=20).filter(lambda lot: "<GS>" not in lot)
days = st.dates(date.today() - timedelta(days=365 * 48), date.today() + timedelta(days=365 * 49))
quantities = st.integers(0, 99_999_999)


@given(gtin=gtins, lot=st.just("") | lots, day=st.none() | days, quantity=st.none() | quantities)
def test_a_trade_item_is_read_as_it_was_built(gtin, lot, day, quantity):
    built = element_string(gtin=gtin, lot=lot, expires_on=day, quantity=quantity)
    for text in (f"]d2{built}", f"]C1{built}", GS + built):
        scan = read(text)
        assert (scan.gtin, scan.lot, scan.expires_on, scan.quantity) == (
            gtin.zfill(14),
            lot,
            day,
            quantity,
        )
    assert (scan.sscc, scan.content, scan.others) == ("", "", ())
    assert read(built).gtin == gtin.zfill(14)


@given(number=numbers(18), gtin=gtins, lot=st.just("") | lots, day=st.none() | days, n=quantities)
def test_a_logistic_unit_is_read_as_it_was_built(number, gtin, lot, day, n):
    built = element_string(sscc=number, gtin=gtin, lot=lot, expires_on=day, quantity=n)
    for text in (built, f"]C1{built}"):
        scan = read(text)
        assert (scan.sscc, scan.content, scan.lot, scan.expires_on, scan.quantity) == (
            number,
            gtin.zfill(14),
            lot,
            day,
            n,
        )
        assert (scan.gtin, scan.others) == ("", ())


@given(gtin=gtins, lot=lots, day=days, quantity=quantities)
def test_another_reader_of_gs1_reads_the_same(gtin, lot, day, quantity):
    message = parse(
        f"]d2{element_string(gtin=gtin, lot=lot, expires_on=day, quantity=quantity)}"
    ).gs1_message
    assert message is not None
    assert {each.ai.ai: each.date or each.value for each in message.element_strings} == {
        "01": gtin.zfill(14),
        "10": lot,
        "17": day,
        "30": str(quantity),
    }


@given(gtin=gtins, lot=lots, day=days, quantity=quantities)
def test_what_is_printed_for_people_can_be_typed_in(gtin, lot, day, quantity):
    printed = human_readable(gtin=gtin, lot=lot, expires_on=day, quantity=quantity)
    # A lot with "(21)" in it cannot be told from a serial number by anybody.
    if re.search(r"\(\d{2,4}\)", lot) is None:
        scan = read(printed)
        assert (scan.gtin, scan.lot, scan.expires_on, scan.quantity) == (
            gtin.zfill(14),
            lot,
            day,
            quantity,
        )


@given(
    prefix=st.text("0123456789", min_size=4, max_size=12),
    extension=st.integers(0, 9),
    data=st.data(),
)
def test_an_sscc_has_18_digits_a_check_digit_and_all_that_went_in(prefix, extension, data):
    room = 16 - len(prefix)
    serial = data.draw(st.integers(0, 10**room - 1))
    number = sscc(prefix, serial, extension)
    assert number == with_check_digit(f"{extension}{prefix}{str(serial).zfill(room)}")
    assert read(number).sscc == number


@given(number=numbers(18), at=st.integers(0, 17), other=st.integers(1, 9))
def test_every_single_wrong_digit_is_noticed(number, at, other):
    wrong = number[:at] + str((int(number[at]) + other) % 10) + number[at + 1 :]
    assert is_checked(number)
    assert not is_checked(wrong)


@given(
    kind=st.sampled_from(KINDS), reference=st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True)
)
def test_a_link_is_read_as_it_was_built(kind, reference):
    scan = read(link("https://relief.example.org", kind, reference))
    assert (scan.kind, scan.reference, scan.site) == (
        kind,
        reference,
        "https://relief.example.org",
    )


def test_the_known_example_of_gs1_has_its_check_digit():
    # GS1 General Specifications, section 7.9: the SSCC 37610425002123456 with check digit 9.
    assert sscc("761042500", 2123456, 3) == "376104250021234569"


def test_a_separator_stands_only_where_length_varies_and_more_follows():
    built = element_string(gtin=GTIN, lot="A1", expires_on=date(2027, 5, 31), quantity=5)
    assert built == f"01{GTIN}17270531305{GS}10A1"
    assert element_string(sscc=sscc("9521234", 1)) == f"00{SSCC}"


def test_people_read_identifiers_in_brackets():
    assert human_readable(gtin=GTIN, lot="A1", expires_on=date(2027, 5, 31)) == (
        f"(01){GTIN}(17)270531(10)A1"
    )


@pytest.mark.parametrize(
    ("parts", "code", "where"),
    [
        ({"gtin": "09521234543214"}, "check_digit", "01"),
        ({"gtin": "95212"}, "form", "01"),
        ({"gtin": "٠٩٥٢١٢٣٤٥٤٣٢١٣"}, "form", "01"),
        ({"gtin": GTIN, "lot": "A 1"}, "form", "10"),
        ({"gtin": GTIN, "lot": "A" * 21}, "form", "10"),
        ({"gtin": GTIN, "lot": f"A{GS}1"}, "form", "10"),
        ({"gtin": GTIN, "lot": "批号"}, "form", "10"),
        ({"gtin": GTIN, "quantity": -1}, "form", "30"),
        ({"gtin": GTIN, "quantity": 100_000_000}, "form", "30"),
        ({"gtin": GTIN, "expires_on": date(1951, 1, 1)}, "century", "17"),
        ({"gtin": GTIN, "sscc": SSCC}, "count_missing", "37"),
        ({"sscc": "095212340000000012"}, "check_digit", "00"),
    ],
)
def test_what_a_code_cannot_carry_is_refused_with_its_part(parts, code, where):
    with pytest.raises(Refused) as caught:
        element_string(**parts)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == (code, where)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("952", 1), "company_prefix"),
        (("95212345678901", 1), "company_prefix"),
        (("952123A", 1), "company_prefix"),
        (("٩٥٢١٢٣٤", 1), "company_prefix"),
        (("9521234", 10**9), "serial"),
        (("9521234", -1), "serial"),
        (("9521234", 1, 10), "serial"),
    ],
)
def test_an_sscc_that_has_no_room_is_refused(arguments, code):
    with pytest.raises(Refused) as caught:
        sscc(*arguments)
    (problem,) = caught.value.problems
    assert problem.code == code


@pytest.mark.parametrize("reference", ["", "A/B", "A B", "A" * 65, "Ä"])
def test_there_is_no_link_for_a_reference_that_an_address_would_change(reference):
    with pytest.raises(ValueError, match="no link"):
        link("https://relief.example.org", "box", reference)
