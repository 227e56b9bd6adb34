"""Marts over what was staged of the sample company: the same from every loader, and of two instances side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from support.graph import Graph

from .raw import LOADERS, Staged
from .test_loaders import AS_LANDED, HISTORY_MODE, MARKETO

Marts = dict[str, Counter[tuple[Any, ...]]]

SALESFORCE, GONG = AS_LANDED["fivetran", "salesforce"].name, AS_LANDED["fivetran", "gong"].name
FIVETRAN = {"salesforce": SALESFORCE, "marketo": MARKETO.name, "gong": GONG}
OTHERS = {
    "airbyte": {"salesforce": AS_LANDED["airbyte", "salesforce"].name, "gong": AS_LANDED["airbyte", "gong"].name},
    "dlt": {"salesforce": AS_LANDED["dlt", "salesforce"].name, "gong": AS_LANDED["dlt", "gong"].name},
    "stitch": {"salesforce": AS_LANDED["stitch", "salesforce"].name},
    "history mode": {"salesforce": HISTORY_MODE.name},
}

# Another organisation whose records have the ids of the first, and nothing else that would tell that the two are one:
# its own addresses and domains. Its rates, the outcome of its stages, its names and its past differ, and some of its
# records are gone, so that what is read from the wrong instance shows.
OTHER_DOMAIN = r"regexp_replace({column}, '^((?:[A-Za-z]+://)?[^/:?#]+)', '\1x')"
OTHER_ORGANISATION = {
    "stg_salesforce__accounts": {
        "website": OTHER_DOMAIN,
        "account_name": "{column} || ' x'",
        "is_person_account": "false",
    },
    "stg_salesforce__account_field_changes": {
        "old_value": f"if(lower(field_name) = 'website', {OTHER_DOMAIN}, {{column}})"
    },
    "stg_salesforce__opportunity_field_changes": {"changed_at": "{column} + interval 1 hour"},
    "stg_salesforce__campaigns": {"campaign_name": "{column} || ' x'"},
    "stg_salesforce__products": {"product_name": "{column} || ' x'"},
    "stg_salesforce__currency_types": {"conversion_rate": "if(is_corporate, {column}, 2 * {column})"},
    "stg_salesforce__dated_conversion_rates": {"conversion_rate": "2 * {column}"},
    "stg_salesforce__opportunity_stages": {"is_won": "is_closed and not {column}"},
    **{
        table: {"email_address": "{column} || 'x'"}
        for table in (
            "stg_salesforce__contacts",
            "stg_salesforce__leads",
            "stg_salesforce__users",
            "stg_marketo__leads",
            "stg_gong__users",
            "stg_gong__call_participants",
        )
    },
}
# An id that other systems hold is there in both: one that only one has is that one's, whoever holds it.
COMPLETE = ("accounts", "contacts", "leads", "opportunities", "campaigns", "users", "tasks", "events")
COUNTS = ("row_counts", "repeated_keys", "rejected_values")
# Calendars and definitions are of no instance.
OF_NO_INSTANCE = {"dim_dates", "dim_periods", "dim_definitions", "fct_definition_verdicts"}
# Counts over all records: not the rows of one instance beside those of the other.
OVER_ALL_INSTANCES = {"agg_definition_divergence_monthly", "fct_metric_results", "fct_reported_metric_gaps"}


def rows_of(
    model: str, instances: Mapping[str, str], name: str = "main", changed: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """A query for the staged rows of a model of some instances, all under one name."""
    system = model.split("_")[1]
    values = {"source_instance": f"'{name}'"} | {
        column: value.format(column=column) for column, value in (changed or {}).get(model, {}).items()
    }
    replaced = ", ".join(f"{value} as {column}" for column, value in values.items())
    gone = "hash(landed) % 7 = 0" if changed and not model.endswith(COMPLETE + COUNTS) else "false"
    return (
        f"select * replace ({replaced}) from staged.staging.{model} as landed "
        f"where source_instance = '{instances.get(system, 'none')}' and not {gone}"
    )


def marts_of(graph: Graph, staged: Staged, *parts: Mapping[str, str]) -> Marts:
    """All marts over the union of what each part selects of each staging model."""
    rows = {model: " union all by name ".join(part[model] for part in parts) for model in parts[0]}
    with graph.built_over(staged.database(LOADERS), rows) as connection:
        return {
            model["name"]: Counter(connection.execute(f"from {model['relation_name']}").fetchall())
            for model in graph.models
            if model["schema"] == "main"
        }


def named(graph: Graph, marts: Marts, mart: str, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Rows of a mart by the names of their columns, without the columns whose names end so."""
    described = graph.connection.execute(f"describe marts.main.{mart}").fetchall()
    names = [name for name, *_ in described]
    return [
        {name: value for name, value in zip(names, row, strict=True) if not name.endswith(without or ("\n",))}
        for row in marts[mart].elements()
    ]


