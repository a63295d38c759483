"""Scanning in a real browser: by a fake camera, a photo, a scanner that types, and by hand.

The page here has only what scanning needs, under the site's own security policy.
"""

import io
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site_settings
from django.contrib.staticfiles import finders
from django.template import engines
from PIL import Image
from playwright.sync_api import Browser, Page

from medixchange.relief.labels import drawing
from medixchange.relief.labels.codes import GS, element_string, link, sscc
from medixchange.relief.labels.sheets import Layout, render
from tests.browser.conftest import PHONE, until
from tests.relief.labels.test_reading import VECTORS
from tests.relief.labels.test_sheets import box

pytestmark = [pytest.mark.browser, pytest.mark.enable_socket]

LINK = link("https://relief.example.org", "box", "CN-2020-0007.3")
GOODS = element_string(gtin="09521234543213", lot="LOT-7/A", expires_on=date(2027, 5, 31))
BOX = element_string(sscc=sscc("9521234", 7))

PAGE = """<!doctype html><html lang="en"><head><title>Scanning</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{% load static %}<link rel="stylesheet" href="{% static 'core/site.css' %}">
<link rel="stylesheet" href="{% static 'relief/scan.css' %}"></head>
<body><main><h1>Receive</h1>
<form action="/sent" id="receive"><label for="code">Code</label>
<input id="code" name="code" data-scan="{{ mode }}">
<label for="count">Accepted</label><input id="count" name="count" type="number" value="12">
<label for="note">Note</label><textarea id="note" data-scan-off></textarea>
<button>Send</button></form>
{% include "relief/parts/scanner.html" %}</main>
<script type="module" src="{% static 'relief/scan.js' %}"></script></body></html>"""


@pytest.fixture
def address() -> Iterator[str]:
    """A page with a field to scan into, at ``/``; at ``/submit`` one that sends its form."""
    policy = "; ".join(
        f"{name} {' '.join(sources)}"
        for name, sources in site_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
    )
    page = engines["django"].from_string(PAGE)
    types = {".js": "text/javascript", ".css": "text/css"}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/static/"):
                found = Path(finders.find(path.removeprefix("/static/")) or "/nowhere")
                body, kind = found.read_bytes(), types[found.suffix]
            else:
                mode = path.strip("/")
                body, kind = page.render({"mode": mode}).encode(), "text/html; charset=utf-8"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


Open = Callable[..., Page]


@pytest.fixture
def show(address: str) -> Iterator[Open]:
    """Opens the page in a browser; what is scanned is then in ``scans``.

    An error in a script, or something that the policy forbids, fails the test.
    """
    errors: list[str] = []
    contexts = []

    def show_page(browser: Browser, path: str = "") -> Page:
        contexts.append(browser.new_context(viewport=PHONE, locale="en"))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
        page.goto(address + path)
        until(page, "document.querySelector('.scan-button') !== null")
        page.evaluate(
            "window.scans = []; document.addEventListener('scan', e => scans.push(e.detail))"
        )
        return page

    yield show_page
    for context in contexts:
        context.close()
    assert [error for error in errors if "favicon" not in error] == []


