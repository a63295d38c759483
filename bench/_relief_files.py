"""``medixchange relief allocate`` from files, and how long the program takes to start.

Seconds of the processor, so that other work on the machine counts less. The rows are made up.
"""

import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from medixchange.core.lazy import Needs

FACILITIES, ITEMS = 10_000, 50
_SUPPLY = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")
#: What is started, each by the interpreter of the environment.
PROGRAMS = {
    "python alone": ["-c", "pass"],
    "Django with our apps": ["-c", "from medixchange.core.lazy import Needs; Needs.APPS.meet()"],
    "medixchange --version": ["-m", "medixchange", "--version"],
    "medixchange --help": ["-m", "medixchange", "--help"],
    "medixchange relief allocate, 2 rows": [
        "-m", "medixchange", "relief", "allocate", "--needs", "small.csv", "--supply",
        "one.csv", "-o", "plan.csv",
    ],
}  # fmt: skip


def make(folder: Path, facilities: int, items: int) -> None:
    """The tables: 60 % of the need in four arrivals, caps for one row in five."""
    chance = np.random.default_rng(5)
    with (folder / "needs.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("facility", "item", "need", "floor", "cap", "priority", "population"))
        total = []
        for item in range(items):
            need = np.maximum(1, chance.lognormal(6.5, 1.2, facilities).astype(np.int64))
            capped = chance.random(facilities) < 0.2
            columns = (need, need // 10, chance.integers(1, 5, facilities),
                       chance.integers(500, 500_000, facilities))  # fmt: skip
            total.append(int(need.sum()))
            for at, (wanted, floor, priority, people) in enumerate(
                zip(*(column.tolist() for column in columns), strict=True)
            ):
                cap = wanted * 7 // 10 + 1 if capped[at] else ""
                writer.writerow((f"F{at:06}", f"I{item:03}", wanted, floor, cap, priority, people))
    with (folder / "supply.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("item", "quantity", "available_on"))
        for item, needed in enumerate(total):
            writer.writerows((f"I{item:03}", needed * 6 // 40, day) for day in _SUPPLY)
    (folder / "small.csv").write_text("facility,item,need\nA,mask,100\nB,mask,100\n")
    (folder / "one.csv").write_text("item,quantity\nmask,100\n")


def seconds(act: Callable[[], Any], runs: int) -> float:
    """The median of so many runs."""
    took = []
    for _ in range(runs):
        start = time.process_time()
        act()
        took.append(time.process_time() - start)
    return round(statistics.median(took), 2)


def tables(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Reading the needs: by columns, row by row, and by the csv module without any check."""
    from medixchange.relief.allocation import files
    from medixchange.relief.allocation.planning import allocate

    needs, supply = folder / "needs.csv", folder / "supply.csv"

    def bare() -> int:
        with needs.open(encoding="utf-8", newline="") as file:
            return sum(1 for _row in csv.reader(file))

    rows = bare() - 1
    found = files.read(needs, supply, shipped=None, changes=None)
    plans = [allocate(item, "maxmin") for item in found.items]

    def write() -> None:
        with (folder / "plan.csv").open("w", encoding="utf-8", newline="") as file:
            files.write(plans, file)

    acts: dict[str, Callable[[], Any]] = {
        "read by columns": lambda: files.read(needs, supply, shipped=None, changes=None),
        "read row by row": lambda: files._needs(files._Table(needs, [])),
        "csv module alone": bare,
        "plan, maxmin": lambda: [allocate(item, "maxmin") for item in found.items],
        "write the plan": write,
    }
    return [
        {"what": what, "rows": rows, "seconds": seconds(act, runs)} for what, act in acts.items()
    ]


def starts(folder: Path, runs: int) -> list[dict[str, Any]]:
    """Programs from start to end, in turn: seconds of the processor, user and system."""
    import resource

    took: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(runs + 1):
        for name, arguments in PROGRAMS.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(
                [sys.executable, *arguments], cwd=folder, check=True, capture_output=True
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            took[name].append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    # The first only warms up.
    return [
        {"what": name, "seconds": round(statistics.median(times[1:]), 3)}
        for name, times in took.items()
    ]


def main() -> None:
    quick = "--quick" in sys.argv
    Needs.APPS.meet()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, 1_000 if quick else FACILITIES, 5 if quick else ITEMS)
        runs = 1 if quick else 7
        print(json.dumps([*tables(folder, runs), *starts(folder, runs)]))


if __name__ == "__main__":
    main()
