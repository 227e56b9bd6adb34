"""Rows that came in broken: values that do not parse, and rows that lost their key on the way."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa

from plumbline.sample.ids import to_18
from plumbline.sample.landing import replace_column
from plumbline.sample.world import Block

_JUNK = (
    # table, column, why it is rejected, what stands there instead
    ("salesforce.lead", "annual_revenue", "not_a_number", ("EUR 12k", "about 3 million")),
    ("salesforce.opportunity_line_item", "service_date", "not_a_date", ("2025-02-30", "to be agreed")),
    ("marketo.lead", "number_of_employees", "not_a_number", ("51-200", "1k+")),
    ("gong.call", "scheduled", "not_a_timestamp", ("n/a",)),
)
_KEYLESS = (
    # table, key, what stands there instead
    ("salesforce.task", "id", None),
    ("salesforce.opportunity_contact_role", "id", " "),
    ("marketo.program_membership", "id", None),
    ("gong.call_speaker", "id", ""),
)
_PER_BLOCK = 2


def spoil(block: Block, landed: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The landed tables with a few broken rows; which ones goes to the truth."""
    spoilt = dict(landed)
    for name, column, reason, texts in _JUNK:
        if name in spoilt:
            spoilt[name] = _unparsable(block, name, spoilt[name], column, reason, texts)
    for name, key, blank in _KEYLESS:
        if name in spoilt:
            spoilt[name] = _keyless(block, name, spoilt[name], key, blank)
    return spoilt


def _unparsable(block: Block, name: str, table: pa.Table, column: str, reason: str, texts: tuple[str, ...]) -> pa.Table:
    """Junk in rows that were landed once, so that each record is rejected once."""
    ids = [_long(str(value)) for value in table["id"].to_pylist()]
    values = table[column].to_pylist()
    landed = Counter(ids)
    candidates = [place for place, value in enumerate(values) if value is not None and landed[ids[place]] == 1]
    count = min(block.some(_PER_BLOCK), len(candidates))
    for number, place in enumerate(block.g.choice(candidates, size=count, replace=False) if count else ()):
        values[place] = texts[number % len(texts)]
        _note(block, name, ids[place], column, reason)
    return replace_column(table, column, pa.array(values, table.schema.field(column).type))


def _keyless(block: Block, name: str, table: pa.Table, key: str, blank: str | None) -> pa.Table:
    """Some rows once more without their key."""
    places = block.g.choice(table.num_rows, size=min(block.some(_PER_BLOCK), table.num_rows), replace=False)
    rows = table.take(pa.array(np.sort(places)))
    for _ in places:
        _note(block, name, None, None, "no_key")
    lost = pa.repeat(pa.scalar(blank, table.schema.field(key).type), rows.num_rows)
    return pa.concat_tables([table, replace_column(rows, key, lost)])


def _long(record_id: str) -> str:
    return to_18(record_id) if len(record_id) == 15 and not record_id.isdigit() else record_id


def _note(block: Block, name: str, record_id: str | None, column: str | None, reason: str) -> None:
    system, table = name.split(".")
    block.out.add(
        "main.truth_rejected_values",
        source_system=system,
        source_table=table,
        source_record_id=record_id,
        column_name=column,
        reason=reason,
    )
