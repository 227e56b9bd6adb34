"""Models of custom columns are made from the setting, and only from it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nightly.toolkit import make_project, run
from plumbline.config.apply import apply, stale_files
from plumbline.config.dbt_files import BEGIN, END
from plumbline.project.errors import RawDataError, SettingsError
from plumbline.project.settings import Settings, load_settings

TIER = "{column: Health_Tier__c, name: health_tier, type: string, description: How healthy it is.}"
MARGIN = "{column: Margin__c, name: margin, type: 'decimal(18,4)', description: Expected margin.}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = make_project(tmp_path / "project")
    (root / "profiles.yml").write_text(f"{BEGIN}\n{END}\n")
    apply(root, load_settings(root))
    return root


def set_columns(project: Path, text: str) -> Settings:
    kept = (project / "plumbline.yml").read_text().partition("  custom_columns:")[0]
    (project / "plumbline.yml").write_text(f"{kept}  custom_columns: {{salesforce: {text}}}\n")
    return load_settings(project)


def refused(project: Path, text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        apply(project, set_columns(project, text))
    return str(caught.value)


def test_nothing_is_made_without_the_setting(project: Path) -> None:
    assert list(project.rglob("*custom_fields*")) == []


def test_each_table_has_a_staging_model_and_each_entity_a_mart(project: Path) -> None:
    settings = set_columns(project, f"{{contact: [{TIER}], lead: [{TIER}, {MARGIN}]}}")
    apply(project, settings)
    made = {path.relative_to(project / "models").as_posix() for path in project.rglob("*custom_fields*")}
    assert made == {
        "staging/salesforce/stg_salesforce__contact_custom_fields.sql",
        "staging/salesforce/stg_salesforce__lead_custom_fields.sql",
        "staging/salesforce/_salesforce__custom_fields.yml",
        "marts/accounts/dim_person_custom_fields.sql",
        "marts/accounts/_custom_fields__models.yml",
    }
    (mart,) = yaml.safe_load((project / "models/marts/accounts/_custom_fields__models.yml").read_text())["models"]
    assert mart["config"] == {"group": "accounts", "meta": {"grain": ["person_key"]}}
    assert [(column["name"], column["data_type"]) for column in mart["columns"]] == [
        ("person_key", "bigint"),
        ("health_tier", "string"),
        ("margin", "decimal(18,4)"),
    ]
    sql = (project / "models/marts/accounts/dim_person_custom_fields.sql").read_text()
    assert "coalesce(contact_fields.health_tier, lead_fields.health_tier) as health_tier,\n" in sql
    staged = (project / "models/staging/salesforce/stg_salesforce__lead_custom_fields.sql").read_text()
    assert "{{ try_decimal('Margin__c', 18, 4) }} as margin,\n" in staged


def test_what_the_setting_no_longer_asks_for_is_removed(project: Path) -> None:
    apply(project, set_columns(project, f"{{account: [{TIER}], opportunity: [{MARGIN}]}}"))
    settings = set_columns(project, f"{{opportunity: [{MARGIN}]}}")
    assert "models/marts/accounts/dim_account_custom_fields.sql" in stale_files(project, settings)
    apply(project, settings)
    assert stale_files(project, settings) == []
    assert not list(project.rglob("*account_custom_fields*"))
    assert (project / "models/marts/pipeline/dim_opportunity_custom_fields.sql").exists()


def test_a_night_does_not_start_on_models_of_another_setting(project: Path) -> None:
    set_columns(project, f"{{account: [{TIER}]}}")
    with pytest.raises(SettingsError, match=r"account_custom_fields\.sql is not what 'models\.custom_columns'"):
        run(project)


def test_a_custom_column_that_is_not_in_the_raw_table_is_named_with_the_nearest(project: Path) -> None:
    column = TIER.replace("Health_Tier__c", "StagName")
    settings = set_columns(project, f"{{opportunity: [{column}], contact: [{TIER}]}}")
    apply(project, settings)
    with pytest.raises(RawDataError, match="the custom column 'StagName' is not in the raw table") as caught:
        run(project)
    assert "Did you mean 'StageName'?" in caught.value.mending


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (f"account: [{TIER.replace('Health_Tier__c', 'INDUSTRY')}]", "which the models read already as 'industry'"),
        (f"account: [{TIER.replace('Health_Tier__c', 'Second_Email__c')}]", "names personal data"),
        (f"contact: [{TIER.replace('health_tier', 'mobile_number')}]", "names personal data"),
        (f"lead: [{TIER.replace('Health_Tier__c', 'Name')}]", "names personal data"),
        (f"account: [{TIER.replace('health_tier', 'account_key')}]", "is a name that the models use themselves"),
        (f"account: [{TIER.replace('string', 'text')}]", "custom_columns.salesforce.account.0.type' is wrong"),
        (f"opportunity: [{MARGIN.replace('18,4', '18,20')}]", "a decimal has up to 38 digits"),
        (f"account: [{TIER}, {TIER.replace('Health_Tier__c', 'Other__c')}]", "a name stands twice in one table"),
        (f"account: [{TIER}, {TIER.replace('health_tier', 'tier')}]", "a column stands twice in one table"),
        (f"contact: [{TIER}], lead: [{TIER.replace('string', 'date')}]", "'health_tier' has two types"),
        (f"acount: [{TIER}]", "acount"),
        (f"account: [{TIER.replace('column:', 'colum:')}]", "Did you mean 'column'? Valid here: column, description"),
        (f"account: [{TIER.replace('Health_Tier__c', 'x; drop')}]", "custom_columns.salesforce.account.0.column"),
    ],
)
def test_a_wrong_custom_column_is_refused(project: Path, columns: str, message: str) -> None:
    text = refused(project, f"{{{columns}}}")
    assert message in text and "plumbline.yml" in text
