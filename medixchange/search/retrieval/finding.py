"""The one way to ask: words and meaning of one corpus together."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from medixchange.search.retrieval import asking, fusion
from medixchange.search.retrieval.analysis import guess
from medixchange.search.retrieval.asking import Asked
from medixchange.search.retrieval.entries import ALL, Narrow
from medixchange.search.retrieval.expansion import Lexicon, Rendering
from medixchange.search.retrieval.labels import Labels
from medixchange.search.retrieval.meaning import Engine, EngineUnavailable, centred
from medixchange.search.retrieval.vectors import (
    Bytes,
    Floats,
    VectorIndex,
    as_bytes,
    as_floats,
    unit,
)
from medixchange.search.retrieval.words import WordIndex

#: Candidates that each of the two gives, at least.
CANDIDATES = 200
#: Of those that are near in meaning but not among the first by words, so many have their words
#: looked at.
CHECKED = 50
#: A cosine of centred vectors from which a passage is near in meaning. In most languages of TICO-19
#: nineteen translations of twenty are nearer, and a few in a hundred of the other sentences.
NEAR = 0.35


@dataclass(frozen=True, slots=True)
class Found:
    """One passage that answers.

    Attributes:
        score: to rank by; comparable within one search only.
        by: what found it; ``both`` if it has words and is ``NEAR``.
        matched: terms to mark in passages (``analysis.highlights``); the same for all of a search.
        words: BM25 of the terms, 0 where none occurs.
        meaning: cosine of the centred vectors, 0 where it has none yet.
    """

    id: int
    score: float
    by: Literal["words", "meaning", "both"]
    matched: tuple[str, ...] = ()
    words: float = 0.0
    meaning: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A search worked out for one index: its terms, and its meaning where there are vectors."""

    asked: Asked
    vector: Floats | None


class Index:
    """Words, labels and vectors of one corpus.

    Args:
        folder: of the word index; labels and vectors are in memory, for the owner to fill.
        labels: names of what a search can be narrowed by.
        engine: of meaning; without one, words alone find.
        lexicon: what things are called in other languages.
    """

    def __init__(
        self,
        folder: Path,
        labels: Sequence[str],
        engine: Engine | None,
        lexicon: Lexicon | None = None,
    ) -> None:
        self.words = WordIndex(folder, labels)
        self.labels = Labels(labels)
        self.engine = engine
        self.lexicon = lexicon
        self.vectors = VectorIndex(engine.dimensions if engine is not None else 1)

    def put_vectors(
        self, ids: Sequence[int], languages: Sequence[str], numbers: Bytes, scales: Floats
    ) -> None:
        """Take in vectors as the engine gave them, each with the language of its text."""
        if not ids or self.engine is None:
            return
        vectors = as_floats(numbers, scales)
        tags = np.array(languages)
        for tag in np.unique(tags):
            rows = tags == tag
            vectors[rows] = centred(vectors[rows], str(tag), self.engine.name)
        self.vectors.put(ids, *as_bytes(vectors))

    def find(
        self,
        text: str,
        language: str,
        narrow: Narrow = ALL,
        limit: int = 200,
        also: Sequence[Rendering] = (),
    ) -> list[Found]:
        """``answer`` to a ``question`` that is asked once."""
        return self.answer(self.question(text, language, also), narrow, limit)

    def question(self, text: str, language: str, also: Sequence[Rendering] = ()) -> Question:
        """A search worked out, to be answered narrowed in one way or several. Never fails on any
        text.

        Args:
            language: BCP 47 tag of the reader; taken for that of the text unless its letters speak
                for another.
            also: the text in other words, such as a translation of it.
        """
        spoken = guess(text, language)
        asked = asking.ask(text, spoken, self.words, self.lexicon, also)
        return Question(asked, self._vector(text, spoken, also))

    def answer(self, question: Question, narrow: Narrow = ALL, limit: int = 200) -> list[Found]:
        """The passages that answer, best first."""
        asked, vector = question.asked, question.vector
        by_words = dict(self.words.search(asked.terms, narrow, max(limit, CANDIDATES)))
        by_meaning: dict[int, float] = {}
        if vector is not None:
            near = self.vectors.search(vector, max(limit, CANDIDATES), self.labels.mask(narrow))
            by_meaning = dict(near)
            by_meaning |= self.vectors.cosines(vector, by_words.keys() - by_meaning.keys())
            checked = [id for id, _score in near if id not in by_words][:CHECKED]
            by_words |= self.words.scores(asked.terms, checked)
        scores = fusion.fuse(by_words, by_meaning, len(self.words), asked.telling, asked.known)
        ranked = fusion.rerank(scores, lambda _id: 1.0)[:limit]
        matched = tuple(asked.terms)
        return [
            Found(
                id,
                score,
                _by(id in by_words, by_meaning.get(id, 0.0) >= NEAR),
                matched,
                by_words.get(id, 0.0),
                by_meaning.get(id, 0.0),
            )
            for id, score in ranked
        ]

    def _vector(self, text: str, language: str, also: Sequence[Rendering]) -> Floats | None:
        if self.engine is None or not len(self.vectors):
            return None
        asked = [Rendering(text, language), *also]
        try:
            vectors = [
                one.weight * centred(self.engine.query(one.text), one.language, self.engine.name)
                for one in asked
                if any(map(str.isalnum, one.text))
            ]
        except EngineUnavailable:
            return None
        return unit(np.sum(vectors, axis=0)) if vectors else None


def _by(words: bool, near: bool) -> Literal["words", "meaning", "both"]:
    if not words:
        return "meaning"
    return "both" if near else "words"
