"""What we write, read by the standard's own reader."""

import io
import warnings

import pytest

from medixchange.relief.interchange.writing import csv_bytes, xlsx_bytes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import hxl

# The reader's own imports, as it opens a workbook, are its affair.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:defusedxml")

HEADERS = ["Facility", "Item", "Needed"]
TAGS = ["#loc+name", "#item+code", "#affected+needed"]
ROWS = [["Ward", "mask", 900], ["=Ward", "test-kit", 20]]


@pytest.mark.parametrize("write", [csv_bytes, xlsx_bytes])
def test_libhxl_reads_the_hashtags_and_rows_of_our_files(write):
    found = hxl.data(hxl.input.make_input(io.BytesIO(write(HEADERS, TAGS, ROWS))))
    assert [column.display_tag for column in found.columns] == TAGS
    assert [row.values for row in found] == [
        ["Ward", "mask", "900"],
        ["'=Ward", "test-kit", "20"],
    ]
