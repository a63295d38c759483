"""The goals of the checks, on a sample of the shared rows; ``bench/checks.py`` takes them all."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("MEDIXCHANGE_SHARED_DATA", ROOT.parent / "shared" / "data"))
CORE = ("id", "ms", "fr", "es-419", "pt-BR", "zh", "ar", "ru", "hi", "sw")
# Every n-th row, so that the test stays within seconds.
STEP = 9


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    if not (DATA / "tico19" / "en.tsv").is_file():
        pytest.skip(f"no shared data in {DATA}; set MEDIXCHANGE_SHARED_DATA")
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        spec = importlib.util.spec_from_file_location("bench_checks", ROOT / "bench" / "checks.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["bench_checks"] = module
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(ROOT / "bench"))
    return module


def test_errors_are_found_and_good_rows_pass(bench: ModuleType) -> None:
    total, core = bench.Score(), bench.Score()
    for language, rows in bench.tico19(DATA, set()).items():
        one = bench.score(rows[::STEP], {})
        assert one.blocked <= 0.05 * one.rows, language
        total.add(one)
        if language in CORE:
            core.add(one)
    assert total.blocked <= 0.012 * total.rows
    assert total.found_block["digit"] >= 0.98 * total.tried["digit"]
    for kind in ("decimal", "unit", "drop", "add"):
        assert core.tried[kind]
        assert core.found[kind] >= 0.95 * core.tried[kind], kind
