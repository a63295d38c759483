"""Segmentation: a block's text cut into the units that are translated, and joined again."""

from medixchange.translation.segmentation.cuts import Cut, join, split
from medixchange.translation.segmentation.keys import normalise, segment_key

__all__ = ["Cut", "join", "normalise", "segment_key", "split"]
