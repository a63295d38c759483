"""Sentence segmentation of ours and of other libraries, on real text and on hard cases.

The real text is the TICO-19 benchmark (dev split): its rows are consecutive sentences of a
document, so joining five neighbours gives text with known ends. Counted are ends that carry a mark:
found (recall), and added (precision). 41 English rows hold several sentences, and so do their
translations; they are left out, or an end found inside of one would count as false. Where a
translator made two sentences of one, what is found still counts as false, so the precision is a
lower bound (in Amharic, Tigrinya, Tamil, Burmese and Khmer clearly so).

The hard cases are written by hand (``segmentation_cases.tsv``): right is a case cut exactly so.

Libraries that are not installed are skipped with a message.
"""

import argparse
import csv
import importlib
import json
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

Ends = Callable[[str], list[int]]
CASES = Path(__file__).with_name("segmentation_cases.tsv")
UNSPACED = {"zh"}
MARKS = ".!?。！？؟۔።፧។៕။।…"
CLOSERS = "\"'”’»)）」』】] "
#: English rows read one by one that hold more than one sentence, by document and number.
SEVERAL = {
    "Wikipedia_handpicked_5": (
        1865, 1867, 1868, 1874, 1877, 1881, 1918, 1926, 1932, 1933, 1934, 1937, 1938, 1939, 1943,
        1947, 1951, 1961, 1965, 1966,
    ),
    "wiki_13": (2492, 2504, 2534, 2538, 2546),
    "wiki_29": (2602, 2609, 2611, 2621, 2624, 2630),
    "wiki_11": (2641,),
    "wiki_5": (2726, 2735, 2741, 2746, 2753, 2775, 2792, 2809, 2814),
}  # fmt: skip


def ours(language: str) -> Ends:
    from medixchange.translation.segmentation.boundaries import ends

    return lambda text: ends(text, language.split("-")[0])


def sentencex(language: str) -> Ends:
    library = importlib.import_module("sentencex")
    return lambda text: [
        each["end_index"] for each in library.get_sentence_boundaries(language.split("-")[0], text)
    ]


def pysbd(language: str) -> Ends:
    library = importlib.import_module("pysbd")
    known = importlib.import_module("pysbd.languages").LANGUAGE_CODES
    base = language.split("-")[0]
    segmenter = library.Segmenter(
        language=base if base in known else "en", clean=False, char_span=True
    )
    return lambda text: [span.end for span in segmenter.segment(text)]


def icu4py(language: str) -> Ends:
    breaker = importlib.import_module("icu4py.breakers").SentenceBreaker
    return lambda text: _running(list(breaker(text, language)))


def sentence_splitter(language: str) -> Ends:
    library = importlib.import_module("sentence_splitter")
    base = language.split("-")[0]
    try:
        splitter = library.SentenceSplitter(language=base)
    except library.SentenceSplitterException:
        splitter = library.SentenceSplitter(language="en")

    def ends(text: str) -> list[int]:
        found, at = [], 0
        for piece in splitter.split(text):
            at = text.index(piece, at) + len(piece)
            found.append(at)
        return found

    return ends


def blingfire(_language: str) -> Ends:
    library = importlib.import_module("blingfire")

    def ends(text: str) -> list[int]:
        _text, spans = library.text_to_sentences_and_offsets(text)
        return [end for _start, end in spans]

    return ends


def _running(pieces: list[str]) -> list[int]:
    found, at = [], 0
    for piece in pieces:
        at += len(piece)
        found.append(at)
    return found


CONTESTANTS = {
    "medixchange": (ours, ""),
    "sentencex": (sentencex, "sentencex"),
    "icu4py": (icu4py, "icu4py"),
    "pysbd": (pysbd, "pysbd"),
    "sentence-splitter": (sentence_splitter, "sentence-splitter"),
    "blingfire": (blingfire, "blingfire"),
}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def passages(folder: Path, language: str) -> Iterator[list[str]]:
    """Five consecutive sentences of a document at a time."""
    several = {f"{doc}:{number}" for doc, numbers in SEVERAL.items() for number in numbers}
    flagged = {
        row["stringID"] for row in table(folder / "quality_flags.tsv") if row["lang"] == language
    }
    texts = {
        row["stringID"]: row.get("text") or row.get("en") or ""
        for row in table(folder / f"{language}.tsv")
    }
    documents: dict[str, list[str]] = defaultdict(list)
    for row in table(folder / "en.tsv"):
        key = row["stringID"]
        text = unicodedata.normalize("NFC", " ".join(texts.get(key, "").split()))
        if text and key not in several and key not in flagged:
            documents[row["doc"]].append(text)
    for sentences in documents.values():
        for at in range(0, len(sentences), 5):
            yield sentences[at : at + 5]