@pytest.fixture(scope="module")
def one(graph: Graph, staged: Staged) -> Marts:
    """Marts of the company as Fivetran lands it."""
    return marts_of(graph, staged, {model: rows_of(model, FIVETRAN) for model in graph.staging_models()})


@pytest.mark.parametrize("loader", OTHERS)
def test_marts_are_the_same_from_every_loader(graph: Graph, staged: Staged, one: Marts, loader: str) -> None:
    """But for `fct_source_reconciliation`, which counts the tables and rows that a loader lands: docs/loaders.md."""
    instances = FIVETRAN | OTHERS[loader]
    other = marts_of(graph, staged, {model: rows_of(model, instances) for model in graph.staging_models()})
    assert {mart for mart in one if one[mart] != other[mart]} <= {"fct_source_reconciliation"}
    assert all(one.values())


def test_nothing_of_one_instance_attaches_to_another_with_the_same_ids(
    graph: Graph, staged: Staged, one: Marts
) -> None:
    models = graph.staging_models()
    first = {model: rows_of(model, FIVETRAN) for model in models}
    second = {model: rows_of(model, FIVETRAN, "other", OTHER_ORGANISATION) for model in models}
    other, both = marts_of(graph, staged, second), marts_of(graph, staged, first, second)
    for mart in both.keys() - OVER_ALL_INSTANCES:
        assert both[mart] == (one[mart] if mart in OF_NO_INSTANCE else one[mart] + other[mart]), mart


def test_evidence_unites_what_two_instances_know_of_one_company(graph: Graph, staged: Staged, one: Marts) -> None:
    models = graph.staging_models()
    first = {model: rows_of(model, FIVETRAN) for model in models}
    copied = {model: rows_of(model, {"salesforce": SALESFORCE}, "copy") for model in models}
    both = marts_of(graph, staged, first, copied)
    # deals stay two, each with what it had
    for mart in ("fct_opportunities", "fct_opportunity_lines", "fct_opportunity_versions", "fct_pipeline_movements"):
        once, twice = (
            Counter(tuple(row.values()) for row in named(graph, marts, mart, without=("_key", "source_instance")))
            for marts in (one, both)
        )
        assert twice == once + once, mart
    # colleagues are one by address, accounts by a domain that is theirs alone in their instance, most people by address
    assert len(named(graph, both, "dim_users")) == len(named(graph, one, "dim_users"))
    living = [
        account for account in named(graph, one, "dim_accounts") if account["domain"] and not account["is_deleted"]
    ]
    holders = Counter(account["domain"] for account in living)
    clear = {account["account_key"] for account in living if holders[account["domain"]] == 1}
    of_clear = {
        record["source_record_id"] for record in named(graph, one, "map_accounts") if record["account_key"] in clear
    }
    assert len(clear) > 10
    assert united(named(graph, both, "map_accounts"), "account_key")[0] == of_clear
    people, strangers = united(named(graph, both, "map_people"), "person_key")
    assert len(people) > len(strangers) > 0


def united(records: list[dict[str, Any]], key: str) -> tuple[set[str], set[str]]:
    """Ids of CRM records whose copies in two instances are one, and of those whose copies are two."""
    keys: dict[str, set[int]] = {}
    for record in records:
        if record["source_system"] == "salesforce":
            keys.setdefault(record["source_record_id"], set()).add(record[key])
    return {name for name, found in keys.items() if len(found) == 1}, {
        name for name, found in keys.items() if len(found) == 2
    }
