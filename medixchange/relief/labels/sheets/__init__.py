"""Labels on paper: one for each box, as PDF."""

from medixchange.relief.labels.sheets.label import Handling, Label, Wording
from medixchange.relief.labels.sheets.printing import Layout, render

__all__ = ("Handling", "Label", "Layout", "Wording", "render")
