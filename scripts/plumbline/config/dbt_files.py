"""The lines of dbt's own files that are made from plumbline.yml, since dbt reads no other file.

They stand between two marks. What stands outside them is left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from plumbline.project.errors import SettingsError
from plumbline.project.settings import ATTACHED_RAW, RAW_FILE_ENDINGS, RAW_VARIABLE, Settings
from plumbline.project.yaml_lines import read_document

PROJECT_FILE = "dbt_project.yml"
PROFILES_FILE = "profiles.yml"
BEGIN = "# >>> Made from plumbline.yml by `plumbline config apply`: change it there."
END = "# <<< End of what is made from plumbline.yml."


def project_text(root: Path, settings: Settings) -> str:
    """dbt_project.yml with the variables that the settings say."""
    dumped = yaml.safe_dump(
        settings.dbt_variables(), sort_keys=False, default_flow_style=None, allow_unicode=True, width=110
    )
    return _between_marks(root / PROJECT_FILE, dumped, "under 'vars:'")


def profiles_text(root: Path, settings: Settings) -> str:
    """profiles.yml with the attached raw data that the settings say. A folder's tables are views in memory."""
    place = f"env_var('{RAW_VARIABLE}', '') or {settings.raw_location!r}"
    endings = ", ".join(repr(ending) for ending in RAW_FILE_ENDINGS)
    path = f"{{% set raw = {place} %}}{{{{ raw if raw.endswith(({endings})) else ':memory:' }}}}"
    read_only = f"{{{{ ({place}).endswith(({endings})) }}}}"
    attached = [{"alias": ATTACHED_RAW, "path": path, "read_only": read_only}]
    block = yaml.safe_dump(attached, sort_keys=False, allow_unicode=True, width=float("inf"))
    return _between_marks(root / PROFILES_FILE, block, "in the list 'attach:' of the DuckDB outputs")


def differing_variables(root: Path, settings: Settings) -> list[str]:
    """The settings of which plain dbt would see another value than the command line, by name."""
    path = root / PROJECT_FILE
    content = read_document(path, with_lines=False).content if path.is_file() else None
    seen: Any = (content or {}).get("vars") or {}
    return [name for name, value in settings.dbt_variables().items() if name not in seen or seen[name] != value]


def _between_marks(path: Path, block: str, place: str) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: cannot be read: {error}", f"Make {path.name} a UTF-8 file.") from error
    stripped = [line.strip() for line in lines]
    if stripped.count(BEGIN) != 1 or stripped.count(END) != 1 or stripped.index(BEGIN) > stripped.index(END):
        raise SettingsError(
            f"{path.name}: the two lines between which settings are written are not there, once each and in order",
            f"Put these two lines {place}:\n{BEGIN}\n{END}",
        )
    begin, end = stripped.index(BEGIN), stripped.index(END)
    indent = lines[begin][: len(lines[begin]) - len(lines[begin].lstrip())]
    made = [indent + line if line else line for line in block.splitlines()]
    return "\n".join([*lines[: begin + 1], *made, *lines[end:]]) + "\n"
