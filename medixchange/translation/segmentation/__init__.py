"""Segmentation: a block's text cut into the units that are translated, and joined again."""

from medixchange.translation.segmentation.cuts import Cut, join, split

__all__ = ["Cut", "join", "split"]
