"""Files of other programs: translation memories and glossaries, read row by row.

Readers are generators. They give a ``Unit`` for each row that can be taken and a ``Refused`` for
each that cannot, and go on; only a file that cannot be read at all raises ``Unreadable``, which may
happen late (a file cut off in the middle), so import within one transaction.
"""

from medixchange.translation.interchange.base import Refused, Unit, Unreadable
from medixchange.translation.interchange.dotw import read_parallel
from medixchange.translation.interchange.tmx import read_tmx, write_tmx
from medixchange.translation.interchange.tsv import read_glossary_tsv, read_tico, read_tsv

__all__ = [
    "Refused",
    "Unit",
    "Unreadable",
    "read_glossary_tsv",
    "read_parallel",
    "read_tico",
    "read_tmx",
    "read_tsv",
    "write_tmx",
]
