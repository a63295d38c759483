"""Near matches of a text among many, with a score, and what differs.

The score of two texts is the normalised Indel similarity in per cent::

    100 * 2 * LCS(a, b) / (len(a) + len(b))

with LCS the length of their longest common subsequence, over code points, case kept, tags left out
and runs of white space counted as one space. It is ``rapidfuzz.fuzz.ratio``
(https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html). Equal texts score 100, and only they.
"""

import unicodedata
from bisect import bisect_left, insort
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from medixchange.translation import inline

Id = TypeVar("Id", bound=Hashable)

# Scripts written without spaces between words, where a word is no unit to compare by.
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my"})


@dataclass(frozen=True, slots=True)
class Match(Generic[Id]):
    """An entry of the index and its score, 0 to 100."""

    id: Id
    score: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A run of text that two texts share, or that only the first or only the second has."""

    op: Literal["equal", "delete", "insert"]
    text: str


def folded(text: str) -> str:
    """A text as it is compared: NFC, without tags, one space for any run of white space."""
    return " ".join(unicodedata.normalize("NFC", inline.plain(text)).split())


class MemoryIndex(Generic[Id]):
    """Texts of one language, searched by likeness. Not safe for threads: hold a lock.

    Two texts of lengths m <= n cannot score above 200 m / (m + n). So a search starts at the
    query's own length and goes outward, the most promising length first, while its cutoff rises to
    the worst of the best found; it ends where no length can reach the cutoff. Nothing that scores
    ``at_least`` is missed: the result equals that of comparing with every text.
    """

    def __init__(self) -> None:
        self._ids: dict[str, list[Id]] = {}
        self._by_length: dict[int, list[str]] = {}
        self._lengths: list[int] = []

    def __len__(self) -> int:
        return sum(map(len, self._ids.values()))

    def add(self, id: Id, text: str) -> None:
        """Add a text under an id. A text that folds to nothing is not kept."""
        text = folded(text)
        if not text:
            return
        ids = self._ids.setdefault(text, [])
        if not ids:
            length = len(text)
            if length not in self._by_length:
                self._by_length[length] = []
                insort(self._lengths, length)
            self._by_length[length].append(text)
        if id not in ids:
            ids.append(id)

    def search(self, text: str, *, at_least: float = 70, limit: int = 9) -> list[Match[Id]]:
        """The entries nearest to a text, best first; those of equal score in order of addition.

        Args:
            at_least: the lowest score wanted, 0 to 100.
            limit: how many entries at most.
        """
        text = folded(text)
        if not text or limit < 1:
            return []
        best: list[tuple[float, str]] = []  # at most ``limit`` texts, by falling score
        if text in self._ids:
            best.append((100.0, text))
        cutoff = at_least
        for length in self._outward(len(text)):
            if len(best) >= limit:
                cutoff = max(at_least, best[limit - 1][0])
            if 200 * min(length, len(text)) / (length + len(text)) < cutoff:
                break
            found = process.extract(
                text, self._by_length[length], scorer=fuzz.ratio, score_cutoff=cutoff, limit=None
            )
            new = [(score, near) for near, score, _index in found if near != text]
            if new:
                # Python's sort is stable, so that what was there first stays first.
                best = sorted([*best, *new], key=lambda item: -item[0])[:limit]
        return [Match(id, score) for score, near in best for id in self._ids[near]][:limit]

    def _outward(self, length: int) -> Iterator[int]:
        """The lengths there are, by how high a text of that length could score."""
        above = bisect_left(self._lengths, length)
        below = above - 1
        while below >= 0 or above < len(self._lengths):
            low = self._lengths[below] if below >= 0 else 0
            high = self._lengths[above] if above < len(self._lengths) else 0
            # low / length against length / high, without dividing
            if high and (not low or length * length >= low * high):
                yield high
                above += 1
            else:
                yield low
                below -= 1


def difference(a: str, b: str, language: str = "") -> list[Difference]:
    """What ``b`` has otherwise than ``a``, in order, by words; tags are left out.

    By characters (with their marks) in languages written without spaces. Joined, all but
    ``insert`` give ``a`` and all but ``delete`` give ``b``, both folded. The edit is a shortest one
    (Levenshtein over words).

    Args:
        language: BCP 47 tag of both texts.
    """
    unspaced = language.split("-")[0].lower() in _UNSPACED
    left, right = (_units(folded(text), unspaced) for text in (a, b))
    out: list[Difference] = []
    for opcode in Levenshtein.opcodes(left, right):
        old = "".join(left[opcode.src_start : opcode.src_end])
        new = "".join(right[opcode.dest_start : opcode.dest_end])
        if opcode.tag == "equal":
            out.append(Difference("equal", old))
            continue
        if old:
            out.append(Difference("delete", old))
        if new:
            out.append(Difference("insert", new))
    return out


def _units(text: str, unspaced: bool) -> Sequence[str]:
    """Words, spaces and marks of a text; in unspaced scripts characters with their marks."""
    units: list[str] = []
    kinds: list[str] = []
    for char in text:
        category = unicodedata.category(char)
        if category[0] == "M" and units:
            units[-1] += char
            continue
        kind = "word" if category[0] in "LN" and not (unspaced and not char.isascii()) else ""
        if kind and kinds and kinds[-1] == kind:
            units[-1] += char
            continue
        units.append(char)
        kinds.append(kind)
    return units
