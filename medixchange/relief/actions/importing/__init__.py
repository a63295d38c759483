"""Importing files: each row is taken, changed, the same as before, left to a person, or refused.

A row that is refused leaves no trace, and keeps no other from being taken; a packing list is taken
whole or not at all. A dry run does all of it, tells it, and takes it back.
"""

from medixchange.relief.actions.importing.base import Done, Kept, Outcome
from medixchange.relief.actions.importing.donations import import_donations, set_aside, settle
from medixchange.relief.actions.importing.items import import_items
from medixchange.relief.actions.importing.needs import import_needs
from medixchange.relief.actions.importing.packing import import_packing_list
from medixchange.relief.actions.importing.places import import_places

__all__ = [
    "Done",
    "Kept",
    "Outcome",
    "import_donations",
    "import_items",
    "import_needs",
    "import_packing_list",
    "import_places",
    "set_aside",
    "settle",
]
