"""Rates to compute with: a small made-up table, and WHO's own."""

from pathlib import Path

import pytest

from medixchange.relief.forecast import Driver, Rates, read_rates

ABOUT = ("category", "group", "item", "unit", "reusable")


def table(*items: dict[str, str]) -> str:
    """A table of rates with the columns of the published one; rates by the driver's value."""
    lines = [",".join([*ABOUT, *(driver.column for driver in Driver)])]
    for item in items:
        cells = [f'"{item.get(name, "")}"' for name in ABOUT]
        cells += [item.get(driver.value, "") for driver in Driver]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


@pytest.fixture
def who(shared_data: Path) -> Rates:
    """The published rates."""
    return read_rates(shared_data / "relief" / "esft")
