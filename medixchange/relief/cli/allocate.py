"""``medixchange relief allocate``: shares out what is scarce. Files in, files out, no database."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from medixchange.core.commands import Refused, as_json, emit
from medixchange.relief.allocation import changes as by_hand
from medixchange.relief.allocation import files
from medixchange.relief.allocation.explaining import reasons, sentence
from medixchange.relief.allocation.fairness import compared, fairness
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.planning import allocate as plan_for
from medixchange.relief.allocation.problem import Item
from medixchange.relief.allocation.problem import Refused as Unsound
from medixchange.relief.allocation.weighted import weighted_gini
from medixchange.relief.cli.limits import (
    in_words,
    limit_options,
    limits_of,
    others_under,
    proof,
    together_under,
)

NEEDS = "facility,item,need and optionally floor,cap,priority,population"
SUPPLY = "item,quantity and optionally pack,available_on,reserve"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.option("--needs", type=_FILE, required=True, help=f"CSV: {NEEDS}.")
@click.option("--supply", type=_FILE, required=True, help=f"CSV: {SUPPLY}.")
@click.option("--method", type=click.Choice(sorted(METHODS)), default="maxmin", show_default=True,
              help="How what is scarce is shared out; see docs/allocation.md.")  # fmt: skip
@click.option("--shipped", type=_FILE, help="CSV: facility,item,quantity; never taken back.")
@click.option("--changes", type=_FILE, help="CSV: facility,item,quantity,reason; fixed by hand.")
@limit_options
@click.option(
    "--round-up",
    is_flag=True,
    help="A need that ends within a pack gets that pack too, never past a cap; else it is "
    "filled up to its last whole pack, and one smaller than a pack gets none.",
)
@click.option("--compare", is_flag=True,
              help="Also what the other methods would give; one that lacks what it asks for, such "
                   "as populations, is left out and named on standard error.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Also one sentence for each facility.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
              help="Where the plan goes, as CSV; - for standard output.")  # fmt: skip
@as_json
def allocate(
    needs: Path,
    supply: Path,
    method: str,
    shipped: Path | None,
    changes: Path | None,
    limits: Path | None,
    loads: Path | None,
    routes: Path | None,
    round_up: bool,
    compare: bool,
    explain: bool,
    output: Path | None,
    as_json: bool,
) -> None:
    """Share out scarce goods: who gets how much of what, in whole packs, and how fair that is.

    Several rows of one item with different days in the supply are arrivals; what an earlier one
    gave, a later one does not take back.

    How even a plan is, is told by the Gini coefficient of the fill rates, 0 where all are filled
    alike: as gini in the JSON every facility counts once, as gini_weighted by the people it serves,
    or by its need where a population is missing; gini_weighted_by says which.

    The cells of the files may be parted by commas, semicolons, tabs or bars.
    """
    if as_json and str(output) == "-":
        raise Refused(
            "The plan and the JSON cannot both go to standard output. Give -o a file, or leave "
            "--json out."
        )
    try:
        read = files.read(needs, supply, shipped=shipped, changes=changes, round_up=round_up)
        items = [by_hand.apply(item, read.changes) for item in read.items]
        shared = limits_of(limits, loads, routes, items)
        together = None if shared is None else together_under(items, method, shared)
        plans, times = [], []
        for at, item in enumerate(items):
            began = time.perf_counter()
            plans.append(together.plans[at] if together else plan_for(item, method))
            # Planned together, each item has its part of the time.
            spent = together.seconds / len(items) if together else time.perf_counter() - began
            times.append(spent)
        others: dict[str, list[Plan]] = {}
        if compare:
            others = (
                _others(items, method) if shared is None else others_under(items, method, shared)
            )
    except files.BadFiles as bad:
        raise Refused(f"{bad}\nNothing was planned.") from bad
    except Unsound as unsound:
        raise Refused(f"{unsound} Nothing was planned.") from unsound
    if output is not None and str(output) != "-":
        try:
            with output.open("w", encoding="utf-8", newline="") as file:
                files.write(plans, file)
        except OSError as error:
            raise Refused(
                f"{output}: the plan cannot be written ({error.strerror}). Give another place."
            ) from error
    elif not as_json:
        files.write(plans, sys.stdout)
    result = {
        "method": method,
        "items": [
            _item(plan, others.get(plan.item.name, []), explain, seconds)
            for plan, seconds in zip(plans, times, strict=True)
        ],
        "seconds": round(sum(times), 6),
    }
    if together:
        result["shared_transport"] = proof(together)
    if as_json:
        emit(result, as_json=True, words="")
    else:
        click.echo(_in_words(result), err=True)


def _others(items: list[Item], method: str) -> dict[str, list[Plan]]:
    """Plans by the other methods that have what they ask for. Which have not, and why, is told on
    standard error, for each method once."""
    found: dict[str, list[Plan]] = {}
    lacking: dict[str, list[str]] = {}
    for item in items:
        for name in sorted(METHODS.keys() - {method}):
            try:
                found.setdefault(item.name, []).append(plan_for(item, name))
            except Unsound as unsound:
                # Without populations there is no plan by population; the others stand.
                lacking.setdefault(name, []).append(str(unsound))
    for name, (first, *others) in lacking.items():
        more = f" So it is for {len(others):,} items more." if others else ""
        click.echo(f"{name} is not compared. {first}{more}", err=True)
    return found


def _item(plan: Plan, others: list[Plan], explain: bool, seconds: float) -> dict[str, Any]:
    item, given = plan.item, int(plan.allocated.sum())
    figures = fairness(plan)
    weighted, basis = weighted_gini(plan)
    row: dict[str, Any] = {
        "item": item.name,
        "facilities": len(item.demand),
        "need": int(item.demand.need.sum()),
        "supplied": item.supplied,
        "allocated": given,
        "left_over": item.supplied - given,
        "left_over_reasons": [
            {"reason": left.reason, "quantity": left.quantity} for left in plan.left_over
        ],
        "minimum_fill": _rounded(figures.minimum_fill),
        "gini": _rounded(figures.gini),
        "gini_weighted": _rounded(weighted),
        "gini_weighted_by": basis,
        "shortfall": figures.shortfall,
        "floors_met": plan.floors_met,
        "stages": [
            {
                "available_on": stage.available_on.isoformat() if stage.available_on else None,
                "supplied": stage.supplied,
                "allocated": int(stage.allocated.sum()),
            }
            for stage in plan.stages
        ],
        "seconds": round(seconds, 6),
    }
    if others:
        row["compared"] = [_compared(plan, other) for other in others]
    if explain:
        row["explained"] = [
            {"facility": reason.facility, "reason": reason.code,
             "sentence": sentence(reason, method=plan.method)}
            for reason in reasons(plan)
        ]  # fmt: skip
    return row


def _compared(plan: Plan, other: Plan) -> dict[str, Any]:
    figures = fairness(other)
    moved = compared(plan, other)
    return {
        "method": other.method,
        "allocated": int(other.allocated.sum()),
        "minimum_fill": _rounded(figures.minimum_fill),
        "gini": _rounded(figures.gini),
        "gini_weighted": _rounded(weighted_gini(other)[0]),
        "shortfall": figures.shortfall,
        "lose": [{"facility": m.facility, "quantity": m.quantity} for m in moved if m.quantity < 0],
        "gain": [{"facility": m.facility, "quantity": m.quantity} for m in moved if m.quantity > 0],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _in_words(result: dict[str, Any]) -> str:
    lines = []
    for row in result["items"]:
        lines.append(
            f"{row['item']}: {row['allocated']:,} of {row['supplied']:,} to {row['facilities']:,} "
            f"facilities that need {row['need']:,}; lowest fill "
            f"{_percent(row['minimum_fill'])}, Gini {_plain(row['gini'])} "
            f"({_plain(row['gini_weighted'])} by {row['gini_weighted_by']}), "
            f"shortfall {row['shortfall']:,}"
        )
        lines += [
            f"  left over: {left['quantity']:,}, {left['reason'].replace('_', ' ')}"
            for left in row["left_over_reasons"]
        ]
        if not row["floors_met"]:
            lines.append("  the supply does not fill all floors; they were filled lowest first")
        for other in row.get("compared", []):
            lines.append(
                f"  {other['method']}: lowest fill {_percent(other['minimum_fill'])}, "
                f"Gini {_plain(other['gini'])}, shortfall {other['shortfall']:,}; "
                f"{len(other['gain'])} would gain, {len(other['lose'])} lose"
            )
        lines += [f"  {each['sentence']}" for each in row.get("explained", [])]
    if "shared_transport" in result:
        lines.append(in_words(result["shared_transport"]))
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
