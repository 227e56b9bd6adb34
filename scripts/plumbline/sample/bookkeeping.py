"""Columns and calendars that many tables share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from plumbline.sample.settings import DAY, END, START, at
from plumbline.sample.world import User


def months() -> list[int]:
    """First days of the months from one before the start to the last (days since the epoch)."""
    first = datetime.fromtimestamp(START, tz=UTC)
    starts = []
    year, month = first.year, first.month - 1
    while at(year, month, 1) < END:
        starts.append(at(year, month, 1) // DAY)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return [*starts, at(year, month, 1) // DAY]


def stamps(user: User, created: int, changed: int | None = None) -> dict[str, Any]:
    """Salesforce's five bookkeeping columns."""
    last = created if changed is None else max(created, changed)
    return {
        "created_by_id": user.id,
        "created_date": created,
        "last_modified_by_id": user.id,
        "last_modified_date": last,
        "system_modstamp": last,
    }
