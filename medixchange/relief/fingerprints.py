"""What a document says, as one number: the same key with other content shows, and so does a
document that somebody altered behind the database's back."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime


def of_rows(
    *,
    kind: str,
    happened_at: datetime,
    rows: Iterable[tuple[int, int, int, int]],
    consignment_id: int | None,
    reverses_id: int | None,
    note: str,
) -> str:
    """SHA-256, in hex, of a document's content.

    Args:
        kind: a ``DocumentKind``.
        rows: of each movement the keys of lot, place it left and place it came to, as ``(lot,
            quantity, from, to)``; their order does not matter.
    """
    body = [
        str(kind),
        happened_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        consignment_id,
        reverses_id,
        note.strip(),
        sorted(rows),
    ]
    return hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).hexdigest()
