"""The end of a night in a few lines: what was built, what was found, where to look."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from plumbline.nightly.findings import CONFLICTS, OPPORTUNITIES, RECONCILIATION, Findings
from plumbline.nightly.pages import INDEX
from plumbline.nightly.run import Report
from plumbline.nightly.status import Status
from plumbline.nightly.versions import LINK, MANIFEST, POINTER
from plumbline.project.paths import DATABASE_NAME
from plumbline.quality.gate.gate import Verdict
from plumbline.quality.gate.page import PAGE

_MOST = 6
MATCH_OVERRIDES = "seeds/overrides/match_overrides.csv"
STAGE_MAP = "seeds/overrides/stage_map.csv"
_UNWRAPPED = 160


def night_summary(report: Report) -> Group:
    """The summary of a night that published."""
    manifest = report.published.manifest
    built = _section()
    built.add_row("version", f"{report.run_id}, data as of {manifest.as_of_date or 'unknown'}")
    models, tests = report.outcome.count("model"), _tests(report)
    built.add_row("dbt", f"{models} models, {report.outcome.count('seed')} seeds")
    built.add_row("took", f"{report.seconds:.0f} s")
    built.add_row("marts", f"{len(manifest.marts)} tables, {manifest.row_count:,} rows")
    largest = sorted(manifest.marts.items(), key=lambda item: -item[1].rows)[:_MOST]
    built.add_row("", ", ".join(f"{name} {table.rows:,}" for name, table in largest))
    if report.replaced:
        built.add_row("since the last", _cut(report.changes) or f"nothing changed since {report.replaced}")

    found = _section()
    found.add_row("tests", tests)
    for node in report.outcome.warned_tests:
        found.add_row("warning", f"{node.name} ({node.failures:,})" + (f": {node.says}" if node.says else ""))
    _add_checks(found, report.verdict)
    _add_findings(found, report.findings)
    if report.dispute is not None:
        found.add_row("in dispute", report.dispute)
    if report.preflight.not_connected:
        found.add_row("not connected", ", ".join(report.preflight.not_connected))
    for note in report.notes:
        found.add_row("note", note)

    look = _section()
    root, paths = report.paths.root, report.paths
    place = paths.published / LINK if report.published.notice is None else report.published.folder
    look.add_row("marts", f"{_shown(place / DATABASE_NAME, root)} (open it read-only), also parquet/")
    look.add_row("checks", _shown(place / PAGE, root))
    if report.dispute is not None:
        look.add_row("definitions", f"{_shown(place / INDEX, root)}: what each word means, and where teams part")
    look.add_row("manifest", _shown(place / MANIFEST, root))
    if report.published.notice is not None:
        look.add_row("current", _shown(paths.published / POINTER, root))
    if report.findings.left_out:
        look.add_row("rows left out", f"{RECONCILIATION}, by source table and reason")
    if report.findings.conflicts:
        look.add_row("conflicts", f"{CONFLICTS}; decide in {MATCH_OVERRIDES}")
    if report.findings.unmapped_stages:
        look.add_row("stages", f"{OPPORTUNITIES} where stage_category = 'unmapped'; map them in {STAGE_MAP}")
    if report.outcome.warned_tests:
        compiled, work_file = report.outcome.target_path / "compiled", paths.work_file
        look.add_row(
            "warnings", f"their SQL, by name, in {_shown(compiled, root)}; run it on {_shown(work_file, root)}"
        )
    look.add_row("raw data", _shown(report.raw.path, root) + _origin(report))
    look.add_row("dbt's log", _shown(report.outcome.target_path / "dbt.log", root))
    look.add_row("history", f"plumbline status; to go back: plumbline rollback{_target_option(paths.target)}")
    heading = Text(f"Published {report.run_id}", style="bold green")
    titled = (_title("Built"), built, _title("Found"), found, _title("Where to look"), look)
    return Group(Text(""), heading, *titled)


def status_summary(status: Status) -> Group:
    """The status of a target, for a person."""
    table = _section()
    table.add_row("target", status.target)
    if status.current is None:
        table.add_row("current", f"nothing is published in {status.published}")
    else:
        age = "" if status.data_age_days is None else f", {status.data_age_days} days before today"
        table.add_row("current", f"{status.current.run_id}, published {status.published_ago}")
        table.add_row("data as of", f"{status.current.as_of_date or 'unknown'}{age}")
        table.add_row("marts", f"{len(status.current.marts)} tables, {status.current.row_count:,} rows")
        table.add_row("in", status.published)
    table.add_row("kept versions", ", ".join(status.versions) or "none")
    for entry in status.accepted:
        table.add_row("accepted", f"{entry.sentence} ({entry.extent})")
    table.add_row("running", str(status.holder) if status.holder else "nothing")
    runs = _section()
    for run in status.last_runs:
        reason = str(run.get("reason") or "").splitlines()
        runs.add_row(str(run["at"]), f"{run['event']} {run['run_id']}" + (f": {reason[0]}" if reason else ""))
    if not status.last_runs:
        runs.add_row("", "none yet")
    return Group(_title("Status"), table, _title("Last runs"), runs)


def show(group: Group) -> None:
    """Write a summary to standard output; as wide as the terminal, or unwrapped into a file or pipe."""
    terminal = Console(highlight=False)
    console = terminal if terminal.is_terminal else Console(highlight=False, width=_UNWRAPPED)
    console.print(group)


def _tests(report: Report) -> str:
    nodes = [node for node in report.outcome.nodes if node.is_test]
    passed = sum(1 for node in nodes if node.status == "pass")
    warned, failed = len(report.outcome.warned_tests), len(report.outcome.failed_tests)
    return f"{passed} passed, {failed} failed, {warned} warned"


def _add_checks(found: Table, verdict: Verdict) -> None:
    found.add_row("checks", verdict.in_words if verdict.results else "none: this project has no suites")
    warnings = [result for result in verdict.shown if not result.is_accepted]
    for result in warnings[:_MOST]:
        found.add_row("", f"warning: {result.sentence}")
    if len(warnings) > _MOST:
        found.add_row("", f"and {len(warnings) - _MOST} more warnings: see {PAGE}")
    by_name = {result.check: result for result in verdict.shown}
    for entry in verdict.accepted:
        seen = by_name.get(entry.check)
        tonight = "not found tonight" if seen is None else f"tonight {seen.sentence}"
        found.add_row("accepted", f"{entry.sentence} ({entry.extent}; {tonight})")


def _add_findings(found: Table, findings: Findings) -> None:
    if findings.outcomes:
        shown = ("kept", "superseded", "excluded", "rejected")
        found.add_row("raw rows", ", ".join(f"{findings.rows(outcome):,} {outcome}" for outcome in shown))
    for outcome in ("rejected", "excluded"):
        reasons = [item for item in findings.left_out if item.outcome == outcome]
        if reasons:
            listed = _cut(f"{item.source_system} {item.reason} {item.rows:,}" for item in reasons)
            found.add_row(f"{outcome} rows", f"{findings.rows(outcome):,}: {listed}")
    if findings.conflicts is not None:
        found.add_row("conflicts", f"{findings.conflicts:,} account records that evidence pulls both ways")
    if findings.unmapped_stages is not None:
        noun = "opportunity" if findings.unmapped_stages == 1 else "opportunities"
        found.add_row("unmapped stages", f"{findings.unmapped_stages:,} {noun}")


def _origin(report: Report) -> str:
    if report.raw.was_made:
        return " (the sample company, made now)"
    return "" if report.raw.is_configured else " (the default file; set 'raw' in plumbline.yml for your own)"


def _target_option(target: str) -> str:
    return "" if target == "prod" else f" --target {target}"


def _section() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True, min_width=15, style="cyan")
    table.add_column(overflow="fold")
    return table


def _title(text: str) -> Text:
    return Text(text, style="bold")


def _cut(texts: Iterable[str]) -> str:
    listed = list(texts)
    more = f"; and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return "; ".join(listed[:_MOST]) + more


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
