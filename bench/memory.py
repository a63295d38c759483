"""Near matches in a memory: ours beside comparing with every text (rapidfuzz), in one run.

The memory is made of the TICO-19 sentences: each is repeated with seeded edits (words dropped,
doubled, exchanged with those of other sentences; numbers changed) until the wanted size. Queries
are sentences of it with fresh edits, and sentences that were left out of it. Recall is the share
of entries that the comparison with all finds at 70 or more, best nine, that ours finds with the
same score.
"""

import argparse
import csv
import json
import random
import statistics
import sys
import time
from pathlib import Path

from rapidfuzz import fuzz, process

from medixchange.translation.matching import MemoryIndex, folded

AT_LEAST, LIMIT = 70, 9


def sentences(folder: Path, language: str) -> list[str]:
    column = "en" if language == "en" else "text"
    with (folder / f"{language}.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [text for row in rows if (text := folded(row[column] or ""))]


def edited(text: str, words: list[str], chance: random.Random, strength: float) -> str:
    out = []
    for word in text.split():
        draw = chance.random()
        if draw < strength:
            out.append(chance.choice(words))
        elif draw < strength * 1.5:
            continue
        elif draw < strength * 2:
            out += [word, chance.choice(words)]
        elif word.isdigit() and draw < 0.5:
            out.append(str(chance.randrange(1, 1000)))
        else:
            out.append(word)
    return " ".join(out) or text


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that has tico19/")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--language", default="en")
    parser.add_argument("--size", type=int, default=100_000, help="segments in the memory")
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=19)
    options = parser.parse_args()
    folder = options.data / "tico19"
    if not folder.is_dir():
        print(f"{folder} is not there; nothing measured.", file=sys.stderr)
        return 1
    chance = random.Random(options.seed)
    originals = sentences(folder, options.language)
    words = [word for text in originals for word in text.split()]
    left_out = originals[::10]
    kept = [text for number, text in enumerate(originals) if number % 10]
    memory = dict.fromkeys(kept)
    while len(memory) < options.size:
        memory[edited(chance.choice(kept), words, chance, chance.choice((0.05, 0.2, 0.5)))] = None
    texts = list(memory)[: options.size]
    queries = [
        chance.choice(left_out)
        if number % 3 == 0
        else edited(chance.choice(texts), words, chance, 0.08)
        for number in range(options.queries)
    ]
    index: MemoryIndex[int] = MemoryIndex()
    began = time.perf_counter()
    for number, text in enumerate(texts):
        index.add(number, text)
    building = time.perf_counter() - began
    ours: list[float] = []
    brute: list[float] = []
    wanted = found = 0
    for query in queries:
        began = time.perf_counter()
        matches = index.search(query, at_least=AT_LEAST, limit=LIMIT)
        ours.append(1000 * (time.perf_counter() - began))
        began = time.perf_counter()
        every = process.extract(query, texts, scorer=fuzz.ratio, score_cutoff=AT_LEAST, limit=LIMIT)
        brute.append(1000 * (time.perf_counter() - began))
        best = [round(score, 6) for _text, score, _number in every]
        wanted += len(best)
        mine = [round(match.score, 6) for match in matches]
        found += sum(a == b for a, b in zip(best, mine, strict=False))
    result = {
        "language": options.language,
        "segments": len(texts),
        "queries": len(queries),
        "build_seconds": round(building, 3),
        "recall": round(found / wanted, 4) if wanted else None,
        "matches": wanted,
        "medixchange_ms": {
            "median": round(statistics.median(ours), 2),
            "p95": round(percentile(ours, 0.95), 2),
        },
        "rapidfuzz_over_all_ms": {
            "median": round(statistics.median(brute), 2),
            "p95": round(percentile(brute, 0.95), 2),
        },
    }
    if options.json:
        print(json.dumps(result, indent=1))
    else:
        for name, value in result.items():
            print(f"{name:24} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
