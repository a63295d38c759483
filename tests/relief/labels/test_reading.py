"""Codes say what they say, and what is damaged is refused with the part that is wrong."""

import json
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from medixchange.relief.labels.codes import Scan, read
from medixchange.relief.refusals import Refused

VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))[
    "vectors"
]
DEFAULTS = {field.name: field.default for field in fields(Scan) if field.name != "text"}


def said(scan: Scan) -> dict[str, Any]:
    """What a scan says, as the vectors write it: only what is not empty."""
    found = {name: getattr(scan, name) for name in DEFAULTS}
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else [list(pair) for pair in value]
        if isinstance(value, tuple)
        else value
        for name, value in found.items()
        if value != DEFAULTS[name]
    }


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["why"])
def test_a_code_is_read_or_refused_as_the_vectors_say(vector):
    if "read" in vector:
        assert said(read(vector["text"])) == vector["read"]
        return
    with pytest.raises(Refused) as caught:
        read(vector["text"])
    (problem,) = caught.value.problems
    assert {"code": problem.code, "where": problem.where} == vector["refused"]


def test_the_vectors_have_every_field_and_every_refusal():
    read_fields = {name for vector in VECTORS for name in vector.get("read", ())}
    assert read_fields == set(DEFAULTS)
    assert {vector["refused"]["code"] for vector in VECTORS if "refused" in vector} == {
        "empty", "too_long", "check_digit", "length", "unknown_part", "date", "form", "twice",
        "foreign_address", "unknown_code",
    }  # fmt: skip


def test_the_text_is_kept_without_the_symbology_and_with_ascii_29():
    assert read("]d2010952123454321310A1<GS>21B").text == "010952123454321310A1\x1d21B"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "]d20109521234543214",
            "GTIN (01) 09521234543214 is wrong: its last digit should be 3. A digit was misread or"
            " mistyped. Scan it again, or compare it with the label digit by digit.",
        ),
        (
            "(17)270631",
            "USE BY or EXPIRY (17) “270631” is no date: GS1 writes year, month and day as YYMMDD,"
            " with day 00 for the end of the month. Read the date on the label and type it.",
        ),
        (
            "]d2010952123454321305123",
            "From “05123” on the code cannot be read: no GS1 application identifier begins so."
            " Scan it again, or type the lot, the expiry and the quantity.",
        ),
        (
            "(01)09521234543213(10)ÄÖ",
            "Part (10) BATCH/LOT cannot be “ÄÖ”: GS1 gives it the form X..20. Scan it again, or"
            " type what is printed.",
        ),
    ],
)
def test_a_refusal_names_the_part_and_what_to_do(text, words):
    with translation.override("en"), pytest.raises(Refused) as caught:
        read(text)
    assert str(caught.value) == words


def test_a_refusal_shows_no_control_characters():
    with pytest.raises(Refused) as caught:
        read("\x02\x1bA")
    assert str(caught.value).isprintable()
