"""GS1 codes and links of ours: reading (``read``) and building (``element_string`` and others)."""

from medixchange.relief.labels.codes.building import (
    element_string,
    human_readable,
    link,
    sscc,
)
from medixchange.relief.labels.codes.elements import GS, KINDS, LINK_PATH
from medixchange.relief.labels.codes.reading import Scan, read

__all__ = (
    "GS",
    "KINDS",
    "LINK_PATH",
    "Scan",
    "element_string",
    "human_readable",
    "link",
    "read",
    "sscc",
)
