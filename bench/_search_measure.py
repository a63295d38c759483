"""One corpus, asked in several ways, with what each finds and how long it takes."""

import hashlib
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from medixchange.search.retrieval import asking, fusion
from medixchange.search.retrieval.entries import Entry
from medixchange.search.retrieval.expansion import Lexicon
from medixchange.search.retrieval.finding import Index
from medixchange.search.retrieval.meaning import Engine, centred
from medixchange.search.retrieval.vectors import Floats, VectorIndex, as_bytes

#: How deep a list is looked at.
DEEP = 10


class Remembering:
    """An engine that is asked once for each text, and what it took.

    Args:
        folder: where vectors are kept from one run to the next, if anywhere.
    """

    def __init__(self, engine: Engine, folder: Path | None = None) -> None:
        self._engine = engine
        self.name, self.dimensions = engine.name, engine.dimensions
        self._folder = folder
        self._known: dict[tuple[str, str], tuple[Floats, float]] = {}
        self.embedded = 0
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def _one(self, text: str, side: str) -> tuple[Floats, float]:
        if (text, side) in self._known:
            return self._known[text, side]
        key = hashlib.sha256(f"{self.name}\0{side}\0{text}".encode()).hexdigest()
        file = self._folder / f"{key}.npy" if self._folder else None
        if file is not None and file.exists():
            held = np.load(file)
            found = held[:-1], float(held[-1])
        else:
            began = time.perf_counter()
            if side == "query":
                vector = self._engine.query(text)
            else:
                vector = self._engine.passages([text])[0]
            found = vector, time.perf_counter() - began
            self.embedded += 1
            if file is not None:
                np.save(file, np.append(vector, np.float32(found[1])))
        self._known[text, side] = found
        return found

    def passages(self, texts: Sequence[str]) -> Floats:
        """As the engine gives them."""
        return np.vstack([self._one(text, "passage")[0] for text in texts])

    def query(self, text: str) -> Floats:
        """As the engine gives it."""
        return self._one(text, "query")[0]

    def seconds(self, text: str) -> float:
        """What the engine took for a text."""
        return self._one(text, "query")[1]


@dataclass(slots=True)
class Score:
    """Ranks of what was looked for (0 where it was not found) and seconds, one for each query."""

    ranks: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, found: Sequence[int], wanted: int, seconds: float) -> None:
        """What one query found, best first."""
        first = list(found[:DEEP])
        self.ranks.append(first.index(wanted) + 1 if wanted in first else 0)
        self.seconds.append(seconds)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.ranks + other.ranks, self.seconds + other.seconds)

    def result(self) -> dict[str, float]:
        """Shares and times, as they are printed."""
        count = max(len(self.ranks), 1)
        times = sorted(self.seconds) or [0.0]
        return {
            "top1": round(sum(rank == 1 for rank in self.ranks) / count, 4),
            "mrr10": round(sum(1 / rank for rank in self.ranks if rank) / count, 4),
            "recall10": round(sum(rank > 0 for rank in self.ranks) / count, 4),
            "p50_ms": round(1000 * statistics.median(times), 2),
            "p95_ms": round(1000 * times[min(len(times) - 1, int(0.95 * len(times)))], 2),
        }


class Corpus:
    """Texts of one language in an index of words and of vectors, centred and as they are."""

    def __init__(
        self, texts: Mapping[str, str], language: str, engine: Remembering, folder: Path
    ) -> None:
        self.engine = engine
        self.number = {id: at for at, id in enumerate(texts, start=1)}
        entries = [Entry(self.number[id], language, text) for id, text in texts.items()]
        self.index = Index(folder, [], engine)
        self.index.words.change(entries, [], 1)
        self.index.labels.put(entries)
        vectors = engine.passages(list(texts.values()))
        numbers, scales = as_bytes(vectors)
        ids = list(self.number.values())
        self.index.put_vectors(ids, [language] * len(ids), numbers, scales)
        self.plain = VectorIndex(engine.dimensions)
        self.plain.put(ids, numbers, scales)

    def by_vectors(self, text: str) -> tuple[list[int], float]:
        """By the cosines of the engine's own vectors: passages and seconds."""
        began = time.perf_counter()
        found = self.plain.search(self.engine.query(text), DEEP)
        return [id for id, _score in found], time.perf_counter() - began

    def by_centred(self, text: str, language: str) -> tuple[list[int], float]:
        """By the cosines of centred vectors."""
        began = time.perf_counter()
        vector = centred(self.engine.query(text), language, self.engine.name)
        found = self.index.vectors.search(vector, DEEP)
        return [id for id, _score in found], time.perf_counter() - began

    def by_words(self, text: str, language: str) -> tuple[list[int], float]:
        """By words alone."""
        began = time.perf_counter()
        asked = asking.ask(text, language, self.index.words, self.index.lexicon)
        found = self.index.words.search(asked.terms, limit=DEEP)
        return [id for id, _score in found], time.perf_counter() - began

    def fused(self, text: str, language: str) -> tuple[list[int], float]:
        """As the site finds."""
        began = time.perf_counter()
        found = self.index.find(text, language, limit=DEEP)
        return [one.id for one in found], time.perf_counter() - began

    def fused_by(
        self, text: str, language: str, lexicon: Lexicon | None, *, like: bool
    ) -> list[int]:
        """As the site finds, but without one thing or the other."""
        asked = asking.ask(text, language, self.index.words, lexicon, like=like)
        vector = centred(self.engine.query(text), language, self.engine.name)
        meaning = dict(self.index.vectors.search(vector, len(self.number)))
        words = dict(self.index.words.search(asked.terms, limit=len(self.number)))
        scores = fusion.fuse(words, meaning, len(self.number), asked.telling)
        return [id for id, _score in fusion.rerank(scores, lambda _id: 1.0)][:DEEP]


def measure(corpus: Corpus, queries: Mapping[str, str], language: str) -> dict[str, Score]:
    """What words, vectors and both find; the times have the query's embedding in them."""
    scores = {name: Score() for name in ("words", "vectors", "centred", "fused")}
    for id, text in queries.items():
        wanted = corpus.number[id]
        embedding = corpus.engine.seconds(text)
        found, seconds = corpus.by_words(text, language)
        scores["words"].add(found, wanted, seconds)
        found, seconds = corpus.by_vectors(text)
        scores["vectors"].add(found, wanted, seconds + embedding)
        found, seconds = corpus.by_centred(text, language)
        scores["centred"].add(found, wanted, seconds + embedding)
        found, seconds = corpus.fused(text, language)
        scores["fused"].add(found, wanted, seconds + embedding)
    return scores
