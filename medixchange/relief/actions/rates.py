"""The rates of WHO's forecasting tool, brought in by an operator and kept with the site's data."""

import shutil
from pathlib import Path

from django.db import transaction

from medixchange.core import audit
from medixchange.network.models import Member
from medixchange.relief.forecast.rates import ITEMS_FILE, STAFFING_FILE, Rates, read_rates
from medixchange.relief.queries.forecasting import folder


@transaction.atomic
def bring_in(*, path: Path, by: Member | None) -> Rates:
    """Take the rates of a folder with ``equipment.csv`` and ``hwfe.csv`` in place of those before.

    Raises:
        Unreadable: a file is not there, is no such table, or holds a rate that is no number.
    """
    rates = read_rates(path)
    kept = folder()
    kept.mkdir(parents=True, exist_ok=True)
    for name in (ITEMS_FILE, STAFFING_FILE):
        # Written whole beside the old one, then put in its place: who reads sees one or the other.
        fresh = kept / f"{name}.new"
        shutil.copyfile(path / name, fresh)
        fresh.replace(kept / name)
    audit.record("rates.brought_in", "relief rates", by=by, items=len(rates.items))
    return rates
