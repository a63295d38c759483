"""The words that occur, found by likeness: for misspelt words, and for words that two languages
share in other letters.

A word is kept by the pairs and threes of letters of its skeleton: what is left when it is written
in plain Latin letters (``anyascii``) and spellings that sound alike are made one. Words that share
most of them are then compared in full.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import tantivy
from anyascii import anyascii
from rapidfuzz.distance import OSA
from tantivy import Occur, Query

#: Shorter words are like too many others.
SHORTEST = 4
_MEMORY = 15_000_000
_COMPARED = 16
_SOUNDS = (
    ("ph", "f"),
    ("th", "t"),
    ("ch", "k"),
    ("ck", "k"),
    ("qu", "k"),
    ("c", "k"),
    ("q", "k"),
    ("x", "ks"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("z", "s"),
)
_DOUBLE = re.compile(r"(.)\1+")
_OTHER = re.compile(r"[^a-z0-9]")


@lru_cache(maxsize=65_536)
def skeleton(word: str) -> str:
    """A word as it sounds, roughly, in plain Latin letters."""
    plain = _DOUBLE.sub(r"\1", _OTHER.sub("", anyascii(word).lower()))
    for written, sound in _SOUNDS:
        plain = plain.replace(written, sound)
    return _DOUBLE.sub(r"\1", plain)


def grams(plain: str) -> frozenset[str]:
    """The pairs and threes of letters of a skeleton, its ends among them."""
    ends = f"^{plain}$"
    return frozenset(ends[at : at + size] for size in (2, 3) for at in range(len(ends) - size + 1))


def likeness(a: str, b: str) -> float:
    """How many pairs and threes of letters two skeletons share (Dice): 0 to 1; 0 if one is more
    than twice as long as the other."""
    if max(len(a), len(b)) > 2 * min(len(a), len(b)):
        return 0.0
    left, right = grams(a), grams(b)
    return 2 * len(left & right) / (len(left) + len(right))


def slips(folded: str) -> int:
    """How many letters of a word may be wrong for it still to be known."""
    return 2 if len(folded) >= 8 else 1


@dataclass(frozen=True, slots=True)
class Near:
    """A word of the vocabulary that is like one asked.

    Attributes:
        edits: letters to change, leave out, put in or swap, at most two.
        likeness: of the skeletons.
    """

    folded: str
    stem: str
    edits: int
    likeness: float


class Vocabulary:
    """Folded words with their stems, in a folder of their own. One writer at a time."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("grams", tokenizer_name="grams", index_option="basic")
        builder.add_text_field("word", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("stem", stored=True, tokenizer_name="raw", index_option="basic")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer(
            "grams", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        self.refresh()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def refresh(self) -> None:
        """See what other processes have added."""
        self._index.reload()
        self._searcher = self._index.searcher()
        self._near = lru_cache(maxsize=4_096)(self._look_up)

    def add(self, words: Iterable[tuple[str, str]]) -> None:
        """Keep folded words with their stems; words that no letter is in are left out."""
        writer: tantivy.IndexWriter | None = None
        for folded, stem in words:
            plain = skeleton(folded)
            if len(folded) < 2 or len(plain) < 2 or plain.isdigit():
                continue
            if writer is None:
                writer = self._index.writer(_MEMORY, 1)
            document = tantivy.Document()
            document.add_text("grams", " ".join(grams(plain)))
            document.add_text("word", folded)
            document.add_text("stem", stem)
            writer.add_document(document)
        if writer is not None:
            writer.commit()
            writer.wait_merging_threads()
            self.refresh()

    def near(self, folded: str) -> tuple[Near, ...]:
        """The words most like one, itself among them, by likeness."""
        return self._near(folded)

    def _look_up(self, folded: str) -> tuple[Near, ...]:
        plain = skeleton(folded)
        if len(plain) < 3 or plain.isdigit():
            return ()
        wanted = Query.boolean_query(
            [
                (Occur.Should, Query.term_query(self._schema, "grams", gram, "basic"))
                for gram in grams(plain)
            ]
        )
        hits = self._searcher.search(wanted, limit=_COMPARED, count=False).hits
        found: dict[str, Near] = {}
        for _score, address in hits:
            document = self._searcher.doc(address)
            word = str(document.get_first("word"))
            found[word] = Near(
                word,
                str(document.get_first("stem")),
                OSA.distance(folded, word, score_cutoff=2),
                likeness(plain, skeleton(word)),
            )
        return tuple(sorted(found.values(), key=lambda near: (-near.likeness, near.folded)))
