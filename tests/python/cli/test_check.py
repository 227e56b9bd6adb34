"""`plumbline check` as a person or a program calls it."""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from plumbline.cli import check as command
from plumbline.quality.checks.catalogue import CHECKS
from plumbline.quality.checks.page import conventions_page
from quality.checks.planted import model, project


@pytest.fixture(autouse=True)
def _planted(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = project(model("dim_things", "select now() as today"))
    monkeypatch.setattr(command, "_project", lambda: planted)


def call(*arguments: str) -> Result:
    app = Typer()
    app.command()(command.check)
    return CliRunner().invoke(app, list(arguments))


def test_a_violation_is_named_and_ends_with_1() -> None:
    shown = call("PB101", "pb303")
    assert shown.exit_code == 1
    assert shown.stdout == "PB101  dim_things: reads the clock: now(\n2 checks, 1 violations.\n"
    assert call("PB303").exit_code == 0


def test_programs_get_one_object() -> None:
    shown = json.loads(call("PB101", "PB502", "--json").stdout)
    assert shown == {
        "outcome_version": 1,
        "checked": ["PB101"],
        "skipped": ["PB502"],
        "violations": [{"code": "PB101", "where": "dim_things", "what": "reads the clock: now("}],
    }


def test_checks_are_listed_and_explained() -> None:
    assert [line.split("  ")[0] for line in call("--list").stdout.splitlines()] == [check.code for check in CHECKS]
    shown = call("--explain", "pb101").stdout
    assert "PB101: no clock in models" in shown and "breaks it: `where close_date < current_date`" in shown
    assert call("--page").stdout == conventions_page()


def test_an_unknown_code_is_a_wrong_call() -> None:
    assert call("PB999").exit_code == 2
