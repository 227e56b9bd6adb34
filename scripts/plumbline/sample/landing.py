"""What loaders and integrations do to rows: rows landed twice, old versions beside new ones, short ids."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from plumbline.sample.settings import HOUR, NEWEST_LOAD
from plumbline.sample.shapes import RAW
from plumbline.sample.world import Block

_SHORT_IDS: dict[str, dict[str, float]] = {
    # table: column: share of values that come in the 15-character form
    "salesforce.account": {"id": 0.02, "parent_id": 0.1, "master_record_id": 0.1},
    "salesforce.contact": {"id": 0.02, "account_id": 0.03, "master_record_id": 0.1},
    "salesforce.lead": {
        "id": 0.02,
        "converted_contact_id": 0.05,
        "converted_account_id": 0.05,
        "master_record_id": 0.1,
    },
    "salesforce.opportunity": {"id": 0.02, "account_id": 0.03, "owner_id": 0.03},
    "salesforce.opportunity_history": {"opportunity_id": 0.03},
    "salesforce.opportunity_field_history": {"opportunity_id": 0.03},
    "salesforce.task": {"who_id": 0.05, "what_id": 0.05, "owner_id": 0.02},
    "salesforce.event": {"who_id": 0.05, "what_id": 0.05},
    "salesforce.event_relation": {"relation_id": 0.05},
    "salesforce.campaign_member": {"lead_id": 0.04, "contact_id": 0.04, "campaign_id": 0.04},
    "marketo.lead": {"sfdc_account_id": 0.15, "sfdc_contact_id": 0.15, "sfdc_lead_id": 0.15},
    "gong.call": {"calendar_event_id": 0.25},
    "gong.call_participant_integration": {"object_id": 0.25},
    "gong.call_context_integration": {"object_id": 0.25},
}
_OLD_VERSIONS: dict[str, dict[str, Any]] = {
    # table: what an older version of a row said
    "salesforce.account": {"rating": "Cold"},
    "salesforce.contact": {"title": "Trainee"},
    "salesforce.lead": {"status": "New"},
    "salesforce.opportunity": {"next_step": "Old note", "amount": 1.0},
    "salesforce.task": {"status": "In Progress", "is_closed": False},
    "salesforce.campaign_member": {"status": "Sent", "has_responded": False},
    "marketo.lead": {"lead_score": 0},
}
_TWICE = 0.004
_OLD = 0.015


def land(block: Block, tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables as they lie in the raw database; what was landed more than once goes to the truth."""
    landed = {}
    for name, table in tables.items():
        if name not in RAW or name.startswith("marketo.activity_type"):
            landed[name] = table
            continue
        key = next((column for column in ("id", "_fivetran_id") if column in table.column_names), None)
        parts = [table]
        if key is not None and table.num_rows:
            parts += _landed_twice(block, name, table, key)
            if name in _OLD_VERSIONS:
                parts += _older(block, name, table, key)
        landed[name] = _shorten(block, name, pa.concat_tables(parts))
    return landed


def _pick(block: Block, count: int, share: float) -> npt.NDArray[np.int64]:
    return np.nonzero(block.g.random(count) < share)[0].astype(np.int64)


def _note(block: Block, name: str, ids: Any, kind: str) -> None:
    system, table = name.split(".")
    block.out.add_columns(
        "main.truth_duplicates",
        {
            "source_record_id": np.array([str(value) for value in ids.to_pylist()], dtype=object),
            "source_system": system,
            "source_table": table,
            "kind": kind,
        },
    )


def _landed_twice(block: Block, name: str, table: pa.Table, key: str) -> list[pa.Table]:
    """Some rows once more as they are, some once more with a later load time."""
    same, again = _pick(block, table.num_rows, _TWICE), _pick(block, table.num_rows, _TWICE)
    parts = []
    if len(same):
        parts.append(table.take(pa.array(same)))
        _note(block, name, parts[-1][key], "exact")
    if len(again):
        copy = table.take(pa.array(again))
        loaded = np.minimum(_seconds(copy, "_fivetran_synced") + 9 * HOUR, NEWEST_LOAD)
        parts.append(replace_column(copy, "_fivetran_synced", _timestamps(loaded)))
        _note(block, name, copy[key], "reloaded")
    return parts


def _older(block: Block, name: str, table: pa.Table, key: str) -> list[pa.Table]:
    """Older versions of some rows: half of them loaded before the current one, half replayed after it."""
    created_column, changed_columns = "created_date", ["last_modified_date", "system_modstamp"]
    if name == "marketo.lead":
        created_column, changed_columns = "created_at", ["updated_at"]
    created, changed = _seconds(table, created_column), _seconds(table, changed_columns[-1])
    picked = _pick(block, table.num_rows, _OLD)
    picked = picked[(changed - created)[picked] > 4 * HOUR]
    if not len(picked):
        return []
    copy = table.take(pa.array(picked))
    before = (created + (changed - created) // 2)[picked]
    for column in changed_columns:
        copy = replace_column(copy, column, _timestamps(before))
    for column, value in _OLD_VERSIONS[name].items():
        copy = replace_column(copy, column, pa.repeat(pa.scalar(value, copy.schema.field(column).type), len(picked)))
    loaded = _seconds(copy, "_fivetran_synced")
    replayed = block.g.random(len(picked)) < 0.5
    loaded = np.where(replayed, np.minimum(loaded + 20 * HOUR, NEWEST_LOAD), np.minimum(before + HOUR, loaded))
    _note(block, name, copy[key], "older_version")
    return [replace_column(copy, "_fivetran_synced", _timestamps(loaded))]


def _shorten(block: Block, name: str, table: pa.Table) -> pa.Table:
    for column, share in _SHORT_IDS.get(name, {}).items():
        values = table[column]
        mask = pa.array(block.g.random(table.num_rows) < share)
        table = replace_column(table, column, pc.if_else(mask, pc.utf8_slice_codeunits(values, 0, 15), values))
    if name in ("salesforce.opportunity_field_history", "salesforce.account_history"):
        short = pc.and_(pc.equal(table["data_type"], "EntityId"), pa.array(block.g.random(table.num_rows) < 0.1))
        for column in ("old_value", "new_value"):
            table = replace_column(
                table, column, pc.if_else(short, pc.utf8_slice_codeunits(table[column], 0, 15), table[column])
            )
    return table


def _seconds(table: pa.Table, column: str) -> npt.NDArray[np.int64]:
    values = table[column].cast(pa.int64()).combine_chunks()
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=np.int64)


def _timestamps(seconds: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array(seconds, pa.int64()).cast(pa.timestamp("s"))


def replace_column(table: pa.Table, column: str, values: Any) -> pa.Table:
    """The table with other values in a column."""
    return table.set_column(table.column_names.index(column), column, values)
