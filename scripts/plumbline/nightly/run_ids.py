"""Run ids: a UTC time and a short hash, always greater than those before, even when the clock jumps back."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

_FORMAT = "%Y%m%dT%H%M%SZ"
_PATTERN = re.compile(r"^(\d{8}T\d{6}Z)-[0-9a-f]{6}$")


def is_run_id(text: str) -> bool:
    """Whether the text has the form of a run id, such as 20260131T020000Z-1f2e3d."""
    return _PATTERN.match(text) is not None


def new_run_id(now: datetime, earlier: Iterable[str] = ()) -> str:
    """The id of a run that starts now, greater than every earlier id."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    times = [match.group(1) for text in earlier if (match := _PATTERN.match(text))]
    if times:
        latest = datetime.strptime(max(times), _FORMAT).replace(tzinfo=UTC)
        moment = max(moment, latest + timedelta(seconds=1))
    stamp = moment.strftime(_FORMAT)
    seed = f"{stamp} {socket.gethostname()} {os.getpid()} {now.isoformat()}"
    return f"{stamp}-{hashlib.sha256(seed.encode()).hexdigest()[:6]}"
