"""Search: time, size and build rate over many passages, beside other engines, on one core.

The passages are made of the real sentences of TICO-19 in all its languages: the first half of one
and the second half of another of the same language, so that words and lengths are real. Vectors are
those of some thousand of the sentences as the engine gives them, each mixed with another of its
language and a little noise. Queries are three to eight words in a row of sentences that no passage
is made of; every second one has a letter left out, doubled or exchanged in one of its words.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from _search_files import glossary, texts
from _search_peers import LIMIT, PEERS

from medixchange.search.retrieval import asking, meaning
from medixchange.search.retrieval.entries import Entry, Narrow
from medixchange.search.retrieval.expansion import Lexicon
from medixchange.search.retrieval.finding import Index
from medixchange.search.retrieval.vectors import Floats, as_bytes, as_floats, unit

CHUNK = 20_000
#: As on a site with many members: the passages are of a hundred audiences, one may see ten.
AUDIENCES, ALLOWED = 100, 10
MB = 1_000_000


def sentences(folder: Path) -> dict[str, list[str]]:
    """All sentences, by language."""
    return {
        file.stem: list(texts(file).values())
        for file in sorted(folder.glob("*.tsv"))
        if file.stem not in {"terminology", "quality_flags"}
    }


def passages(known: dict[str, list[str]], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Language and text of so many passages, always the same for a seed."""
    chance = random.Random(seed)
    languages = list(known)
    for _ in range(count):
        language = chance.choice(languages)
        first, second = (chance.choice(known[language]) for _ in range(2))
        yield language, first[: len(first) // 2] + " " + second[len(second) // 2 :]


def misspelt(word: str, chance: random.Random) -> str:
    """A word with one letter wrong."""
    at = chance.randrange(1, len(word))
    return chance.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at - 1] + word[at:],
            word[:at] + chance.choice(word) + word[at + 1 :],
        )
    )


def questions(left: dict[str, list[str]], count: int, seed: int) -> list[tuple[str, str]]:
    """Language and words of so many queries."""
    chance = random.Random(seed)
    asked: list[tuple[str, str]] = []
    while len(asked) < count:
        language = chance.choice(list(left))
        words = chance.choice(left[language]).split()
        size = chance.randint(3, 8)
        if len(words) <= size:
            continue
        at = chance.randrange(len(words) - size)
        some = words[at : at + size]
        longest = max(range(size), key=lambda one: len(some[one]))
        if len(asked) % 2 and len(some[longest]) > 3:
            some[longest] = misspelt(some[longest], chance)
        asked.append((language, " ".join(some)))
    return asked


