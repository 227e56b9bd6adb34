"""From suites, history and the candidate's catalogue to expectations with bounds."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from plumbline.quality.gate import suites as kinds
from plumbline.quality.gate.catalogue import (
    CANDIDATE,
    PUBLISHED,
    RECONCILIATION,
    Catalogue,
    Instance,
    literal,
    parts_of,
    relation,
)
from plumbline.quality.gate.history import History
from plumbline.quality.gate.results import NO_HISTORY, CheckResult

ROW_COUNT = "expect_table_row_count_to_be_between"
NON_NULL = "expect_column_proportion_of_non_null_values_to_be_between"
MEAN = "expect_column_mean_to_be_between"
QUERY = "expect_query_value_to_be_between"


@dataclass(frozen=True)
class Item:
    """One expectation to evaluate, and the result that it starts from."""

    result: CheckResult
    schema: str
    table: str
    arguments: dict[str, Any] = field(default_factory=dict)
    detail_query: str | None = None

    @property
    def is_complement(self) -> bool:
        """Great Expectations counts what is not NULL; people ask for the share of NULL."""
        return self.result.expectation == NON_NULL

    def as_request(self) -> dict[str, Any]:
        """For the process that evaluates it."""
        low, high = self.result.minimum, self.result.maximum
        if self.is_complement:
            low, high = (None if high is None else 1 - high), None
        return {
            "check": self.result.check,
            "expectation": self.result.expectation,
            "severity": self.result.severity,
            "schema": self.schema,
            "table": self.table,
            "arguments": self.arguments,
            "minimum": low,
            "maximum": high,
            "detail_query": self.detail_query,
        }


@dataclass(frozen=True)
class Plan:
    """What is to be evaluated, and what is settled without."""

    items: list[Item]
    settled: list[CheckResult]


class Planner:
    """Makes the plan for one candidate."""

    def __init__(
        self, catalogue: Catalogue, history: History, now: datetime | None, configured: frozenset[Instance]
    ) -> None:
        """`now` is the run's moment; without one (the sample company) nothing is compared with the clock.

        `configured` are the instances that the settings name.
        """
        self._catalogue = catalogue
        self._history = history
        self._now = now
        self._configured = configured
        self._speaks_for_instances = False

    def plan(self, suites: list[kinds.Suite]) -> Plan:
        """All expectations of all suites."""
        items: list[Item] = []
        settled: list[CheckResult] = []
        self._speaks_for_instances = any(isinstance(check, kinds.Instances) for _, check in kinds.all_checks(suites))
        for suite, check in kinds.all_checks(suites):
            for made in self._of(suite, check):
                if isinstance(made, CheckResult):
                    settled.append(made)
                elif (made.schema, made.table) not in self._catalogue.candidate:
                    settled.append(replace(made.result, status="broken", note=self._no_table(made)))
                else:
                    items.append(made)
        return Plan(items, settled)

    def _of(self, suite: str, check: kinds.Check) -> Iterator[Item | CheckResult]:
        match check:
            case kinds.Volume():
                yield from self._volume(suite, check)
            case kinds.RawVolume():
                yield from self._raw_volume(suite, check)
            case kinds.NullShare():
                yield from self._null_share(suite, check)
            case kinds.Distribution():
                yield from self._distribution(suite, check)
            case kinds.Mean():
                yield self._mean(suite, check)
            case kinds.Metric():
                yield self._metric(suite, check)
            case kinds.Agreement():
                yield self._agreement(suite, check)
            case kinds.Reference():
                yield self._reference(suite, check)
            case kinds.Freshness():
                yield self._freshness(suite, check)
            case kinds.Lag():
                yield from self._lag(suite, check)
            case kinds.Instances():
                yield from self._instances(suite, check)
            case kinds.KeyChurn():
                yield self._key_churn(suite, check)
            case kinds.DeleteWave():
                yield self._delete_wave(suite, check)
            case _:
                raise NotImplementedError(type(check).__name__)

    def _volume(self, suite: str, check: kinds.Volume) -> Iterator[Item]:
        for table in check.tables:
            result = self._against_history(
                _result(suite, check, f"{check.name}.{table}", ROW_COUNT, table, unit="rows")
            )
            yield _item(_within(result, check.max_drop, check.max_growth, check.slack), table)

    def _raw_volume(self, suite: str, check: kinds.RawVolume) -> Iterator[Item]:
        present = {".".join(parts): parts for parts in self._catalogue.raw_tables}
        for part in sorted({*present, *self._history.parts_of(check.name)}):
            system, instance, table = present.get(part) or _raw_parts(part)
            if self._speaks_for_instances and (system, instance) not in self._catalogue.instances:
                continue  # The whole instance is gone, which is one finding and not one for each of its tables.
            result = self._against_history(
                _result(suite, check, f"{check.name}.{part}", QUERY, f"{system}.{table}", unit="rows")
            )
            query = (
                f"select coalesce(sum(row_count), 0) from {relation(RECONCILIATION)} where source_system = "
                f"{literal(system)} and source_instance = {literal(instance)} and source_table = {literal(table)}"
            )
            bounded = _within(result, check.max_drop, check.max_growth, check.slack)
            yield _item(bounded, RECONCILIATION, {"query": query})

    def _null_share(self, suite: str, check: kinds.NullShare) -> Iterator[Item | CheckResult]:
        for table in check.tables:
            columns = self._catalogue.candidate.get(parts_of(table))
            if columns is None:
                yield _item(_result(suite, check, f"{check.name}.{table}", NON_NULL, table), table)
                continue
            if parts_of(table) in self._catalogue.empty:
                # That it is empty is one finding, of its volume, and not one of each of its columns.
                result = _result(suite, check, f"{check.name}.{table}", NON_NULL, table)
                yield replace(result, note="the table has no rows")
                continue
            for column in (name for name, is_nullable in columns.items() if is_nullable):
                name = f"{check.name}.{table}.{column}"
                result = self._against_history(
                    replace(_result(suite, check, name, NON_NULL, table, unit="share"), column=column)
                )
                if result.usual is not None:
                    result = replace(result, maximum=min(1.0, result.usual + check.max_rise))
                yield _item(result, table, {"column": column})

    def _distribution(self, suite: str, check: kinds.Distribution) -> Iterator[Item]:
        column = f'"{check.column}"'
        listed = ", ".join(literal(value) for value in check.values)
        conditions = {value: f"{column} = {literal(value)}" for value in check.values}
        conditions["other"] = f"{column} is null or {column} not in ({listed})"
        for part, condition in conditions.items():
            result = self._against_history(
                replace(
                    _result(suite, check, f"{check.name}.{part}", QUERY, check.table, unit="share"),
                    column=check.column,
                )
            )
            query = _select(check.table, f"avg(case when {condition} then 1.0 else 0.0 end)", check.where)
            yield _item(_shifted(result, check.max_shift, 0.0, 1.0), check.table, {"query": query})

    def _mean(self, suite: str, check: kinds.Mean) -> Item:
        result = self._against_history(
            replace(_result(suite, check, check.name, MEAN, check.table), column=check.column)
        )
        return _item(_changed(result, check.max_change), check.table, {"column": check.column})

    def _metric(self, suite: str, check: kinds.Metric) -> Item:
        result = _result(suite, check, check.name, QUERY, check.table)
        if check.max_change is not None:
            result = _changed(self._against_history(result), check.max_change)
        elif check.max_shift is not None:
            result = _shifted(self._against_history(result), check.max_shift, None, None)
        lows = [bound for bound in (check.min, result.minimum) if bound is not None]
        highs = [bound for bound in (check.max, result.maximum) if bound is not None]
        bounded = replace(result, minimum=max(lows, default=None), maximum=min(highs, default=None))
        return _item(bounded, check.table, {"query": _select(check.table, check.value, check.where)})

    def _agreement(self, suite: str, check: kinds.Agreement) -> Item:
        left, right = (f"({_select(side.table, side.value, side.where)})" for side in (check.left, check.right))
        result = _result(suite, check, check.name, QUERY, check.left.table, unit="apart")
        bounded = replace(
            result, minimum=-check.tolerance, maximum=check.tolerance, note=f"compared with {check.right.table}"
        )
        query = f"select coalesce({left}, 0) - coalesce({right}, 0)"
        return _item(bounded, check.left.table, {"query": query})

    def _reference(self, suite: str, check: kinds.Reference) -> Item:
        result = _result(suite, check, check.name, QUERY, check.table, unit="rows without a match")
        bounded = replace(result, column=check.column, maximum=float(check.max_rows), note=f"leads to {check.to_table}")
        query = (
            f"select count(*) from {relation(check.table)} as referring "
            f'where referring."{check.column}" is not null and not exists '
            f"(select 1 from {relation(check.to_table)} as referred "
            f'where referred."{check.to_column}" = referring."{check.column}")'
        )
        return _item(bounded, check.table, {"query": query})

    def _freshness(self, suite: str, check: kinds.Freshness) -> Item | CheckResult:
        result = replace(_result(suite, check, check.name, QUERY, check.table, unit="hours"), column=check.column)
        if self._now is None:
            return replace(result, note="the sample company has no clock")
        now = f"timestamp '{self._now:%Y-%m-%d %H:%M:%S}'"
        newest = f'max("{check.column}")'
        if check.max_age_hours is not None:
            bounded = replace(result, maximum=check.max_age_hours, unit="hours old")
            query = _select(check.table, f"date_diff('second', {newest}, {now}) / 3600.0", check.where)
            return _item(bounded, check.table, {"query": query})
        bounded = replace(result, maximum=check.max_ahead_hours, unit="hours in the future")
        query = _select(check.table, f"greatest(date_diff('second', {now}, {newest}), 0) / 3600.0", check.where)
        ahead = f'"{check.column}" > {now} + to_seconds({int((check.max_ahead_hours or 0) * 3600)})'
        where = f"({check.where}) and {ahead}" if check.where else ahead
        return _item(bounded, check.table, {"query": query}, _detail(check.label, relation(check.table), where))

    def _lag(self, suite: str, check: kinds.Lag) -> Iterator[Item]:
        for model, system, instance, table in self._catalogue.loaded_tables:
            name = f"{system}.{table}"
            if name in check.slow_tables or (check.tables and name not in check.tables):
                continue
            of_instance = f"source_system = {literal(system)} and source_instance = {literal(instance)}"
            newest = "newest_loaded_at"
            if self._now is not None:
                # A load time from the future is a finding of its own, and must not age all other tables.
                newest = f"least({newest}, timestamp '{self._now:%Y-%m-%d %H:%M:%S}')"
            own = f"max({newest}) filter (where source_table = {literal(table)})"
            # A table that lost its load time has lost its rows: its volume says so.
            value = f"coalesce(date_diff('second', {own}, max({newest})), 0) / 3600.0"
            result = _result(suite, check, f"{check.name}.{system}.{instance}.{table}", QUERY, name, "hours behind")
            yield _item(self._usually_behind(result, check), model, {"query": _select(model, value, of_instance)})

    def _usually_behind(self, result: CheckResult, check: kinds.Lag) -> CheckResult:
        """Bounds by the longest lag of the days before: a table that rarely changes is always behind."""
        known = self._history.steady(result.check, check.learn_days)
        if not known:
            return replace(result, note=NO_HISTORY)
        bounded = replace(
            result,
            maximum=max(check.max_behind_hours, max(known) * (1 + check.max_growth)),
            usual=max(known),
            versions=len(known),
        )
        if len(known) >= check.learn_days:
            return bounded
        return replace(bounded, severity="warning", note=f"{check.learn_days} days are needed to judge")

    def _instances(self, suite: str, check: kinds.Instances) -> Iterator[Item | CheckResult]:
        wanted = (check.record, "source_system", "source_instance")
        tables = [
            table
            for table in check.tables
            if self._is_published(table, *wanted)
            and set(wanted) <= set(self._catalogue.candidate.get(parts_of(table), {}))
        ]
        for system, instance in self._catalogue.published_instances:
            result = replace(
                _result(suite, check, f"{check.name}.{system}.{instance}", QUERY, f"{system} ({instance})", "share"),
                minimum=check.min_share,
            )
            is_there = (system, instance) in self._catalogue.instances
            others = self._new_instances(system)
            if is_there:
                note = "of its published records are still there"
            elif others:
                note = f"there is no instance '{instance}' any more, and a new one: {', '.join(others)}"
            elif (system, instance) not in self._configured:
                yield replace(result, minimum=None, note="taken out of raw_instances")
                continue
            else:
                note = "none of its raw tables is there"
            where = f"source_system = {literal(system)} and source_instance = {literal(instance)}"
            before, now = (
                " union all ".join(
                    f'select "{check.record}" from {relation(table, database)} where {where}' for table in tables
                )
                or f'select null as "{check.record}" where false'
                for database in (PUBLISHED, CANDIDATE)
            )
            survived = f'case when "{check.record}" in ({now}) then 1.0 else 0.0 end'
            # An instance without any such records is there or not.
            query = f"select coalesce(avg({survived}), {float(is_there)}) from ({before}) as before"
            yield _item(replace(result, note=note), RECONCILIATION, {"query": query})

    def _new_instances(self, system: str) -> list[str]:
        before = self._catalogue.published_instances
        return [name for other, name in self._catalogue.instances if other == system and (other, name) not in before]

    def _key_churn(self, suite: str, check: kinds.KeyChurn) -> Item | CheckResult:
        result = replace(
            _result(suite, check, check.name, QUERY, check.table, unit="records with another key"), column=check.key
        )
        if not self._is_published(check.table, check.record, check.key):
            return replace(result, note=NO_HISTORY)
        joined = (
            f"{relation(check.table)} as record inner join {relation(check.table, PUBLISHED)} as before "
            f'on record."{check.record}" = before."{check.record}"'
        )
        moved = f'record."{check.key}" is distinct from before."{check.key}"'
        query = f"select count(*) from {joined} where {moved}"
        label = None if check.label is None else f'record."{check.label}"'
        return _item(self._of_published(result, check), check.table, {"query": query}, _detail(label, joined, moved))

    def _delete_wave(self, suite: str, check: kinds.DeleteWave) -> Item | CheckResult:
        result = replace(
            _result(suite, check, check.name, QUERY, check.table, unit="entities gone or deleted"), column=check.key
        )
        wanted = [check.key] if check.deleted is None else [check.key, check.deleted]
        if not self._is_published(check.table, *wanted):
            return replace(result, note=NO_HISTORY)
        lives = "" if check.deleted is None else f' and not coalesce("{check.deleted}", false)'
        query = (
            f'select count(*) from (select "{check.key}" from {relation(check.table, PUBLISHED)} where true{lives} '
            f'except select "{check.key}" from {relation(check.table)} where true{lives})'
        )
        return _item(self._of_published(result, check), check.table, {"query": query})

    def _of_published(self, result: CheckResult, check: kinds.KeyChurn | kinds.DeleteWave) -> CheckResult:
        rows = self._catalogue.published_rows.get(parts_of(check.table)[1], 0)
        note = f"{rows:,} rows are published"
        return replace(result, maximum=float(max(check.slack, int(check.max_share * rows))), versions=1, note=note)

    def _is_published(self, table: str, *columns: str) -> bool:
        return set(columns) <= set(self._catalogue.published.get(parts_of(table), {}))

    def _against_history(self, result: CheckResult) -> CheckResult:
        usual = self._history.usual(result.check)
        note = NO_HISTORY if usual is None else result.note
        return replace(result, usual=usual, versions=self._history.count(result.check), note=note)

    def _no_table(self, item: Item) -> str:
        names = [table for schema, table in self._catalogue.candidate if schema == item.schema]
        close = difflib.get_close_matches(item.table, names, n=1)
        return f"there is no table {item.table}" + (f"; did you mean {close[0]}?" if close else "")


def _result(suite: str, check: kinds.Check, name: str, expectation: str, table: str, unit: str = "") -> CheckResult:
    return CheckResult(
        check=name,
        suite=suite,
        expectation=expectation,
        table=table,
        severity=check.severity,
        status="passed",
        kind=str(getattr(check, "expect", "")),
        unit=unit,
        mending=check.mending,
    )


def _item(
    result: CheckResult, table: str, arguments: dict[str, Any] | None = None, detail_query: str | None = None
) -> Item:
    schema, name = parts_of(table)
    return Item(result, schema, name, arguments or {}, detail_query)


def _within(result: CheckResult, max_drop: float, max_growth: float, slack: int) -> CheckResult:
    usual = result.usual
    if usual is None:
        return result
    low = max(0.0, min(usual * (1 - max_drop), usual - slack))
    # Where nothing was, anything may come: a system that was just connected.
    high = None if usual == 0 else max(usual * (1 + max_growth), usual + slack)
    return replace(result, minimum=float(int(low)), maximum=None if high is None else float(int(high)))


def _changed(result: CheckResult, max_change: float) -> CheckResult:
    if not result.usual:
        return result
    width = abs(result.usual) * max_change
    return replace(result, minimum=result.usual - width, maximum=result.usual + width)


def _shifted(result: CheckResult, max_shift: float, low: float | None, high: float | None) -> CheckResult:
    if result.usual is None:
        return result
    minimum, maximum = result.usual - max_shift, result.usual + max_shift
    return replace(
        result,
        minimum=minimum if low is None else max(low, minimum),
        maximum=maximum if high is None else min(high, maximum),
    )


def _detail(label: str | None, relation: str, where: str) -> str | None:
    if label is None:
        return None
    return f"select {label}, count(*) from {relation} where {where} group by 1 order by 2 desc, 1 limit 5"


def _select(table: str, value: str, where: str | None) -> str:
    return f"select {value} from {relation(table)}" + (f" where {where}" if where else "")


def _raw_parts(part: str) -> tuple[str, str, str]:
    system, instance, table = part.split(".", 2)
    return system, instance, table
