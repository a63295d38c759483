"""What must survive the trip through an engine: numbers, units, addresses, placeholders, tags.

Engines are trained on plain sentences. They drop characters that they do not know (the embedded
one reads "5 µg" as "5 g"), break up addresses, and garble tags. So a text goes out plain, with what
must not be touched replaced by words that engines leave alone, and comes back only if every one of
those words is found again exactly once. Where that fails, there is no translation: an empty string,
and the work stays with a person. Nothing is ever guessed into a text.

Tags come back where their place is certain: around the whole segment, and right before its last
mark. Others are left out, and the check of tags says so to the translator.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol

from medixchange.translation import inline
from medixchange.translation.engines.base import Engine

# Words of capitals and a digit, which the models we tried copy; the second is for texts where the
# first did not come back.
_CARRIERS = ("QZ{}", "XK{}")
_NUMBER = r"\d+(?:[.,\u00a0\u202f]\d+)*"
_FIXED = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]}»”]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    r"|\{\{[^{}]*\}\}|\$?\{[^{}\s]*\}|%\([^()\s]*\)[a-z]|%[sd]\b|__\w+__"
)
_MEASURE = re.compile(
    rf"(?:[<>≤≥=±~≈×]\s*)*{_NUMBER}(?:\s*[-–—×/]\s*{_NUMBER})*(?:\s?(?:[%‰°]\w?|[µμ]\w+))?"
)
_DIGITS = re.compile(_NUMBER)
# A word without the marks around it, for words with a character the engine does not read.
_WORD = re.compile(r"[^\s(\[\"',.;:!?)\]]+(?:[.,:'][^\s(\[\"',.;:!?)\]]+)*")
# A text with more than this share of letters that the engine does not read is in a script that
# is not the engine's.
_MOSTLY = 0.4
# What may stand around a text without being part of its wording: a bullet, a face, a list label.
_EDGE_BEFORE = re.compile(
    r"\A(?:[^\w(\[{<\"'“‘«„¿¡+±~≈≤≥=%$€£#@&-]|\(?(?:\d{1,2}|[a-zA-Z])[.)]\s|[-–—]\s)*"
)
_OF_WORDING = frozenset(".,;:!?…)]}>\"'”’»%‰°$€£+-")
_LAST_MARK = re.compile(r"[.!?;:…。！？]*\s*\Z")
# What writers and engines use for one another; an engine that lacks one has the other.
_PLAIN = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "–": "-"}
    | {"—": "-", "‑": "-", "‐": "-", "…": "...", "\u00a0": " ", "\u202f": " ", "\u2009": " "}
)


def translate(engine: Engine, texts: Sequence[str], *, source: str, target: str) -> list[str]:
    """Have an engine translate segments, with all that must survive kept safe.

    Gives, in order, a translation for each segment (text with numbered tags), or an empty string
    where the engine has none or lost something on the way. Raises ``EngineUnavailable``.
    """
    jobs = [_Job(text, getattr(engine, "alphabet", None), source, target) for text in texts]
    for strict, carrier in ((False, 0), (True, 0), (True, 1)):
        sent = {
            job: text
            for job in jobs
            if job.open and (text := job.outgoing(_CARRIERS[carrier], numbers=strict))
        }
        if not sent:
            break
        given = engine.translate(list(sent.values()), source=source, target=target)
        for job, answer in zip(sent, given, strict=True):
            job.incoming(answer)
    return [job.result() for job in jobs]


@dataclass(slots=True)
class _Frame:
    """The tags of a segment whose place is certain."""

    before: str
    after: str
    inside_end: str

    @classmethod
    def of(cls, text: str) -> tuple["_Frame", str]:
        pieces = list(inline.pieces(text))
        start, end = 0, len(pieces)
        while start < end and pieces[start].kind in {"open", "point"}:
            start += 1
        while end > start and pieces[end - 1].kind != "text":
            end -= 1
        before = "".join(piece.text for piece in pieces[:start])
        after = "".join(piece.text for piece in pieces[end:])
        inner = pieces[start:end]
        plain = "".join(piece.text for piece in inner if piece.kind == "text")
        inside_end = ""
        if len(inner) >= 3 and inner[-2].kind == "point" and _LAST_MARK.fullmatch(inner[-1].text):
            inside_end = inner[-2].text
            inner = inner[:-2]
        kept = before + inside_end + after
        if not inline.well_formed(kept):
            # The other half of a pair stands inside, where we cannot place it.
            return cls("", "", ""), plain
        return cls(before, after, inside_end), plain

    def around(self, text: str) -> str:
        if self.inside_end:
            mark = _LAST_MARK.search(text)
            at = mark.start() if mark else len(text)
            text = text[:at] + self.inside_end + text[at:]
        return self.before + text + self.after


class _Job:
    """One segment on its way out and back."""

    def __init__(self, text: str, alphabet: frozenset[str] | None, source: str, target: str):
        self._frame, plain = _Frame.of(text)
        before = _EDGE_BEFORE.match(plain)
        self._lead = before[0] if before else ""
        rest = plain[len(self._lead) :]
        end = len(rest)
        while end and not (rest[end - 1].isalnum() or rest[end - 1] in _OF_WORDING):
            end -= 1
        self._core, self._tail = rest[:end], rest[end:]
        self._alphabet = alphabet
        self._source, self._target = source, target
        self._held: dict[str, str] = {}
        # The best so far; the job stays open while its numbers are not those of the source.
        self._answer: str | None = None
        self.open = True
        if not any(char.isalpha() for char in self._core):
            self._answer, self.open = self._core, False

    def outgoing(self, carrier: str, *, numbers: bool) -> str:
        """The text to send, what must not be touched replaced by carriers; empty if hopeless."""
        text = self._readable(self._core)
        self._held = {}

        def hold(held: str) -> str:
            number = len(self._held) + 1
            word = carrier.format(number)
            while word in text:
                number += 10
                word = carrier.format(number)
            self._held[word] = held
            return word

        def measure(match: re.Match[str]) -> str:
            return hold(match[0]) if numbers or not self._reads(match[0]) else match[0]

        pieces = re.split(f"({_FIXED.pattern})", text)
        for index, piece in enumerate(pieces):
            if index % 2:
                pieces[index] = hold(piece)
                continue
            piece = _MEASURE.sub(measure, piece)
            pieces[index] = _WORD.sub(
                lambda match: match[0] if self._reads(match[0]) else hold(match[0]), piece
            )
        if self._alphabet is not None and _foreign(self._core, self._alphabet) > _MOSTLY:
            # Another script than the engine reads: what came back would be the source itself.
            self.open = False
            return ""
        return "".join(pieces)

    def _readable(self, text: str) -> str:
        """The text in the engine's letters, as far as they say the same."""
        if self._alphabet is None:
            return text
        out = []
        for word in re.split(r"(\s+)", text):
            plain = word if self._reads(word) else word.translate(_PLAIN)
            # "ATENÇÃO" is read as "atenção" by an engine without capitals of those letters.
            out.append(
                plain if self._reads(plain) or not self._reads(plain.lower()) else plain.lower()
            )
        return "".join(out)

    def _reads(self, text: str) -> bool:
        return self._alphabet is None or all(char in self._alphabet for char in text)

    def incoming(self, answer: str) -> None:
        if not answer.strip():
            return
        held = self._held
        for word in held:
            found = re.findall(rf"(?<![A-Za-z0-9]){word}(?![A-Za-z0-9])", answer)
            if len(found) != 1:
                return
        text = re.sub(
            "|".join(sorted(map(re.escape, held), key=len, reverse=True)) or r"(?!)",
            lambda match: self._localised(held[match[0]]),
            answer,
        )
        text = self._mended(text)
        sure = _values(self._core, self._source) == _values(text, self._target)
        if sure or self._answer is None:
            self._answer, self.open = text, not sure

    def _localised(self, held: str) -> str:
        """A number in the target's decimal and thousands marks: 1,000 is one in Portuguese."""
        if _FIXED.fullmatch(held) or not _MEASURE.fullmatch(held):
            return held
        return _DIGITS.sub(lambda match: _relocate(match[0], self._source, self._target), held)

    def _mended(self, text: str) -> str:
        """ "12, 5" made "12,5" again where the source has 12.5 and nothing that reads "12, 5"."""
        for match in _DIGITS.finditer(self._core):
            if "." not in match[0] and "," not in match[0]:
                continue
            whole, _mark, part = re.split(r"([.,])", match[0])[-3:]
            wrong = re.compile(rf"(?<!\d)({whole}[.,]) ({part})(?!\d)")
            if not wrong.search(self._core):
                text = wrong.sub(r"\1\2", text)
        return text

    def result(self) -> str:
        if self._answer is None:
            return ""
        return self._frame.around(self._lead + self._answer + self._tail)