def scene(symbol: drawing.Symbol, scale: int, tilt: float) -> Image.Image:
    """A symbol on white paper, held into a camera of 640 by 480 at an angle."""
    side = (symbol.columns * scale, symbol.rows * scale if symbol.rows > 1 else 150)
    code = Image.new("L", side, 255)
    for x, y, length in symbol.runs:
        bottom = (y + 1) * scale if symbol.rows > 1 else side[1]
        code.paste(0, (x * scale, y * scale, (x + length) * scale, bottom))
    paper = Image.new("L", (side[0] + 60, side[1] + 60), 235)
    paper.paste(code, (30, 30))
    paper = paper.rotate(tilt, expand=True, fillcolor=120, resample=Image.Resampling.BICUBIC)
    view = Image.new("L", (640, 480), 120)
    view.paste(paper, ((640 - paper.width) // 2 + 9, (480 - paper.height) // 2 - 7))
    return view


@pytest.fixture
def with_camera(chromium: Browser, tmp_path: Path) -> Iterator[Callable[[Image.Image], Browser]]:
    """Starts a browser whose camera shows a picture."""
    browsers = []

    def start(picture: Image.Image) -> Browser:
        film = tmp_path / "camera.y4m"
        colourless = b"\x80" * (picture.width * picture.height // 2)
        frame = b"FRAME\n" + picture.tobytes() + colourless
        head = f"YUV4MPEG2 W{picture.width} H{picture.height} F10:1 Ip A1:1 C420jpeg\n"
        film.write_bytes(head.encode() + frame * 3)
        browsers.append(
            chromium.browser_type.launch(
                executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
                args=[
                    "--no-sandbox",
                    "--disable-gpu",
                    "--use-fake-ui-for-media-stream",
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-video-capture={film}",
                ],
            )
        )
        return browsers[-1]

    yield start
    for browser in browsers:
        browser.close()


def scans(page: Page, count: int = 1) -> list[dict]:
    until(page, f"scans.length >= {count}")
    found: list[dict] = page.evaluate("scans")
    return found


def type_fast(page: Page, text: str, end: str = "Enter", *, separator: str = "\x1d") -> None:
    """Type as a scanner does: a key every five milliseconds, whatever this machine takes."""
    session = page.context.new_cdp_session(page)
    clock = page.evaluate("(performance.timeOrigin + performance.now()) / 1000")
    for number, char in enumerate([*text, end]):
        key = {"timestamp": clock + number * 0.005, "key": char}
        if char == GS and separator == "Ctrl+]":
            key |= {"key": "]", "code": "BracketRight", "modifiers": 2}
        elif char == GS:
            key |= {"key": separator}
        elif len(char) == 1:
            key |= {"text": char}
        elif char == "Enter":
            key |= {"text": "\r", "code": "Enter", "windowsVirtualKeyCode": 13}
        session.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
        key.pop("text", None)
        session.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})


def test_the_script_reads_every_vector_as_the_server_does(chromium, show):
    page = show(chromium)
    read = page.evaluate(
        """async (texts) => {
          const { readGs1 } = await import("/static/relief/scan.js");
          return texts.map(readGs1);
        }""",
        [vector["text"] for vector in VECTORS],
    )
    said = [
        vector["read"] if "read" in vector else {"refused": vector["refused"]} for vector in VECTORS
    ]
    assert dict(zip([v["why"] for v in VECTORS], read, strict=True)) == dict(
        zip([v["why"] for v in VECTORS], said, strict=True)
    )


@pytest.mark.parametrize(
    ("symbol", "scale", "tilt", "text", "field"),
    [
        (drawing.qr(LINK), 6, 12, f"]Q1{LINK}", "reference"),
        (drawing.data_matrix(GOODS), 9, 5, f"]d2{GOODS}", "lot"),
        (drawing.data_matrix(GOODS), 8, 27, f"]d2{GOODS}", "lot"),
        (drawing.gs1_128(BOX), 3, 2, f"]C1{BOX}", "sscc"),
    ],
    ids=["qr", "datamatrix", "datamatrix askew", "gs1-128"],
)
def test_the_camera_reads_a_code_without_a_detector_of_the_browser(
    with_camera, show, symbol, scale, tilt, text, field
):
    page = show(with_camera(scene(symbol, scale, tilt)))
    assert page.evaluate("'BarcodeDetector' in window") is False
    page.click(".scan-button")
    (scan,) = scans(page)
    assert (scan["text"], scan["how"]) == (text, "camera")
    assert scan["read"][field]
    assert page.input_value("#code") == text
    assert not page.is_visible("dialog")
    assert page.evaluate("document.activeElement.className") == "second scan-button"
    until(page, "document.querySelector('video').srcObject === null")


def test_the_decoder_is_loaded_only_with_the_camera(with_camera, show):
    page = show(with_camera(scene(drawing.qr(LINK), 6, 0)))
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rsplit("/", 1)[-1]))
    page.reload()
    until(page, "document.querySelector('.scan-button') !== null")
    assert loaded == ["", "site.css", "scan.css", "scan.js"]
    page.click(".scan-button")
    until(page, "document.querySelector('#code').value !== ''")
    assert loaded[4:] == ["decoder.min.js"]


def test_the_dialog_is_accessible_and_escape_ends_the_camera(with_camera, show):
    page = show(with_camera(Image.new("L", (640, 480), 120)))
    page.click(".scan-button")
    until(page, "!document.querySelector('video').hidden")
    assert page.inner_text("[role=status]") == "Hold the code in the frame, straight and close."
    assert page.evaluate("document.activeElement.textContent") == "Close"
    assert not page.is_visible("[data-scanner-light]")
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    track = page.evaluate_handle("document.querySelector('video').srcObject.getTracks()[0]")
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")
    assert track.evaluate("track => track.readyState") == "ended"
    assert page.evaluate("document.activeElement.className") == "second scan-button"
    assert page.evaluate("scans") == []


