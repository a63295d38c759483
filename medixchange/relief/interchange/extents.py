"""Rough boxes around countries, to find coordinates that cannot be meant.

South, west, north, east in degrees. Made from Natural Earth (public domain), rounded outwards to
whole degrees, with far islands added; Indonesia's are the extremes its government publishes
(Pulau Rondo in the north, Pulau Dana in the south), since a lost minus sign lands just beyond them.
"""

from collections.abc import Mapping
from types import MappingProxyType

Box = tuple[float, float, float, float]

BOXES: Mapping[str, Box] = MappingProxyType(
    {
        "AO": (-19, 11, -4, 25), "BF": (9, -6, 16, 3), "BI": (-5, 28, -2, 31),
        "BJ": (6, 0, 13, 4), "BN": (4, 114, 6, 116), "BW": (-27, 19, -17, 30),
        "CD": (-14, 12, 6, 32), "CF": (2, 14, 12, 28), "CG": (-6, 11, 4, 19),
        "CI": (4, -9, 11, -2), "CM": (1, 8, 14, 17), "CV": (14, -26, 18, -22),
        "DJ": (10, 41, 13, 44), "DZ": (18, -9, 38, 12), "EG": (21, 24, 32, 37),
        "ER": (12, 36, 19, 44), "ET": (3, 32, 15, 48), "GA": (-4, 8, 3, 15),
        "GH": (4, -4, 12, 2), "GM": (13, -17, 14, -13), "GN": (7, -16, 13, -7),
        "GQ": (-2, 5, 4, 12), "GW": (10, -17, 13, -13), "ID": (-11.1, 94.9, 6.1, 141.1),
        "KE": (-5, 33, 6, 42), "KH": (10, 102, 15, 108), "KM": (-13, 43, -11, 45),
        "LA": (13, 100, 23, 108), "LR": (4, -12, 9, -7), "LS": (-31, 26, -28, 30),
        "LY": (19, 9, 34, 26), "MA": (21, -18, 36, -1), "MG": (-26, 43, -11, 51),
        "ML": (10, -13, 25, 5), "MM": (9, 92, 29, 102), "MR": (14, -18, 28, -4),
        "MU": (-21, 56, -10, 64), "MW": (-18, 32, -9, 36), "MY": (0, 99, 8, 120),
        "MZ": (-27, 30, -10, 41), "NA": (-30, 11, -16, 26), "NE": (11, 0, 24, 16),
        "NG": (4, 2, 14, 15), "PH": (4, 116, 22, 127), "RW": (-3, 28, -1, 31),
        "SC": (-11, 46, -3, 57), "SD": (8, 21, 23, 39), "SG": (1, 103, 2, 105),
        "SL": (6, -14, 11, -10), "SN": (12, -18, 17, -11), "SO": (-2, 40, 13, 52),
        "SS": (3, 23, 13, 36), "ST": (-1, 6, 2, 8), "SZ": (-28, 30, -25, 33),
        "TD": (7, 13, 24, 25), "TG": (5, -1, 12, 2), "TH": (5, 97, 21, 106),
        "TL": (-10, 124, -8, 128), "TN": (30, 7, 38, 12), "TZ": (-12, 29, 0, 41),
        "UG": (-2, 29, 5, 36), "VN": (8, 102, 24, 110), "ZA": (-35, 16, -22, 33),
        "ZM": (-19, 21, -8, 34), "ZW": (-23, 25, -15, 34),
    }
)  # fmt: skip


def within(country: str, lat: float, lon: float) -> bool | None:
    """Whether a point lies in a country's box; ``None`` where we have no box of it."""
    box = BOXES.get(country)
    if box is None:
        return None
    south, west, north, east = box
    return south <= lat <= north and west <= lon <= east
