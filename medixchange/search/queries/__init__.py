"""Reads of search. The one most asked: ``search``, what answers this, for this reader."""

from medixchange.search.queries.answering import search
from medixchange.search.queries.wanted import LONGEST, PAGE, Facet, Hit, Results, Wanted

__all__ = ["LONGEST", "PAGE", "Facet", "Hit", "Results", "Wanted", "search"]
