"""Donations as donors publish them, read row by row without a guess.

Such lists name several countries or goods in a cell, regions for countries, or half a shipment as
arrived. What can be read is; what cannot is put before a person, with the reason.
"""

from medixchange.relief.interchange.donations.model import (
    DonationReport,
    DonationRow,
    Line,
    Outcome,
)
from medixchange.relief.interchange.donations.reading import read

__all__ = ["DonationReport", "DonationRow", "Line", "Outcome", "read"]