def measure(ends: Ends, folder: Path, language: str) -> dict[str, float]:
    glue = "" if language in UNSPACED else " "
    right = false = missed = characters = 0
    seconds = 0.0
    for sentences in passages(folder, language):
        text = glue.join(sentences)
        wanted, unmarked, at = set(), set(), 0
        for sentence in sentences[:-1]:
            at += len(sentence)
            marked = sentence.rstrip(CLOSERS)[-1:] in MARKS
            (wanted if marked else unmarked).add(at)
            at += len(glue)
        began = time.perf_counter()
        found = ends(text)
        seconds += time.perf_counter() - began
        characters += len(text)
        got = {len(text[:end].rstrip()) for end in found} - {0, len(text)}
        right += len(got & wanted)
        false += len(got - wanted - unmarked)
        missed += len(wanted - got)
    precision = right / (right + false) if right + false else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4) if right else 0.0,
        "false": false,
        "missed": missed,
        "ms_per_1000_characters": round(1e6 * seconds / max(1, characters), 4),
    }


def cases() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in CASES.read_text(encoding="utf-8").splitlines():
        language, text = row.split("\t")
        found[language].append(text)
    return found


def right_cases(maker: Callable[[str], Ends], failures: list[str]) -> tuple[int, int]:
    right = total = 0
    for language, texts in cases().items():
        ends = maker(language)
        for text in texts:
            plain = text.replace("‖", "")
            wanted = [len(part) for part in text.split("‖")][:-1]
            wanted = [len(plain[: sum(wanted[: n + 1])].rstrip()) for n in range(len(wanted))]
            got = sorted({len(plain[:end].rstrip()) for end in ends(plain)} - {0, len(plain)})
            total += 1
            right += got == wanted
            if got != wanted:
                marked = plain
                for end in reversed(got):
                    marked = f"{marked[:end]}‖{marked[end:]}"
                failures.append(f"{language}: {marked}")
    return right, total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder that has tico19/")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--only", nargs="*", help="languages to measure")
    parser.add_argument("--failures", action="store_true", help="show our failed hard cases")
    options = parser.parse_args()
    folder = options.data / "tico19"
    if not folder.is_dir():
        print(f"{folder} is not there; nothing measured.", file=sys.stderr)
        return 1
    languages = options.only or sorted(
        path.stem
        for path in folder.glob("*.tsv")
        if path.stem not in {"terminology", "quality_flags"}
    )
    result: dict[str, dict[str, object]] = {}
    for name, (maker, package) in CONTESTANTS.items():
        try:
            release = version(package) if package else "this checkout"
            maker("en")
        except ImportError:
            print(f"{name} is not installed; skipped.", file=sys.stderr)
            continue
        rows = {language: measure(maker(language), folder, language) for language in languages}
        failures: list[str] = []
        right, total = right_cases(maker, failures)
        if options.failures and not package:
            print(*failures, sep="\n", file=sys.stderr)
        result[name] = {
            "version": release,
            "languages": rows,
            "mean_f1": round(sum(row["f1"] for row in rows.values()) / len(rows), 4),
            "hard_cases": {"right": right, "of": total},
        }
    if options.json:
        print(json.dumps(result, indent=1))
        return 0
    print("F1 (precision, recall)".ljust(24), *(name.rjust(22) for name in result))
    for language in languages:
        cells = [each["languages"][language] for each in result.values()]  # type: ignore[index]
        print(
            language.ljust(24),
            *(f"{c['f1']:.3f} ({c['precision']:.3f}, {c['recall']:.3f})".rjust(22) for c in cells),
        )
    print("mean".ljust(24), *(f"{each['mean_f1']:.3f}".rjust(22) for each in result.values()))
    hard = (each["hard_cases"] for each in result.values())
    print("hard cases".ljust(24), *(f"{h['right']} of {h['of']}".rjust(22) for h in hard))  # type: ignore[index]
    return 0


if __name__ == "__main__":
    sys.exit(main())
