"""The part of ``medixchange relief allocate`` that knows of shared transport.

``allocation.coupled`` is read only where there are limits: its solver takes longer to load than
most plans without them take to be made.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medixchange.core.commands import Refused
from medixchange.relief.allocation.methods import METHODS
from medixchange.relief.allocation.planning import Plan
from medixchange.relief.allocation.problem import Item
from medixchange.relief.allocation.problem import Refused as Unsound

if TYPE_CHECKING:
    from medixchange.relief.allocation.coupled import Limit, Together

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


def limit_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds ``--limits``, ``--loads`` and ``--routes``."""
    for option in (
        click.option("--routes", type=_FILE, help="CSV: facility,route; for limits of a route."),
        click.option("--loads", type=_FILE,
                     help="CSV: item and weight, volume or both; what one unit takes."),
        click.option("--limits", type=_FILE,
                     help="CSV: route,capacity and optionally measure,available_on; what all items "
                          "together may take of transport. An empty route is all facilities."),
    ):  # fmt: skip
        command = option(command)
    return command


def limits_of(
    limits: Path | None, loads: Path | None, routes: Path | None, items: Sequence[Item]
) -> "list[Limit] | None":
    """The limits in these files; None where none were given.

    Raises:
        core.commands.Refused: one file is given without the other that it needs.
        BadFiles: something in the files cannot be meant.
    """
    if limits is None:
        if loads is not None or routes is not None:
            raise Refused("--loads and --routes are for limits. Give --limits as well.")
        return None
    if loads is None:
        raise Refused(
            "The limits need what a unit of each item takes. Give --loads, a CSV with the columns "
            "item and weight, volume or both."
        )
    from medixchange.relief.allocation.coupled.files import read_limits

    return read_limits(limits, loads, routes, items)


def together_under(items: Sequence[Item], method: str, limits: "Sequence[Limit]") -> "Together":
    """The plans of all items under these limits.

    Raises:
        problem.Refused: the method lacks what it asks for.
    """
    from medixchange.relief.allocation.coupled import allocate_together

    return allocate_together(items, method, limits)


def others_under(
    items: Sequence[Item], method: str, limits: "Sequence[Limit]"
) -> dict[str, list[Plan]]:
    """For each item the plans by the other methods under the same limits. A method that lacks what
    it asks for is left out, and named on standard error."""
    found: dict[str, list[Plan]] = {}
    for name in sorted(METHODS.keys() - {method}):
        try:
            plans = together_under(items, name, limits).plans
        except Unsound as unsound:
            click.echo(f"{name} is not compared. {unsound}", err=True)
            continue
        for plan in plans:
            found.setdefault(plan.item.name, []).append(plan)
    return found


def proof(found: "Together") -> dict[str, Any]:
    """What is known of how good the plans are: for the JSON."""
    known: dict[str, Any] = {"optimal": found.optimal, "solver_runs": found.asked}
    if found.method == "utility":
        known["gap"] = found.gap
    elif found.proved_below is not None:
        known["proved_below"] = round(float(found.proved_below), 6)
    return known


def in_words(known: dict[str, Any]) -> str:
    """The same as a sentence."""
    if known["optimal"]:
        return "shared transport: no plan is better; that is proved, after each arrival"
    if "proved_below" in known:
        return (
            f"shared transport: it is proved that no plan is better up to the level "
            f"{100 * known['proved_below']:.1f} %; above it, another choice among equals might be"
        )
    return f"shared transport: within {_percent(known['gap'])} of the best possible"


def _percent(gap: float) -> str:
    """Never less than it is: rounded up to two digits."""
    digits = 1
    share = 100 * gap
    while round(share, digits) * 10**digits < 10 and digits < 9:
        digits += 1
    up = round(share, digits)
    if up < share:
        up += 10**-digits
    return f"{up:.{digits}f} %"
