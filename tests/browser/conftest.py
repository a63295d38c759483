"""A real site, as ``bin/up`` serves it, and a real headless Chromium in front of it."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

PASSWORD = "a long demo password"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Site:
    """A served site: where it is, and its command line."""

    url: str
    environment: dict[str, str]

    def run(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run ``medixchange`` on the same data."""
        return subprocess.run(
            [sys.executable, "-m", "medixchange", *arguments],
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def json(self, *arguments: str) -> dict:
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def _environment(data: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "MEDIXCHANGE_DATA": str(data),
        "MEDIXCHANGE_ORIGIN": url,
        "DATABASE_URL": "",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample content: made once, however many processes run tests."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # What the processes of one run have in common.
        folder = folder.parent
    data = folder / "sample"
    with (folder / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not data.exists():
            making = folder / "sample-being-made"
            maker = Site("", _environment(making, "http://127.0.0.1"))
            for arguments in (["setup"], ["demo", "--password", PASSWORD]):
                done = maker.run(*arguments)
                assert done.returncode == 0, done.stderr
            making.rename(data)
    return data


@pytest.fixture(scope="session")
def site(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the sample content, served by the program's own ``serve``; each process that
    runs tests has its own."""
    data = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(sample, data)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = _environment(data, url)
    made = Site(url, environment)
    server = subprocess.Popen(
        [sys.executable, "-m", "medixchange", "serve", "--port", str(port), "--workers", "1"],
        env=environment,
    )
    try:
        _wait(f"{made.url}/health/", server)
        yield made
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; started without any of its own connections."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("Chromium is not installed. On Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
        )
        yield browser
        browser.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Site, chromium: Browser) -> Iterator[Visit]:
    """Opens a page as somebody: ``visit("/work/", as_="translator", size=PHONE)``.

    Everybody has a browser of their own. A page that throws an error in its script fails the test.
    """
    contexts: dict[tuple[str, int, bool, str], BrowserContext] = {}
    errors: list[str] = []

    def open_page(
        path: str,
        *,
        as_: str = "",
        size: dict[str, int] = DESKTOP,
        script: bool = True,
        language: str = "en",
    ) -> Page:
        key = as_, size["width"], script, language
        if key not in contexts:
            contexts[key] = chromium.new_context(
                viewport=size, java_script_enabled=script, locale=language, base_url=site.url
            )
            if as_:
                sign_in(contexts[key].new_page(), as_)
        page = contexts[key].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts.values():
        context.close()
    assert errors == []


def until(page: Page, expression: str) -> None:
    """Wait until an expression holds in the page. (The site's policy forbids waiting by eval.)"""
    for _ in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def sign_in(page: Page, name: str) -> None:
    """Sign in by the form, as a demo account."""
    page.goto("/account/login/")
    page.fill("input[name=login]", f"{name}@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "login" not in url)
    page.close()


def sign(page: Page, side: str) -> None:
    """Draw across the field of a side, as a finger does."""
    pad = page.locator(f"[data-sign={side}] canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 20 + step * 20, box["y"] + 40 + (step % 3) * 20)
    page.mouse.up()
