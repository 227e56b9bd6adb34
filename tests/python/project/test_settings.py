"""Settings are refused by name, with line and nearest valid name."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.project.errors import SettingsError
from plumbline.project.paths import TargetPaths, find_project
from plumbline.project.settings import Settings, load_settings, raw_place

ROOT = Path(__file__).resolve().parents[3]


def settings(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "plumbline.yml").write_text(text)
    return load_settings(tmp_path)


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(tmp_path, text)
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_the_projects_own_files_are_valid_and_say_the_defaults() -> None:
    assert load_settings(ROOT) == Settings()


def test_without_a_file_or_with_an_empty_one_the_defaults_apply(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert settings(tmp_path, "# nothing\n") == Settings()
    assert settings(tmp_path, "raw: ''\n").raw is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("raw: a\npublsh: {}", "plumbline.yml line 2: unknown setting 'publsh'\nDid you mean 'publish'?"),
        (
            "publish:\n  keep: 3\n  foldr: {}",
            "plumbline.yml line 3: unknown setting 'publish.foldr'\nDid you mean 'folder'? Valid",
        ),
        (
            "sample:\n  scale: big",
            "plumbline.yml line 2: setting 'sample.scale' is wrong: input should be a valid",
        ),
        (
            "publish: {keep: 1}",
            "line 1: setting 'publish.keep' is wrong: input should be greater",
        ),
        (
            "target: production",
            "setting 'target' is wrong: input should be 'dev' or 'prod' (it is 'production')",
        ),
        ("raw: a\nraw: b", "plumbline.yml line 2: 'raw' is set twice (first on line 1)"),
        ("raw: [a", ": not valid YAML"),
        ("- raw", "plumbline.yml: holds list where settings by name are expected"),
        ("publish: {folder: {dev: published/dev}}", "prod and dev must publish to folders of their own"),
        ("publish: {folder: {dev: ./published/}}", "prod and dev must publish to folders of their own"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused(tmp_path, text)


def test_several_wrong_settings_are_named_together(tmp_path: Path) -> None:
    text = refused(tmp_path, "nope: 1\nsample: {seed: -1}")
    assert "line 1: unknown setting 'nope'" in text and "line 2: setting 'sample.seed' is wrong" in text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fiscal_year_start_month: 13", "line 2: setting 'models.fiscal_year_start_month' is wrong"),
        ("as_of_date: 2026-02-30", "setting 'models.as_of_date' is wrong: must be a day like 2026-01-31"),
        ("business_time_zone: Mars/Olympus", "setting 'models.business_time_zone' is wrong: must be a time zone"),
        (
            "corporate_currency: euro",
            "setting 'models.corporate_currency' is wrong: must be three capital letters, such as EUR, or empty",
        ),
        ("raw_instance: {}", "line 2: unknown setting 'models.raw_instance'\nDid you mean 'raw_instances'?"),
        ("week_start: Monday", "setting 'models.week_start' is wrong: input should be 'monday'"),
        ("finding_ceilings: {history_gap: 1}", "unknown setting 'models.finding_ceilings.history_gap'\nDid you mean"),
        ("finding_ceilings: {history_gaps: 20}", "setting 'models.finding_ceilings.history_gaps' is wrong"),
        ('raw_instances: {gong: [{name: "it\'s", schema: b}]}', "setting 'models.raw_instances.gong.0.name' is wrong"),
        (
            "raw_instances: {gong: [{name: a, schema: b}, {name: a, schema: c}]}",
            "setting 'models.raw_instances' is wrong: two instances of gong have one name",
        ),
        (
            "raw_instances: {gong: [{name: a, schema: b}, {name: c, schema: B}]}",
            "setting 'models.raw_instances' is wrong: two instances of gong have one schema",
        ),
        (
            "raw_instances: {gong: [{nam: a, schema: b}]}",
            "Did you mean 'name'? Valid here: database, name, schema.",
        ),
    ],
)
def test_a_wrong_variable_of_the_models_is_named(tmp_path: Path, text: str, message: str) -> None:
    assert message in refused(tmp_path, f"models:\n  {text}\n")


@pytest.mark.parametrize("day", ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
def test_a_week_may_begin_on_any_day(tmp_path: Path, day: str) -> None:
    assert settings(tmp_path, f"models:\n  week_start: {day}\n").models.week_start == day


def test_a_day_needs_no_quotes(tmp_path: Path) -> None:
    assert settings(tmp_path, "models:\n  as_of_date: 2026-01-31\n").models.as_of_date == "2026-01-31"


def test_a_secret_is_refused_and_never_quoted(tmp_path: Path) -> None:
    text = refused(tmp_path, "raw_password: hunter2")
    assert "unknown setting 'raw_password'" in text and "Secrets never stand in files" in text
    text += refused(tmp_path, "raw: postgres://someone:hunter2@example.com/raw")
    assert "setting 'raw' is wrong: must be a path, not an address" in text
    assert "hunter2" not in text


def test_raw_tables_are_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "'raw' and an empty 'models.raw_database' contradict" in refused(
        tmp_path, "raw: a.duckdb\nmodels: {raw_database: ''}"
    )
    for name in ("''", "marts"):
        own = settings(tmp_path, f"models: {{raw_database: {name}}}")
        assert own.dbt_variables()["raw_location"] == ""
        assert raw_place(tmp_path, own) == (tmp_path / "build/dev/marts.duckdb", True)
    monkeypatch.setenv("PLUMBLINE_RAW", "elsewhere.duckdb")
    with pytest.raises(SettingsError, match=r"PLUMBLINE_RAW is set, but plumbline\.yml says"):
        raw_place(tmp_path, own)


def test_the_environment_names_the_raw_file_before_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLUMBLINE_RAW", raising=False)
    assert raw_place(tmp_path, Settings()) == (tmp_path / "data/raw.duckdb", False)
    assert raw_place(tmp_path, Settings(raw=Path("mine.duckdb"))) == (tmp_path / "mine.duckdb", True)
    monkeypatch.setenv("PLUMBLINE_RAW", "/elsewhere/raw.duckdb")
    assert raw_place(tmp_path, Settings(raw=Path("mine.duckdb"))) == (Path("/elsewhere/raw.duckdb"), True)


def test_targets_share_no_path() -> None:
    prod, dev = (TargetPaths.of(ROOT, Settings(), target) for target in ("prod", "dev"))
    for name in ("work_file", "parse_cache", "runs", "state", "lock", "journal", "published", "versions"):
        first, second = getattr(prod, name), getattr(dev, name)
        assert first != second and first not in second.parents and second not in first.parents, name


def test_the_project_is_found_from_below_and_missed_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "project" / "models").mkdir(parents=True)
    (tmp_path / "project" / "dbt_project.yml").touch()
    monkeypatch.chdir(tmp_path / "project" / "models")
    assert find_project() == tmp_path / "project"
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match="is not inside a Plumbline project"):
        find_project()
    with pytest.raises(SettingsError, match=r"--project .*: there is no dbt_project\.yml"):
        find_project(tmp_path)
