"""Conventions that hold for every model, read from dbt's manifest.

Each check returns the offenders by name, so that a failure says what to mend.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from plumbline.project.settings import Settings

Manifest = dict[str, Any]
Node = dict[str, Any]

CLOCKS = re.compile(r"\b(current_date|current_timestamp|localtimestamp|getdate|now\s*\(|today\s*\(|sysdate)\b", re.I)
HAND_WRITTEN_CONDITION = re.compile(
    r"\bstage_category\s*(=|<>|!=|\bin\b|\bnot in\b)|\bis_(won|closed)\s*(=|\bis\b)", re.I
)
FLOATING = re.compile(r"\b(double|float|real|float8|float4)\b", re.I)
# `date` and sized decimals by our own macro are the same word everywhere; these are not.
TYPE_WORD = re.compile(
    r"\bas\s+(timestamp\w*|datetime|varchar|char|text|string|int\w*|bigint|smallint|hugeint|double|real|float\w*|numeric"
    r"|number|decimal|bool|boolean|json|variant)\s*(\(\s*\d[\d\s,]*\)\s*)?\)|::",
    re.I,
)
SETTING = re.compile(r"""\b(?:var|setting_text)\(['"](\w+)['"]""")
PERSONAL = re.compile(
    r"(^|_)(e_?mail(_address)?|phone(_number)?|first_name|last_name|full_name|person_name|transcript|sentence)$"
)


def models(manifest: Manifest, layer: str | None = None) -> list[Node]:
    """Models of the project, optionally of one layer (`staging`, `intermediate`, `marts`, `utilities`)."""
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    return [n for n in nodes if layer is None or n["original_file_path"].startswith(f"models/{layer}/")]


def sql_of(node: Node) -> str:
    """The model's own SQL without comments."""
    text: str = node["raw_code"]
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    return re.sub(r"--[^\n]*", "", text)


def test_there_are_models_in_every_layer(manifest: Manifest) -> None:
    for layer in ("staging", "intermediate", "marts", "utilities"):
        assert models(manifest, layer), layer


def test_every_model_is_described_and_states_its_grain(manifest: Manifest) -> None:
    offenders = [
        n["name"]
        for n in models(manifest)
        if not re.search(r"Grain: one row\b.*\.\s*$", n["description"].strip(), re.S)
        or n["config"]["meta"].get("grain") is None
    ]
    assert not offenders


def test_every_mart_column_is_described_and_typed(manifest: Manifest) -> None:
    offenders = [
        f"{n['name']}.{c['name']}"
        for n in models(manifest, "marts")
        for c in n["columns"].values()
        if len(c["description"].strip()) < 8 or not c["data_type"]
    ]
    assert not offenders


def test_every_column_that_is_declared_is_described(manifest: Manifest) -> None:
    offenders = [
        f"{n['name']}.{c['name']}"
        for n in [*models(manifest), *manifest["sources"].values()]
        for c in n["columns"].values()
        if not c["description"].strip()
    ]
    assert not offenders


def test_every_column_of_a_staging_model_is_declared(manifest: Manifest) -> None:
    for node in models(manifest, "staging"):
        assert node["columns"], node["name"]


def test_marts_have_contract_access_and_an_owner(manifest: Manifest) -> None:
    groups = {g["name"]: g for g in manifest["groups"].values()}
    offenders = [
        n["name"]
        for n in models(manifest, "marts")
        if not n["contract"]["enforced"] or n["access"] != "public" or n["group"] not in groups
    ]
    assert not offenders
    assert all(g["owner"].get("name") for g in groups.values())


def test_nothing_but_marts_is_public(manifest: Manifest) -> None:
    offenders = [
        n["name"] for n in models(manifest) if n["access"] == "public" and "/marts/" not in n["original_file_path"]
    ]
    assert not offenders


def test_the_grain_of_every_mart_is_enforced(manifest: Manifest) -> None:
    """By a primary-key constraint, which DuckDB really creates, on exactly the columns of `meta.grain`.

    Where a column of the grain may be NULL no key can be made, and on the largest tables its index costs more than
    the load: a uniqueness test, or a data test named after the grain, stands in.
    """
    tested = {
        parent
        for n in manifest["nodes"].values()
        if n["resource_type"] == "test" and ("grain" in n["name"] or n["name"].startswith("unique_"))
        for parent in n["depends_on"]["nodes"]
    }
    offenders = []
    for node in models(manifest, "marts"):
        grain = set(node["config"]["meta"].get("grain", []))
        keys = [set(c["columns"]) for c in node["constraints"] if c["type"] == "primary_key"]
        keys += [
            {c["name"]} for c in node["columns"].values() if any(k["type"] == "primary_key" for k in c["constraints"])
        ]
        if grain not in keys and node["unique_id"] not in tested:
            offenders.append((node["name"], sorted(grain), [sorted(k) for k in keys]))
    assert not offenders


def test_raw_tables_are_read_in_staging_only(manifest: Manifest) -> None:
    offenders = [
        n["name"]
        for n in models(manifest)
        if any(d.startswith("source.") for d in n["depends_on"]["nodes"])
        and not n["original_file_path"].startswith("models/staging/")
    ]
    assert not offenders


def test_layers_depend_downwards_only(manifest: Manifest) -> None:
    order = {"staging": 0, "utilities": 1, "intermediate": 1, "marts": 2}
    layer = {n["unique_id"]: n["original_file_path"].split("/")[1] for n in models(manifest)}
    maps = {i for i in layer if re.search(r"\.(map|dim|fct)_", i)}
    offenders = [
        (n["name"], parent)
        for n in models(manifest)
        for parent in n["depends_on"]["nodes"]
        if parent in layer and order[layer[parent]] > order[layer[n["unique_id"]]] and parent not in maps
    ]
    assert not offenders


def test_no_model_reads_a_clock(manifest: Manifest) -> None:
    offenders = [n["name"] for n in models(manifest) if CLOCKS.search(sql_of(n))]
    offenders += [
        m["name"]
        for m in manifest["macros"].values()
        if m["package_name"] == "plumbline" and CLOCKS.search(m["macro_sql"])
    ]
    assert not offenders


@pytest.mark.parametrize(
    ("sql", "is_found"),
    [
        ("cast(members.sent_date as timestamp)", True),
        ("cast(a as VARCHAR(10)) as b", True),
        ("cast(a as decimal(18, 2))", True),
        ("a::date", True),
        ("cast(a as date)", False),
        ("cast(a as {{ dbt.type_timestamp() }})", False),
        ("count(*) as number, 'as text' as label", False),
    ],
)
def test_the_guard_against_type_words_sees_what_it_should(sql: str, is_found: bool) -> None:
    assert bool(TYPE_WORD.search(sql)) is is_found


def test_types_are_named_by_macros(manifest: Manifest) -> None:
    """`timestamp`, `text` and the like mean other things, or nothing, on other engines."""
    nodes = [n for n in manifest["nodes"].values() if n["resource_type"] in ("model", "test")]
    offenders = [(n["name"], found[0]) for n in nodes if (found := TYPE_WORD.search(sql_of(n)))]
    assert not offenders


def settings_read(manifest: Manifest, node: Node) -> set[str]:
    """The settings that a model reads, itself or through macros."""
    read, waiting, seen = set(SETTING.findall(node["raw_code"])), [*node["depends_on"]["macros"]], set()
    while waiting:
        name = waiting.pop()
        macro = manifest["macros"].get(name)
        if name in seen or macro is None or macro["package_name"] != "plumbline":
            continue
        seen.add(name)
        read |= set(SETTING.findall(macro["macro_sql"]))
        waiting += macro["depends_on"]["macros"]
    return read


def test_unit_tests_fix_the_settings_that_their_model_reads(manifest: Manifest) -> None:
    """Else a unit test fails, and blocks the publish, wherever somebody sets another time zone or week."""
    by_name = {n["name"]: n for n in models(manifest)}
    offenders = []
    for test in manifest["unit_tests"].values():
        fixed = set(((test["overrides"] or {}).get("vars")) or {})
        if missing := settings_read(manifest, by_name[test["model"]]) - fixed:
            offenders.append((test["name"], sorted(missing)))
    assert len(manifest["unit_tests"]) > 50
    assert not offenders


def test_every_setting_that_is_read_is_declared(manifest: Manifest) -> None:
    """An undeclared one would have no default here, and the command line would refuse who sets it."""
    macros = [m["macro_sql"] for m in manifest["macros"].values() if m["package_name"] == "plumbline"]
    nodes = [n["raw_code"] for n in manifest["nodes"].values() if n["resource_type"] in ("model", "test")]
    read = {name for text in [*macros, *nodes] for name in SETTING.findall(text)}
    assert read == set(Settings().dbt_variables())


def test_columns_named_as_a_term_are_described_by_it(manifest: Manifest) -> None:
    """What a term means is written once, in its definition; a description by hand would go stale."""
    terms = {
        d["name"]: d["block_contents"].strip()
        for d in manifest["docs"].values()
        if d["original_file_path"] == "models/utilities/definitions.md"
    }
    described = [
        (f"{n['name']}.{name}", c["description"].strip() == terms[name])
        for n in models(manifest, "marts")
        for name, c in n["columns"].items()
        if name in terms
    ]
    assert {"fct_opportunities.is_open", "dim_accounts.is_active_customer"} <= {name for name, _ in described}
    assert not [name for name, by_term in described if not by_term]


def test_no_mart_spells_a_condition_by_hand(manifest: Manifest) -> None:
    offenders = [n["name"] for n in models(manifest, "marts") if HAND_WRITTEN_CONDITION.search(sql_of(n))]
    assert not offenders


def test_marts_list_their_columns(manifest: Manifest) -> None:
    """`select x.*` hides what a mart promises; `select *` is for the import CTEs and the last line only."""
    offenders = [n["name"] for n in models(manifest, "marts") if re.search(r"\b\w+\.\*", sql_of(n))]
    assert not offenders


def test_marts_hold_no_floating_numbers(manifest: Manifest) -> None:
    offenders = [
        f"{n['name']}.{c['name']}"
        for n in models(manifest, "marts")
        for c in n["columns"].values()
        if FLOATING.search(c["data_type"] or "")
    ]
    assert not offenders


def test_marts_have_no_column_for_personal_data(manifest: Manifest) -> None:
    offenders = [
        f"{n['name']}.{c['name']}"
        for n in models(manifest, "marts")
        for c in n["columns"].values()
        if PERSONAL.search(c["name"]) and not c["name"].startswith(("is_", "has_"))
    ]
    assert not offenders


def test_mart_names_say_what_they_are(manifest: Manifest) -> None:
    names = [n["name"] for n in models(manifest, "marts")]
    assert not [name for name in names if not re.match(r"(dim|fct|bridge|map|agg|ops)_[a-z0-9_]+$", name)]


def test_models_stay_small() -> None:
    """A long model hides a second rule: split it, named by its verb. Most have about 80 lines."""
    offenders = [
        f"{path}: {lines}"
        for path in sorted(Path("models").rglob("*.sql"))
        if (lines := len(path.read_text().splitlines())) > 140
    ]
    assert not offenders
