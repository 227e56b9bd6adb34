"""The table of faults stays true: its proofs are there, and so are its settings."""

import re

from plumbline.project.settings import FindingCeilings, ModelVariables
from support.dbt import ROOT

PAGE = (ROOT / "docs" / "bad-data.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")][2:]


def test_every_row_names_a_test_that_is_there() -> None:
    assert len(ROWS) > 20
    for row in ROWS:
        path, _, name = row[-1].strip("` |").partition("::")
        text = (ROOT / "tests" / "python" / path).read_text(encoding="utf-8")
        assert f"def {name}(" in text, row[0]


def test_every_setting_is_one() -> None:
    known = {name for name, _ in FindingCeilings()} | set(ModelVariables.model_fields)
    for line in PAGE.splitlines():
        if line.startswith("| ") and "::" in line:
            named = set(re.findall(r"`(\w+)`", line.split(" | ")[3]))
            assert named <= known, line


def test_every_ceiling_of_a_fault_in_raw_records_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", PAGE))
    about_history = {"history_gaps", "negative_sales_cycles", "unmapped_source_types"}
    assert {name for name, _ in FindingCeilings()} - about_history <= told
