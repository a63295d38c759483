"""Files to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

Filed = Callable[..., Path]


@pytest.fixture
def filed(tmp_path: Path) -> Filed:
    """Puts content into a file: ``filed("a,b\\n1,2", "table.csv")``."""

    def make(content: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make