def test_without_a_camera_a_photo_of_a_label_is_read(chromium, show, tmp_path):
    label = box(3, of=12)
    (tmp_path / "label.pdf").write_bytes(render([label], layout=Layout.THERMAL, language="en"))
    subprocess.run(
        ["pdftoppm", "-r", "300", "-png", tmp_path / "label.pdf", tmp_path / "label"], check=True
    )
    (picture,) = tmp_path.glob("label*.png")
    photo = io.BytesIO()
    Image.open(picture).rotate(4, expand=True, fillcolor="grey").save(photo, "JPEG", quality=80)
    page = show(chromium)
    page.click(".scan-button")
    until(page, "document.querySelector('[role=status]').textContent.startsWith('No camera')")
    page.set_input_files(
        "[data-scanner-photo]",
        {"name": "label.jpg", "mimeType": "image/jpeg", "buffer": photo.getvalue()},
    )
    (scan,) = scans(page)
    assert (scan["text"], scan["how"]) == (f"]C1{label.bars()}", "photo")


def test_a_photo_without_a_code_says_what_to_do(chromium, show):
    page = show(chromium)
    page.click(".scan-button")
    for body in (Image.new("L", (900, 600), 200), None):
        photo = io.BytesIO()
        if body:
            body.save(photo, "PNG")
        page.set_input_files(
            "[data-scanner-photo]",
            {"name": "p.png", "mimeType": "image/png", "buffer": photo.getvalue() or b"no picture"},
        )
        until(page, "document.querySelector('[role=status]').textContent.startsWith('No code was')")
    assert page.evaluate("scans") == []


@pytest.mark.parametrize("separator", ["\x1d", "F8", "Ctrl+]"])
def test_a_scanner_that_types_is_heard_whatever_has_the_focus(chromium, show, separator):
    page = show(chromium)
    text = element_string(gtin="09521234543213", lot="LOT-7/A", quantity=5)
    assert GS in text
    type_fast(page, text, separator=separator)
    page.focus("#code")
    type_fast(page, text, separator=separator)
    page.focus(".scan-button")
    type_fast(page, f"]C1{BOX}", "Tab")
    first, second, third = scans(page, 3)
    assert first == second
    assert (first["text"], first["how"]) == (text, "wedge")
    assert (first["read"]["lot"], first["read"]["quantity"]) == ("LOT-7/A", 5)
    assert third["read"] == {"symbology": "]C1", "sscc": sscc("9521234", 7)}
    assert page.input_value("#code") == f"]C1{BOX}"
    assert not page.is_visible("dialog")


def test_a_scan_into_a_number_leaves_the_number_and_sends_nothing(chromium, show):
    page = show(chromium, "submit")
    page.evaluate("document.addEventListener('scan', e => e.preventDefault())")
    page.focus("#count")
    type_fast(page, f"00{sscc('9521234', 7)}")
    (scan,) = scans(page)
    assert scan["read"]["sscc"] == sscc("9521234", 7)
    assert page.input_value("#count") == "12"
    assert page.url.endswith("/submit")


def test_a_field_that_wants_no_scans_keeps_what_is_typed(chromium, show):
    page = show(chromium)
    page.focus("#note")
    type_fast(page, "CN-2020-0007", "Tab")
    assert page.input_value("#note") == "CN-2020-0007"
    assert page.evaluate("scans") == []


def test_a_code_can_be_typed_by_hand(chromium, show):
    page = show(chromium)
    page.focus("#code")
    page.keyboard.type("(01) 09521234543213", delay=80)
    page.keyboard.press("Enter")
    (scan,) = scans(page)
    assert (scan["text"], scan["how"]) == ("(01) 09521234543213", "typed")
    assert scan["read"] == {"gtin": "09521234543213"}
    assert page.url.endswith("/")


def test_a_damaged_code_is_handed_over_with_what_is_wrong(chromium, show):
    page = show(chromium)
    type_fast(page, "]d20109521234543214")
    (scan,) = scans(page)
    assert scan["read"] == {"refused": {"code": "check_digit", "where": "01"}}


def test_a_form_that_wants_it_is_sent_with_the_code(chromium, show):
    page = show(chromium, "submit")
    type_fast(page, "CN-2020-0007")
    page.wait_for_url("**/sent?*")
    assert "code=CN-2020-0007" in page.url