def _foreign(text: str, alphabet: frozenset[str]) -> float:
    """The share of a text's letters that an alphabet does not have, in either case."""
    letters = [char for char in text if char.isalpha()]
    return sum(char.lower() not in alphabet for char in letters) / max(1, len(letters))


@cache
def _marks(language: str) -> tuple[str, str] | None:
    """Decimal and thousands marks of a language by Unicode CLDR; ``None`` where it has none."""
    try:
        locale = Locale.parse(language, sep="-")
        return get_decimal_symbol(locale), get_group_symbol(locale)
    except (UnknownLocaleError, ValueError):
        return None


def _parsed(number: str, language: str) -> tuple[str, str] | None:
    """Whole and decimal digits of a number as its language writes it, if it is written so."""
    marks = _marks(language)
    if marks is None:
        return None
    decimal, group = map(re.escape, marks)
    match = re.fullmatch(
        rf"(\d{{1,3}}(?:{group}\d{{3}})+|\d+)(?:{decimal}(\d+))?",
        number.replace("\xa0", "\u202f"),
    )
    if match is None:
        return None
    return re.sub(r"\D", "", match[1]), match[2] or ""


def _relocate(number: str, source: str, target: str) -> str:
    """A number with the marks of another language; unchanged where it cannot be read surely."""
    parsed, marks = _parsed(number, source), _marks(target)
    if parsed is None or marks is None or not re.search(r"\D", number):
        return number
    whole, part = parsed
    if re.search(r"\D", number[: len(number) - len(part) - 1 if part else None]):
        whole = re.sub(r"(?<=\d)(?=(?:\d{3})+\Z)", lambda _match: marks[1], whole)
    return whole + (marks[0] + part if part else "")


def _values(text: str, language: str) -> Counter[str]:
    """The numbers of a text, each as digits with a decimal point."""
    found: Counter[str] = Counter()
    for match in _DIGITS.finditer(text):
        parsed = _parsed(match[0], language)
        digits = re.sub(r"\D", ".", match[0]) if parsed is None else ".".join(filter(None, parsed))
        found["".join(char if char == "." else str(int(char)) for char in digits)] += 1
    return found
