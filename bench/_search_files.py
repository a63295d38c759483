"""What the search benches read: tab-separated files with a header."""

import csv
from collections.abc import Iterator
from pathlib import Path

#: Codes of the terminology, as ours.
_TAGS = {"zh-CN": "zh", "fr-FR": "fr", "fil": "tl"}


def _lines(file: Path) -> Iterator[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def texts(file: Path) -> dict[str, str]:
    """Texts by id: the first column is the id, the last the text. Empty ones are left out."""
    lines = _lines(file)
    next(lines, None)
    return {line[0]: line[-1].strip() for line in lines if len(line) > 1 and line[-1].strip()}


def documents(file: Path) -> dict[str, str]:
    """The document that each row of TICO-19's English file is of."""
    lines = _lines(file)
    column = next(lines).index("doc")
    return {line[0]: line[column] for line in lines if line}


def glossary(file: Path) -> list[tuple[str, str, str]]:
    """Language, English term and its rendering, of a terminology (source, lang, id, en, target)."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return [
            (_TAGS.get(row["lang"], row["lang"]), row["en"], row["target"])
            for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["en"] and row["target"]
        ]


def pairs(file: Path) -> tuple[str, str, list[tuple[str, str]]]:
    """A memory: the header names the languages of its two columns."""
    lines = _lines(file)
    first, second = next(lines)[:2]
    return first, second, [(line[0], line[1]) for line in lines if len(line) > 1]


def flagged(file: Path, language: str) -> set[str]:
    """Ids of rows that are not to be trusted in a language."""
    lines = _lines(file)
    next(lines, None)
    return {line[1] for line in lines if len(line) > 1 and line[0] == language}


def halves(documents: dict[str, str]) -> dict[str, bool]:
    """By id, in which half of the documents a row is: the largest document goes into the smaller
    half first, so that both have nearly as many rows."""
    sizes: dict[str, int] = {}
    for document in documents.values():
        sizes[document] = sizes.get(document, 0) + 1
    rows = {True: 0, False: 0}
    side: dict[str, bool] = {}
    for document, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        side[document] = rows[True] <= rows[False]
        rows[side[document]] += size
    return {id: side[document] for id, document in documents.items()}
