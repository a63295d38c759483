"""The word index: passages found by their terms, ranked by BM25."""

from medixchange.search.retrieval.words.index import WordIndex

__all__ = ["WordIndex"]
