"""The index of this process, in step with the database: what has the words and meanings.

The words lie in files that all processes of a machine share; labels and vectors are held by each.
All of it is made from rows of ``Passage`` by their version, and made anew where it is broken.
"""

from medixchange.search.index.held import Held, forget, held, remade, unchanging, words_at
from medixchange.search.index.reading import LABELS, audience_label

__all__ = ["LABELS", "Held", "audience_label", "forget", "held", "remade", "unchanging", "words_at"]
