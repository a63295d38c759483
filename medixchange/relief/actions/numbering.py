"""Numbers for people, without gaps within a series."""

from django.utils import timezone

from medixchange.relief.models import Numbering


def next_in(series: str) -> int:
    """The next number of a series. Call in a transaction: the series stays locked until its end,
    so a number is given out again when the transaction is rolled back."""
    Numbering.objects.get_or_create(series=series)
    row = Numbering.objects.select_for_update().get(series=series)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def next_reference(prefix: str) -> str:
    """A reference of this year, such as ``C-2026-00007``."""
    series = f"{prefix}-{timezone.now().year}"
    return f"{series}-{next_in(series):05}"
