"""`plumbline doctor` as a person or a program calls it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from click.testing import Result
from typer import Typer
from typer.testing import CliRunner

from nightly.toolkit import FakeBuild, make_project, run
from plumbline.cli.doctor import doctor
from plumbline.cli.options import OPTIONS
from plumbline.quality.diagnosis import Diagnosis


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Path]:
    OPTIONS.project = make_project(tmp_path / "project")
    yield OPTIONS.project
    OPTIONS.project = None


def call(*arguments: str) -> Result:
    app = Typer()
    app.command()(doctor)
    return CliRunner().invoke(app, list(arguments))


def words(shown: Result) -> str:
    """What was shown, whatever the width it was wrapped to."""
    return " ".join(shown.stdout.split())


def files(project: Path) -> dict[str, tuple[str, int]]:
    """Every path with its content and the time of its last change; a folder changes with the names in it."""
    return {
        str(path): (hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "", path.stat().st_mtime_ns)
        for path in [project, *sorted(project.rglob("*"))]
    }


def test_it_never_writes(project: Path) -> None:
    before = files(project)
    assert call().exit_code == 0 and files(project) == before
    run(project, FakeBuild())
    before = files(project)
    assert call("--json").exit_code == 0 and files(project) == before
    (project / "data" / "raw.duckdb").unlink()
    (project / "data").rmdir()
    before = files(project)
    assert call().exit_code == 0 and files(project) == before


def test_a_person_reads_what_is_there_and_a_verdict(project: Path) -> None:
    with duckdb.connect(str(project / "data" / "raw.duckdb")) as connection:
        connection.execute("alter table salesforce.account add column Industry__c varchar")
    text = words(call())
    assert "salesforce (main) in 'salesforce'" in text and "gong (main) in 'gong': not connected" in text
    assert "raw_column_names: {salesforce: {account: {industry: Industry__c}}}" in text
    assert text.endswith("Ready: the night would build from these raw tables.")


def test_it_ends_as_the_night_would(project: Path) -> None:
    with duckdb.connect(str(project / "data" / "raw.duckdb")) as connection:
        connection.execute("delete from salesforce.account")
    shown = call()
    assert shown.exit_code == 5 and "the required table is empty" in words(shown)
    settings = project / "plumbline.yml"
    settings.write_text(settings.read_text().replace("gong: [", "gnog: ["))
    assert call().exit_code == 3


def test_programs_get_one_object_whose_shape_is_declared(project: Path) -> None:
    shown = Diagnosis.model_validate_json(call("--json").stdout)
    assert [item.system for item in shown.instances] == ["salesforce", "gong"]
    only = Diagnosis.model_validate_json(call("--json", "--system", "gong").stdout)
    assert [item.system for item in only.instances] == ["gong"]
    assert call("--system", "gnog").exit_code == 2


def test_the_shape_of_the_object_stays() -> None:
    """Whoever reads the JSON relies on it: add fields freely; for any other change raise `diagnosis_version`."""
    schema = Diagnosis.model_json_schema()
    assert schema["properties"]["diagnosis_version"]["default"] == 1
    shapes = {name: sorted(shape["properties"]) for name, shape in schema["$defs"].items()}
    shapes["Diagnosis"] = sorted(schema["properties"])
    known = json.loads((Path(__file__).parent / "diagnosis_v1.json").read_text())
    assert {name: [field for field in shapes[name] if field in fields] for name, fields in known.items()} == known
