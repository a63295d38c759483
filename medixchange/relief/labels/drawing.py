"""Symbols as SVG: QR codes, GS1 DataMatrix and GS1-128.

``zxing-cpp`` (with Zint's encoders) makes the modules. They are drawn here, over a grid, so that a
symbol's size on paper is exact: scanners ask for modules of a known width, and a thermal printer
for whole dots.

Sizes follow the GS1 General Specifications, section 5.12 (symbol specification tables).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from xml.sax.saxutils import quoteattr

import zxingcpp
from django.utils.translation import gettext as _

from medixchange.relief.labels.codes.building import readable
from medixchange.relief.labels.codes.elements import from_string, refused

#: Width of a module in mm. Half a millimetre is four dots of a 203 dpi thermal printer, and within
#: what GS1 asks of a logistic label in general distribution (at least 0.495 mm).
MODULE: Final = 0.5
#: Height of the bars of a logistic label in mm.
BARS: Final = 31.75
#: Characters that a GS1-128 carries at most (section 5.4), identifiers and separators counted.
LONGEST_BARS: Final = 48
#: Light margin around a symbol in modules: ISO/IEC 18004 (QR), ISO/IEC 16022 (DataMatrix) and
#: ISO/IEC 15417 (Code 128; left and right only).
_QUIET_QR, _QUIET_MATRIX, _QUIET_BARS = 4, 1, 10


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol's modules, with its light margin.

    Attributes:
        runs: where dark modules stand together in a row: column, row, and how many.
        columns, rows: the size in modules, with margin; bars are one row.
        says: what is encoded, as people read it.
    """

    runs: tuple[tuple[int, int, int], ...]
    columns: int
    rows: int
    says: str

    def svg(self, *, module: float = MODULE, height: float | None = None) -> str:
        """The symbol as an SVG element.

        Args:
            module: width of a module in mm.
            height: in mm, for bars, which may have any.
        """
        path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in self.runs)
        width = self.columns * module
        tall = self.rows * module if height is None else height
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{tall:g}mm"'
            f' viewBox="0 0 {self.columns} {self.rows}" preserveAspectRatio="none"'
            f' role="img" aria-label={quoteattr(self.says)} shape-rendering="crispEdges">'
            f'<path d="{path}"/></svg>'
        )


@lru_cache(maxsize=1024)
def data_matrix(element_string: str) -> Symbol:
    """A GS1 DataMatrix, square (section 5.6; FNC1 in first position, symbology ``]d2``).

    Args:
        element_string: as ``codes.element_string`` gives it.

    Raises:
        Refused: it is no element string.
    """
    made = _gs1(element_string, zxingcpp.BarcodeFormat.DataMatrix)
    return _symbol(made, quiet=_QUIET_MATRIX, says=readable(element_string))


@lru_cache(maxsize=1024)
def gs1_128(element_string: str) -> Symbol:
    """A GS1-128 (section 5.4; FNC1 in first position, symbology ``]C1``), as one row of bars.

    Args:
        element_string: as ``codes.element_string`` gives it, at most ``LONGEST_BARS`` characters.

    Raises:
        Refused: it is no element string, or too long.
    """
    if len(element_string) > LONGEST_BARS:
        raise refused(
            "too_long",
            _("“%(code)s” is too long for bars: they carry %(most)d characters. Use a DataMatrix.")
            % {"code": readable(element_string), "most": LONGEST_BARS},
        )
    made = _gs1(element_string, zxingcpp.BarcodeFormat.Code128)
    return _symbol(made[:1], quiet=_QUIET_BARS, says=readable(element_string), above=0)


@lru_cache(maxsize=1024)
def qr(text: str) -> Symbol:
    """A QR code that can lose 15 % of itself (level M).

    Args:
        text: a link of ours (``codes.link``): ASCII. Other text may be read in another encoding.
    """
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    return _symbol(_modules(made), quiet=_QUIET_QR, says=text)


def _gs1(element_string: str, form: zxingcpp.BarcodeFormat) -> list[list[int]]:
    """The modules of a GS1 symbol, 1 for dark, without margin."""
    # Square brackets are in no GS1 value, so that a lot may have round ones.
    bracketed = "".join(f"[{e.ai.ai}]{e.value}" for e in from_string(element_string))
    try:
        made = zxingcpp.create_barcode(bracketed, form, gs1=True, force_square=True)
    except ValueError as error:
        raise refused(
            "no_symbol",
            _("“%(code)s” cannot be drawn as a code: %(reason)s. Shorten the lot or leave it out.")
            % {"code": readable(element_string), "reason": error},
        ) from error
    return _modules(made)


def _modules(made: zxingcpp.Barcode) -> list[list[int]]:
    # The image is a buffer of grey levels, which its type stub does not tell.
    image: Any = zxingcpp.write_barcode_to_image(made, scale=1, add_quiet_zones=False)
    levels: list[list[int]] = memoryview(image).tolist()  # type: ignore[assignment]
    return [[int(level == 0) for level in row] for row in levels]


def _symbol(
    rows: Sequence[Sequence[int]], *, quiet: int, says: str, above: int | None = None
) -> Symbol:
    top = quiet if above is None else above
    runs = tuple(
        (start + quiet, number + top, length)
        for number, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return Symbol(runs, len(rows[0]) + 2 * quiet, len(rows) + 2 * top, says)


def _runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where dark modules stand together: start and length."""
    start = None
    for at, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = at
        elif not dark and start is not None:
            yield start, at - start
            start = None
