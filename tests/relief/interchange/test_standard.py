"""What we write, read by the standard's own reader."""

import io
import warnings

import pytest

from medixchange.relief.interchange.writing import csv_bytes, xlsx_bytes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import hxl

HEADERS = ["Facility", "Item", "Needed"]
TAGS = ["#loc+name", "#item+code", "#affected+needed"]
ROWS = [["Ward", "mask", 900], ["=Ward", "test-kit", 20]]


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_libhxl_reads_the_hashtags_and_rows_of_our_files(write):
    with warnings.catch_warnings():
        # What it imports as it opens a workbook is its own affair.
        warnings.simplefilter("ignore")
        found = hxl.data(hxl.input.make_input(io.BytesIO(write(HEADERS, TAGS, ROWS))))
    assert [column.display_tag for column in found.columns] == TAGS
    assert [[str(value) for value in row.values] for row in found] == [
        ["Ward", "mask", "900"],
        ["'=Ward", "test-kit", "20"],
    ]
