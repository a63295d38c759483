"""A query in other words: what a glossary and a memory say it is called in other languages."""

from medixchange.search.retrieval.expansion.lexicon import Learnt, Lexicon, Rendering, Sense

__all__ = ["Learnt", "Lexicon", "Rendering", "Sense"]
