"""The public figures: they add up, by whatever they are told, and reversals and returns are out."""

from datetime import UTC, datetime

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
