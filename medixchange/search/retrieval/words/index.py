"""The word index on disk: Tantivy over terms that ``analysis`` has made.

Any number of processes read a folder; one at a time writes, held apart by a lock. The files are a
cache of the database: ``version`` tells up to which change they hold it, and a change that is taken
in twice does no harm.
"""

import fcntl
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from medixchange.search.retrieval.analysis import MOST, STEM, words
from medixchange.search.retrieval.entries import ALL, Entry, Narrow, OutOfDate
from medixchange.search.retrieval.words.vocabulary import SHORTEST, Vocabulary, slips

#: Goes up whenever what is written changes: older files are then made anew.
LAYOUT = 1
#: What a term in the heading counts, beside one in the text.
HEADING = 0.4
_MEMORY = 64_000_000
#: Longer texts are cut for the index.
LONGEST = 100_000

#: What is looked for: terms (``analysis``) and how much each counts.
Terms = Mapping[str, float]


class WordIndex:
    """Passages by their terms, in a folder.

    Args:
        folder: made where it is not there.
        labels: names of the labels that a search can be narrowed by.

    Raises:
        OutOfDate: the folder was written with another layout or other labels.
    """

    def __init__(self, folder: Path, labels: Sequence[str]) -> None:
        self._folder = folder
        self._labels = tuple(labels)
        self._shape = {"layout": LAYOUT, "tantivy": version("tantivy"), "labels": [*labels]}
        folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            self._open()

    def _open(self) -> None:
        stated = self._stated()
        if stated is not None and stated["shape"] != self._shape:
            raise OutOfDate(str(self._folder))
        if stated is None:
            for name in ("terms", "vocabulary"):
                shutil.rmtree(self._folder / name, ignore_errors=True)
        (self._folder / "terms").mkdir(exist_ok=True)
        self._schema = self._make_schema()
        self._index = tantivy.Index(self._schema, path=str(self._folder / "terms"))
        self._index.register_tokenizer("terms", _by_spaces())
        self.vocabulary = Vocabulary(self._folder / "vocabulary")
        self._searcher = self._index.searcher()
        self.version = stated["version"] if stated else 0
        if stated is None:
            self._state(0)

    def _make_schema(self) -> tantivy.Schema:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", indexed=True, fast=True)
        builder.add_integer_field("day", indexed=True, fast=True)
        for name in ("text", "heading"):
            builder.add_text_field(name, tokenizer_name="terms", index_option="freq")
        for label in self._labels:
            builder.add_text_field(f"label_{label}", tokenizer_name="raw", index_option="basic")
        return builder.build()

    # What the folder holds

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _stated(self) -> dict | None:
        try:
            stated = json.loads((self._folder / "state.json").read_text())
        except (FileNotFoundError, ValueError):
            return None
        return stated if isinstance(stated, dict) and {"shape", "version"} <= set(stated) else None

    def _state(self, version: int) -> None:
        new = self._folder / "state.json.new"
        new.write_text(json.dumps({"shape": self._shape, "version": version}))
        new.replace(self._folder / "state.json")
        self.version = version

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def refresh(self) -> int:
        """See what other processes have written since; gives the version.

        Raises:
            OutOfDate: another version of the program has taken the folder over.
        """
        stated = self._stated()
        if stated is None or stated["shape"] != self._shape:
            raise OutOfDate(str(self._folder))
        if stated["version"] != self.version:
            self._reload()
            self.version = stated["version"]
        return self.version

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()
        self.vocabulary.refresh()

    # Writing

    def change(self, put: Iterable[Entry], remove: Iterable[int], version: int) -> None:
        """Take in a change as one commit; passages of an id that is there replace it.

        Waits for another process that writes. After it the folder is at ``version``, or where it
        was if anything fails.
        """
        with self._locked():
            self._reload()
            known: set[str] = set()
            new: dict[str, str] = {}
            writer = self._index.writer(_MEMORY, 1)
            try:
                # Not by term: for a number that takes nothing away (tantivy-py 0.27).
                for id in remove:
                    writer.delete_documents_by_query(Query.term_query(self._schema, "id", id))
                for entry in put:
                    writer.delete_documents_by_query(Query.term_query(self._schema, "id", entry.id))
                    writer.add_document(self._document(entry, known, new))
                # The vocabulary first: a word too many in it is no matter, one too few is.
                self.vocabulary.add(new.items())
                writer.commit()
                writer.wait_merging_threads()
            except BaseException:
                del writer  # without a commit nothing of it stays
                raise
            self._reload()
            self._state(version)

    def _document(self, entry: Entry, known: set[str], new: dict[str, str]) -> tantivy.Document:
        document = tantivy.Document()
        document.add_unsigned("id", entry.id)
        document.add_integer("day", entry.day)
        for field, text in (("text", entry.text), ("heading", entry.heading)):
            terms: list[str] = []
            for word in words(text[:LONGEST], entry.language):
                terms += word.terms
                if word.folded not in known:
                    known.add(word.folded)
                    if not self.frequency(word.folded):
                        new[word.folded] = word.stem
            document.add_text(field, " ".join(terms))
        for label in self._labels:
            for value in entry.labels.get(label, ()):
                document.add_text(f"label_{label}", value)
        return document

    def clear(self) -> None:
        """Empty the folder, whatever it held, for it to be filled anew."""
        with self._locked():
            (self._folder / "state.json").unlink(missing_ok=True)
            self._open()

    # Asking

    def search(
        self, terms: Terms, narrow: Narrow = ALL, limit: int = 100
    ) -> list[tuple[int, float]]:
        """The passages that have any of these terms, with their score, the best first."""
        if not terms or limit < 1:
            return []
        return self._found(self._query(terms, self._conditions(narrow)), limit)

    def scores(self, terms: Terms, ids: Collection[int]) -> dict[int, float]:
        """What ``search`` would score these passages; those that have no term are left out."""
        if not terms or not ids:
            return {}
        only = Query.term_set_query(self._schema, "id", list(ids))
        return dict(self._found(self._query(terms, [only]), len(ids)))

    def count(self, terms: Terms, narrow: Narrow = ALL) -> int:
        """How many passages have any of these terms."""
        if not terms:
            return 0
        query = self._query(terms, self._conditions(narrow))
        return int(self._searcher.search(query, limit=1, count=True).count)  # type: ignore[attr-defined]

    def frequency(self, term: str) -> int:
        """How many passages have a term in their text, or stand under one, whoever may see them."""
        return max(int(self._searcher.doc_freq(field, term)) for field in ("text", "heading"))

    def suggestion(self, text: str, language: str, narrow: Narrow = ALL) -> str:
        """The text with words that occur nowhere exchanged for what they may be misspelt from; an
        empty string if there is nothing to exchange. Only words of passages within ``narrow``.

        Args:
            language: BCP 47 tag of the text.
        """
        out, at = "", 0
        for word in islice(words(text, language), MOST):
            if self.count({word.folded: 1.0, STEM + word.stem: 1.0}, narrow):
                continue
            meant = self._meant(word.folded, narrow)
            if meant:
                out += text[at : word.start] + meant
                at = word.end
        return out + text[at:] if at else ""

    def _meant(self, folded: str, narrow: Narrow) -> str:
        """The word, within reach of a slip of the hand, that most passages have."""
        if len(folded) < SHORTEST or not folded.isalpha():
            return ""
        reach = [near for near in self.vocabulary.near(folded) if near.edits <= slips(folded)]
        counts = [(-near.edits, self.count({near.folded: 1.0}, narrow), near) for near in reach]
        some = [one for one in counts if one[1]]
        return max(some, key=lambda one: one[:2])[2].folded if some else ""

    def _found(self, query: Query, limit: int) -> list[tuple[int, float]]:
        hits = self._searcher.search(query, limit=limit, count=False).hits
        ids = self._searcher.fast_field_values("id", [address for _score, address in hits])
        found = [(int(id or 0), score) for id, (score, _address) in zip(ids, hits, strict=True)]
        return sorted(found, key=lambda one: (-one[1], one[0]))

    def _query(self, terms: Terms, conditions: list[Query]) -> Query:
        parts: list[tuple[Occur, Query]] = []
        for term, weight in terms.items():
            for field, share in (("text", 1.0), ("heading", HEADING)):
                query = Query.term_query(self._schema, field, term, "freq")
                parts.append((Occur.Should, Query.boost_query(query, weight * share)))
        asked = Query.boolean_query(parts)
        if not conditions:
            return asked
        return Query.boolean_query(
            [
                (Occur.Must, asked),
                *((Occur.Must, Query.const_score_query(one, 0.0)) for one in conditions),
            ]
        )

    def _conditions(self, narrow: Narrow) -> list[Query]:
        conditions = [
            Query.term_set_query(self._schema, f"label_{name}", list(values))
            for condition in narrow.any_of
            for name, values in condition.items()
        ]
        if narrow.since:
            conditions.append(
                Query.range_query(
                    self._schema, "day", tantivy.FieldType.Integer, lower_bound=narrow.since
                )
            )
        return conditions


def _by_spaces() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()


__all__ = ["HEADING", "LAYOUT", "Terms", "WordIndex"]
