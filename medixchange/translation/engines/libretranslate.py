"""Any server that speaks LibreTranslate's protocol (https://docs.libretranslate.com).

The client is ``urllib.request`` of the standard library: two plain requests need no dependency.
The address comes from the operator's settings only. Redirects are refused, so that neither text
nor key travels to a server that nobody named.
"""

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Collection, Iterator, Sequence
from http.client import HTTPException
from typing import Any

from django.utils.translation import gettext_lazy as _

from medixchange.core import languages
from medixchange.translation.engines.base import EngineUnavailable, wrong_pair

# Requests no larger than servers commonly allow (the public one: 2,000 characters a text).
_TEXTS = 25
_CHARACTERS = 5_000
_RESPONSE_BYTES = 2_000_000
_LANGUAGES_FOR = 600.0
_LANGUAGES_RETRY = 30.0
# Server codes that stand for another tag than they say: models of LibreTranslate up to 1.6 wrote
# "pb" and "zt", later ones "pt-BR", "zh-Hans" and "zh-Hant".
_ALIASES = {"pb": "pt-BR", "zh-hans": "zh", "fil": "tl", "tl": "tl"}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


class LibreTranslate:
    """A client of one server.

    Args:
        url: its address, ``http`` or ``https``. Raises ``ValueError`` for any other.
        api_key: sent with each request when not empty.
        timeout: seconds to wait for the connection, and for each read.
        name: how the engine is called on translations.
    """

    def __init__(
        self, url: str, api_key: str = "", timeout: float = 20.0, name: str = "LibreTranslate"
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{url!r} is not an http or https address")
        self.name = name
        self._url = url.rstrip("/")
        self._key = api_key
        self._timeout = timeout
        self._opener = urllib.request.build_opener(_NoRedirect)
        self._lock = threading.Lock()
        self._codes: dict[tuple[str, str], tuple[str, str]] = {}
        self._asked: float | None = None

    @property
    def version(self) -> str:
        """The server's host: its protocol does not tell which models it runs."""
        return urllib.parse.urlsplit(self._url).netloc.rpartition("@")[2]

    def pairs(self) -> Collection[tuple[str, str]]:
        """What ``GET /languages`` lists, of the languages we carry. Asked again after 10 minutes.

        Raises ``EngineUnavailable``.
        """
        return self._languages().keys()

    def supports(self, source: str, target: str) -> bool:
        """Whether the server lists a pair; ``False`` while it cannot be reached."""
        try:
            return self._code(source, target) is not None
        except EngineUnavailable:
            return False

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate plain texts in batches, by ``POST /translate``."""
        code = self._code(source, target)
        if code is None:
            raise wrong_pair(self.name, source, target)
        out: list[str] = []
        for batch in _batches(texts):
            wanted = [text for text in batch if text.strip()]
            given = iter(self._batch(wanted, code) if wanted else ())
            out += [next(given) if text.strip() else text for text in batch]
        return out

    def _batch(self, texts: Sequence[str], code: tuple[str, str]) -> list[str]:
        body: dict[str, Any] = {
            "q": list(texts), "source": code[0], "target": code[1], "format": "text"
        }  # fmt: skip
        if self._key:
            body["api_key"] = self._key
        answer = self._ask("/translate", body)
        given = answer.get("translatedText") if isinstance(answer, dict) else None
        if (
            not isinstance(given, list)
            or len(given) != len(texts)
            or not all(isinstance(text, str) for text in given)
        ):
            raise self._unexpected("/translate")
        return given

    def _code(self, source: str, target: str) -> tuple[str, str] | None:
        """The server's own codes for a pair; a language without region serves its regions."""
        codes = self._languages()
        for pair in (
            (source, target),
            (source, target.split("-")[0]),
            (source.split("-")[0], target),
            (source.split("-")[0], target.split("-")[0]),
        ):
            if pair in codes:
                return codes[pair]
        return None

    def _languages(self) -> dict[tuple[str, str], tuple[str, str]]:
        """From pairs of our tags to the server's codes for them."""
        with self._lock:
            now = time.monotonic()
            wait = _LANGUAGES_FOR if self._codes else _LANGUAGES_RETRY
            if self._asked is not None and now - self._asked < wait:
                if not self._codes:
                    raise self._down(_("it did not answer a moment ago."))
                return self._codes
            self._asked = now
            try:
                listed = self._ask("/languages")
            except EngineUnavailable:
                self._codes = {}
                raise
            self._codes = self._read_languages(listed)
            return self._codes

    def _read_languages(self, listed: object) -> dict[tuple[str, str], tuple[str, str]]:
        if not isinstance(listed, list):
            raise self._unexpected("/languages")
        entries = [
            (entry["code"], [t for t in entry.get("targets", []) if isinstance(t, str)])
            for entry in listed
            if isinstance(entry, dict) and isinstance(entry.get("code"), str)
        ]
        codes: dict[tuple[str, str], tuple[str, str]] = {}
        for code, targets in entries:
            # Without "targets" (servers before 1.3) every listed language is one.
            for other in targets or [known for known, _targets in entries]:
                source, target = _tag(code), _tag(other)
                if source is not None and target is not None and source != target:
                    codes.setdefault((source, target), (code, other))
        if not codes:
            raise self._unexpected("/languages")
        return codes

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - scheme checked when made
            self._url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                raw = response.read(_RESPONSE_BYTES + 1)
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error) from error
        except TimeoutError as error:
            raise self._slow() from error
        except (urllib.error.URLError, HTTPException, OSError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise self._slow() from error
            raise self._down(_("it cannot be reached (%(why)s).") % {"why": reason}) from error
        if len(raw) > _RESPONSE_BYTES:
            raise self._unexpected(path)
        try:
            return json.loads(raw)
        except ValueError as error:
            raise self._unexpected(path) from error

    def _refused(self, error: urllib.error.HTTPError) -> EngineUnavailable:
        try:
            said = str(json.loads(error.read(10_000))["error"])[:200]
        except (ValueError, KeyError, TypeError, OSError, HTTPException):
            said = str(error.reason)
        why = _("the server refused with %(status)s (%(said)s).") % {
            "status": error.code,
            "said": said,
        }
        remedy = {
            403: _("Check MEDIXCHANGE_LIBRETRANSLATE_KEY."),
            429: _("Wait a minute, or ask its operator for a higher limit."),
        }.get(error.code, _("Check MEDIXCHANGE_LIBRETRANSLATE_URL and the server's log."))
        return EngineUnavailable(self.name, why, remedy)

    def _slow(self) -> EngineUnavailable:
        return self._down(
            _("it gave no answer within %(seconds)g seconds.") % {"seconds": self._timeout}
        )

    def _down(self, why: Any) -> EngineUnavailable:
        return EngineUnavailable(
            self.name,
            why,
            _("Check that the server runs at %(url)s, then try again.") % {"url": self.version},
        )

    def _unexpected(self, path: str) -> EngineUnavailable:
        return EngineUnavailable(
            self.name,
            _("the answer to %(path)s is not what LibreTranslate's protocol says.")
            % {"path": path},
            _("Check that MEDIXCHANGE_LIBRETRANSLATE_URL names such a server."),
        )


def _tag(code: str) -> str | None:
    """Our tag for a server's code, or ``None`` for a language we do not carry."""
    try:
        return languages.get(_ALIASES.get(code.lower(), code)).tag
    except languages.UnknownLanguage:
        return None


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == _TEXTS or size + len(text) > _CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
