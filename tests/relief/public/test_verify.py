"""A printed paper is genuine if its number and check code are of one document of this site."""

import pytest
from django.test import override_settings
from django.urls import reverse

from medixchange.relief.queries.public import verify


def test_a_genuine_paper_is_shown_as_it_must_read(client, history):
    page = client.get(verify.check_path(history.receipt))
    text = page.content.decode()
    assert page.status_code == 200
    assert f"{history.receipt.number} is in the ledger, with this check code." in text
    assert history.receipt.fingerprint[:12] in text
    assert history.receipt.fingerprint not in text
    for outcome, amount in (("accepted", "700"), ("damaged", "30"), ("missing", "70")):
        assert f'<td>{outcome}</td><td class="number">{amount} pieces</td>' in text
    assert "Signer Name" not in text


def test_the_code_is_ten_hex_digits_and_of_one_document(history):
    code = verify.check_code(history.receipt)
    assert len(code) == 10
    assert int(code, 16) >= 0
    assert code != verify.check_code(history.mistake)
    with override_settings(SECRET_KEY="k" * 40):
        assert verify.check_code(history.receipt) != code


@pytest.mark.parametrize("change", [str.upper, lambda code: f" {code[:5]} {code[5:]} "])
def test_how_the_code_is_typed_does_not_matter(client, history, change):
    asked = {
        "number": history.receipt.number.lower(),
        "code": change(verify.check_code(history.receipt)),
    }
    assert client.get(reverse("relief_verify_any"), asked).status_code == 200


@pytest.mark.parametrize("code", ["0000000000", "x", "é", "'; DROP", "0" * 5000])
def test_a_wrong_code_matches_nothing(client, history, code):
    page = client.get(reverse("relief_verify", args=[history.receipt.number]), {"code": code})
    assert page.status_code == 404
    text = page.content.decode()
    assert "This paper does not match the ledger." in text
    assert "700" not in text


def test_a_number_that_does_not_exist_is_answered_like_a_wrong_code(client, history):
    wrong = client.get(reverse("relief_verify", args=["GRN-1999-00001"]), {"code": "0000000000"})
    assert wrong.status_code == 404
    assert "This paper does not match the ledger." in wrong.content.decode()


def test_the_code_of_another_document_matches_nothing(client, history):
    code = verify.check_code(history.mistake)
    asked = client.get(reverse("relief_verify", args=[history.receipt.number]), {"code": code})
    assert asked.status_code == 404


def test_without_a_code_the_page_asks_for_it(client, history):
    page = client.get(reverse("relief_verify", args=[history.receipt.number]))
    assert page.status_code == 200
    assert "700" not in page.content.decode()
    assert f'value="{history.receipt.number}"' in page.content.decode()


def test_a_paper_that_was_taken_back_says_so(client, history):
    page = client.get(verify.check_path(history.mistake)).content.decode()
    assert "This document was taken back." in page
    assert history.reversal.number in page
