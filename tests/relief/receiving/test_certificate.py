"""The handover certificate: all that was counted, both signatures, for its parties alone."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from medixchange.relief.actions import photos, settling
from medixchange.relief.actions.counted import Counted, Signed, Unlisted
from medixchange.relief.models import Outcome, Signature
from medixchange.relief.papers import certificate
from medixchange.relief.queries.public.verify import genuine
from tests.relief.receiving.test_photos import picture


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.fixture
def document(relief, lot_of, send, count):
    masks, kits = lot_of(relief.mask, "M1"), lot_of(relief.kit, "K1")
    consignment = send(
        [(masks, 2000)], [(masks, 2000)], [(kits, 500)], transport_reference="999-1234"
    )
    boxes = list(consignment.boxes.all())
    photo = count(
        consignment,
        Counted(masks, 2000, Outcome.ACCEPTED, box=boxes[0]),
        Counted(masks, 1980, Outcome.ACCEPTED, box=boxes[1]),
        Counted(masks, 20, Outcome.DAMAGED, box=boxes[1], remark="Wet"),
        Counted(kits, 495, Outcome.ACCEPTED, box=boxes[2]),
        Counted(Unlisted(relief.mask, "X1"), 7, Outcome.WRONG),
        complete=True,
        by=relief.agent,
        note="Rain on the way",
        note_language="en",
        signatures=[
            Signed(Signature.Side.GIVER, "Budi", "driver", relief.foundation),
            Signed(
                Signature.Side.RECEIVER,
                "Ani",
                "store keeper",
                relief.agency,
                strokes=[[[0, 0], [500, 1000]], [[700, 20]]],
                latitude=-6.125,
                longitude=106.655,
            ),
        ],
    )
    photos.add_photo(document=photo.document, content=picture(), by=relief.agent)
    return photo.document


def test_it_says_all_that_was_counted(relief, document):
    text = text_of(certificate.as_pdf(document, "en"))
    for words in (
        "Goods received note", document.number, document.consignment.reference, "999-1234",
        "Surgical mask (piece) M1 – 1–2 3,980 20 – –", "Test kit (test) K1",
        "3 495 – 5 –", "X1 – – – – – 7", "Rain on the way", "Wet",
        "Handed over by: Budi, driver, Foundation", "Received by: Ani, store keeper, Agency",
        "-6.12500, 106.65500", "drawn", "typed", "1 photo is kept", "All that came yes",
    ):  # fmt: skip
        assert words in text, (words, text)


def test_it_is_a_tagged_pdf_in_the_reader_s_language(relief, document):
    with translation.override("ar"):
        pdf = certificate.as_pdf(document, "ar")
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.number in text_of(pdf)
    assert 'dir="rtl"' in certificate.as_html(document, "ar")


def test_strokes_become_lines_and_nothing_else():
    svg = certificate.drawing([[[0, 0], [500, 1000]], [[700, 20]], []])
    assert "M0 0 L500 400" in svg
    assert "M700 8 l0 1" in svg
    assert certificate.drawing([]) == certificate.drawing([[]]) == ""
    with pytest.raises(ValueError, match="invalid literal"):
        certificate.drawing([[["0 <script>", 0]]])


def test_its_code_leads_to_where_anybody_can_check_it(relief, document, settings):
    settings.ORIGIN = "https://example.org"
    address = certificate.address(document)
    assert address.startswith(f"https://example.org/relief/verify/{document.number}/?code=")
    code = address.rpartition("=")[2]
    assert genuine(document.number, code) == document
    assert code in text_of(certificate.as_pdf(document, "en"))


def test_names_on_it_are_text(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "<b>M1")
    document = count(
        send([(lot, 5)]),
        accepted=(lot, 5),
        signatures=[Signed(Signature.Side.RECEIVER, "<img src=x>")],
    ).document
    html = certificate.as_html(document, "en")
    assert "<img" not in html
    assert "<b>M1" not in html


def test_a_reversed_one_says_so(relief, lot_of, send, count):
    lot = lot_of(relief.mask, "M1")
    document = count(send([(lot, 5)]), accepted=(lot, 5)).document
    reversal = settling.take_back(
        document=document, key="back", note="Wrong", note_language="en", by=None
    ).document
    document.refresh_from_db()
    assert f"reversed by {reversal.number}" in text_of(certificate.as_pdf(document, "en"))


def test_what_the_server_put_right_is_on_it(relief, lot_of, send, count):
    lot = lot_of(relief.kit, "K1", expires_on=timezone.now().date() + timedelta(days=1))
    consignment = send([(lot, 5)])
    lot.expires_on = timezone.now().date() - timedelta(days=2)
    lot.save()
    document = count(consignment, accepted=(lot, 5)).document
    text = text_of(certificate.as_pdf(document, "en"))
    assert "test-kit K1 has expired: 5 went into quarantine." in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("agent", 200), ("giver", 200), ("carrier", 404), ("staff", 200), ("nurse", 404),
     ("outsider", 404), ("visitor", 404)],
)  # fmt: skip
def test_the_parties_get_it_and_nobody_else(relief, document, browser_of, client, who, status):
    address = reverse("relief_certificate", args=[document.number])
    answer = browser_of(getattr(relief, who)).get(address)
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.content.startswith(b"%PDF")
    assert client.get(address).status_code == 302


def test_a_dispatch_has_no_certificate(relief, document, browser_of):
    dispatch = document.consignment.documents.get(kind="dispatch")
    address = reverse("relief_certificate", args=[dispatch.number])
    assert browser_of(relief.agent).get(address).status_code == 404
