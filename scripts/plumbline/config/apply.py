"""`plumbline config apply`: write what is made from the settings, or say what is stale."""

from __future__ import annotations

from pathlib import Path

from plumbline.config.dbt_files import PROFILES_FILE, PROJECT_FILE, profiles_text, project_text
from plumbline.config.settings_page import PAGE, settings_page
from plumbline.project.settings import Settings


def files_of(root: Path, settings: Settings) -> dict[str, str]:
    """Every file that is made from the settings, wholly or in part: path below the project, and its text."""
    return {
        PROJECT_FILE: project_text(root, settings),
        PROFILES_FILE: profiles_text(root, settings),
        PAGE: settings_page(),
    }


def stale_files(root: Path, settings: Settings) -> list[str]:
    """The files that `apply` would write."""
    return [name for name, text in files_of(root, settings).items() if _text(root / name) != text]


def apply(root: Path, settings: Settings) -> list[str]:
    """Write every stale file; their names are returned."""
    wanted = files_of(root, settings)
    stale = stale_files(root, settings)
    for name in stale:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[name], encoding="utf-8")
    return stale


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
