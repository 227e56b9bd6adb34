"""`plumbline config apply`: write what is made from the settings, or say what is stale."""

from __future__ import annotations

from pathlib import Path

from plumbline.config.custom_columns import custom_files, left_over
from plumbline.config.dbt_files import PROFILES_FILE, PROJECT_FILE, profiles_text, project_text
from plumbline.config.settings_page import PAGE, settings_page
from plumbline.project.errors import SettingsError
from plumbline.project.settings import SETTINGS_FILE, Settings


def files_of(root: Path, settings: Settings) -> dict[str, str]:
    """Every file that is made from the settings, wholly or in part: path below the project, and its text."""
    return {
        PROJECT_FILE: project_text(root, settings),
        PROFILES_FILE: profiles_text(root, settings),
        PAGE: settings_page(),
        **custom_files(root, settings.models),
    }


def require_custom_models(root: Path, settings: Settings) -> None:
    """Refuse to build when the models of custom columns are not those that the settings ask for."""
    wanted = custom_files(root, settings.models)
    stale = [name for name, text in wanted.items() if _text(root / name) != text] + left_over(root, wanted)
    if stale:
        raise SettingsError(
            f"{stale[0]} is not what 'models.custom_columns' in {SETTINGS_FILE} says",
            "Run `plumbline config apply`, and commit what it writes.",
        )


def stale_files(root: Path, settings: Settings) -> list[str]:
    """The files that `apply` would write or remove."""
    wanted = files_of(root, settings)
    return [name for name, text in wanted.items() if _text(root / name) != text] + left_over(root, wanted)


def apply(root: Path, settings: Settings) -> list[str]:
    """Write every stale file and remove what is left over; their names are returned."""
    wanted = files_of(root, settings)
    stale = stale_files(root, settings)
    for name in stale:
        path = root / name
        if name not in wanted:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[name], encoding="utf-8")
    return stale


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
