"""Search: words, meaning and both, one language's texts asked for in another's words.

With ``--corpus`` and ``--queries``, two tab-separated files with a header, id first and text last:
each query should find the text of the same id. With ``--data`` alone, the table of
``docs/search.md``: the English sentences of TICO-19 asked for in each other language.

``vectors`` are the engine's own cosines; ``centred`` those without each language's mean; ``words``
BM25 with words of the glossary, of other letters and misspelt; ``fused`` is what the site gives.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from _search_files import documents, flagged, glossary, halves, pairs, texts
from _search_measure import Corpus, Remembering, Score, measure

from medixchange.search.retrieval import meaning
from medixchange.search.retrieval.analysis import guess, words
from medixchange.search.retrieval.expansion import Lexicon

COLUMNS = ("top1", "mrr10", "recall10", "p50_ms", "p95_ms")
#: Measured where nothing else is said.
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def language_of(lines: Mapping[str, str], told: str) -> str:
    """The language of texts, as told, else as most of a sample reads."""
    return told or guess(" ".join(list(lines.values())[:20]), "en")


def lexicon_of(terms: Path | None, *memories: Path) -> Lexicon:
    """Agreed terms, and word pairs learnt from a memory."""
    lexicon = Lexicon()
    for language, english, rendering in glossary(terms) if terms else ():
        lexicon.add("en", english, language, rendering)
    for memory in memories:
        lexicon.learn(*pairs(memory))
    return lexicon


def two_files(options: argparse.Namespace, engine: Remembering, folder: Path) -> dict:
    """The files given on the command line."""
    known, asked = texts(options.corpus), texts(options.queries)
    queries = {id: text for id, text in asked.items() if id in known}
    if not queries:
        raise SystemExit("No query has the id of a text of the corpus; nothing measured.")
    corpus_language = language_of(known, options.corpus_language)
    query_language = language_of(queries, options.query_language)
    terms = options.glossary or options.data / "tico19" / "terminology.tsv"
    terms = terms if terms.is_file() and not options.no_glossary else None
    corpus = Corpus(known, corpus_language, engine, folder / "index")
    corpus.index.lexicon = lexicon_of(terms, *options.memory)
    scores = measure(corpus, queries, query_language)
    return {
        "corpus": len(known),
        "corpus_language": corpus_language,
        "queries": len(queries),
        "query_language": query_language,
        "glossary": terms.name if terms else None,
        "memory": [file.name for file in options.memory],
        **{name: score.result() for name, score in scores.items()},
    }


def table(options: argparse.Namespace, engine: Remembering, folder: Path) -> list[dict]:
    """TICO-19: English asked for in every other language."""
    data = options.data / "tico19"
    english = texts(data / "en.tsv")
    half = halves(documents(data / "en.tsv"))
    corpus = Corpus(english, "en", engine, folder / "index")
    terms = None if options.no_glossary else data / "terminology.tsv"
    agreed = lexicon_of(terms)
    languages = options.languages or sorted(
        file.stem
        for file in data.glob("*.tsv")
        if file.stem not in {"en", "terminology", "quality_flags"}
    )
    rows = []
    for language in languages:
        bad = flagged(data / "quality_flags.tsv", language)
        every = {id: text for id, text in texts(data / f"{language}.tsv").items() if id in english}
        good = {id: text for id, text in every.items() if id not in bad}
        asked = dict(list(every.items())[:: options.every])
        queries = {id: text for id, text in asked.items() if id in good}
        corpus.index.lexicon = agreed
        scores = measure(corpus, queries, language)
        row = {"language": language, "queries": len(queries)}
        row |= {name: score.result() for name, score in scores.items()}
        with_memory = Score()
        for side in (True, False):
            lexicon = lexicon_of(terms)
            remembered = [(text, english[id]) for id, text in good.items() if half[id] != side]
            lexicon.learn(language, "en", remembered)
            corpus.index.lexicon = lexicon
            of_side = {id: text for id, text in queries.items() if half[id] == side}
            for id, text in of_side.items():
                found, seconds = corpus.fused(text, language)
                with_memory.add(found, corpus.number[id], seconds + engine.seconds(text))
        row["fused_with_memory"] = with_memory.result()
        if options.ablation:
            row["steps"] = steps(corpus, queries, language, agreed)
        row["halves"] = sides(scores, list(queries), half)
        rows.append(row)
        print(f"{language} done, {engine.embedded} embedded", file=sys.stderr)
    return rows


def short(options: argparse.Namespace, engine: Remembering, folder: Path) -> list[dict]:
    """Terms of the terminology, asked for in each language: is one of the first ten sentences one
    that holds the English term? Only terms that some sentence holds, as whole words."""
    data = options.data / "tico19"
    english = texts(data / "en.tsv")
    corpus = Corpus(english, "en", engine, folder / "index")
    held = {
        id: f" {' '.join(word.folded for word in words(t, 'en'))} " for id, t in english.items()
    }
    wanted: dict[str, dict[str, set[int]]] = {}
    for language, term, rendering in glossary(data / "terminology.tsv"):
        folded = f" {' '.join(word.folded for word in words(term, 'en'))} "
        ids = {corpus.number[id] for id, text in held.items() if folded in text}
        if ids and folded.strip():
            wanted.setdefault(language.split("-")[0], {}).setdefault(rendering, set()).update(ids)
    agreed = lexicon_of(data / "terminology.tsv")
    rows = []
    for language in options.languages or sorted(wanted):
        asked = dict(list(wanted[language].items())[:: options.every])
        row: dict[str, object] = {"language": language, "terms": len(asked)}
        for name, lexicon in (("without_glossary", None), ("with_glossary", agreed)):
            corpus.index.lexicon = lexicon
            ways = {
                "vectors": lambda text: corpus.by_vectors(text)[0],
                "words": lambda text, tag=language: corpus.by_words(text, tag)[0],
                "fused": lambda text, tag=language: corpus.fused(text, tag)[0],
            }
            for way, ask in ways.items():
                firsts = [(ask(text), ids) for text, ids in asked.items()]
                row[f"{way}_{name}"] = {
                    "top1": round(sum(bool({*f[:1]} & ids) for f, ids in firsts) / len(asked), 4),
                    "recall10": round(sum(bool({*f} & ids) for f, ids in firsts) / len(asked), 4),
                }
        rows.append(row)
        print(f"{language} done, {engine.embedded} embedded", file=sys.stderr)
    return rows


def steps(
    corpus: Corpus, queries: Mapping[str, str], language: str, agreed: Lexicon
) -> dict[str, float]:
    """MRR as one thing after the other is added."""
    ways = {
        "written": (None, False),
        "like": (None, True),
        "glossary": (agreed, True),
    }
    found = {}
    for name, (lexicon, like) in ways.items():
        score = Score()
        for id, text in queries.items():
            score.add(corpus.fused_by(text, language, lexicon, like=like), corpus.number[id], 0.0)
        found[name] = score.result()["mrr10"]
    return found


def sides(
    scores: Mapping[str, Score], ids: list[str], half: Mapping[str, bool]
) -> dict[str, dict[str, float]]:
    """MRR on each half of the documents."""
    result = {}
    for name, side in (("one_half", True), ("other_half", False)):
        at = [number for number, id in enumerate(ids) if half[id] == side]
        result[name] = {
            way: Score([score.ranks[n] for n in at], []).result()["mrr10"]
            for way, score in scores.items()
        }
    return result


def show(rows: list[dict]) -> None:
    """As a table for people."""
    ways = ("words", "vectors", "centred", "fused", "fused_with_memory")
    for row in rows:
        print(row.get("language") or f"{row['corpus_language']} <- {row['query_language']}")
        for way in ways:
            if way in row:
                print(f"  {way:18}", *(f"{name} {row[way][name]:<8}" for name in COLUMNS))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, help="texts to find: id first, text last")
    parser.add_argument("--queries", type=Path, help="what is asked, with the ids of the texts")
    parser.add_argument("--corpus-language", default="", help="BCP 47 tag; guessed if not given")
    parser.add_argument("--query-language", default="", help="BCP 47 tag; guessed if not given")
    parser.add_argument("--glossary", type=Path, help="terms: source, lang, id, en, target")
    parser.add_argument("--no-glossary", action="store_true", help="without any")
    parser.add_argument(
        "--memory",
        type=Path,
        action="append",
        default=[],
        help="pairs of texts; the header names the two languages",
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder that has tico19/")
    parser.add_argument("--languages", nargs="*", help="of the table; all if not given")
    parser.add_argument("--every", type=int, default=1, help="ask every n-th sentence only")
    parser.add_argument("--terms", action="store_true", help="ask for terms, not for sentences")
    parser.add_argument("--ablation", action="store_true", help="what each step gives")
    parser.add_argument("--keep", type=Path, help="folder to keep vectors in between runs")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    options = parser.parse_args()
    if bool(options.corpus) != bool(options.queries):
        parser.error("--corpus and --queries go together")
    if not options.corpus and not (options.data / "tico19").is_dir():
        print(f"{options.data / 'tico19'} is not there; nothing measured.", file=sys.stderr)
        return 1
    engine = Remembering(meaning.engine(), options.keep)
    with tempfile.TemporaryDirectory() as folder:
        if options.corpus:
            result = two_files(options, engine, Path(folder))
        else:
            of = short if options.terms else table
            result = of(options, engine, Path(folder))
    if options.json or options.terms:
        print(json.dumps(result, indent=1, ensure_ascii=False))
    else:
        show(result if isinstance(result, list) else [result])
    return 0


if __name__ == "__main__":
    sys.exit(main())
