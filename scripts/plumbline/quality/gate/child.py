"""Evaluate a plan with Great Expectations, in a process of its own: the import alone takes seconds.

`python -m plumbline.quality.gate.child` reads a request as JSON from standard input and writes answers as JSON
to standard output. Answers are built from an allow-list (whether it holds, one number, the first line of an
error without the values that it quotes), so that no value of a row leaves this process.
"""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from types import ModuleType
from typing import Any

from plumbline.project.redact import redacted
from plumbline.quality.gate.dialect import URL, FetchingDialect
from plumbline.quality.gate.plan import MEAN, NON_NULL, QUERY, ROW_COUNT

os.environ["GX_ANALYTICS_ENABLED"] = "false"
# What a module makes stays: to look through it while it is made is a fifth of the import.
GARBAGE_EVERY = 50_000
# What Great Expectations imports for expectations that no suite of ours has: a third of the import.
UNUSED = ("scipy", "scipy.stats", "altair")


@contextmanager
def absent(names: tuple[str, ...]) -> Iterator[None]:
    """Whoever imports one of these modules gets an empty one, unless it is there already."""
    empty = {name: ModuleType(name) for name in names if name not in sys.modules}
    sys.modules.update(empty)
    try:
        yield
    finally:
        for name in empty:
            del sys.modules[name]


with absent(UNUSED):
    gc.set_threshold(GARBAGE_EVERY, *gc.get_threshold()[1:])
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.expectations.core import (
        ExpectColumnMeanToBeBetween,
        ExpectColumnProportionOfNonNullValuesToBeBetween,
        ExpectTableRowCountToBeBetween,
    )
    from great_expectations.expectations.expectation import QueryExpectation

_UNBOUNDED = 1e300
_CODE = re.compile(r"[a-z][a-z0-9_]{0,62}")


class ExpectQueryValueToBeBetween(QueryExpectation):  # type: ignore[misc]
    """The one number that a query gives lies between two bounds; no value at all lies nowhere."""

    query: str
    min_value: float | None = None
    max_value: float | None = None
    metric_dependencies = ("query.table",)
    success_keys = ("query", "min_value", "max_value")
    domain_keys = ("batch_id", "query")

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        (row,) = metrics["query.table"]
        (value,) = row.values()
        number = None if value is None else float(value)
        low = -_UNBOUNDED if self.min_value is None else self.min_value
        high = _UNBOUNDED if self.max_value is None else self.max_value
        return {
            "success": number is not None and low <= number <= high,
            "result": {"observed_value": number},
        }


EXPECTATIONS: dict[str, Any] = {
    ROW_COUNT: ExpectTableRowCountToBeBetween,
    NON_NULL: ExpectColumnProportionOfNonNullValuesToBeBetween,
    MEAN: ExpectColumnMeanToBeBetween,
    QUERY: ExpectQueryValueToBeBetween,
}


def evaluate(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Answers to all items of a request, table by table."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    by_table: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for item in request["items"]:
        by_table.setdefault((item["schema"], item["table"]), []).append(item)
    answers: list[dict[str, Any]] = []
    # A source reads from one schema: its connections have that in use.
    sources = {name: _source(context, request, name) for name in dict.fromkeys(schema for schema, _ in by_table)}
    for (schema, table), items in by_table.items():
        asset = sources[schema].add_table_asset(f"{schema}.{table}", table_name=table)
        batch = asset.add_batch_definition_whole_table("all").get_batch()
        # Handed over at once: adding one by one compares each with all before it.
        suite = gx.ExpectationSuite(name=asset.name, expectations=[_expectation(item) for item in items])
        answers += [_answer(result) for result in batch.validate(suite, result_format="BASIC").results]
    failing = {answer["check"] for answer in answers if not answer["success"] and answer["error"] is None}
    details = dict(_details(request, failing))
    return [{**answer, "detail": details.get(answer["check"])} for answer in answers]


def _source(context: Any, request: dict[str, Any], schema: str) -> Any:
    use = {"attach": request["attach"], "spill": request["spill"], "schema": schema}
    return context.data_sources.add_sql(
        schema, connection_string=URL, create_temp_table=False, kwargs={"connect_args": use}
    )


def _expectation(item: dict[str, Any]) -> Any:
    low, high = item["minimum"], item["maximum"]
    if low is None and high is None:
        # Nothing to compare with yet: look, so that the next run has a history.
        low = 0 if item["expectation"] in (ROW_COUNT, NON_NULL) else -_UNBOUNDED
    return EXPECTATIONS[item["expectation"]](
        min_value=low,
        max_value=high,
        meta={"check": item["check"]},
        severity="critical" if item["severity"] == "error" else "warning",
        **item["arguments"],
    )


def _answer(result: Any) -> dict[str, Any]:
    seen = result.result.get("observed_value")
    return {
        "check": result.expectation_config.meta["check"],
        "success": bool(result.success),
        "seen": None if seen is None else float(seen),
        "error": _error(result.exception_info),
    }


def _error(info: dict[str, Any]) -> str | None:
    """A check that raises comes back as one that failed; only `exception_info` tells."""
    nested = [info, *(value for value in info.values() if isinstance(value, dict))]
    if not any(each.get("raised_exception") for each in nested):
        return None
    messages = [str(each["exception_message"]) for each in nested if each.get("exception_message")]
    return first_line(messages[0] if messages else "no reason given")


def first_line(message: str) -> str:
    """What an error says, without the values that it quotes."""
    return redacted(message).strip().splitlines()[0][:300] if message.strip() else "no reason given"


def _details(request: dict[str, Any], failing: set[str]) -> Iterator[tuple[str, str]]:
    """For what failed: how much of it by which code. What does not look like a code stays hidden."""
    wanted = [item for item in request["items"] if item["check"] in failing and item["detail_query"]]
    if not wanted:
        return
    connection = FetchingDialect().connect(attach=request["attach"], spill=request["spill"])
    for item in wanted:
        rows = connection.execute(item["detail_query"]).fetchall()
        shown = [f"{label if _CODE.fullmatch(str(label)) else 'other'} {count:,}" for label, count in rows]
        yield item["check"], ", ".join(shown)
    connection.close()


def main() -> None:
    """Answer the request on standard input."""
    request = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):
        answers = evaluate(request)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
