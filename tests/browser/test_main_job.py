"""The main job, the whole way once, in a real browser: a guideline is brought in, translated,
stopped by a check, mended, signed, published, and read on a phone in Indonesian."""

import pytest
from pypdf import PdfReader

from tests.browser.conftest import PHONE, until

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

DOCUMENT = """\
---
title: Fever in children
---

# What to give

Give paracetamol 15 mg/kg every 6 hours.

Do not give aspirin.
"""
WORDING = {
    "Fever in children": "Demam pada anak",
    "What to give": "Apa yang diberikan",
    "Give paracetamol 15 mg/kg every 6 hours.": "Berikan parasetamol 15 mg/kg setiap 6 jam.",
    "Do not give aspirin.": "Jangan berikan aspirin.",
}


def test_from_a_file_to_a_nurse(site, visit, tmp_path):
    path = tmp_path / "fever.md"
    path.write_text(DOCUMENT, encoding="utf-8")

    # A coordinator brings it in and publishes the original.
    page = visit("/guidelines/import/", as_="coordinator")
    page.set_input_files("input[type=file]", path)
    page.select_option("select[name=language]", "en")
    page.fill("input[name=slug]", "fever")
    page.get_by_role("button", name="Bring it in").click()
    page.wait_for_url("**/guidelines/fever/manage/")
    page.get_by_role("button", name="Publish the original").click()
    page.get_by_text("Published in English.").wait_for()

    # A translator works down the list by keys; one dose goes in wrong.
    page = visit("/guidelines/fever/id/translate/", as_="translator")
    for source, wording in WORDING.items():
        editor = page.locator("form.editor")
        editor.locator(".source-text", has_text=source).wait_for()
        field = page.locator("form.editor textarea")
        last = wording == "Jangan berikan aspirin."
        if "15 mg" in wording:
            field.fill(wording.replace("15", "150"))
            page.locator(".findings .block", has_text="150").wait_for()
        else:
            field.fill(wording)
        page.keyboard.press("Control+Enter")
        if not last:
            editor.locator(".source-text", has_text=source).wait_for(state="detached")
    page.get_by_text("Done. It waits for review.").wait_for()

    # The clinician cannot approve it, and returns it with a reason.
    review = visit("/guidelines/fever/id/review/", as_="clinician.id", language="id")
    wrong = review.locator(".reviewing", has_text="150")
    assert wrong.locator(".findings .block").count() >= 1
    assert wrong.locator("mark.block").count() >= 2
    wrong.locator("button[value=approve]").click()
    assert review.locator(".notice.stop").count() == 1
    wrong = review.locator(".reviewing", has_text="150")
    wrong.locator("details.return summary").click()
    wrong.locator("input[name=reason]").fill("15 mg/kg, not 150.")
    wrong.locator("button[value=return]").click()
    assert review.locator(".reviewing").count() == 3
    for _ in range(3):
        review.locator("button[value=approve]").first.click()
        review.wait_for_load_state()
    assert review.locator(".reviewing").count() == 0

    # What is wrong is not shown to anybody, not even after publication.
    manage = visit("/guidelines/fever/manage/", as_="coordinator")
    manage.get_by_role("button", name="Publish in Bahasa Indonesia").click()
    manage.get_by_text("Published in Bahasa Indonesia.").wait_for()
    nurse = visit("/guidelines/fever/id/", size=PHONE, language="id", script=False)
    assert "150" not in nurse.content()
    assert nurse.locator(".p-missing", has_text="15 mg/kg every 6 hours").count() == 1

    # The translator sees the reason and mends it; the clinician signs.
    page.goto("/guidelines/fever/id/translate/?show=returned")
    page.get_by_text("15 mg/kg, not 150.").wait_for()
    page.locator("form.editor textarea").fill(WORDING["Give paracetamol 15 mg/kg every 6 hours."])
    page.locator("form.editor .findings").wait_for(state="detached")
    page.get_by_role("button", name="Done, next").click()
    page.get_by_text("Done. It waits for review.").wait_for()
    review.goto("/guidelines/fever/id/review/")
    review.keyboard.press("a")
    review.locator(".notice").wait_for()

    # The nurse reads it on her phone, without script, and nothing runs off the screen.
    nurse = visit("/guidelines/fever/id/", size=PHONE, language="id", script=False)
    assert nurse.locator("h1").inner_text() == "Demam pada anak"
    body = nurse.locator("article").inner_text()
    for wording in WORDING.values():
        assert wording in body
    assert nurse.locator(".mark-approved").count() == 3
    assert nurse.locator(".p-missing").count() == 0

    # The PDF opens and holds the text.
    answer = nurse.request.get("/guidelines/fever/id/file.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pdf = tmp_path / "fever.pdf"
    pdf.write_bytes(answer.body())
    text = " ".join(" ".join(p.extract_text().split()) for p in PdfReader(pdf).pages)
    assert "Berikan parasetamol 15 mg/kg setiap 6 jam." in text
    assert "Jangan berikan aspirin." in text


def test_a_phone_shows_no_sideways_scrolling(site, visit):
    for path in (
        "/",
        "/guidelines/",
        "/guidelines/respiratory-infection/id/",
        "/account/login/",
        "/account/signup/",
    ):
        for language in ("en", "ar", "zh-CN"):
            page = visit(path, size=PHONE, language=language)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_what_a_dropped_line_kept_is_sent_when_it_is_back(site, visit):
    page = visit("/guidelines/ventilation/en/translate/", as_="clinician.zh", language="zh")
    page.locator("form.editor textarea").wait_for()
    segment = page.locator("form.editor").get_attribute("data-segment")
    page.context.set_offline(True)
    page.locator("form.editor textarea").fill("Main points of natural ventilation")
    until(page, "document.querySelector('.line-state').textContent.length > 0")
    page.wait_for_timeout(1500)
    kept = page.evaluate("Object.values({...localStorage}).join()")
    assert "Main points of natural ventilation" in kept
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "localStorage.length === 0")
    page.goto(f"/guidelines/ventilation/en/translate/?at={segment}")
    assert page.locator("form.editor textarea").input_value() == (
        "Main points of natural ventilation"
    )


def test_the_workbench_works_without_script(site, visit):
    page = visit("/guidelines/ventilation/en/translate/?show=open", as_="translator", script=False)
    # The suggestion of an engine or memory is not needed: plain typing and sending is enough.
    first = page.locator("form.editor .source-text").inner_text()
    page.locator("form.editor textarea").fill("Some words about a ward")
    page.get_by_role("button", name="Done, next").click()
    assert page.locator("form.editor .source-text").inner_text() != first
