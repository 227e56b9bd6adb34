"""What `plumbline doctor` found, for a person: a line per raw table, and below what to know and do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from plumbline.quality.diagnosis import Diagnosis, InstanceState, TableState

_MOST = 12
_STYLES = {"ready": "green", "empty": "yellow", "absent": "dim", "refused": "bold red"}


def doctor_report(seen: Diagnosis) -> Group:
    """The whole report, the verdict last."""
    parts: list[RenderableType] = [Text(f"Raw data: {seen.raw or 'none yet'}", style="bold")]
    compared = f"changes since {seen.compared_with}" if seen.compared_with else "no night has published yet"
    parts.append(Text(f"Looked at {seen.looked_at}; {compared}."))
    for instance in seen.instances:
        parts += _instance(instance)
    parts += [Text(""), Text(seen.verdict, style="bold red" if seen.exit_code else "bold green")]
    if seen.problem is not None:
        parts += [Text(seen.problem.what), Text(seen.problem.mending, style="yellow")]
    return Group(*parts)


def _instance(instance: InstanceState) -> Iterator[RenderableType]:
    yield Text("")
    if instance.status != "connected":
        why = "in another database, not looked at" if instance.status == "elsewhere" else "not connected"
        yield Text(f"{instance.system} ({instance.instance}) in '{instance.location}': {why}", style="bold")
        return
    facts = [
        f"landed by {instance.loader}" if instance.loader else "the loader is not known",
        f"newest load {instance.newest_load_at or 'unknown'}",
        f"history from {min(instance.history_from.values())}" if instance.history_from else "no history",
    ]
    yield Text(f"{instance.system} ({instance.instance}) in '{instance.location}': {', '.join(facts)}", style="bold")
    yield _tables(instance.tables)
    details = _details(instance)
    if details.row_count:
        yield details


def _tables(tables: list[TableState]) -> Table:
    shown = Table(box=None, pad_edge=False)
    shown.add_column("table", no_wrap=True, style="cyan")
    shown.add_column("state", no_wrap=True)
    shown.add_column("landed as", overflow="fold")
    for heading in ("rows", "newest load", "mapped", "missing", "unknown", "changes"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("history from", no_wrap=True)
    for table in tables:
        if table.landed_as is None:
            shown.add_row(table.table, Text(table.status, style=_STYLES[table.status]))
            continue
        shown.add_row(
            table.table,
            Text(table.status, style=_STYLES[table.status]),
            table.landed_as if table.landed_as != table.table else "",
            f"{table.rows:,}",
            _age(table.newest_load_age_hours),
            *(str(len(items) or "") for items in (table.columns_mapped, table.missing, table.unknown, table.changes)),
            table.history_from or "",
        )
    return shown


def _details(instance: InstanceState) -> Table:
    details = Table(box=None, show_header=False, pad_edge=False)
    details.add_column(no_wrap=True, style="cyan")
    details.add_column(no_wrap=True)
    details.add_column(overflow="fold")
    for table in instance.tables:
        name = table.table
        for label, texts in _notes(table):
            details.add_row(name, label, texts)
            name = ""
    for unread in instance.unread_tables:
        guess = f"; did you mean '{unread.did_you_mean}'? Then rename it" if unread.did_you_mean else ""
        details.add_row(unread.landed_as, "not read", f"{unread.rows:,} rows{guess}")
        if unread.changes:
            details.add_row("", "changed", _cut(unread.changes))
    for name in instance.gone_tables:
        details.add_row(name, "gone", "the last night still had this table")
    return details


def _notes(table: TableState) -> Iterator[tuple[str, str]]:
    required = [column.name for column in table.missing if column.is_required]
    optional = [column.name for column in table.missing if not column.is_required]
    if required:
        yield "missing, required", _cut(required)
    if optional:
        yield "missing, become NULL", _cut(optional)
    if table.unknown:
        yield "unknown", _cut(table.unknown)
    if table.changes:
        yield "changed", _cut(table.changes)
    for text in table.what_to_do:
        yield "to do", text


def _age(hours: int | None) -> str:
    if hours is None:
        return "unknown"
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"


def _cut(texts: Iterable[str]) -> str:
    listed = list(texts)
    more = f" and {len(listed) - _MOST} more (--json lists all)" if len(listed) > _MOST else ""
    return ", ".join(listed[:_MOST]) + more
