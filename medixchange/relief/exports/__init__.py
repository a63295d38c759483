"""Everything as tables, with HXL hashtags: what anybody may have, and what the parties may."""

from collections.abc import Iterator

from medixchange.relief.exports.base import Asker, Table
from medixchange.relief.exports.gifts import CONSIGNMENTS, NEEDS, PLEDGES
from medixchange.relief.exports.goods import ITEMS, PLACES
from medixchange.relief.exports.postings import DOCUMENTS, MOVEMENTS
from medixchange.relief.exports.writing import FORMATS, stream

__all__ = ["FORMATS", "TABLES", "Asker", "Table", "every", "stream"]

#: Every table by its name.
TABLES = {
    table.name: table
    for table in (ITEMS, PLACES, PLEDGES, NEEDS, CONSIGNMENTS, DOCUMENTS, MOVEMENTS)
}


def every(asker: Asker) -> Iterator[Table]:
    """The tables that somebody may have."""
    return (table for table in TABLES.values() if table.is_open_to(asker))
