"""Files of one JSON object a line that are only ever appended to: the form of everything in `state/`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from plumbline.project.durable import sync_folder


def append_line(path: Path, content: dict[str, Any]) -> None:
    """Write one line and have it on the disk before returning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    line = json.dumps(content, ensure_ascii=False)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        # A killed writer may have left half a line: start on a line of our own.
        broken = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        data = (("\n" if broken else "") + line + "\n").encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        sync_folder(path.parent)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All lines, oldest first. A line that a killed writer left broken is passed over."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return []
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        try:
            content = json.loads(line)
        except ValueError:
            continue
        if isinstance(content, dict):
            found.append(content)
    return found
