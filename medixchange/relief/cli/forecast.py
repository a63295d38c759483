"""``medixchange relief forecast``: what a facility needs, computed from its caseload."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from medixchange.core.commands import Refused, as_json, emit
from medixchange.relief import forecast as needs
from medixchange.relief.forecast import Caseload, Forecast, Options, Staff
from medixchange.relief.forecast.need import Refused as Unsound
from medixchange.relief.interchange.base import Unreadable
from medixchange.relief.interchange.writing import csv_bytes

P = ParamSpec("P")
R = TypeVar("R")

_COUNT = click.IntRange(min=0, max=10_000_000)


class PackSize(click.ParamType):
    """``ITEM=UNITS``"""

    name = "ITEM=UNITS"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        item, equals, units = str(value).rpartition("=")
        if not equals or not units.isdecimal() or int(units) < 1:
            self.fail(f"“{value}” is not ITEM=UNITS, such as gloves-examination=100", param, ctx)
        return item.strip(), int(units)


def _count(name: str, text: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    return click.option(name, type=_COUNT, default=None, help=text)


@click.command()
@click.option(
    "--rates",
    "rates_path",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="Folder of WHO's rates: equipment.csv and hwfe.csv.",
)
@click.option("--days", type=click.IntRange(1, 366), required=True, help="Days to provide for.")
@_count("--cases", "Patients in care in all, split by severity as WHO does.")
@_count("--mild", "Mild patients in care on a day.")
@_count("--moderate", "Moderate patients in care on a day.")
@_count("--severe", "Severe inpatients on a day.")
@_count("--critical", "Critical inpatients on a day.")
@_count("--hcw", "Health workers with inpatients; left out, from the patients.")
@_count("--cleaners", "Cleaners with inpatients; left out, from the patients.")
@_count("--caregivers", "Relatives who care for inpatients; left out, none.")
@_count("--ambulance", "Ambulance workers; left out, from the beds.")
@_count("--biomedical", "Biomedical engineers; left out, from the beds.")
@_count("--isolation-caregivers", "Relatives who care for the isolated; left out, one each.")
@_count("--screened", "People screened a day.")
@_count("--screening-hcw", "Health workers who screen; left out, from the people screened.")
@_count("--lab-technicians", "Laboratory technicians; left out, none.")
@_count("--lab-cleaners", "Laboratory cleaners; left out, none.")
@_count("--tests", "Tests made in the whole period.")
@click.option(
    "--buffer", type=click.IntRange(0, 1000), default=0, show_default=True, help="Margin, percent."
)
@click.option(
    "--pack", "packs", type=PackSize(), multiple=True, help="Round up to whole packs of so many."
)
@click.option(
    "--daily-rates",
    is_flag=True,
    help="Count the rates of treatment each day, as the table's headings say, not each patient.",
)
@click.option("--facility", default="", help="Whose need it is; needed with -o.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write facility, item, need as CSV, for “relief allocate”.",
)
@as_json
def forecast(
    rates_path: Path,
    days: int,
    facility: str,
    output: Path | None,
    packs: tuple[tuple[str, int], ...],
    buffer: int,
    daily_rates: bool,
    as_json: bool,
    **numbers: int | None,
) -> None:
    """Compute the need of a facility from the patients in its care, by WHO's rates.

    Every line tells how it was computed.
    """
    if output is not None and not facility.strip():
        raise Refused("Say whose need it is: --facility NAME.")
    try:
        made = needs.forecast(
            needs.read_rates(rates_path),
            _caseload(numbers),
            Options(
                days,
                screened=numbers["screened"] or 0,
                tests=numbers["tests"] or 0,
                buffer=Fraction(buffer),
                packs=dict(packs),
                daily_rates=daily_rates,
            ),
            staff=_staff(numbers),
        )
    except (Unreadable, Unsound) as problem:
        raise Refused(str(problem)) from problem
    if not made.lines:
        raise Refused("Nobody is in care. Say how many: --severe, --critical, --mild or --cases.")
    if output is not None:
        rows = [(facility.strip(), line.item, line.quantity) for line in made.lines]
        _write(output, csv_bytes(("facility", "item", "need"), (), rows, mark=False))
    emit(
        {"facility": facility.strip() or None} | made.as_json(),
        as_json=as_json,
        words=in_words(made),
    )


def _caseload(numbers: dict[str, int | None]) -> Caseload:
    severities = ("mild", "moderate", "severe", "critical")
    given = any(numbers[name] is not None for name in severities)
    if numbers["cases"] is None:
        mild, moderate, severe, critical = (Fraction(numbers[name] or 0) for name in severities)
        return Caseload(mild, moderate, severe, critical)
    if given:
        raise Refused("Give either --cases, or patients by severity, not both.")
    return Caseload.of_total(numbers["cases"])


def _staff(numbers: dict[str, int | None]) -> Staff:
    names = (
        "hcw", "cleaners", "caregivers", "ambulance", "biomedical", "isolation_caregivers",
        "screening_hcw", "lab_technicians", "lab_cleaners",
    )  # fmt: skip
    return Staff(
        **{name: Fraction(count) for name in names if (count := numbers[name]) is not None}
    )


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refused(f"{path}: cannot be written ({error.strerror}).") from error


def in_words(made: Forecast) -> str:
    """The forecast as lines of text."""
    told = []
    for line in made.lines:
        told.append(f"{line.quantity:,} {line.unit}  {line.name}  ({line.item})")
        told += [f"    {part.words}" for part in line.parts]
    told += [f"not computed: {code}. {why}" for code, why in made.not_computed.items()]
    told += made.sources()
    return "\n".join(told)
