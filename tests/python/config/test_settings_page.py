"""The page of settings names every setting that a user may write."""

from __future__ import annotations

from pathlib import Path

from plumbline.config.settings_page import settings_page
from plumbline.config.values import values_in_force
from plumbline.project.settings import ModelVariables, Settings


def test_every_setting_is_described_with_its_default(tmp_path: Path) -> None:
    page = settings_page()
    for value in values_in_force(tmp_path, Settings()):
        row = next(line for line in page.splitlines() if line.startswith(f"| `{value.name.rpartition('.')[2]}` |"))
        _, _, kind, default, meaning, _ = (cell.strip() for cell in row.replace("\\|", "").split("|"))
        assert kind and default and len(meaning) > 10, row


def test_types_and_limits_are_said() -> None:
    page = settings_page()
    assert "| `fiscal_year_start_month` | whole number from 1 to 12 | `1` |" in page
    assert "| `week_start` | `monday` or `tuesday` or " in page
    assert "### Entries of `models.raw_instances`" in page


def test_no_setting_of_the_models_lacks_a_description() -> None:
    assert [name for name, field in ModelVariables.model_fields.items() if not field.description] == []
