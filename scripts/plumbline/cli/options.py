"""The options that stand before the sub-command, for whoever needs them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass
class GlobalOptions:
    """What was asked for before the sub-command."""

    project: Path | None = None
    debug: bool = False


OPTIONS = GlobalOptions()
