"""A dbt that dies says nothing: what an older run left in the same folder is not taken for its word."""

import json
import shutil
from pathlib import Path

import pytest

from plumbline.nightly.builder import require_success
from plumbline.project.dbt_runner import run_dbt
from plumbline.project.errors import BuildError


@pytest.mark.parametrize("ending", ["false", "true"])
def test_results_of_an_older_run_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """Also where the process claims that all went well."""
    dies = shutil.which(ending)
    assert dies is not None
    monkeypatch.setattr("plumbline.project.dbt_runner.sys.executable", dies)
    target = tmp_path / "target"
    target.mkdir()
    result = {"unique_id": "model.plumbline.deals", "status": "success", "message": "OK", "execution_time": 1}
    (target / "run_results.json").write_text(json.dumps({"results": [result]}), encoding="utf-8")
    (target / "manifest.json").write_text("{}", encoding="utf-8")
    outcome = run_dbt(tmp_path, ["build"], target="dev", target_path=target)
    assert (outcome.return_code == 0, outcome.nodes) == (ending == "true", [])
    assert not (target / "manifest.json").exists()
    with pytest.raises(BuildError, match="dbt did not build the project"):
        require_success(outcome, tmp_path, tmp_path / "marts.duckdb")