class Times:
    """Seconds by the clock, and of this thread's processor alone, which others that use the
    machine do not lengthen. What a server does for us is in the former only."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.processor: list[float] = []

    def of(self, ask: Callable[[], object]) -> None:
        """One more time of something."""
        began, used = time.perf_counter(), time.thread_time()
        ask()
        self.processor.append(time.thread_time() - used)
        self.clock.append(time.perf_counter() - began)

    def summed(self) -> dict[str, float]:
        """Medians and 95th percentiles in ms."""
        result = {}
        for prefix, seconds in (("", self.clock), ("cpu_", self.processor)):
            ordered = sorted(seconds)
            result[f"{prefix}p50_ms"] = round(1000 * statistics.median(ordered), 2)
            result[f"{prefix}p95_ms"] = round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 2)
        return result


def mixed(real: dict[str, Floats], languages: Sequence[str], seed: int) -> Floats:
    """A vector for each passage, of two real ones of its language and noise."""
    chance = np.random.default_rng(seed)
    out = np.zeros((len(languages), next(iter(real.values())).shape[1]), np.float32)
    tags = np.array(languages)
    for language, vectors in real.items():
        rows = np.flatnonzero(tags == language)
        one, other = chance.integers(0, len(vectors), (2, len(rows)))
        share = chance.uniform(0.5, 0.9, (len(rows), 1)).astype(np.float32)
        noise = chance.normal(0, 0.01, (len(rows), vectors.shape[1])).astype(np.float32)
        out[rows] = unit(share * vectors[one] + (1 - share) * vectors[other] + noise)
    return out


def ours(
    known: dict[str, list[str]],
    count: int,
    seed: int,
    real: dict[str, Floats],
    terms: Path,
    folder: Path,
) -> tuple[Index, dict[str, float]]:
    """The index of the site, filled, and what that took."""
    engine = meaning.engine()
    lexicon = Lexicon()
    for language, english, rendering in glossary(terms):
        lexicon.add("en", english, language, rendering)
    index = Index(folder, ["audience"], engine, lexicon)
    by_words = by_vectors = 0.0
    chunk: list[Entry] = []
    source = passages(known, count, seed)
    for number, (language, text) in enumerate(source, start=1):
        chunk.append(Entry(number, language, text, labels={"audience": (str(number % AUDIENCES),)}))
        if len(chunk) == CHUNK or number == count:
            began = time.perf_counter()
            index.words.change(chunk, [], number)
            by_words += time.perf_counter() - began
            numbers, scales = as_bytes(mixed(real, [e.language for e in chunk], number))
            began = time.perf_counter()
            index.labels.put(chunk)
            tags = [entry.language for entry in chunk]
            index.put_vectors([entry.id for entry in chunk], tags, numbers, scales)
            by_vectors += time.perf_counter() - began
            chunk = []
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return index, {
        "words_per_second": round(count / by_words),
        "vectors_per_second": round(count / by_vectors),
        "words_mb": round(size / MB, 1),
        "vectors_mb": round(count * (index.vectors.dimensions + 12) / MB, 1),
        "vocabulary": len(index.words.vocabulary),
    }


def ask_ours(index: Index, asked: Sequence[tuple[str, str]], rounds: int) -> dict:
    """Our parts, and all of a search, in turn for each query."""
    engine = index.engine
    assert engine is not None
    some = Narrow(({"audience": [str(number) for number in range(ALLOWED)]},))
    took = {
        name: Times()
        for name in ("embedding", "words", "vectors", "whole", "whole_narrowed", "numpy")
    }
    held = index.vectors
    matrix = as_floats(held._numbers[: len(held)], held._scales[: len(held)])

    def brute(vector: Floats) -> object:
        scores = matrix @ vector
        best = np.argpartition(-scores, LIMIT)[:LIMIT]
        return best[np.argsort(-scores[best])]

    def by_words(text: str, language: str) -> object:
        terms = asking.ask(text, language, index.words, index.lexicon).terms
        return index.words.search(terms, limit=LIMIT)

    for _round in range(rounds):
        for language, text in asked:
            took["embedding"].of(lambda: engine.query(text))  # noqa: B023
            vector = meaning.centred(engine.query(text), language, engine.name)
            took["words"].of(lambda: by_words(text, language))  # noqa: B023
            took["vectors"].of(lambda: held.search(vector, LIMIT))  # noqa: B023
            took["numpy"].of(lambda: brute(vector))  # noqa: B023
            took["whole"].of(lambda: index.find(text, language))  # noqa: B023
            took["whole_narrowed"].of(lambda: index.find(text, language, some))  # noqa: B023
    same = 0
    first = asked[:50]
    ids = held._ids[: len(held)]
    for language, text in first:
        vector = meaning.centred(engine.query(text), language, engine.name)
        exact = set(ids[np.argsort(-(matrix @ vector))[:10]].tolist())
        same += len(exact & {id for id, _score in held.search(vector, 10)})
    return {
        **{name: some.summed() for name, some in took.items()},
        "recall10": round(same / (10 * len(first)), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that has tico19/")
    parser.add_argument("--size", type=int, default=100_000, help="passages")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--real", type=int, default=40, help="sentences embedded per language")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--seed", type=int, default=19)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args()
    folder = options.data / "tico19"
    if not folder.is_dir():
        print(f"{folder} is not there; nothing measured.", file=sys.stderr)
        return 1
    os.sched_setaffinity(0, {0})
    every = sentences(folder)
    known = {language: lines[: len(lines) * 9 // 10] for language, lines in every.items()}
    left = {language: lines[len(lines) * 9 // 10 :] for language, lines in every.items()}
    asked = questions(left, options.queries, options.seed)
    engine = meaning.engine()
    began = time.perf_counter()
    real = {
        language: engine.passages(lines[:: max(1, len(lines) // options.real)])
        for language, lines in known.items()
    }
    embedded = sum(map(len, real.values()))
    embedding = round(embedded / (time.perf_counter() - began), 1)
    result: dict[str, object] = {
        "passages": options.size,
        "sentences_embedded_per_second": embedding,
    }
    with tempfile.TemporaryDirectory() as place:
        index, built = ours(
            known,
            options.size,
            options.seed,
            real,
            folder / "terminology.tsv",
            Path(place) / "ours",
        )
        result["medixchange"] = {**built, **ask_ours(index, asked, options.rounds)}
        print("ours done", file=sys.stderr)
        del index
        lines = [text for _language, text in passages(known, options.size, options.seed)]
        for name in options.peers:
            began = time.perf_counter()
            peer = PEERS[name](lines, Path(place) / name)
            took = time.perf_counter() - began
            took_each = Times()
            for _round in range(options.rounds):
                for _language, text in asked:
                    took_each.of(lambda: peer.search(text))  # noqa: B023
            result[name] = {
                "passages_per_second": round(options.size / took),
                "mb": round(peer.size() / MB, 1),
                **took_each.summed(),
            }
            peer.close()
            print(f"{name} done", file=sys.stderr)
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        for name, value in result.items():
            print(f"{name:30} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
